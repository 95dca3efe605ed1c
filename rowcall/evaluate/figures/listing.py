"""What stands in a list, and what does a figure come to for each value of a column?

A list is sorted by its columns, empty cells last, and keeps the sheet's order among equals. The lines of a breakdown
stand in the order of their values; of rows whose cell is empty there is one line, the last.
"""

from dataclasses import dataclass, replace

import polars as pl

from rowcall.evaluate.cells import Cells
from rowcall.evaluate.figures.pick import Picked
from rowcall.evaluate.ground import Ground
from rowcall.evaluate.words import fold_texts
from rowcall.language.figure import Listing
from rowcall.language.ref import ColumnRef
from rowcall.table import Kind

_GROUP = "group"


@dataclass(frozen=True, slots=True)
class ListRows:
    """The rows of a list. groups: the group of each row, in order; None = they are one group.

    watched: the group of each watched row, null = none; None: the groups are the watched rows, or there is one.
    """

    ground: Ground
    refs: tuple[ColumnRef, ...]
    rows: pl.Series
    groups: pl.Series | None
    watched: pl.Series | None

    def of(self, watched: int) -> pl.Series:
        """Return the positions of the rows that are in the list of one watched row."""
        return _slice(self.rows, self.groups, self.watched, watched)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The lines of a breakdown. by: the searched row that shows a line's value; values: what the figure is there."""

    ground: Ground
    ref: ColumnRef
    by: pl.Series
    values: pl.Series
    groups: pl.Series | None
    watched: pl.Series | None

    def of(self, watched: int) -> tuple[pl.Series, pl.Series]:
        """Return the rows that show the values of the lines of one watched row, and the figure's values."""
        return tuple(_slice(one, self.groups, self.watched, watched) for one in (self.by, self.values))  # type: ignore[return-value] # two of two


def list_rows(picked: Picked, how: Listing) -> ListRows:
    """Return the rows of a list; raises MistakesError if a column can't be used."""
    frame = pl.DataFrame({"row": picked.rows})
    names, falling = [], []
    for number, (ref, descending) in enumerate(how.sort_by):
        names.append(f"key {number}")
        falling.append(descending)
        frame = frame.with_columns(
            sort_key(picked.ground.frame.cells(ref)).gather(picked.rows).alias(names[-1])
        )
    if picked.groups is not None:
        frame = frame.with_columns(picked.groups.alias(_GROUP))
        names, falling = [_GROUP, *names], [False, *falling]
    names, falling = [*names, "row"], [*falling, False]
    frame = frame.sort(names, descending=falling, nulls_last=True)
    if how.at_most is not None:
        frame = _head(frame, how.at_most, picked.groups is not None)
    groups = frame[_GROUP] if picked.groups is not None else None
    return ListRows(picked.ground, how.refs, frame["row"], groups, picked.watched)


def split_by(picked: Picked, ref: ColumnRef) -> tuple[Picked, pl.DataFrame, pl.Series | None]:
    """Return the picked rows in a group for each value of a column, those lines, and the rows that were left out.

    The lines: group (of the figure, if it has groups), line (the number of the new group) and row (one of its rows),
    in their order.
    """
    cells = picked.ground.frame.cells(ref)
    left_out = None
    if cells.unknown is not None:
        unread = cells.unknown.gather(picked.rows)
        left_out = picked.rows.filter(unread).unique()
        picked = picked.only(~unread)
    frame = pl.DataFrame({"value": sort_key(cells).gather(picked.rows), "row": picked.rows})
    frame = frame.with_columns(
        pl.lit(0).alias(_GROUP) if picked.groups is None else picked.groups.alias(_GROUP)
    )
    lines = frame.group_by(_GROUP, "value").agg(pl.col("row").first())
    lines = lines.sort(_GROUP, "value", nulls_last=True).with_row_index("line")
    numbers = frame.join(
        lines.drop("row"), on=[_GROUP, "value"], how="left", nulls_equal=True, maintain_order="left"
    )["line"]
    return replace(picked, groups=numbers, count=len(lines), watched=None), lines, left_out


def sort_key(cells: Cells) -> pl.Series:
    """Return cells as they are ordered and told apart: choices as the column lists them, texts without letter case."""
    value = cells.value
    if cells.column.kind is Kind.CHOICE:
        choices = list(cells.column.choices)
        return value.replace_strict(choices, list(range(len(choices))), default=None, return_dtype=pl.Int32)
    return fold_texts(value) if value.dtype == pl.String else value


def _head(frame: pl.DataFrame, most: int, is_grouped: bool) -> pl.DataFrame:
    if not is_grouped:
        return frame.head(most)
    return frame.filter(pl.int_range(pl.len()).over(_GROUP) < most)


def _slice(values: pl.Series, groups: pl.Series | None, watched: pl.Series | None, row: int) -> pl.Series:
    if groups is None:
        return values
    group = row if watched is None else watched[row]
    if group is None:
        return values.head(0)
    first, last = (int(groups.search_sorted(group, side=side)) for side in ("left", "right"))
    return values[first:last]
