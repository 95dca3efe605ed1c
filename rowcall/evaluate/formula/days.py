"""What do the functions of days and times give?

Days are numbers of days since 30 December 1899; a number that is no day of the years 1 to 9999 is an error.
"""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from rowcall.evaluate.formula.amounts import truncated
from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_number, day_of, number_of_day
from rowcall.evaluate.formula.source import read_range
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.arguments import fixed_number
from rowcall.language.formula.literals import EPOCH, serial_of
from rowcall.language.formula.tree import Apply, Constant, Range

_FIRST_YEAR, _LAST_YEAR = 1900, 9999
_MOST_WORKDAYS = 200_000
_ISO_WEEKS = 21
_WEEK_STARTS = {1: 7, 2: 1, **{10 + day: day for day in range(1, 8)}}
"""Types of WEEKDAY and WEEKNUM → the day on which their week begins; Monday = 1."""


def today(board: Board, node: Apply) -> Value:
    """TODAY: return the shop's calendar day."""
    return Value(node.form, pl.lit(serial_of(board.today)), constant=True)


def moment(board: Board, node: Apply) -> Value:
    """NOW: return the moment on the shop's wall clock."""
    return Value(node.form, pl.lit(board.now_serial), constant=True)


def make_day(board: Board, node: Apply) -> Value:
    """DATE: return the day of a year, month and day of the month, which may run over."""
    args = [board.value(arg) for arg in node.args]
    numbers, errors = zip(*map(as_number, args), strict=True)
    year, month, number = map(truncated, numbers)
    first = _month_start(year * 12 + month - 1)
    result = first + number - 1
    wrong = result.is_null() | (year < _FIRST_YEAR) | day_of(result).is_null()
    constant = all(arg.constant for arg in args)
    return Value(node.form, result, error=any_error(*errors, wrong), constant=constant)


def part_of_day(board: Board, node: Apply) -> Value:
    """YEAR, MONTH, DAY, WEEKDAY, WEEKNUM: return a number that a day has."""
    arg = board.value(node.args[0])
    number, error = as_number(arg)
    day = day_of(number)
    kind = int(fixed_number(node.args[1]) or 1) if len(node.args) > 1 else 1
    result = _PARTS[node.name](day, kind).cast(pl.Float64)
    return Value(node.form, result, error=any_error(error, day.is_null()), constant=arg.constant)


def _weekday(day: pl.Expr, kind: int) -> pl.Expr:
    if kind == 3:  # noqa: PLR2004 - Monday is 0
        return day.dt.weekday() - 1
    return (day.dt.weekday().cast(pl.Int32) - _WEEK_STARTS[kind]) % 7 + 1


def _week(day: pl.Expr, kind: int) -> pl.Expr:
    if kind == _ISO_WEEKS:
        return day.dt.week()
    ordinal = day.dt.ordinal_day().cast(pl.Int32) - 1
    first = (day.dt.weekday().cast(pl.Int32) - 1 - ordinal) % 7 + 1
    return (ordinal + (first - _WEEK_STARTS[kind]) % 7) // 7 + 1


_PARTS: dict[str, Callable[[pl.Expr, int], pl.Expr]] = {
    "YEAR": lambda day, _: day.dt.year(),
    "MONTH": lambda day, _: day.dt.month(),
    "DAY": lambda day, _: day.dt.day(),
    "WEEKDAY": _weekday,
    "WEEKNUM": _week,
}


def hour(board: Board, node: Apply) -> Value:
    """HOUR: return the hour of a moment."""
    arg = board.value(node.args[0])
    number, error = as_number(arg)
    seconds = ((number - number.floor()) * 86_400).round(3)
    return Value(node.form, (seconds / 3600).floor() % 24, error=error, constant=arg.constant)


def days_between(board: Board, node: Apply) -> Value:
    """DAYS: return the days from the second day to the first."""
    args = [board.value(arg) for arg in node.args]
    (end, end_error), (start, start_error) = map(as_number, args)
    constant = all(arg.constant for arg in args)
    return Value(
        node.form, end.floor() - start.floor(), error=any_error(end_error, start_error), constant=constant
    )


def shift_months(board: Board, node: Apply) -> Value:
    """EDATE, EOMONTH: return the day so many months later, or the last one of that month."""
    args = [board.value(arg) for arg in node.args]
    (number, error), (months, months_error) = map(as_number, args)
    day = day_of(number)
    months = _month_number(day) + truncated(months)
    start, after = _month_start(months), _month_start(months + 1)
    last = after - 1
    result = last if node.name == "EOMONTH" else pl.min_horizontal(start + day.dt.day() - 1, last)
    wrong = day.is_null() | start.is_null() | after.is_null()
    constant = all(arg.constant for arg in args)
    return Value(node.form, result, error=any_error(error, months_error, wrong), constant=constant)


