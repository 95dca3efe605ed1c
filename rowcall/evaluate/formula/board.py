"""What does one evaluation of a formula stand on: the rows, the clock, the figures, and the columns made so far?

Each part of a formula becomes a column as soon as it is known, so that nothing is computed twice and deep formulas
don't grow into deep polars expressions. Parts that are the same in every row stay single values.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.evaluate.computed import Computed
from rowcall.evaluate.formula.value import Value
from rowcall.evaluate.frame import Frame
from rowcall.language.formula.form import NUMBER
from rowcall.language.formula.literals import serial_of
from rowcall.language.formula.tree import Node
from rowcall.table import Snapshot

_HEIGHT = "height"


@dataclass(slots=True)
class Board:
    """The columns of one evaluation. frame: the rows; None = a formula over figures only, which gives one value."""

    snapshot: Snapshot
    now: datetime
    zone: ZoneInfo
    language: str
    frame: Frame | None
    figures: Mapping[str, Computed]
    compute: Callable[["Board", Node], Value]
    columns: pl.DataFrame = field(init=False)
    made: dict[Hashable, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = 1 if self.frame is None else len(self.frame)
        # A frame without columns would forget how many rows there are.
        self.columns = pl.DataFrame([pl.repeat(value=True, n=count, eager=True).alias(_HEIGHT)])

    @property
    def today(self) -> date:
        """The shop's calendar day."""
        return self.now.astimezone(self.zone).date()

    @property
    def now_serial(self) -> float:
        """The moment on the shop's wall clock, as a spreadsheet's number."""
        return serial_of(self.now.astimezone(self.zone).replace(tzinfo=None))

    def value(self, node: Node) -> Value:
        """Return a part of the formula, computed once."""
        if node not in self.made:
            self.made[node] = self.keep(self.compute(self, node))
        return self.made[node]

    def keep(self, value: Value) -> Value:
        """Return the value with each of its expressions made a column, or a single value if constant."""
        parts = {"value": value.value, "text": value.text, "error": value.error}
        wanted = {name: expr for name, expr in parts.items() if expr is not None}
        if value.constant:
            single = pl.DataFrame().select(**wanted)
            kept = {name: pl.lit(single[name].item(), dtype=single[name].dtype) for name in wanted}
        else:
            kept = self._columns(wanted)
        return replace(value, value=kept["value"], text=kept.get("text"), error=kept.get("error"))

    def hold(self, expr: pl.Expr, *, constant: bool) -> pl.Expr:
        """Return an expression as a column, so that what it is used in does not grow with it."""
        return self.keep(Value(NUMBER, expr, constant=constant)).value

    def add(self, series: pl.Series) -> pl.Expr:
        """Return a series of one value for each row as a column."""
        name = f"c{self.columns.width}"
        self.columns = self.columns.with_columns(series.alias(name))
        return pl.col(name)

    def select(self, **exprs: pl.Expr) -> pl.DataFrame:
        """Return expressions over the columns, one value for each row."""
        return self.columns.select(_HEIGHT, **exprs).drop(_HEIGHT)

    def _columns(self, wanted: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
        kept, new = dict(wanted), dict[str, pl.Expr]()
        for name, expr in wanted.items():
            if expr.meta.is_column():
                continue
            column = f"c{self.columns.width + len(new)}"
            new[column] = expr
            kept[name] = pl.col(column)
        if new:
            self.columns = self.columns.with_columns(**new)
        return kept
