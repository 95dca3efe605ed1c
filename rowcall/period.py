"""Which stretch of days does a period name: last week, last 30 days, same week last year?"""

from dataclasses import dataclass

from rowcall.duration import Unit


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days, counted from a moment (a schedule's label). text: its one English spelling.

    unit, count: how long (`last 30 days` = 30 days). back: how many such units it ends before the one that holds
    today (0 = the one that holds today, so far). rolling: the last `count` units up to yesterday, not calendar
    ones. year_back: the same stretch so many years earlier.
    """

    text: str
    unit: Unit
    count: int = 1
    back: int = 1
    rolling: bool = False
    year_back: int = 0
