"""Which rows a rule acts on, from the text of the rule to the plan: what stands in RULES §3 to §5, asked of rows."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from rowcall.actions import email
from rowcall.calendar import Calendar, parse_hours
from rowcall.memory import Plan
from rowcall.plan import plan
from rowcall.table import Column, Kind, Link, Schema
from tests.plan_day import ZONE, Day, sent

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=ZONE)
"""A Wednesday."""

DESK = Calendar("desk", ZONE, tuple(parse_hours("09:00-17:00") if day < 5 else () for day in range(7)))
THINGS = Schema(
    "Things",
    "shop",
    "Things",
    key=("Key",),
    columns=(
        Column("Key"),
        Column("Note"),
        Column("Size", Kind.NUMBER),
        Column("Day", Kind.DATE),
        Column("Moment", Kind.DATETIME),
        Column("Order"),
    ),
    links=(Link("Sale", "Orders", "Order"),),
)
ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    key=("Order No",),
    columns=(
        Column("Order No"),
        Column("Customer"),
        Column("Total", Kind.MONEY),
        Column("Ordered on", Kind.DATETIME),
    ),
)
ROWS = {
    "Things": [
        {"Key": "A", "Note": "green tea", "Size": "5", "Day": "2026-03-11", "Moment": "2026-03-11 09:00", "Order": "1"},
        {"Key": "B", "Note": "N/A", "Size": "0", "Day": "2026-03-08", "Moment": "2026-03-08 10:00", "Order": "2"},
        {"Key": "C", "Note": "", "Size": "", "Day": "", "Moment": "", "Order": ""},
        {"Key": "D", "Note": "black", "Size": "N/A", "Day": "N/A", "Moment": "N/A", "Order": "9"},
    ],
    "Orders": [
        {"Order No": "1", "Customer": "Kim", "Total": "100", "Ordered on": "2026-03-10 16:00"},
        {"Order No": "2", "Customer": "Lee", "Total": "60.50", "Ordered on": "2026-03-04 23:59"},
    ],
}  # fmt: skip


def planned(folder: Path, rule: str) -> Plan:
    """Return what a rule would do, as if nothing had been done yet."""
    shop = Day(folder, (THINGS, ORDERS), ROWS, {"rule": rule}, calendars={"desk": DESK})
    store = shop.store()
    outcome = plan(replace(shop.given(NOW, store, store.load()), as_if_new=True))
    store.close()
    assert not [one for one in outcome.problems if "can't be read" not in one.what]
    return outcome


def acts(folder: Path, rule: str) -> str:
    """Return the keys of the rows that a rule acts on."""
    return "".join(key for _, key, _ in sent(planned(folder, rule)))


def look(when: str) -> str:
    return (
        "rule: Look\nlook at: Things\nworking hours: desk\nwhen:\n"
        + "".join(f"  {line}\n" for line in when.splitlines())
        + "then:\n  - email: {to: dora, subject: s, text: t}\n"
    )


WHEN = [
    # Working time: from Sunday 10:00 to Wednesday 10:00 are two days and an hour of it.
    ("Moment: at least 1 working hour ago", "AB"),
    ("Moment: more than 1 working hour ago", "B"),
    ("Moment: at least 2 working days ago", "B"),
    ("there is: {in: Orders, Order No: same as this.Order, Ordered on: at least 3 working hours ago}", "B"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "keys"), WHEN, ids=[when for when, _ in WHEN])
def test_the_rows_that_a_rule_acts_on(tmp_path: Path, when: str, keys: str) -> None:
    assert acts(tmp_path, look(when)) == keys


def test_a_row_is_not_added_when_working_time_says_that_there_is_one(tmp_path: Path) -> None:
    """Order 2 is three working hours old, order 1 is not."""
    rule = look("Size: not empty").split("then:")[0] + (
        "then:\n  - add row: {to: Orders, values: {Order No: '{{ key }}1'}, "
        "unless there is: {Order No: same as this.Order, Ordered on: at least 3 working hours ago}}\n"
    )
    outcome = planned(tmp_path, rule)
    assert [(one.key, len(one.deliveries)) for one in outcome.firings] == [("A", 1), ("B", 0)]


TEXTS = [
    ("{{ because }}", "Size: 5; Note: green tea"),
    ("{{ because[1] }}", "Note: green tea"),
    ("{% for line in because %}{{ line.text }}={{ line.value }} {% endfor %}", "Size=5 Note=green tea"),
]


@pytest.mark.parametrize(("text", "said"), TEXTS, ids=[text for text, _ in TEXTS])
def test_a_mail_says_why_its_row_matters(tmp_path: Path, text: str, said: str) -> None:
    rule = look("Size: at least 5\nNote: contains tea").replace("text: t}", f'text: "{text}"}}')
    ((mail,),) = [one.deliveries for one in planned(tmp_path, rule).firings]
    assert isinstance(mail.payload, email.Payload)
    assert mail.payload.text.strip() == said


def test_words_that_cannot_be_made_name_their_row(tmp_path: Path) -> None:
    """Order 9 of row D does not exist, and row C names none."""
    rule = look("Key: not empty").replace("text: t}", 'text: "{{ sale.customer }}"}')
    shop = Day(tmp_path, (THINGS, ORDERS), ROWS, {"rule": rule}, calendars={"desk": DESK})
    store = shop.store()
    outcome = plan(replace(shop.given(NOW, store, store.load()), as_if_new=True))
    store.close()
    found = [one.what for one in outcome.problems if "customer" in one.what]
    assert [what[-8:] for what in found] == [" (row C)", " (row D)"]
