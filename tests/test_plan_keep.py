"""What `keep` does to the sheet: cells put right, graces, mails that wait for the write, limits that hold it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rowcall.table import Column, Kind, Schema
from tests.plan_day import Day, sent

TIERS = ("Standard", "Silver", "Gold")
CUSTOMERS = Schema(
    "Customers",
    "shop",
    "Customers",
    key=("Customer",),
    columns=(Column("Customer"), Column("Email", Kind.EMAIL), Column("Tier", Kind.CHOICE, TIERS)),
    kept=("Tier",),
)
ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Customer"),
        Column("Ordered on", Kind.DATE),
        Column("Total", Kind.MONEY),
    ),
)
STOCK = Schema(
    "Stock",
    "shop",
    "Stock",
    key=("SKU",),
    columns=(
        Column("SKU"),
        Column("Qty", Kind.NUMBER),
        Column("Price", Kind.MONEY),
        Column("Value", Kind.MONEY),
        Column("Level", Kind.CHOICE, ("low", "fine")),
    ),
    kept=("Value", "Level"),
)

NIGHTLY = """
rule: Tiers
look at: Customers
schedule: every day at 05:30
figures:
  Spent:
    in: Orders
    sum of: Total
    where: {Customer: same as this.Customer, Ordered on: within the last 365 days}
keep:
  Tier:
    first that fits:
      - {value: Gold, when: {Spent: at least 2000}}
      - {value: Silver, when: {Spent: at least 800}}
      - value: Standard
    go down only after: 90 days
then:
  - when: {Tier: went up}
    email: {to: Email, subject: "You are {{ tier }} now", text: "{{ customer }}, {{ before.tier }} until today"}
"""
AT_ONCE = """
rule: Value
look at: Stock
keep:
  Value: "=[Qty] * [Price]"
  Level:
    by column: SKU
    A: low
    everything else: fine
