"""Do values name recipients: by the words of a column, by conditions, whose turn it is, by a formula?"""

from pathlib import Path

import pytest

from rowcall.language.condition import Literal
from rowcall.language.document import parse
from rowcall.language.recipients import read_recipients
from rowcall.language.spoken_values import say_recipients
from rowcall.language.value import ByColumn, Computation, FirstThatFits, NextOf, SameAs, Value
from rowcall.table import Column, Kind, Schema
from tests.plan_day import Day
from tests.tea_shop import FILE, SCOPE

TICKETS = Schema(
    table="Tickets",
    workbook="shop",
    sheet="Tickets",
    key=("No",),
    columns=(
        Column("No"),
        Column("Region", Kind.CHOICE, ("North", "South", "East")),
        Column("Total", Kind.MONEY),
        Column("Owner", Kind.PERSON),
    ),
)


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("next of warehouse", NextOf("warehouse"), "the next in turn of warehouse"),
        ("same as Owner", SameAs, "the value of Owner"),
        ('"=LOWER([Note])"', Computation, "the result of =LOWER([Note])"),
        (
            "{by column: Status, New: warehouse, everything else: Email}",
            ByColumn,
            'a value that depends on Status (New: "warehouse"; everything else: the value of Email)',
        ),
        (
            "[{first that fits: [{value: responsible, when: {Total: above 5}}, {value: next of warehouse}]}]",
            FirstThatFits,
            'the first that fits of these: "responsible" if Total is more than 5; the next in turn of warehouse otherwise',
        ),
    ],
)
def test_a_value_names_somebody(text: str, value: Value | type, said: str) -> None:
    block, notes = parse(f"to: {text}\n", FILE)
    assert block is not None
    found = read_recipients(block.pairs[0].value, SCOPE, notes)
    assert found is not None, notes.problems
    named = found.anyone[0][0].value
    assert isinstance(named, value) if isinstance(value, type) else named == value
    assert say_recipients(found) == said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("next of wherehouse", "Did you mean `warehouse`?"),
        ("setting Curier", "Did you mean `Courier`?"),
        ("same as Total", "nobody can be mailed by it"),
        ("{by column: Statsu, New: anna}", "Did you mean `Status`?"),
        (
            "{by column: Status, New: nobody at all, everything else: ben}",
            "neither a column of Orders nor a person",
        ),
        ("{by column: Status, New: [ben, warehouse], everything else: ben}", "one name or address"),
        ('"=[Nothing]"', "Orders has no column `Nothing`"),
    ],
)
def test_a_wrong_value_gets_its_remedy(text: str, what: str) -> None:
    block, notes = parse(f"to: {text}\n", FILE)
    assert block is not None
    assert read_recipients(block.pairs[0].value, SCOPE, notes) is None
    assert what in notes.problems[0].what


def test_a_person_stays_a_literal_in_a_table() -> None:
    block, notes = parse("to: {by column: Status, New: ANNA x, everything else: cs lead}\n", FILE)
    assert block is not None
    assert read_recipients(block.pairs[0].value, SCOPE, notes) is None
    block, notes = parse("to: {by column: Status, New: person anna, everything else: CS lead}\n", FILE)
    assert block is not None
    found = read_recipients(block.pairs[0].value, SCOPE, notes)
    assert found is not None, notes.problems
    value = found.anyone[0][0].value
    assert isinstance(value, ByColumn)
    assert (value.rows[0][1], value.otherwise) == (Literal("anna", "anna"), Literal("cs lead", "cs lead"))


def mailed(folder: Path, to: str, **cells: str) -> list[str]:
    """Return who gets the mail of a rule about one row."""
    row = {"No": "1", "Region": "North", "Total": "10", "Owner": "", **cells}
    rule = f"rule: A\nlook at: Tickets\nfirst run: act on all\nresponsible: dora\nthen:\n  - email:\n      to: {to}\n"
    rule += "      subject: A\n      text: B\n"
    day = Day(folder, (TICKETS,), {"Tickets": [row]}, {"rule": rule})
    day.tick("2026-03-02 09:00")
    return [mail.to for mail in day.mails]


BY_REGION = "{by column: Region, North: anna, South: warehouse, everything else: Owner}"
BY_TOTAL = "{first that fits: [{value: anna, when: {Total: above 100}}, {value: responsible, when: {Total: above 50}}]}"


@pytest.mark.parametrize(
    ("to", "cells", "who"),
    [
        (BY_REGION, {}, "anna"),
        (BY_REGION, {"Region": "South"}, "ben"),
        (BY_REGION, {"Region": "East", "Owner": "anna"}, "anna"),
        (BY_TOTAL, {"Total": "101"}, "anna"),
        (BY_TOTAL, {"Total": "60"}, "dora"),
        (BY_TOTAL, {"Total": "5"}, "dora"),
        ("next of warehouse", {}, "ben"),
        ("\"=IF([Total] > 5, ''anna'', ''ben'')\"".replace("''", '\\"'), {}, "anna"),
    ],
)
def test_the_mail_goes_to_whom_the_value_names(
    tmp_path: Path, to: str, cells: dict[str, str], who: str
) -> None:
    assert mailed(tmp_path, to, **cells) == [f"{who}@shop.example"]
