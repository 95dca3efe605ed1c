"""What a day in the shop brings: each test is a story of people's edits and what Rowcall does about them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rowcall.errors import Place, Problem
from rowcall.memory import Answer
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


def test_own_write_does_not_end_the_episode_that_has_more_to_do(day: MakeDay) -> None:
    rule = """
rule: Pack
look at: Orders
when:
  Status: Paid
then:
  - set:
      Status: Packed
  - at: 2 hours after start
    email: {to: Email, subject: "Packed {{ order_no }}", text: "{{ status }}"}
"""
    shop = day(rule, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-02 09:01")) == [("confirm", "1", "start#1")]
    assert shop.row("Orders", "1")["Status"] == "Packed"
    shop.tick("2026-03-02 09:02")
    shop.tick("2026-03-02 10:00")
    assert sent(shop.tick("2026-03-02 11:02")) == [("confirm", "1", "2 hours after start#1")]
    assert shop.mails[0].text == "Packed"
    shop.tick("2026-03-02 11:03")
    # Nothing is left to do and `when` is false: the row is armed again.
    shop.row("Orders", "1")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-02 11:04")) == [("confirm", "1", "start#1")]


def test_a_person_ends_what_an_own_write_did_not(day: MakeDay) -> None:
    rule = """
rule: Pack
look at: Orders
when: {Status: Paid}
then:
  - set: {Status: Packed}
  - at: 2 hours after start
    email: {to: Email, subject: "Late", text: "x"}
"""
    shop = day(rule, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-02 09:02")
    shop.row("Orders", "1")["Status"] = "Shipped"
    shop.tick("2026-03-02 09:03")
    shop.tick("2026-03-02 12:00")
    assert shop.mails == []


HYSTERESIS = """
rule: Low stock
look at: Stock
when:
  On hand: at most Reorder point
again only when:
  On hand: at least 120% of Reorder point
then:
  - email: {to: warehouse, subject: "Low {{ sku }}", text: "{{ on_hand }}"}
