"""Where do the values of a formula come from: cells, columns of other tables, figures; and what is its result?"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.cells import Cells, read_cells
from rowcall.evaluate.computed import Computed
from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import DAY_S, UNIX_DAY, as_text, day_of, moment_of
from rowcall.evaluate.formula.value import Value
from rowcall.language.formula.form import Form, Sort
from rowcall.language.formula.tree import Cell, FigureValue, Range
from rowcall.table import Kind, Snapshot, Table

_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Strip:
    """All cells of a table's column: values as `Value` has them, and which are unreadable (None = none)."""

    value: pl.Series
    error: pl.Series | None


def read_cell(board: Board, node: Cell) -> Value:
    """Return the cells of the watched rows."""
    if board.frame is None:
        raise MistakesError([Problem(Place(), f"[{node.ref.name}] has no row to be read from")])
    strip = _strip(board.frame.cells(node.ref), board.zone)
    error = None if strip.error is None else board.add(strip.error)
    return Value(node.form, board.add(strip.value), error=error)


def read_range(board: Board, node: Range) -> Strip:
    """Return all cells of a table's column; raises MistakesError if the table can't be used."""
    return _strip(read_cells(find_table(board.snapshot, node.table), node.column), board.zone)


def find_table(snapshot: Snapshot, name: str) -> Table:
    """Return a table; raises MistakesError if it can't be used now."""
    if name in snapshot.tables:
        return snapshot.tables[name]
    if name in snapshot.broken:
        raise MistakesError([snapshot.broken[name]])
    raise MistakesError(
        [Problem(Place(table=name), f"the tab of {name} is not there, and a formula reads it")]
    )


def read_figure(board: Board, node: FigureValue) -> Value:
    """Return a figure's values."""
    figure = board.figures[node.name]
    value = _as_number(figure.value, figure.kind, board.zone)
    if len(figure) == 1 and len(board.columns) != 1:
        error = pl.lit(value=True) if figure.unknown.item() else None
        return Value(node.form, pl.lit(value.item(), dtype=value.dtype), error=error, constant=True)
    error = board.add(figure.unknown) if figure.unknown.any() else None
    return Value(node.form, board.add(value), error=error)


def finish(board: Board, value: Value, form: Form) -> Computed:
    """Return the result of a formula as a typed column."""
    kind = form.result
    kept = board.keep(Value(form, _typed(value, kind), error=value.error, constant=value.constant))
    found = board.select(value=kept.value, unknown=pl.lit(value=False) if kept.error is None else kept.error)
    result = found["value"]
    if kind is Kind.TEXT:
        result = result.set(result == "", None)  # a typed column has no empty texts
    if kind is Kind.DATETIME:
        result = result.dt.replace_time_zone(board.zone.key, ambiguous="earliest", non_existent="null")
        result = result.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    unknown = found["unknown"]
    if kind in (Kind.DATE, Kind.DATETIME):
        # A number that is no day, or a wall-clock time that the zone skips.
        unknown = unknown | (result.is_null() & board.select(there=value.value.is_not_null())["there"])
    return Computed(kind, result.set(unknown, None), unknown)


def _typed(value: Value, kind: Kind) -> pl.Expr:
    if value.form.mixed and kind is Kind.TEXT:
        return as_text(value)
    if value.form.sort is Sort.FLAG:
        return value.value.fill_null(value=False)
    if kind is Kind.DATE:
        return day_of(value.value)
    if kind is Kind.DATETIME:
        return moment_of(value.value)
    if kind is Kind.DURATION:
        return (value.value * (DAY_S * _US)).round().cast(pl.Int64, strict=False).cast(pl.Duration("us"))
    return value.value


def _strip(cells: Cells, zone: ZoneInfo) -> Strip:
    value = _as_number(cells.value, cells.column.kind, zone)
    if cells.column.kind is Kind.YES_NO and cells.blank is not None:
        value = value.set(cells.blank, None)
    return Strip(value, cells.unknown)


def _as_number(value: pl.Series, kind: Kind, zone: ZoneInfo) -> pl.Series:
    if kind is Kind.DATE:
        return (value.cast(pl.Int32) + UNIX_DAY).cast(pl.Float64)
    if kind is Kind.DATETIME:
        local = value.dt.convert_time_zone(zone.key).dt.replace_time_zone(None)
        return local.dt.epoch("us").cast(pl.Float64) / (DAY_S * _US) + UNIX_DAY
    if kind is Kind.DURATION:
        return value.dt.total_microseconds().cast(pl.Float64) / (DAY_S * _US)
    return value
