"""Two small tables for tests of searches and figures, conditions on them, and a slow reading of one pair after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from rowcall.cells import Unreadable, parse_cell
from rowcall.errors import Place
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    IsEmpty,
    Literal,
    NoneOf,
    OfColumn,
    Operator,
    ThereIs,
)
from rowcall.language.ref import THIS, ColumnRef
from rowcall.table import Kind, Snapshot
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
HERE = Place()
STATUSES = ("New", "Paid", "Sent")
CUSTOMERS = make_schema(
    "Customers", "Name", {"Name": "text", "City": "text", "Limit": "number", "Since": "date"}
)
ORDERS = make_schema(
    "Orders",
    "No",
    {
        "No": "text",
        "Customer": "text",
        "City": "text",
        "Status": STATUSES,
        "Total": "money",
        "Day": "date",
        "Opened": "datetime",
        "Closed": "datetime",
        "Took": "duration",
    },
    {"Buyer": ("Customers", "Customer")},
)
TEXTS = {
    "Name": ["Ann", "bob", "Cy"],
    "City": ["Ulm", "ulm", "Bonn", "", "#N/A"],
    "Limit": ["0", "5", "10", "", "many"],
    "Since": ["2026-03-29", "2026-03-30", "", "soon"],
    "Customer": ["ann", "Bob", "Cy", "Dan", "", "#REF!"],
    "Status": ["New", "paid", "SENT", "", "#N/A"],
    "Total": ["0", "5", "7.25", "10", "0.1", "-3", "", "x"],
    "Day": ["2026-03-28", "2026-03-29", "2026-03-30", "", "?"],
    "Opened": ["2026-03-27 16:00", "2026-03-28 02:30", "2026-03-30 09:00", "", "?"],
    "Closed": ["2026-03-28 09:00", "2026-03-30 01:00", "2026-04-02 17:15", "", "?"],
    "Took": ["1:30", "2 days", "0:00", "", "long"],
}
Texts = Mapping[str, str]
UNKNOWN, EMPTY = object(), object()


def column(name: str) -> ColumnRef:
    return ColumnRef(ORDERS.column(name), "Orders")


def this(name: str) -> ColumnRef:
    return ColumnRef(CUSTOMERS.column(name), "Customers", (THIS,))


@dataclass(frozen=True)
class Shop:
    """Rows by key, as texts."""

    customers: Mapping[str, Texts]
    orders: Mapping[str, Texts]

    def snapshot(self) -> Snapshot:
        tables = {
            "Customers": make_table(CUSTOMERS, list(self.customers.values())),
            "Orders": make_table(ORDERS, list(self.orders.values())),
        }
        return Snapshot(NOW, tables)


@st.composite
def shops(draw: st.DrawFn, most: int = 12) -> Shop:
    def row(schema_columns: tuple[str, ...]) -> dict[str, str]:
        return {name: draw(st.sampled_from(TEXTS[name])) for name in schema_columns}

    names = draw(st.lists(st.sampled_from(TEXTS["Name"]), min_size=1, unique=True))
    customers = {name: {**row(("City", "Limit", "Since")), "Name": name} for name in names}
    wanted = tuple(column.name for column in ORDERS.columns if column.name != "No")
    numbers = [f"O-{number}" for number in range(draw(st.integers(0, most)))]
    return Shop(customers, {number: {**row(wanted), "No": number} for number in numbers})


def compare_lines() -> st.SearchStrategy[Condition]:
    """Return lines on orders: of the order alone, and of the order beside its customer."""

    def line(left: ColumnRef, how: Operator, right: Any, negated: bool = False) -> Compare:
        return Compare(left, how, right, HERE, "", negated=negated)

    more, less, equal, most = Operator.MORE, Operator.LESS, Operator.EQUAL, Operator.AT_MOST
    same = [("Customer", "Name"), ("City", "City"), ("Total", "Limit"), ("Day", "Since"), ("Opened", "Since")]
    lines: list[Condition] = [line(column(one), equal, OfColumn(this(other))) for one, other in same]
    lines += [line(column(one), equal, OfColumn(this(other)), negated=True) for one, other in same[:3]]
    lines += [
        line(column("Total"), more, OfColumn(this("Limit"))),
        line(column("Total"), most, OfColumn(this("Limit"), plus=2.0)),
        line(column("Day"), less, OfColumn(this("Since"))),
        line(column("Total"), more, Literal("3", Decimal(3))),
        line(column("Status"), equal, Literal("Paid", "Paid")),
        line(column("Status"), equal, Literal("Paid", "Paid"), negated=True),
        line(column("Day"), Operator.AT_LEAST, Literal("2026-03-29", date(2026, 3, 29))),
        IsEmpty(column("City"), HERE, ""),
        IsEmpty(column("Total"), HERE, "", negated=True),
    ]
    return st.sampled_from(lines)


def conditions() -> st.SearchStrategy[AllOf]:
    """Return blocks of lines, some of them nested."""
    plain = compare_lines()
    block = st.lists(plain, min_size=1, max_size=2).map(lambda some: AllOf(tuple(some), HERE))
    nested = st.lists(block, min_size=1, max_size=2).map(tuple)
    some = st.one_of(plain, plain, nested.map(lambda blocks: AnyOf(blocks, HERE)), nested.map(lambda blocks: NoneOf(blocks, HERE)))  # fmt: skip
    return st.lists(some, max_size=3).map(lambda lines: AllOf(tuple(lines), HERE))


def cell(texts: Texts, schema_column: str, kind_of: Any) -> object:
    """Return the value of a cell, EMPTY or UNKNOWN."""
    found = kind_of.column(schema_column)
    value = parse_cell(found, texts.get(schema_column, ""), language="en", zone=BERLIN)
    if isinstance(value, Unreadable):
        return UNKNOWN
    return EMPTY if value is None else value


def read(ref: ColumnRef, order: Texts, customer: Texts) -> object:
    """Return what a column says of an order, or of the customer beside it."""
    if ref.links == (THIS,):
        return cell(customer, ref.column.name, CUSTOMERS)
    return cell(order, ref.column.name, ORDERS)


def ask(condition: Condition, order: Texts, customer: Texts) -> bool | None:
    """Return what a condition says of one order beside one customer."""
    match condition:
        case AllOf(lines=parts):
            return every([ask(part, order, customer) for part in parts])
        case AnyOf(blocks=parts):
            return opposite(every([opposite(ask(part, order, customer)) for part in parts]))
        case NoneOf(blocks=parts):
            return every([opposite(ask(part, order, customer)) for part in parts])
        case IsEmpty():
            value = read(condition.ref, order, customer)
            found = None if value is UNKNOWN else value is EMPTY
            return opposite(found) if condition.negated else found
        case Compare():
            found = compared(condition, order, customer)
            return opposite(found) if condition.negated else found
    raise AssertionError(condition)


def compared(line: Compare, order: Texts, customer: Texts) -> bool | None:
    left: Any = read(line.ref, order, customer)
    plain, is_equal = True, line.operator is Operator.EQUAL
    if isinstance(line.right, OfColumn):
        right: Any = read(line.right.ref, order, customer)
        plain = line.right.plus == 0
        if isinstance(right, Decimal):
            right += Decimal(str(line.right.plus))
    else:
        assert isinstance(line.right, Literal)
        right = line.right.value
    if UNKNOWN in (left, right):
        return None
    if EMPTY in (left, right):
        return (left is right) if is_equal and plain else None
    left, right = tidy(left), tidy(right)
    if isinstance(left, datetime):
        left = left.astimezone(BERLIN).date()
    answers = {
        Operator.EQUAL: lambda: left == right,
        Operator.MORE: lambda: left > right,
        Operator.LESS: lambda: left < right,
        Operator.AT_LEAST: lambda: left >= right,
        Operator.AT_MOST: lambda: left <= right,
    }
    return bool(answers[line.operator]())


def tidy(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def every(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def there_is(condition: Condition, *, negated: bool = False) -> ThereIs:
    return ThereIs("Orders", condition, HERE, "", negated=negated)


NUMBERS = (Kind.NUMBER, Kind.MONEY)
