"""What do the parts of one tick share, and which tables and numbers does it store?"""

from collections.abc import Mapping
from dataclasses import dataclass

from rowcall.memory import MemoryChange, RuleMemory
from rowcall.plan.inputs import TickInput
from rowcall.plan.rows import RowLife
from rowcall.scene import Surroundings
from rowcall.table import Table


@dataclass(frozen=True, slots=True)
class Day:
    """What the parts of one tick share.

    memories: the rules' memories with their latest own writes. stored: as the last tick left them.
    renames: what renamed rows change.
    """

    given: TickInput
    around: Surroundings
    lives: Mapping[str, RowLife]
    positions: Mapping[str, Mapping[str, int]]
    memories: Mapping[str, RuleMemory]
    under_way: Mapping[str, frozenset[tuple[str, int, str]]]
    stored: Mapping[str, RuleMemory]
    renames: MemoryChange


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
