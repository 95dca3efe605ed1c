"""What does one line of `schedule` or `digest` say, once it is understood?"""

from dataclasses import dataclass
from datetime import time

from rowcall.duration import Span

EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Schedule:
    """One line of `schedule` or `digest`, understood. text: as written in English, its one spelling.

    Exactly one way: `every` so long (counted from midnight of the shop's day), `cron`, or `times` of certain days.
    days: 0 = Monday. working: only working days of the calendar. first, last: the how manieth of these days in the
    month, quarter or year (`of`), from its beginning or its end: first = 3 is the third, last = 1 the last one.
    """

    text: str
    times: tuple[time, ...] = ()
    days: frozenset[int] = EVERY_DAY
    working: bool = False
    first: int = 0
    last: int = 0
    of: str = ""
    every: Span | None = None
    cron: str = ""
