"""Does the virtual shop do what the real one does: the same mails, the same cells, at the same time?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from rowcall.episode import Delivery
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.memory import Plan
from rowcall.rehearsal import VirtualOutbox, VirtualShop
from rowcall.rehearsal.flips import flips_of, midnights
from rowcall.rehearsal.moments import next_moment
from rowcall.table import Column, Kind, Link, Schema, Snapshot
from rowcall.tools import Result
from tests.plan_day import ZONE, Day

ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    ("Order No",),
    (
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Shipped")),
        Column("Email", Kind.EMAIL),
        Column("Total", Kind.MONEY),
        Column("Ordered on", Kind.DATE),
        Column("Note"),
        Column("Confirmed at", Kind.DATETIME),
    ),
    links=(Link("Order", "Orders", "Order No"),),
)
LOG = Schema("Log", "shop", "Log", ("No",), (Column("No"), Column("Order"), Column("Text")), number="L-1")
HEAD = "look at: Orders\nfirst run: act on all\n"
RULES = {
    "confirm": f"""
rule: Confirm
{HEAD}when:
  Status: Paid
once per row: yes
then:
  - email: {{to: Email, subject: "Thank you {{{{ order_no }}}}", text: "x"}}
    set: {{Confirmed at: now}}
""",
    "remind": f"""
rule: Remind
{HEAD}when:
  Status: New
  Ordered on: at least 2 days ago
then:
  - email: {{to: anna, subject: "Old {{{{ order_no }}}}", text: "x"}}
  - at: 1 day after last
    email: {{to: ben, subject: "Older {{{{ order_no }}}}", text: "x"}}
  - every: 2 days
    at most: 2 times
    email: {{to: dora, subject: "Oldest {{{{ order_no }}}}", text: "x"}}
""",
    "log": f"""
rule: Log
{HEAD}when:
  Confirmed at: not empty
then:
  - add row: {{to: Log, values: {{Order: "{{{{ order_no }}}}", Text: paid}}}}
  - set: {{Note: logged}}
""",
    "settled": f"""
rule: Settled
{HEAD}when:
  Total: more than 100
for: 30 minutes
then:
  - email: {{to: dora, subject: "Big {{{{ order_no }}}}", text: "x"}}
limits: [2 rows at once]
""",
    "digest": f"""
rule: Digest
{HEAD}when:
  Status: Shipped
then:
  - set: {{Note: shipped}}
    email: {{to: ben, digest: every day at 14:00, subject: "{{{{ rows | length }}}} shipped", text: x}}
""",
    "due": f"""
rule: Due
{HEAD}when:
  Status: Paid
pause while:
  Note: waiting
due: {{counted from: start, within: 2 hours}}
then:
  - at: 50% of the time
    email: {{to: anna, subject: "Soon {{{{ order_no }}}}", text: x}}
  - at: due
    email: {{to: anna, subject: "Due {{{{ order_no }}}}", text: x}}
  - at: end
    email: {{to: dora, subject: "Over {{{{ order_no }}}}", text: x}}
""",
    "clock": """
rule: Clock
schedule: every day at 15:00
look at: Orders
when:
  Status: one of Paid, Shipped
then:
  - email: {to: dora, subject: "Daily {{ order_no }}", text: x}
