"""When does a schedule strike: every day at 05:30, Mondays, the first working day of a month, every 30 minutes?

A *label* is one moment at which a schedule strikes, in UTC.
"""

from dataclasses import dataclass
from datetime import time

from rowcall.duration import Span


@dataclass(frozen=True, slots=True)
class Schedule:
    """One line of `schedule` or `digest`, understood. text: as written in English, its one spelling.

    Exactly one way: `every` so long (counted from midnight of the shop's day), `cron`, or `times` of certain days.
    days: 0 = Monday. working: only working days of the calendar. first, last: the day of the month or quarter
    (`of`): first = 3 is the third (working) day; last = 1 the last one.
    """

    text: str
    times: tuple[time, ...] = ()
    days: frozenset[int] = frozenset(range(7))
    working: bool = False
    first: int = 0
    last: int = 0
    of: str = ""
    every: Span | None = None
    cron: str = ""
