"""How is a list written as an Excel file?

Every cell is written by its type: a text stays a text, whatever it begins with, so no cell becomes a formula.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rowcall.table import CellValue, Kind
from rowcall.template.plain import width
from rowcall.template.tables import ListColumn, ListTable

_LONGEST = 32_767
"""Excel's longest text in a cell."""
_DIGITS = 15
"""Excel keeps so many digits of a number; a longer one stays a text."""
_FIRST_DAY = date(1900, 3, 1)
"""Before this day Excel's calendar is wrong by one: such dates stay texts."""
_BADLY_NAMED = re.compile(r"[\[\]:*?/\\]")
_NUMBERS = {Kind.MONEY: "#,##0.00", Kind.PERCENT: "0.0%", Kind.NUMBER: "General"}
_WIDEST, _NARROWEST = 60, 8
_YES_NO = {"en": ("yes", "no"), "zh": ("是", "否")}


def xlsx_bytes(table: ListTable, title: str, *, zone: ZoneInfo, language: str, made_at: datetime) -> bytes:
    """Return the list as an Excel file with one sheet; moments stand in the shop's zone."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"created": made_at.astimezone(zone).replace(tzinfo=None)})
    sheet = book.add_worksheet(_sheet_name(title))
    bold = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name[:_LONGEST], bold)
    writer = _Writer(book, sheet, zone, language)
    for number, row in enumerate(table.rows, 1):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            writer.write(number, place, value, column)
    for place in range(len(table.columns)):
        sheet.set_column(place, place, _width(table, place))
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    book.close()
    return target.getvalue()


class _Writer:
    """Writes single cells, each number format made once."""

    def __init__(self, book: Workbook, sheet: Worksheet, zone: ZoneInfo, language: str) -> None:
        self._book, self._sheet, self._zone = book, sheet, zone
        self._yes_no = _YES_NO["zh" if language.startswith("zh") else "en"]
        self._formats: dict[str, Format] = {}

    def write(self, row: int, place: int, value: CellValue, column: ListColumn) -> None:
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self._text(row, place, self._yes_no[0 if value else 1])
        elif isinstance(value, Decimal | int | float):
            self._number(row, place, Decimal(str(value)), column)
        elif isinstance(value, datetime):
            local = value.astimezone(self._zone).replace(tzinfo=None)
            self._day(row, place, local, "yyyy-mm-dd hh:mm")
        elif isinstance(value, date):
            self._day(row, place, value, "yyyy-mm-dd")
        elif isinstance(value, timedelta):
            self._sheet.write_number(row, place, value / timedelta(days=1), self._format("[h]:mm"))
        else:
            self._text(row, place, value)

    def _number(self, row: int, place: int, value: Decimal, column: ListColumn) -> None:
        if not value.is_finite() or len(value.normalize().as_tuple().digits) > _DIGITS:
            self._text(row, place, str(value))
            return
        kind = Kind(column.show_as) if column.show_as in ("money", "percent") else column.kind
        self._sheet.write_number(row, place, float(value), self._format(_NUMBERS.get(kind, "General")))

    def _day(self, row: int, place: int, value: date, shape: str) -> None:
        day = value.date() if isinstance(value, datetime) else value
        if day < _FIRST_DAY:
            self._text(row, place, value.isoformat(" ") if isinstance(value, datetime) else value.isoformat())
            return
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a day has no zone
        self._sheet.write_datetime(row, place, moment, self._format(shape))

    def _text(self, row: int, place: int, text: str) -> None:
        cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        self._sheet.write_string(row, place, cut)

    def _format(self, shape: str) -> Format:
        if shape not in self._formats:
            self._formats[shape] = self._book.add_format({"num_format": shape})
        return self._formats[shape]


def _sheet_name(title: str) -> str:
    """Return a name that Excel takes: 31 characters, none of those it refuses, no apostrophe at an end."""
    name = _BADLY_NAMED.sub(" ", title).strip(" '")[:31].strip(" '")
    return name if name and name.lower() != "history" else "List"


def _width(table: ListTable, place: int) -> int:
    texts = [table.columns[place].name, *(_shown(row[place]) for row in table.rows[:200])]
    return max(_NARROWEST, min(_WIDEST, max(map(width, texts)) + 2))


def _shown(value: CellValue) -> str:
    if isinstance(value, datetime):
        return "2026-03-09 14:00"
    return "" if value is None else str(value).split("\n", maxsplit=1)[0]
