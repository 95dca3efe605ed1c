"""Which stretch of days does a period name: last week, last 30 days, same week last year?

Weeks are those of ISO 8601: Monday is their first day, and the week that holds 4 January is the year's first.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rowcall.duration import Span, Unit, add_to_date

QUARTER = 3
"""The months of a quarter: a calendar period of so many months."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole days, counted from a moment (a schedule's label). text: its one English spelling.

    unit, count: how long (`last 30 days` = 30 days; a quarter is 3 months of the calendar). back: how many such
    stretches before the one that holds today (0 = that one, up to today). rolling: the last `count` units up to
    yesterday (back = 1), not calendar ones. year_back: the same stretch so many years earlier.
    """

    text: str
    unit: Unit
    count: int = 1
    back: int = 1
    rolling: bool = False
    year_back: int = 0


def bounds(period: Period, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day of a period, seen from an aware moment; both belong to it."""
    today = now.astimezone(zone).date()
    if period.rolling:
        last = _years_back(today, period.year_back) - _DAY
        span = Span(period.count, period.unit)
        end = add_to_date(last + _DAY, span, 1 - period.back)
        return add_to_date(last + _DAY, span, -period.back), end - _DAY
    first, last = _stretch(period, today)
    return first, min(last, today) if period.back == 0 and not period.year_back else last


def label_of(period: Period, now: datetime, zone: ZoneInfo) -> str:
    """Return a period's short name: `2026-W10`, `2026-03`, `2026-03-09`, `2026-Q1`, `2026`, or its days."""
    first, last = bounds(period, now, zone)
    if period.rolling:
        return f"{first}" if first == last else f"{first} to {last}"
    match period.unit:
        case Unit.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02}"
        case Unit.MONTH if period.count == QUARTER:
            return f"{first.year}-Q{first.month // QUARTER + 1}"
        case Unit.MONTH:
            return f"{first:%Y-%m}"
        case Unit.YEAR:
            return f"{first:%Y}"
        case _:
            return f"{first}"


def before_of(period: Period, text: str) -> Period:
    """Return the stretch of the same length that ends where a period begins, under a name of its own."""
    return Period(text, period.unit, period.count, period.back + 1, period.rolling, period.year_back)


def last_year_of(period: Period, text: str) -> Period:
    """Return the same stretch a year earlier, under a name of its own."""
    return Period(text, period.unit, period.count, period.back, period.rolling, period.year_back + 1)


def _stretch(period: Period, today: date) -> tuple[date, date]:
    """Return the whole calendar stretch, also where today lies within it."""
    match period.unit:
        case Unit.WEEK:
            monday = today - _DAY * today.weekday() - timedelta(weeks=period.back)
            monday = _same_week(monday, period.year_back)
            return monday, monday + _DAY * 6
        case Unit.MONTH | Unit.YEAR:
            months = period.count * (12 if period.unit is Unit.YEAR else 1)
            number = (today.year * 12 + today.month - 1) // months * months - months * period.back
            number -= 12 * period.year_back
            return _month(number), _month(number + months) - _DAY
        case _:
            day = _years_back(today - _DAY * period.back, period.year_back)
            return day, day


def _month(number: int) -> date:
    year, month = divmod(number, 12)
    return date(year, month + 1, 1)


def _same_week(monday: date, years: int) -> date:
    """Return the Monday of the week with the same number so many years before; week 53 may be the last, 52."""
    if not years:
        return monday
    year, week, _ = monday.isocalendar()
    last = date(year - years, 12, 28).isocalendar().week  # 28 December is always in the last week
    return date.fromisocalendar(year - years, min(week, last), 1)


def _years_back(day: date, years: int) -> date:
    return add_to_date(day, Span(1, Unit.YEAR), -years) if years else day
