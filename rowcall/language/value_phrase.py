"""Which value does a text say where a value is written: `same as Total`, `3 days after today`, `next of sales`?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from rowcall.errors import Place
from rowcall.language.comparison import inside
from rowcall.language.computation import is_formula, parse_computation, why_unfit
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.document import Text
from rowcall.language.literal import KIND_WORDS, holds, read_literal
from rowcall.language.mistaken import Hint, Hints, Mistaken
from rowcall.language.names import find_column, names_value, resolve_value
from rowcall.language.near import did_you_mean
from rowcall.language.operand import read_setting
from rowcall.language.pattern import find_slips, is_whole, match_phrase
from rowcall.language.ref import EACH, THIS_SPELLINGS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.spans import calendar_of, read_days
from rowcall.language.value import (
    Computation,
    DueMoment,
    EmptyValue,
    Increase,
    NextOf,
    SameAs,
    Shifted,
    TextOf,
    Value,
)
from rowcall.language.words import ValueWord
from rowcall.table import NUMERIC, TEMPORAL, Kind

_MOMENTS = {
    ValueWord.NOW: Moment(now=True),
    ValueWord.TODAY: Moment(),
    ValueWord.YESTERDAY: Moment(days=-1),
    ValueWord.TOMORROW: Moment(days=1),
}
_FREE = frozenset({Kind.TEXT, Kind.PERSON})
_NAMES = frozenset({Kind.TEXT, Kind.PERSON, Kind.EMAIL})
_TEMPLATE = re.compile(r"\{\{|\{%")
_CALL = re.compile(r"=?\s*(today|now)\s*\(\s*\)", re.IGNORECASE)
_NOTHING = frozenset({"null", "none", "blank", "nothing", '""', "''", "clear"})
_RECKONED = re.compile(r"(?P<left>[^=\[\]]+?)\s*(?P<sign>[-+*/])\s*(?P<right>[^=\[\]]+)")
_SUM = re.compile(r"(?P<base>.+?)\s*(?P<sign>[+\-])\s*(?P<span>\d+\s*[a-z]+)", re.IGNORECASE)
_MORE = re.compile(
    r"(?P<sign>\+=?|-=|add|plus|minus|subtract|raise by|lower by|reduce by)\s*(?P<count>\d.*)", re.IGNORECASE
)
_LESS = frozenset({"-=", "minus", "subtract", "lower by", "reduce by"})
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*%")


class Use(Enum):
    """Where a value is written."""

    SET = "set"
    NEW_ROW = "add row"
    KEEP = "keep"
    AMOUNT = "increase by"
    WITHIN = "within"
    TO = "to"


@dataclass(frozen=True, slots=True)
class Spot:
    """What a value is read against: the column that it is written to, the names known, and where it stands."""

    ref: ColumnRef
    scope: Scope
    use: Use = Use.SET


def parse_value(text: Text, spot: Spot, hints: Hints) -> Value:
    """Return the value that a text says for a column; raises Mistaken."""
    said, ref = text.value.strip(), spot.ref
    if _TEMPLATE.search(said):
        return TextOf(text.value, text.place)
    _refuse_wordings(said, spot)
    for word, holes in match_phrase(ValueWord, said):
        value = _read_inside(text, word, holes, spot, hints)
        if value is not None:
            return value
    _refuse_slips(said, spot, hints)
    if said.lower().startswith(tuple(f"{one}." for one in (*THIS_SPELLINGS, EACH))) and names_value(
        spot.scope, said
    ):
        what = f"A bare value is a text; for what the column holds write `same as {said}`."
        raise Mistaken(what, f"same as {said}")
    try:
        return read_literal(ref.column, said, spot.scope, hints)
    except Mistaken as mistaken:
        raise _explain(said, spot, mistaken) from None


def _explain(said: str, spot: Spot, mistaken: Mistaken) -> Mistaken:
    """Return the mistake of a text that no value is, with what is probably meant."""
    if names_value(spot.scope, said):
        kind = "figure" if said in spot.scope.figures else "column"
        what = f"{mistaken.what} For the value of the {kind} {said} write `same as {said}`."
        return Mistaken(what, f"same as {said}")
    if re.search(r"\[[^\]]+\]", said):
        return Mistaken(f"{mistaken.what} A formula begins with `=` and stands in quotes.", f"={said}")
    if mistaken.suggestion:
        return Mistaken(mistaken.what, mistaken.suggestion, "")
    near = did_you_mean(said, spot.scope.figures)
    if near:
        return Mistaken(f"{mistaken.what} Did you mean the figure `{near}`?", f"same as {near}")
    return Mistaken(mistaken.what, "", "")


def _read_inside(
    text: Text, word: ValueWord, holes: Mapping[str, str], spot: Spot, hints: Hints
) -> Value | None:
    """Read one phrase; what is suggested for a part of it becomes a suggestion for the phrase."""
    part = holes.get("column") or holes.get("number")
    if part is None or "span" in holes:
        return _read_word(text, word, holes, spot, hints)
    return inside(text.value.strip(), part, lambda own: _read_word(text, word, holes, spot, own), hints)


def _read_word(
    text: Text, word: ValueWord, holes: Mapping[str, str], spot: Spot, hints: Hints
) -> Value | None:
    match word:
        case ValueWord.EMPTY:
            return EmptyValue()
        case ValueWord.EXACTLY:
            return read_literal(spot.ref.column, holes["value"], spot.scope, hints)
        case ValueWord.SETTING:
            return read_setting(spot.scope, holes["name"], spot.ref.column)
        case ValueWord.SAME_AS:
            source = resolve_value(spot.scope, holes["column"])
            _refuse_misfit(spot.ref, source)
            return SameAs(source)
        case ValueWord.SPAN_AFTER | ValueWord.SPAN_BEFORE:
            return _shifted(text.value.strip(), holes, spot, back=word is ValueWord.SPAN_BEFORE)
        case ValueWord.DUE:
            return _due(spot)
        case ValueWord.NEXT_OF:
            return _next_of(holes["name"], spot)
        case ValueWord.INCREASE_BY | ValueWord.DECREASE_BY:
            part = replace(text, value=holes["number"])
            return _increase(part, spot, hints, back=word is ValueWord.DECREASE_BY)
        case _:
            return _moment(word, spot.ref)


def _is_choice(text: str, ref: ColumnRef) -> bool:
    return text.lower() in {choice.lower() for choice in ref.column.choices}


def _moment(word: ValueWord, ref: ColumnRef) -> Moment | None:
    if ref.column.kind in TEMPORAL or ref.column.kind is Kind.TEXT:
        return _MOMENTS[word]
    if _is_choice(word.value[0], ref):
        return None
    raise Mistaken(f"{holds(ref.column)}; `{word.value[0]}` is a date.")


def _due(spot: Spot) -> DueMoment | None:
    ref = spot.ref
    if _is_choice("due", ref) or (ref.column.kind is Kind.TEXT and not spot.scope.due):
        return None
    if ref.column.kind not in TEMPORAL | {Kind.TEXT}:
        raise Mistaken(f"{holds(ref.column)}; `due` is a date.")
    if not spot.scope.due:
        fix = "Write `due:` with a date column at the top of the rule, or `same as COLUMN` here."
        raise Mistaken("This rule has no deadline: `due` means nothing here.", fix=fix)
    return DueMoment()


def _next_of(name: str, spot: Spot) -> NextOf | None:
    if _is_choice(f"next of {name}", spot.ref):
        return None
    if spot.ref.column.kind not in _NAMES:
        raise Mistaken(f"{holds(spot.ref.column)}; `next of {name}` is a person.")
    folded = " ".join(name.lower().split())
    if folded in spot.scope.people:
        return NextOf(spot.scope.people[folded])
    near = did_you_mean(name, spot.scope.people.values())
    known = ", ".join(sorted(spot.scope.people.values()))
    exactly = (
        f" For the text itself write `exactly next of {name}`." if spot.ref.column.kind is Kind.TEXT else ""
    )
    raise Mistaken(
        f"`{name}` is not a role of the shop." + (f" Did you mean `{near}`?" if near else ""),
        f"next of {near}" if near else "",
        (f"People and roles: {known}." if known else "Roles stand in config.yaml under `people`.") + exactly,
    )


def _increase(part: Text, spot: Spot, hints: Hints, *, back: bool) -> Increase | None:
    word, ref = "decrease by" if back else "increase by", spot.ref
    if ref.column.kind not in NUMERIC:
        exactly = (
            f"For the text itself write `exactly {word} {part.value}`."
            if ref.column.kind is Kind.TEXT
            else ""
        )
        raise Mistaken(f"{holds(ref.column)}; only numbers can be changed by `{word}`.", fix=exactly)
    if spot.use is not Use.SET:
        where = {Use.NEW_ROW: "a new row has no cells yet", Use.KEEP: "the cell would change at every look"}
        why = where.get(spot.use, "here stands an amount")
        raise Mistaken(f"`{word}` changes a cell by `set` only: {why}.", fix="Write the value itself.")
    share = _SHARE.fullmatch(part.value)
    if share and ref.column.kind is not Kind.PERCENT:
        better = f"=[{ref.name}] * {float(share[1]) / 100:g}"
        raise Mistaken(f"{holds(ref.column)}; a share of it is written as a formula.", better)
    other = "increase by" if back else "decrease by"
    if part.value.startswith("-"):
        raise Mistaken(f"`{word} {part.value}` is written as `{other} {part.value[1:].strip()}`.")
    return Increase(_amount(part, replace(spot, use=Use.AMOUNT), hints), back)


def _amount(part: Text, spot: Spot, hints: Hints) -> Value:
    if is_formula(part.value):
        formula = parse_computation(part.value, spot.scope)
        misfit = why_unfit(formula, spot.ref.column)
        if misfit:
            raise Mistaken(f"{holds(spot.ref.column)}, but {misfit}.")
        return Computation(formula, part.place)
    by = parse_value(part, spot, hints)
    if not isinstance(by, Literal | SameAs | OfSetting):
        raise Mistaken(
            f"`{part.value}` is not an amount.",
            fix="A number, `same as COLUMN`, `setting NAME` or a formula.",
        )
    return by


def _shifted(said: str, holes: Mapping[str, str], spot: Spot, *, back: bool) -> Shifted | None:
    name, ref, scope = holes["column"], spot.ref, spot.scope
    if ref.column.kind not in TEMPORAL | {Kind.TEXT}:
        raise Mistaken(f"{holds(ref.column)}; `{holes['span']} {'before' if back else 'after'} …` is a date.")
    day = next(
        (word for word, _ in match_phrase(ValueWord, name) if word in _MOMENTS or word is ValueWord.DUE), None
    )
    is_day = day is not None and find_column(scope, scope.table, name) is None
    if ref.column.kind is Kind.TEXT and not is_day and not names_value(scope, name):
        return None
    span = inside(said, holes["span"], lambda _: read_days(holes["span"], scope))
    calendar = calendar_of(span, scope)
    if is_day and day is ValueWord.DUE:
        due = _due(spot)
        return None if due is None else Shifted(due, span, back, calendar)
    if is_day and day is not None:
        return Shifted(_MOMENTS[day], span, back, calendar)
    base = inside(said, name, lambda _: resolve_value(scope, name))
    if base.column.kind not in TEMPORAL:
        raise Mistaken(f"{holds(base.column)}: {span} can be counted from a date only.")
    return Shifted(base, span, back, calendar)


def _refuse_wordings(said: str, spot: Spot) -> None:
    ref = spot.ref
    call = _CALL.fullmatch(said)
    if call:
        raise Mistaken(f"`{said}` is written without brackets.", call[1].lower())
    if said.lower() in _NOTHING or not said:
        raise Mistaken(
            f"`{said}` is not how a cell is emptied.", "empty", "For the text itself write `exactly …`."
        )
    more = _MORE.fullmatch(said)
    if more and ref.column.kind in NUMERIC and spot.use is Use.SET:
        word = "decrease by" if more["sign"].lower() in _LESS else "increase by"
        raise Mistaken(f"`{said}` is not a value of the language.", f"{word} {more['count']}")
    total = _SUM.fullmatch(said)
    if total and ref.column.kind in TEMPORAL and not said[0].isdigit():
        side = "after" if total["sign"] == "+" else "before"
        raise Mistaken(f"`{said}` is not a value of the language.", f"{total['span']} {side} {total['base']}")
    reckoned = _RECKONED.fullmatch(said)
    if reckoned and ref.column.kind in NUMERIC and names_value(spot.scope, reckoned["left"]):
        right = reckoned["right"]
        right = f"[{right}]" if names_value(spot.scope, right) else right
        formula = f"=[{reckoned['left']}] {reckoned['sign']} {right}"
        raise Mistaken(f'`{said}` is a calculation: write it as a formula in quotes, `"{formula}"`.')
    later = re.fullmatch(r"(?:in|after)\s+(\d+\s*\w+)", said, re.IGNORECASE)
    if later and ref.column.kind in TEMPORAL:
        raise Mistaken(f"`{said}` does not say from when to count.", f"{later[1]} after today")


def _refuse_slips(said: str, spot: Spot, hints: Hints) -> None:
    ref = spot.ref
    if _is_choice(said, ref):
        return
    for slip in find_slips(ValueWord, said):
        if is_whole(slip.word) and slip.word is not ValueWord.EMPTY and ref.column.kind in _FREE:
            continue
        if not is_whole(slip.word) and not slip.rest:
            continue
        if _readable(slip.corrected, spot):
            exactly = f"If the cell shall really hold this text, write `exactly {said}`."
            raise Mistaken(
                f"`{said}` reads almost like `{slip.corrected}`. Did you mean that?", slip.corrected, exactly
            )
        if ref.column.kind in _FREE and slip.word is ValueWord.SAME_AS:
            hints.append(Hint(f"`{said}` reads almost like `same as COLUMN`; it is taken as a text."))


def _readable(said: str, spot: Spot) -> bool:
    text = Text(said, Place())
    try:
        return any(_read_word(text, word, holes, spot, []) for word, holes in match_phrase(ValueWord, said))
    except Mistaken:
        return False


def _refuse_misfit(ref: ColumnRef, source: ColumnRef) -> None:
    kind, other = ref.column.kind, source.column.kind
    alike = kind is other or kind is Kind.TEXT or other is Kind.TEXT or {kind, other} <= TEMPORAL
    if (
        alike
        or {kind, other} <= NUMERIC
        or {kind, other} <= {Kind.CHOICE, Kind.PERSON, Kind.EMAIL, Kind.PHONE}
    ):
        return
    raise Mistaken(f"{holds(ref.column)}, but {source.name} holds {KIND_WORDS[other]}.")
