"""How long is `3 days`, and what moment is that long after another?"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """The units a duration may be written in."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FIXED = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(weeks=1),
}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_LONGEST_YEARS = 100

_ENGLISH = {
    "minute": Unit.MINUTE, "minutes": Unit.MINUTE, "min": Unit.MINUTE, "mins": Unit.MINUTE,
    "hour": Unit.HOUR, "hours": Unit.HOUR, "day": Unit.DAY, "days": Unit.DAY, "week": Unit.WEEK,
    "weeks": Unit.WEEK, "month": Unit.MONTH, "months": Unit.MONTH, "year": Unit.YEAR, "years": Unit.YEAR,
}  # fmt: skip
_CHINESE = {
    "分钟": Unit.MINUTE, "小时": Unit.HOUR, "个小时": Unit.HOUR, "个钟头": Unit.HOUR, "天": Unit.DAY, "日": Unit.DAY,
    "周": Unit.WEEK, "星期": Unit.WEEK, "个星期": Unit.WEEK, "个礼拜": Unit.WEEK, "个月": Unit.MONTH, "年": Unit.YEAR,
}  # fmt: skip
_SPAN = re.compile(
    r"(?P<count>\d{1,6})\s*(?P<working>working\s+|个?\s*工作\s*)?(?P<unit>[^\W\d_]+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration as a person writes it: a whole count of one unit, on the clock or in working time."""

    count: int
    unit: Unit
    working: bool = False

    def __str__(self) -> str:
        plural = "" if self.count == 1 else "s"
        return f"{self.count} {'working ' if self.working else ''}{self.unit}{plural}"

    @property
    def exact(self) -> timedelta:
        """The length on the clock; raises ValueError for months and years, which have none."""
        if self.unit not in _FIXED:
            raise ValueError(f"{self} has no fixed length")
        return _FIXED[self.unit] * self.count


def parse_span(text: str) -> Span | None:
    """Return the duration that the text names in English or Chinese, or None if it names none.

    `1月` is refused: it is the month January, a month long is `1个月`.
    """
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    word = match["unit"].lower()
    unit = _ENGLISH.get(word) or _CHINESE.get(word)
    if unit is None or int(match["count"]) * _MONTHS.get(unit, 0) > _LONGEST_YEARS * 12:
        return None
    return Span(int(match["count"]), unit, working=match["working"] is not None)


def add_to_date(day: date, span: Span, times: int = 1) -> date:
    """Return the calendar day `times` spans after `day`; a month's missing last days become its last day.

    Raises ValueError for minutes and hours, which a day can't hold.
    """
    months = _MONTHS.get(span.unit)
    if months is None:
        if span.unit in (Unit.MINUTE, Unit.HOUR):
            raise ValueError(f"{span} is shorter than a day")
        return day + span.exact * times
    number = day.year * 12 + day.month - 1 + months * span.count * times
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add(moment: datetime, span: Span, zone: ZoneInfo, times: int = 1) -> datetime:
    """Return the moment `times` spans after an aware `moment`, in UTC.

    Minutes and hours are exact; from days up the wall clock of the shop's zone is kept, so that
    `1 day` later is the same time of day also over a change to summer time.
    """
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        return moment.astimezone(UTC) + span.exact * times
    local = moment.astimezone(zone)
    day = add_to_date(local.date(), span, times)
    return resolve_local(datetime.combine(day, local.timetz().replace(tzinfo=None)), zone)


def resolve_local(naive: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of a wall-clock time; one that the zone skips is moved behind the gap,

    one that occurs twice is its first occurrence.
    """
    moment = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == naive:
        return moment
    # In a gap fold=0 reads the time with the offset before it; the end of the gap is where the wall clock resumes.
    return _end_of_gap(naive, zone)


def _end_of_gap(naive: datetime, zone: ZoneInfo) -> datetime:
    before = naive.replace(tzinfo=zone, fold=0).utcoffset() or timedelta(0)
    after = naive.replace(tzinfo=zone, fold=1).utcoffset() or timedelta(0)
    low = naive.replace(tzinfo=UTC) - max(before, after)
    high = naive.replace(tzinfo=UTC) - min(before, after)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset():
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
