"""When has so much working time passed, and how much of it lies between two moments?

Minutes and hours: the earliest moment by which the working time has passed, so `9 working hours` from an opening at
09:00 to 18:00 end at 18:00, not at the next opening. No time at all leads to the next working moment.
Working days: the count-th working day after the day of the start, at the same time of day. A time before that day's
opening becomes its opening, one after its closing its closing, one in a break the beginning of the break; a start on
a closed day counts like the closing of the working day before. So with the same hours every day, `1 working day` is
as much working time as one day has. Backwards (`times` below 0) hours lead to the latest such moment, and a closed
day counts like the opening of the working day after it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from rowcall.calendar.days import (
    CalendarError,
    check_distance,
    check_idle,
    check_year,
    day_after,
    working_days_between,
)
from rowcall.calendar.openings import Opening, openings_in, openings_of
from rowcall.calendar.week import Calendar
from rowcall.duration import Span, Unit, resolve_local

_DAY, _NOTHING = timedelta(days=1), timedelta(0)


def add(calendar: Calendar, start: datetime, span: Span, times: int = 1) -> datetime:
    """Return the moment `times` spans of working time after an aware `start`, in UTC; below 0: before it.

    Raises CalendarError when the calendar has no working time for 400 days, when the moment is more than 100 years
    away, and for weeks, months and years, which nobody counts in working time.
    """
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        return add_time(calendar, start, span.exact * times)
    if span.unit is not Unit.DAY:
        raise CalendarError(f"`{span}` can't be counted: working time has minutes, hours and days.")
    count = span.count * times
    return _add_days(calendar, start, count) if count else next_working(calendar, start)


def add_time(calendar: Calendar, start: datetime, length: timedelta) -> datetime:
    """Return the moment by which so much working time has passed after an aware `start`, in UTC.

    A negative length leads back. Raises CalendarError as `add` does.
    """
    left = abs(length)
    for opening in _openings_from(calendar, _in_utc(calendar, start), back=length < _NOTHING):
        room = opening.end - opening.start
        if left <= room:
            return opening.end - left if length < _NOTHING else opening.start + left
        left -= room
    raise AssertionError("the openings of a calendar end only by an error")


def elapsed(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the working time between two aware moments; negative when `end` comes before `start`.

    Raises CalendarError when they are more than 100 years apart.
    """
    if end < start:
        return -elapsed(calendar, end, start)
    first, last = _in_utc(calendar, start), _in_utc(calendar, end)
    check_distance(calendar, first.date(), last.date())
    total, day = _NOTHING, first.date()
    while day <= last.date():
        for opening in openings_in(calendar, day):
            total += max(min(opening.end, last) - max(opening.start, first), _NOTHING)
        day += _DAY
    return total


def elapsed_days(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Count the whole working days between two aware moments: the most that, added to `start`, do not pass `end`.

    Negative when `end` comes before `start`. Raises CalendarError as `elapsed` does.
    """
    if end < start:
        return -elapsed_days(calendar, end, start)
    first, last = (_local(calendar, moment).date() for moment in (start, end))
    count = working_days_between(calendar, first, last)
    return count - 1 if count > 0 and _add_days(calendar, start, count) > end else max(count, 0)


def is_working(calendar: Calendar, moment: datetime) -> bool:
    """Say whether an aware moment is working time; the moment at which an opening ends is not."""
    now = _in_utc(calendar, moment)
    return any(opening.start <= now < opening.end for opening in openings_in(calendar, now.date()))


def next_working(calendar: Calendar, moment: datetime) -> datetime:
    """Return the first working moment from an aware one on, in UTC: itself if it is one.

    Raises CalendarError when there is none for 400 days.
    """
    return add_time(calendar, moment, _NOTHING)


def _openings_from(calendar: Calendar, start: datetime, *, back: bool) -> Iterator[Opening]:
    """Yield the openings after `start`, or before it, nearest first, cut at `start`."""
    day = last = start.date()
    while True:
        openings = list(openings_in(calendar, day))
        for opening in reversed(openings) if back else openings:
            cut = _cut(opening, start, back=back)
            if cut.start < cut.end:
                last = day
                yield cut
        day += -_DAY if back else _DAY
        check_idle(calendar, last, day)
        check_distance(calendar, start.date(), day)


def _cut(opening: Opening, start: datetime, *, back: bool) -> Opening:
    if back:
        return Opening(opening.start, min(opening.end, start), opening.day)
    return Opening(max(opening.start, start), opening.end, opening.day)


def _add_days(calendar: Calendar, start: datetime, count: int) -> datetime:
    local = _local(calendar, start)
    today = local.date()
    day = day_after(calendar, today, count)
    openings = openings_of(calendar, day)
    if not openings_of(calendar, today):
        return openings[-1].end if count > 0 else openings[0].start
    return _within(openings, resolve_local(_wall_clock(day, local), calendar.zone))


def _in_utc(calendar: Calendar, moment: datetime) -> datetime:
    check_year(calendar, moment.date())  # first: at the ends of all time a moment has no other zone
    return moment.astimezone(UTC)


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return _in_utc(calendar, moment).astimezone(calendar.zone)


def _wall_clock(day: date, local: datetime) -> datetime:
    return datetime.combine(day, local.timetz().replace(tzinfo=None, fold=0))


def _within(openings: tuple[Opening, ...], moment: datetime) -> datetime:
    """Return the last moment up to the one given by which all the working time before it has passed."""
    begun = [opening for opening in openings if opening.start <= moment]
    return min(begun[-1].end, moment) if begun else openings[0].start
