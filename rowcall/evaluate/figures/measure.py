"""What do the values of many rows come to: their sum, average, median, the highest, how many different ones?

The median and the 90th percentile are the spreadsheet's MEDIAN and PERCENTILE (PERCENTILE.INC): between two values
they lie as far as their rank does. Empty cells count nowhere; of no values the sum is 0, and nothing else is known
but that there is none. Texts are the same whatever their letter case.
"""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from rowcall.evaluate.cells import Cells
from rowcall.evaluate.computed import DTYPES
from rowcall.evaluate.digits import round_numbers
from rowcall.evaluate.figures.pick import Picked
from rowcall.evaluate.wall_clock import starts_of_days
from rowcall.evaluate.words import fold_texts
from rowcall.evaluate.working import elapsed_column, find_calendar
from rowcall.language.figure import Aggregate, Count, FormulaOf, How, Listing, Measure, ShareWith, TimeBetween
from rowcall.table import Kind

_EXPRS = {
    How.SUM: pl.col("value").sum(),
    How.AVERAGE: pl.col("value").mean(),
    How.MEDIAN: pl.col("value").median(),
    How.P90: pl.col("value").quantile(0.9, "linear"),
    How.HIGHEST: pl.col("value").max(),
    How.LOWEST: pl.col("value").min(),
    How.DISTINCT: pl.col("value").drop_nulls().n_unique().cast(pl.Float64),
}
_ZERO = (How.SUM, How.DISTINCT)


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of each group, typed by kind; null = none. left_out: searched rows whose cells are unreadable."""

    value: pl.Series
    left_out: pl.Series | None = None
    header: str = ""


def measure(picked: Picked, how: Measure, kind: Kind) -> Measured:
    """Return what the picked rows come to; raises MistakesError if a column can't be used."""
    match how:
        case Count():
            counted = _per_group(
                picked, pl.repeat(1.0, len(picked.rows), eager=True), pl.len().cast(pl.Float64)
            )
            return Measured(counted.fill_null(0.0))
        case ShareWith():
            return Measured(_per_group(picked, _flags(picked), pl.col("value").mean()), _doubtful(picked))
        case Aggregate(how=way, ref=ref):
            cells = picked.ground.frame.cells(ref)
            value = _aggregate(picked, _values(cells, way).gather(picked.rows), way)
            return Measured(_typed(value, cells, kind, way), _among(cells.unknown, picked), ref.name)
        case TimeBetween():
            return _between(picked, how)
        case Listing() | FormulaOf():
            raise TypeError(f"{type(how).__name__} does not measure rows")


def of_nothing(value: pl.Series, how: object) -> pl.Series:
    """Return values with those of no rows filled in: sums and counts are 0, of all else there is none."""
    if not isinstance(how, Count) and getattr(how, "how", None) not in _ZERO:
        return value
    return value.fill_null(timedelta(0) if value.dtype == pl.Duration("us") else 0)


def _between(picked: Picked, how: TimeBetween) -> Measured:
    frame = picked.ground.frame
    ends = [frame.cells(ref) for ref in (how.start, how.end)]
    start, end = (cells.value.gather(picked.rows) for cells in ends)
    zone = frame.zone
    if not how.calendar and start.dtype == end.dtype:
        length = end - start
    elif not how.calendar:
        length = starts_of_days(end, zone) - starts_of_days(start, zone)
    else:
        calendar = find_calendar(frame.calendars, how.calendar)
        length = elapsed_column(calendar, starts_of_days(start, zone), starts_of_days(end, zone))
    beyond = length.is_null() & start.is_not_null() & end.is_not_null()
    unread = [_among(cells.unknown, picked) for cells in ends]
    left_out = [one for one in (*unread, picked.rows.filter(beyond)) if one is not None and len(one)]
    value = _aggregate(picked, length.cast(pl.Duration("us")).to_physical(), how.how)
    typed = value.round().cast(pl.Int64).cast(pl.Duration("us")) if how.how is not How.DISTINCT else value
    names = f"{how.start.name}, {how.end.name}"
    return Measured(typed, pl.concat(left_out).unique() if left_out else None, names)


def _aggregate(picked: Picked, values: pl.Series, how: How) -> pl.Series:
    found = _per_group(picked, values, _EXPRS[how])
    return found.fill_null(0) if how in _ZERO else found


def _per_group(picked: Picked, values: pl.Series, expr: pl.Expr) -> pl.Series:
    """Return one value for each group, null for a group without rows."""
    frame = pl.DataFrame({"value": values})
    if picked.groups is None:
        return frame.select(expr.alias("found"))["found"] if len(frame) else _none(frame, expr, 1)
    found = frame.with_columns(group=picked.groups).group_by("group").agg(expr.alias("found"))
    return _none(frame, expr, picked.count).scatter(found["group"], found["found"])


def _none(frame: pl.DataFrame, expr: pl.Expr, count: int) -> pl.Series:
    dtype = frame.clear().select(expr.alias("found"))["found"].dtype
    return pl.repeat(None, count, dtype=dtype, eager=True)


def _values(cells: Cells, how: How) -> pl.Series:
    """Return cells as something to sum, order or tell apart."""
    value, kind = cells.value, cells.column.kind
    if how is How.DISTINCT:
        if value.dtype == pl.Float64:
            return round_numbers(value)
        return fold_texts(value) if value.dtype == pl.String else value
    if kind is Kind.CHOICE:
        choices = cells.column.choices
        return value.replace_strict(
            list(choices), list(range(len(choices))), default=None, return_dtype=pl.Int32
        )
    return value if value.dtype in (pl.Float64, pl.String) else value.to_physical()


def _typed(value: pl.Series, cells: Cells, kind: Kind, how: How) -> pl.Series:
    if how is How.DISTINCT:
        return value
    if cells.column.kind is Kind.CHOICE:
        choices = pl.Series(list(cells.column.choices), dtype=pl.String)
        return choices.gather(value.cast(pl.UInt32))
    dtype = cells.value.dtype
    if dtype in (pl.Float64, pl.String):
        return value
    whole = value if value.dtype.is_integer() else value.round()
    return whole.cast(pl.Int32 if dtype == pl.Date else pl.Int64).cast(DTYPES.get(kind, dtype))


def _flags(picked: Picked) -> pl.Series:
    shares = (
        picked.shares if picked.shares is not None else pl.repeat(value=True, n=len(picked.rows), eager=True)
    )
    return shares.cast(pl.Float64)


def _doubtful(picked: Picked) -> pl.Series | None:
    if picked.shares is None or not picked.shares.null_count():
        return None
    return picked.rows.filter(picked.shares.is_null()).unique()


def _among(unknown: pl.Series | None, picked: Picked) -> pl.Series | None:
    """Return which of the picked rows have an unreadable cell."""
    if unknown is None:
        return None
    rows = picked.rows.filter(unknown.gather(picked.rows)).unique()
    return rows if len(rows) else None
