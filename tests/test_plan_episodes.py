"""Episodes at odd moments: what a machine of random days found, each told as one short story."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rowcall.table import Column, Kind, Schema
from tests.plan_day import Day

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Open", "Waiting", "Shipped")),
        Column("Opened at", Kind.DATETIME),
        Column("Tag"),
        Column("Qty", Kind.NUMBER),
    ),
)
MakeDay = Callable[..., Day]


@pytest.fixture
def day(tmp_path: Path) -> MakeDay:
    def make(rule: str, *rows: dict[str, str]) -> Day:
        return Day(tmp_path, (ORDERS,), {"Orders": list(rows)}, {"chase": rule})

    return make


def order(number: str, status: str = "New", opened: str = "") -> dict[str, str]:
    return {"Order No": number, "Status": status, "Opened at": opened, "Tag": f"t{number}", "Qty": "1"}


def told(shop: Day) -> list[str]:
    return [f"{mail.at:%a %H:%M} {mail.subject}" for mail in shop.mails]


ELAPSED = """
rule: Chase
look at: Orders
first run: act on all
when: {Status: Open}
DUE
then:
  - at: 1 hour after start
    email: {to: anna, subject: "{{ elapsed | hours }}", text: Waiting}
"""


@pytest.mark.parametrize(
    ("due", "hours"),
    [
        ("due: {counted from: Opened at, within: 1 day}", "4 hours"),  # not since Rowcall first saw the row
        ("due: {counted from: start, within: 1 day}", "1 hour"),
        ("due: Opened at", "1 hour"),  # a deadline without a beginning: since the row matters
        ("", "1 hour"),
    ],
)
def test_elapsed_counts_from_where_the_deadline_counts(day: MakeDay, due: str, hours: str) -> None:
    shop = day(ELAPSED.replace("DUE", due), order("1", "Open", "2026-03-02 06:00"))
    shop.tick("2026-03-02 09:00")
    shop.tick("2026-03-02 10:00")
    assert [mail.subject for mail in shop.mails] == [hours]


WIDE = """
rule: Chase
look at: Orders
first run: only new ones
when: {Status: WANTED}
then:
  - email: {to: anna, subject: "Start {{ tag }}", text: Hello}
"""


def test_a_row_renamed_while_its_rule_is_edited_is_known_under_its_new_name(day: MakeDay) -> None:
    shop = day(WIDE.replace("WANTED", "Open"), order("1", "Shipped"), order("2"))
    shop.tick("2026-03-02 09:00")
    shop.rules["chase"] = WIDE.replace("WANTED", "'one of Open, Shipped'")
    shop.row("Orders", "1")["Order No"] = "1a"
    assert shop.tick("2026-03-02 09:01").baseline == {"chase": ("1a",)}
    assert told(shop) == []


LADDER = """
rule: Chase
look at: Orders
first run: only new ones
when: {Status: Open}
then:
  - at: TIMED after start
    email: {to: anna, subject: After, text: Hello}
  - at: 3 hours after last
    email: {to: ben, subject: Last, text: Hello}
"""


def ladder_with_a_mail_on_its_way(day: MakeDay) -> Day:
    """The mail server is down when the first entry is due; then the rule gets another time."""
    shop = day(LADDER.replace("TIMED", "2 hours"), order("1"))
    shop.tick("2026-03-02 09:00")
    shop.row("Orders", "1")["Status"] = "Open"
    shop.tick("2026-03-02 09:01")
    shop.mail_works = False
    shop.tick("2026-03-02 11:01")
    shop.rules["chase"] = LADDER.replace("TIMED", "1 hour")
    shop.tick("2026-03-02 11:02")
    return shop


def test_after_last_waits_for_a_mail_whose_entry_got_another_time(day: MakeDay) -> None:
    shop = ladder_with_a_mail_on_its_way(day)
    shop.tick("2026-03-02 16:00")
    shop.mail_works = True
    shop.tick("2026-03-02 16:01")
    assert told(shop) == ["Mon 16:01 After"]
    shop.tick("2026-03-02 16:02")
    shop.tick("2026-03-02 19:01")
    shop.tick("2026-03-02 19:02")
    assert told(shop) == ["Mon 16:01 After", "Mon 19:02 Last"]


def test_a_mail_whose_entry_got_another_time_is_stopped_by_the_end(day: MakeDay) -> None:
    shop = ladder_with_a_mail_on_its_way(day)
    shop.row("Orders", "1")["Status"] = "Shipped"
    shop.tick("2026-03-02 12:00")
    shop.mail_works = True
    shop.tick("2026-03-02 12:01")
    assert told(shop) == []


@pytest.mark.parametrize("edge", ["Qty: went up", "Status: changed to Open", "Qty: changed from 1 to 5"])
def test_a_row_that_was_away_is_compared_with_what_was_last_seen_of_it(day: MakeDay, edge: str) -> None:
    shop = day(WIDE.replace("Status: WANTED", edge), order("1"), order("2"))
    shop.tick("2026-03-02 09:00")
    away = shop.rows["Orders"].pop()
    for minute in range(1, 5):
        shop.tick(f"2026-03-02 09:0{minute}")
    shop.rows["Orders"].append(away)
    away |= {"Qty": "5", "Status": "Open"}
    shop.tick("2026-03-02 09:05")
    shop.tick("2026-03-02 09:06")
    assert told(shop) == ["Mon 09:05 Start t2"]