""",
}


def order(number: str, status: str = "New", **more: str) -> dict[str, str]:
    named = {name.replace("_", " ").capitalize(): text for name, text in more.items()}
    empty = dict.fromkeys([column.name for column in ORDERS.columns], "")
    return empty | {"Order No": number, "Status": status, "Email": f"c{number}@x.example", **named}


Edit = Callable[[Day], None]


def put(key: str, column: str, text: str) -> Edit:
    return lambda day: day.row("Orders", key).__setitem__(column, text)


def add(*rows: dict[str, str]) -> Edit:
    return lambda day: day.rows["Orders"].extend(dict(row) for row in rows)


def drop(key: str) -> Edit:
    return lambda day: day.rows["Orders"].remove(day.row("Orders", key))


STORIES: Mapping[str, list[tuple[str, list[Edit]]]] = {
    "confirm and log": [
        ("2026-03-02 09:00", [add(order("1", "Paid", total="50"), order("2", total="20"))]),
        ("2026-03-02 09:01", []),
        ("2026-03-02 09:02", [put("2", "Status", "Paid")]),
        ("2026-03-02 09:03", []),
        ("2026-03-02 09:04", [put("1", "Note", "mine")]),
        ("2026-03-02 09:05", []),
    ],
    "reminders end when somebody acts": [
        ("2026-03-02 09:00", [add(order("1", ordered_on="2026-03-01"), order("2", ordered_on="2026-03-02"))]),
        ("2026-03-03 09:00", []),
        ("2026-03-03 09:01", []),
        ("2026-03-04 09:01", []),
        ("2026-03-04 09:02", [put("2", "Status", "Shipped")]),
        ("2026-03-05 09:02", []),
        ("2026-03-06 09:05", []),
        ("2026-03-08 09:06", []),
        ("2026-03-10 09:07", []),
        ("2026-03-20 09:08", []),
    ],
    "a limit holds, and a rename moves": [
        ("2026-03-02 09:00", [add(*(order(str(n), total="200", ordered_on="2026-03-01") for n in range(1, 4)))]),
        ("2026-03-02 09:30", []),
        ("2026-03-02 09:31", [put("3", "Order No", "33")]),
        ("2026-03-03 09:32", []),
        ("2026-03-03 09:33", []),
        ("2026-03-04 09:40", []),
    ],
    "a deleted row is written no more": [
        ("2026-03-02 09:00", [add(order("1", "Paid", total="50"), order("2", ordered_on="2026-02-20"))]),
        ("2026-03-02 09:01", [drop("2")]),
        ("2026-03-02 09:02", []),
        ("2026-03-03 09:03", []),
        ("2026-03-04 09:04", []),
    ],
    "digests, deadlines, pauses and labels": [
        ("2026-03-02 09:00", [add(order("1", "Paid", note="a"), order("2", "Shipped"), order("3", "Shipped"))]),
        ("2026-03-02 09:01", []),
        ("2026-03-02 10:01", []),
        ("2026-03-02 10:02", [put("1", "Note", "waiting")]),
        ("2026-03-02 11:30", [put("3", "Status", "New")]),
        ("2026-03-02 12:30", [put("1", "Note", "go on")]),
        ("2026-03-02 13:50", []),
        ("2026-03-02 14:00", []),
        ("2026-03-02 14:01", []),
        ("2026-03-02 15:00", [put("1", "Status", "Shipped")]),
        ("2026-03-02 15:01", []),
        ("2026-03-03 14:00", []),
        ("2026-03-03 15:20", []),
    ],
    "a person is faster": [
        ("2026-03-02 09:00", [add(order("1", "Paid", note="a"))]),
        ("2026-03-02 09:01", [put("1", "Confirmed at", "")]),
        ("2026-03-02 09:02", [put("1", "Status", "New"), put("1", "Status", "Paid")]),
        ("2026-03-02 09:03", []),
    ],
}  # fmt: skip


@dataclass(slots=True)
class Rehearsed:
    """The same day on a virtual shop: its tables and actions are the day's, its memory and outbox are not."""

    day: Day
    plans: list[Plan] = field(default_factory=list)
    shop: VirtualShop = field(init=False)

    def __post_init__(self) -> None:
        self.shop = VirtualShop(
            self.day.load_rules(),
            look=self.look,
            furnish=lambda _tables: self.day.house(),
            outbox=VirtualOutbox(self.make),
        )

    def look(self, now: datetime) -> Snapshot:
        return Snapshot(now, {schema.table: self.day.table(schema) for schema in self.day.schemas})

    def make(self, delivery: Delivery, now: datetime) -> Result:
        outcome = self.day._make(delivery.payload, now)
        return Result(outcome.ending, outcome.detail, outcome.cells)

    def tick(self, at: str) -> Plan:
        ticked = self.shop.tick(datetime.fromisoformat(at).replace(tzinfo=ZONE))
        self.plans.append(ticked.plan)
        return ticked.plan


def open_day(folder: Path) -> Day:
    folder.mkdir()
    return Day(folder, (ORDERS, LOG), {"Orders": [], "Log": []}, RULES)


def told(day: Day) -> list[tuple[str, str, str]]:
    return sorted((f"{mail.at:%m-%d %H:%M}", mail.to, mail.subject) for mail in day.mails)


def without_tables(plan: Plan) -> Plan:
    """Return the plan for a comparison: numbers of receipts are each outbox's own."""
    return replace(plan, snapshots={}, change=replace(plan.change, receipts_seen=0))


@pytest.mark.parametrize("name", STORIES)
def test_the_virtual_shop_does_what_the_real_one_does(name: str, tmp_path: Path) -> None:
    real, virtual = open_day(tmp_path / "real"), Rehearsed(open_day(tmp_path / "virtual"))
    for at, edits in STORIES[name]:
        for edit in edits:
            edit(real)
            edit(virtual.day)
        planned, rehearsed = real.tick(at), virtual.tick(at)
        assert without_tables(rehearsed) == without_tables(planned), at
        assert virtual.day.rows == real.rows, at
        assert told(virtual.day) == told(real), at
    assert real.mails
    store = real.store()
    kept = {one.delivery.id: (one.state, one.delivery.effect) for one in store.deliveries()}
    stands = virtual.shop.outbox.known.values()
    assert {one.delivery.id: (one.state, one.delivery.effect) for one in stands} == kept
    store.close()


