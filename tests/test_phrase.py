"""Is every phrase of the language understood, and every wording that is not ours answered with the one to use?"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcall.duration import Span, Unit
from rowcall.errors import Place, Severity
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    IsEmpty,
    Literal,
    Moment,
    NoneOf,
    OfColumn,
    OneOf,
    Operator,
)
from rowcall.language.mistaken import Mistaken
from rowcall.language.names import resolve_column
from rowcall.language.operand import Side
from rowcall.language.phrase import read_phrase
from rowcall.language.spoken import say_condition
from tests.golden import Golden
from tests.tea_shop import ORDERS, SCOPE, read_when

UNDERSTOOD = [
    ("Status: Paid", 'Status is "Paid"'),
    ("Status: paid", 'Status is "Paid"'),
    ("Status: exactly Paid", 'Status is "Paid"'),
    ("Status: not Paid", 'Status is not "Paid"'),
    ("Status: not exactly Paid", 'Status is not "Paid"'),
    ("Status: one of Paid, Shipped", 'Status is "Paid" or "Shipped"'),
    ("Status: not one of Paid, Shipped", 'Status is neither "Paid" nor "Shipped"'),
    ("Note: same as Product", "Note is the same as Product"),
    ("Note: not same as Product", "Note is not the same as Product"),
    ("Note: Tea below stairs", 'Note is "Tea below stairs"'),
    ("Note: exactly below stairs", 'Note is "below stairs"'),
    ("Note: exactly empty", 'Note is "empty"'),
    ("Note: Salt and pepper", 'Note is "Salt and pepper"'),
    ("Status: empty", "Status is empty"),
    ("Status: NOT  EMPTY", "Status is not empty"),
    ("Total: 19.90", "Total is 19.90"),
    ("Total: at least 50", "Total is at least 50"),
    ("Total: at most 50", "Total is at most 50"),
    ("Total: more than 50", "Total is more than 50"),
    ("Total: less than 50", "Total is less than 50"),
    ("Total: above 50", "Total is more than 50"),
    ("Total: below 50", "Total is less than 50"),
    ("Sum: below 50", "Total is less than 50"),
    ("Total: between 5 and 10", "Total is between 5 and 10"),
    ("Total: at most Freight", "Total is at most Freight"),
    ("Total: at most Freight + 5", "Total is at most Freight plus 5"),
    ("Total: at most Freight - 5", "Total is at most Freight minus 5"),
    ("Total: above 120% of Freight", "Total is more than 120% of Freight"),
    ("Total: above 120% of Freight + 5", "Total is more than 120% of Freight plus 5"),
    ("Total: at most setting Large order", 'Total is at most the setting "Large order"'),
    (
        "Total: between Freight and setting Large order",
        'Total is between Freight and the setting "Large order"',
    ),
    ("Total: same as Freight", "Total is the same as Freight"),
    ("Discount: at least 10%", "Discount is at least 10%"),
    ("Handling: at least 2 hours", "Handling is at least 2 hours"),
    ("Handling: below 1:30", "Handling is less than 1:30"),
    ("Delivered on: before 2026-03-05", "Delivered on is before 2026-03-05"),
    ("Delivered on: after Promised on", "Delivered on is after Promised on"),
    ("Delivered on: on or before today", "Delivered on is on or before today"),
    ("Delivered on: on or after tomorrow", "Delivered on is on or after tomorrow"),
    ("Ordered on: before now", "Ordered on is before now"),
    ("Delivered on: after Promised on + 3 days", "Delivered on is later than 3 days after Promised on"),
    ("Delivered on: after 3 days after Promised on", "Delivered on is later than 3 days after Promised on"),
    (
        "Delivered on: before 2 weeks before Promised on",
        "Delivered on is earlier than 2 weeks before Promised on",
    ),
    ("Delivered on: before today + 3 days", "Delivered on is before 3 days from today"),
    ("Delivered on: today", "Delivered on is today"),
    ("Delivered on: not today", "Delivered on is not today"),
    ("Delivered on: yesterday", "Delivered on is yesterday"),
    ("Delivered on: 3 days ago", "Delivered on is 3 days ago"),
    ("Delivered on: at least 3 days ago", "Delivered on is at least 3 days ago"),
    ("Delivered on: at most 3 days ago", "Delivered on is at most 3 days ago"),
    ("Delivered on: more than 1 month ago", "Delivered on is more than 1 month ago"),
    ("Ordered on: less than 3 hours ago", "Ordered on is less than 3 hours ago"),
    ("Delivered on: in the next 3 days", "Delivered on is in the next 3 days"),
    ("Delivered on: within the last 2 weeks", "Delivered on is within the last 2 weeks"),
    ("Delivered on: anniversary today", "Delivered on has its anniversary today"),
    ("Delivered on: anniversary in 3 days", "Delivered on has its anniversary in 3 days"),
    ("Delivered on: between 2026-01-01 and today", "Delivered on is between 2026-01-01 and today"),
    ("Buyer.Birthday: anniversary today", "Birthday of the row's Buyer has its anniversary today"),
    ("Note: contains tea", 'Note contains "tea"'),
    ("Note: contains one of tea, coffee", 'Note contains "tea" or "coffee"'),
    ("Note: does not contain tea", 'Note does not contain "tea"'),
    ("Note: does not contain one of tea, coffee", 'Note does not contain "tea" or "coffee"'),
    ("Note: starts with tea", 'Note starts with "tea"'),
    ("Note: does not start with tea", 'Note does not start with "tea"'),
    ("Note: ends with tea", 'Note ends with "tea"'),
    ("Note: does not end with tea", 'Note does not end with "tea"'),
    ("Note: matches /^T-\\d+$/", 'Note matches the pattern "^T-\\d+$"'),
    ("Note: does not match /^T-\\d+$/", 'Note does not match the pattern "^T-\\d+$"'),
    ("Marketing consent: yes", "Marketing consent is yes"),
    ("Marketing consent: no", "Marketing consent is no"),
    ("Email: valid", "Email is valid"),
    ("Phone: not valid", "Phone is not valid"),
    ("Status: changed", "Status has changed"),
    ("Status: changed to Paid", 'Status has changed to "Paid"'),
    (
        "Status: changed from New to one of Paid, Shipped",
        'Status has changed from "New" to "Paid" or "Shipped"',
    ),
    ("Lines: changed from 0 to above 0", "Lines has changed from 0 to more than 0"),
    ("Total: changed by more than 10%", "Total has changed by more than 10%"),
    ("Total: went up", "Total has gone up"),
    ("Status: went down", "Status has gone down"),
    ("row: new", "the row is new"),
    ("Buyer: missing", "the linked row Buyer does not exist"),
    ("Buyer.Region: not missing", "the linked row Buyer.Region exists"),
    ("Buyer.Region.Manager: anna", 'Manager of the row\'s Buyer Region is "anna"'),
    ("`Ship.to`: Rome", 'Ship.to is "Rome"'),
    ("Gift wrap: red", 'Gift wrap is "red"'),
    ("Note: setting Courier", 'Note is the setting "Courier"'),
    ("Owner: Anna", 'Owner is "Anna"'),
]
WRONG = [
    ("Total: > 5", 10, "Total: more than 5"),
    ("Total: >= 5", 10, "Total: at least 5"),
    ("Total: < 5", 10, "Total: less than 5"),
    ("Total: =5", 10, "Total: 5"),
    ("Status: != Paid", 11, "Status: not Paid"),
    ("Status: <> Paid", 11, "Status: not Paid"),
    ("Status: !Paid", 11, "Status: not Paid"),
    ("Status: is Paid", 11, "Status: Paid"),
    ("Status: == Paid", 11, "Status: exactly Paid"),
    ("Status: is empty", 11, "Status: empty"),
    ("Status: is not Paid", 11, "Status: not Paid"),
    ("Status: Paid or Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: Paid, Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: not in Paid, Shipped", 11, "Status: not one of Paid, Shipped"),
    ("Status: in Paid, Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: any of Paid, Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: Payed", 11, "Status: Paid"),
    ("Status: onr of Paid, Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: one of Payed, Shipped", 11, "Status: one of Paid, Shipped"),
    ("Status: one of Paid, Shipped or New", 11, "Status: one of Paid, Shipped, New"),
    ("Status: Emty", 11, "Status: empty"),
    ("Status: Paid and Shipped", 11, "Status: one of Paid, Shipped"),
    ('Status: "{{ status }}"', 11, 'Status: "same as Status"'),
    ("Stauts: Paid", 3, "Status: Paid"),
    ("status: Paid", 3, "Status: Paid"),
    ("Note: contains any of tea, coffee", 9, "Note: contains one of tea, coffee"),
    ("Note: contain tea", 9, "Note: contains tea"),
    ("Note: not contains tea", 9, "Note: does not contain tea"),
    ('Note: "*tea*"', 9, 'Note: "contains tea"'),
    ("Note: *tea*", 9, "Note: contains tea"),
    ("Note: null", 9, "Note: empty"),
    ('Note: ""', 9, "Note: empty"),
    ("Note: N/A", 9, "Note: empty"),
    ("Note: contians tea", 9, "Note: contains tea"),
    ("Note: below 5", 9, "Note: exactly below 5"),
    ("Note: Emty", 9, "Note: empty"),
    ("Note: seting Courier", 9, "Note: setting Courier"),
    ("Marketing consent: true", 22, "Marketing consent: yes"),
    ("Marketing consent: Y", 22, "Marketing consent: yes"),
    ("Delivered on: older than 3 days", 17, "Delivered on: more than 3 days ago"),
    ("Delivered on: 3 days old", 17, "Delivered on: at least 3 days ago"),
    ("Delivered on: yesterday at 5", 17, "Delivered on: yesterday"),
    ("Delivered on: before 3 days", 17, "Delivered on: more than 3 days ago"),
    ("Delivered on: in 3 days", 17, "Delivered on: in the next 3 days"),
    ("Delivered on: today()", 17, "Delivered on: today"),
    ("Delivered on: =TODAY()", 17, "Delivered on: today"),
    ("Delivered on: last 3 days", 17, "Delivered on: within the last 3 days"),
    ("Delivered on: 05/03/2026", 17, ""),
    ("Delivered on: 3 days agoo", 17, "Delivered on: 3 days ago"),
    ("Delivered on: Monday", 17, ""),
    ("Delivered on: at least 3 days", 17, "Delivered on: at least 3 days ago"),
    ("Delivered on: since 2026-01-01", 17, "Delivered on: on or after 2026-01-01"),
    ("Lines: between 5 - 10", 10, "Lines: between 5 and 10"),
    ("Lines: 5..10", 10, "Lines: between 5 and 10"),
    ("Lines: between 5 adn 10", 10, "Lines: between 5 and 10"),
    ("Lines: bellow 5", 10, "Lines: below 5"),
    ("Lines: atleast 5", 10, "Lines: at least 5"),
    ("Lines: more then 5", 10, "Lines: more than 5"),
    ("Lines: at least 5 and at most 10", 10, "Lines: between 5 and 10"),
    ("Lines: many", 10, ""),
    ("Lines: 5+", 10, "Lines: at least 5"),
    ("Lines: at most Totl", 10, "Lines: at most Total"),
    ("Total: at most setting Large ordr", 10, "Total: at most setting Large order"),
    ("Total: at most setting Broken", 10, ""),
    ("Discount: at least 92", 13, "Discount: at least 92%"),
    ("Discount: at least 5", 13, "Discount: at least 5%"),
    ("Handling: at least 2", 13, ""),
    ("Email: is valid", 10, "Email: valid"),
    ("Email: vlaid", 10, "Email: valid"),
    ("Status: change to Paid", 11, "Status: changed to Paid"),
    ("Status: changed from New", 11, ""),
    ("Lines: increased", 10, "Lines: went up"),
    ("Lines: changed by 10%", 10, "Lines: changed by more than 10%"),
    ("Buyer: Gold", 3, "Buyer.Customer: Gold"),
    ("Buyer.Teir: Gold", 3, "Buyer.Tier: Gold"),
    ("Byer.Tier: Gold", 3, "Buyer.Tier: Gold"),
    ("Ship.to: Rome", 3, "`Ship.to`: Rome"),
    ("or: [Status: Paid]", 3, "any of: [Status: Paid]"),
    ("any off: [{Status: Paid}]", 3, "any of: [{Status: Paid}]"),
    ("row: neu", 8, "row: new"),
    ("rwo: new", 3, "row: new"),
    ("there is: Orders", 3, ""),
    ("there is: {Status: Paid}", 13, ""),
    ("there is: {in: Order, Status: Paid}", 18, "there is: {in: Orders, Status: Paid}"),
    ("there is: {in: Orders, where: {Status: Paid}}", 26, ""),
    ("there is: {in: Orders, Status: changed}", 34, ""),
    (
        "there is no: {in: Customers, Tier: this.Status}",
        38,
        "there is no: {in: Customers, Tier: same as this.Status}",
    ),
    (
        "there is: {in: Customers, Customer: not this.Note}",
        39,
        "there is: {in: Customers, Customer: not same as this.Note}",
    ),
    ('formula: "=[Total]"', 12, ""),
    ('formula: "=[Totl] > 5"', 14, 'formula: "=[Total] > 5"'),
    ('formula: "=[Total] >> 5"', 23, ""),
    ("formula: [Total]", 13, ""),
    ('Total: "=SUM([Total])"', 10, ""),
    ("Status: missing", 11, "Status: empty"),
    ("Delivered on: in the period", 17, ""),
    ("Total: not between 1 and 5", 10, ""),
    ("Delivered on: not before today", 17, "Delivered on: on or after today"),
    ("Delivered on: at least 1月 ago", 17, "Delivered on: at least 1个月 ago"),
    ("Delivered on: today + 7 days", 17, "Delivered on: between today + 7 days and today + 7 days"),
    ("Delivered on: in exactly 7 days", 17, "Delivered on: between today + 7 days and today + 7 days"),
    ("Delivered on: birthday in 3 days", 17, "Delivered on: anniversary in 3 days"),
    ("Status: one of [Paid, Shipped]", 11, "Status: one of Paid, Shipped"),
    ("Buyer: empty", 10, "Buyer: missing"),
    ("Buyer: not empty", 10, "Buyer: not missing"),
    (
        "there is: {in: Customers, Customer: same as Note}",
        39,
        "there is: {in: Customers, Customer: same as this.Note}",
    ),
]


def one_line(text: str) -> Condition:
    found, problems = read_when(text)
    assert isinstance(found, AllOf), problems
    assert len(found.lines) == 1
    return found.lines[0]


def value_of(text: str) -> object:
    line = one_line(text)
    assert isinstance(line, Compare)
    assert isinstance(line.right, Literal)
    return line.right.value


@pytest.mark.parametrize(("line", "spoken"), UNDERSTOOD, ids=[line for line, _ in UNDERSTOOD])
def test_every_phrase_is_understood(line: str, spoken: str) -> None:
    found, problems = read_when(line)
    assert not problems
    assert found is not None
    assert say_condition(found) == spoken


@pytest.mark.parametrize(("line", "column", "suggestion"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_line_gets_the_wording_to_use(line: str, column: int, suggestion: str) -> None:
    found, problems = read_when(line)
    assert found is None
    assert [(one.place.line, one.place.column, one.severity) for one in problems] == [
        (2, column, Severity.ERROR)
    ]
    assert problems[0].suggestion.strip() == suggestion


def test_a_sign_on_a_column_of_dates_gets_the_whole_line() -> None:
    """The sign is told before it is known what the column holds."""
    _, problems = read_when("Delivered on: > 2026-03-05")
    assert problems[-1].suggestion.strip() == "Delivered on: after 2026-03-05"


def test_a_person_whom_nobody_knows_is_told() -> None:
    _, problems = read_when("Owner: Zacharias")
    assert [(one.severity, one.what) for one in problems] == [
        (Severity.WARNING, "`Zacharias` is no person of the shop.")
    ]


def test_messages_read_as_agreed(golden: Golden) -> None:
    said = [(line, one) for line, _, _ in WRONG for one in read_when(line)[1]]
    text = [f"{line}\n  {one.what}\n  {one.fix}".rstrip() for line, one in said]
    golden.check("wrong_lines.txt", "\n".join(text) + "\n")


def test_there_are_forty_wrong_lines() -> None:
    assert len(WRONG) >= 40


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Total: 1,299.50", Decimal("1299.50")),
        ("Total: €80", Decimal(80)),
        ("Discount: 92%", Decimal("0.92")),
        ("Delivered on: 2026/3/5", date(2026, 3, 5)),
        ("Ordered on: 2026-03-05", date(2026, 3, 5)),
        ("Ordered on: 2026-03-05 22:30", datetime(2026, 3, 5, 21, 30, tzinfo=UTC)),
        ("Ordered on: 2026-03-05 00:00", datetime(2026, 3, 4, 23, 0, tzinfo=UTC)),
        ("Marketing consent: Yes", True),
        ("Marketing consent: no", False),
        ("Handling: 1:30", timedelta(hours=1, minutes=30)),
        ("Status: SHIPPED", "Shipped"),
        ("Order No: 007", "007"),
        ("Order No: 1e5", "1e5"),
        ("Note: 22:30", "22:30"),
        ("Note: NO", "NO"),
        ("Note: exactly 1,000", "1,000"),
    ],
)
def test_a_value_is_typed_by_its_column(line: str, value: object) -> None:
    assert value_of(line) == value
    assert type(value_of(line)) is type(value)


def test_right_sides_are_typed() -> None:
    line = one_line("Total: at most 120% of Freight - 2")
    assert isinstance(line, Compare)
    assert isinstance(line.right, OfColumn)
    assert (line.operator, line.right.factor, line.right.plus) == (Operator.AT_MOST, 1.2, -2.0)
    line = one_line("Delivered on: before 2 days before Promised on")
    assert isinstance(line, Compare)
    assert isinstance(line.right, OfColumn)
    assert (line.right.shift, line.right.back) == (Span(2, Unit.DAY), True)
    line = one_line("Delivered on: after yesterday")
    assert isinstance(line, Compare)
    assert line.right == Moment(days=-1)


def test_an_edge_holds_phrases_on_both_sides() -> None:
    line = one_line("Lines: changed from 0 to above 0")
    assert isinstance(line, Edge)
    assert line.how is EdgeHow.FROM_TO
    assert isinstance(line.before, Compare)
    assert isinstance(line.after, Compare)
    assert (line.before.operator, line.after.operator) == (Operator.EQUAL, Operator.MORE)


def test_a_value_with_to_is_split_where_both_sides_are_choices() -> None:
    line = one_line("Status: changed from not empty to empty")
    assert isinstance(line, Edge)
    assert isinstance(line.before, IsEmpty)
    found, problems = read_when("Note: changed from a to b to c")
    assert found is None
    assert "more than one `to`" in problems[0].what


def test_a_list_under_a_column_asks_for_all_and_groups_nest() -> None:
    found, problems = read_when(
        "Delivered on:\n  - at least 7 days ago\n  - at most 30 days ago\n"
        "any of:\n  - Status: Paid\n    Total: above 50\n  - none of:\n      - Note: empty\n      - Email: empty\n"
    )
    assert not problems
    assert isinstance(found, AllOf)
    first, second, group = found.lines
    assert (first.place.line, second.place.line) == (3, 4)
    assert isinstance(group, AnyOf)
    assert isinstance(group.blocks[0], AllOf)
    assert len(group.blocks[0].lines) == 2
    assert isinstance(group.blocks[1], AllOf)
    assert isinstance(group.blocks[1].lines[0], NoneOf)


def test_commas_inside_numbers_separate_nothing() -> None:
    line = one_line("Total: one of 1,000, 2,500")
    assert isinstance(line, OneOf)
    assert [one.value for one in line.values if isinstance(one, Literal)] == [Decimal(1000), Decimal(2500)]


@pytest.mark.parametrize("line", ["Status: changed to Paid", "row: new", "Total: went up"])
def test_what_changed_is_asked_for_opening_only(line: str) -> None:
    found, problems = read_when(line, edges=False)
    assert found is None
    assert "only in `when`" in problems[0].what


@pytest.mark.parametrize(
    ("line", "severity", "what", "suggestion"),
    [
        ("Total: at least 1,000", Severity.NOTE, "the comma separates thousands", "Total: at least 1000"),
        ("Total: at least 1.000", Severity.NOTE, "number with decimals", "Total: at least 1000"),
        ("Note: Hot water", Severity.WARNING, "almost like `not water`", "Note: not water"),
        ("Note: nto water", Severity.WARNING, "almost like `not water`", "Note: not water"),
        ("Owner: Anaa", Severity.WARNING, "no person of the shop", "Owner: anna"),
    ],
)
def test_doubts_are_told_but_stop_nothing(line: str, severity: Severity, what: str, suggestion: str) -> None:
    found, problems = read_when(line)
    assert found is not None
    assert len(problems) == 1
    assert problems[0].severity is severity
    assert what in problems[0].what
    assert problems[0].suggestion.strip() == suggestion


@pytest.mark.parametrize(
    "line", ["Note: exactly Hot water", "Note: Tea below stairs", "Product: Toddy", "Note: ok"]
)
def test_plain_texts_raise_no_doubt(line: str) -> None:
    found, problems = read_when(line)
    assert found is not None
    assert problems == ()


def test_all_mistakes_of_a_block_are_told_together() -> None:
    _, problems = read_when("Stauts: Paid\nTotal: bellow 5\nany of:\n  - Note: Emty\n  - Lines: > 5\n")
    assert [one.place.line for one in problems] == [2, 3, 5, 6]


PIECES = [
    "one", "of", "not", "at", "least", "between", "and", "to", "changed", "from", "by", "5", "10%", "3 days", "ago",
    "Total", "Paid", "same", "as", "setting", "Courier", "`", "{{ x }}", ",", "or", "today", "empty", "exactly", "+",
    "this.", "Buyer.", "Buyer.Tier", "after", "before", "/x(/", "=", "anniversary", "in", "0", "99999 years", "1.000",
]  # fmt: skip
SCRAPS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join), st.text(max_size=20))
COLUMNS = [column.name for column in ORDERS.columns if "." not in column.name]


@settings(max_examples=150, deadline=None)
@given(SCRAPS, st.sampled_from(COLUMNS))
def test_any_text_is_either_understood_or_answered(text: str, column: str) -> None:
    side = Side(SCOPE, "Orders", resolve_column(SCOPE, "Orders", column))
    try:
        line = read_phrase(side, text, Place(), [])
    except Mistaken:
        return
    assert say_condition(line)


@pytest.mark.parametrize("text", ["a or ", "one of a, ", "a and ", "changed from a to ", "*", "not "])
def test_a_text_without_end_is_answered_at_once(text: str) -> None:
    long = text * (20_000 // len(text))
    found, problems = read_when(f"Note: {long}")
    assert found is None
    assert problems
