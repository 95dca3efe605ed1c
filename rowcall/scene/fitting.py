"""How does a value become what a column of a kind holds, and how is a date or moment shifted?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from rowcall import calendar
from rowcall.calendar import Calendar, CalendarError
from rowcall.duration import Span, Unit, add, add_to_date, resolve_local
from rowcall.language.condition import Moment
from rowcall.language.value import Value
from rowcall.table import CellValue, Column, Kind

NOW, TODAY = "now", "today"
Say = Callable[[str, str, str, str], tuple[CellValue, str]]
"""Table, column, `now` or `today`, the text in the cell → the value that this is, and its text."""

_CENT = Decimal("0.01")
_DIGITS = 15


def shift(
    base: date, span: Span, zone: ZoneInfo, *, back: bool = False, hours: Calendar | None = None
) -> date:
    """Return a date or moment shifted; a day shifted by hours becomes a moment.

    hours: the calendar of a span of working time. Raises CalendarError.
    """
    times = -1 if back else 1
    if span.working:
        return _shift_working(base, span, zone, times, hours)
    if isinstance(base, datetime):
        return add(base, span, zone, times)
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        return add(_midnight(base, zone), span, zone, times)
    return add_to_date(base, span, times)


def fit(value: CellValue, column: Column, zone: ZoneInfo) -> CellValue:
    """Return the value as a column of that kind holds it: a day for a date column, midnight for a datetime one."""
    if column.kind is Kind.DATE and isinstance(value, datetime):
        return value.astimezone(zone).date()
    if column.kind is Kind.DATETIME and isinstance(value, date) and not isinstance(value, datetime):
        return _midnight(value, zone).astimezone(UTC)
    if column.kind is Kind.MONEY and isinstance(value, Decimal):
        return value.quantize(_CENT, rounding=ROUND_HALF_UP)
    return value


def clock_word(value: Value) -> str:
    """Return `now` or `today` if a value is the moment itself, "" for every other value."""
    if not isinstance(value, Moment) or value.days:
        return ""
    return NOW if value.now else TODAY


def total(one: CellValue, other: CellValue) -> CellValue:
    """Return two amounts added up, an empty one counting as nothing; None when they don't go together."""
    if isinstance(other, timedelta) and (one is None or isinstance(one, timedelta)):
        return (one or timedelta(0)) + other
    if isinstance(other, Decimal) and (one is None or isinstance(one, Decimal)):
        return Decimal(f"{(one or Decimal(0)) + other:.{_DIGITS}g}")
    return None


def negative(amount: CellValue) -> CellValue:
    """Return an amount with its sign turned; None when it has none."""
    return -amount if isinstance(amount, Decimal | timedelta) else None


def _shift_working(base: date, span: Span, zone: ZoneInfo, times: int, hours: Calendar | None) -> date:
    if hours is None:
        raise CalendarError(f"`{span}` needs working hours, and there are none.")
    if isinstance(base, datetime):
        return calendar.add(hours, base, span, times)
    if span.unit is Unit.DAY:
        return calendar.day_after(hours, base, span.count * times)
    return calendar.add(hours, _midnight(base, zone), span, times)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return resolve_local(datetime.combine(day, time.min), zone)