@pytest.mark.parametrize(
    ("decision", "mails"),
    [("release", {"Big 1", "Big 2", "Big 3"}), ("drop", set())],
    ids=["release", "drop"],
)
def test_what_is_held_goes_on_as_a_person_says(decision: str, mails: set[str], tmp_path: Path) -> None:
    virtual = Rehearsed(open_day(tmp_path / "virtual"))
    virtual.day.rows["Orders"] = [order(str(n), total="200") for n in range(1, 4)]
    virtual.tick("2026-03-02 09:00")
    assert virtual.tick("2026-03-02 09:30").held
    holds = virtual.shop.outbox.holds
    virtual.shop.outbox.holds = {name: replace(one, decision=decision) for name, one in holds.items()}
    virtual.tick("2026-03-02 09:31")
    assert {mail.subject for mail in virtual.day.mails if mail.subject.startswith("Big")} == mails


# The next moment


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def test_looking_only_at_the_moments_finds_what_looking_every_minute_finds(tmp_path: Path) -> None:
    rows = [
        order("1", ordered_on="2026-03-01"),
        order("2", ordered_on="2026-03-05"),
        order("3", "Paid", total="150"),
    ]
    end = at("2026-03-09 12:00")
    often, rarely = (Rehearsed(open_day(tmp_path / name)) for name in ("often", "rarely"))
    for one in (often, rarely):
        one.day.rows["Orders"] = [dict(row) for row in rows]
    now = at("2026-03-02 09:00")
    while now <= end:
        often.shop.tick(now)
        now += timedelta(minutes=30)
    moment: datetime | None = at("2026-03-02 09:00")
    looks = 0
    while moment is not None and moment <= end:
        ticked = rarely.shop.settle(moment)[-1]
        looks += 1
        moment = next_moment(rarely.shop, rarely.day.house(), ticked.given.snapshot, moment)
    assert looks < 40
    assert often.day.rows["Log"] == rarely.day.rows["Log"]
    assert [(mail.to, mail.subject) for mail in often.day.mails] == [
        (mail.to, mail.subject) for mail in rarely.day.mails
    ]
    for slow, fast in zip(often.day.mails, rarely.day.mails, strict=True):
        assert slow.at - fast.at <= timedelta(hours=1)


CLOCK_LINES = [
    "Ordered on: at least 3 days ago",
    "Ordered on: more than 3 days ago",
    "Ordered on: at most 1 month ago",
    "Ordered on: 5 days ago",
    "Ordered on: before today",
    "Ordered on: on or after yesterday",
    "Ordered on: in the next 3 days",
    "Ordered on: within the last 2 weeks",
    "Confirmed at: at least 3 days ago",
    "Confirmed at: more than 90 minutes ago",
    "Confirmed at: at most 1 month ago",
    "Confirmed at: before now",
    "Confirmed at: today",
    "Confirmed at: yesterday",
    "Confirmed at: in the next 3 hours",
    "Confirmed at: between yesterday and today",
]


@pytest.mark.parametrize("line", CLOCK_LINES)
def test_no_answer_changes_between_the_moments(line: str, tmp_path: Path) -> None:
    """Ask every half hour, over a change of the clock: an answer changes only where a moment lies."""
    day = open_day(tmp_path / "day")
    day.rules = {"one": f"rule: One\n{HEAD}when:\n  {line}\nthen:\n  - set: {{Note: x}}\n"}
    moments = ["2026-01-31", "2026-02-28", "2026-03-01", "2026-03-28", "2026-03-29"]
    times = ["00:00", "02:30", "09:00:00", "23:59:59"]
    day.rows["Orders"] = [
        order(f"{d} {t}", ordered_on=d, confirmed_at=f"{d} {t}") for d in moments for t in times
    ]
    [rule] = day.load_rules()
    table = day.table(ORDERS)
    flips = flips_of(rule, ZONE, {})
    assert flips.cells
    known: dict[int, set[datetime]] = {}
    for ref, around in flips.cells:
        for series in around(table.typed[ref.column.name]):
            for row, moment in enumerate(series.to_list()):
                known.setdefault(row, set()).add(moment)
    frame = assemble(table, Snapshot(at("2026-01-01 00:00"), {"Orders": table}), zone=ZONE)
    changes = 0
    now, before = at("2026-02-24 00:00"), None
    while now < at("2026-04-05 00:00"):
        answer = masks({"one": rule.when}, frame, now, ZONE)["one"]
        assert isinstance(answer, pl.Series)
        told_now = answer.to_list()
        for row, (old, new) in enumerate(zip(before or told_now, told_now, strict=True)):
            if old != new:
                changes += 1
                earlier = now - timedelta(minutes=30)
                assert any(earlier < moment <= now for moment in known[row]), (table.keys[row], now)
        before = told_now
        now += timedelta(minutes=30)
    assert changes


def test_a_day_begins_behind_the_gap_where_midnight_is_skipped() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    [moment] = midnights(pl.Series([datetime(2017, 10, 15).date()]), zone).to_list()
    assert moment == datetime(2017, 10, 15, 3, tzinfo=UTC)
