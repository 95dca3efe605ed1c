"""Which days are working days, and how many of them lie between two days?

A working day is a day of the shop's calendar with any working time, however short.
"""

from datetime import date, timedelta

from rowcall.calendar.openings import is_worked
from rowcall.calendar.week import Calendar
from rowcall.errors import RowcallError

IDLE_DAYS = 400
"""So many days without working time are taken for a calendar that has none."""
LONGEST_YEARS = 100
_YEARS = range(1900, 9900)  # what dates of a sheet may say, with room to count on from there


class CalendarError(RowcallError):
    """A calendar can't count this: it has no working time there, or the moments lie too far apart."""


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether there is any working time on a day."""
    return is_worked(calendar, day)


def day_after(calendar: Calendar, day: date, count: int) -> date:
    """Return the count-th working day after a day, or before it if count is negative; 0 is the day itself.

    Raises CalendarError when there is none for 400 days, or it is more than 100 years away.
    """
    step = timedelta(days=1 if count > 0 else -1)
    found, last = day, day
    for _ in range(abs(count)):
        found += step
        check_year(calendar, found)
        while not is_working_day(calendar, found):
            found += step
            check_idle(calendar, last, found)
        last = found
        check_distance(calendar, day, found)
    return found


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Count the working days after `first` up to and including `last`; negative when `last` comes before.

    Raises CalendarError when they are more than 100 years apart: one of them is a slip of the pen.
    """
    if last < first:
        return -working_days_between(calendar, last, first)
    check_year(calendar, first)
    check_distance(calendar, first, last)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(calendar, day) for day in days)


def check_year(calendar: Calendar, day: date) -> None:
    """Raise CalendarError for a day that no calendar can reach."""
    if day.year not in _YEARS:
        raise CalendarError(f"The calendar `{calendar.name}` can't count at the year {day.year}.")


def check_distance(calendar: Calendar, one: date, other: date) -> None:
    """Raise CalendarError for days that lie too far apart to be meant."""
    check_year(calendar, other)
    if abs(other.year - one.year) > LONGEST_YEARS:
        raise CalendarError(
            f"The calendar `{calendar.name}` does not count from {one} to {other}: that is more than "
            f"{LONGEST_YEARS} years. Look whether the date or the duration is a slip of the pen."
        )


def check_idle(calendar: Calendar, last: date, day: date) -> None:
    """Raise CalendarError when there was no working time for too long."""
    if abs((day - last).days) > IDLE_DAYS:
        first, second = sorted((last, day))
        raise CalendarError(
            f"The calendar `{calendar.name}` has no working time from {first} to {second}; nothing can fall due. "
            "Look at its weekday rows, its date rows and the table of holidays."
        )
