"""What do the five fields of a cron line say: minute, hour, day of month, month, day of week?

As in crontab(5): 0 and 7 are Sunday; where both day fields are narrowed down, a day that fits one of them fits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?P<first>\*|\w+)(?:-(?P<last>\w+))?(?:/(?P<step>\d+))?", re.ASCII)
_LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EXAMPLE = "For example `30 8 * * 1-5`: minute, hour, day of month, month, day of week."


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: Mapping[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of the month", 1, 31, {}),
    _Field("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    _Field("day of the week", 0, 7, {name: number for number, name in enumerate(_DAYS)}),
)


class CronMistake(ValueError):
    """A text is no cron line; what: the sentence for its author."""

    def __init__(self, what: str, fix: str = _EXAMPLE) -> None:
        super().__init__(what)
        self.what, self.fix = what, fix


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron line. any_day, any_weekday: that field is a `*`. weekdays: 0 = Monday."""

    times: tuple[time, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def fits(self, day: date) -> bool:
        """Say whether the line strikes on a day."""
        if day.month not in self.months:
            return False
        in_month, in_week = day.day in self.days, day.weekday() in self.weekdays
        return in_month and in_week if self.any_day or self.any_weekday else in_month or in_week


@lru_cache(maxsize=256)
def parse_cron(text: str) -> Cron:
    """Return what a cron line says; raises CronMistake, also for one that never strikes."""
    parts = text.split()
    if len(parts) != len(_FIELDS):
        raise CronMistake(f"`{text}` has {len(parts)} fields; a cron line has five.")
    minutes, hours, days, months, weekdays = (
        _numbers(part, field) for part, field in zip(parts, _FIELDS, strict=True)
    )
    any_day, any_weekday = parts[2].startswith("*"), parts[4].startswith("*")
    if not any_day and any_weekday and all(min(days) > _LONGEST_MONTH[month - 1] for month in months):
        raise CronMistake(f"`{text}` never strikes: there is no such day in these months.")
    return Cron(
        times=tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
        days=days,
        months=months,
        weekdays=frozenset((day - 1) % 7 for day in weekdays),
        any_day=any_day,
        any_weekday=any_weekday,
    )


def _numbers(text: str, field: _Field) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise CronMistake(f"`{part}` is no {field.name} of a cron line.")
        first, last = _ends(match, field)
        step = int(match["step"] or 1)
        if step < 1 or last < first:
            raise CronMistake(f"`{part}` is no {field.name} of a cron line: nothing lies in it.")
        found |= set(range(first, last + 1, step))
    return frozenset(found)


def _ends(match: re.Match[str], field: _Field) -> tuple[int, int]:
    if match["first"] == "*":
        if match["last"]:
            raise CronMistake(f"`{match[0]}` is no {field.name} of a cron line.")
        return field.low, min(field.high, 6) if field.names and field.low == 0 else field.high
    first = _number(match["first"], field)
    if match["last"]:
        return first, _number(match["last"], field)
    return first, field.high if match["step"] else first


def _number(text: str, field: _Field) -> int:
    number = field.names.get(text.lower(), int(text) if text.isdigit() else -1)
    if not field.low <= number <= field.high:
        raise CronMistake(f"`{text}` is no {field.name}; it goes from {field.low} to {field.high}.")
    return number
