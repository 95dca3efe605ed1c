"""What a day in the shop brings: each test is a story of people's edits and what Rowcall does about them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rowcall.table import Column, Kind, Link, Schema
from tests.plan_day import Day, sent

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Packed", "Shipped", "Cancelled")),
        Column("Email", Kind.EMAIL),
        Column("Total", Kind.MONEY),
        Column("Confirmed at", Kind.DATETIME),
        Column("Ship by", Kind.DATE),
        Column("Owner", Kind.PERSON),
        Column("Customer"),
    ),
    links=(Link("Buyer", "Customers", "Customer"),),
)
STOCK = Schema(
    "Stock",
    "shop",
    "Stock",
    key=("SKU",),
    columns=(
        Column("SKU"),
        Column("On hand", Kind.NUMBER),
        Column("Reorder point", Kind.NUMBER),
        Column("Low since", Kind.DATE),
    ),
)
CUSTOMERS = Schema(
    "Customers", "shop", "Customers", key=("Customer",), columns=(Column("Customer"), Column("Tier"))
)

CONFIRM = """
rule: Confirm
look at: Orders
when:
  Status: Paid
first run: only new ones
then:
  - email:
      to: Email
      subject: "Order {{ order_no }}"
      text: "Thank you for {{ total | money }}."
"""

MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(rule: str, rows: list[dict[str, str]], **more: object) -> Day:
        tables = {"Orders": rows, "Customers": [{"Customer": "C1", "Tier": "Gold"}], "Stock": []}
        return Day(tmp_path, (ORDERS, CUSTOMERS, STOCK), tables, {"confirm": rule}, **more)  # type: ignore[arg-type] # fields of Day

    return make


def order(number: str, status: str = "New", email: str = "c@example.com", **more: str) -> dict[str, str]:
    named = {name.replace("_", " ").capitalize(): text for name, text in more.items()}
    base = {"Order No": number, "Status": status, "Email": email, "Total": "12.50"}
    return {**base, "Confirmed at": "", "Ship by": "", "Owner": "", "Customer": "", **named}


def test_first_sight_is_a_baseline_and_what_comes_later_acts_once(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1", "Paid"), order("2")])
    first = shop.tick("2026-03-02 09:00")
    assert first.baseline == {"confirm": ("1",)}
    assert shop.mails == []
    shop.row("Orders", "2")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-02 09:01")) == [("confirm", "2", "start#1")]
    assert [(mail.to, mail.subject) for mail in shop.mails] == [("c@example.com", "Order 2")]
    assert "€12.50" in shop.mails[0].text
    assert sent(shop.tick("2026-03-02 09:02")) == []
    assert len(shop.mails) == 1


def test_sorting_and_inserting_rows_changes_nothing(day: MakeDay) -> None:
    shop = day(CONFIRM, [order(str(number), "Paid") for number in range(20)])
    shop.tick("2026-03-02 09:00")
    shop.rows["Orders"].reverse()
    assert sent(shop.tick("2026-03-02 09:01")) == []
    shop.rows["Orders"].insert(7, order("new", "Paid"))
    assert sent(shop.tick("2026-03-02 09:02")) == [("confirm", "new", "start#1")]


@pytest.mark.parametrize(("once", "mails"), [("no", 2), ("yes", 1)])
def test_paid_shipped_paid(day: MakeDay, once: str, mails: int) -> None:
    shop = day(f"{CONFIRM}once per row: {once}\n", [order("1")])
    shop.tick("2026-03-02 09:00")
    for minute, status in enumerate(["Paid", "Shipped", "Paid"], 1):
        shop.row("Orders", "1")["Status"] = status
        shop.tick(f"2026-03-02 09:0{minute}")
    assert len(shop.mails) == mails
