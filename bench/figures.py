"""How fast are the figures of 20 rules over 100,000 orders and 20,000 customers, against DuckDB?

Ten rules compute figures for each customer, ten for the shop as a whole; each rule has three figures, a list or a
breakdown among them. DuckDB gets the same typed tables and must give the same answers (at 15 digits), one query for
each figure. The best of several rounds counts; every round begins with nothing made before.
Run: python -m bench.figures [orders]
"""

import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from bench.conditions import Stream
from rowcall.errors import Place
from rowcall.evaluate.figures import Figures, compute_figures
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.grounds import Grounds
from rowcall.language.condition import AllOf, Compare, Condition, Literal, OfColumn, Operator
from rowcall.language.figure import Aggregate, Count, Figure, How, Listing, Measure, ShareWith, TimeBetween
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.rule import Rule
from rowcall.table import Column, Kind, Schema, Snapshot, Table

NOW = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
HERE = Place()
ROUNDS = 5
FOR_EACH = 10
STATUSES = ("New", "Paid", "Sent", "Returned", "Cancelled")
ORDERS = Schema(
    "Orders", "shop", "Orders", ("No",),
    (Column("No"), Column("Customer"), Column("Status", Kind.CHOICE, STATUSES), Column("Channel"),
     Column("Country"), Column("Total", Kind.MONEY), Column("Freight", Kind.MONEY), Column("Qty", Kind.NUMBER),
     Column("Day", Kind.DATE), Column("Opened", Kind.DATETIME), Column("Closed", Kind.DATETIME), Column("Note")),
)  # fmt: skip
CUSTOMERS = Schema("Customers", "shop", "Customers", ("Name",), (Column("Name"), Column("Limit", Kind.MONEY)))


@dataclass(frozen=True)
class Case:
    """One figure and the same in SQL. each: for each customer; select: what is taken of the orders that count."""

    measure: Measure
    kind: Kind
    select: str
    where: tuple[Condition, ...] = ()
    sql: str = "true"
    each: bool = False
    by: str = ""


def column(name: str) -> ColumnRef:
    return ColumnRef(ORDERS.column(name), "Orders")


def compare(name: str, how: Operator, value: str | Decimal | date) -> Compare:
    return Compare(column(name), how, Literal(str(value), value), HERE, "")


SAME = Compare(
    column("Customer"),
    Operator.EQUAL,
    OfColumn(ColumnRef(CUSTOMERS.column("Name"), "Customers", (THIS,))),
    HERE,
    "",
)
LARGE = Compare(
    column("Total"),
    Operator.MORE,
    OfColumn(ColumnRef(CUSTOMERS.column("Limit"), "Customers", (THIS,))),
    HERE,
    "",
)