def count_workdays(board: Board, node: Apply) -> Value:
    """NETWORKDAYS: return the working days from start to end, both included; negative if the end is earlier."""
    args = [board.value(arg) for arg in node.args[:2]]
    (start, start_error), (end, end_error) = map(as_number, args)
    first, last = day_of(start), day_of(end)
    free, unknown = _holidays(board, node)
    forward = pl.business_day_count(first, last + timedelta(days=1), holidays=free)
    backward = pl.business_day_count(last, first + timedelta(days=1), holidays=free)
    result = pl.when(first <= last).then(forward).otherwise(-backward).cast(pl.Float64)
    error = any_error(start_error, end_error, first.is_null() | last.is_null(), unknown)
    return Value(node.form, result, error=error, constant=all(arg.constant for arg in args))


def add_workdays(board: Board, node: Apply) -> Value:
    """WORKDAY: return the day so many working days later, or earlier."""
    args = [board.value(arg) for arg in node.args[:2]]
    (start, start_error), (days, days_error) = map(as_number, args)
    first = day_of(start)
    free, unknown = _holidays(board, node)
    count = truncated(days)
    wrong = first.is_null() | (count.abs() > _MOST_WORKDAYS)
    steps = pl.when(~wrong).then(count).otherwise(pl.lit(0.0)).cast(pl.Int32)
    first = first.fill_null(EPOCH)
    ahead = first.dt.add_business_days(steps, holidays=free, roll="backward")
    back = first.dt.add_business_days(steps, holidays=free, roll="forward")
    day = pl.when(steps > 0).then(ahead).when(steps < 0).then(back).otherwise(first)
    error = any_error(start_error, days_error, wrong, unknown)
    return Value(node.form, number_of_day(day), error=error, constant=all(arg.constant for arg in args))


def _holidays(board: Board, node: Apply) -> tuple[list[date], pl.Expr | None]:
    """Return the holidays, and an error if some of them are unreadable."""
    if len(node.args) < 3 or not isinstance(node.args[2], Range):  # noqa: PLR2004 - the third argument
        return [], None
    strip = read_range(board, node.args[2])
    days = pl.select(day_of(pl.lit(strip.value))).to_series().drop_nulls().unique().sort()
    return days.to_list(), None if strip.error is None else pl.lit(value=True)


def count_units(board: Board, node: Apply) -> Value:
    """DATEDIF: return the whole years, months or days between two days."""
    args = [board.value(arg) for arg in node.args[:2]]
    (start, start_error), (end, end_error) = map(as_number, args)
    first, last = day_of(start), day_of(end)
    unit = node.args[2]
    named = str(unit.value).upper() if isinstance(unit, Constant) else "D"
    wrong = first.is_null() | last.is_null() | (first > last)
    error = any_error(start_error, end_error, wrong)
    result = _units(first, last, named).cast(pl.Float64)
    return Value(node.form, result, error=error, constant=all(arg.constant for arg in args))


def _units(first: pl.Expr, last: pl.Expr, unit: str) -> pl.Expr:
    months = _month_number(last) - _month_number(first) - (last.dt.day() < first.dt.day()).cast(pl.Float64)
    match unit:
        case "D":
            return number_of_day(last) - number_of_day(first)
        case "M":
            return months
        case "Y":
            return (months / 12).floor()
        case "YM":
            return months % 12
        case "MD":
            gap = last.dt.day().cast(pl.Int32) - first.dt.day().cast(pl.Int32)
            before = number_of_day(last) - last.dt.day() - _month_start(_month_number(last) - 1) + 1
            return pl.when(gap >= 0).then(gap).otherwise(gap + before)
        case _:
            years = (months / 12).floor()
            start = _month_start(_month_number(first) + years * 12) + first.dt.day() - 1
            return number_of_day(last) - start


def _month_number(day: pl.Expr) -> pl.Expr:
    return (day.dt.year().cast(pl.Int32) * 12 + day.dt.month() - 1).cast(pl.Float64)


def _month_start(months: pl.Expr) -> pl.Expr:
    """Return the first days of months counted from the year 0, as numbers; null outside the years 1 to 9999."""
    year = (months / 12).floor()
    known = pl.when(year.is_between(1, _LAST_YEAR)).then(months)
    year, month = (known / 12).floor().cast(pl.Int32), (known % 12).cast(pl.Int32) + 1
    return number_of_day(pl.date(year, month, 1))
