"""Which moment do `now` and `today` mean in what is written behind a mail that had to wait?"""

import pytest

from rowcall.memory import Plan
from tests.mailbox import Manners
from tests.shop.folder import BOOKS, Open, Postbox, order

RULE = """
rule: Ask
look at: Orders
when: {Status: Paid}
first run: only new ones
then:
  - email: {to: Email, subject: Hello, text: Hello%s}
    set: {Confirmed at: now, Copy: today}
    add row: {to: Log, values: {Order: same as Order No, Text: now}}
"""
LOG = {"Log": [["No", "Order", "Text"]]}
DIGEST = ", digest: every day at 14:00"

REASONS = {
    "nothing": (RULE % "", ["11:00"], "2026-03-02 10:00"),
    "the rule's window": (RULE % "" + "send only: between 15:00 and 19:00", ["15:00"], "2026-03-02 15:00"),
    "a window that opened between two looks": (
        RULE % "" + "send only: between 15:00 and 19:00",
        ["14:50", "15:07"],
        "2026-03-02 15:07",
    ),
    "the next day": (
        RULE % "" + "send only: between 07:00 and 09:30",
        ["18:00", "2026-03-03 07:00"],
        "2026-03-03 07:00",
    ),
    "its digest": (RULE % DIGEST, ["12:00", "14:00"], "2026-03-02 14:00"),
    "a digest and a window": (
        RULE % DIGEST + "send only: between 15:00 and 19:00",
        ["14:00", "14:30", "15:00"],
        "2026-03-02 15:00",
    ),
}


@pytest.mark.parametrize("connector", BOOKS)
@pytest.mark.parametrize("reason", REASONS)
def test_the_moment_at_which_the_mail_went_out(reason: str, connector: str, open_folder: Open) -> None:
    rule, times, written = REASONS[reason]
    shop = open_folder({"ask": rule}, order("1"), tabs=LOG, connector=connector)
    shop.run("09:00")
    shop.pay("1")
    for when in ("10:00", *times):
        shop.run(when)
    assert shop.book.cell("1", "Confirmed at")[:16] == written
    assert shop.book.cell("1", "Copy")[:10] == written[:10]
    assert shop.book.cell("L-1", "Text", "Log")[:16] == written


def test_a_budget_moves_what_is_written_behind_the_mail(open_folder: Open) -> None:
    rule = RULE % "" + "limits: [1 email a week per customer]"
    same = [order(number) | {"Email": "c@example.com"} for number in ("1", "2")]
    shop = open_folder({"ask": rule}, *same, tabs=LOG)
    shop.run("09:00")
    shop.pay("1", "2")
    planned = _confirmed(shop.run("10:00"))
    assert planned == ["2026-03-02 10:00", "2026-03-09 10:00"]
    assert shop.book.cell("2", "Confirmed at") == ""
    shop.run("2026-03-09 10:03")
    assert [shop.book.cell(key, "Copy") for key in ("1", "2")] == ["2026-03-02", "2026-03-09"]
    assert shop.book.cell("2", "Confirmed at") == "2026-03-09 10:03"


def test_a_release_is_the_moment_of_what_was_held(open_folder: Open) -> None:
    shop = open_folder({"ask": RULE % "" + "limits: [1 rows at once]"}, order("1"), order("2"), tabs=LOG)
    shop.run("09:00")
    shop.pay("1", "2")
    shop.run("10:00")
    assert shop.store.say_hold("ask", "release", shop.clock.now()) == 2
    shop.run("2026-03-04 11:00")
    assert [shop.book.cell(key, "Copy") for key in ("1", "2")] == ["2026-03-04", "2026-03-04"]


def test_what_was_tried_once_is_not_reworded(open_folder: Open, box: Postbox) -> None:
    """A write whose mail has gone keeps its words, so that a second try finds its own first."""
    shop = open_folder({"ask": RULE % ""}, order("1"), tabs=LOG)
    shop.run("09:00")
    shop.pay("1")
    with shop.book.locked():
        shop.run("10:00")
        shop.run("10:30")
    shop.run("11:00")
    assert box.subjects() == ["Hello"]
    assert shop.book.cell("1", "Confirmed at") == "2026-03-02 10:00"


def test_a_mail_refused_for_now_takes_its_write_along(open_folder: Open, box: Postbox) -> None:
    shop = open_folder({"ask": RULE % ""}, order("1"), tabs=LOG)
    shop.run("09:00")
    shop.pay("1")
    box.manners = Manners(rcpt="451 later")
    shop.run("10:00")
    box.manners = Manners()
    shop.run("2026-03-03 10:00")
    assert shop.book.cell("1", "Copy") == "2026-03-03"


def _confirmed(plan: Plan) -> list[str]:
    return [
        cell.text
        for firing in plan.firings
        for one in firing.deliveries
        for cell in getattr(one.payload, "cells", ())
        if cell.column == "Confirmed at"
    ]
