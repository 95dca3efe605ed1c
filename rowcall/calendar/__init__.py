"""When does a shop work, how much working time lies between two moments, and when has so much of it passed?

A Calendar is one value: weekday rows, date rows, and the holidays of a country. A moment is working time when the
clock on the shop's wall then shows a time within the hours of that day. `add` and `elapsed` walk the same openings:
`elapsed(start, add(start, length))` is the length, whatever holidays and changes of the clock lie between.
"""

from rowcall.calendar.count import (
    add,
    add_time,
    elapsed,
    elapsed_days,
    is_working,
    next_working,
)
from rowcall.calendar.days import CalendarError, day_after, is_working_day, working_days_between
from rowcall.calendar.holiday_days import Country, UnknownCountry, YearOfHolidays, find_country
from rowcall.calendar.hours import CLOSED, Hours, HoursMistake, Stretch, format_hours, parse_hours
from rowcall.calendar.own_days import DateRow, with_rows
from rowcall.calendar.week import Calendar, unknown_years, warn_of_unknown_years
from rowcall.calendar.weekdays import parse_weekdays

__all__ = [
    "CLOSED",
    "Calendar",
    "CalendarError",
    "Country",
    "DateRow",
    "Hours",
    "HoursMistake",
    "Stretch",
    "UnknownCountry",
    "YearOfHolidays",
    "add",
    "add_time",
    "day_after",
    "elapsed",
    "elapsed_days",
    "find_country",
    "format_hours",
    "is_working",
    "is_working_day",
    "next_working",
    "parse_hours",
    "parse_weekdays",
    "unknown_years",
    "warn_of_unknown_years",
    "with_rows",
    "working_days_between",
]
