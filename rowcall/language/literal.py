"""Which value does a text written in a rule have, in the column that it meets?"""

import re
from decimal import Decimal

from rowcall.cells import Unreadable, parse_cell
from rowcall.dates import parse_day
from rowcall.errors import Severity
from rowcall.language.condition import Literal
from rowcall.language.mistaken import Hint, Hints, Mistaken
from rowcall.language.near import did_you_mean
from rowcall.language.scope import Scope
from rowcall.table import NUMERIC, Column, Kind

_THOUSAND_POINT = re.compile(r"[^\d]*\d{1,3}(\.\d{3})[^\d]*", re.ASCII)
_THOUSAND_COMMA = re.compile(r"[^\d]*(\d{1,3}(?:,\d{3})+)[^\d]*", re.ASCII)
_TIME_OF_DAY = re.compile(r"\d:\d|[时点]|\d\s*[ap]m|\.\d{3,}$", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
# The end of a reason that names the one right way to write it.
_TOLD = re.compile(r"; write (-?\d[\d.]*%?)$", re.ASCII)
_YES = {"true", "1", "x", "y", "on", "checked", "ticked", "是"}
_NO = {"false", "0", "n", "off", "unchecked", "否"}
_DIGITS_OF_A_PHONE = 3
# Choices are few, so a guess may be bolder than among column names: `Payed` is meant to be `Paid`.
_CLOSE = 0.5

KIND_WORDS = {
    Kind.TEXT: "a text",
    Kind.CHOICE: "a list of choices",
    Kind.NUMBER: "a number",
    Kind.MONEY: "an amount of money",
    Kind.PERCENT: "a percentage",
    Kind.DATE: "a date",
    Kind.DATETIME: "a date with time",
    Kind.YES_NO: "yes or no",
    Kind.EMAIL: "an email address",
    Kind.PHONE: "a phone number",
    Kind.PERSON: "a person",
    Kind.DURATION: "a duration",
}
"""What a cell of each kind holds, in a sentence."""

FITTING = {
    Kind.TEXT: ("Tea", "one of Tea, Coffee", "contains tea", "empty"),
    Kind.CHOICE: ("one of A, B", "not A", "empty"),
    Kind.NUMBER: ("at least 5", "below 10", "between 5 and 10", "empty"),
    Kind.MONEY: ("at least 50", "below 19.90", "between 5 and 10", "empty"),
    Kind.PERCENT: ("at least 10%", "below 5%", "empty"),
    Kind.DATE: ("today", "before 2026-03-05", "at least 3 days ago", "in the next 7 days", "empty"),
    Kind.DATETIME: ("today", "before 2026-03-05", "at least 3 hours ago", "in the next 7 days", "empty"),
    Kind.YES_NO: ("yes", "no"),
    Kind.EMAIL: ("valid", "not empty", "ends with @example.com"),
    Kind.PHONE: ("valid", "not empty", "starts with +49"),
    Kind.PERSON: ("anna", "empty", "not empty"),
    Kind.DURATION: ("at least 2 hours", "below 1:30", "empty"),
}
"""Phrases that fit each kind, as examples."""


def fitting(column: Column) -> str:
    """Return the phrases that fit a column, as a sentence."""
    examples = FITTING[column.kind]
    if column.kind is Kind.CHOICE and column.choices:
        examples = (
            column.choices[0],
            f"one of {', '.join(column.choices[:2])}",
            f"not {column.choices[0]}",
            "empty",
        )
    return "Phrases that fit: " + ", ".join(f"`{example}`" for example in examples) + "."


def holds(column: Column) -> str:
    """Return what the cells of a column hold, as a sentence without its full stop."""
    if column.kind is Kind.CHOICE:
        return f"{column.name} holds one of {', '.join(column.choices)}"
    return f"{column.name} holds {KIND_WORDS[column.kind]}"


def read_literal(column: Column, text: str, scope: Scope, hints: Hints) -> Literal:
    """Return the text typed by its column; raises Mistaken with the nearest value or the phrases that fit."""
    value = parse_cell(column, text, language=scope.language, zone=scope.zone)
    strange = _strange(column, text)
    if isinstance(value, Unreadable) or value is None or strange:
        why = value.why if isinstance(value, Unreadable) and not strange else ""
        told = _TOLD.search(why)
        raise Mistaken(
            _not_a_value(column, text, why), told[1] if told else _meant(column, text), fitting(column)
        )
    if column.kind is Kind.PERCENT and not text.rstrip().endswith(("%", "％")) and abs(_number(value)) > 1:
        # In a cell 1.5 is 150%; whoever writes `at least 5` in a rule means 5%.
        raise Mistaken(f"{holds(column)}; `{text}` has no %.", f"{text.strip()}%", fitting(column))
    if column.kind in NUMERIC:
        _hint_at_thousands(text, hints)
    if column.kind is Kind.PERSON:
        _hint_at_person(text, scope, hints)
    if column.kind is Kind.DATETIME and not _TIME_OF_DAY.search(text):
        # `2026-03-05` means the whole day, also where cells hold moments.
        value = parse_day(text, scope.zone) or value
    return Literal(text, value)


def _number(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(0)


def _not_a_value(column: Column, text: str, why: str) -> str:
    near = _meant(column, text)
    asked = f" Did you mean `{near}`?" if near else ""
    if column.kind in (Kind.CHOICE, Kind.YES_NO):
        return f"{holds(column)}; `{text}` is not one of them.{asked}"
    reason = f": {why}" if why and any(letter.isdigit() for letter in text) else ""
    return f"{holds(column)}; `{text}` is not {KIND_WORDS[column.kind]}{reason}.{asked}"


def _strange(column: Column, text: str) -> bool:
    """A cell may hold anything, but a rule that compares with it means an address or a number."""
    if column.kind is Kind.EMAIL:
        return _ADDRESS.fullmatch(text) is None
    if column.kind is Kind.PHONE:
        return sum(letter.isdigit() for letter in text) < _DIGITS_OF_A_PHONE
    return column.kind is Kind.YES_NO and text.lower() not in ("yes", "no", "是", "否")


def _meant(column: Column, text: str) -> str:
    folded = text.lower()
    if column.kind is Kind.YES_NO:
        return "yes" if folded in _YES else "no" if folded in _NO else did_you_mean(text, ("yes", "no"))
    return did_you_mean(text, column.choices, cutoff=_CLOSE) if column.kind is Kind.CHOICE else ""


def _hint_at_person(text: str, scope: Scope, hints: Hints) -> None:
    near = did_you_mean(text, scope.people.values())
    if near and near.lower() != text.lower():
        hints.append(Hint(f"`{text}` is no person of the shop. Did you mean `{near}`?", near))
    elif not near and scope.people:
        hints.append(Hint(f"`{text}` is no person of the shop."))


def _hint_at_thousands(text: str, hints: Hints) -> None:
    point, comma = _THOUSAND_POINT.fullmatch(text), _THOUSAND_COMMA.fullmatch(text)
    if point:
        whole = text.replace(".", "")
        what = f"`{text}` is read as a number with decimals; if you mean thousands, write `{whole}`."
        hints.append(Hint(what, whole, Severity.NOTE))
    elif comma:
        plain = text.replace(",", "")
        hints.append(
            Hint(f"`{text}` is read as {plain}: the comma separates thousands.", plain, Severity.NOTE)
        )
