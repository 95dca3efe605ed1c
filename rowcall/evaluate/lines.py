"""What did each line of a condition see in one row, and what did it say?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import format_cell
from rowcall.errors import MistakesError, Place
from rowcall.evaluate.computed import Computed, cell_value
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.ground import Ground
from rowcall.evaluate.mask import NO_SETTINGS, answers_on, masks
from rowcall.evaluate.there_is import fitting_keys, formula_of
from rowcall.language.asking import operands_of, watched_refs_of
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Condition,
    Edge,
    FormulaTest,
    Line,
    LinkMissing,
    NoneOf,
    OfColumn,
    OfSetting,
    RowNew,
    ThereIs,
)
from rowcall.language.formula.tree import cells_in, figure_values_in
from rowcall.language.ref import ColumnRef
from rowcall.table import CellValue, Column


class Seen(StrEnum):
    """What kind of cell a line saw."""

    VALUE = "value"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    MISSING = "missing"  # the linked row, the column or the table is not there
    UNKNOWN = "unknown"  # a figure or a formula that gives no value


@dataclass(frozen=True, slots=True)
class Sight:
    """One cell that a line looked at: its name as the rule writes it, and its text ("" = none)."""

    name: str
    text: str
    seen: Seen

    def __str__(self) -> str:
        if self.seen is Seen.UNREADABLE:
            return f'"{self.text}" (unreadable)'
        if self.seen is Seen.UNKNOWN and self.text:
            return self.text
        return self.text if self.seen is Seen.VALUE else f"({self.seen})"


@dataclass(frozen=True, slots=True)
class LineResult:
    """What one line of a condition says of one row.

    text: the line as written, or `any of`, `none of`. value: the cell on its left as shown, "" for a block.
    result: None = unknown. depth: 0 for a line of the condition itself, one more in each block.
    cell: the cell on the left. others: columns and settings on the right. before: the cell before, for an edge.
    trouble: why the line can't be asked, "" = it can.
    """

    place: Place
    text: str
    value: str
    result: bool | None
    depth: int
    cell: Sight | None = None
    others: tuple[Sight, ...] = ()
    before: Sight | None = None
    trouble: str = ""


def explain_lines(
    condition: Condition,
    frame: Frame,
    now: datetime,
    zone: ZoneInfo,
    settings: Mapping[str, CellValue] = NO_SETTINGS,
) -> list[LineResult]:
    """Return what every line of a condition says of the one row of a frame (see `Frame.only`), in written order."""
    parts = list(_parts(condition, 0))
    asked = {str(number): part for number, (part, _) in enumerate(parts)}
    answers = masks(asked, frame, now, zone, settings)
    return [
        _result(part, depth, answers[str(number)], frame, now, settings)
        for number, (part, depth) in enumerate(parts)
    ]


def _parts(condition: Condition, depth: int) -> Iterator[tuple[Condition, int]]:
    """Return lines and blocks with their depth; a block of lines that all must be true has no line of its own."""
    match condition:
        case AllOf(lines=parts):
            for part in parts:
                yield from _parts(part, depth)
        case AnyOf(blocks=parts) | NoneOf(blocks=parts):
            yield condition, depth
            for part in parts:
                yield from _parts(part, depth + 1)
        case _:
            yield condition, depth


def _result(
    part: Condition,
    depth: int,
    answer: pl.Series | str,
    frame: Frame,
    now: datetime,
    settings: Mapping[str, CellValue],
) -> LineResult:
    trouble = answer if isinstance(answer, str) else ""
    result: bool | None = None if isinstance(answer, str) else answer[0]
    if isinstance(part, AllOf | AnyOf | NoneOf):
        text = "" if isinstance(part, AllOf) else part.text
        return LineResult(part.place, text, "", result, depth, trouble=trouble)
    cell = _left(part, frame, now, settings)
    before = _sight(frame, part.ref, before=True) if isinstance(part, Edge) else None
    others = tuple(_others(part, frame, settings))
    value = "" if cell is None else str(cell)
    return LineResult(part.place, part.text, value, result, depth, cell, others, before, trouble)


def _left(line: Line, frame: Frame, now: datetime, settings: Mapping[str, CellValue]) -> Sight | None:
    match line:
        case RowNew():
            return None
        case LinkMissing(links=links):
            return _link_sight(frame, links)
        case ThereIs():
            return _search_sight(frame, line, now, settings)
        case FormulaTest():
            return _formula_sight(frame, line, now)
        case _:
            return _sight(frame, line.ref)


def _others(line: Line, frame: Frame, settings: Mapping[str, CellValue]) -> Iterator[Sight]:
    for operand in operands_of(line):
        if isinstance(operand, OfColumn):
            yield _sight(frame, operand.ref)
        elif isinstance(operand, OfSetting):
            value = settings.get(operand.name)
            text = "" if value is None else str(value)
            seen = Seen.VALUE if text else Seen.EMPTY if operand.name in settings else Seen.MISSING
            yield Sight(f"setting {operand.name}", text, seen)
    for ref in _inner_refs(line):
        yield _sight(frame, ref)


def _inner_refs(line: Line) -> Iterator[ColumnRef]:
    """Return the cells and figures that a formula names, or the lines of a search name of the watched row."""
    if isinstance(line, ThereIs):
        yield from watched_refs_of(line)
    elif isinstance(line, FormulaTest):
        yield from dict.fromkeys(cells_in(line.formula))
        for figure in dict.fromkeys(figure_values_in(line.formula)):
            yield ColumnRef(Column(figure.name, figure.form.kind), "", figure=figure.rule)


def _sight(frame: Frame, ref: ColumnRef, *, before: bool = False) -> Sight:
    if ref.figure:
        return _figure_sight(frame, ref)
    try:
        cells = frame.cells(ref, before=before)
        exists = frame.exists(ref.links)[0]
    except MistakesError:
        return Sight(ref.name, "", Seen.MISSING)
    text: str = cells.text[0] or ""
    if cells.blank is not None and cells.blank[0]:
        return Sight(ref.name, "", Seen.EMPTY)
    if cells.unknown is not None and cells.unknown[0]:
        return Sight(ref.name, text, Seen.UNREADABLE if exists else Seen.MISSING)
    return Sight(ref.name, text, Seen.VALUE)


def _figure_sight(frame: Frame, ref: ColumnRef) -> Sight:
    try:
        computed = frame.figure(ref.figure, ref.column.name)
    except MistakesError:
        return Sight(ref.name, "", Seen.MISSING)
    return _computed_sight(frame, ref.column, computed)


def _computed_sight(frame: Frame, column: Column, computed: Computed) -> Sight:
    if computed.unknown[0]:
        return Sight(column.name, "", Seen.UNKNOWN)
    value = cell_value(computed.value[0], computed.kind)
    if value is None:
        return Sight(column.name, "", Seen.EMPTY)
    typed = replace(column, kind=computed.kind)
    text = format_cell(typed, value, language=frame.language, zone=frame.zone)
    return Sight(column.name, text, Seen.VALUE)


def _formula_sight(frame: Frame, line: FormulaTest, now: datetime) -> Sight:
    column = Column("formula", line.formula.form.result)
    try:
        return _computed_sight(frame, column, formula_of(frame, line.formula, now))
    except MistakesError:
        return Sight(column.name, "", Seen.UNKNOWN)


def _search_sight(frame: Frame, line: ThereIs, now: datetime, settings: Mapping[str, CellValue]) -> Sight:
    try:
        sure, perhaps = fitting_keys(Ground(frame, now, frame.zone, settings), line, answers_on)
    except MistakesError:
        return Sight(line.table, "", Seen.MISSING)
    if not sure and perhaps:
        return Sight(line.table, f"perhaps {_named(perhaps)}", Seen.UNKNOWN)
    return Sight(line.table, _named(sure) if sure else "no row", Seen.VALUE)


def _named(keys: Sequence[str]) -> str:
    """Return `2 rows, the first O-17`; rows of a table without a key have no names."""
    count = f"{len(keys)} rows" if len(keys) > 1 else "1 row"
    if not keys[0]:
        return count
    return f"{count}, the first {keys[0]}" if len(keys) > 1 else f"{count}, {keys[0]}"


def _link_sight(frame: Frame, links: tuple[str, ...]) -> Sight:
    name = ".".join(links)
    try:
        exists = frame.exists(links)[0]
        by = frame.by(links)[0]
    except MistakesError:
        return Sight(name, "", Seen.MISSING)
    seen = Seen.UNREADABLE if exists is None else Seen.VALUE if exists else Seen.MISSING
    return Sight(name, by or "", seen)
