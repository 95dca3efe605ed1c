"""When does a schedule strike? Tables with hand-made labels, and two laws."""

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rowcall.calendar import CLOSED, Calendar, CalendarError, parse_hours
from rowcall.duration import Span, Unit
from rowcall.schedule import CronMistake, Schedule, labels, next_label, parse_cron

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
OPEN = parse_hours("09:00-18:00")
DESK = Calendar(
    "desk",
    BERLIN,
    (OPEN,) * 5 + (CLOSED,) * 2,
    {datetime(2026, 4, 3).date(): CLOSED, datetime(2026, 4, 1).date(): CLOSED},
)
NEVER = Calendar("never", BERLIN, (CLOSED,) * 7)
AT_9 = (time(9),)


def struck(schedule: Schedule, first: str, last: str, zone: ZoneInfo = BERLIN) -> list[str]:
    """Return the labels as the shop's clock shows them; first is left out, last belongs to it."""
    after, until = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (first, last))
    return [f"{one.astimezone(zone):%m-%d %H:%M}" for one in labels(schedule, after, until, zone, DESK)]


TABLE = [
    ("every-day", Schedule("", (time(5, 30),)), "2026-03-09 05:30", "2026-03-11 05:30", ["03-10 05:30", "03-11 05:30"]),
    ("weekdays", Schedule("", (time(8, 30), time(14)), frozenset(range(5))), "2026-03-06 10:00", "2026-03-09 12:00",
     ["03-06 14:00", "03-09 08:30"]),
    ("mondays-and-thursdays", Schedule("", AT_9, frozenset({0, 3})), "2026-03-09 09:00", "2026-03-16 09:00",
     ["03-12 09:00", "03-16 09:00"]),
    ("working-days-skip-holidays", Schedule("", AT_9, working=True), "2026-04-01 00:00", "2026-04-06 23:00",
     ["04-02 09:00", "04-06 09:00"]),
    ("first-of-month", Schedule("", AT_9, first=1, of="month"), "2026-01-15 00:00", "2026-03-01 09:00",
     ["02-01 09:00", "03-01 09:00"]),
    ("15th", Schedule("", AT_9, first=15, of="month"), "2026-01-15 08:59", "2026-02-28 09:00",
     ["01-15 09:00", "02-15 09:00"]),
    ("first-working-day-of-month", Schedule("", AT_9, working=True, first=1, of="month"), "2026-02-10 00:00",
     "2026-04-30 00:00", ["03-02 09:00", "04-02 09:00"]),
    ("last-working-day-of-month", Schedule("", (time(18),), working=True, last=1, of="month"), "2026-01-01 00:00",
     "2026-03-31 18:00", ["01-30 18:00", "02-27 18:00", "03-31 18:00"]),
    ("last-day-of-month", Schedule("", AT_9, last=1, of="month"), "2026-01-31 10:00", "2026-04-01 00:00",
     ["02-28 09:00", "03-31 09:00"]),
    ("first-of-quarter", Schedule("", AT_9, first=1, of="quarter"), "2026-01-01 09:00", "2026-07-01 09:00",
     ["04-01 09:00", "07-01 09:00"]),
    ("first-working-day-of-quarter", Schedule("", AT_9, working=True, first=1, of="quarter"), "2026-01-05 00:00",
     "2026-06-30 00:00", ["04-02 09:00"]),
    ("last-of-year", Schedule("", AT_9, last=1, of="year"), "2026-01-01 00:00", "2027-01-01 00:00", ["12-31 09:00"]),
    ("first-monday-of-month", Schedule("", AT_9, frozenset({0}), first=1, of="month"), "2026-03-01 00:00",
     "2026-05-01 00:00", ["03-02 09:00", "04-06 09:00"]),
    ("30-minutes", Schedule("", every=Span(30, Unit.MINUTE)), "2026-03-09 23:20", "2026-03-10 00:30",
     ["03-09 23:30", "03-10 00:00", "03-10 00:30"]),
    ("7-hours-begin-anew-at-midnight", Schedule("", every=Span(7, Unit.HOUR)), "2026-03-09 13:00", "2026-03-10 07:00",
     ["03-09 14:00", "03-09 21:00", "03-10 00:00", "03-10 07:00"]),
    ("cron", Schedule("", cron="*/30 9-10 * * mon-fri"), "2026-03-06 10:00", "2026-03-09 09:30",
     ["03-06 10:30", "03-09 09:00", "03-09 09:30"]),
    ("cron-day-or-weekday", Schedule("", cron="0 9 13 * 5"), "2026-03-01 00:00", "2026-03-13 09:00",
     ["03-06 09:00", "03-13 09:00"]),
    ("cron-sunday-is-0-and-7", Schedule("", cron="0 9 * * 7"), "2026-03-01 09:00", "2026-03-08 09:00", ["03-08 09:00"]),
    # 29 March 2026: 02:00 becomes 03:00; 25 October: 03:00 becomes 02:00.
    ("skipped-time", Schedule("", (time(2, 30),)), "2026-03-28 02:30", "2026-03-30 02:30",
     ["03-29 03:00", "03-30 02:30"]),
    ("skipped-and-real-time-strike-once", Schedule("", (time(2, 30), time(3))), "2026-03-29 00:00", "2026-03-29 12:00",
     ["03-29 03:00"]),
    ("doubled-time", Schedule("", (time(2, 30),)), "2026-10-24 02:30", "2026-10-25 23:00", ["10-25 02:30"]),
    ("cron-doubled-time", Schedule("", cron="30 2 * * *"), "2026-10-24 02:30", "2026-10-25 23:00", ["10-25 02:30"]),
    ("2-hours-stay-even", Schedule("", every=Span(2, Unit.HOUR)), "2026-10-25 00:00", "2026-10-25 06:00",
     ["10-25 02:00", "10-25 04:00", "10-25 06:00"]),
    ("2-hours-skipped", Schedule("", every=Span(2, Unit.HOUR)), "2026-03-29 00:00", "2026-03-29 04:00",
     ["03-29 03:00", "03-29 04:00"]),
    ("30-minutes-leave-no-hour-out", Schedule("", every=Span(30, Unit.MINUTE)), "2026-10-25 01:30", "2026-10-25 03:00",
     ["10-25 02:00", "10-25 02:30", "10-25 02:00", "10-25 02:30", "10-25 03:00"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "first", "last", "expected"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE]
)
def test_labels(schedule: Schedule, first: str, last: str, expected: list[str]) -> None:
    assert struck(schedule, first, last) == expected


def test_after_is_left_out_and_until_belongs_to_it() -> None:
    daily = Schedule("", AT_9)
    assert struck(daily, "2026-03-09 09:00", "2026-03-09 09:00") == []
    assert struck(daily, "2026-03-09 08:59", "2026-03-09 09:00") == ["03-09 09:00"]
    assert struck(daily, "2026-03-10 09:00", "2026-03-09 09:00") == []


def test_labels_are_utc() -> None:
    (label,) = labels(
        Schedule("", AT_9),
        datetime(2026, 3, 8, 12, tzinfo=UTC),
        datetime(2026, 3, 9, 12, tzinfo=UTC),
        SHANGHAI,
    )
    assert label == datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert label.tzinfo is UTC


def test_next_label_is_the_nearest_of_several() -> None:
    after = datetime(2026, 3, 9, 8, tzinfo=UTC)  # a Monday, 09:00 in Berlin
    week, leap = Schedule("", AT_9, frozenset({0})), Schedule("", cron="0 9 29 2 *")
    assert next_label((week, leap), after, BERLIN) == datetime(2026, 3, 16, 8, tzinfo=UTC)
    assert next_label((leap,), after, BERLIN) == datetime(2028, 2, 29, 8, tzinfo=UTC)


@pytest.mark.parametrize("calendar", [None, NEVER], ids=["no-calendar", "no-working-time"])
@pytest.mark.parametrize("of", ["", "month"], ids=["daily", "monthly"])
def test_working_days_without_working_time_are_an_error(calendar: Calendar | None, of: str) -> None:
    schedule = Schedule("working days at 09:00", AT_9, working=True, first=1 if of else 0, of=of)
    after = datetime(2026, 3, 9, tzinfo=UTC)
    with pytest.raises(CalendarError, match=r"working days at 09:00|`never` has no working time"):
        list(labels(schedule, after, after + timedelta(hours=1), BERLIN, calendar))
    with pytest.raises(CalendarError):
        next_label((schedule,), after, BERLIN, calendar)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("30 8 * *", "has 4 fields"),
        ("60 8 * * *", "`60` is no minute; it goes from 0 to 59"),
        ("0 8 30 2 *", "never strikes"),
        ("0 8 * * 5-1", "`5-1` is no day of the week"),
        ("0 8 * foo *", "`foo` is no month"),
        ("*/0 8 * * *", "`*/0` is no minute"),
        ("0 8, * * *", "`` is no hour"),
    ],
)
def test_cron_mistakes(text: str, what: str) -> None:
    with pytest.raises(CronMistake) as found:
        parse_cron(text)
    assert what in found.value.what


