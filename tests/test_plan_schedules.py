"""What a schedule brings: labels that strike or were missed, reports with figures, rows that each label finds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from rowcall.errors import Place, Problem
from rowcall.explain import Explanation, explain
from rowcall.memory import Memory
from rowcall.plan import plan
from rowcall.table import Column, Kind, Link, Schema
from tests.plan_day import ZONE, Day, sent

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Ordered on", Kind.DATE),
        Column("Customer"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Cancelled")),
        Column("Total", Kind.MONEY),
    ),
    links=(Link("Buyer", "Customers", "Customer"),),
)
CUSTOMERS = Schema(
    "Customers",
    "shop",
    "Customers",
    key=("Customer",),
    columns=(Column("Customer"), Column("Email", Kind.EMAIL), Column("Points", Kind.NUMBER)),
)
HISTORY = Schema(
    "History",
    "shop",
    "History",
    key=("Week",),
    columns=(Column("Week"), Column("Revenue", Kind.MONEY), Column("Orders", Kind.NUMBER)),
)

DAILY = """
rule: Daily
schedule: every day at 08:00
then:
  - email: {to: owners, subject: "Daily {{ today | date }}", text: "It is {{ now | time }}."}
"""
WEEKLY = """
rule: Weekly
schedule: Mondays at 07:45
period: last week
compare with: the week before
figures:
  Revenue: {in: Orders, sum of: Total, where: {Ordered on: in the period, Status: not Cancelled}, show as: money}
  Orders: {in: Orders, count: rows, where: {Ordered on: in the period, Status: not Cancelled}}
  Average: {formula: "=[Revenue] / [Orders]", show as: money}
then:
  - add row:
      to: History
      values: {Week: "{{ period.label }}", Revenue: same as Revenue, Orders: same as Orders}
  - email:
      to: owners
      subject: "Week {{ period.label }}: {{ revenue }} ({{ revenue_change }})"
      text: "{% for one in figures %}{{ one.name }} {{ one.text }} {{ one.change_text }}; {% endfor %}"
"""
OPEN_LIST = """
rule: Open orders
schedule: every day at 08:00
figures:
  Open: {in: Orders, where: {Status: New}, list: [Order No, Total], sort by: Total descending}
  Count: {in: Orders, where: {Status: New}, count: rows}
then:
  - email: {to: owners, subject: Open, text: "TEXT"}
"""
PER_ROW = """
rule: Remind
look at: Customers
schedule: weekdays at 09:00
figures:
  Open orders: {in: Orders, count: rows, where: {Customer: same as this.Customer, Status: New}}
when:
  Open orders: at least 1
then:
  - email: {to: Email, subject: "{{ open_orders }} open", text: "Hello {{ customer }}"}
  - at: 2 days after start
    email: {to: owners, subject: "Call {{ customer }}", text: "Still open."}
