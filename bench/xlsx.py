"""How much faster than openpyxl is an Excel workbook read and patched? Ratios of one run, on one machine."""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import xlsxwriter

from connectors import xlsx
from rowcall.ports import CellChange, NewRow, Opening, Workbook, Wrote
from rowcall.table import Column, Kind, Schema

HEADER = (
    *("Order", "Customer", "Email", "Status", "Ordered", "Paid", "Total", "Qty"),
    *("SKU", "City", "Note", "Gift", "Zip", "Shipping", "Due"),
)
SCHEMA = Schema("Orders", "shop", "Orders", ("Order",), (Column("Order"), Column("Total", Kind.MONEY)))
FIVE, TWO = 5, 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of times and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--formulas", action="store_true", help="one formula in every row")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Orders.xlsx"
        make_workbook(path, options.rows, formulas=options.formulas)
        opening = Opening("shop", Path(folder), ZoneInfo("Europe/Berlin"), "en")
        print(f"{options.rows:,} rows x {len(HEADER)} columns, {path.stat().st_size / 1e6:.1f} MB")
        fresh = timed(lambda: opened(path, opening).read([SCHEMA]), times=3)
        theirs = timed(lambda: read_openpyxl(path))
        show("reading", fresh, theirs)
        ours = opened(path, opening)
        ours.read([SCHEMA])
        show("reading, unchanged", timed(lambda: ours.read([SCHEMA])), theirs)
        patched = (
            timed(lambda: patch(ours, 0)),
            timed(lambda: patch(ours, 1)),
            timed(lambda: patch(opened(path, opening), 2)),
            timed(lambda: patch_openpyxl(path)),
        )
        show(f"{FIVE} cells + {TWO} rows", patched[0], patched[3])
        show("the same once more", patched[1], patched[3])
        show("by who never read it", patched[2], patched[3])


def opened(path: Path, opening: Opening) -> Workbook:
    """Return our connector's workbook, which knows nothing yet."""
    return xlsx.open_workbook(xlsx.Params(path.name), opening)


def make_workbook(path: Path, rows: int, *, formulas: bool) -> None:
    """Write a sheet as shops have them: texts, numbers, dates, flags, blanks."""
    dice = random.Random(1)
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Orders")
    day, moment, money = (
        book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "0.00")
    )
    start = datetime(2025, 1, 1)  # noqa: DTZ001 -- a cell's wall clock
    sheet.write_row(0, 0, HEADER)
    for row in range(1, rows + 1):
        ordered = start + timedelta(minutes=7 * row)
        sheet.write_row(row, 0, [f"A-{row:06}", f"Customer {row % 5000}", f"c{row % 5000}@example.com"])
        sheet.write_string(row, 3, dice.choice(["New", "Paid", "Shipped"]))
        sheet.write_datetime(row, 4, ordered, moment)
        sheet.write_datetime(row, 5, ordered + timedelta(hours=1), moment)
        sheet.write_number(row, 6, dice.randrange(50_000) / 100, money)
        sheet.write_number(row, 7, row % 9)
        sheet.write_row(row, 8, [f"SKU-{row % 300}", dice.choice(["Berlin", "Lyon", "Xi'an"])])
        if row % 7 == 0:
            sheet.write_string(row, 10, "call & ask")
        sheet.write_boolean(row, 11, row % 5 == 0)
        sheet.write_string(row, 12, f"{row % 99_999:05}")
        if formulas:
            sheet.write_formula(row, 13, f"=G{row + 1}*0.1", money, 1)
        else:
            sheet.write_number(row, 13, dice.randrange(900) / 100, money)
        sheet.write_datetime(row, 14, date(2025, 1, 1) + timedelta(days=row % 700), day)
    book.close()


def patch(workbook: Workbook, round_: int) -> None:
    """Change five cells and append two rows with our connector."""
    before = f"changed {round_ - 1}" if round_ else ""
    keys = [f"A-{number:06}" for number in (11, 1003, 2005, 5004, 9006)]
    changes = [CellChange(SCHEMA, (key,), "Note", before, f"changed {round_}") for key in keys]
    rows = [
        NewRow(
            SCHEMA,
            (f"B-{round_}-{number}",),
            (("Status", "New"), ("Total", Decimal("12.50")), ("Due", date(2026, 3, 5))),
        )
        for number in range(TWO)
    ]
    done = [*workbook.write(changes), *workbook.append(rows)]
    if any(one.outcome is not Wrote.WRITTEN for one in done):
        raise SystemExit(f"not written: {done}")


def patch_openpyxl(path: Path) -> None:
    """Do the same the usual way: load everything, save everything."""
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    for row in (12, 1002, 2004, 5003, 9005):
        sheet.cell(row, 11).value = "changed"
    for number in range(TWO):
        sheet.append([f"C-{number}", "", "", "New"])
    book.save(path)


def read_openpyxl(path: Path) -> None:
    """Read all cells the fast way of openpyxl."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for row in book["Orders"].iter_rows(values_only=True):
        list(row)
    book.close()


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Return the seconds that the work took, the best of some times."""
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


def show(what: str, ours: float, theirs: float) -> None:
    """Print one line of the table."""
    print(f"{what:<20} ours {ours:7.2f} s   openpyxl {theirs:7.2f} s   {theirs / ours:6.1f} x")


if __name__ == "__main__":
    main()
