"""How long does a back-test of 100,000 orders over 30 days in half-hour steps take, and how many mails does it make?"""

import argparse
import random
import time
from datetime import timedelta

import polars as pl

from bench.tick import NOW, ZONE, make_house, typed
from rowcall.backtest.run import make_grid, rehearse
from rowcall.config import History
from rowcall.kinds import action_words
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.table import Column, Kind, Schema, Table

DAYS = 30
SPREAD = 60
"""The orders are as old as this at most, so that half of them come within the time that is played."""
SCHEMA = Schema(
    "Orders",
    "shop",
    "Orders",
    ("Order No",),
    (
        Column("Order No"),
        Column("Status", Kind.CHOICE, ("New", "Paid", "Delivered")),
        Column("Email", Kind.EMAIL),
        Column("Total", Kind.MONEY),
        Column("Ordered at", Kind.DATETIME),
        Column("Paid at", Kind.DATETIME),
        Column("Promised on", Kind.DATE),
        Column("Delivered on", Kind.DATE),
        Column("Asked on", Kind.DATE),
    ),
    settle=timedelta(0),
)
HISTORY = History(
    "Ordered at", {"Status": {"New": "Ordered at", "Paid": "Paid at", "Delivered": "Delivered on"}}
)
HEAD = "look at: Orders\nfirst run: only new ones\n"
RULES = {
    "late parcel": f"""
rule: Late parcel
{HEAD}when:
  Promised on: before today
  Delivered on: empty
then:
  - email: {{to: anna, subject: "Late {{{{ order_no }}}}", text: "{{{{ order_no }}}} is late."}}
""",
    "ask for a review": f"""
rule: Review
{HEAD}when:
  Delivered on: [at least 7 days ago, at most 30 days ago]
  Total: more than 150
once per row: yes
then:
  - email: {{to: Email, subject: "How was {{{{ order_no }}}}?", text: "Tell us."}}
    set: {{Asked on: today}}
  - at: 5 days after last
    email: {{to: Email, subject: "One click", text: "Tell us."}}
limits: [1 email a week per customer]
""",
    "unpaid": f"""
rule: Unpaid
{HEAD}when:
  Status: New
  Ordered at: at least 2 days ago
then:
  - email: {{to: anna, subject: "Unpaid {{{{ order_no }}}}", text: "{{{{ total }}}}"}}
""",
}


def make_table(count: int) -> Table:
    """Return the shop's orders as they stand now."""
    dice = random.Random(11)

    def row(number: int) -> tuple[str | None, ...]:
        ordered = NOW - timedelta(minutes=dice.randrange(SPREAD * 1440))
        paid = ordered + timedelta(minutes=dice.randrange(10, 4500)) if dice.random() < 0.97 else None
        days = dice.randrange(2, 12) if dice.random() < 0.98 else 30
        delivered = ordered + timedelta(days=days)
        late = delivered > NOW
        return (
            f"A{number:06d}",
            "Delivered" if paid and not late else "Paid" if paid else "New",
            f"c{number}@example.com",
            f"{dice.randrange(500, 20_000) / 100:.2f}",
            f"{ordered:%Y-%m-%d %H:%M}",
            f"{paid:%Y-%m-%d %H:%M}" if paid else None,
            f"{ordered + timedelta(days=11):%Y-%m-%d}",
            f"{delivered:%Y-%m-%d}" if paid and not late else None,
            None,
        )

    names = [str(index) for index in range(len(SCHEMA.columns))]
    cells = pl.DataFrame(
        [row(number) for number in range(count)], schema=dict.fromkeys(names, pl.String), orient="row"
    )
    return typed(SCHEMA, cells)


def main() -> None:
    """Measure each rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    table, house = make_table(rows), make_house(SCHEMA)
    scope = Scope({"Orders": SCHEMA}, "en", ZONE, {"Orders": tuple(table.text.columns)}, {"anna": "anna"})
    words = {word: kind.params for word, kind in action_words().items()}
    grid = make_grid(NOW - timedelta(days=DAYS), NOW, timedelta(minutes=30))
    print(f"{rows:,} rows, {DAYS} days, {grid.count:,} steps of half an hour, one core")
    for name, text in RULES.items():
        rule, problems = read_rule(text, "rules/bench.yaml", scope, words)
        if rule is None:
            raise ValueError(problems)
        start = time.perf_counter()
        report = rehearse(rule, house, {"Orders": table}, {"Orders": HISTORY}, grid)
        took = time.perf_counter() - start
        fired = sum(one.firings for one in report.tally.days.values())
        mails = sum(one.mails for one in report.tally.days.values())
        print(
            f"{name:18} {took:6.1f} s  {report.looks:5} steps looked at, {fired:6} rows acted on, {mails:6} mails"
        )


if __name__ == "__main__":
    main()
