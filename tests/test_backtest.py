"""Does a back-test find what would have happened: by an independent count, and as the service would have seen it?"""

import random
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from rowcall.backtest.past import past_of
from rowcall.backtest.run import Report, backtest, make_grid, rehearse
from rowcall.backtest.tally import Count
from rowcall.config import History
from rowcall.reading import type_table
from rowcall.shop import open_shop
from rowcall.table import Column, Kind, Schema, Sheet, Table
from tests.plan_day import Day
from tests.shop.olist import FIRST, LAST, STEP, Order, read_orders, write_csv
from tests.shop.test_real_orders import CONFIG, RULE, RULES, ZONE, count_by_day
from tests.shop_folder import ShopFolder

LATER = datetime(2019, 1, 1)
"""By then everything has happened that the data tell of."""
HISTORY = "    history: {appears: Bought at}\n"


@pytest.fixture(scope="module")
def orders() -> list[Order]:
    return read_orders(datetime(2017, 9, 1))


@pytest.fixture(scope="module")
def olist(orders: list[Order], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("olist")
    (folder / "book").mkdir()
    (folder / "rules").mkdir()
    (folder / "templates").mkdir()
    config = CONFIG.format(connector="csv_folder", path="book", port=9)
    (folder / "config.yaml").write_text(config.replace("people:", HISTORY + "people:", 1))
    for name, when in RULES.items():
        (folder / "rules" / f"{name}.yaml").write_text(RULE.format(name=name, when=when))
    write_csv(folder / "book", orders, LATER)
    return folder


def run(folder: Path, rule: str) -> Report:
    grid = make_grid(FIRST.replace(tzinfo=ZONE), LAST.replace(tzinfo=ZONE), STEP)
    return backtest(open_shop(folder / "config.yaml", {}), rule, grid, LATER.replace(tzinfo=ZONE))


@pytest.mark.parametrize("rule", RULES)
def test_real_orders_fire_as_counted(rule: str, olist: Path, orders: list[Order]) -> None:
    found = run(olist, rule)
    fired = Counter({f"{day:%m-%d}": one.firings for day, one in found.tally.days.items() if one.firings})
    counted = Counter({day: count for (name, day), count in count_by_day(orders).items() if name == rule})
    assert fired == counted
    assert sum(counted.values()) > 5
    assert sum(one.mails for one in found.tally.days.values()) == sum(counted.values())
    assert found.notes == ()


# Looking only at the rows that are concerned finds what looking at all of them at every step finds

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
SHOP = ZoneInfo("Europe/Berlin")
ORDERS = Schema(
    "Orders",
    "shop",
    "Orders",
    ("Order No",),
    (
        Column("Order No"),
        Column("Ordered on", Kind.DATETIME),
        Column("Paid at", Kind.DATETIME),
        Column("Shipped on", Kind.DATE),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Shipped")),
        Column("Total", Kind.MONEY),
        Column("Note"),
        Column("Reminded at", Kind.DATETIME),
    ),
    settle=timedelta(0),
)
MOMENTS = {"New": "Ordered on", "Paid": "Paid at", "Shipped": "Shipped on"}
PAST = {"Orders": History("Ordered on", {"Status": MOMENTS})}
HEAD = "look at: Orders\nfirst run: act on all\n"
WALKED = {
    "reminders": f"""
rule: Unpaid
{HEAD}when:
  Status: New
  Ordered on: at least 1 day ago
then:
  - email: {{to: anna, subject: "Unpaid {{{{ order_no }}}}", text: x}}
    set: {{Reminded at: now}}
  - at: 1 day after last
    email: {{to: anna, subject: "Still unpaid {{{{ order_no }}}}", text: x}}
  - every: 12 hours
    at most: 2 times
    email: {{to: ben, subject: "Tell {{{{ order_no }}}}", text: x}}
""",
    "edges": f"""
rule: Edges
{HEAD}when:
  Status: changed from New to Paid
then:
  - email: {{to: anna, subject: "Paid {{{{ order_no }}}}", text: x}}
""",
    "new rows": f"""
rule: New rows
{HEAD}when:
  row: new
  Total: more than 50
then:
  - set: {{Note: big}}
""",
    "holding": f"""
rule: Holding
{HEAD}when:
  Status: Paid
for: 6 hours
stop when:
  Total: less than 20
then:
  - email: {{to: anna, subject: "Pack {{{{ order_no }}}}", text: x}}
  - at: 2 days after Paid at
    email: {{to: ben, subject: "Where is {{{{ order_no }}}}", text: x}}
limits: [3 rows at once]
""",
    "digest": f"""
rule: Digest
{HEAD}when:
  Status: Shipped
  Shipped on: within the last 3 days
then:
  - email: {{to: ben, digest: every day at 08:30, subject: "{{{{ rows | length }}}} shipped", text: x}}
    set: {{Note: told}}
""",
    "own writes": f"""
rule: Own writes
{HEAD}when:
  Note: empty
  Status: one of Paid, Shipped
again only when:
  Total: less than 0
then:
  - set: {{Note: seen}}
  - at: 1 day after start
    set: {{Note: "seen again"}}
""",
    "by row count": f"""
rule: Share
{HEAD}when:
  Status: Paid
limits: [50% of rows]
then:
  - email: {{to: anna, subject: "Share {{{{ order_no }}}}", text: x}}
""",
}


def past_orders(folder: Path, rules: dict[str, str]) -> Day:
    dice = random.Random(7)
    rows = []
    for number in range(40):
        ordered = NOON - timedelta(hours=dice.randrange(0, 24 * 14), minutes=dice.randrange(60))
        paid = ordered + timedelta(hours=dice.randrange(1, 60)) if dice.random() < 0.8 else None
        shipped = paid + timedelta(hours=dice.randrange(1, 90)) if paid and dice.random() < 0.8 else None
        rows.append(
            {
                "Order No": f"{number}",
                "Ordered on": f"{ordered.astimezone(SHOP):%Y-%m-%d %H:%M:%S}",
                "Paid at": f"{paid.astimezone(SHOP):%Y-%m-%d %H:%M:%S}" if paid else "",
                "Shipped on": f"{shipped.astimezone(SHOP):%Y-%m-%d}" if shipped else "",
                "Status": "Shipped" if shipped else "Paid" if paid else "New",
                "Total": str(dice.randrange(5, 200)),
                "Note": "",
                "Reminded at": "",
            }
        )
    return Day(folder, (ORDERS,), {"Orders": rows}, rules)


def told(report: Report) -> list[object]:
    """Return what happened in each step; ids included, so that each effect is the same one."""
    steps = [{**step, "problems": []} for step in report.tally.steps]
    return [step for step in steps if step["firings"] or step["held"] or step["baseline"]]


@pytest.mark.parametrize("name", WALKED)
def test_some_rows_are_as_good_as_all(name: str, tmp_path: Path) -> None:
    day = past_orders(tmp_path, {"one": WALKED[name]})
    [rule] = day.load_rules()
    grid = make_grid(NOON - timedelta(days=8), NOON, timedelta(hours=1))
    tables = {"Orders": day.table(ORDERS)}
    few, all_ = (
        rehearse(rule, day.house(), tables, PAST, grid, with_steps=True, thorough=thorough)
        for thorough in (False, True)
    )
    assert told(few) == told(all_)
    quiet = Count()
    assert {at: one for at, one in few.tally.days.items() if one != quiet} == {
        at: one for at, one in all_.tally.days.items() if one != quiet
    }
    assert few.looks < all_.looks == grid.count
    assert sum(one.firings for one in few.tally.days.values()) > 5


# The command


def test_the_command_tells_days_and_mails(olist: Path) -> None:
    ran = ShopFolder(olist).call("backtest", "late-parcel", "--from", "2017-11-20", "--to", "2017-12-05")
    assert ran.code == 0
    assert "late-parcel, 2017-11-20 00:00 to 2017-12-05 23:30" in ran.text
    assert "Tue 2017-11-28     1      1      0      0     0  ███" in ran.text
    assert "In all it would have acted 7 times and sent 7 mails." in ran.text
    assert "to maria@example.com" in ran.text
    assert not (olist / "rowcall.db").exists()


def test_the_command_as_json(olist: Path) -> None:
    words = ("--from", "2017-11-20", "--to", "2017-11-24 12:00", "--step", "1h")
    told = ShopFolder(olist).json("backtest", "backtest", "payment-approved", *words)
    assert (told["from"], told["to"]) == ("2017-11-20T00:00:00-02:00", "2017-11-24T12:00:00-02:00")
    fired = sum(len(step["firings"]) for step in told["steps"])
    assert fired == sum(day["firings"] for day in told["days"]) > 20


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "2017-11-20", "--to", "2017-11-19"), "--to lies before --from"),
        (("--from", "monday", "--to", "2017-11-19"), '--from "monday" is no day'),
        (("--from", "2017-11-20", "--to", "2017-11-21", "--step", "0m"), '--step "0m" is no length'),
        (("--from", "1017-11-20", "--to", "2017-11-21", "--step", "1m"), "take a longer --step"),
    ],
)
def test_wrong_use(words: tuple[str, ...], told: str, olist: Path) -> None:
    ran = ShopFolder(olist).call("backtest", "late-parcel", *words)
    assert (ran.code, told in ran.errors) == (2, True), ran.errors


