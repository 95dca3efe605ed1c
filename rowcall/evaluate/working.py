"""How much working time lies between two columns of moments, and which moment is so much of it away?

`rowcall.calendar` counts for one moment at a time; here the openings of all days that a column meets are laid out
once, with the working time before each, so that the time between two moments is the difference of two look-ups.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import polars as pl

from rowcall.calendar import Calendar, CalendarError, add, day_after
from rowcall.calendar.days import LONGEST_YEARS
from rowcall.calendar.openings import openings_in
from rowcall.duration import Span, Unit
from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.wall_clock import starts_of_days
from rowcall.language.near import did_you_mean

_Time = TypeVar("_Time", bound=date)
_YEARS = (1900, 9899)
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)


def find_calendar(calendars: Mapping[str, Calendar], name: str) -> Calendar:
    """Return the calendar of that name; raises MistakesError with the nearest one."""
    if name in calendars:
        return calendars[name]
    what = (
        f'there is no calendar "{name}" to count working time in; calendars: {", ".join(calendars) or "none"}'
    )
    raise MistakesError([Problem(Place(), what, suggestion=did_you_mean(name, calendars))])


def shift_moment(calendar: Calendar, moment: datetime, span: Span, times: int) -> datetime:
    """Return the moment `times` spans of working time away; raises MistakesError if the calendar can't count it."""
    try:
        return add(calendar, moment, span, times)
    except CalendarError as error:
        raise MistakesError([Problem(Place(), str(error))]) from error


def shift_day(calendar: Calendar, day: date, span: Span, times: int) -> date:
    """Return the day so many working days away; raises MistakesError if the calendar can't count it."""
    try:
        return _day_after(calendar, day, span, times)
    except CalendarError as error:
        raise MistakesError([Problem(Place(), str(error))]) from error


def shift_column(calendar: Calendar, values: pl.Series, span: Span, times: int) -> pl.Series:
    """Return days or moments shifted by working time; null where the calendar can't count so far.

    Working hours after a day are a moment, counted from the beginning of the day.
    """
    if values.dtype == pl.Date and span.unit is Unit.DAY:
        return _each(values, values.dtype, lambda day: _day_after(calendar, day, span, times))
    moments = starts_of_days(values, calendar.zone)
    return _each(moments, moments.dtype, lambda moment: add(calendar, moment, span, times))


def elapsed_column(calendar: Calendar, starts: pl.Series, ends: pl.Series) -> pl.Series:
    """Return the working time between two columns of moments, as `rowcall.calendar.elapsed` counts it for one pair.

    Null where one of them is, or where they lie too far apart to be meant.
    """
    frame = pl.DataFrame({"start": starts, "end": ends})
    years = pl.col("start").dt.year(), pl.col("end").dt.year()
    apart = (years[0] - years[1]).abs() <= LONGEST_YEARS
    counted = apart & years[0].is_between(*_YEARS) & years[1].is_between(*_YEARS)
    frame = frame.select(pl.when(counted).then(pl.col("start", "end")))
    openings = _lay_out(calendar, frame)
    worked = openings.before(frame["end"]) - openings.before(frame["start"])
    return worked.cast(pl.Duration("us"))


@dataclass(frozen=True, slots=True)
class _Openings:
    """Openings in order of time, in microseconds of UTC; passed: the working time before each."""

    start: pl.Series
    length: pl.Series
    passed: pl.Series

    def before(self, moments: pl.Series) -> pl.Series:
        """Return the working time from the first opening to each moment, in microseconds."""
        at = moments.cast(pl.Int64)
        if not len(self.start):
            return at * 0
        place = self.start.search_sorted(at, side="right").cast(pl.Int64) - 1
        begun = (place >= 0) & at.is_not_null()
        place = place.clip(0)
        within = pl.DataFrame({"past": at - self.start.gather(place), "room": self.length.gather(place)})
        part = within.select(pl.min_horizontal("past", "room"))["past"]
        return (self.passed.gather(place) + part).zip_with(begun, at * 0)


def _lay_out(calendar: Calendar, frame: pl.DataFrame) -> _Openings:
    starts: list[int] = []
    lengths: list[int] = []
    for first, last in _stretches(frame):
        day = first
        while day <= last:
            for opening in openings_in(calendar, day):
                starts.append((opening.start - _EPOCH) // _US)
                lengths.append((opening.end - opening.start) // _US)
            day += _DAY
    length = pl.Series(lengths, dtype=pl.Int64)
    return _Openings(pl.Series(starts, dtype=pl.Int64), length, length.cum_sum() - length)


def _stretches(frame: pl.DataFrame) -> list[tuple[date, date]]:
    """Return the stretches of days that pairs span, joined where they meet: no day between is laid out in vain."""
    days = frame.drop_nulls().select(
        first=pl.min_horizontal("start", "end").dt.date(), last=pl.max_horizontal("start", "end").dt.date()
    )
    found: list[tuple[date, date]] = []
    for first, last in days.group_by("first").agg(pl.col("last").max()).sort("first").iter_rows():
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _day_after(calendar: Calendar, day: date, span: Span, times: int) -> date:
    if span.unit is not Unit.DAY:
        raise CalendarError(f"`{span}` can't be counted: working time has minutes, hours and days.")
    return day_after(calendar, day, span.count * times)


def _each(values: pl.Series, dtype: pl.DataType, shift: Callable[[_Time], _Time]) -> pl.Series:
    """Shift every distinct value once: the calendar counts one moment at a time."""
    distinct = values.drop_nulls().unique()
    found: list[_Time | None] = []
    for value in distinct:
        try:
            found.append(shift(value))
        except CalendarError:
            found.append(None)
    return values.replace_strict(distinct, pl.Series(found, dtype=dtype), default=None, return_dtype=dtype)