"""


def test_hysteresis_arms_only_above_the_upper_mark(day: MakeDay) -> None:
    shop = day(HYSTERESIS, [])
    shop.rows["Stock"] = [{"SKU": "A", "On hand": "20", "Reorder point": "10", "Low since": ""}]
    shop.tick("2026-03-02 09:00")
    said = []
    for minute, stock in enumerate(["9", "11", "9", "13", "9"], 1):
        shop.row("Stock", "A")["On hand"] = stock
        said.append(len(shop.tick(f"2026-03-02 09:0{minute}").firings))
    assert said == [1, 0, 0, 0, 1]


def test_unreadable_never_acts_and_never_ends(day: MakeDay) -> None:
    shop = day(HYSTERESIS, [])
    shop.rows["Stock"] = [{"SKU": "A", "On hand": "20", "Reorder point": "10", "Low since": ""}]
    shop.tick("2026-03-02 09:00")
    said = []
    for minute, stock in enumerate(["N/A", "5", "N/A", "5", "12", "N/A", "5"], 1):
        shop.row("Stock", "A")["On hand"] = stock
        said.append(len(shop.tick(f"2026-03-02 09:0{minute}").firings))
    assert said == [0, 1, 0, 0, 0, 0, 1]


def test_for_must_hold_without_a_break_and_survives_restarts(day: MakeDay) -> None:
    shop = day(CONFIRM.replace("first run", "for: 30 minutes\nfirst run"), [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Status"] = "New"
    shop.tick("2026-03-02 09:20")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:21")
    assert sent(shop.tick("2026-03-02 09:50")) == []
    assert sent(shop.tick("2026-03-02 09:51")) == [("confirm", "1", "start#1")]


def test_a_row_typed_in_two_goes_acts_once_and_complete(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1")], settle=timedelta(seconds=30))
    shop.tick("2026-03-02 09:00")
    half = {**order("2", "Paid"), "Email": "", "Total": ""}
    shop.rows["Orders"].append(half)
    assert sent(shop.tick("2026-03-02 09:01")) == []
    half["Total"] = "99"
    half["Email"] = "late@example.com"
    assert sent(shop.tick("2026-03-02 09:02")) == []
    assert sent(shop.tick("2026-03-02 09:03")) == [("confirm", "2", "start#1")]
    assert shop.mails[0].to == "late@example.com"


def test_archive_of_most_rows_and_new_orders(day: MakeDay) -> None:
    shop = day(CONFIRM, [order(str(number), "Paid") for number in range(30)])
    shop.tick("2026-03-02 09:00")
    del shop.rows["Orders"][:21]
    shop.rows["Orders"] += [order(f"n{number}", "Paid") for number in range(8)]
    outcome = shop.tick("2026-03-02 09:01")
    assert [key for _, key, _ in sent(outcome)] == [f"n{number}" for number in range(8)]
    assert [notice.entry for notice in outcome.notices] == ["notice:shrunk"]


def test_a_rule_edited_while_rows_match_sends_nothing_again(day: MakeDay) -> None:
    shop = day(CONFIRM, [order(str(number)) for number in range(12)])
    shop.tick("2026-03-02 09:00")
    for row in shop.rows["Orders"]:
        row["Status"] = "Paid"
    assert len(shop.tick("2026-03-02 09:01").firings) == 12
    shop.rules["confirm"] = CONFIRM.replace("Status: Paid", "Status: one of Paid, New")
    shop.rows["Orders"].append(order("late", "New"))
    # The edit alone sends nothing; what comes to matter only now acts.
    assert sent(shop.tick("2026-03-02 09:02")) == [("confirm", "late", "start#1")]


def test_an_edit_that_widens_the_rule_takes_old_rows_as_baseline(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1"), order("2", "Paid")])
    shop.tick("2026-03-02 09:00")
    shop.rules["confirm"] = CONFIRM.replace("Status: Paid", "Status: one of Paid, New")
    outcome = shop.tick("2026-03-02 09:01")
    assert sent(outcome) == []
    assert outcome.baseline == {"confirm": ("1",)}


def test_off_for_a_day_then_on_takes_what_came_meanwhile_as_baseline(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1"), order("2")])
    shop.tick("2026-03-02 09:00")
    shop.rules["confirm"] = CONFIRM + "state: off\n"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 12:00")
    shop.rules["confirm"] = CONFIRM
    outcome = shop.tick("2026-03-03 09:00")
    assert sent(outcome) == []
    assert outcome.baseline == {"confirm": ("1",)}
    shop.row("Orders", "2")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-03 09:01")) == [("confirm", "2", "start#1")]


def test_watch_records_and_sends_nothing(day: MakeDay) -> None:
    shop = day(CONFIRM + "state: watch\n", [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-02 09:01")) == [("confirm", "1", "start#1")]
    shop.rules["confirm"] = CONFIRM
    shop.tick("2026-03-02 09:02")
    assert shop.mails == []


LADDER = """
rule: Ladder
look at: Orders
when: {Status: Paid}
then:
  - email: {to: anna, subject: "start {{ order_no }}", text: "x"}
  - at: 1 day after last
    email: {to: anna, subject: "second", text: "x"}
  - every: 2 days
    at most: 2 times
    email: {to: anna, subject: "again {{ occurrence }}", text: "x"}
"""


def test_ladder_counts_from_the_last_one_done(day: MakeDay) -> None:
    shop = day(LADDER, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.mail_works = False
    shop.tick("2026-03-02 09:01")
    shop.mail_works = True
    shop.tick("2026-03-02 15:00")  # the first mail leaves only now
    shop.tick("2026-03-02 15:01")
    assert sent(shop.tick("2026-03-03 14:59")) == []
    shop.tick("2026-03-03 15:01")
    for hour in range(9, 24 * 8):
        moment = f"2026-03-{4 + hour // 24:02d} {hour % 24:02d}:30"
        shop.tick(moment)
    assert [mail.subject for mail in shop.mails] == ["start 1", "second", "again 1", "again 2"]


def test_ended_episode_never_mails_again(day: MakeDay) -> None:
    shop = day(LADDER, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-02 09:02")
    shop.row("Orders", "1")["Status"] = "Shipped"
    shop.tick("2026-03-03 09:30")  # answer and timer meet in one tick: the end wins
    assert [mail.subject for mail in shop.mails] == ["start 1"]


def test_downtime_sends_one_mail_for_several_and_says_so(day: MakeDay) -> None:
    rule = """
rule: Remind
look at: Orders
when: {Status: Paid}
then:
  - at: 1 day after start
    email: {to: anna, subject: "first", text: "one"}
  - at: 2 days after start
    email: {to: anna, subject: "second", text: "two"}
    set: {Total: 5}
