"""What are the values of a figure or formula, and how do they stand as cells beside those of a sheet?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.cells import Cells
from rowcall.table import NUMERIC, CellValue, Column, Kind

FigureKey = tuple[str, str]
"""The id of a rule and the name of its figure."""

DTYPES: dict[Kind, pl.DataType] = {
    **dict.fromkeys(NUMERIC, pl.Float64()),
    Kind.DATE: pl.Date(),
    Kind.DATETIME: pl.Datetime("us", "UTC"),
    Kind.DURATION: pl.Duration("us"),
    Kind.YES_NO: pl.Boolean(),
}
"""The types of typed columns; kinds that are not named are texts."""

_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Computed:
    """The values of a formula, or of a figure.

    kind: what they are. value: typed as `Table.typed` says; null where empty or unknown. unknown: where the formula
    is an error. Both have one value for each row, or one only that stands for all rows.
    """

    kind: Kind
    value: pl.Series
    unknown: pl.Series

    def __len__(self) -> int:
        return len(self.value)

    def at(self, rows: pl.Series) -> "Computed":
        """Return the values of the rows at these positions; one that stands for all rows stays as it is."""
        if len(self) == 1:
            return self
        return Computed(self.kind, self.value.gather(rows), self.unknown.gather(rows))


def nothing_known(kind: Kind) -> Computed:
    """Return the one value of a figure that can't be computed."""
    value = pl.Series([None], dtype=DTYPES.get(kind, pl.String()))
    return Computed(kind, value, pl.Series([True]))


def figure_cells(column: Column, computed: Computed, count: int) -> Cells:
    """Return a figure as a column of cells; its texts are plain numbers and dates."""
    value, unknown = computed.value, computed.unknown
    if len(computed) == 1 != count:
        value, unknown = value.new_from_index(0, count), unknown.new_from_index(0, count)
    blank = value.is_null() & ~unknown
    return Cells(
        column, _texts(value), value, blank if blank.any() else None, unknown if unknown.any() else None
    )


def cell_value(value: object, kind: Kind) -> CellValue:
    """Return one typed value as rules know it: numbers exact to the 15 digits that spreadsheets keep."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Decimal(f"{value:.{_DIGITS}g}") if kind in NUMERIC else None
    return value if isinstance(value, str | date | datetime | timedelta) else None


def no_such_figure(name: str) -> MistakesError:
    """Return the mistake of asking for a figure that nobody computed."""
    return MistakesError([Problem(Place(), f'the figure "{name}" is not known here')])


def no_watched_row(name: str) -> MistakesError:
    """Return the mistake of naming `this` where no row is watched."""
    return MistakesError(
        [Problem(Place(), f"`this.{name}` names the watched row, and here no row is watched")]
    )


def _texts(value: pl.Series) -> pl.Series:
    """Return values as texts: 1344.5, 12, 2026-03-08."""
    if value.dtype != pl.Float64:
        return value if value.dtype == pl.String else value.cast(pl.String)
    whole = value.round() == value
    texts = value.round_sig_figs(_DIGITS).cast(pl.String)
    small = (value.abs() < 1e15).fill_null(value=False)  # noqa: PLR2004 - beyond, a text has an exponent
    return texts.zip_with(
        ~(whole & small).fill_null(value=False), value.cast(pl.Int64, strict=False).cast(pl.String)
    )
