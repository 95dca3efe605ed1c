"""Is every value, recipient and row of a new table read as it was meant, and all else refused with a remedy?"""

from datetime import date
from decimal import Decimal

import pytest

from rowcall.duration import Span, Unit
from rowcall.errors import Problem
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.document import parse
from rowcall.language.names import resolve_column
from rowcall.language.recipients import read_recipients
from rowcall.language.ref import ColumnRef
from rowcall.language.value import EmptyValue, Recipients, SameAs, Shifted, Someone, TextOf, Value
from rowcall.language.value_text import read_cells, read_row_values
from tests.tea_shop import FILE, SCOPE


def ref(name: str) -> ColumnRef:
    return resolve_column(SCOPE, "Orders", name)


def value(line: str) -> tuple[Value | None, tuple[Problem, ...]]:
    block, notes = parse(line + "\n", FILE)
    assert block is not None
    cells = read_cells(block, SCOPE, notes)
    return (None if cells is None else cells.targets[0].value), notes.problems


def recipients(text: str) -> tuple[Recipients | None, tuple[Problem, ...]]:
    block, notes = parse(f"to: {text}\n", FILE)
    assert block is not None
    found = read_recipients(block.pairs[0].value, SCOPE, notes)
    return (None if notes.errors else found), notes.problems


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Status: paid", Literal("paid", "Paid")),
        ("Note: hello there", Literal("hello there", "hello there")),
        ("Note: exactly today", Literal("today", "today")),
        ("Note: exactly empty", Literal("empty", "empty")),
        ("Total: 19.90", Literal("19.90", Decimal("19.90"))),
        ("Promised on: 2026-03-05", Literal("2026-03-05", date(2026, 3, 5))),
        ("Marketing consent: yes", Literal("yes", True)),
        ("Ordered on: now", Moment(now=True)),
        ("Promised on: today", Moment()),
        ("Promised on: Tomorrow", Moment(days=1)),
        ("Note: empty", EmptyValue()),
        ("Note: same as Product", SameAs(ref("Product"))),
        ("Note: same as Buyer.Tier", SameAs(ref("Buyer.Tier"))),
        ("Promised on: 3 days after Delivered on", Shifted(ref("Delivered on"), Span(3, Unit.DAY))),
        ("Promised on: 2 weeks before today", Shifted(Moment(), Span(2, Unit.WEEK), back=True)),
        ("Note: setting Courier", OfSetting("Courier")),
        ("Freight: setting Large order", OfSetting("Large order")),
        ("Buyer.Tier: Gold", Literal("Gold", "Gold")),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_a_value_is_read(line: str, expected: Value) -> None:
    found, problems = value(line)
    assert problems == ()
    assert found == expected


def test_text_with_braces_stays_a_text_for_rendering() -> None:
    found, _ = value('Note: "{{ order_no }} is due"')
    assert isinstance(found, TextOf)
    assert found.source == "{{ order_no }} is due"
    assert found.place.line == 1


@pytest.mark.parametrize(
    ("line", "what", "suggestion"),
    [
        ("Status: shiped", "Did you mean `Shipped`?", "Status: Shipped"),
        ("Total: much", "holds an amount of money", ""),
        ("Total: today", "`today` is a date", ""),
        ("Total: Freight + 1", 'a formula in quotes, `"=[Freight] + 1"`', ""),
        ("Total: Freight*Lines", 'a formula in quotes, `"=[Freight] * [Lines]"`', ""),
        ("Total: Freight", "write `same as Freight`", "Total: same as Freight"),
        ("Ordered on: now()", "without brackets", "Ordered on: now"),
        ("Ordered on: TODAY()", "without brackets", "Ordered on: today"),
        ("Promised on: today + 3 days", "not a value", "Promised on: 3 days after today"),
        ("Promised on: in 3 days", "from when to count", "Promised on: 3 days after today"),
        ("Promised on: tody", "almost like `today`", "Promised on: today"),
        ("Promised on: 3 days after Delivred on", "no column", "Promised on: 3 days after Delivered on"),
        ("Promised on: 3 days after Total", "from a date only", ""),
        ("Note: null", "not how a cell is emptied", "Note: empty"),
        ("Note: emty", "almost like `empty`", "Note: empty"),
        ("Note: smae as Product", "almost like `same as Product`", "Note: same as Product"),
        ("Note: same as Prodct", "Did you mean `Product`?", "Note: same as Product"),
        ("Note: setting Courir", "Did you mean `Courier`?", "Note: setting Courier"),
        ("Marketing consent: true", "Did you mean `yes`?", "Marketing consent: yes"),
        ("Lines: same as Delivered on", "but Delivered on holds a date", ""),
        ("Nte: a", "Did you mean `Note`?", "Note: a"),
        ("Buyr.Tier: Gold", "Did you mean `Buyer`?", "Buyer.Tier: Gold"),
        ("Note: [a, b]", "holds one value", ""),
        ("Note:", "write `empty`", ""),
    ],
)
def test_a_wrong_value_gets_its_remedy(line: str, what: str, suggestion: str) -> None:
    found, problems = value(line)
    assert found is None
    assert len(problems) == 1, [str(one) for one in problems]
    assert what in f"{problems[0].what} {problems[0].fix}"
    assert problems[0].suggestion == suggestion
    assert problems[0].place.line == 1


