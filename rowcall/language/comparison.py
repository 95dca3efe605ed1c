"""How do the phrases about a cell's value become lines: equal, more, between, one of, contains, ago?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import re2

from rowcall.duration import Span, Unit
from rowcall.errors import Place
from rowcall.language.condition import (
    Ago,
    Ahead,
    Anniversary,
    Between,
    Compare,
    InPeriod,
    IsEmpty,
    Line,
    Literal,
    Moment,
    OneOf,
    Operator,
    TextHow,
    TextTest,
    Valid,
)
from rowcall.language.literal import read_literal
from rowcall.language.mistaken import Hints, Mistaken
from rowcall.language.names import has_column
from rowcall.language.operand import Side, read_equal_column, read_operand, read_setting
from rowcall.language.ref import EACH, THIS_SPELLINGS
from rowcall.language.spans import calendar_of, read_days
from rowcall.language.words import Phrase
from rowcall.table import NUMERIC, Column, Kind

T = TypeVar("T")

COMPARISONS = {
    Phrase.AT_LEAST: Operator.AT_LEAST,
    Phrase.AT_MOST: Operator.AT_MOST,
    Phrase.MORE_THAN: Operator.MORE,
    Phrase.ABOVE: Operator.MORE,
    Phrase.LESS_THAN: Operator.LESS,
    Phrase.BELOW: Operator.LESS,
    Phrase.BEFORE: Operator.LESS,
    Phrase.AFTER: Operator.MORE,
    Phrase.ON_OR_BEFORE: Operator.AT_MOST,
    Phrase.ON_OR_AFTER: Operator.AT_LEAST,
}
AGES = {
    Phrase.AT_LEAST_AGO: Operator.AT_LEAST,
    Phrase.AT_MOST_AGO: Operator.AT_MOST,
    Phrase.MORE_AGO: Operator.MORE,
    Phrase.LESS_AGO: Operator.LESS,
    Phrase.AGO: Operator.EQUAL,
}
TEXT_TESTS = {
    Phrase.CONTAINS: (TextHow.CONTAINS, False),
    Phrase.NOT_CONTAINS: (TextHow.CONTAINS, True),
    Phrase.CONTAINS_ONE_OF: (TextHow.CONTAINS, False),
    Phrase.NOT_CONTAINS_ONE_OF: (TextHow.CONTAINS, True),
    Phrase.STARTS: (TextHow.STARTS, False),
    Phrase.NOT_STARTS: (TextHow.STARTS, True),
    Phrase.ENDS: (TextHow.ENDS, False),
    Phrase.NOT_ENDS: (TextHow.ENDS, True),
    Phrase.MATCHES: (TextHow.MATCHES, False),
    Phrase.NOT_MATCHES: (TextHow.MATCHES, True),
}
_QUIET = re2.Options()
_QUIET.log_errors = False
_DAYS = {Phrase.TODAY: 0, Phrase.YESTERDAY: -1, Phrase.TOMORROW: 1}
_COMMA = re.compile(r"\s*[,，、；]\s*")
_COMMA_BEFORE_BLANK = re.compile(r"\s*(?:,(?:\s+|$)|[，、；]\s*)")
_SHORT_UNITS = (Unit.MINUTE, Unit.HOUR)
_DAYS_OF = {Unit.DAY: 1, Unit.WEEK: 7}


@dataclass(frozen=True, slots=True)
class Written:
    """A phrase as it stands: its text, its place, and where hints about it go."""

    text: str
    place: Place
    hints: Hints


def read_comparison(side: Side, word: Phrase, holes: Mapping[str, str], written: Written) -> Line:
    """Return the line that a phrase about a value says; raises Mistaken."""
    ref, place, text = side.left, written.place, written.text
    if word in COMPARISONS:
        part = next(iter(holes.values()))
        right = inside(text, part, lambda hints: read_operand(side, part, hints), written.hints)
        return Compare(ref, COMPARISONS[word], right, place, text)
    if word in AGES:
        span = _read_age(side, text, holes["span"])
        return Ago(ref, AGES[word], span, place, text, calendar_of(span, side.scope))
    if word in TEXT_TESTS:
        how, negated = TEXT_TESTS[word]
        return TextTest(ref, how, _read_texts(word, holes, text), place, text, negated=negated)
    if word in _DAYS:
        return Compare(ref, Operator.EQUAL, Moment(days=_DAYS[word]), place, text)
    return _read_other(side, word, holes, written)


def _read_other(side: Side, word: Phrase, holes: Mapping[str, str], written: Written) -> Line:
    ref, place, text = side.left, written.place, written.text
    match word:
        case Phrase.EMPTY | Phrase.NOT_EMPTY:
            return IsEmpty(ref, place, text, negated=word is Phrase.NOT_EMPTY)
        case Phrase.VALID | Phrase.NOT_VALID:
            return Valid(ref, place, text, negated=word is Phrase.NOT_VALID)
        case Phrase.ONE_OF | Phrase.NOT_ONE_OF:
            values = _read_values(side, holes["values"], written)
            return OneOf(ref, values, place, text, negated=word is Phrase.NOT_ONE_OF)
        case Phrase.SAME_AS | Phrase.NOT_SAME_AS:
            name = holes["column"]
            right = inside(text, name, lambda _: read_equal_column(side, name))
            return Compare(ref, Operator.EQUAL, right, place, text, negated=word is Phrase.NOT_SAME_AS)
        case Phrase.SETTING:
            return Compare(
                ref, Operator.EQUAL, read_setting(side.scope, holes["name"], ref.column), place, text
            )
        case Phrase.BETWEEN:
            return _read_between(side, holes["low"], holes["high"], written)
        case Phrase.MISSING | Phrase.NOT_MISSING:
            instead = "empty" if word is Phrase.MISSING else "not empty"
            raise Mistaken(f"`{text}` is asked of links only; {ref.name} is a column.", instead)
        case _:
            return _read_days(side, word, holes, written)


def _read_days(side: Side, word: Phrase, holes: Mapping[str, str], written: Written) -> Line:
    ref, place, text = side.left, written.place, written.text
    match word:
        case Phrase.IN_THE_NEXT | Phrase.WITHIN_THE_LAST:
            span, back = _read_age(side, text, holes["span"]), word is Phrase.WITHIN_THE_LAST
            return Ahead(ref, span, place, text, back=back, calendar=calendar_of(span, side.scope))
        case Phrase.IN_THE_PERIOD:
            return _read_in_period(side, written)
        case Phrase.ANNIVERSARY_TODAY | Phrase.ANNIVERSARY_IN:
            return Anniversary(ref, _days_ahead(text, holes), place, text)
        case _:
            raise NotImplementedError(word)


def equals(side: Side, text: str, written: Written, *, negated: bool) -> Compare:
    """Return the line for a bare value."""
    if text.lower().startswith(tuple(f"{one}." for one in (*THIS_SPELLINGS, EACH))) and has_column(
        side.scope, side.table, text
    ):
        better = f"{written.text.removesuffix(text)}same as {text}"
        raise Mistaken(f"A bare value is a text; for what the column holds write `{better}`.", better)
    literal = inside(
        written.text, text, lambda hints: read_literal(side.column, text, side.scope, hints), written.hints
    )
    return Compare(side.left, Operator.EQUAL, literal, written.place, written.text, negated=negated)


def inside(text: str, part: str, read: Callable[[Hints], T], hints: Hints | None = None) -> T:
    """Return what `read` makes of a part of a phrase; its suggestions become ones for the whole phrase."""
    before, _, after = text.rpartition(part)
    own: Hints = []
    try:
        value = read(own)
    except Mistaken as mistaken:
        suggestion = f"{before}{mistaken.suggestion}{after}" if mistaken.suggestion else ""
        raise Mistaken(mistaken.what, suggestion, mistaken.fix) from None
    if hints is not None:
        hints += [
            replace(hint, suggestion=f"{before}{hint.suggestion}{after}") if hint.suggestion else hint
            for hint in own
        ]
    return value


def split_list(text: str, column: Column) -> list[str]:
    """Return the values of `A, B, C`; a comma inside a number or a choice of the column separates nothing."""
    comma = _COMMA_BEFORE_BLANK if column.kind in NUMERIC and re.search(r",\s|[，、；]", text) else _COMMA
    parts = [part.strip().strip("\"'") for part in comma.split(text.strip())]
    joined: list[str] = []
    most = max((choice.count(",") + 1 for choice in column.choices), default=1)
    at = 0
    while at < len(parts):
        size = next((n for n in range(most, 1, -1) if ", ".join(parts[at : at + n]) in column.choices), 1)
        joined.append(", ".join(parts[at : at + size]))
        at += size
    return joined


def _read_values(side: Side, listed: str, written: Written) -> tuple[Literal, ...]:
    values = split_list(listed, side.column)
    last = re.split(r"\s+(?:or|and)\s+|^(?:or|and)\s+", values[-1])
    values_meant = [value for value in [*values[:-1], *last] if value]
    if "" in values:
        text = written.text.replace(listed, ", ".join(value for value in values if value))
        raise Mistaken(f"A value is missing between two commas in `{written.text}`.", text)
    if len(last) > 1 and (len(values) > 1 or side.column.choices) and values[-1] not in side.column.choices:
        text = written.text.replace(listed, ", ".join(values_meant))
        raise Mistaken("The values of a list are separated by commas only.", text)
    return tuple(_read_one(side, value, written) for value in values)


def _read_one(side: Side, value: str, written: Written) -> Literal:
    return inside(
        written.text, value, lambda hints: read_literal(side.column, value, side.scope, hints), written.hints
    )


def _read_in_period(side: Side, written: Written) -> InPeriod:
    if side.scope.period is None:
        raise Mistaken(
            f"`{written.text}`: this rule has no period.",
            fix="Write for example `period: last week` at the top of the rule, or `within the last 7 days` here.",
        )
    return InPeriod(side.left, side.scope.period, written.place, written.text)


def _read_between(side: Side, low: str, high: str, written: Written) -> Between:
    text = written.text
    low_end = inside(text, low, lambda hints: read_operand(side, low, hints), written.hints)
    high_end = inside(text, high, lambda hints: read_operand(side, high, hints), written.hints)
    return Between(side.left, low_end, high_end, written.place, text)


def _read_age(side: Side, text: str, part: str) -> Span:
    span = inside(text, part, lambda _: read_days(part, side.scope))
    if side.column.kind is Kind.DATE and span.unit in _SHORT_UNITS:
        raise Mistaken(
            f"{side.left.name} holds days without a time of day, so `{part}` can't be counted from it.",
            fix="Use days, weeks, months or years, or a column with date and time.",
        )
    return span


def _days_ahead(text: str, holes: Mapping[str, str]) -> int:
    if "span" not in holes:
        return 0
    span = inside(text, holes["span"], lambda _: read_days(holes["span"]))
    if span.unit not in _DAYS_OF:
        raise Mistaken(
            f"`{holes['span']}`: an anniversary is counted in days or weeks.", "anniversary in 3 days"
        )
    return span.count * _DAYS_OF[span.unit]


def _read_texts(word: Phrase, holes: Mapping[str, str], text: str) -> tuple[str, ...]:
    if "values" in holes:
        return tuple(part for part in split_list(holes["values"], Column("")) if part)
    value = holes["value"]
    if word not in (Phrase.MATCHES, Phrase.NOT_MATCHES):
        return (value.strip("\"'") or value,)
    if len(value) < 3 or not (value.startswith("/") and value.endswith("/")):  # noqa: PLR2004 - two strokes and one sign
        raise Mistaken("A pattern stands between strokes.", text.replace(value, f"/{value.strip('/')}/"))
    try:
        re2.compile(value[1:-1], _QUIET)
    except re2.error as error:
        detail = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise Mistaken(
            f"The pattern `{value}` can't be understood: {detail}.", fix="Use `contains` for plain text."
        ) from None
    return (value[1:-1],)
