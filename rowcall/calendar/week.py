"""Which hours does a shop work on a certain day, and is that surely known?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rowcall.calendar.holiday_days import Country
from rowcall.calendar.hours import CLOSED, Hours
from rowcall.errors import Place, Problem, Severity


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working time of a shop.

    weekly: the hours of the seven days, Monday first. days: date rows; they beat holidays and weekday rows.
    country: whose holidays are closed days and whose make-up days are worked. own_years: the years for which the
    shop's own table has rows, None without such a table.
    """

    name: str
    zone: ZoneInfo
    weekly: tuple[Hours, ...]
    days: Mapping[date, Hours] = field(default_factory=dict)
    country: Country | None = None
    own_years: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:  # noqa: PLR2004 - a week
            raise ValueError("a week has seven days")

    def hours_of(self, day: date) -> Hours:
        """Return the hours of a day: its own row, else the country's word, else its weekday's."""
        own = self.days.get(day)
        if own is not None:
            return own
        if self.country is not None:
            year = self.country.year(day.year)
            if day in year.closed:
                return CLOSED
            if day in year.working:
                return self.make_up_hours(day)
        return self.weekly[day.weekday()]

    def make_up_hours(self, day: date) -> Hours:
        """Return the hours of a make-up working day: Monday's; where Monday is closed, the day's own or the next."""
        own = self.weekly[day.weekday()]
        return self.weekly[0] or own or next((hours for hours in self.weekly if hours), CLOSED)

    def knows(self, year: int) -> bool:
        """Say whether the holidays of a year are known, or nobody asked for holidays."""
        if self.own_years is not None and year in self.own_years:
            return True
        if self.country is not None:
            return self.country.year(year).known
        return self.own_years is None


def unknown_years(calendar: Calendar, start: datetime, end: datetime) -> tuple[int, ...]:
    """Return the years from one aware moment to another whose holidays are not known."""
    first, last = sorted(moment.astimezone(calendar.zone).year for moment in (start, end))
    return tuple(year for year in range(first, last + 1) if not calendar.knows(year))


def warn_of_unknown_years(calendar: Calendar, years: Iterable[int]) -> tuple[Problem, ...]:
    """Return a warning for each year that a computation met without knowing its holidays."""
    return tuple(_warn(calendar, year) for year in sorted(set(years)))


def _warn(calendar: Calendar, year: int) -> Problem:
    if calendar.country is None:
        what = f"The holidays of {year} are not known: the calendar's own table has no row of that year."
        fix = f"Enter the holidays of {year} into the table."
    else:
        what = (
            f"The holidays of {calendar.country} in {year} are not all known yet, and make-up days not at all; "
            "until then only what is sure is counted as closed."
        )
        fix = (
            f"Enter the days of {year} into a table of the shop's own (`holidays: {{table: …, country: …}}`), "
            "or update Rowcall once they are published."
        )
    place = Place(table=f"calendar {calendar.name}", key=str(year))
    return Problem(place, f"Calendar `{calendar.name}`: {what}", fix=fix, severity=Severity.WARNING)
