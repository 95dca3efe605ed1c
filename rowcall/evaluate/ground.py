"""What do all lines of one evaluation stand on: columns made once, the clock, the settings?"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import Unreadable, parse_cell
from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.cells import Cells
from rowcall.evaluate.frame import Frame
from rowcall.language.condition import Literal, OfSetting
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.table import CellValue


@dataclass(frozen=True, slots=True)
class Ground:
    """One frame at one moment. now: UTC. settings: name → its text, or its value if typed already.

    inputs: the columns that expressions refer to, made when first asked for. made: anything else made once.
    """

    frame: Frame
    now: datetime
    zone: ZoneInfo
    settings: Mapping[str, CellValue] = field(default_factory=dict)
    inputs: dict[str, pl.Series] = field(default_factory=dict)
    made: dict[Hashable, object] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return self.now.astimezone(self.zone).date()

    def side(self, *, before: bool) -> "Side":
        """Return the cells of now, or those of before."""
        return Side(self, before)

    def column(self, key: Hashable, make: Callable[[], pl.Series]) -> pl.Expr:
        """Return the input column known by that key, made at first use."""
        name = self.made.get(("column", key))
        if not isinstance(name, str):
            series = make()
            name = f"input {len(self.inputs)}"
            self.inputs[name] = series.rename(name)
            self.made["column", key] = name
        return pl.col(name)


@dataclass(frozen=True, slots=True)
class Side:
    """The cells of now, or of before, as expressions."""

    ground: Ground
    before: bool

    def cells(self, ref: ColumnRef) -> Cells:
        """Return the column's cells."""
        return self.ground.frame.cells(ref, before=self.before)

    def value(self, ref: ColumnRef) -> pl.Expr:
        """Return the typed values; null where blank or unknown."""
        return self.ground.column((ref, self.before, "value"), lambda: self.cells(ref).value)

    def blank(self, ref: ColumnRef) -> pl.Expr | None:
        """Say where cells are known to be empty, or None if nowhere."""
        blank = self.cells(ref).blank
        return None if blank is None else self.ground.column((ref, self.before, "blank"), lambda: blank)

    def unknown(self, ref: ColumnRef) -> pl.Expr | None:
        """Say where nothing is known of cells, or None if nowhere."""
        unknown = self.cells(ref).unknown
        return None if unknown is None else self.ground.column((ref, self.before, "unknown"), lambda: unknown)

    def false_if_blank(self, ref: ColumnRef, test: pl.Expr) -> pl.Expr:
        """Return the test, false instead of null where the cell is empty."""
        blank = self.blank(ref)
        return test if blank is None else test & ~blank

    def fixed(self, ref: ColumnRef, operand: Literal | OfSetting) -> CellValue:
        """Return the value of a literal or of a setting, typed by the column that it meets."""
        if isinstance(operand, Literal):
            return operand.value
        settings = self.ground.settings
        if operand.name not in settings:
            what = f'there is no setting "{operand.name}"; settings: {", ".join(settings) or "none"}'
            raise MistakesError([Problem(Place(), what, suggestion=did_you_mean(operand.name, settings))])
        value = settings[operand.name]
        if not isinstance(value, str):
            return value
        frame = self.ground.frame
        typed = parse_cell(ref.column, value, language=frame.language, zone=self.ground.zone)
        if isinstance(typed, Unreadable):
            what = f'the setting "{operand.name}" is "{value}", compared with {ref.name}: {typed.why}'
            raise MistakesError([Problem(Place(), what, suggestion=typed.suggestion)])
        return typed
