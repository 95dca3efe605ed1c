"""At which moments does a schedule strike between two moments, and when next?

Times of day are the shop's wall clock: a time that the clock skips strikes when it goes on (02:30 at 03:00), one that
comes twice strikes once. `every` so many minutes, up to an hour, is real time, so that no hour is left out when the
clock goes back; every 2 hours and more are times of day, 00:00, 02:00 and so on. Both begin anew each midnight.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar, CalendarError, day_after, is_working_day
from rowcall.duration import resolve_local
from rowcall.schedule.cron import parse_cron
from rowcall.schedule.line import Schedule

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_LONGEST = 9 * 366
"""Days to look ahead for a label: between two 29ths of February may lie eight years."""


def labels(
    schedule: Schedule, after: datetime, until: datetime, zone: ZoneInfo, calendar: Calendar | None = None
) -> Iterator[datetime]:
    """Yield every label with after < label <= until, in UTC, in order.

    calendar: the one that `working days` counts in. Raises CalendarError when there is none, or when it has no
    working time.
    """
    last = after.astimezone(UTC)
    end = until.astimezone(UTC)
    if schedule.working and last < end:
        _check(schedule, calendar, last.astimezone(zone).date())
    day, final = last.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= final:
        for label in _labels_of(schedule, day, zone, calendar):
            if last < label <= end:
                last = label
                yield label
        day += _DAY


def next_label(
    schedules: Sequence[Schedule], after: datetime, zone: ZoneInfo, calendar: Calendar | None = None
) -> datetime:
    """Return the first label of any of the schedules after a moment, in UTC; raises CalendarError if none comes."""
    if not schedules:
        raise ValueError("there is no schedule to ask")
    until = after + timedelta(days=_LONGEST)
    found = [next(labels(one, after, until, zone, calendar), None) for one in schedules]
    known = [label for label in found if label is not None]
    if known:
        return min(known)
    never = ", ".join(f"`{one.text}`" for one in schedules)
    raise CalendarError(
        f"{never} never comes from {after:%Y-%m-%d} on. Look at the calendar and the schedule."
    )


def _check(schedule: Schedule, calendar: Calendar | None, day: date) -> None:
    if calendar is None:
        raise CalendarError(f"`{schedule.text}` needs a calendar, and there is none.")
    day_after(calendar, day, 1)  # raises when there is no working time for too long


def _labels_of(
    schedule: Schedule, day: date, zone: ZoneInfo, calendar: Calendar | None
) -> Iterator[datetime]:
    """Yield the labels of one day of the shop, in order; two may be the same where the clock skips."""
    if schedule.every is not None:
        yield from _labels_every(schedule.every.exact, day, zone)
        return
    if schedule.cron:
        cron = parse_cron(schedule.cron)
        times: tuple[time, ...] = cron.times if cron.fits(day) else ()
    else:
        times = schedule.times if _is_day(schedule, day, calendar) else ()
    for clock in sorted(times):
        yield resolve_local(datetime.combine(day, clock), zone)


def _labels_every(step: timedelta, day: date, zone: ZoneInfo) -> Iterator[datetime]:
    midnight = datetime.combine(day, time())
    if step > _HOUR:
        for number in range(-(-_DAY // step)):
            yield resolve_local(midnight + step * number, zone)
        return
    label, end = resolve_local(midnight, zone), resolve_local(midnight + _DAY, zone)
    while label < end:
        yield label
        label += step


def _is_day(schedule: Schedule, day: date, calendar: Calendar | None) -> bool:
    if not _is_among(schedule, day, calendar):
        return False
    if not schedule.of:
        return True
    start, end = _stretch(schedule.of, day)
    step, wanted = (_DAY, schedule.first) if schedule.first else (-_DAY, schedule.last)
    other, count = (start if schedule.first else end), 1
    while other != day and count <= wanted:
        count += _is_among(schedule, other, calendar)
        other += step
    return count == wanted


def _is_among(schedule: Schedule, day: date, calendar: Calendar | None) -> bool:
    return day.weekday() in schedule.days and (
        not schedule.working or (calendar is not None and is_working_day(calendar, day))
    )


def _stretch(of: str, day: date) -> tuple[date, date]:
    """Return the first and the last day of the month, quarter or year that holds a day."""
    months = _MONTHS_OF[of]
    first = (day.month - 1) // months * months
    year, month = divmod(day.year * 12 + first + months, 12)
    return date(day.year, first + 1, 1), date(year, month + 1, 1) - _DAY
