"""What are the figures of a rule, for one of its rows or for the rule as a whole, and how do they read?"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from rowcall.errors import Problem
from rowcall.evaluate.computed import Computed, cell_value
from rowcall.evaluate.figures.listing import Breakdown, ListRows
from rowcall.evaluate.frame import Frame
from rowcall.language.figure import Figure
from rowcall.language.ref import ColumnRef
from rowcall.table import CellValue, Kind

NOTHING = "–"
"""Stands for a figure that is empty or unknown."""

Say = Callable[[CellValue, Kind, str], str]
"""How a value reads: its kind, and `show as` ("" = as its kind reads)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, or a breakdown: its columns (name, kind, show as) and its rows.

    A text in a column of another kind is an unreadable cell. keys: those of the rows of a list.
    """

    columns: tuple[tuple[str, Kind, str], ...]
    rows: tuple[tuple[CellValue, ...], ...]
    table: str = ""
    keys: tuple[str, ...] = ()
    refs: tuple[ColumnRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One figure as a text names it: `{% for figure in figures %}`."""

    name: str
    value: CellValue
    text: str
    change: Decimal | None
    change_text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a rule, computed.

    values: one for each watched row, or one for all. before: the same in the period compared with, of those figures
    that look at a period. lists, breakdowns: by name. problems: what was left out, and what can't be computed.
    keys: the watched rows' keys, None = the rule looks at no table; places: where each stands, listed at first use.
    """

    rule: str
    figures: Mapping[str, Figure]
    values: Mapping[str, Computed]
    before: Mapping[str, Computed] = field(default_factory=dict)
    lists: Mapping[str, ListRows] = field(default_factory=dict)
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    keys: pl.Series | None = None
    places: dict[str, int] = field(default_factory=dict)

    def value(self, name: str, key: str = "") -> CellValue:
        """Return a figure's value for the row with that key; None where empty or unknown; raises KeyError."""
        return _value(self.values[name], self.row(key))

    def is_unknown(self, name: str, key: str = "") -> bool:
        """Say whether a figure is unknown for that row, because something of it can't be computed."""
        unknown = self.values[name].unknown
        return bool(unknown[self.row(key) if len(unknown) > 1 else 0])

    def change(self, name: str, key: str = "") -> Decimal | None:
        """Return by how much a figure changed since the period compared with, as a share: 0.1 is 10% more.

        None where the figure was 0 or nothing then, or ignores the period.
        """
        if name not in self.before:
            return None
        row = self.row(key)
        now, before = _number(_value(self.values[name], row)), _number(_value(self.before[name], row))
        if now is None or not before:
            return None
        return (now - before) / abs(before)

    def shown(self, name: str, say: Say, key: str = "") -> str:
        """Return a figure as it reads: `€1,344.50`; `–` where it is empty or unknown."""
        value, figure = self.value(name, key), self.figures[name]
        return NOTHING if value is None else say(value, figure.kind, figure.show_as or "")

    def change_shown(self, name: str, say: Say, key: str = "") -> str:
        """Return a figure's change as it reads: `+12%`, `-3%`; `–` where there is none."""
        change = self.change(name, key)
        if change is None:
            return NOTHING
        text = say(change, Kind.PERCENT, "")
        return f"+{text}" if change > 0 and not text.startswith("0%") else text

    def told(self, say: Say, key: str = "") -> tuple[Told, ...]:
        """Return every figure with a single value, in the order written."""
        return tuple(
            Told(
                name,
                self.value(name, key),
                self.shown(name, say, key),
                self.change(name, key),
                self.change_shown(name, say, key),
            )
            for name in self.figures
            if name in self.values
        )

    def listed(self, name: str, key: str = "") -> Listed:
        """Return a list or a breakdown for the row with that key; raises KeyError."""
        if name in self.lists:
            return _listed(self.lists[name], self.row(key))
        return self._broken_down(self.figures[name], self.breakdowns[name], self.row(key))

    def is_listed(self, name: str) -> bool:
        """Say whether a figure is a list or a breakdown."""
        return name in self.lists or name in self.breakdowns

    def on(self, frame: Frame) -> Frame:
        """Return the frame of the watched rows with these figures."""
        return frame.with_figures(self.rule, self.values)

    def row(self, key: str) -> int:
        """Return the position of a watched row; 0 where there are none; raises KeyError."""
        if self.keys is None:
            return 0
        if not self.places:
            self.places.update({one: place for place, one in enumerate(self.keys.to_list())})
        return self.places[key]

    def _broken_down(self, figure: Figure, found: Breakdown, row: int) -> Listed:
        by, values = found.of(row)
        shown = _column(found.ground.frame.at(by), found.ref)
        cells = [cell_value(value, figure.kind) for value in values]
        columns = (
            (found.ref.name, found.ref.column.kind, ""),
            (figure.name, figure.kind, figure.show_as or ""),
        )
        return Listed(columns, tuple(zip(shown, cells, strict=True)))


def _listed(found: ListRows, row: int) -> Listed:
    frame = found.ground.frame.at(found.of(row))
    columns = [_column(frame, ref) for ref in found.refs]
    return Listed(
        tuple((ref.name, ref.column.kind, "") for ref in found.refs),
        tuple(zip(*columns, strict=True)),
        frame.view.table.schema.table,
        tuple(frame.keys.fill_null("")),
        found.refs,
    )


def _column(frame: Frame, ref: ColumnRef) -> Iterable[CellValue]:
    """Return the cells of a column: typed, an unreadable one as its text, None where empty."""
    cells = frame.cells(ref)
    kind = ref.column.kind
    if cells.unknown is None:
        return [cell_value(value, kind) for value in cells.value]
    return [
        text if unread else cell_value(value, kind)
        for value, text, unread in zip(cells.value, cells.text, cells.unknown, strict=True)
    ]


def _value(computed: Computed, row: int) -> CellValue:
    return cell_value(computed.value[row if len(computed) > 1 else 0], computed.kind)


def _number(value: CellValue) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    seconds = getattr(value, "total_seconds", None)
    return None if seconds is None else Decimal(repr(seconds()))
