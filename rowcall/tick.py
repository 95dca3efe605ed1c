"""What happens in one tick: read, plan, commit, all of it or nothing?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from rowcall.calendar import Calendar
from rowcall.errors import StateConflict, UsageError
from rowcall.language.ledger import DAYS, LEDGERS
from rowcall.memory import Memory, Plan
from rowcall.plan import TickInput, plan
from rowcall.plan.labels import next_of_rule
from rowcall.plan.needs import tables_named
from rowcall.reading import table_of_text
from rowcall.remember import remember
from rowcall.shop import RuleSet, RuleShelf, Shop, house_of, load_rules
from rowcall.snapshots import Seen, take_snapshot
from rowcall.store import Store
from rowcall.table import Snapshot, Table

_log = structlog.get_logger(__name__)

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the shop saw, before anything was planned."""

    tick: int
    memory: Memory
    snapshot: Snapshot
    before: Mapping[tuple[str, int], Table]


@dataclass(slots=True)
class Ticker:
    """Ticks for one shop; keeps the last good rules, so that a broken edit stops nothing.

    rules: as last understood. stored: tables by (name, number), typed once. seen: each tab as last read, so that
    one that has not changed is not typed again. kept: the memory as this ticker's last commit left it.
    calendars: those of the last look, the shop's own Holidays tables included.
    """

    shop: Shop
    store: Store
    rules: RuleSet = field(default_factory=lambda: RuleSet(()))
    stored: dict[tuple[str, int], Table] = field(default_factory=dict)
    seen: Seen = field(default_factory=dict)
    kept: Memory | None = None
    shelf: RuleShelf = field(default_factory=RuleShelf)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def look(self, now: datetime, workbooks: Collection[str] | None = None) -> Looked:
        """Read the memory first, then the workbooks: what Rowcall wrote in between is then known to be its own.

        workbooks: the names of those to read; the tables of the others are as last stored. None = all.
        """
        number = self.store.tick_number()
        memory = self._load()
        before = self._before(memory)
        last = {
            name: table for name, one in memory.tables.items() if (table := before.get((name, one.snapshot)))
        }
        shop = self.shop
        chosen = {
            name: book for name, book in shop.workbooks.items() if workbooks is None or name in workbooks
        }
        snapshot = take_snapshot(
            chosen,
            shop.config.tables.values(),
            now,
            language=shop.config.shop.language,
            zone=shop.config.shop.zone,
            stored=last,
            seen=self.seen,
        )
        return Looked(number, memory, snapshot, before)

    def plan(self, looked: Looked, now: datetime, *, as_if_new: bool = False) -> Plan:
        """Plan without committing anything: the brain of preview and tick alike."""
        return plan(self.given(looked, now, as_if_new=as_if_new))

    def given(self, looked: Looked, now: datetime, *, as_if_new: bool = False) -> TickInput:
        """Return all that a plan at that moment looks at; explain asks the same."""
        tables = {**_last_tables(looked), **looked.snapshot.tables}
        snapshot = replace(looked.snapshot, tables={**looked.snapshot.tables, **self._ledgers(now)})
        house = house_of(self.shop, self.rules, tables)
        self.calendars = house.calendars
        return TickInput(
            rules=self.rules.rules,
            snapshot=snapshot,
            memory=replace(Memory(), last_tick=looked.memory.last_tick) if as_if_new else looked.memory,
            now=now,
            house=house,
            before={} if as_if_new else looked.before,
            as_if_new=as_if_new,
        )

    def _ledgers(self, now: datetime) -> Mapping[str, Table]:
        """Return the tables that Rowcall keeps itself, as far as a rule names them."""
        zone = self.shop.config.shop.zone
        since = now - timedelta(days=DAYS)
        named = {name for rule in self.rules.rules for name in tables_named(rule)} & LEDGERS.keys()
        return {
            name: table_of_text(LEDGERS[name], self.store.ledger_texts(name, since, zone), zone)
            for name in sorted(named)
        }

    def reload(self, looked: Looked) -> RuleSet:
        """Read the rule files again; a rule with mistakes stays as it was last understood, if it ever was."""
        fresh = load_rules(self.shop, {**_last_tables(looked), **looked.snapshot.tables}, self.shelf)
        kept = [rule for rule in self.rules.rules if rule.id in fresh.broken]
        self.rules = replace(fresh, rules=tuple(sorted([*fresh.rules, *kept], key=lambda rule: rule.id)))
        return self.rules

    def tick(self, now: datetime, workbooks: Collection[str] | None = None, *, reload: bool = True) -> Plan:
        """Read, plan and commit; a state that moved on meanwhile is planned anew. Raises StateError, UsageError."""
        last = self.store.last_tick()
        if last is not None and now < last:
            raise UsageError(
                f"the last tick was at {last.astimezone(self.shop.config.shop.zone):%Y-%m-%d %H:%M:%S}; "
                "the shop's clock can't go back behind it"
            )
        for left in reversed(range(_TRIES)):
            looked = self.look(now, workbooks)
            if reload:
                self.reload(looked)
            outcome = self.plan(looked, now)
            try:
                self.store.commit(outcome, looked.tick)
            except StateConflict:
                if not left:
                    raise
                continue
            self._keep(looked, outcome)
            _log.info("tick", firings=len(outcome.firings), problems=len(outcome.problems))
            return outcome
        raise AssertionError  # the loop returns or raises

    def next_label(self, after: datetime) -> datetime | None:
        """Return when the schedule of any rule strikes next, as the rules and calendars were at the last look."""
        zone = self.shop.config.shop.zone
        found = (next_of_rule(rule, after, zone, self.calendars) for rule in self.rules.rules)
        return min((one for one in found if one is not None), default=None)

    def _load(self) -> Memory:
        """Return the memory; rules and episodes are read only if somebody else has committed since."""
        if self.kept is not None and self.kept.last_tick == self.store.last_tick():
            return self.store.load_news(self.kept)
        return self.store.load()

    def _keep(self, looked: Looked, outcome: Plan) -> None:
        self.kept = remember(looked.memory, outcome)
        self.stored |= {(name, number): table for name, (number, table) in outcome.snapshots.items()}

    def _before(self, memory: Memory) -> Mapping[tuple[str, int], Table]:
        """Return the stored tables that the memory refers to; what nobody refers to any more is let go."""
        wanted = {(name, one.snapshot) for name, one in memory.tables.items()}
        wanted |= {place for rule in memory.rules.values() for place in rule.place.items()}
        schemas = {**self.shop.config.tables, **LEDGERS}
        for name, number in wanted - self.stored.keys():
            text = self.store.snapshot(name, number) if name in schemas else None
            if text is not None:
                self.stored[name, number] = table_of_text(schemas[name], text, self.shop.config.shop.zone)
        self.stored = {place: table for place, table in self.stored.items() if place in wanted}
        return self.stored


def _last_tables(looked: Looked) -> dict[str, Table]:
    """Return every table as last stored, for the headers, people and settings of tabs that can't be read now."""
    return {
        name: table
        for name, one in looked.memory.tables.items()
        if (table := looked.before.get((name, one.snapshot))) is not None
    }
