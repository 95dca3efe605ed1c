"""How is a list written as a CSV file that spreadsheet programs open without harm?"""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

from rowcall.table import CellValue
from rowcall.template.tables import ListTable

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YES_NO = {"en": ("yes", "no"), "zh": ("是", "否")}


def csv_bytes(table: ListTable, *, zone: ZoneInfo, language: str) -> bytes:
    """Return the list as CSV: UTF-8 with a byte-order mark, days as 2026-03-05, amounts with a point.

    A text that a spreadsheet program would take for a formula gets an apostrophe before it.
    """
    target = StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow([_harmless(column.name) for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(value, zone, language) for value in row])
    return target.getvalue().encode("utf-8-sig")


def _cell(value: CellValue, zone: ZoneInfo, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    if isinstance(value, bool):
        return _YES_NO["zh" if language.startswith("zh") else "en"][0 if value else 1]
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    return f"{Decimal(str(value)):f}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_FORMULA) else text


def _hours(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"
