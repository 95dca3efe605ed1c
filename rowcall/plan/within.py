"""How long does `within` give each row: a fixed time, one by column, by conditions, from a setting or a formula?

What conditions and formulas say is computed for all rows at once, when the first row asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from rowcall.duration import Span, Unit, parse_span
from rowcall.errors import MistakesError
from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.mask import masks
from rowcall.language.asking import uses_clock
from rowcall.language.condition import Condition, Literal, OfSetting
from rowcall.language.formula.tree import functions_in
from rowcall.language.value import ByColumn, Computation, FirstThatFits, Length, SameAs, Value
from rowcall.lengths import parse_length
from rowcall.plan.columns import Columns
from rowcall.table import CellValue

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Within:
    """The value of `within` over the rows of a frame."""

    value: Value
    columns: Columns
    now: datetime
    settings: Mapping[str, CellValue] = field(default_factory=dict)

    def of(self, key: str) -> Span | None:
        """Return the time that the row has, None when it is unknown or none at all."""
        try:
            return self._span(self.value, key)
        except MistakesError:  # a column or table that it needs is not there now: unknown
            return None

    def _span(self, value: Value, key: str) -> Span | None:
        match value:
            case Length(span=span):
                return span
            case Literal(value=timedelta() as length):
                return _in_minutes(length)
            case OfSetting(name=name):
                return _read(self.settings.get(name))
            case SameAs(ref=ref):
                found = self.columns.value(ref, key)
                return _read(self.columns.text(ref, key) if found is None else found)
            case Computation():
                return _in_hours(self.columns.of(key, id(value), lambda: self._compute(value)))
            case ByColumn():
                chosen = self._line_of(value, key)
                return None if chosen is None else self._span(chosen, key)
            case FirstThatFits():
                chosen = self._first_of(value, key)
                return None if chosen is None else self._span(chosen, key)
            case _:
                return None

    def _line_of(self, value: ByColumn, key: str) -> Value | None:
        texts = tuple(_folded(self.columns.text(ref, key)) for ref in value.refs)
        fitting = (one for names, one in value.rows if tuple(map(_folded, names)) == texts)
        return next(fitting, value.otherwise)

    def _first_of(self, value: FirstThatFits, key: str) -> Value | None:
        """Return the first value that fits; where that is unknown, none does."""
        for choice in value.choices:
            when = choice.when
            fits = True if when is None else self.columns.of(key, id(when), self._answers_of(when))
            if fits is not False:
                return choice.value if fits else None
        return None

    def _answers_of(self, condition: Condition) -> Callable[[], list[object]]:
        def asked() -> list[object]:
            frame = self.columns.frame
            answer = masks({"one": condition}, frame, self.now, frame.zone, self.settings)["one"]
            return [None] * len(frame) if isinstance(answer, str) else answer.to_list()

        return asked

    def _compute(self, value: Computation) -> list[object]:
        frame = self.columns.frame
        figures = {name: computed for (_, name), computed in frame.figures.items()}
        found = compute_formula(value.formula, frame, self.now, figures)
        hours = found.value.set(found.unknown, None) if found.unknown.any() else found.value
        return hours.to_list() * (len(frame) if len(hours) != len(frame) else 1)


def asks_clock(value: Value | None) -> bool:
    """Say whether the value may change by the passing of time alone."""
    match value:
        case Computation(formula=formula):
            return bool(functions_in(formula) & {"TODAY", "NOW"})
        case ByColumn(rows=rows, otherwise=otherwise):
            return any(asks_clock(one) for _, one in rows) or asks_clock(otherwise)
        case FirstThatFits(choices=choices):
            conditions = (one.when for one in choices if one.when is not None)
            return any(map(uses_clock, conditions)) or any(asks_clock(one.value) for one in choices)
        case _:
            return False


def _read(value: object) -> Span | None:
    if isinstance(value, timedelta):
        return _in_minutes(value)
    if not isinstance(value, str):
        return None
    span = parse_span(value)
    length = None if span is not None else parse_length(value)
    return span if length is None else _in_minutes(length)


def _in_hours(value: object) -> Span | None:
    if isinstance(value, timedelta):
        return _in_minutes(value)
    return _in_minutes(timedelta(hours=float(value))) if isinstance(value, int | float) else None


def _in_minutes(length: timedelta) -> Span | None:
    return Span(ceil(length / _MINUTE), Unit.MINUTE) if length >= timedelta(0) else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