"""
    shop = day(rule, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-06 09:01")  # nobody looked for four days
    assert [mail.subject for mail in shop.mails] == ["second"]
    assert "first" in shop.mails[0].text
    assert shop.row("Orders", "1")["Total"].startswith("5")


def test_limit_holds_asks_and_releases_what_still_matters(day: MakeDay) -> None:
    shop = day(CONFIRM + "limits:\n  - 3 rows at once\n", [order(str(number)) for number in range(5)])
    shop.tick("2026-03-02 09:00")
    for row in shop.rows["Orders"]:
        row["Status"] = "Paid"
    outcome = shop.tick("2026-03-02 09:01")
    assert [hold.count for hold in outcome.held] == [5]
    assert [mail.to for mail in shop.mails] == ["dora@shop.example"]
    assert "5 rows" in shop.mails[0].subject
    shop.rows["Orders"].append(order("late", "Paid"))
    assert [hold.count for hold in shop.tick("2026-03-02 09:02").held] == [6]
    shop.row("Orders", "0")["Status"] = "Cancelled"
    store = shop.store()
    store.say_hold("confirm", "release", shop.plans[-1].at)
    store.close()
    shop.tick("2026-03-02 09:03")
    assert sorted(mail.subject for mail in shop.mails[1:]) == [
        f"Order {name}" for name in ("1", "2", "3", "4", "late")
    ]


def test_answer_act_starts_the_rows_of_the_baseline(day: MakeDay) -> None:
    shop = day(CONFIRM.replace("only new ones", "ask"), [order("1", "Paid"), order("2", "Paid")])
    outcome = shop.tick("2026-03-02 09:00")
    assert [notice.entry for notice in outcome.notices] == ["notice:first-run"]
    shop.row("Orders", "2")["Status"] = "Cancelled"
    store = shop.store()
    store.say_answer("confirm", Answer.ACT, shop.plans[-1].at)
    store.close()
    shop.tick("2026-03-02 09:05")
    assert [mail.subject for mail in shop.mails[1:]] == ["Order 1"]


def test_two_rules_that_disagree_write_nothing(day: MakeDay) -> None:
    rule = "rule: {name}\nlook at: Orders\nwhen: {{Status: Paid}}\nthen:\n  - set: {{Owner: {owner}}}\n"
    shop = day(rule.format(name="A", owner="anna"), [order("1")])
    shop.rules["other"] = rule.format(name="B", owner="ben")
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    outcome = shop.tick("2026-03-02 09:01")
    assert shop.row("Orders", "1")["Owner"] == ""
    assert [notice.entry for notice in outcome.notices] == ["notice:conflict"]


def test_people_win_and_the_rest_of_the_entry_is_cancelled(day: MakeDay) -> None:
    rule = """
rule: Own
look at: Orders
when: {Status: Paid}
then:
  - set: {Owner: anna}
    email: {to: Email, subject: "After", text: "x"}
"""
    shop = day(rule, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01", deliver=False)
    shop.row("Orders", "1")["Owner"] = "ben"
    store = shop.store()
    shop.deliver(store, datetime.fromisoformat("2026-03-02T09:01:30+01:00"))
    store.close()
    outcome = shop.tick("2026-03-02 09:02")
    assert shop.row("Orders", "1")["Owner"] == "ben"
    assert [notice.entry for notice in outcome.notices] == ["notice:lost"]
    assert [mail.subject for mail in shop.mails if mail.to == "c@example.com"] == []


def test_renamed_key_keeps_its_memory(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1"), order("2", Total="99")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Order No"] = "1-A"
    shop.tick("2026-03-02 09:02")
    shop.tick("2026-03-02 09:03")
    assert len(shop.mails) == 1


def test_a_key_that_another_row_had_before_starts_anew(day: MakeDay) -> None:
    shop = day(f"{CONFIRM}once per row: yes\n", [order("1"), order("2", Total="99"), order("3", Total="7")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Order No"] = "1-A"
    shop.tick("2026-03-02 09:02")
    shop.row("Orders", "2")["Order No"] = "1"
    shop.tick("2026-03-02 09:03")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:04")
    shop.rows["Orders"].append(order("2", "Paid", Total="5"))
    shop.tick("2026-03-02 09:05")
    assert [mail.text for mail in shop.mails] == [
        f"Thank you for €{total}." for total in ("12.50", "99.00", "5.00")
    ]


def test_a_renamed_row_keeps_its_reminders_under_a_key_that_another_row_had(day: MakeDay) -> None:
    shop = day(LADDER, [order("1"), order("2", Total="7")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-03 09:02")
    shop.row("Orders", "1")["Order No"] = "1-A"
    shop.row("Orders", "2")["Status"] = "Paid"
    shop.tick("2026-03-03 10:00")
    shop.row("Orders", "2")["Order No"] = "1"
    shop.tick("2026-03-03 10:01")
    shop.tick("2026-03-04 10:02")
    assert [mail.subject for mail in shop.mails].count("second") == 2


def test_a_row_renamed_right_after_our_own_write_is_still_the_same_row(day: MakeDay) -> None:
    rule = CONFIRM.replace("then:", "then:\n  - set: {Confirmed at: now}", 1)
    shop = day(rule, [order("1"), order("2", Total="99")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Order No"] = "1-A"
    shop.tick("2026-03-02 09:02")
    shop.tick("2026-03-02 09:03")
    assert len(shop.mails) == 1


def test_what_a_renamed_row_was_held_for_is_released_under_its_new_key(day: MakeDay) -> None:
    shop = day(f"{CONFIRM}limits: [1 rows at once]\n", [order("1"), order("2", Total="99")])
    shop.tick("2026-03-02 09:00")
    for number in ("1", "2"):
        shop.row("Orders", number)["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    shop.row("Orders", "1")["Order No"] = "1-A"
    shop.tick("2026-03-02 09:02")
    shop.store().say_hold("confirm", "release", datetime.fromisoformat("2026-03-02T08:03:00+00:00"))
    shop.tick("2026-03-02 09:03")
    assert sorted(mail.subject for mail in shop.mails if mail.to == "c@example.com") == ["Order 1", "Order 2"]


def test_row_gone_for_one_read_is_not_new_when_it_comes_back(day: MakeDay) -> None:
    shop = day(LADDER, [order("1"), order("2", Total="7")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    away = shop.rows["Orders"].pop(0)
    shop.tick("2026-03-02 09:02")
    shop.rows["Orders"].append(away)
    shop.tick("2026-03-02 09:03")
    shop.tick("2026-03-03 09:30")
    assert [mail.subject for mail in shop.mails] == ["start 1", "second"]


def test_edge_fires_on_the_change_and_not_on_own_or_old_values(day: MakeDay) -> None:
    rule = """
