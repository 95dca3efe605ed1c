"""How fast are the conditions of 100 rules over 100,000 orders, against DuckDB and against rules as Python functions?

Every engine gets the same typed table and answers the same questions: one Boolean column for each rule. Their answers
are compared before their times are. The best of several rounds counts; ratios mean more than milliseconds.
Run: python -m bench.conditions [rows] [rules]
"""

import random
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from rowcall.errors import Place
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.mask import masks
from rowcall.language.condition import (
    AllOf,
    Compare,
    Condition,
    IsEmpty,
    Literal,
    OneOf,
    Operator,
    TextHow,
    TextTest,
)
from rowcall.language.ref import ColumnRef
from rowcall.table import CellValue, Column, Kind, Schema, Snapshot, Table

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
HERE = Place()
ROUNDS = 7
OURS = "Rowcall, texts coded at the first look"
STATUS = ("New", "Paid", "Shipped", "Delivered", "Cancelled", "Returned", "Refunded")
CARRIERS = tuple(f"Carrier {number}" for number in range(12))
CITIES = tuple(f"City {number}" for number in range(400))
COLUMNS = (
    Column("No"),
    Column("Status", Kind.CHOICE, STATUS),
    Column("Carrier"),
    Column("City"),
    Column("Total", Kind.MONEY),
    Column("Weight", Kind.NUMBER),
    Column("Ordered", Kind.DATETIME),
    Column("Email", Kind.EMAIL),
)
SCHEMA = Schema("Orders", "shop", "Orders", ("No",), COLUMNS)


@dataclass(frozen=True)
class Clause:
    """One line in the words of each engine."""

    line: Condition
    sql: str
    python: str


