"""Are rules that wake each other held, and only those? And do customers' budgets hold over several rules?"""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from rowcall.table import Column, Kind, Link, Schema
from tests.plan_day import Day

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Packed")),
        Column("Customer"),
        Column("Email", Kind.EMAIL),
        Column("Count", Kind.NUMBER),
        Column("Label"),
    ),
    links=(Link("Buyer", "Customers", "Customer"),),
    kept=("Label",),
)
CUSTOMERS = Schema(
    "Customers",
    "shop",
    "Customers",
    key=("Customer",),
    columns=(Column("Customer"), Column("Tier", Kind.CHOICE, ("Standard", "Gold")), Column("Seen")),
)
MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(*rules: str, orders: int = 1) -> Day:
        rows = [order(str(number)) for number in range(1, orders + 1)]
        tables = {"Orders": rows, "Customers": [customer("C1"), customer("C2")]}
        return Day(tmp_path, (ORDERS, CUSTOMERS), tables, dict(zip("abc", rules, strict=False)))

    return make


def order(number: str, status: str = "New") -> dict[str, str]:
    first = {"Order No": number, "Status": status, "Customer": "C1", "Email": "c@example.com"}
    return {**first, "Count": "0", "Label": ""}


def customer(name: str) -> dict[str, str]:
    return {"Customer": name, "Tier": "Standard", "Seen": ""}


def rule(when: str, cells: str, table: str = "Orders", more: str = "") -> str:
    return f"rule: R\nlook at: {table}\nwhen: {{{when}}}\nfirst run: only new ones\n{more}then:\n  - set: {{{cells}}}\n"


def minutes(shop: Day, until: int, since: int = 1) -> None:
    for minute in range(since, until):
        shop.tick(f"2026-03-02 {9 + minute // 60:02d}:{minute % 60:02d}")


def held(shop: Day) -> set[str]:
    store = shop.store()
    found = {hold.rule for hold in store.load().holds.values()}
    store.close()
    return found


def openings(shop: Day, name: str) -> int:
    return sum(firing.rule == name for plan in shop.plans for firing in plan.firings)


KEEP_LABEL = """
rule: Label
look at: Orders
keep:
  Label: "=IF([Status] = \\"Paid\\", \\"to pack\\", \\"to pay\\")"
"""
LOOPS = {
    "one row": (rule("Status: Paid", "Status: Packed"), rule("Status: Packed", "Status: Paid")),
    "a kept column": (
        KEEP_LABEL,
        rule("Label: to pack", "Status: New"),
        rule("Label: to pay", "Status: Paid"),
    ),
    "linked rows": (
        rule("Buyer.Tier: Standard", "Buyer.Tier: Gold"),
        rule("Buyer.Tier: Gold", "Buyer.Tier: Standard"),
    ),
    "a row and its linked row": (
        rule("Status: Paid", "Buyer.Tier: Gold, Status: Packed"),
        rule("Buyer.Tier: Gold, Status: Packed", "Buyer.Tier: Standard"),
        rule("Buyer.Tier: Standard, Status: Packed", "Status: Paid"),
    ),
}


@pytest.mark.parametrize("rules", LOOPS.values(), ids=LOOPS)
def test_rules_that_wake_each_other_are_held(day: MakeDay, rules: Iterable[str]) -> None:
    shop = day(*rules)
    shop.rows["Orders"][0]["Status"] = "Packed" if "Customers" in str(rules) else "New"
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.row("Customers", "C1")["Tier"] = "Gold"
    minutes(shop, 50)
    assert held(shop)
    assert all(openings(shop, name) < 20 for name in shop.rules)
    told = [mail for mail in shop.mails if "for you" in mail.subject]
    assert told
    assert "wake each other at most 5 times an hour on one row (row 1)" in told[0].text


def test_a_person_who_edits_a_row_often_is_no_loop(day: MakeDay) -> None:
    shop = day(rule("Status: Paid", "Label: x"), rule("Status: Packed", "Label: y"))
    shop.tick("2026-03-02 09:00")
    for minute in range(1, 40):
        shop.row("Orders", "1")["Status"] = ("Paid", "New")[minute % 2]
        shop.tick(f"2026-03-02 09:{minute:02d}")
    assert openings(shop, "a") > 10
    assert held(shop) == set()


def test_other_rows_writes_are_no_loop(day: MakeDay) -> None:
    # Another customer is written again and again, while a person works on the orders of this one.
    shop = day(
        rule("Status: Paid, Buyer.Tier: Standard", "Label: x"),
        rule("Tier: Gold, Customer: C2", "Tier: Standard", table="Customers"),
    )
    shop.tick("2026-03-02 09:00")
    for minute in range(1, 40):
        shop.row("Orders", "1")["Status"] = ("Paid", "New")[minute % 2]
        shop.row("Customers", "C2")["Tier"] = "Gold"
        shop.tick(f"2026-03-02 09:{minute:02d}")
    assert openings(shop, "a") > 10
    assert held(shop) == set()


def test_a_schedule_is_woken_by_its_clock_and_never_held_as_a_loop(day: MakeDay) -> None:
    every = "schedule: every 5 minutes\n"
    shop = day(
        rule("Status: Paid", "Count: increase by 1", more=every).replace("first run: only new ones\n", ""),
        rule("Count: went up", "Label: same as Count"),
    )
    shop.row("Orders", "1")["Status"] = "Paid"
    minutes(shop, 59)
    assert openings(shop, "a") == 11
    assert held(shop) <= {"b"}


BUDGET = "limits: [1 email a week per customer]\n"
MAIL = "rule: {name}\nlook at: Orders\nfirst run: only new ones\n{more}when: {{Status: {status}}}\nthen:\n"
ONE = '  - email: {{to: Email, subject: "{name}", text: Hello}}\n'


def mail(name: str, status: str, more: str = BUDGET, then: str = "") -> str:
    return (MAIL + ONE).format(name=name, status=status, more=more) + then


def told(shop: Day) -> list[str]:
    return [f"{one.at:%d %H:%M} {one.subject}" for one in shop.mails if one.to == "c@example.com"]


def test_a_budget_holds_over_three_rules_with_follow_ups_and_hours(day: MakeDay) -> None:
    follow = "  - {at: 1 day after last, email: {to: Email, subject: A again, text: Hello}}\n"
    shop = day(
        mail("A", "one of Paid, Packed".join('""'), then=follow),
        mail("B", "Paid"),
        mail("C", "Paid", BUDGET + "send only: every day between 12:00 and 18:00\n"),
    )
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    for at in range(2, 28):
        for hour in ("08:00", "09:30", "12:30"):
            shop.tick(f"2026-03-{at:02d} {hour}") if (at, hour) != (2, "08:00") else None
    # The follow-up is never delayed. B had got its day before that was planned: a week after A. C comes a week
    # after B, in its own hours.
    assert told(shop) == ["02 09:30 A", "03 09:30 A again", "09 09:30 B", "16 12:30 C"]
