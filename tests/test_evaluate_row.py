"""One row and its linked rows as values for texts and cells."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rowcall.errors import TemplateError
from rowcall.evaluate.row import Row, read_row
from rowcall.evaluate.slugs import same_slugs
from rowcall.language.ref import ColumnRef
from rowcall.table import Snapshot
from tests.tables import make_schema, make_table

ORDERS = make_schema(
    "Orders",
    "Order No",
    {
        "Order No": "text",
        "Total": "money",
        "Day": "date",
        "Paid": "yes/no",
        "备注": "text",
        "Customer": "text",
    },
    {"Customer": ("Customers", "Customer")},
)
CUSTOMERS = make_schema(
    "Customers",
    "Name",
    {"Name": "text", "Share": "percent", "Last": "text"},
    {"Last order": ("Orders", "Last")},
)
NAME = ColumnRef(CUSTOMERS.column("Name"), "Customers", ("Customer",))
TOTAL = ColumnRef(ORDERS.column("Total"), "Orders")
PAID = ColumnRef(ORDERS.column("Paid"), "Orders")


def row_of(**texts: str) -> Row:
    orders = make_table(ORDERS, [{"Order No": "A-1", **texts}])
    customers = make_table(CUSTOMERS, [{"Name": "Ann", "Share": "12.5%", "Last": "A-1"}])
    snapshot = Snapshot(datetime(2026, 3, 8, tzinfo=UTC), {"Orders": orders, "Customers": customers})
    return read_row(orders, "A-1", snapshot)


def test_names_are_slugs_and_linked_rows_are_nested() -> None:
    values = row_of(Total="1,299.10", Day="2026-03-05", 备注="急", Customer="Ann").names()
    assert values == {
        "order_no": "A-1",
        "total": Decimal("1299.10"),
        "day": date(2026, 3, 5),
        "paid": False,
        "备注": "急",
        "customer": {"name": "Ann", "share": Decimal("0.125"), "last": "A-1"},
    }
    assert str(values["customer"]) == "Ann"


@pytest.mark.parametrize(
    ("text", "value", "known"),
    [("5.10", Decimal("5.10"), True), ("", None, True), ("N/A", None, False)],
    ids=["value", "empty", "unreadable"],
)
def test_value_text_and_whether_it_is_known(text: str, value: Decimal | None, known: bool) -> None:
    row = row_of(Total=text)
    assert (row.value(TOTAL), row.text(TOTAL), row.is_known(TOTAL)) == (value, text, known)


def test_an_empty_yes_no_is_no_and_an_unreadable_one_is_unknown() -> None:
    assert row_of().value(PAID) is False
    assert row_of().is_known(PAID)
    assert row_of(Paid="perhaps").value(PAID) is None
    assert not row_of(Paid="perhaps").is_known(PAID)


def test_a_linked_row_that_does_not_exist() -> None:
    row = row_of(Customer="Nobody")
    assert row.names()["customer"] is None
    assert (row.value(NAME), row.text(NAME), row.reaches(NAME)) == (None, "", False)
    with pytest.raises(TemplateError, match=r"Orders, row A-1: there is no Customer, so Customer.Name"):
        row.locate(NAME)


def test_locate_and_key_parts() -> None:
    row = row_of(Customer="Ann")
    assert row.locate(NAME) == ("Customers", "Ann")
    assert row.locate(TOTAL) == ("Orders", "A-1")
    assert row.key_parts("Customers", "Ann") == ("Ann",)
    assert row.key_parts("Orders", "A-1") == ("A-1",)


def test_later_actions_see_what_earlier_ones_wrote() -> None:
    row = row_of(Total="5", Customer="Ann").with_values({TOTAL: (Decimal(7), "7.00"), NAME: ("Anna", "Anna")})
    assert (row.value(TOTAL), row.text(TOTAL), row.names()["total"]) == (Decimal(7), "7.00", Decimal(7))
    assert str(row.names()["customer"]) == "Ann"
    assert row.value(NAME) == "Anna"


def test_headers_that_share_a_slug_are_told() -> None:
    assert same_slugs(["Order No", "Order-No", "Total"]) == {"order_no": ("Order No", "Order-No")}
