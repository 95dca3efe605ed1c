"""What happens in a shop that exists in memory only, when its clock is moved on?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rowcall.language.rule import Rule
from rowcall.memory import Memory, Plan
from rowcall.plan import House, TickInput, plan
from rowcall.rehearsal.outbox import Done, VirtualOutbox
from rowcall.remember import remember
from rowcall.table import Snapshot, Table

Look = Callable[[datetime], Snapshot]
"""Reads the virtual tables as they stand at a moment."""
Furnish = Callable[[Mapping[str, Table]], House]
"""Gives what the config and the tables (people, settings) fix for a plan."""

MOST_ECHOES = 20
"""Rules that wake each other are held long before."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """One tick: what it looked at, what it planned, and what was delivered right after it."""

    given: TickInput
    plan: Plan
    done: tuple[Done, ...]


@dataclass(slots=True)
class VirtualShop:
    """Rules, tables, memory and outbox of a rehearsal; every tick is the real plan on virtual things.

    stored: tables by (name, number), as the state would hold them.
    """

    rules: tuple[Rule, ...]
    look: Look
    furnish: Furnish
    outbox: VirtualOutbox
    memory: Memory = field(default_factory=Memory)
    stored: dict[tuple[str, int], Table] = field(default_factory=dict)

    def tick(self, now: datetime) -> Ticked:
        """Read, plan, take over, deliver what is due."""
        given = self.given(now)
        outcome = plan(given)
        self.take(given, outcome)
        return Ticked(given, outcome, tuple(self.outbox.deliver_due(now)))

    def settle(self, now: datetime) -> list[Ticked]:
        """Tick, and look again as the service does a moment later, until nothing is in motion any more.

        The later looks see what the earlier ones wrote and sent, and that a row is really gone.
        """
        ticked = [self.tick(now)]
        while len(ticked) < MOST_ECHOES and (self.outbox.receipts or self._is_missing_rows()):
            ticked.append(self.tick(now))
        return ticked

    def given(self, now: datetime) -> TickInput:
        """Return what a tick at that moment looks at."""
        snapshot = self.look(now)
        memory = self.outbox.news(self.memory)
        return TickInput(
            self.rules, snapshot, memory, now, self.furnish(snapshot.tables), self._before(memory)
        )

    def take(self, given: TickInput, outcome: Plan) -> None:
        """Remember what a plan changes, as a commit does."""
        self.memory = remember(given.memory, outcome)
        self.stored |= {(name, number): table for name, (number, table) in outcome.snapshots.items()}
        self.outbox.commit(outcome)

    def _before(self, memory: Memory) -> Mapping[tuple[str, int], Table]:
        wanted = {(name, one.snapshot) for name, one in memory.tables.items()}
        wanted |= {place for rule in memory.rules.values() for place in rule.place.items()}
        self.stored = {place: table for place, table in self.stored.items() if place in wanted}
        return self.stored

    def _is_missing_rows(self) -> bool:
        return any(row.missing_reads == 1 for rows in self.memory.rows.values() for row in rows.values())
