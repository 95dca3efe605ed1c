"""How long is one tick over 100,000 orders and 100 rules: the first one, an unchanged one, one with 50 edits?"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.home import shipped
from rowcall.kinds import action_kinds, action_words, payload_types
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.memory import Memory
from rowcall.people import People, Person
from rowcall.plan import House, TickInput, plan
from rowcall.plan.inputs import TickInput as Given
from rowcall.reading import type_table
from rowcall.remember import remember
from rowcall.store import Store
from rowcall.table import Column, Kind, Schema, Sheet, Snapshot, Table
from rowcall.template import Templates

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATUSES = ("New", "Paid", "Ready", "Shipped", "Delivered", "Completed", "Cancelled", "Returned")
CHANNELS = ("Shop", "Market", "Phone", "Store")
SCHEMA = Schema(
    "Orders",
    "shop",
    "Orders",
    ("Order No",),
    (
        Column("Order No"),
        Column("Status", Kind.CHOICE, STATUSES),
        Column("Channel", Kind.CHOICE, CHANNELS),
        Column("Customer"),
        Column("Email", Kind.EMAIL),
        Column("Total", Kind.MONEY),
        Column("Freight", Kind.MONEY),
        Column("Ordered at", Kind.DATETIME),
        Column("Paid at", Kind.DATETIME),
        Column("Delivered on", Kind.DATE),
        Column("Consent", Kind.YES_NO),
        Column("Note"),
    ),
)


def make_cells(count: int, dice: random.Random) -> pl.DataFrame:
    """Return the texts of a shop's orders."""
    start = NOW - timedelta(days=400)

    def row(number: int) -> tuple[str | None, ...]:
        ordered = start + timedelta(minutes=dice.randrange(400 * 1440))
        status = dice.choice(STATUSES)
        paid = ordered + timedelta(hours=1) if status != "New" else None
        delivered = ordered + timedelta(days=4) if status in ("Delivered", "Completed", "Returned") else None
        return (
            f"A{number:06d}",
            status,
            dice.choice(CHANNELS),
            f"C{dice.randrange(30_000)}",
            f"c{number}@example.com",
            f"{dice.randrange(500, 90_000) / 100:.2f}",
            f"{dice.randrange(0, 900) / 100:.2f}",
            f"{ordered:%Y-%m-%d %H:%M}",
            f"{paid:%Y-%m-%d %H:%M}" if paid else None,
            f"{delivered:%Y-%m-%d}" if delivered else None,
            dice.choice(("yes", "no", None)),
            dice.choice((None, None, None, "gift", "please call")),
        )

    names = [str(index) for index in range(len(SCHEMA.columns))]
    return pl.DataFrame(
        [row(number) for number in range(count)], schema=dict.fromkeys(names, pl.String), orient="row"
    )


def make_rules(count: int, dice: random.Random) -> list[str]:
    """Return rules of two to four lines; one in five asks the clock."""
    rules = []
    for number in range(count):
        lines = [f"Status: {dice.choice(STATUSES)}", f"Total: at least {dice.randrange(10, 900)}"]
        if number % 2:
            lines.append(f"Channel: one of {', '.join(dice.sample(CHANNELS, 2))}")
        if number % 5 == 0:
            lines.append(f"Ordered at: at least {dice.randrange(1, 300)} days ago")
        when = "\n  ".join(lines)
        rules.append(
            f"rule: Rule {number}\nlook at: Orders\nfirst run: only new ones\nwhen:\n  {when}\n"
            'then:\n  - email: {to: Email, subject: "{{ order_no }}", text: "Total {{ total }}"}\n'
        )
    return rules


def timed(work: Callable[[], object], runs: int) -> float:
    """Return the median of the seconds that some work takes."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Print seconds and, as the yardstick of the same run, the ratio to typing the table once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=100)
    options = parser.parse_args()
    dice = random.Random(7)
    cells = make_cells(options.rows, dice)
    house = make_house(SCHEMA)
    scope = Scope(schemas={"Orders": SCHEMA}, language="en", zone=ZONE, people={"anna": "anna"})
    words = {word: kind.params for word, kind in action_words().items()}
    read = [
        read_rule(text, f"rules/r{number:03d}.yaml", scope, words)[0]
        for number, text in enumerate(make_rules(options.rules, dice))
    ]
    rules = tuple(rule for rule in read if rule is not None)
    table = typed(SCHEMA, cells)
    yardstick = timed(lambda: typed(SCHEMA, cells), 3)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open("sqlite:///bench.db", Path(folder), payload_types())

        def given(memory: Memory, now: datetime, read_table: Table, before: Table | None) -> Given:
            stored = {("Orders", memory.tables["Orders"].snapshot): before} if before is not None else {}
            return TickInput(rules, Snapshot(now, {"Orders": read_table}), memory, now, house, stored)

        start = time.perf_counter()
        first = plan(given(Memory(), NOW, table, None))
        cold = time.perf_counter() - start
        start = time.perf_counter()
        store.commit(first, store.tick_number())
        cold_commit = time.perf_counter() - start
        memory = remember(store.load_news(Memory()), first)
        minute = timedelta(minutes=1)
        same = timed(lambda: plan(given(memory, NOW + minute, table, table)), 5)
        news = timed(lambda: store.load_news(memory), 5)
        edited = typed(SCHEMA, edit(cells, dice))
        changed = timed(lambda: plan(given(memory, NOW + minute, edited, table)), 3)
        after = plan(given(memory, NOW + minute, edited, table))
        start = time.perf_counter()
        store.commit(after, store.tick_number())
        commit = time.perf_counter() - start
    print(f"{options.rows} rows × {len(SCHEMA.columns)} columns, {len(rules)} rules,", end=" ")
    print(
        f"{sum(map(len, first.baseline.values()))} rows in the baseline, {len(after.firings)} firings of 50 edits"
    )
    print(f"{'step':<34}{'seconds':>9}{'× typing':>10}")
    for name, seconds in (
        ("typing the table (yardstick)", yardstick),
        ("first tick: plan", cold),
        ("first tick: commit", cold_commit),
        ("unchanged tick: plan", same),
        ("unchanged tick: news of the state", news),
        ("50 rows edited: plan", changed),
        ("50 rows edited: commit", commit),
    ):
        print(f"{name:<34}{seconds:>9.3f}{seconds / yardstick:>10.2f}")


def typed(schema: Schema, cells: pl.DataFrame) -> Table:
    """Return texts, one column for each of the schema, as a typed table."""
    header = tuple(column.name for column in schema.columns)
    table = type_table(schema, Sheet(schema.sheet, header, cells), language="en", zone=ZONE)
    if not isinstance(table, Table):
        raise TypeError(str(table))
    return table


def edit(cells: pl.DataFrame, dice: random.Random) -> pl.DataFrame:
    """Return the texts after 50 people changed a status."""
    statuses = cells["1"].to_list()
    for row in dice.sample(range(len(statuses)), 50):
        statuses[row] = dice.choice(STATUSES)
    return cells.with_columns(pl.Series("1", statuses, dtype=pl.String))


def make_house(schema: Schema) -> House:
    """Return the fixed facts of a shop with one table."""
    return House(
        zone=ZONE,
        language="en",
        shop_name="Bench",
        responsible="anna",
        people=People({"anna": Person("anna", "anna@example.com")}),
        settings={},
        templates=Templates(shipped("templates"), "en", ZONE, "EUR"),
        mail_domain="example.com",
        actions=action_kinds(),
        schemas={schema.table: schema},
    )


if __name__ == "__main__":
    main()