class Stream:
    """Hands a frame to DuckDB as Arrow, without a copy and without pyarrow."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.frame.__arrow_c_stream__(requested_schema)


def make_table(rows: int) -> Table:
    """Return orders of which some cells are empty."""
    draw = random.Random(7)
    days = [NOW - timedelta(minutes=draw.randrange(60 * 24 * 400)) for _ in range(rows)]
    text = pl.DataFrame(
        {
            "No": [f"A-{number}" for number in range(rows)],
            "Status": draw.choices(STATUS, k=rows),
            "Carrier": [draw.choice(CARRIERS) if draw.random() < 0.8 else None for _ in range(rows)],
            "City": draw.choices(CITIES, k=rows),
            "Total": [f"{draw.random() * 500:.2f}" for _ in range(rows)],
            "Weight": [f"{draw.random() * 30:.1f}" if draw.random() < 0.9 else None for _ in range(rows)],
            "Ordered": [day.isoformat() for day in days],
            "Email": [f"user{number}@example.com" for number in range(rows)],
        }
    )
    typed = text.with_columns(
        pl.col("Total", "Weight").cast(pl.Float64), pl.Series("Ordered", days, dtype=pl.Datetime("us", "UTC"))
    )
    return Table(SCHEMA, text, typed, text["No"])


def make_rules(rules: int) -> list[list[Clause]]:
    """Return rules of two to four clauses each; clauses come again in other rules, as in a shop."""
    draw = random.Random(11)
    return [[make_clause(draw) for _ in range(draw.randint(2, 4))] for _ in range(rules)]


def make_clause(draw: random.Random) -> Clause:
    pick = draw.random()
    if pick < 0.3:
        return equal("Status", draw.choice(STATUS))
    if pick < 0.4:
        return one_of("Status", draw.sample(STATUS, 3))
    if pick < 0.5:
        return equal(*draw.choice([("Carrier", draw.choice(CARRIERS)), ("City", draw.choice(CITIES))]))
    if pick < 0.55:
        return contains("City", f"y {draw.randrange(10)}")
    if pick < 0.6:
        return is_empty("Carrier")
    if pick < 0.9:
        name = draw.choice(["Total", "Weight"])
        number = draw.choice([5, 10, 20, 50, 100, 200, 300])
        return compare(name, draw.choice(["<", ">=", ">"]), Decimal(number))
    return since(NOW - timedelta(days=draw.choice([1, 3, 7, 14, 30, 90])))


def ref(name: str) -> ColumnRef:
    return ColumnRef(SCHEMA.column(name), "Orders")


def literal(value: CellValue) -> Literal:
    return Literal(str(value), value)


def equal(name: str, text: str) -> Clause:
    line = Compare(ref(name), Operator.EQUAL, literal(text), HERE, "")
    # An empty cell is known to be empty: the answer is no, not NULL.
    return Clause(line, f"coalesce({name} = '{text}', false)", f"{name} == '{text}'")


def one_of(name: str, texts: list[str]) -> Clause:
    line = OneOf(ref(name), tuple(map(literal, texts)), HERE, "")
    listed = ", ".join(f"'{text}'" for text in texts)
    return Clause(line, f"coalesce({name} in ({listed}), false)", f"{name} in [{listed}]")


def contains(name: str, text: str) -> Clause:
    line = TextTest(ref(name), TextHow.CONTAINS, (text,), HERE, "")
    return Clause(line, f"contains(lower({name}), '{text}')", f"'{text}' in {name}.lower()")


def is_empty(name: str) -> Clause:
    return Clause(IsEmpty(ref(name), HERE, ""), f"{name} is null", f"{name} is None")


def compare(name: str, how: str, number: Decimal) -> Clause:
    line = Compare(ref(name), Operator(how), literal(number), HERE, "")
    return Clause(line, f"{name} {how} {number}", f"({name} is not None and {name} {how} {number})")


def since(moment: datetime) -> Clause:
    line = Compare(ref("Ordered"), Operator.AT_LEAST, literal(moment), HERE, "")
    return Clause(
        line,
        f"Ordered >= TIMESTAMPTZ '{moment.isoformat()}'",
        f"Ordered >= {moment.timestamp()}",
    )


def best(actions: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the shortest of several rounds of each, in seconds; turn by turn, so that all meet the same machine."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    return {name: min(taken) for name, taken in times.items()}


def run_rowcall(frame: Frame, conditions: dict[str, Condition]) -> dict[str, pl.Series]:
    found = masks(conditions, frame, NOW, ZONE)
    return {name: answer for name, answer in found.items() if isinstance(answer, pl.Series)}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    table, rules = make_table(rows), make_rules(count)
    snapshot = Snapshot(NOW, {"Orders": table})
    conditions: dict[str, Condition] = {
        f"r{number}": AllOf(tuple(clause.line for clause in rule), HERE) for number, rule in enumerate(rules)
    }

    def ours() -> dict[str, pl.Series]:
        return run_rowcall(assemble(table, snapshot, zone=ZONE), conditions)

    select = ", ".join(
        f"({' and '.join(clause.sql for clause in rule)}) as r{number}" for number, rule in enumerate(rules)
    )
    base = duckdb.connect()
    base.register("arrow_orders", Stream(table.typed))
    base.execute("create table own_orders as select * from arrow_orders")
    status = ", ".join(f"'{text}'" for text in STATUS)
    carriers = ", ".join(f"'{text}'" for text in CARRIERS)
    base.execute(f"create type status as enum ({status}); create type carrier as enum ({carriers})")
    base.execute(
        "create table enum_orders as select * replace (Status::status as Status, Carrier::carrier as Carrier)"
        " from arrow_orders"
    )

    def duck(source: str) -> Callable[[], pl.DataFrame]:
        query = f"select {select} from {source}"  # noqa: S608 - made here, of nobody's input
        return lambda: pl.DataFrame(base.sql(query))

    python = as_functions(table, rules)
    same_answers(ours(), duck("arrow_orders")(), python())
    times = best(
        {
            OURS: ours,
            "DuckDB, Arrow table": duck("arrow_orders"),
            "DuckDB, own table": duck("own_orders"),
            "DuckDB, own table with ENUM columns": duck("enum_orders"),
        }
    )
    # Not in turn with the others: the ten million flags it leaves behind would be their burden.
    times |= best({"Python, each rule a compiled function": python})
    lines = sum(map(len, rules))
    threads = base.sql("select current_setting('threads')").fetchall()[0][0]
    print(f"{rows:,} rows × {count} rules, {lines} clauses; best of {ROUNDS} rounds")
    print(f"threads: Rowcall {pl.thread_pool_size()}, DuckDB {threads}")
    for name, seconds in times.items():
        print(f"{name:48} {seconds * 1000:12.1f} ms  {seconds / times[OURS]:10.1f} ×")


def same_answers(ours: dict[str, pl.Series], theirs: pl.DataFrame, functions: list[list[bool]]) -> None:
    """Refuse to compare the speed of different answers."""
    if len(ours) != theirs.width:
        raise SystemExit("a rule could not be evaluated")
    for (name, answer), plain in zip(ours.items(), functions, strict=True):
        if not answer.equals(theirs[name], check_names=False, null_equal=True):
            raise SystemExit(f"{name}: DuckDB's answers differ")
        if answer.fill_null(value=False).to_list() != plain:
            raise SystemExit(f"{name}: the answers of the function differ")


def as_functions(table: Table, rules: list[list[Clause]]) -> Callable[[], list[list[bool]]]:
    """Return what asks every row, a tuple, every rule: the least that a rule engine of Python's own would do.

    It is spared the third answer, unknown: no and unknown are both False to it.
    """
    moments = table.typed["Ordered"].dt.epoch("us") / 1_000_000  # numbers compare faster than moments
    rows = table.typed.with_columns(Ordered=moments).rows()
    names = ", ".join(table.typed.columns)
    codes = [
        compile(f"[{' and '.join(clause.python for clause in rule)} for {names} in rows]", "rule", "eval")
        for rule in rules
    ]
    return lambda: [eval(code, {"rows": rows}) for code in codes]  # noqa: S307 - made here, of nobody's input


if __name__ == "__main__":
    main()
