"""The cells that Rowcall and Calc both look at, and one workbook with every case as Calc's own formula."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from rowcall.evaluate.frame import Frame, assemble
from rowcall.language.formula.literals import serial_of
from rowcall.language.formula.tree import Apply, Cell, Constant, FigureValue, Formula, Node, Range
from rowcall.language.scope import Scope
from rowcall.table import NUMERIC, Column, Kind, Snapshot, Table
from tests.tables import BERLIN, make_schema, make_table

NOW = datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
ERROR = "#N/A"

ORDERS: Sequence[Mapping[str, str]] = (
    {"No": "HT-1", "Total": "19.99", "Freight": "4.5", "Qty": "3", "Rate": "19%", "Day": "2026-01-31",
     "Due": "2026-02-28", "At": "2026-03-06 18:45", "Paid": "yes", "Note": "Gift wrap", "Code": "5", "Status": "Paid"},
    {"No": "HT-2", "Total": "-5", "Freight": "0", "Qty": "0", "Rate": "7%", "Day": "2026-02-28",
     "Due": "2026-01-15", "At": "2026-03-08 09:30", "Paid": "no", "Note": "gift", "Code": "12", "Status": "New"},
    {"No": "ht-3"},
    {"No": "HT-4", "Total": "100", "Freight": "0.1", "Qty": "-7", "Rate": "0%", "Day": "2024-02-29",
     "Due": "2025-02-28", "At": "2025-12-31 23:59:59", "Paid": "yes", "Note": "a*b", "Code": "-3", "Status": "Paid"},
    {"No": "HT-5", "Total": "0.3", "Freight": "0.2", "Qty": "2.5", "Rate": "150%", "Day": "2025-12-31",
     "Due": "2026-12-31", "At": "2026-01-01 00:00", "Paid": "no", "Note": "  two  blanks ", "Code": "abc",
     "Status": "Sent"},
    {"No": "HT-6", "Total": ERROR, "Freight": "1.005", "Qty": "1000000", "Rate": "12.5%", "Day": "2023-05-31",
     "Due": ERROR, "At": "2026-06-15 12:00", "Paid": "yes", "Note": ERROR, "Code": "7", "Status": "New"},
    {"No": "HT-7", "Total": "1234567.891", "Freight": "-2.5", "Qty": "12", "Rate": "33.3%", "Day": "2026-03-08",
     "Due": "2026-03-08", "At": "2026-03-08 12:34:56", "Note": "Große Straße, 茶", "Code": "2026-03-01",
     "Status": "Sent"},
    {"No": "HT-8", "Total": "50", "Freight": "2.675", "Qty": "1", "Rate": "5%", "Day": "2000-12-30",
     "Due": "2026-07-04", "At": "2026-10-25 02:15", "Paid": "no", "Note": 'say "hi" (50%)', "Code": "1e3",
     "Status": "Paid"},
)  # fmt: skip
LINES: Sequence[Mapping[str, str]] = (
    {"Id": "1", "No": "HT-1", "Qty": "1", "Price": "9.99", "Day": "2026-01-31", "Tag": "tea", "Gift": "yes"},
    {"Id": "2", "No": "ht-1", "Qty": "2", "Price": "5", "Day": "2026-02-01", "Tag": "Teapot", "Gift": "no"},
    {"Id": "3", "No": "HT-2", "Qty": "5", "Price": "-1", "Day": "2026-02-28", "Tag": "cup"},
    {"Id": "4", "No": "HT-4", "Qty": "0", "Price": "12.5", "Day": "2024-02-29", "Tag": "tea", "Gift": "yes"},
    {"Id": "5", "No": "HT-4", "Price": "0.1", "Day": "2024-03-01", "Tag": "a*b"},
    {"Id": "6", "No": "HT-4", "Qty": "3", "Price": "0.2", "Tag": "12", "Gift": "no"},
    {"Id": "7", "Qty": "12", "Price": "7", "Day": "2026-03-08", "Gift": "yes"},
    {"Id": "8", "No": "HT-9", "Qty": "2.5", "Price": "50", "Day": "2026-03-09", "Tag": "tea cup"},
)
FREE: Sequence[Mapping[str, str]] = (
    {"Day": "2026-01-01"}, {"Day": "2026-02-02"}, {"Day": "2026-03-06"}, {"Day": "2026-03-07"}, {"Day": "2026-12-25"},
)  # fmt: skip
BROKEN: Sequence[Mapping[str, str]] = (
    {"Id": "1", "No": "HT-1", "Price": "1"},
    {"Id": "2", "No": "HT-2", "Price": ERROR},
    {"Id": "3", "No": ERROR, "Price": "3"},
    {"Id": "4", "No": "HT-4", "Price": "4"},
)

SCHEMAS = {
    "Orders": make_schema(
        "Orders", "No",
        {"No": "text", "Total": "money", "Freight": "number", "Qty": "number", "Rate": "percent", "Day": "date",
         "Due": "date", "At": "datetime", "Paid": "yes/no", "Note": "text", "Code": "text",
         "Status": ["New", "Paid", "Sent"]},
    ),
    "Lines": make_schema(
        "Lines", "Id",
        {"Id": "text", "No": "text", "Qty": "number", "Price": "money", "Day": "date", "Tag": "text", "Gift": "yes/no"},
    ),
    "Holidays": make_schema("Holidays", "Day", {"Day": "date"}),
    "Broken": make_schema("Broken", "Id", {"Id": "text", "No": "text", "Price": "money"}),
}  # fmt: skip
TABLES = {
    name: make_table(SCHEMAS[name], rows)
    for name, rows in (("Orders", ORDERS), ("Lines", LINES), ("Holidays", FREE), ("Broken", BROKEN))
}
SCOPE = Scope(SCHEMAS, "en", BERLIN, table="Orders")


def frame() -> Frame:
    return assemble(TABLES["Orders"], Snapshot(NOW, TABLES), zone=BERLIN)


def write_workbook(path: Path, formulas: Sequence[Formula]) -> None:
    """Write the tables as typed cells, and a sheet with a line for each formula, a column for each order."""
    with xlsxwriter.Workbook(path, {"use_future_functions": True}) as book:
        # Calc would show a date as a date, and the reader would count days before March 1900 as Excel does.
        plain = book.add_format({"num_format": "0.0000000000"})
        cases = book.add_worksheet("Cases")
        for name, table in TABLES.items():
            _write_table(book.add_worksheet(name), table)
        for line, formula in enumerate(formulas):
            for row in range(len(ORDERS)):
                cases.write_formula(line, row, "=" + in_calc(formula.root, row + 2), plain)


def in_calc(node: Node, row: int) -> str:
    """Return a formula as Calc writes it, seen from a row of the sheet Orders."""
    match node:
        case Constant(value=bool() as flag):
            return "TRUE" if flag else "FALSE"
        case Constant(value=str() as text):
            return '"' + text.replace('"', '""') + '"'
        case Constant(value=number):
            return repr(number)
        case Cell(ref=ref):
            return f"Orders!${_letter('Orders', ref.column)}${row}"
        case Range(table=table, column=column):
            letter = _letter(table, column)
            return f"{table}!${letter}$2:${letter}${len(TABLES[table]) + 1}"
        case FigureValue():
            raise TypeError("figures have no cells")
        case Apply():
            return _apply(node, row)


def _apply(node: Apply, row: int) -> str:
    # What the clock says is no question for the referee, who has another one.
    local = NOW.astimezone(BERLIN).replace(tzinfo=None)
    if node.name in ("TODAY", "NOW"):
        return repr(serial_of(local.date() if node.name == "TODAY" else local))
    args = [in_calc(arg, row) for arg in node.args]
    if node.name[0].isalpha():
        return f"{node.name}({','.join(args)})"
    if len(args) == 1:
        return f"({args[0]}%)" if node.name == "%" else f"({node.name}{args[0]})"
    return f"({args[0]}{node.name}{args[1]})"


def _letter(table: str, column: Column) -> str:
    return "ABCDEFGHIJKLMNOP"[[one.name for one in SCHEMAS[table].columns].index(column.name)]


def _write_table(sheet: Worksheet, table: Table) -> None:
    for place, column in enumerate(table.schema.columns):
        sheet.write_string(0, place, column.name)
        texts, values = table.text[column.name], table.typed[column.name]
        for row, (text, value) in enumerate(zip(texts, values, strict=True), 1):
            if text == ERROR:
                sheet.write_formula(row, place, "=NA()")
            elif text is None:
                continue
            elif column.kind in NUMERIC:
                sheet.write_number(row, place, value)
            elif column.kind is Kind.DATE:
                sheet.write_number(row, place, serial_of(value))
            elif column.kind is Kind.DATETIME:
                sheet.write_number(row, place, serial_of(value.astimezone(BERLIN).replace(tzinfo=None)))
            elif column.kind is Kind.YES_NO:
                sheet.write_boolean(row, place, value)
            else:
                sheet.write_string(row, place, value)
