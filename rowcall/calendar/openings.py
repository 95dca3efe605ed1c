"""From which moment to which moment, in UTC, does a calendar work?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rowcall.calendar.week import Calendar

_SECOND, _MINUTE, _DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
_SMALLEST = timedelta.resolution


@dataclass(frozen=True, slots=True)
class Opening:
    """Working time without a break, in UTC. day: the day that it belongs to on the shop's wall clock."""

    start: datetime
    end: datetime
    day: date


def openings_in(calendar: Calendar, utc_day: date) -> Iterator[Opening]:
    """Yield what is worked within one day of UTC, in its order.

    Going by UTC keeps the order also where the wall clock goes back, even over midnight. An opening that runs over
    the end of the UTC day comes in two pieces.
    """
    for start, end, offset in _offsets(calendar.zone, utc_day):
        day, last = (start + offset).date(), (end + offset - _SMALLEST).date()
        while day <= last:
            midnight = datetime.combine(day, time(), UTC) - offset
            for stretch in calendar.hours_of(day):
                begins = max(midnight + stretch.start * _MINUTE, start)
                ends = min(midnight + stretch.end * _MINUTE, end)
                if begins < ends:
                    yield Opening(begins, ends, day)
            day += _DAY


def openings_of(calendar: Calendar, day: date) -> tuple[Opening, ...]:
    """Return what is worked on one day of the shop's calendar.

    It is empty also when the clock skips the whole of it, as it does with a day when a zone changes sides of the
    date line.
    """
    if not calendar.hours_of(day):
        return ()
    near = (day - _DAY, day, day + _DAY)
    return tuple(found for utc_day in near for found in openings_in(calendar, utc_day) if found.day == day)


def is_worked(calendar: Calendar, day: date) -> bool:
    """Say whether there is any working time on a day of the shop's calendar."""
    if not calendar.hours_of(day):
        return False
    return _is_plain(calendar.zone, day) or bool(openings_of(calendar, day))


@lru_cache(maxsize=4096)
def _is_plain(zone: ZoneInfo, day: date) -> bool:
    """Say whether the clock surely shows every time of a day: no change of it is near."""
    near = (day - _DAY, day, day + _DAY)
    return len({offset for utc_day in near for _, _, offset in _offsets(zone, utc_day)}) == 1


@lru_cache(maxsize=4096)
def _offsets(zone: ZoneInfo, utc_day: date) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """Return the pieces of a day of UTC in which a zone keeps one offset: from, to, offset."""
    start = datetime.combine(utc_day, time(), UTC)
    end = start + _DAY
    pieces = []
    while start < end:
        offset, last = _offset(zone, start), end - _SECOND
        stop = end if _offset(zone, last) == offset else _change(zone, start, last)
        pieces.append((start, stop, offset))
        start = stop
    return tuple(pieces)


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the second at which the offset of `low` ends; at `high` it is another one."""
    offset = _offset(zone, low)
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)
