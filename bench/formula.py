"""How fast is a formula column over a million orders, against DuckDB, and against LibreOffice Calc on fewer?

DuckDB gets the same typed tables and must give the same answers; it rounds and compares the bits of a number,
Rowcall its 15 digits. The best of several rounds counts; ratios mean more than milliseconds.
Calc computes fewer rows, from a file: its time is that of opening and saving the workbook with the formula in twenty
columns less that without it, scaled to the rows of the others: a rough measure.
Run: python -m bench.formula [rows] [rows for Calc]
"""

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from shutil import which
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from bench.conditions import Stream
from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.frame import assemble
from rowcall.language.formula.literals import serial_of
from rowcall.language.formula.understand import read_formula
from rowcall.language.scope import Scope
from rowcall.table import Column, Kind, Schema, Snapshot, Table
from tests.debian import convert

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
ROUNDS = 5
LINES_PER_ORDER = 2
COPIES = 20
NOISE_S = 0.5
SCHEMAS = {
    "Orders": Schema(
        "Orders", "shop", "Orders", ("No",),
        (Column("No"), Column("Status", Kind.CHOICE, ("New", "Paid", "Sent")), Column("Total", Kind.MONEY),
         Column("Qty", Kind.NUMBER), Column("Day", Kind.DATE)),
    ),
    "Lines": Schema("Lines", "shop", "Lines", (), (Column("No"), Column("Price", Kind.MONEY))),
}  # fmt: skip
# name, Rowcall, SQL (a cell that may be empty is 0 or "", as in a spreadsheet), Calc for row 2
CASES = (
    (
        "arithmetic",
        'IF([Status]="Paid", ROUND([Total]*1.19,2) - [Qty]*0.5, 0)',
        "case when lower(status) = 'paid' then round(total * 1.19, 2) - coalesce(qty, 0) * 0.5 else 0 end",
        'IF(B2="Paid",ROUND(C2*1.19,2)-D2*0.5,0)',
    ),
    (
        "division and IFERROR",
        "IFERROR([Total]/[Qty], 0)",
        "case when coalesce(qty, 0) = 0 then 0 else total / qty end",
        "IFERROR(C2/D2,0)",
    ),
    (
        "days",
        "NETWORKDAYS([Day], TODAY())",
        "",
        "NETWORKDAYS(E2,46089)",
    ),
    (
        "texts",
        'UPPER(LEFT([Status],1)) & "-" & RIGHT([No],3) & "/" & YEAR([Day])',
        "upper(left(status, 1)) || '-' || right(no, 3) || '/' || year(day)",
        'UPPER(LEFT(B2,1))&"-"&RIGHT(A2,3)&"/"&YEAR(E2)',
    ),
    (
        "SUMIFS over another table",
        "[Total] - SUMIFS(Lines[Price], Lines[No], [No])",
        "total - coalesce(sum, 0)",
        "C2-SUMIFS(Lines!B$2:B$99999,Lines!A$2:A$99999,A2)",
    ),
)
SQL_FROM = {
    "SUMIFS over another table": "orders left join (select lower(no) as k, sum(price) as sum from lines group by 1) "
    "on lower(no) = k",
}


def make_tables(rows: int) -> dict[str, Table]:
    draw = random.Random(5)
    day = datetime(2025, 1, 1).date().toordinal()  # noqa: DTZ001 - a calendar day
    orders = pl.DataFrame(
        {
            "No": [f"HT-{number:07}" for number in range(rows)],
            "Status": draw.choices(("New", "Paid", "Sent"), k=rows),
            "Total": [round(draw.random() * 300, 2) for _ in range(rows)],
            "Qty": [draw.randrange(6) if draw.random() < 0.95 else None for _ in range(rows)],
            "Day": [datetime.fromordinal(day + draw.randrange(430)).date() for _ in range(rows)],
        },
        schema_overrides={"Qty": pl.Float64},
    )
    numbers = [f"ht-{draw.randrange(rows):07}" for _ in range(rows * LINES_PER_ORDER)]
    lines = pl.DataFrame({"No": numbers, "Price": [round(draw.random() * 90, 2) for _ in numbers]})
    return {
        "Orders": Table(SCHEMAS["Orders"], orders.cast(pl.String), orders, orders["No"]),
        "Lines": Table(SCHEMAS["Lines"], lines.cast(pl.String), lines, lines["No"]),
    }


