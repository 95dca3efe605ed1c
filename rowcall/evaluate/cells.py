"""What is known of each cell of a column: its value, that it is empty, or nothing?"""

from dataclasses import dataclass, replace

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.language.near import did_you_mean
from rowcall.numbers import BLANKS
from rowcall.table import NUMERIC, Column, Kind, Table


@dataclass(frozen=True, slots=True)
class Cells:
    """One column of the watched rows.

    text: as it stands in the sheet. value: typed; null where blank or unknown (yes/no: False where blank).
    blank: true where the cell is known to be empty. unknown: true where nothing is known of the cell.
    Both are None when they are true nowhere, so that most conditions need not ask.
    """

    column: Column
    text: pl.Series
    value: pl.Series
    blank: pl.Series | None = None
    unknown: pl.Series | None = None


def read_cells(table: Table, column: Column, rows: pl.Series | None = None) -> Cells:
    """Return a column of a table, or of its rows at these positions (null = no row: an empty cell).

    Raises MistakesError if the table has no such column.
    """
    if column.name not in table.typed.columns:
        raise MistakesError([_no_such_column(table, column.name)])
    text, value = table.text[column.name], _finite(table.typed[column.name], column.kind)
    if rows is not None:
        text, value = text.gather(rows), value.gather(rows)
    is_flag = column.kind is Kind.YES_NO
    if not value.null_count() and not is_flag:
        return Cells(column, text, value)
    nothing, missing = value.is_null(), text.is_null()
    open_ = ~missing if is_flag else nothing & ~missing  # a text, but it may be blanks
    blank = missing if is_flag else nothing & missing
    if open_.any():
        blank = blank.scatter(open_.arg_true(), text.filter(open_).str.strip_chars(BLANKS) == "")
    unknown = nothing & ~blank
    if is_flag and value.null_count():
        value = value.set(blank, value=False)
    return Cells(column, text, value, _some(blank), _some(unknown))


def pick_cells(cells: Cells, rows: pl.Series) -> Cells:
    """Return the cells of the rows at these positions."""
    blank, unknown = (None if flags is None else flags.gather(rows) for flags in (cells.blank, cells.unknown))
    return Cells(cells.column, cells.text.gather(rows), cells.value.gather(rows), blank, unknown)


def hide_cells(cells: Cells, hidden: pl.Series) -> Cells:
    """Return the cells with those that are `hidden` unknown instead of empty."""
    if not hidden.any():
        return cells
    count = len(hidden)
    return replace(
        cells,
        value=cells.value.set(hidden, None),
        blank=_some(_all(cells.blank, count) & ~hidden),
        unknown=_some(_all(cells.unknown, count) | hidden),
    )


def align_cells(then: Cells, rows: pl.Series, new: pl.Series, now: Cells) -> Cells:
    """Return cells of the past in the order of now.

    rows: position then, null = not there: empty where `new`, as now elsewhere.
    """
    count, count_then = len(rows), len(then.text)
    text, value = then.text.gather(rows), then.value.gather(rows)
    blank, unknown = _all(then.blank, count_then).gather(rows), _all(then.unknown, count_then).gather(rows)
    if rows.null_count():
        here = rows.is_not_null()
        text, value = text.zip_with(here, now.text), value.zip_with(here, now.value)
        blank = blank.zip_with(here, _all(now.blank, count))
        unknown = unknown.zip_with(here, _all(now.unknown, count))
    if new.any():
        empty = False if then.column.kind is Kind.YES_NO else None
        text, value = text.set(new, None), value.set(new, empty)
        blank, unknown = blank | new, unknown & ~new
    return Cells(then.column, text, value, _some(blank), _some(unknown))


def _finite(value: pl.Series, kind: Kind) -> pl.Series:
    """No comparison may ever be true of NaN: such a cell is unreadable."""
    if kind not in NUMERIC or value.is_finite().all():
        return value
    return value.set(~value.is_finite(), None)


def _all(flags: pl.Series | None, count: int) -> pl.Series:
    return pl.repeat(value=False, n=count, eager=True) if flags is None else flags


def _some(flags: pl.Series) -> pl.Series | None:
    return flags if flags.any() else None


def _no_such_column(table: Table, name: str) -> Problem:
    for problem in table.problems:
        if problem.place.header == name and not problem.place.key:
            return problem
    columns = ", ".join(table.text.columns)
    return Problem(
        Place(table=table.schema.table, header=name),
        f'{table.schema.table} has no usable column "{name}" now; columns: {columns}',
        suggestion=did_you_mean(name, table.text.columns),
    )
