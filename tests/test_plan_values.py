"""What values come to when they are planned: increases that add up, turns, lists, numbers, choices."""

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
        Column("SKU"),
        Column("Qty", Kind.NUMBER),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Packed")),
        Column("Packer", Kind.PERSON),
        Column("Priority", Kind.CHOICE, ("High", "Low")),
        Column("Note"),
    ),
    links=(Link("Item", "Stock", "SKU"),),
)
STOCK = Schema(
    "Stock", "shop", "Stock", key=("SKU",), columns=(Column("SKU"), Column("On hand", Kind.NUMBER))
)
TASKS = Schema(
    "Tasks",
    "shop",
    "Tasks",
    key=("Task No",),
    columns=(Column("Task No"), Column("Order"), Column("What"), Column("Who", Kind.PERSON)),
    number="T-01",
)
TAKE = """
rule: Take
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - set: {Item.On hand: decrease by same as Qty}
"""

MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(rules: dict[str, str], orders: list[dict[str, str]], on_hand: str = "10", **more: object) -> Day:
        tables = {"Orders": orders, "Stock": [{"SKU": "A", "On hand": on_hand}], "Tasks": []}
        return Day(tmp_path, (ORDERS, STOCK, TASKS), tables, rules, **more)  # type: ignore[arg-type] # fields of Day

    return make


def order(number: str, status: str = "New", **more: str) -> dict[str, str]:
    return {
        "Order No": number, "SKU": "A", "Qty": "2", "Status": status, "Packer": "", "Priority": "", "Note": "", **more,
    }  # fmt: skip


def pay(shop: Day, *numbers: str) -> None:
    for number in numbers:
        shop.row("Orders", number)["Status"] = "Paid"


def test_an_increase_by_an_empty_cell_writes_nothing_and_says_why(day: MakeDay) -> None:
    shop = day({"take": TAKE}, [order("1", Qty="")])
    shop.tick("2026-03-02 09:00")
    pay(shop, "1")
    outcome = shop.tick("2026-03-02 09:01")
    assert shop.row("Stock", "A")["On hand"] == "10"
    assert "the amount is empty or can't be read" in outcome.problems[0].what


def test_increases_of_one_cell_add_up_over_rows_and_rules(day: MakeDay) -> None:
    other = TAKE.replace("decrease by same as Qty", "decrease by 1")
    shop = day(
        {"take": TAKE, "other": other},
        [order("1"), order("2")],
    )
    shop.tick("2026-03-02 09:00")
    pay(shop, "1", "2")
    outcome = shop.tick("2026-03-02 09:01")
    assert not outcome.problems
    assert shop.row("Stock", "A")["On hand"] == "4"


def test_a_person_in_between_is_counted_in(day: MakeDay) -> None:
    shop = day({"take": TAKE.replace("same as Qty", "2")}, [order("1"), order("2")])
    shop.tick("2026-03-02 09:00")
    pay(shop, "1", "2")
    shop.tick("2026-03-02 09:01", deliver=False)
    shop.row("Stock", "A")["On hand"] = "50"
    shop.tick("2026-03-02 09:02")
    assert shop.row("Stock", "A")["On hand"] == "46"


def test_an_increase_beside_a_fixed_value_is_a_conflict(day: MakeDay) -> None:
    fixed = TAKE.replace("decrease by same as Qty", "7")
    shop = day({"take": TAKE.replace("same as Qty", "2"), "fix": fixed}, [order("1")])
    shop.tick("2026-03-02 09:00")
    pay(shop, "1")
    outcome = shop.tick("2026-03-02 09:01")
    assert any("different values" in one.what for one in outcome.problems)
    assert shop.row("Stock", "A")["On hand"] == "10"


def test_an_amount_that_cant_be_read_is_not_added_to(day: MakeDay) -> None:
    shop = day({"take": TAKE.replace("same as Qty", "2")}, [order("1")], on_hand="many")
    shop.tick("2026-03-02 09:00")
    pay(shop, "1")
    outcome = shop.tick("2026-03-02 09:01")
    assert any("can't be read" in one.what for one in outcome.problems)
    assert shop.row("Stock", "A")["On hand"] == "many"


def test_next_of_goes_round_over_ticks_and_rows(day: MakeDay) -> None:
    rule = TAKE.replace("Item.On hand: decrease by same as Qty", "Packer: next of packers")
    shop = day({"take": rule}, [order(str(number)) for number in range(5)])
    shop.tick("2026-03-02 09:00")
    pay(shop, "0", "1", "2")
    shop.tick("2026-03-02 09:01")
    pay(shop, "3", "4")
    shop.tick("2026-03-02 09:02")
    assert [row["Packer"] for row in shop.rows["Orders"]] == ["anna", "ben", "dora", "anna", "ben"]


def test_one_row_for_each_line_of_a_list(day: MakeDay) -> None:
    rule = """
rule: Tasks
look at: Stock
when: {On hand: at most 3}
first run: only new ones
figures:
  Waiting: {in: Orders, where: {SKU: same as this.SKU, Status: Paid}, list: [Order No, Qty], sort by: Order No}
then:
  - add row:
      to: Tasks
      for each: Waiting
      values:
        Order: same as Order No
        What: "{{ qty }} of {{ this.sku }}"
        Who: next of packers
      unless there is: {Order: "12"}
"""
    shop = day({"tasks": rule}, [order("11", "Paid"), order("10", "Paid", Qty="5"), order("9")])
    shop.tick("2026-03-02 09:00")
    shop.row("Stock", "A")["On hand"] = "3"
    assert sent(shop.tick("2026-03-02 09:01")) == [("tasks", "A", "start#1")]
    assert shop.rows["Tasks"] == [
        {"Task No": "T-01", "Order": "10", "What": "5 of A", "Who": "anna"},
        {"Task No": "T-02", "Order": "11", "What": "2 of A", "Who": "ben"},
    ]


def test_choices_and_formulas_see_what_was_written_before(day: MakeDay) -> None:
    rule = """
rule: Choose
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - set:
      Note:
        by column: Priority
        High: "now, {{ qty }}"
        everything else: "later"
      Qty: "=[Qty] * 3"
  - email: {to: owners, subject: "{{ order_no }}", text: "{{ qty }}"}
"""
    shop = day({"choose": rule}, [order("1", Priority="High"), order("2", Qty="1"), order("3", Qty="x")])
    shop.tick("2026-03-02 09:00")
    pay(shop, "1", "2", "3")
    shop.tick("2026-03-02 09:01")
    assert [(row["Note"], row["Qty"]) for row in shop.rows["Orders"]] == [
        ("now, 2", "6"), ("later", "3"), ("later", "x"),
    ]  # fmt: skip
