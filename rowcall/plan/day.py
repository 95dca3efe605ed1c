"""What do the parts of one tick share, and which tables and numbers does it store?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rowcall.change import NO_CHANGE
from rowcall.memory import MemoryChange, RuleMemory, TableMemory
from rowcall.plan.figuring import Figuring
from rowcall.plan.inputs import TickInput
from rowcall.plan.labels import Struck
from rowcall.plan.rows import RowLife
from rowcall.scene import Surroundings, Turns
from rowcall.table import Table


@dataclass(frozen=True, slots=True)
class Day:
    """What the parts of one tick share.

    memories: the rules' memories with their latest own writes. stored: as the last tick left them.
    renames: what renamed rows change. struck: rule → what its schedule says, for scheduled rules.
    figuring: the figures of this tick. turns: whose turn it is; goes on while rules are planned.
    """

    given: TickInput
    around: Surroundings
    lives: Mapping[str, RowLife]
    positions: Mapping[str, Mapping[str, int]]
    memories: Mapping[str, RuleMemory]
    under_way: Mapping[str, frozenset[tuple[str, int, str]]]
    stored: Mapping[str, RuleMemory]
    renames: MemoryChange
    struck: Mapping[str, Struck]
    figuring: Figuring
    turns: Turns

    def life(self, table: str) -> RowLife:
        """Return what became of a table's rows; nothing for a rule without rows."""
        return self.lives.get(table) or _NO_LIFE

    def moments(self) -> Mapping[str, datetime]:
        """Return for which moment the scheduled rules are asked: their latest label."""
        return {rule: one.label or one.seen for rule, one in self.struck.items()}


_NO_LIFE = RowLife(TableMemory(""), NO_CHANGE)


def number_of(given: TickInput, table: str) -> int:
    """Return the number of a table's last stored snapshot, 0 before the first."""
    memory = given.memory.tables.get(table)
    return memory.snapshot if memory else 0


def changed_tables(day: Day) -> Mapping[str, tuple[int, Table]]:
    """Return the tables to store because they changed, with their new numbers."""
    return {
        name: (number_of(day.given, name) + 1, day.given.snapshot.tables[name])
        for name, life in day.lives.items()
        if not life.change.same or day.given.last_table(name) is None
    }