def test_one_column_set_twice_by_its_alias_is_told() -> None:
    block, notes = parse("Total: 5\nSum: 6\n", FILE)
    assert block is not None
    read_cells(block, SCOPE, notes)
    assert "are the same column" in notes.errors[0].what


def test_a_new_row_has_its_own_columns_only() -> None:
    block, notes = parse("Subject: same as Note\nOrder No: same as Order No\n", FILE)
    assert block is not None
    found = read_row_values(block, SCOPE, "Tickets", notes)
    assert found is not None
    assert [one.ref.table for one in found.targets] == ["Tickets", "Tickets"]
    sources = [one.value.ref.table for one in found.targets if isinstance(one.value, SameAs)]
    assert sources == ["Orders", "Orders"]


@pytest.mark.parametrize(
    ("text", "anyone"),
    [
        ("Email", ((Someone(ref=ref("Email")),),)),
        ("Buyer.Email", ((Someone(ref=ref("Buyer.Email")),),)),
        ("Owner or cs lead", ((Someone(ref=ref("Owner")), Someone(person="cs lead")),)),
        ("Warehouse", ((Someone(person="warehouse"),),)),
        ("responsible", ((Someone(responsible=True),),)),
        ("shop@example.com", ((Someone(address="shop@example.com"),),)),
        ("[Email, ben]", ((Someone(ref=ref("Email")),), (Someone(person="ben"),))),
        ("this.Anna", ((Someone(ref=ColumnRef(ref("Anna").column, "Orders", ("this",))),),)),
        ("person anna", ((Someone(person="anna"),),)),
    ],
)
def test_recipients_are_read(text: str, anyone: object) -> None:
    found, problems = recipients(text)
    assert problems == ()
    assert found is not None
    assert found.anyone == anyone


@pytest.mark.parametrize(
    ("text", "what", "suggestion"),
    [
        ("Anna", "both a column of Orders and a person", "to: this.Anna"),
        ("Emial", "Did you mean `Email`?", "to: Email"),
        ("Owner or cs laed", "Did you mean `cs lead`?", "to: Owner or cs lead"),
        ("wharehouse", "Did you mean `warehouse`?", "to: warehouse"),
        ("Total", "nobody can be mailed by it", ""),
        ("Email, ben", "stand in a list", "to: [Email, ben]"),
        ("anna@example", "is not an email address", ""),
        ("anna@@example.com", "is not an email address", "to: anna@example.com"),
        ("anna@example,com", "is not an email address", "to: anna@example.com"),
        ("Anna <anna@example.com>", "without a name", "to: anna@example.com"),
        ('"{{ email }}"', "without `{{ }}`", 'to: "Email"'),
    ],
)
def test_wrong_recipients_get_their_remedy(text: str, what: str, suggestion: str) -> None:
    found, problems = recipients(text)
    assert found is None
    assert len(problems) == 1
    assert what in problems[0].what
    assert problems[0].suggestion == suggestion


def test_a_name_that_is_two_things_is_told_with_both_wordings() -> None:
    _, problems = recipients("Anna")
    assert "`this.Anna`" in problems[0].fix
    assert "`person Anna`" in problems[0].fix