"""

MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(*rules: str, orders: list[dict[str, str]] | None = None) -> Day:
        customers = [
            {"Customer": name, "Email": f"{name}@x.example", "Points": "0"} for name in ("ann", "bob")
        ]
        tables = {"Orders": orders or [order("1")], "Customers": customers, "History": []}
        named = {f"r{number}": text for number, text in enumerate(rules, 1)}
        return Day(tmp_path, (ORDERS, CUSTOMERS, HISTORY), tables, named)

    return make


def order(
    number: str, customer: str = "ann", on: str = "2026-03-03", status: str = "Paid", total: str = "10"
) -> dict[str, str]:
    return {"Order No": number, "Ordered on": on, "Customer": customer, "Status": status, "Total": total}


def test_a_label_strikes_once(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 07:59")
    for clock in ("08:00", "08:01", "12:00"):
        shop.tick(f"2026-03-02 {clock}")
    assert [(mail.subject, mail.text) for mail in shop.mails] == [("Daily 2 Mar 2026", "It is 08:00.")]


def test_a_label_between_two_looks_speaks_of_its_own_time(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 07:50")
    shop.tick("2026-03-02 08:07")
    assert [mail.text for mail in shop.mails] == ["It is 08:00."]
    firing = shop.plans[-1].firings[0]
    assert (firing.table, firing.key, firing.n, firing.at.minute) == ("", "", 1, 7)


@pytest.mark.parametrize(("first", "mails"), [("08:00", 1), ("08:01", 0), ("07:59", 0)])
def test_on_first_sight_only_a_label_at_that_moment_counts(day: MakeDay, first: str, mails: int) -> None:
    shop = day(DAILY)
    shop.tick(f"2026-03-02 {first}")
    assert len(shop.mails) == mails
    assert not shop.plans[-1].baseline


def test_of_missed_labels_the_last_runs_and_the_others_are_told(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 07:50")
    outcome = shop.tick("2026-03-05 07:00")
    assert sent(outcome) == [("r1", "", "start#1")]
    assert [mail.subject for mail in shop.mails] == ["Daily 4 Mar 2026", "Daily: a run was missed"]
    assert "did not run 2 times (2026-03-02 08:00 to 2026-03-03 08:00)" in shop.mails[1].text
    assert "2026-03-04 08:00 was made up for" in shop.mails[1].text
    shop.tick("2026-03-05 07:01")
    assert len(shop.mails) == 2


def test_a_label_older_than_a_day_is_told_but_not_made_up_for(day: MakeDay) -> None:
    shop = day(WEEKLY)
    shop.tick("2026-03-02 07:00")
    outcome = shop.tick("2026-03-04 09:00")
    assert sent(outcome) == []
    assert "more than a day ago" in shop.mails[0].text


def test_a_new_time_that_has_passed_today_waits_for_its_next_turn(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 08:00")
    shop.tick("2026-03-02 09:59")
    shop.rules["r1"] = DAILY.replace("08:00", "09:00")
    shop.tick("2026-03-02 10:00")
    assert len(shop.mails) == 1
    shop.tick("2026-03-03 09:00")
    assert len(shop.mails) == 2


def test_switched_on_again_nothing_is_made_up_for(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 08:00")
    shop.rules["r1"] = f"{DAILY}state: off\n"
    shop.tick("2026-03-02 09:00")
    shop.tick("2026-03-03 09:00")
    shop.rules["r1"] = DAILY
    shop.tick("2026-03-03 10:00")
    assert len(shop.mails) == 1
    outcome = shop.tick("2026-03-04 08:00")
    assert [firing.n for firing in outcome.firings] == [2]
    assert len(shop.mails) == 2


@pytest.mark.parametrize(
    ("ticks", "times"),
    [
        pytest.param(["2026-03-29 01:00", "2026-03-29 03:00", "2026-03-29 04:00"], ["03:00"], id="spring"),
        pytest.param(["2026-10-25 01:00", "2026-10-25 02:30", "2026-10-25 04:00"], ["02:30"], id="autumn"),
    ],
)
def test_a_time_that_comes_twice_or_not_at_all_strikes_once(
    day: MakeDay, ticks: list[str], times: list[str]
) -> None:
    shop = day(DAILY.replace("08:00", "02:30"))
    for tick in ticks:
        shop.tick(tick)
    assert [mail.text for mail in shop.mails] == [f"It is {clock}." for clock in times]


def test_a_broken_table_keeps_the_label_for_later(day: MakeDay) -> None:
    shop = day(WEEKLY)
    shop.tick("2026-03-09 07:00")
    shop.broken = {"Orders": Problem(Place(table="Orders"), "the tab is missing")}
    assert sent(shop.tick("2026-03-09 07:45")) == []
    shop.broken = {}
    assert sent(shop.tick("2026-03-09 09:00")) == [("r1", "", "start#1"), ("r1", "", "start#2")]


def test_weekly_figures(day: MakeDay) -> None:
    orders = [
        order("1", on="2026-03-02", total="100"),
        order("2", on="2026-03-08", total="44.50"),
        order("3", on="2026-03-08", total="1000", status="Cancelled"),
        order("4", on="2026-02-28", total="50"),
        order("5", on="2026-03-09", total="7"),
    ]
    shop = day(WEEKLY, orders=orders)
    shop.tick("2026-03-09 07:00")
    shop.tick("2026-03-09 07:45")
    assert shop.rows["History"] == [{"Week": "2026-W10", "Revenue": "144.50", "Orders": "2"}]
    assert [mail.subject for mail in shop.mails] == ["Week 2026-W10: €144.50 (+189%)"]
    assert shop.mails[0].text == "Revenue €144.50 +189%; Orders 2 +100%; Average €72.25 +45%; "


def test_a_week_without_orders_says_so_and_leaves_the_unknown_empty(day: MakeDay) -> None:
    rule = WEEKLY.replace("Orders: same as Orders", "Orders: same as Average").replace(
        "{{ revenue }}", "{{ average }} {{ average | money }}"
    )
    shop = day(rule, orders=[order("1", on="2026-01-01")])
    shop.tick("2026-03-09 07:45")
    assert shop.rows["History"] == [{"Week": "2026-W10", "Revenue": "0.00", "Orders": ""}]
    assert shop.mails[0].subject == "Week 2026-W10: – (–)"


@pytest.mark.parametrize(
    ("text", "status", "mails"),
    [
        pytest.param("{{ open }}", "Paid", 0, id="nothing but an empty list"),
        pytest.param("{{ open }}", "New", 1, id="a list with a row"),
        pytest.param("{{ count }}: {{ open }}", "Paid", 1, id="a number is said, even 0"),
        pytest.param("Good morning", "Paid", 1, id="no list at all"),
    ],
)
def test_an_empty_report_is_not_sent(day: MakeDay, text: str, status: str, mails: int) -> None:
    shop = day(OPEN_LIST.replace("TEXT", text), orders=[order("1", status=status)])
    outcome = shop.tick("2026-03-02 08:00")
    assert len(outcome.firings) == 1
    assert len(shop.mails) == mails


def test_a_list_is_printed_as_a_table(day: MakeDay) -> None:
    orders = [order("1", status="New", total="5"), order("2", status="New", total="20")]
    shop = day(OPEN_LIST.replace("TEXT", "{{ open }}"), orders=orders)
    shop.tick("2026-03-02 08:00")
    lines = [line.split() for line in shop.mails[0].text.split("\n") if line]
    assert lines[0] == ["Order", "No", "Total"]
    assert lines[2:] == [["2", "€20.00"], ["1", "€5.00"]]


def test_each_label_is_a_fresh_occasion_for_every_row_that_matters(day: MakeDay) -> None:
    shop = day(PER_ROW, orders=[order("1", "ann", status="New"), order("2", "bob")])
    shop.tick("2026-03-02 08:00")
    assert sent(shop.tick("2026-03-02 09:00")) == [("r1", "ann", "start#1")]
    shop.row("Orders", "2")["Status"] = "New"
    assert sent(shop.tick("2026-03-02 12:00")) == []
    outcome = shop.tick("2026-03-03 09:00")
    assert sent(outcome) == [("r1", "ann", "start#1"), ("r1", "bob", "start#1")]
    assert {firing.n for firing in outcome.firings} == {2}
    assert outcome.firings[0].because == {"Open orders": "1"}
    assert [mail.subject for mail in shop.mails] == ["1 open", "1 open", "1 open"]


def test_the_next_label_takes_the_place_of_what_was_still_to_come(day: MakeDay) -> None:
    shop = day(
        PER_ROW.replace("weekdays at 09:00", "Mondays at 09:00"), orders=[order("1", "ann", status="New")]
    )
    shop.tick("2026-03-02 09:00")
    assert sent(shop.tick("2026-03-04 09:00")) == [("r1", "ann", "2 days after start#1")]
    shop.tick("2026-03-09 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-10 09:00")
    assert sent(shop.tick("2026-03-11 09:00")) == []
    assert [mail.subject for mail in shop.mails] == ["1 open", "Call ann", "1 open"]


def test_explain_tells_the_next_label_and_the_figures(day: MakeDay) -> None:
    shop = day(PER_ROW, WEEKLY, orders=[order("1", "ann", status="New")])
    shop.tick("2026-03-02 09:00")
    found = asked(shop, "r1", "bob", "2026-03-02 10:00")
    assert found.outcome.startswith("It does not matter: Open orders: at least 1 (0")
    assert found.next is not None
    assert f"{found.next.at:%Y-%m-%d %H:%M}" == "2026-03-03 08:00"  # UTC
    report = asked(shop, "r2", "", "2026-03-02 10:00")
    assert report.next is not None
    assert report.next.what == "the next time of its schedule"
    assert asked(shop, "r2", "", "2026-03-09 07:45").outcome == "It acts at the next look: start."


def asked(shop: Day, rule: str, key: str, at: str) -> Explanation:
    store = shop.store()
    now = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    given = shop.given(now, store, store.load())
    store.close()
    return explain(given, next(one for one in given.rules if one.id == rule), key)


def test_as_if_new_leaves_labels_as_they_are(day: MakeDay) -> None:
    shop = day(DAILY)
    shop.tick("2026-03-02 07:00")
    for at, firings in (("2026-03-02 08:00", 1), ("2026-03-02 08:01", 0)):
        store = shop.store()
        given = shop.given(datetime.fromisoformat(at).replace(tzinfo=ZONE), store, store.load())
        store.close()
        fresh = replace(given, memory=replace(Memory(), last_tick=given.memory.last_tick), as_if_new=True)
        assert len(plan(fresh).firings) == firings
