"""What kind of value does a part of a formula have?

Spreadsheets know numbers, texts and yes/no (TRUE, FALSE); a date is a number there. Here the kind of the column is
kept beside, so that the day after a date is a date, and the time between two dates a number.
"""

from dataclasses import dataclass
from enum import StrEnum

from rowcall.table import NUMERIC, TEMPORAL, Kind


class Sort(StrEnum):
    """What a spreadsheet would call the value; MIXED is a number in some rows and a text in others."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    MIXED = "mixed"


_NUMBERS = NUMERIC | TEMPORAL | {Kind.DURATION}


@dataclass(frozen=True, slots=True)
class Form:
    """The kind of a value; of a mixed one the kind of its numbers.

    blank_text: the only text in it is "", as in `IF([Qty]>0, [Qty], "")`.
    """

    kind: Kind
    mixed: bool = False
    blank_text: bool = False

    @property
    def sort(self) -> Sort:
        """What a spreadsheet would call it."""
        if self.mixed:
            return Sort.MIXED
        if self.kind in _NUMBERS:
            return Sort.NUMBER
        return Sort.FLAG if self.kind is Kind.YES_NO else Sort.TEXT

    @property
    def result(self) -> Kind:
        """The kind of a column that holds such values."""
        return Kind.TEXT if (self.mixed and not self.blank_text) or self.sort is Sort.TEXT else self.kind

    @property
    def is_date(self) -> bool:
        """Say whether it is a day or a moment in every row."""
        return not self.mixed and self.kind in TEMPORAL


NUMBER = Form(Kind.NUMBER)
TEXT = Form(Kind.TEXT)
EMPTY_TEXT = Form(Kind.TEXT, blank_text=True)
FLAG = Form(Kind.YES_NO)
DATE = Form(Kind.DATE)
DATETIME = Form(Kind.DATETIME)

WORDS = {
    Kind.TEXT: "a text",
    Kind.CHOICE: "a choice",
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
"""The kinds in the words of messages."""


def join_forms(one: Form, other: Form) -> Form:
    """Return the form of a value that is now the one, now the other: the branches of an IF."""
    if one == other:
        return one
    sorts = {one.sort, other.sort}
    if sorts == {Sort.TEXT}:
        return TEXT
    blank = all(form.blank_text for form in (one, other) if form.sort in (Sort.TEXT, Sort.MIXED))
    numbers = [form.kind for form in (one, other) if form.sort is not Sort.TEXT]
    kind = numbers[0] if len(numbers) == 1 else join_kinds(numbers[0], numbers[1])
    return Form(kind, mixed=not sorts.isdisjoint({Sort.TEXT, Sort.MIXED}), blank_text=blank)


def join_kinds(one: Kind, other: Kind) -> Kind:
    """Return the kind of numbers that are now the one, now the other: the arguments of MAX."""
    if one is other:
        return one
    if {one, other} == TEMPORAL:
        return Kind.DATETIME
    plain = {one, other} - {Kind.NUMBER}
    # A plain number beside an amount is an amount: IF(…, [Total], 0).
    return (
        plain.pop() if len(plain) == 1 and plain <= {Kind.MONEY, Kind.PERCENT, Kind.DURATION} else Kind.NUMBER
    )


def add_kinds(one: Kind, other: Kind, *, minus: bool) -> Kind:
    """Return the kind of a sum or difference: date + 3 is a date, date - date a number of days."""
    kinds = {one, other}
    if kinds & TEMPORAL:
        if kinds <= TEMPORAL or (minus and other in TEMPORAL):
            return Kind.NUMBER
        days = (kinds & TEMPORAL).pop()
        return Kind.DATETIME if Kind.DURATION in kinds else days
    if len(kinds) == 1:
        return one if one is not Kind.YES_NO else Kind.NUMBER
    left = kinds - {Kind.NUMBER, Kind.YES_NO}
    return left.pop() if len(left) == 1 else Kind.NUMBER


def scale_kinds(one: Kind, other: Kind, *, divide: bool) -> Kind:
    """Return the kind of a product or quotient: money × number is money, money / money a number."""
    amounts = {Kind.MONEY, Kind.DURATION}
    if one in amounts and other not in amounts:
        return one
    if not divide and other in amounts and one not in amounts:
        return other
    return Kind.NUMBER