rule: Edge
look at: Orders
when:
  Status: changed to Paid
then:
  - email: {to: anna, subject: "paid {{ order_no }}", text: "x"}
"""
    shop = day(rule, [order("1", "Paid"), order("2")])
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "2")["Status"] = "Paid"
    shop.rows["Orders"].append(order("3", "Paid"))
    shop.tick("2026-03-02 09:01")
    shop.tick("2026-03-02 09:02")
    assert sorted(mail.subject for mail in shop.mails) == ["paid 2", "paid 3"]


def test_row_new_waits_until_the_row_has_settled(day: MakeDay) -> None:
    rule = """
rule: Welcome
look at: Orders
when:
  row: new
then:
  - email: {to: anna, subject: "new {{ order_no }}", text: "x"}
"""
    shop = day(rule, [order("1")], settle=timedelta(seconds=30))
    shop.tick("2026-03-02 09:00")
    shop.rows["Orders"].append(order("2"))
    shop.tick("2026-03-02 09:01")
    assert shop.mails == []
    shop.tick("2026-03-02 09:02")
    shop.tick("2026-03-02 09:03")
    assert [mail.subject for mail in shop.mails] == ["new 2"]


def test_a_cell_with_a_role_or_a_formula_mails_nobody_but_the_responsible(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1"), order("2"), order("3")])
    shop.tick("2026-03-02 09:00")
    for key, text in (("1", "warehouse"), ("2", "a@b.example\nBcc: x@y.example"), ("3", "{{7*7}}")):
        shop.row("Orders", key).update({"Email": text, "Status": "Paid"})
    shop.tick("2026-03-02 09:01")
    assert {mail.to for mail in shop.mails} == {"dora@shop.example"}


def test_mail_waits_for_the_window_and_the_customer_budget(day: MakeDay) -> None:
    rule = CONFIRM + "send only: weekdays between 09:00 and 19:00\nlimits:\n  - 1 email a week per customer\n"
    shop = day(rule, [order("1"), order("2")])
    shop.tick("2026-03-06 18:00")  # a Friday
    shop.row("Orders", "1")["Status"] = "Paid"
    shop.tick("2026-03-06 20:00")
    shop.row("Orders", "2")["Status"] = "Paid"
    for moment in (
        "2026-03-08 12:00",
        "2026-03-09 08:59",
        "2026-03-09 09:00",
        "2026-03-12 09:00",
        "2026-03-16 09:00",
    ):
        shop.tick(moment)
    assert [(mail.at.strftime("%d %H:%M"), mail.subject) for mail in shop.mails] == [
        ("09 09:00", "Order 1"),
        ("16 09:00", "Order 2"),
    ]


def test_add_row_numbers_itself_and_looks_before_it_adds(day: MakeDay) -> None:
    rule = """