def best(action: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def same_answers(name: str, ours: pl.Series, theirs: pl.Series) -> None:
    """Refuse to compare the speed of different answers."""
    if ours.dtype == pl.String:
        equal = ours.equals(theirs, check_names=False)
    else:
        # DuckDB rounds the halves of doubles as their bits say, a spreadsheet as their digits say: a cent apart.
        equal = bool((ours - theirs.cast(pl.Float64)).abs().max() < 0.011)  # type: ignore[operator] # numbers
    if not equal:
        raise SystemExit(f"{name}: DuckDB's answers differ")


def calc_seconds(tables: dict[str, Table], rows: int, formula: str) -> float:
    """Return the seconds that Calc needs to open, compute and save a workbook; formula: "" = without any."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet, other = book.add_worksheet("Orders"), book.add_worksheet("Lines")
            for row, order in enumerate(tables["Orders"].typed.head(rows).iter_rows(), 1):
                write_cells(sheet, row, order)
                for copy in range(COPIES if formula else 0):
                    sheet.write_formula(
                        row, 6 + copy, "=" + re.sub(r"\b([A-E])2\b", rf"\g<1>{row + 1}", formula)
                    )
            for row, line in enumerate(tables["Lines"].typed.head(rows * LINES_PER_ORDER).iter_rows(), 1):
                write_cells(other, row, line)
        start = time.perf_counter()
        convert(path, "xlsx", Path(folder), recalculate=True)
        return time.perf_counter() - start


def write_cells(sheet: Worksheet, row: int, cells: Sequence[object]) -> None:
    for place, value in enumerate(cells):
        if isinstance(value, date):
            sheet.write_number(row, place, serial_of(value))
        elif value is not None:
            sheet.write(row, place, value)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    fewer = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    tables = make_tables(rows)
    frame = assemble(tables["Orders"], Snapshot(NOW, tables), zone=ZONE)
    scope = Scope(SCHEMAS, "en", ZONE, table="Orders")
    base = duckdb.connect()
    for name in ("Orders", "Lines"):
        base.register(f"arrow_{name}", Stream(tables[name].typed))
        base.execute(f"create table {name.lower()} as select * from arrow_{name}")  # noqa: S608 - ours
    print(f"{rows:,} rows, best of {ROUNDS} rounds; Calc: {COPIES} columns of {fewer:,} rows, scaled")
    print(f"{'formula':28}{'Rowcall':>12}{'DuckDB':>12}{'ratio':>9}{'Calc':>12}{'ratio':>9}")
    calc = which("soffice") is not None
    plain = calc_seconds(tables, fewer, "") if calc else 0.0
    for name, text, sql, in_calc in CASES:
        formula = read_formula(text, scope)
        ours = best(partial(compute_formula, formula, frame, NOW))
        line = f"{name:28}{ours * 1000:9.1f} ms"
        if sql:
            source = SQL_FROM.get(name, "orders")
            query = f"select {sql} as answer from {source}"  # noqa: S608 - ours
            ordered = pl.DataFrame(base.sql(f"{query} order by orders.rowid"))["answer"]
            same_answers(name, compute_formula(formula, frame, NOW).value, ordered)
            theirs = best(partial(run_sql, base, query))
            line += f"{theirs * 1000:9.1f} ms{theirs / ours:7.2f} ×"
        else:
            line += f"{'–':>12}{'':9}"
        if calc:
            measured = calc_seconds(tables, fewer, in_calc) - plain
            seconds = measured / COPIES * rows / fewer
            told = f"{seconds * 1000:9.0f} ms{seconds / ours:7.0f} ×"
            line += told if measured > NOISE_S else f"{'too little to tell':>21}"
        print(line)


def run_sql(base: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    return pl.DataFrame(base.sql(query))


if __name__ == "__main__":
    main()
