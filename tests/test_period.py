"""Which days does a period name? Every row by hand, with the years' edges."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rowcall.duration import Unit
from rowcall.period import QUARTER, Period, before_of, bounds, label_of, last_year_of

BERLIN = ZoneInfo("Europe/Berlin")
TODAY, YESTERDAY = Period("today", Unit.DAY, back=0), Period("yesterday", Unit.DAY)
THIS_WEEK, LAST_WEEK = Period("this week", Unit.WEEK, back=0), Period("last week", Unit.WEEK)
THIS_MONTH, LAST_MONTH = Period("this month", Unit.MONTH, back=0), Period("last month", Unit.MONTH)
LAST_QUARTER = Period("last quarter", Unit.MONTH, QUARTER)
DAYS_30 = Period("last 30 days", Unit.DAY, 30, rolling=True)
MONTHS_3 = Period("last 3 months", Unit.MONTH, 3, rolling=True)

TABLE = [
    ("today", TODAY, "2026-03-09", "2026-03-09", "2026-03-09", "2026-03-09"),
    ("yesterday", YESTERDAY, "2026-03-01", "2026-02-28", "2026-02-28", "2026-02-28"),
    ("this-week-so-far", THIS_WEEK, "2026-03-11", "2026-03-09", "2026-03-11", "2026-W11"),
    ("last-week-on-monday", LAST_WEEK, "2026-03-09", "2026-03-02", "2026-03-08", "2026-W10"),
    ("last-week-on-sunday", LAST_WEEK, "2026-03-08", "2026-02-23", "2026-03-01", "2026-W09"),
    ("week-53-begins-in-the-old-year", LAST_WEEK, "2027-01-04", "2026-12-28", "2027-01-03", "2026-W53"),
    ("week-1-begins-in-the-old-year", THIS_WEEK, "2026-01-01", "2025-12-29", "2026-01-01", "2026-W01"),
    ("week-52-ends-in-the-new-year", LAST_WEEK, "2023-01-02", "2022-12-26", "2023-01-01", "2022-W52"),
    ("this-month", THIS_MONTH, "2026-03-09", "2026-03-01", "2026-03-09", "2026-03"),
    ("last-month-of-the-year", LAST_MONTH, "2026-01-31", "2025-12-01", "2025-12-31", "2025-12"),
    ("this-quarter", Period("", Unit.MONTH, QUARTER, 0), "2026-05-05", "2026-04-01", "2026-05-05", "2026-Q2"),
    ("last-quarter", LAST_QUARTER, "2026-01-05", "2025-10-01", "2025-12-31", "2025-Q4"),
    ("this-year", Period("", Unit.YEAR, back=0), "2026-03-09", "2026-01-01", "2026-03-09", "2026"),
    ("last-year", Period("", Unit.YEAR), "2026-03-09", "2025-01-01", "2025-12-31", "2025"),
    ("30-days", DAYS_30, "2026-03-31", "2026-03-01", "2026-03-30", "2026-03-01 to 2026-03-30"),
    ("1-day", Period("", Unit.DAY, 1, rolling=True), "2026-03-31", "2026-03-30", "2026-03-30", "2026-03-30"),
    ("2-weeks", Period("", Unit.WEEK, 2, rolling=True), "2026-03-11", "2026-02-25", "2026-03-10",
     "2026-02-25 to 2026-03-10"),
    ("3-months", MONTHS_3, "2026-03-11", "2025-12-11", "2026-03-10", "2025-12-11 to 2026-03-10"),
    ("30-days-before", before_of(DAYS_30, ""), "2026-03-31", "2026-01-30", "2026-02-28", "2026-01-30 to 2026-02-28"),
    ("3-months-before", before_of(MONTHS_3, ""), "2026-03-11", "2025-09-11", "2025-12-10", "2025-09-11 to 2025-12-10"),
    ("week-before", before_of(LAST_WEEK, ""), "2026-03-09", "2026-02-23", "2026-03-01", "2026-W09"),
    ("week-before-this", before_of(THIS_WEEK, ""), "2026-03-11", "2026-03-02", "2026-03-08", "2026-W10"),
    ("month-before", before_of(LAST_MONTH, ""), "2026-03-09", "2026-01-01", "2026-01-31", "2026-01"),
    ("day-before", before_of(YESTERDAY, ""), "2026-03-09", "2026-03-07", "2026-03-07", "2026-03-07"),
    ("same-week", last_year_of(LAST_WEEK, ""), "2026-03-09", "2025-03-03", "2025-03-09", "2025-W10"),
    ("same-week-without-a-53rd", last_year_of(LAST_WEEK, ""), "2027-01-04", "2025-12-22", "2025-12-28", "2025-W52"),
    ("same-month", last_year_of(LAST_MONTH, ""), "2025-03-09", "2024-02-01", "2024-02-29", "2024-02"),
    ("same-month-is-whole", last_year_of(THIS_MONTH, ""), "2026-03-09", "2025-03-01", "2025-03-31", "2025-03"),
    ("same-quarter", last_year_of(LAST_QUARTER, ""), "2026-01-05", "2024-10-01", "2024-12-31", "2024-Q4"),
    ("same-day-of-a-leap-year", last_year_of(TODAY, ""), "2024-02-29", "2023-02-28", "2023-02-28", "2023-02-28"),
    ("same-days", last_year_of(DAYS_30, ""), "2026-03-31", "2025-03-01", "2025-03-30", "2025-03-01 to 2025-03-30"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "day", "first", "last", "label"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_bounds_and_label(period: Period, day: str, first: str, last: str, label: str) -> None:
    now = datetime.fromisoformat(f"{day}T07:45").replace(tzinfo=BERLIN)
    assert bounds(period, now, BERLIN) == (date.fromisoformat(first), date.fromisoformat(last))
    assert label_of(period, now, BERLIN) == label


def test_today_is_the_shops() -> None:
    late = datetime(2026, 3, 8, 23, 30, tzinfo=UTC)  # 9 March in Berlin
    assert label_of(TODAY, late, BERLIN) == "2026-03-09"
    assert label_of(LAST_WEEK, late, BERLIN) == "2026-W10"
    assert label_of(LAST_WEEK, late, ZoneInfo("UTC")) == "2026-W09"


periods = some.sampled_from(
    [YESTERDAY, LAST_WEEK, LAST_MONTH, LAST_QUARTER, Period("", Unit.YEAR), DAYS_30, MONTHS_3]
)
days = some.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(lambda one: one.replace(tzinfo=BERLIN))


@given(periods, days)
def test_the_one_before_ends_where_the_period_begins(period: Period, now: datetime) -> None:
    first, last = bounds(period, now, BERLIN)
    _, end = bounds(before_of(period, ""), now, BERLIN)
    assert first <= last < now.date()
    assert end == first - timedelta(days=1)


@given(some.sampled_from([TODAY, THIS_WEEK, THIS_MONTH]), days)
def test_a_period_so_far_ends_today(period: Period, now: datetime) -> None:
    first, last = bounds(period, now, BERLIN)
    assert first <= last == now.date()