def test_what_the_past_does_not_tell_is_said(olist: Path, tmp_path: Path) -> None:
    shutil.copytree(olist, tmp_path / "shop")
    config = tmp_path / "shop" / "config.yaml"
    config.write_text(config.read_text().replace(HISTORY, ""))
    ran = ShopFolder(tmp_path / "shop").call(
        "backtest", "late-parcel", "--from", "2017-11-20", "--to", "2017-11-20"
    )
    assert "has no `history` for Orders" in " ".join(ran.text.split())


# The past


def test_a_table_as_it_was() -> None:
    header = ("Order No", "Ordered on", "Paid at", "Shipped on", "Status", "Note")
    rows = [
        ("1", "2026-03-01 09:00", "2026-03-01 12:00", "2026-03-03", "Shipped", "gift"),
        ("2", "2026-03-02 09:00", None, None, "New", None),
        ("3", None, None, None, "New", None),
        ("4", "2026-03-01 08:00", "2026-03-01 08:00", None, "Paid", None),
    ]
    cells = pl.DataFrame(rows, schema=dict.fromkeys(map(str, range(6)), pl.String), orient="row")
    live = type_table(ORDERS, Sheet("Orders", header, cells), language="en", zone=SHOP)
    assert isinstance(live, Table)
    past = past_of(live, PAST["Orders"], SHOP)
    assert past.left_out == 1

    def seen(at: str) -> list[tuple[object, ...]]:
        table = past.at(datetime.fromisoformat(at).replace(tzinfo=SHOP).astimezone(UTC))
        for name in table.text.columns:
            for key, text in zip(table.keys, table.text[name], strict=True):
                moment = datetime.fromisoformat(at).replace(tzinfo=SHOP)
                assert past.cell(key, name, moment) == (text or "")
        return table.text.select("Order No", "Status", "Paid at", "Shipped on", "Note").rows()

    assert seen("2026-03-01 07:59") == []
    assert seen("2026-03-01 08:00") == [("4", "Paid", "2026-03-01 08:00", None, None)]
    assert seen("2026-03-01 09:00")[0] == ("1", "New", None, None, "gift")
    assert seen("2026-03-02 23:59")[0] == ("1", "Paid", "2026-03-01 12:00", None, "gift")
    assert seen("2026-03-03 00:00")[0] == ("1", "Shipped", "2026-03-01 12:00", "2026-03-03", "gift")
    assert [row[0] for row in seen("2026-03-03 00:00")] == ["1", "2", "4"]


def test_the_history_of_the_page_is_understood(tmp_path: Path) -> None:
    page = Path(__file__).parent.parent / "docs" / "how-to" / "try-a-rule-on-last-month.md"
    tables = page.read_text(encoding="utf-8").partition("```text\n")[2].partition("```")[0]
    head = CONFIG.format(connector="csv_folder", path="book", port=9).partition("tables:")[0]
    (tmp_path / "config.yaml").write_text(f"{head}{tables}people: {{maria: {{email: maria@example.com}}}}\n")
    [history] = open_shop(tmp_path / "config.yaml", {}).config.history.values()
    assert (history.appears, history.moments["Status"]["Paid"]) == ("Ordered on", "Paid at")
