"""How is a typed value stored in a cell?

A day, moment or length needs a cell format that shows it as such. Without one in reach it is stored as
ISO text (`2026-03-05 22:30:00`), which readers understand: the file's formats are never added to.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from rowcall.ooxml.markup import escape_cell_text, storable
from rowcall.ooxml.styles import Shows
from rowcall.ooxml.text import length_text, number_text, serial_text
from rowcall.table import CellValue

LONGEST_TEXT = 32_767
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SURE_DAY = date(1900, 3, 1)
_DAY_S = 86_400

DATED = (Shows.DAY, Shows.MOMENT)
TIMED = (Shows.ELAPSED, Shows.TIME)


@dataclass(frozen=True, slots=True)
class Stored:
    """A value as a cell holds it: the attribute t ("" = number), the raw text, and what a reader delivers."""

    kind: str
    raw: str
    text: str

    def inner(self, prefix: bytes) -> bytes:
        """Return the XML between the tags of the cell."""
        if not self.raw:
            return b""
        if self.kind == "inlineStr":
            space = b' xml:space="preserve"' if self.raw != self.raw.strip() or "\n" in self.raw else b""
            return b"<%sis><%st%s>%s</%st></%sis>" % (
                prefix,
                prefix,
                space,
                escape_cell_text(self.raw),
                prefix,
                prefix,
            )
        return b"<%sv>%s</%sv>" % (prefix, self.raw.encode(), prefix)


EMPTY = Stored("", "", "")


class Unstorable(ValueError):
    """The value can't stand in a cell; the text says why."""


def wished_formats(value: CellValue) -> tuple[Shows, ...]:
    """Return the kinds of format that show a value as what it is, the best first; none for plain values."""
    if isinstance(value, datetime):
        return (Shows.MOMENT, Shows.DAY)
    if isinstance(value, date):
        return DATED
    return TIMED if isinstance(value, timedelta) else ()


def store(value: CellValue, shows: Shows, zone: ZoneInfo, *, since_1904: bool) -> Stored:
    """Return how the value is stored in a cell whose format shows that; raises Unstorable."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return Stored("b", str(int(value)), "TRUE" if value else "FALSE")
    if isinstance(value, str):
        return _store_text(value)
    if isinstance(value, datetime):
        return _store_moment(value.astimezone(zone).replace(tzinfo=None), shows, since_1904=since_1904)
    if isinstance(value, date):
        midnight = datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- a cell's wall clock
        if shows in DATED:
            return _store_moment(midnight, shows, since_1904=since_1904)
        return _store_text(value.isoformat())
    if isinstance(value, timedelta):
        return _store_length(value, shows, since_1904=since_1904)
    return _store_number(Decimal(str(value)), shows, since_1904=since_1904)


def _store_text(text: str) -> Stored:
    clean = storable(text)
    if len(clean) > LONGEST_TEXT:
        raise Unstorable(f"the text has {len(clean)} letters; a cell of Excel holds at most {LONGEST_TEXT}")
    return Stored("inlineStr", clean, clean) if clean else EMPTY


def _store_number(number: Decimal, shows: Shows, *, since_1904: bool) -> Stored:
    if not number.is_finite():
        raise Unstorable(f"{number} is no number that a cell can hold")
    raw = f"{number:f}" if abs(number.adjusted()) < LONGEST_TEXT else ""
    if not raw or abs(number) >= Decimal("1e308"):
        raise Unstorable("the number is too large for a cell")
    text = serial_text(float(raw), shows, since_1904=since_1904) if shows is not Shows.PLAIN else None
    return Stored("", raw, text or number_text(raw))


def _store_moment(moment: datetime, shows: Shows, *, since_1904: bool) -> Stored:
    first = _EPOCH_1904 if since_1904 else _FIRST_SURE_DAY
    if shows not in DATED or moment.date() < first:
        return _store_text(moment.isoformat(" ", "seconds"))
    days = (moment.date() - (_EPOCH_1904 if since_1904 else _EPOCH)).days
    seconds = timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second) // timedelta(
        seconds=1
    )
    raw = repr(days + seconds / _DAY_S) if seconds else str(days)
    return Stored("", raw, serial_text(float(raw), shows, since_1904=since_1904) or raw)


def _store_length(length: timedelta, shows: Shows, *, since_1904: bool) -> Stored:
    day = timedelta(days=1)
    if shows is Shows.ELAPSED or (shows is Shows.TIME and timedelta(0) <= length < day):
        raw = format(Decimal(repr(length / day)), "f")
        return Stored("", raw, serial_text(float(raw), shows, since_1904=since_1904) or raw)
    return _store_text(length_text(length))
