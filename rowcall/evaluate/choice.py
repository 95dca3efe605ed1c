"""Which of the values that `by column` and `first that fits` offer does each row get?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import Unreadable, parse_cell
from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.mask import masks
from rowcall.language.condition import AllOf, Compare, Condition, Literal, Operator
from rowcall.language.ref import ColumnRef
from rowcall.language.value import ByColumn, Choice, FirstThatFits, Value
from rowcall.table import CellValue


@dataclass(slots=True)
class Chosen:
    """Values without a choice in them, and for each row the place of its own; null = unknown, or none fits."""

    values: list[Value] = field(default_factory=list)
    places: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int32))


def choose(
    value: Value, frame: Frame, now: datetime, zone: ZoneInfo, settings: Mapping[str, CellValue]
) -> Chosen:
    """Return which plain value each row gets; raises MistakesError when a condition can't be asked.

    Unknown chooses nothing: a line that is unknown leaves it open whether a later one would have fitted.
    """
    chosen = Chosen()

    def ask(condition: Condition) -> pl.Series:
        answer = masks({"fits": condition}, frame, now, zone, settings)["fits"]
        if isinstance(answer, str):
            raise MistakesError([Problem(Place(), answer)])
        return answer

    def place(one: Value) -> pl.Series:
        choices = choices_of(one, frame.language, zone)
        if choices is None:
            chosen.values.append(one)
            return pl.repeat(len(chosen.values) - 1, len(frame), dtype=pl.Int32, eager=True)
        places = pl.repeat(None, len(frame), dtype=pl.Int32, eager=True)
        still_open = pl.repeat(value=True, n=len(frame), eager=True)
        for choice in choices:
            inner = place(choice.value)
            fits = ask(choice.when) if choice.when is not None else still_open | True
            places = inner.zip_with((still_open & fits).fill_null(value=False), places)
            still_open = still_open & ~fits
        return places

    chosen.places = place(value)
    return chosen


def choices_of(value: Value, language: str, zone: ZoneInfo) -> tuple[Choice, ...] | None:
    """Return the lines among which a value chooses, None when it is a plain value.

    `by column` is the same as `first that fits` with one line for each of its texts.
    """
    match value:
        case FirstThatFits(choices=choices):
            return choices
        case ByColumn(refs=refs, rows=rows, otherwise=otherwise, place=place):
            lines = [Choice(inner, _equal(refs, texts, place, language, zone)) for texts, inner in rows]
            return (*lines, *([Choice(otherwise)] if otherwise is not None else []))
        case _:
            return None


def _equal(
    refs: tuple[ColumnRef, ...], texts: tuple[str, ...], place: Place, language: str, zone: ZoneInfo
) -> Condition:
    def compare(ref: ColumnRef, text: str) -> Condition:
        value = parse_cell(ref.column, text, language=language, zone=zone)
        literal = Literal(text, text if isinstance(value, Unreadable) else value)
        return Compare(ref, Operator.EQUAL, literal, place, text)

    return AllOf(tuple(compare(ref, text) for ref, text in zip(refs, texts, strict=True)), place)