"""

MakeDay = Callable[..., Day]


def customer(name: str, tier: str = "Standard") -> dict[str, str]:
    return {"Customer": name, "Email": f"{name}@x.example", "Tier": tier}


def order(number: str, name: str, total: str, on: str = "2026-03-01") -> dict[str, str]:
    return {"Order No": number, "Customer": name, "Ordered on": on, "Total": total}


@pytest.fixture
def night(tmp_path: Path) -> MakeDay:
    def make(customers: list[dict[str, str]], orders: list[dict[str, str]], rule: str = NIGHTLY) -> Day:
        tables = {"Customers": customers, "Orders": orders}
        return Day(tmp_path, (CUSTOMERS, ORDERS), tables, {"tiers": rule})

    return make


@pytest.fixture
def stock(tmp_path: Path) -> MakeDay:
    def make(rows: list[dict[str, str]], rule: str = AT_ONCE, **rules: str) -> Day:
        return Day(tmp_path, (STOCK,), {"Stock": rows}, {"value": rule, **rules})

    return make


def test_up_at_once_and_the_mail_comes_after_the_write(night: MakeDay) -> None:
    shop = night([customer("ann"), customer("bob")], [order("1", "ann", "2100"), order("2", "bob", "10")])
    outcome = shop.tick("2026-03-02 05:30", deliver=False)
    assert sent(outcome) == [("tiers", "ann", "keep"), ("tiers", "ann", "start#1")]
    write, mail = outcome.firings
    assert mail.deliveries[0].after == (write.deliveries[0].id,)
    assert write.because == {"Spent": "2100"}
    shop.tick("2026-03-02 05:31")
    assert shop.row("Customers", "ann")["Tier"] == "Gold"
    assert [(one.subject, one.text) for one in shop.mails] == [
        ("You are Gold now", "ann, Standard until today")
    ]
    assert sent(shop.tick("2026-03-03 05:30")) == []


def test_down_only_after_the_grace(night: MakeDay) -> None:
    shop = night([customer("ann", "Gold")], [order("1", "ann", "900")])
    days = ["2026-03-02", "2026-04-01", "2026-05-30", "2026-05-31"]
    tiers = []
    for day in days:
        shop.tick(f"{day} 05:30")
        tiers.append(shop.row("Customers", "ann")["Tier"])
    assert tiers == ["Gold", "Gold", "Gold", "Silver"]
    assert all("You are" not in mail.subject for mail in shop.mails)


def test_a_grace_that_was_broken_begins_anew(night: MakeDay) -> None:
    shop = night([customer("ann", "Gold")], [order("1", "ann", "900")])
    shop.tick("2026-03-02 05:30")
    shop.rows["Orders"].append(order("2", "ann", "1500"))
    shop.tick("2026-04-01 05:30")
    shop.rows["Orders"].pop()
    shop.tick("2026-05-02 05:30")
    shop.tick("2026-06-05 05:30")
    assert shop.row("Customers", "ann")["Tier"] == "Gold"
    shop.tick("2026-07-31 05:30")
    assert shop.row("Customers", "ann")["Tier"] == "Silver"


def test_more_than_a_tenth_of_the_rows_is_held_until_a_person_says_so(night: MakeDay) -> None:
    customers = [customer(f"c{number}") for number in range(40)]
    orders = [order(str(number), f"c{number}", "1000") for number in range(10)]
    shop = night(customers, orders, f"{NIGHTLY}limits: [10% of rows]\n")
    outcome = shop.tick("2026-03-02 05:30")
    assert [hold.limit for hold in outcome.held] == ["10% of rows"]
    assert {row["Tier"] for row in shop.rows["Customers"]} == {"Standard"}
    shop.store().say_hold("tiers", "release", outcome.at)
    shop.tick("2026-03-02 06:00")
    shop.tick("2026-03-02 06:01")
    assert sum(row["Tier"] == "Silver" for row in shop.rows["Customers"]) == 10
    assert sum("You are Silver now" in mail.subject for mail in shop.mails) == 10


def test_without_a_schedule_a_cell_is_put_right_at_the_next_look(stock: MakeDay) -> None:
    shop = stock([item("A", "3", "2.50"), item("B", "2", "0.335", Value="0.67", Level="fine")])
    assert sent(shop.tick("2026-03-02 09:00")) == [("value", "A", "keep")]
    assert shop.row("Stock", "A") == item("A", "3", "2.50", Value="7.50", Level="low")
    assert sent(shop.tick("2026-03-02 09:01")) == []
    shop.row("Stock", "A")["Value"] = "99"
    shop.row("Stock", "B")["Qty"] = "4"
    shop.tick("2026-03-02 09:02")
    assert [row["Value"] for row in shop.rows["Stock"]] == ["7.50", "1.34"]


def test_an_unknown_value_is_not_written(stock: MakeDay) -> None:
    shop = stock([item("B", "many", "2.50", Value="5", Level="fine")])
    assert sent(shop.tick("2026-03-02 09:00")) == []
    assert shop.row("Stock", "B")["Value"] == "5"


def test_a_write_on_its_way_is_not_planned_again(stock: MakeDay) -> None:
    shop = stock([item("A", "3", "2")])
    shop.tick("2026-03-02 09:00", deliver=False)
    assert sent(shop.tick("2026-03-02 09:01", deliver=False)) == []
    shop.row("Stock", "A")["Qty"] = "4"
    assert sent(shop.tick("2026-03-02 09:02")) == [("value", "A", "keep")]
    assert shop.row("Stock", "A")["Value"] == "8.00"


def test_what_is_kept_wakes_other_rules_but_not_itself(stock: MakeDay) -> None:
    watching = """
rule: Watch
look at: Stock
when: {Level: changed to low}
then:
  - email: {to: owners, subject: "{{ sku }} is low", text: "."}
"""
    shop = stock([item("A", "3", "2", Value="6", Level="fine")], AT_ONCE, watch=watching)
    shop.tick("2026-03-02 09:00")
    shop.tick("2026-03-02 09:01")
    assert [mail.subject for mail in shop.mails] == ["A is low"]


def test_on_first_sight_cells_are_put_right_but_nobody_is_mailed(stock: MakeDay) -> None:
    rule = f'{AT_ONCE}then:\n  - email: {{to: owners, subject: "{{{{ value }}}}", text: "."}}\n'
    shop = stock([item("A", "3", "2")], rule)
    shop.tick("2026-03-02 09:00")
    assert (shop.row("Stock", "A")["Value"], shop.mails) == ("6.00", [])
    shop.row("Stock", "A")["Qty"] = "5"
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-02 09:02")
    assert [mail.subject for mail in shop.mails] == ["10"]


def item(sku: str, qty: str, price: str, **more: str) -> dict[str, str]:
    return {"SKU": sku, "Qty": qty, "Price": price, "Value": "", "Level": "", **more}
