"""Working time: `add` and `elapsed` are two sides of one function, over holidays, make-up days and changes of the clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcall.calendar import (
    CLOSED,
    Calendar,
    CalendarError,
    Country,
    DateRow,
    Hours,
    HoursMistake,
    Stretch,
    UnknownCountry,
    add,
    add_time,
    day_after,
    elapsed,
    elapsed_days,
    find_country,
    format_hours,
    is_working,
    is_working_day,
    next_working,
    parse_hours,
    parse_weekdays,
    unknown_years,
    warn_of_unknown_years,
    with_rows,
    working_days_between,
)
from rowcall.duration import Span, Unit, parse_span
from rowcall.errors import Place, Severity

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def week(hours: str, *, days: int = 5) -> tuple[Hours, ...]:
    return (parse_hours(hours),) * days + (CLOSED,) * (7 - days)


DESK = Calendar("support desk", BERLIN, week("09:00-12:30, 13:30-18:00"))
OFFICE = Calendar("office", BERLIN, week("09:00-18:00"))
CHINA = Calendar("office", SHANGHAI, week("09:00-18:00"), country=Country("CN"))


def at(text: str, zone: ZoneInfo = BERLIN, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def span(text: str) -> Span:
    found = parse_span(text)
    assert found is not None
    assert found.working
    return found


def local(moment: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


# DOMAIN 4.4: start, hours, due with make-up days, due with holidays alone, due with weekdays alone.
SLA = [
    ("2026-02-13 17:00", 4, "2026-02-14 12:00", "2026-02-24 12:00", "2026-02-16 12:00"),
    ("2026-02-14 10:00", 2, "2026-02-14 12:00", "2026-02-24 11:00", "2026-02-16 11:00"),
    ("2026-10-10 08:00", 2, "2026-10-10 11:00", "2026-10-12 11:00", "2026-10-12 11:00"),
    ("2026-01-01 10:00", 2, "2026-01-04 11:00", "2026-01-05 11:00", "2026-01-01 12:00"),
    ("2026-11-11 00:05", 1, "2026-11-11 10:00", "2026-11-11 10:00", "2026-11-11 10:00"),
]


@pytest.mark.parametrize(("start", "hours", "due", "holidays_only", "weekdays_only"), SLA)
def test_promised_times_in_china(
    start: str, hours: int, due: str, holidays_only: str, weekdays_only: str
) -> None:
    year = Country("CN").year(2026)
    no_make_up = Calendar("x", SHANGHAI, CHINA.weekly, dict.fromkeys(year.closed, CLOSED))
    plain = Calendar("x", SHANGHAI, CHINA.weekly)
    begin, wanted = at(start, SHANGHAI), (due, holidays_only, weekdays_only)
    promise = Span(hours, Unit.HOUR, working=True)
    found = tuple(local(add(calendar, begin, promise), SHANGHAI) for calendar in (CHINA, no_make_up, plain))
    assert found == wanted


def test_make_up_days_of_china_2026() -> None:
    year = Country("CN").year(2026)
    assert sorted(day.strftime("%m-%d") for day in year.working) == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip
    assert year.known


HOURS_TABLE = [
    ("within a day", "2026-03-02 10:00", "2 working hours", "2026-03-02 12:00"),
    ("to the end of a stretch", "2026-03-02 10:30", "2 working hours", "2026-03-02 12:30"),
    ("over the break", "2026-03-02 12:00", "1 working hours", "2026-03-02 14:00"),
    ("begun in the break", "2026-03-02 13:00", "30 working minutes", "2026-03-02 14:00"),
    ("to the end of the day", "2026-03-02 09:00", "8 working hours", "2026-03-02 18:00"),
    ("one minute more", "2026-03-02 09:00", "481 working minutes", "2026-03-03 09:01"),
    ("over the weekend", "2026-03-06 17:00", "2 working hours", "2026-03-09 10:00"),
    ("begun on Sunday", "2026-03-08 11:00", "1 working hours", "2026-03-09 10:00"),
    ("nothing, while working", "2026-03-02 10:07", "0 working hours", "2026-03-02 10:07"),
    ("nothing, at night", "2026-03-02 23:00", "0 working minutes", "2026-03-03 09:00"),
]


@pytest.mark.parametrize(
    ("start", "length", "due"), [row[1:] for row in HOURS_TABLE], ids=[row[0] for row in HOURS_TABLE]
)
def test_hours(start: str, length: str, due: str) -> None:
    assert local(add(DESK, at(start), span(length))) == due


DAYS_TABLE = [
    ("same time of day", "2026-03-06 17:00", 2, "2026-03-10 17:00"),
    ("before opening", "2026-03-06 07:00", 1, "2026-03-09 09:00"),
    ("after closing", "2026-03-06 20:00", 1, "2026-03-09 18:00"),
    ("in the break", "2026-03-06 13:00", 1, "2026-03-09 12:30"),
    ("on a closed day", "2026-03-07 12:00", 1, "2026-03-09 18:00"),
    ("nothing, while working", "2026-03-06 17:00", 0, "2026-03-06 17:00"),
    ("nothing, on a closed day", "2026-03-07 12:00", 0, "2026-03-09 09:00"),
    ("back", "2026-03-10 17:00", -2, "2026-03-06 17:00"),
    ("back from a closed day", "2026-03-07 12:00", -1, "2026-03-06 09:00"),
    ("back from before opening", "2026-03-09 07:00", -1, "2026-03-06 09:00"),
    ("over the change to summer time", "2026-03-27 17:00", 1, "2026-03-30 17:00"),
]


@pytest.mark.parametrize(
    ("start", "count", "due"), [row[1:] for row in DAYS_TABLE], ids=[row[0] for row in DAYS_TABLE]
)
def test_days(start: str, count: int, due: str) -> None:
    assert local(add(DESK, at(start), span("1 working day"), times=count)) == due


def test_a_shorter_day_ends_earlier() -> None:
    short = Calendar("desk", BERLIN, DESK.weekly, {date(2026, 12, 24): parse_hours("09:00-14:00")})
    assert local(add(short, at("2026-12-23 17:00"), span("1 working day"))) == "2026-12-24 14:00"
    assert local(add(short, at("2026-12-23 17:00"), span("2 working days"))) == "2026-12-25 17:00"


PUBLISHED = [
    # Two promises that are often reckoned wrongly (DOMAIN 4.3, 10).
    ("2026-03-06 16:00", "08:00-17:00", 4, "2026-03-09 11:00"),
    ("2026-03-06 17:00", "09:00-17:00", 8, "2026-03-09 17:00"),
]


@pytest.mark.parametrize(("start", "hours", "promise", "due"), PUBLISHED)
def test_published_examples_put_right(start: str, hours: str, promise: int, due: str) -> None:
    calendar = Calendar("office", BERLIN, week(hours))
    assert local(add(calendar, at(start), Span(promise, Unit.HOUR, working=True))) == due


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2026-03-02 09:00", "2026-03-02 18:00", timedelta(hours=8)),
        ("2026-03-06 17:00", "2026-03-09 09:30", timedelta(hours=1, minutes=30)),
        ("2026-03-07 00:00", "2026-03-09 00:00", timedelta(0)),
        ("2026-03-09 09:30", "2026-03-06 17:00", -timedelta(hours=1, minutes=30)),
        ("2026-03-02 12:00:30.000001", "2026-03-02 12:00:31", timedelta(microseconds=999_999)),
    ],
)
def test_elapsed(start: str, end: str, worked: timedelta) -> None:
    assert elapsed(DESK, at(start), at(end)) == worked


NIGHT = Calendar("night", BERLIN, (parse_hours("00:00-06:00, 22:00-24:00"),) * 7)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("2026-03-29 00:00", 6 * 60, "2026-03-29 23:00+02:00"),  # that night has five hours
        ("2026-10-25 00:00", 6 * 60, "2026-10-25 05:00+01:00"),  # that night has seven
        ("2026-10-25 00:00", 150, "2026-10-25 02:30+02:00"),
        ("2026-10-25 00:00", 210, "2026-10-25 02:30+01:00"),
    ],
)
def test_changes_of_the_clock_within_working_hours(start: str, length: int, due: str) -> None:
    assert add_time(NIGHT, at(start), length * MINUTE) == datetime.fromisoformat(due)


def test_an_hour_that_occurs_twice_is_worked_twice() -> None:
    early = Calendar("early", BERLIN, (parse_hours("01:00-02:30"),) * 7)
    assert elapsed(early, at("2026-10-25 00:00"), at("2026-10-26 00:00")) == timedelta(hours=2)
    assert is_working(early, at("2026-10-25 02:15", fold=1))
    assert not is_working(early, at("2026-10-25 02:45", fold=0))


def test_a_day_that_the_clock_skips_is_no_working_day() -> None:
    apia = ZoneInfo("Pacific/Apia")
    calendar = Calendar("x", apia, week("09:00-17:00", days=7))
    assert not is_working_day(calendar, date(2011, 12, 30))
    assert day_after(calendar, date(2011, 12, 29), 1) == date(2011, 12, 31)
    assert elapsed(calendar, at("2011-12-29 00:00", apia), at("2012-01-01 00:00", apia)) == timedelta(
        hours=16
    )


@pytest.mark.parametrize(
    ("moment", "working", "following"),
    [
        ("2026-03-02 08:59", False, "2026-03-02 09:00"),
        ("2026-03-02 09:00", True, "2026-03-02 09:00"),
        ("2026-03-02 12:29", True, "2026-03-02 12:29"),
        ("2026-03-02 12:30", False, "2026-03-02 13:30"),
        ("2026-03-06 18:00", False, "2026-03-09 09:00"),
    ],
)
def test_working_moments(moment: str, working: bool, following: str) -> None:
    assert is_working(DESK, at(moment)) == working
    assert local(next_working(DESK, at(moment))) == following


# --- what beats what


def test_date_rows_beat_holidays_and_weekdays() -> None:
    rows = {date(2026, 12, 25): parse_hours("10:00-12:00"), date(2026, 12, 28): CLOSED}
    calendar = Calendar("shop", BERLIN, week("09:00-18:00"), rows, Country("DE"))
    assert format_hours(calendar.hours_of(date(2026, 12, 24))) == "09:00-18:00"
    assert format_hours(calendar.hours_of(date(2026, 12, 25))) == "10:00-12:00"
    assert calendar.hours_of(date(2026, 12, 28)) == CLOSED
    assert calendar.hours_of(date(2027, 1, 1)) == CLOSED


def test_the_shops_own_table_beats_the_country() -> None:
    rows = [
        DateRow(date(2026, 2, 14), "Holiday"),
        DateRow(date(2026, 2, 17), "", "10:00-16:00"),
        DateRow(date(2026, 2, 21), "调休上班"),
        DateRow(date(2026, 2, 22), "Workday", "10：00－12：00、13：00－15：00"),
        DateRow(date(2026, 3, 2), "Greeting"),
    ]
    calendar, problems = with_rows(CHINA, rows)
    assert not problems
    found = {day: format_hours(calendar.hours_of(date(2026, 2, day))) for day in (14, 16, 17, 21, 22, 28)}
    assert found == {
        14: "closed", 16: "closed", 17: "10:00-16:00", 21: "09:00-18:00", 22: "10:00-12:00, 13:00-15:00", 28: "09:00-18:00",
    }  # fmt: skip
    assert format_hours(calendar.hours_of(date(2026, 3, 2))) == "09:00-18:00"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (DateRow(date(2026, 5, 1), "Holliday"), "`Holliday` is no kind of day for 2026-05-01."),
        (DateRow(date(2026, 5, 1)), "The row of 2026-05-01 says neither a kind nor hours."),
        (DateRow(date(2026, 5, 1), "Workday", "25:00-26:00"), "`25:00` is no time of day"),
    ],
)
def test_a_row_that_can_not_be_used_is_told(row: DateRow, what: str) -> None:
    place = Place(table="Holidays", header="Kind", key="2026-05-01")
    calendar, problems = with_rows(OFFICE, [DateRow(row.day, row.kind, row.hours, place=place)])
    assert calendar.days == {}
    assert len(problems) == 1
    assert what in problems[0].what
    assert problems[0].place == place
    assert problems[0].fix


def test_a_date_that_stands_twice_is_told_once_it_differs() -> None:
    day = date(2026, 5, 1)
    calendar, problems = with_rows(
        OFFICE, [DateRow(day, "Holiday"), DateRow(day, "放假"), DateRow(day, "Workday")]
    )
    assert calendar.days == {day: CLOSED}
    assert [problem.what for problem in problems] == [
        "2026-05-01 stands in the table twice, once with `closed` and once with `09:00-18:00`; the first row counts."
    ]


def test_a_table_without_kinds_lists_closed_days() -> None:
    calendar, problems = with_rows(OFFICE, [DateRow(date(2026, 5, 1), has_kind=False)])
    assert (calendar.days, problems) == ({date(2026, 5, 1): CLOSED}, ())


def test_a_make_up_day_has_mondays_hours() -> None:
    saturdays = (*week("09:00-18:00")[:5], parse_hours("10:00-14:00"), CLOSED)
    calendar = Calendar("shop", SHANGHAI, saturdays, country=Country("CN"))
    hours = [format_hours(calendar.hours_of(date(2026, 2, day))) for day in (7, 14, 21)]
    assert hours == ["10:00-14:00", "09:00-18:00", "closed"]  # an ordinary Saturday, a make-up day, a holiday


def test_a_make_up_day_of_a_shop_closed_on_mondays() -> None:
    open_days = (CLOSED, *week("10:00-16:00")[:5], CLOSED)
    calendar = Calendar("shop", SHANGHAI, open_days, country=Country("CN"))
    assert format_hours(calendar.hours_of(date(2026, 2, 14))) == "10:00-16:00"  # a Saturday
    assert format_hours(calendar.hours_of(date(2026, 1, 4))) == "10:00-16:00"  # a Sunday


# --- years that nobody knows yet


def test_years_that_are_not_known() -> None:
    start, end = at("2026-12-30 10:00", SHANGHAI), at("2027-01-05 10:00", SHANGHAI)
    assert unknown_years(CHINA, start, end) == (2027,)
    assert unknown_years(CHINA, end, start) == (2027,)
    assert unknown_years(CHINA, start, start) == ()
    own, _ = with_rows(CHINA, [DateRow(date(2027, 2, 5), "Holiday")])
    assert unknown_years(own, start, end) == ()
    assert unknown_years(OFFICE, start, end) == ()  # nobody asked for holidays
    table_only, _ = with_rows(OFFICE, [DateRow(date(2026, 2, 5), "Holiday")])
    assert unknown_years(table_only, start, end) == (2027,)


def test_an_unknown_year_of_china_keeps_what_the_law_names() -> None:
    year = Country("CN").year(2027)
    assert not year.known
    assert date(2027, 10, 1) in year.closed
    assert date(2027, 5, 4) not in year.closed  # a bridge that nobody has published
    assert year.working == frozenset()


def test_the_warning_says_what_to_do() -> None:
    (problem,) = warn_of_unknown_years(CHINA, [2027, 2027])
    assert problem.severity is Severity.WARNING
    assert "CN in 2027" in problem.what
    assert "table of the shop's own" in problem.fix
    table_only, _ = with_rows(OFFICE, [])
    (problem,) = warn_of_unknown_years(table_only, [2027])
    assert "no row of that year" in problem.what


# --- countries


@pytest.mark.parametrize("text", ["DE", "de", "DE-BY", "CN", "us-ca"])
def test_countries(text: str) -> None:
    assert str(find_country(text)) == text.upper()


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("Germany", "DE"), ("中国", "CN"), ("UK", "GB"), ("DEU", "DE"), ("Atlantis", "")],
)
def test_unknown_countries(text: str, suggestion: str) -> None:
    with pytest.raises(UnknownCountry) as caught:
        find_country(text)
    assert caught.value.suggestion == suggestion
    assert f"`{text}`" in caught.value.what


def test_unknown_regions() -> None:
    with pytest.raises(UnknownCountry, match="`ZZ` is no region of `DE`") as caught:
        find_country("DE-ZZ")
    assert "DE-BY" in caught.value.known


def test_a_region_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in Country("DE", "BY").year(2026).closed
    assert epiphany not in Country("DE").year(2026).closed


def test_make_up_days_of_other_countries() -> None:
    assert date(2025, 5, 17) in Country("HU").year(2025).working


# --- what can't be counted


def test_no_working_time_is_an_error_not_an_endless_loop() -> None:
    idle = Calendar("idle", BERLIN, (CLOSED,) * 7)
    calls: tuple[Callable[[], object], ...] = (
        lambda: add(idle, at("2026-03-02 10:00"), span("1 working hour")),
        lambda: add(idle, at("2026-03-02 10:00"), span("1 working day")),
        lambda: add(idle, at("2026-03-02 10:00"), span("1 working hour"), times=-1),
        lambda: next_working(idle, at("2026-03-02 10:00")),
        lambda: day_after(idle, date(2026, 3, 2), -1),
    )
    for call in calls:
        with pytest.raises(CalendarError, match="`idle` has no working time from"):
            call()


def test_a_long_rest_is_no_error() -> None:
    rest = {date(2026, 1, 1) + DAY * number: CLOSED for number in range(390)}
    calendar = Calendar("season", BERLIN, week("09:00-18:00", days=7), rest)
    assert local(add(calendar, at("2025-12-31 17:00"), span("2 working hours"))) == "2027-01-26 10:00"


@pytest.mark.parametrize("text", ["999999 working hours", "999999 working days"])
def test_a_century_is_enough(text: str) -> None:
    with pytest.raises(CalendarError, match="more than 100 years"):
        add(OFFICE, at("2026-03-02 10:00"), span(text))


@pytest.mark.parametrize("year", [1800, 9999])
def test_slips_of_the_pen_in_a_year(year: int) -> None:
    odd = datetime(year, 12, 31, 23, tzinfo=UTC)
    calls: tuple[Callable[[], object], ...] = (
        lambda: elapsed(OFFICE, at("2026-03-02 10:00"), odd),
        lambda: elapsed_days(OFFICE, at("2026-03-02 10:00"), odd),
        lambda: add(OFFICE, odd, span("1 working hour")),
        lambda: add(OFFICE, odd, span("1 working day")),
        lambda: is_working(OFFICE, odd),
    )
    for call in calls:
        with pytest.raises(CalendarError, match="office"):
            call()


def test_nobody_counts_working_weeks() -> None:
    with pytest.raises(CalendarError, match="minutes, hours and days"):
        add(OFFICE, at("2026-03-02 10:00"), Span(2, Unit.WEEK, working=True))


# --- words for hours and days


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("09:00-18:00", "09:00-18:00"),
        ("9:00 - 12:30, 13:30 – 18:00", "09:00-12:30, 13:30-18:00"),
        ("13:30-18:00; 09:00-12:30", "09:00-12:30, 13:30-18:00"),
        ("09:00 to 12:00 and 12:00 to 18:00", "09:00-18:00"),
        ("９：００至１２：００、１３：００至１８：００", "09:00-12:00, 13:00-18:00"),
        ("00:00-24:00", "00:00-24:00"),
        ("all day", "00:00-24:00"),
        ("Closed", "closed"),
        ("休息", "closed"),
    ],
)
def test_hours_are_read(text: str, hours: str) -> None:
    assert format_hours(parse_hours(text)) == hours


@pytest.mark.parametrize(
    ("text", "what", "told"),
    [
        ("09:00-25:00", "`25:00` is no time of day: they go from `00:00` to `24:00`.", ""),
        ("09:00-17:60", "`17:60` is no time of day", ""),
        (
            "18:00-09:00",
            "`18:00-09:00` ends before it begins.",
            "`18:00-24:00` here, `00:00-09:00` on the day after",
        ),
        ("22:00-00:00", "ends before it begins", "`22:00-24:00` here"),
        ("09:00-09:00", "begins and ends at the same time", "`00:00-24:00`"),
        ("09:00-13:00, 12:30-18:00", "`09:00-13:00` and `12:30-18:00` overlap", "Write `09:00-18:00`"),
        ("9-18", "`9` in `9-18` is not written as a time of day", "09:00-18:00"),
        ("9am to 6:30pm", "`9am` in", "09:00-18:30"),
        ("12pm-6pm", "`12pm` in", "12:00-18:00"),
        ("上午9点到下午6点", "`上午9点` in", "09:00-18:00"),
        ("09.00-18.00", "`09.00` in", "09:00-18:00"),
        ("09:00", "`09:00` does not say from when to when.", ""),
        ("09:00-12:00,", "Between two commas no hours stand.", ""),
        ("sometimes", "`sometimes` does not say from when to when.", "closed"),
        ("", "There are no hours here.", ""),
    ],
)
def test_mistakes_in_hours(text: str, what: str, told: str) -> None:
    with pytest.raises(HoursMistake) as caught:
        parse_hours(text)
    assert what in caught.value.what
    assert told in f"{caught.value.suggestion} {caught.value.fix}"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", "01234"),
        ("mon", "0"),
        ("Mondays", "0"),
        ("Thurs", "3"),
        ("Sat-Sun", "56"),
        ("Sun-Thu", "01236"),
        ("Mon, Wed and Fri", "024"),
        ("Tuesday to Thursday", "123"),
        ("周一至周五", "01234"),
        ("周一到五", "01234"),
        ("星期六、星期天", "56"),
        ("礼拜日", "6"),
        ("weekdays", "01234"),
        ("周末", "56"),
        ("every day", "0123456"),
        ("Mom-Fri", None),
        ("Mon-Wed-Fri", None),
        ("", None),
        ("holidays", None),
        ("五", None),
    ],
)
def test_weekdays(text: str, days: str | None) -> None:
    found = parse_weekdays(text)
    assert (None if found is None else "".join(map(str, sorted(found)))) == days


# --- the laws

ZONES = [
    "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
    "America/Goose_Bay", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Beirut",
]  # fmt: skip
# Around changes of the clock, also over midnight and over the date line, and one ordinary day.
NEAR = [
    datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC),
    datetime(2026, 10, 31, tzinfo=UTC), datetime(2011, 12, 29, tzinfo=UTC), datetime(2010, 11, 6, tzinfo=UTC),
    datetime(2018, 11, 3, tzinfo=UTC), datetime(2018, 2, 17, tzinfo=UTC), datetime(2026, 2, 13, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
]  # fmt: skip


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> Hours:
    marks = draw(st.lists(st.integers(0, 1440), unique=True, max_size=6).map(sorted))
    return tuple(Stretch(*pair) for number, pair in enumerate(pairwise(marks)) if number % 2 == 0)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    weekly = tuple(draw(hours_of_a_day()) for _ in range(7))
    if not any(weekly):
        weekly = (*weekly[:6], parse_hours("08:00-08:01"))
    near = draw(st.sampled_from(NEAR)).date()
    rows = draw(
        st.dictionaries(st.integers(-2, 12).map(lambda step: near + DAY * step), hours_of_a_day(), max_size=4)
    )
    country = draw(st.sampled_from([None, None, Country("CN"), Country("DE")]))
    return Calendar("any", ZoneInfo(draw(st.sampled_from(ZONES))), weekly, rows, country)


# Whole minutes, so that the oracle can step; those near the changes of the clock.
moments = st.builds(
    lambda day, minute: day + minute * MINUTE, st.sampled_from(NEAR), st.integers(-1440, 5 * 1440)
)
lengths = st.integers(1, 1500).map(lambda count: count * MINUTE)


def worked_minutes(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, bool]]:
    """Step by minutes, asking the clock on the wall: no intervals, no offsets, no cleverness."""
    moment = start.astimezone(UTC)
    while True:
        wall = moment.astimezone(calendar.zone)
        minute = wall.hour * 60 + wall.minute
        hours = calendar.hours_of(wall.date())
        yield moment, any(stretch.start <= minute < stretch.end for stretch in hours)
        moment += MINUTE


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, lengths)
def test_elapsed_is_the_other_side_of_add(calendar: Calendar, start: datetime, length: timedelta) -> None:
    end = add_time(calendar, start, length)
    assert end >= start
    assert elapsed(calendar, start, end) == length
    before = add_time(calendar, start, -length)
    assert before <= start
    assert elapsed(calendar, before, start) == length


@settings(max_examples=150, deadline=None)
@given(calendars(), moments, st.integers(1, 12))
def test_whole_days_elapsed_are_the_other_side_of_add(
    calendar: Calendar, start: datetime, count: int
) -> None:
    promise = Span(count, Unit.DAY, working=True)
    end = add(calendar, start, promise)
    assert elapsed_days(calendar, start, end) == count
    assert elapsed_days(calendar, start, end - timedelta.resolution) == count - 1
    assert elapsed_days(calendar, end, start) == -count


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(0, 4 * 1440))
def test_elapsed_counts_as_stepping_by_minutes_does(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    steps = worked_minutes(calendar, start)
    counted = sum(working for _, (_, working) in zip(range(minutes), steps, strict=False))
    assert elapsed(calendar, start, start + minutes * MINUTE) == counted * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), moments, st.integers(1, 600))
def test_add_arrives_as_stepping_by_minutes_does(calendar: Calendar, start: datetime, minutes: int) -> None:
    left, found = minutes, None
    for step, (moment, working) in enumerate(worked_minutes(calendar, start)):
        left -= working
        if left == 0:
            found = moment + MINUTE
            break
        if step > 6 * 1440:
            break
    arrived = add_time(calendar, start, minutes * MINUTE)
    assert arrived == found or (found is None and arrived > start + 6 * DAY)


@settings(max_examples=100, deadline=None)
@given(calendars(), moments, moments, lengths, lengths, st.integers(1, 5))
def test_later_is_never_earlier(
    calendar: Calendar, one: datetime, other: datetime, short: timedelta, more: timedelta, count: int
) -> None:
    first, second = sorted((one, other))
    days = Span(count, Unit.DAY, working=True)
    assert add_time(calendar, first, short) < add_time(calendar, first, short + more)
    assert add_time(calendar, first, short) <= add_time(calendar, second, short)
    assert add(calendar, first, days) < add(calendar, first, Span(count + 1, Unit.DAY, working=True))
    if first.astimezone(calendar.zone).date() <= second.astimezone(calendar.zone).date():
        assert add(calendar, first, days) <= add(calendar, second, days)


@settings(max_examples=100, deadline=None)
@given(calendars(), moments)
def test_nothing_added_to_a_working_moment_is_that_moment(calendar: Calendar, moment: datetime) -> None:
    _, working = next(worked_minutes(calendar, moment))
    assert is_working(calendar, moment) == working
    later = next_working(calendar, moment)
    assert is_working(calendar, later)
    assert elapsed(calendar, moment, later) == timedelta(0)
    assert (later == moment) == working
    for unit in (Unit.MINUTE, Unit.HOUR, Unit.DAY):
        assert add(calendar, moment, Span(0, unit, working=True)) == later


@settings(max_examples=100, deadline=None)
@given(moments, st.integers(-9, 9).filter(bool))
def test_a_working_day_is_a_days_working_time(start: datetime, count: int) -> None:
    """With the same hours every day and without changes of the clock in between."""
    calendar = Calendar("desk", SHANGHAI, DESK.weekly)
    end = add(calendar, start, span("1 working day"), times=count)
    assert elapsed(calendar, start, end) == count * timedelta(hours=8)


@settings(max_examples=50, deadline=None)
@given(calendars(), st.integers(0, 20), st.integers(0, 20))
def test_working_days_between_days(calendar: Calendar, one: int, other: int) -> None:
    first, second = date(2026, 3, 25) + DAY * one, date(2026, 3, 25) + DAY * other
    count = working_days_between(calendar, first, second)
    assert working_days_between(calendar, second, first) == -count
    if count > 0:
        assert first < day_after(calendar, first, count) <= second
