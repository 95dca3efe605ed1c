"""How does the sample shop become an Excel file, the same bytes for the same day?"""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from rowcall.sample.headers import CHOICES, HEADERS, NO, YES, Language, choice, header, tab
from rowcall.sample.looks import NARROW, NOTES, WIDTHS, Looks, make_looks
from rowcall.sample.overview import write_overview
from rowcall.sample.rows import Cell, Row, build_rows

LISTED = frozenset({"Orders", "Products"})
"""The tabs whose rows are an Excel table (ListObject); the others only have a filter."""

_YES_NO = frozenset({"Marketing consent", "Unsubscribed", "Active"})


def write_sample(path: Path, language: Language, today: date) -> None:
    """Write the sample workbook; its dates count back from `today`; none is after half past eight."""
    rows = build_rows(language, today)
    with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties(
            {
                "title": "Harbour Tea" if language == "en" else "港湾茶行",
                "author": "Harbour Tea",
                # Without it xlsxwriter asks the machine for the time, and no two files are the same.
                "created": datetime.combine(today, time(8)),
            }
        )
        # Every formula carries its result; without this mark programs need not compute before they read.
        book.calc_on_load = False
        looks = make_looks(book, language)
        for table in HEADERS:
            _write_tab(book.add_worksheet(tab(table, language)), table, rows[table], looks, language)
        write_overview(book, book.add_worksheet(tab("Overview", language)), rows, looks, language)


def _write_tab(sheet: Worksheet, table: str, rows: Sequence[Row], looks: Looks, language: Language) -> None:
    names = [name for name, _ in HEADERS[table]]
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, NARROW))
        sheet.write_string(0, column, header(table, name, language), looks.header)
        if note := NOTES.get((table, name)):
            sheet.write_comment(0, column, note[language == "zh"], {"author": "Harbour Tea"})
    for number, row in enumerate(rows, start=1):
        for column, (name, cell) in enumerate(zip(names, row, strict=True)):
            _write_cell(sheet, (number, column), cell, name, looks)
    if table in LISTED:
        columns = [
            {
                "header": header(table, name, language),
                "header_format": looks.header,
                "format": looks.columns.get(name),
            }
            for name in names
        ]
        options = {"name": tab(table, language), "style": "Table Style Light 11", "columns": columns}
        sheet.add_table(0, 0, len(rows), len(names) - 1, options)
    else:
        sheet.autofilter(0, 0, len(rows), len(names) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    _offer_choices(sheet, table, len(rows), language)
    _colour_rows(sheet, table, len(rows), looks, language)


def _write_cell(sheet: Worksheet, at: tuple[int, int], cell: Cell, name: str, looks: Looks) -> None:
    row, column = at
    look = looks.columns.get(name)
    if name == "Line total":
        formula = f"=E{row + 1}*F{row + 1}"
        sheet.write_formula(row, column, formula, look, cell)
    elif cell is None:
        if look is not None:
            sheet.write_blank(row, column, None, look)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell, look)
    elif isinstance(cell, date):  # a datetime is a date too
        sheet.write_datetime(row, column, cell, look)
    else:
        sheet.write_number(row, column, cell, look)


def _offer_choices(sheet: Worksheet, table: str, rows: int, language: Language) -> None:
    for column, (name, _) in enumerate(HEADERS[table]):
        if name in _YES_NO:
            source = [YES[language == "zh"], NO[language == "zh"]]
        elif (table, name) in CHOICES:
            source = [choice(table, name, value, language) for value, _ in CHOICES[table, name]]
        else:
            continue
        sheet.data_validation(
            1, column, rows, column, {"validate": "list", "source": source, "error_type": "warning"}
        )


def _colour_rows(sheet: Worksheet, table: str, rows: int, looks: Looks, language: Language) -> None:
    last = len(HEADERS[table]) - 1
    for formula, look in _colours(table, looks, language):
        sheet.conditional_format(1, 0, rows, last, {"type": "formula", "criteria": formula, "format": look})


def _colours(table: str, looks: Looks, language: Language) -> list[tuple[str, Format]]:
    """Return what is coloured and how, as formulas for the first row below the header."""
    at = {name: f"${xl_col_to_name(column)}2" for column, (name, _) in enumerate(HEADERS[table])}

    def chosen(column: str, value: str) -> str:
        return f'{at[column]}="{choice(table, column, value, language)}"'

    if table == "Orders":
        waiting = f'=AND({chosen("Status", "Paid")},{at["Confirmed at"]}="")'
        return [(waiting, looks.amber), ("=" + chosen("Status", "Cancelled"), looks.grey)]
    if table == "Products":
        sold = f'{at["Active"]}="{YES[language == "zh"]}"'
        return [(f"=AND({sold},{at['On hand']}<={at['Reorder point']})", looks.red)]
    if table == "Tickets":
        return [(f"=OR({chosen('SLA', 'Overdue')},{chosen('SLA', 'Escalated')})", looks.red)]
    return []