def make_tables(rows: int) -> dict[str, Table]:
    draw = random.Random(7)
    names = [f"Customer {number:05}" for number in range(rows // 5)]
    first, opened = date(2025, 1, 1), datetime(2025, 1, 1, tzinfo=UTC)
    minutes = [draw.randrange(430 * 1440) for _ in range(rows)]
    orders = pl.DataFrame(
        {
            "No": [f"HT-{number:07}" for number in range(rows)],
            "Customer": [draw.choice(names) for _ in range(rows)],
            "Status": draw.choices(STATUSES, k=rows),
            "Channel": draw.choices(("shop", "web", "fair", "phone"), k=rows),
            "Country": draw.choices(("DE", "AT", "CH", "FR", "NL", "PL"), k=rows),
            "Total": [round(draw.random() * 300, 2) if draw.random() < 0.97 else None for _ in range(rows)],
            "Freight": [round(draw.random() * 20, 2) for _ in range(rows)],
            "Qty": [float(draw.randrange(1, 9)) for _ in range(rows)],
            "Day": [first + timedelta(days=minute // 1440) for minute in minutes],
            "Opened": [opened + timedelta(minutes=minute) for minute in minutes],
            "Closed": [opened + timedelta(minutes=minute + draw.randrange(9000)) for minute in minutes],
            "Note": [f"note {draw.randrange(1000)}" for _ in range(rows)],
        },
        schema_overrides={"Opened": pl.Datetime("us", "UTC"), "Closed": pl.Datetime("us", "UTC")},
    )
    customers = pl.DataFrame({"Name": names, "Limit": [float(draw.randrange(300)) for _ in names]})
    return {
        "Orders": Table(ORDERS, orders.cast(pl.String), orders, orders["No"]),
        "Customers": Table(CUSTOMERS, customers.cast(pl.String), customers, customers["Name"]),
    }


def cases(rule: int) -> tuple[Case, Case, Case]:
    """Return the three figures of one rule; the rules differ in what they count."""
    status = STATUSES[rule % len(STATUSES)]
    since = date(2025, 1, 1) + timedelta(days=20 * rule)
    where = (compare("Status", Operator.EQUAL, status), compare("Day", Operator.AT_LEAST, since))
    sql = f"status = '{status}' and day >= date '{since}'"
    total, each = column("Total"), rule < FOR_EACH
    if each:
        second = (
            Case(Count(), Kind.NUMBER, "count(*)", (SAME, LARGE), 'total > "limit"', each)
            if rule == 0
            else Case(Aggregate(How.HIGHEST, column("Day")), Kind.DATE, "max(day)", (SAME, *where), sql, each)
        )
        third = Case(
            ShareWith(compare("Channel", Operator.EQUAL, "web")), Kind.PERCENT, "avg((channel = 'web')::int)",
            (SAME, *where[1:]), f"day >= date '{since}'", each,
        )  # fmt: skip
        return (
            Case(Aggregate(How.SUM, total), Kind.MONEY, "sum(total)", (SAME, *where), sql, each),
            second,
            third,
        )
    first = Case(Aggregate(How.SUM, total), Kind.MONEY, "sum(total)", where, sql, by="Country")
    median = Case(
        TimeBetween(How.MEDIAN, column("Opened"), column("Closed")), Kind.DURATION,
        "median(epoch_us(closed) - epoch_us(opened))", where, sql,
    )  # fmt: skip
    if rule % 2:
        return (
            first,
            median,
            Case(Aggregate(How.P90, total), Kind.MONEY, "quantile_cont(total, 0.9)", where, sql),
        )
    refs = (column("No"), column("Customer"), column("Total"))
    return first, median, Case(Listing(refs, ((total, True),), 20), Kind.TEXT, "list", where, sql)


def rule_of(number: int) -> Rule:
    figures = []
    for place, case in enumerate(cases(number)):
        where, by = AllOf(case.where, HERE), column(case.by) if case.by else None
        figures.append(Figure(f"F{place}", case.measure, HERE, "Orders", where, by, None, case.kind))
    table = "Customers" if number < FOR_EACH else ""
    return Rule(f"rule-{number}", "", table, (), "v", HERE, figures=tuple(figures))


def query(case: Case) -> str:
    if case.each:
        none = "0" if case.select.startswith(("count", "sum")) else "null"
        source, key = "orders", "lower(trim(customer))"
        if "limit" in case.sql:
            source, key = f"orders join customers on {key} = lower(trim(name))", "lower(trim(name))"
        inner = f"select {key} as k, {case.select} as found from {source} where {case.sql} group by 1"  # noqa: S608 - ours
        return (
            f"select coalesce(found, {none}) as found from customers left join ({inner}) "  # noqa: S608 - ours
            "on k = lower(trim(name)) order by customers.rowid"
        )
    if case.by:
        return f"select {case.by} as line, {case.select} as found from orders where {case.sql} group by 1 order by 1"  # noqa: S608 - ours
    if case.select == "list":
        return f"select no, customer, total from orders where {case.sql} order by total desc nulls last, rowid limit 20"  # noqa: S608 - ours
    return f"select {case.select} as found from orders where {case.sql}"  # noqa: S608 - ours


def compute_all(rules: list[Rule], tables: dict[str, Table]) -> list[Figures]:
    """Compute the figures of all rules, as one tick does."""
    snapshot = Snapshot(NOW, tables)
    grounds = Grounds(snapshot, NOW, ZONE)
    frame = assemble(tables["Customers"], snapshot, zone=ZONE)
    return [compute_figures(rule, grounds, frame if rule.table else None) for rule in rules]


def compare_answers(found: list[Figures], base: duckdb.DuckDBPyConnection) -> None:
    """Refuse to compare the speed of different answers."""
    for number, figures in enumerate(found):
        for place, case in enumerate(cases(number)):
            theirs = pl.DataFrame(base.sql(query(case)))
            name = f"F{place}"
            if figures.problems:
                raise SystemExit(f"rule {number}: {figures.problems[0]}")
            if case.each or not figures.is_listed(name):
                ours = figures.values[name].value
                equal = alike(ours, theirs["found"])
            elif case.by:
                rows = figures.listed(name).rows
                equal = alike(pl.Series([float(str(row[1])) for row in rows]), theirs["found"])
            else:
                equal = list(figures.listed(name).keys) == theirs["No"].to_list()
            if not equal:
                raise SystemExit(f"rule {number}, figure {place}: DuckDB's answers differ")


def alike(ours: pl.Series, theirs: pl.Series) -> bool:
    if ours.dtype == pl.Date:
        return ours.equals(theirs, check_names=False)
    left, right = (one.to_physical().cast(pl.Float64) for one in (ours, theirs))
    both = (left.is_null() == right.is_null()).all()
    apart = (left - right).abs() / right.abs().clip(1)
    return bool(both and (apart.fill_null(0.0) < 1e-9).all())


def measure(rows: int) -> None:
    tables = make_tables(rows)
    rules = [rule_of(number) for number in range(20)]
    base = duckdb.connect()
    for name, table in tables.items():
        base.register(f"arrow_{name}", Stream(table.typed))
        base.execute(f"create table {name.lower()} as select * from arrow_{name}")  # noqa: S608 - ours
    compare_answers(compute_all(rules, tables), base)
    queries = [query(case) for number in range(20) for case in cases(number)]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        compute_all(rules, tables)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        for one in queries:
            base.execute(f"create or replace temp table answer as {one}")
        theirs.append(time.perf_counter() - start)
    print(f"{rows:,} orders × 12 columns, {rows // 5:,} customers, 20 rules, {len(queries)} figures")
    print(f"{'Rowcall':>12}{'DuckDB':>12}{'ratio':>9}")
    print(f"{min(ours) * 1000:9.0f} ms{min(theirs) * 1000:9.0f} ms{min(theirs) / min(ours):7.2f} ×")


def main() -> None:
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)


if __name__ == "__main__":
    main()