clocks = some.times().map(lambda clock: clock.replace(second=0, microsecond=0))
moments = some.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 1)).map(lambda one: one.replace(tzinfo=UTC))
weekdays = some.frozensets(some.integers(0, 6), min_size=1)
schedules = some.one_of(
    some.builds(
        lambda times, days, place, working: Schedule("some days", tuple(times), days, working, *place),
        some.lists(clocks, min_size=1, max_size=3),
        weekdays,
        some.sampled_from([(0, 0, ""), (1, 0, "month"), (15, 0, "month"), (0, 1, "quarter"), (2, 0, "year")]),
        some.booleans(),
    ),
    some.builds(
        lambda count, unit: Schedule("every", every=Span(count, unit)),
        some.integers(1, 23),
        some.sampled_from([Unit.MINUTE, Unit.HOUR]),
    ),
    some.sampled_from(["*/7 1-3 * * *", "0 0 1 * 1", "30 2 * * *"]).map(
        lambda text: Schedule(text, cron=text)
    ),
)
zones = some.sampled_from(
    ["Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "America/Asuncion", "Asia/Shanghai"]
).map(ZoneInfo)


@settings(max_examples=100, deadline=None)
@given(schedules, moments, some.integers(0, 40 * 24 * 60), some.integers(0, 40 * 24 * 60), zones)
def test_labels_rise_and_can_be_split_anywhere(
    schedule: Schedule, start: datetime, one: int, other: int, zone: ZoneInfo
) -> None:
    middle, end = start + timedelta(minutes=one), start + timedelta(minutes=one + other)
    calendar = Calendar("any", zone, DESK.weekly)
    whole = list(labels(schedule, start, end, zone, calendar))
    assert all(first < second for first, second in itertools.pairwise(whole))
    parts = [*labels(schedule, start, middle, zone, calendar), *labels(schedule, middle, end, zone, calendar)]
    assert parts == whole
    assert all(start < label <= end for label in whole)
    if whole:
        assert next_label((schedule,), start, zone, calendar) == whole[0]


@settings(max_examples=25, deadline=None)
@given(some.lists(clocks, min_size=1, max_size=3), weekdays, moments, zones)
def test_labels_are_what_a_clock_on_the_wall_says(
    times: list[time], days: frozenset[int], start: datetime, zone: ZoneInfo
) -> None:
    """Step through every minute: a time strikes when the wall first shows it, or has jumped over it."""
    start = start.replace(minute=0, second=0, microsecond=0)
    end = start + timedelta(days=2)
    found: set[datetime] = set()
    seen = (start - timedelta(days=1)).astimezone(zone).replace(tzinfo=None)
    moment = start - timedelta(days=1)
    while moment < end:
        moment += timedelta(minutes=1)
        wall = moment.astimezone(zone).replace(tzinfo=None)
        if wall > seen:
            passed = [
                seen + timedelta(minutes=step)
                for step in range(1, int((wall - seen).total_seconds()) // 60 + 1)
            ]
            if any(one.time() in times and one.weekday() in days for one in passed) and moment > start:
                found.add(moment)
            seen = wall
    assert list(labels(Schedule("", tuple(times), days), start, end, zone)) == sorted(found)
