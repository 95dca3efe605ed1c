"""When does a day or moment lie before, on or after another, N days ago, ahead, or on an anniversary?

A `date` column counts calendar days of the shop; on a `datetime` column a duration is exact, and a day stands
for its 24 hours (23 or 25 when the clocks change) in the shop's zone. Months and years are the calendar's.
`N days ago` lies in the past: a date to come is not `at most 3 days ago`.
An anniversary is the same day and month, whatever the year; 29 February is kept on the 28th in common years.
All of it is unknown for an empty cell.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.duration import Span, Unit, add, add_to_date, resolve_local
from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.amounts import compare
from rowcall.evaluate.ground import Ground, Side
from rowcall.evaluate.wall_clock import MOMENTS, days_of, moments_at
from rowcall.evaluate.words import plain_texts
from rowcall.evaluate.working import find_calendar, shift_day, shift_moment
from rowcall.language.condition import Ago, Ahead, Anniversary, InPeriod, Moment, Operator
from rowcall.language.ref import ColumnRef
from rowcall.period import bounds
from rowcall.table import TEMPORAL, Kind

_SUB_DAY = (Unit.MINUTE, Unit.HOUR)
_MONTH_DAY = r"^(?:\d{4}[-/.年])?(0?[1-9]|1[0-2])[-/.月]\s*(0?[1-9]|[12]\d|3[01])日?$"
_FEBRUARY = (2, 29)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which a day begins in the shop."""
    return resolve_local(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - a wall-clock time


def compare_day(side: Side, ref: ColumnRef, operator: Operator, day: date) -> pl.Expr:
    """Return how a date or datetime column compares with a calendar day."""
    value = side.value(ref)
    if ref.column.kind is Kind.DATE:
        return compare(value, operator, pl.lit(day))
    zone = side.ground.zone
    start = pl.lit(start_of(day, zone), dtype=MOMENTS)
    end = pl.lit(start_of(day + timedelta(days=1), zone), dtype=MOMENTS)
    match operator:
        case Operator.EQUAL:
            return (value >= start) & (value < end)
        case Operator.MORE:
            return value >= end
        case Operator.AT_LEAST:
            return value >= start
        case Operator.LESS:
            return value < start
        case Operator.AT_MOST:
            return value < end


def compare_fixed(side: Side, ref: ColumnRef, operator: Operator, right: date | datetime) -> pl.Expr:
    """Return how a column compares with a day or a moment; a date column sees only a moment's day."""
    if not isinstance(right, datetime):
        return compare_day(side, ref, operator, right)
    if ref.column.kind is Kind.DATE:
        return compare_day(side, ref, operator, right.astimezone(side.ground.zone).date())
    return compare(side.value(ref), operator, pl.lit(right.astimezone(UTC), dtype=MOMENTS))


def moment_of(ground: Ground, moment: Moment) -> date | datetime:
    """Return what `now`, `today`, `yesterday` are."""
    return ground.now if moment.now else ground.today + timedelta(days=moment.days)


def test_ago(side: Side, line: Ago) -> pl.Expr:
    """Return where the cell lies so long ago."""
    _demand_time(line.ref)
    ground, operator = side.ground, line.operator
    then = _shifted_now(ground, line, -1)
    if operator is Operator.EQUAL:
        day = then.astimezone(ground.zone).date() if isinstance(then, datetime) else then
        return compare_day(side, line.ref, Operator.EQUAL, day)
    # Longer ago is earlier; and whatever is `ago` has been.
    earlier = {
        Operator.AT_LEAST: Operator.AT_MOST,
        Operator.MORE: Operator.LESS,
        Operator.AT_MOST: Operator.AT_LEAST,
        Operator.LESS: Operator.MORE,
    }[operator]
    test = compare_fixed(side, line.ref, earlier, then)
    if operator in (Operator.AT_LEAST, Operator.MORE):
        return test
    return test & compare_fixed(side, line.ref, Operator.AT_MOST, ground.now)


def test_ahead(side: Side, line: Ahead) -> pl.Expr:
    """Return where the cell lies in the span that begins, or ends, now; both ends belong to it."""
    _demand_time(line.ref)
    now = side.ground.now
    other = _shifted_now(side.ground, line, -1 if line.back else 1)
    first, last = (other, now) if line.back else (now, other)
    after = compare_fixed(side, line.ref, Operator.AT_LEAST, first)
    return after & compare_fixed(side, line.ref, Operator.AT_MOST, last)


def test_in_period(side: Side, line: InPeriod) -> pl.Expr:
    """Return where the cell lies on a day of the period; both its ends belong to it."""
    _demand_time(line.ref)
    first, last = bounds(line.period, side.ground.now, side.ground.zone)
    after = compare_day(side, line.ref, Operator.AT_LEAST, first)
    return after & compare_day(side, line.ref, Operator.AT_MOST, last)


def test_anniversary(side: Side, line: Anniversary) -> pl.Expr:
    """Return where the day and month of the cell are those of the day meant."""
    day = side.ground.today + timedelta(days=line.days)
    wanted = [day.month * 100 + day.day]
    is_leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    if (day.month, day.day) == (2, 28) and not is_leap:
        wanted.append(_FEBRUARY[0] * 100 + _FEBRUARY[1])
    key = (line.ref, side.before, "month and day")
    column = side.ground.column(key, lambda: _month_and_day(side, line.ref))
    found = column == wanted[0]
    return found | (column == wanted[1]) if len(wanted) > 1 else found


def local_days(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return the calendar days of a date or datetime column in the shop."""
    if ref.column.kind is Kind.DATE:
        return side.value(ref)
    key = (ref, side.before, "local days")
    return side.ground.column(key, lambda: days_of(side.cells(ref).value, side.ground.zone))


def shifted(values: pl.Series, span: Span, zone: ZoneInfo, times: int) -> pl.Series:
    """Return days or moments so long after (times = 1) or before (-1); hours after a day is a moment."""
    if values.dtype == pl.Date:
        if span.unit not in _SUB_DAY:
            return _by_calendar(values, span, times)
        return moments_at(values.cast(pl.Datetime("us")), zone) + span.exact * times
    if span.unit in _SUB_DAY:
        return values + span.exact * times
    local = values.dt.convert_time_zone(zone.key).dt.replace_time_zone(None)
    return moments_at(_by_calendar(local, span, times), zone)


def _by_calendar(values: pl.Series, span: Span, times: int) -> pl.Series:
    if span.unit in (Unit.MONTH, Unit.YEAR):
        months = span.count * (12 if span.unit is Unit.YEAR else 1) * times
        return values.dt.offset_by(f"{months}mo")
    return values + span.exact * times


def _shifted_now(ground: Ground, line: Ago | Ahead, times: int) -> date | datetime:
    """Return now or today so long after (times = 1) or before (-1)."""
    span, is_date = line.span, line.ref.column.kind is Kind.DATE
    if span.working:
        calendar = find_calendar(ground.frame.calendars, line.calendar)
        if is_date and span.unit not in _SUB_DAY:
            return shift_day(calendar, ground.today, span, times)
        return shift_moment(calendar, ground.now, span, times)
    if is_date and span.unit not in _SUB_DAY:
        return add_to_date(ground.today, span, times)
    if span.unit in (Unit.MONTH, Unit.YEAR):
        return add(ground.now, span, ground.zone, times)
    return ground.now + span.exact * times


def _month_and_day(side: Side, ref: ColumnRef) -> pl.Series:
    """Return month * 100 + day, null where the cell says none."""
    cells = side.cells(ref)
    if ref.column.kind in TEMPORAL:
        days = cells.value if ref.column.kind is Kind.DATE else days_of(cells.value, side.ground.zone)
        return days.dt.month().cast(pl.Int16) * 100 + days.dt.day().cast(pl.Int16)
    texts = plain_texts(side, ref).str.strip_chars()
    month = texts.str.extract(_MONTH_DAY, 1).cast(pl.Int16)
    return month * 100 + texts.str.extract(_MONTH_DAY, 2).cast(pl.Int16)


def _demand_time(ref: ColumnRef) -> None:
    if ref.column.kind not in TEMPORAL:
        what = (
            f"{ref.name} is a column of kind {ref.column.kind}: only a date or datetime column lies in time"
        )
        raise MistakesError([Problem(Place(table=ref.table, header=ref.column.name), what)])