rule: Customer card
look at: Orders
when: {Status: Paid}
then:
  - add row:
      to: Customers
      values: {Customer: same as Customer, Tier: Standard}
      unless there is: {Customer: same as this.Customer}
"""
    shop = day(rule, [order("1", Customer="C1"), order("2", Customer="C9"), order("3", Customer="C9")])
    shop.tick("2026-03-02 09:00")
    for row in shop.rows["Orders"]:
        row["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    assert [row["Customer"] for row in shop.rows["Customers"]] == ["C1", "C9"]


def test_rules_that_wake_each_other_are_held_and_told(day: MakeDay) -> None:
    rule = "rule: {name}\nlook at: Orders\nwhen: {{Status: {seen}}}\nthen:\n  - set: {{Status: {sets}}}\n"
    shop = day(rule.format(name="A", seen="Paid", sets="Packed"), [order("1")])
    shop.rules["b"] = rule.format(name="B", seen="Packed", sets="Paid")
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    for minute in range(1, 40):
        shop.tick(f"2026-03-02 09:{minute:02d}")
    writes = sum(len(firing.deliveries) for outcome in shop.plans for firing in outcome.firings)
    assert writes < 16
    assert [mail.subject for mail in shop.mails] in (["A: 1 row waits for you"], ["B: 1 row waits for you"])
    assert "wake each other" in shop.mails[0].text


def test_an_archive_that_a_person_confirms_cancels_reminders_at_once(day: MakeDay) -> None:
    shop = day(LADDER, [order(str(number)) for number in range(30)])
    shop.tick("2026-03-02 09:00")
    for row in shop.rows["Orders"]:
        row["Status"] = "Paid"
    shop.tick("2026-03-02 09:01")
    del shop.rows["Orders"][:21]
    assert "notice:shrunk" in [notice.entry for notice in shop.tick("2026-03-02 09:02").notices]
    shop.tick("2026-03-02 09:03")
    assert not any(row.missing_reads > 2 for row in shop.store().load().rows["Orders"].values())
    store = shop.store()
    store.say_answer("Orders", Answer.ACT, shop.plans[-1].at)
    store.close()
    shop.tick("2026-03-02 09:04")
    assert all(row.missing_reads > 2 for row in shop.store().load().rows["Orders"].values())


def test_a_change_across_an_unreadable_cell_is_not_lost(day: MakeDay) -> None:
    rule = """
rule: Edge
look at: Orders
when:
  Status: changed to Paid
then:
  - email: {to: anna, subject: "paid {{ order_no }}", text: "x"}
"""
    shop = day(rule, [order("1"), order("2", "Paid")])
    shop.tick("2026-03-02 09:00")
    for minute, text in enumerate(["N/A", "??", "Paid", "Paid"], 1):
        for row in shop.rows["Orders"]:
            row["Status"] = text
        shop.tick(f"2026-03-02 09:0{minute}")
    # Order 2 was Paid before it was unreadable: nothing has changed there.
    assert [mail.subject for mail in shop.mails] == ["paid 1"]


def test_a_value_that_cannot_be_read_is_never_copied_as_empty(day: MakeDay) -> None:
    rule = """
rule: Copy
look at: Orders
when: {Status: Paid}
then:
  - set: {Ship by: same as Confirmed at}
"""
    shop = day(rule, [order("1")])
    shop.row("Orders", "1").update({"Ship by": "2026-03-05", "Confirmed at": "soon"})
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Paid"
    outcome = shop.tick("2026-03-02 09:01")
    assert shop.row("Orders", "1")["Ship by"] == "2026-03-05"
    assert [notice.entry for notice in outcome.notices] == ["notice:words"]
    shop.row("Orders", "1")["Confirmed at"] = "2026-03-07 10:00"
    shop.tick("2026-03-02 09:02")
    assert shop.row("Orders", "1")["Ship by"] == "2026-03-07"


def test_a_table_that_cannot_be_read_is_told_at_the_second_look(day: MakeDay) -> None:
    shop = day(CONFIRM, [order("1")])
    shop.tick("2026-03-02 09:00")
    shop.broken = {"Orders": Problem(Place(table="Orders"), "Orders.xlsx is being saved")}
    told = [[notice.entry for notice in shop.tick(f"2026-03-02 09:0{minute}").notices] for minute in (1, 2)]
    assert told == [[], ["notice:table"]]
    shop.broken = {}
    shop.row("Orders", "1")["Status"] = "Paid"
    assert sent(shop.tick("2026-03-02 09:03")) == [("confirm", "1", "start#1")]
