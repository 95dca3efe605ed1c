"""Which number or day does the right side of a comparison mean: a value, a column, a setting, a moment?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from rowcall.cells import Unreadable, parse_cell
from rowcall.duration import Span, Unit
from rowcall.language.condition import Moment, OfColumn, OfSetting
from rowcall.language.condition import Operand as Right
from rowcall.language.literal import KIND_WORDS, fitting, holds, read_literal
from rowcall.language.mistaken import Hints, Mistaken
from rowcall.language.names import columns_of, find_column, has_column, resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.pattern import match_phrase
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.spans import calendar_of, read_days
from rowcall.language.words import Operand
from rowcall.numbers import parse_number
from rowcall.table import NUMERIC, TEMPORAL, Column, Kind

_PLUS = re.compile(r"(?P<column>.+?)\s*(?P<sign>[+\-\u2212])\s*(?P<more>\d.*)", re.DOTALL)
_TIMES = re.compile(r"(?P<column>.+?)\s*[*×x]\s*(?P<factor>\d+(?:\.\d+)?)", re.DOTALL)
_SHORT_UNITS = (Unit.MINUTE, Unit.HOUR)
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MOMENTS: dict[Enum, Moment] = {
    Operand.NOW: Moment(now=True),
    Operand.TODAY: Moment(),
    Operand.YESTERDAY: Moment(days=-1),
    Operand.TOMORROW: Moment(days=1),
}


@dataclass(frozen=True, slots=True)
class Side:
    """What a right side is read against: the column on the left and the table that plain names belong to."""

    scope: Scope
    table: str
    left: ColumnRef

    @property
    def column(self) -> Column:
        """The column on the left."""
        return self.left.column


def read_operand(side: Side, text: str, hints: Hints) -> Right:
    """Return what a number, amount, day or length is compared with; raises Mistaken."""
    for word, holes in match_phrase(Operand, text):
        found = _read_word(side, word, holes)
        if found is not None:
            return found
    if side.column.kind in TEMPORAL | NUMERIC or side.column.kind is Kind.DURATION:
        if has_column(side.scope, side.table, text):
            return OfColumn(comparable(side, resolve_column(side.scope, side.table, text)))
        shifted = _read_sum(side, text)
        if shifted is not None:
            return shifted
    try:
        return read_literal(side.column, text, side.scope, hints)
    except Mistaken as mistaken:
        _refuse_watched(side, text)
        raise _explain(side, text, mistaken) from None


def read_equal_column(side: Side, name: str) -> OfColumn:
    """Return the column behind `same as`; `Column + 5` and `120% of Column` may stand there too."""
    if not has_column(side.scope, side.table, name) and side.column.kind in NUMERIC | TEMPORAL:
        for word, holes in match_phrase(Operand, name):
            found = _read_word(side, word, holes)
            if isinstance(found, OfColumn):
                return found
        shifted = _read_sum(side, name)
        if isinstance(shifted, OfColumn):
            return shifted
    _refuse_watched(side, name)
    return OfColumn(comparable(side, resolve_column(side.scope, side.table, name)))


def _refuse_watched(side: Side, name: str) -> None:
    """Raise Mistaken if a column of the watched row is named without `this.` where another table is searched."""
    scope, table = side.scope, side.table
    if (
        scope.table not in ("", table)
        and not has_column(scope, table, name)
        and has_column(scope, scope.table, name)
    ):
        raise Mistaken(
            f"{table} has no column `{name}`; that of the watched row is `{THIS}.{name}`.", f"{THIS}.{name}"
        )


def read_setting(scope: Scope, name: str, column: Column) -> OfSetting:
    """Return a row of the Settings table whose value fits the column; raises Mistaken."""
    if name not in scope.settings:
        near = did_you_mean(name, scope.settings)
        known = ", ".join(scope.settings) if scope.settings else "none"
        raise Mistaken(
            f"There is no setting `{name}`; the settings are: {known}."
            + (f" Did you mean `{near}`?" if near else ""),
            f"setting {near}" if near else "",
            "Settings stand in the table that config.yaml names under `settings from`.",
        )
    value = parse_cell(column, scope.settings[name], language=scope.language, zone=scope.zone)
    if isinstance(value, Unreadable):
        raise Mistaken(
            f"{holds(column)}, but the setting `{name}` says `{scope.settings[name]}`: {value.why}.",
            fix="Mend the value in the Settings table, or use another setting.",
        )
    return OfSetting(name)


def comparable(side: Side, ref: ColumnRef) -> ColumnRef:
    """Return a column on the right that can be compared with the left one; raises Mistaken."""
    left, right = _family(side.column), _family(ref.column)
    if left == right:
        return ref
    raise Mistaken(
        f"{side.left.name} holds {KIND_WORDS[side.column.kind]} and {ref.name} {KIND_WORDS[ref.column.kind]}"
        ": they can't be compared.",
        fix=fitting(side.column),
    )


def _read_word(side: Side, word: Operand, parts: Mapping[str, str]) -> Right | None:
    if word is Operand.SETTING:
        return read_setting(side.scope, parts["name"], side.column)
    if word is Operand.PERCENT_OF:
        return _read_percent_of(side, parts["percent"], parts["column"])
    if word in (Operand.SPAN_AFTER, Operand.SPAN_BEFORE):
        if side.column.kind not in TEMPORAL:
            return None
        return _shift(
            side, parts["column"], read_days(parts["span"], side.scope), back=word is Operand.SPAN_BEFORE
        )
    return _MOMENTS[word] if side.column.kind in TEMPORAL else None


def _read_percent_of(side: Side, percent: str, name: str) -> OfColumn:
    number = parse_number(percent, Kind.NUMBER)
    if side.column.kind not in NUMERIC or number is None:
        raise Mistaken(f"`{percent}% of {name}` needs a number on both sides; {holds(side.column)}.")
    inner = None if has_column(side.scope, side.table, name) else _read_sum(side, name)
    if isinstance(inner, OfColumn):
        return OfColumn(inner.ref, factor=float(number) / 100, plus=inner.plus)
    ref = comparable(side, resolve_column(side.scope, side.table, name))
    return OfColumn(ref, factor=float(number) / 100)


def _read_sum(side: Side, text: str) -> Right | None:
    """`Column + 5`, `Column - 2 days`, `today + 3 days`; None if the text is nothing of the kind."""
    times = _TIMES.fullmatch(text)
    if times and has_column(side.scope, side.table, times["column"]):
        percent = f"{float(times['factor']) * 100:g}"
        raise Mistaken(f"`{text}` is written as a percentage.", f"{percent}% of {times['column']}")
    match = _PLUS.fullmatch(text)
    if match is None:
        return None
    name, back = match["column"], match["sign"] != "+"
    day = next((word for word, _ in match_phrase(Operand, name) if word in _MOMENTS), None)
    if day is None and not has_column(side.scope, side.table, name):
        return None
    if side.column.kind in TEMPORAL:
        return _shift(side, name, read_days(match["more"], side.scope), back=back)
    number = parse_number(match["more"], Kind.NUMBER)
    if number is None or side.column.kind is Kind.DURATION:
        raise Mistaken(
            f"`{match['more']}` is not a number that can be added to {name}.", fix=fitting(side.column)
        )
    ref = comparable(side, resolve_column(side.scope, side.table, name))
    return OfColumn(ref, plus=-float(number) if back else float(number))


def _shift(side: Side, name: str, span: Span, *, back: bool) -> Right:
    word = next((word for word, _ in match_phrase(Operand, name) if word in _MOMENTS), None)
    if word is not None and find_column(side.scope, side.table, name) is None:
        if word is Operand.NOW or span.unit not in _DAYS or span.working:
            raise Mistaken(f"`{name}` can be shifted by days and weeks only, not by {span}.")
        days = span.count * _DAYS[span.unit]
        return Moment(days=_MOMENTS[word].days + (-days if back else days))
    ref = comparable(side, resolve_column(side.scope, side.table, name))
    if ref.column.kind is Kind.DATE and span.unit in _SHORT_UNITS:
        raise Mistaken(
            f"{ref.name} holds days without a time: {span} can't be counted from it.", fix="Use days."
        )
    return OfColumn(ref, shift=span, back=back, calendar=calendar_of(span, side.scope))


def _explain(side: Side, text: str, mistaken: Mistaken) -> Mistaken:
    if mistaken.suggestion:
        return mistaken
    names = [*columns_of(side.scope, side.table), *side.scope.figures]
    near = did_you_mean(text, names) if not any(letter.isdigit() for letter in text) else ""
    if near:
        return Mistaken(
            f"{mistaken.what} Did you mean the {'figure' if near in side.scope.figures else 'column'} `{near}`?",
            near,
            mistaken.fix,
        )
    return mistaken


_TEXTS = {Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON}


def _family(column: Column) -> Kind:
    if column.kind in NUMERIC:
        return Kind.NUMBER
    if column.kind in TEMPORAL:
        return Kind.DATE
    return Kind.TEXT if column.kind in _TEXTS else column.kind
