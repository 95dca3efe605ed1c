"""Which text does a reader deliver for a cell, whatever way the file stores it?

Numbers have the 15 digits that a spreadsheet shows and at most nine decimals (all digits below 0.0001),
whole numbers all of theirs; never an exponent. Days are
`2026-03-05`, moments `2026-03-05 22:30:00` (whole seconds), times of day `22:30:00`, lengths `36:00:00`.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from rowcall.ooxml.markup import unescape_cell_text
from rowcall.ooxml.sheet import Cell
from rowcall.ooxml.strings import SharedStrings, text_of
from rowcall.ooxml.styles import Shows, Styles
from rowcall.table import STALE

_WHOLE = re.compile(r"-?[0-9]+")
_DAY_MS = 86_400_000
_LONGEST_PLAIN = 30
_SMALL, _NINE_ARE_EXACT = 1e-4, 1e6
_LARGEST_ROUNDED = 1e15
_FAKE_LEAP_DAY = 60
_EPOCH, _EPOCH_BEFORE, _EPOCH_1904 = date(1899, 12, 30), date(1899, 12, 31), date(1904, 1, 1)
_LAST_SERIAL, _SINCE_1904 = 2_958_466, 1462


@dataclass(frozen=True, slots=True)
class CellReader:
    """Turns cells into texts with what the workbook says beside the sheet."""

    strings: SharedStrings
    styles: Styles
    since_1904: bool
    prefix: bytes = b""

    def text(self, cell: Cell) -> str:
        """Return the cell's text, "" for an empty one."""
        if cell.has_formula and cell.value is None:
            return STALE
        if cell.kind == "inlineStr":
            return text_of(cell.content, self.prefix)
        return self.plain_text(cell.value, cell.kind, cell.style) if cell.value else ""

    def plain_text(self, value: str, kind: str, style: int) -> str:
        """Return the text of a cell that has nothing but a value."""
        if kind == "n":
            return self._number(value.strip(), self.styles[style].shows)
        if kind == "s":
            return self.strings[int(value)]
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "str":
            return unescape_cell_text(value.encode()) if "_x" in value else value
        return value.replace("T", " ") if kind == "d" else value

    def _number(self, raw: str, shows: Shows) -> str:
        if shows is Shows.PLAIN:
            return number_text(raw)
        try:
            serial = float(raw)
        except ValueError:
            return raw
        return serial_text(serial, shows, since_1904=self.since_1904) or number_text(raw)


def number_text(raw: str) -> str:
    """Return the text of a number as the file stores it."""
    if _WHOLE.fullmatch(raw):
        digits = raw.lstrip("-").lstrip("0") or "0"
        return f"-{digits}" if raw.startswith("-") and digits != "0" else digits
    try:
        number = float(raw)
    except ValueError:
        return raw
    if not math.isfinite(number):
        return raw
    if _SMALL <= abs(number) < _NINE_ARE_EXACT:
        return f"{number:.9f}".rstrip("0").rstrip(".")
    short = Decimal(f"{number:.15g}")
    if abs(short.adjusted()) > _LONGEST_PLAIN:
        return str(short) if short else "0"
    if _SMALL <= abs(number) < _LARGEST_ROUNDED:
        short = round(short, 9)
    plain = f"{short:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def serial_text(serial: float, shows: Shows, *, since_1904: bool) -> str | None:
    """Return the text of a serial date, time or length; None when it is out of the calendar."""
    if not abs(serial) < _LAST_SERIAL:  # also what is no number
        return None
    ms = round(serial * _DAY_MS)
    if shows is Shows.ELAPSED:
        return length_text(timedelta(milliseconds=ms))
    if not 0 <= serial < _LAST_SERIAL - (_SINCE_1904 if since_1904 else 0):
        return None
    if serial < 1:
        return length_text(timedelta(milliseconds=ms)).rjust(8, "0")
    first = _EPOCH_1904 if since_1904 else _EPOCH if serial >= _FAKE_LEAP_DAY else _EPOCH_BEFORE
    moment = datetime.combine(first, time()) + timedelta(milliseconds=ms)
    if shows is Shows.DAY and ms % _DAY_MS == 0:
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds")


def length_text(length: timedelta) -> str:
    """Return a length of time as `36:00:00`."""
    seconds = abs(length) // timedelta(seconds=1)
    sign = "-" if length < timedelta(0) and seconds else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
