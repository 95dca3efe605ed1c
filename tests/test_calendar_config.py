"""A calendar of the config becomes a Calendar, or its mistakes in the words of somebody who works in the shop."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from rowcall.calendar import CLOSED, DateRow, add, format_hours, with_rows
from rowcall.config import CalendarRead, HolidayTable
from rowcall.config.calendars import read_calendar
from rowcall.duration import Span, Unit
from rowcall.errors import Problem
from rowcall.language.document import Block, parse
from rowcall.table import Schema
from tests.tables import make_schema

BERLIN = ZoneInfo("Europe/Berlin")
TABLES = {"Holidays": make_schema("Holidays", "Date", {"Date": "date", "Kind": "text", "Note": "text"})}


def read(
    text: str, tables: Mapping[str, Schema] | None = None
) -> tuple[CalendarRead | None, tuple[Problem, ...]]:
    document, notes = parse(f"support desk: {text}\n", "config.yaml")
    assert document is not None, notes.problems
    (pair,) = document.pairs
    assert isinstance(pair.value, Block), notes.problems
    return read_calendar("support desk", pair.value, BERLIN, notes, tables), notes.problems


def good(text: str, tables: Mapping[str, Schema] | None = None) -> CalendarRead:
    found, problems = read(text, tables)
    assert not problems
    assert found is not None
    return found


def week(found: CalendarRead) -> list[str]:
    return [format_hours(hours) for hours in found.calendar.weekly]


def test_the_example_of_the_shop() -> None:
    found = good('{Mon-Fri: "09:00-12:30, 13:30-18:00", holidays: DE}')
    assert week(found) == ["09:00-12:30, 13:30-18:00"] * 5 + ["closed"] * 2
    assert found.calendar.name == "support desk"
    assert found.calendar.hours_of(date(2026, 4, 6)) == CLOSED  # Easter Monday
    assert found.table is None
    friday = datetime(2026, 4, 2, 17, tzinfo=BERLIN)
    due = add(found.calendar, friday, Span(4, Unit.HOUR, working=True))
    assert due.astimezone(BERLIN) == datetime(2026, 4, 7, 12, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("{Mon: 09:00-18:00}", "09:00-18:00 closed closed closed closed closed closed"),
        ("{Sat-Sun: 10:00-14:00}", "closed closed closed closed closed 10:00-14:00 10:00-14:00"),
        ("{周一至周五: 09:00-18:00, 周六: 10:00至14:00}", "09:00-18:00 09:00-18:00 09:00-18:00 09:00-18:00 09:00-18:00 10:00-14:00 closed"),
        ("{weekdays: 09:00-18:00, Wed: 09:00-13:00}", "09:00-18:00 09:00-18:00 09:00-13:00 09:00-18:00 09:00-18:00 closed closed"),
        ("{Sun: closed, every day: 09:00-18:00}", "09:00-18:00 09:00-18:00 09:00-18:00 09:00-18:00 09:00-18:00 09:00-18:00 closed"),
    ],
)  # fmt: skip
def test_weekday_rows(text: str, hours: str) -> None:
    assert " ".join(week(good(text))) == hours


def test_hours_as_a_list_and_over_several_lines() -> None:
    found = good(
        "\n  Mon-Fri: [09:00-12:30, 13:30-18:00]\n  Sat: 10:00-12:00, 13:00-14:00\n  2026-12-24: closed"
    )
    assert week(found)[4:6] == ["09:00-12:30, 13:30-18:00", "10:00-12:00, 13:00-14:00"]


def test_date_rows() -> None:
    found = good(
        '{Mon-Fri: 09:00-18:00, 2026-12-24: closed, 2026-12-31: "10:00-14:00", 2026年12月5日: 10:00-12:00, '
        "2026-08-03 to 2026-08-14: closed, 2026-08-10: 10:00-12:00}"
    )
    days = found.calendar.days
    assert {str(day): format_hours(hours) for day, hours in days.items() if day.month == 12} == {
        "2026-12-24": "closed", "2026-12-31": "10:00-14:00", "2026-12-05": "10:00-12:00",
    }  # fmt: skip
    assert len(days) == 3 + 12
    assert format_hours(days[date(2026, 8, 10)]) == "10:00-12:00"
    assert days[date(2026, 8, 11)] == CLOSED


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("CN", "CN"),
        ("DE-BY", "DE-BY"),
        ("de-augsburg", "DE-Augsburg"),
        ("de", "DE"),
        ("no", None),
        ("NO", "NO"),
        ("none", None),
    ],
)
def test_countries(written: str, country: str | None) -> None:
    found = good(f"{{Mon-Fri: 09:00-18:00, holidays: {written}}}").calendar.country
    assert (None if found is None else str(found)) == country


@pytest.mark.parametrize(
    ("written", "table"),
    [
        (
            "{table: Holidays, date: Date, kind: Kind, hours: Note}",
            HolidayTable("Holidays", "Date", "Kind", "Note"),
        ),
        ("{table: Holidays}", HolidayTable("Holidays", "Date", "Kind", "")),
    ],
)
def test_a_table_of_the_shops_own(written: str, table: HolidayTable) -> None:
    found = good(f"{{Mon-Fri: 09:00-18:00, holidays: {written}}}", TABLES)
    assert found.table == table
    assert not found.calendar.knows(2026)
    complete, _ = with_rows(found.calendar, [DateRow(date(2026, 5, 1), "Holiday")])
    assert complete.knows(2026)
    assert complete.hours_of(date(2026, 5, 1)) == CLOSED


def test_the_table_beats_date_rows_and_the_country() -> None:
    found = good(
        "{Mon-Fri: 09:00-18:00, 2026-05-04: closed, holidays: {table: Holidays, country: DE}}", TABLES
    )
    rows = [DateRow(date(2026, 5, 1), "Workday"), DateRow(date(2026, 5, 4), "", "10:00-12:00")]
    complete, _ = with_rows(found.calendar, rows)
    hours = [format_hours(complete.hours_of(date(2026, 5, day))) for day in (1, 4, 14)]
    assert hours == ["09:00-18:00", "10:00-12:00", "closed"]


MISTAKES = [
    ("a slip in a weekday", "{Mom-Fri: 09:00-18:00}", "`Mom-Fri:` is not known in a calendar", "Did you mean `Mon-Fri`?"),
    ("its line, put right", "{Mom-Fri: 09:00-18:00}", "`Mom-Fri:`", "support desk: {Mon-Fri: 09:00-18:00}"),
    ("a slip in holidays", "{Mon: 09:00-18:00, holidys: DE}", "`holidys:` is not known", "holidays: DE}"),
    ("a word of no meaning", "{lunch: 12:00-13:00}", "possible are days of the week, dates and `holidays`", "For example"),
    ("after midnight", "{Mon: 09:00-25:00}", "`25:00` is no time of day", "Write for example"),
    ("end before start", "{Mon: 18:00-09:00}", "`18:00-09:00` ends before it begins.", "on the day after"),
    ("overlap", '{Mon: "09:00-13:00, 12:00-18:00"}', "`09:00-13:00` and `12:00-18:00` overlap", "`09:00-18:00`"),
    ("loose hours", "{Mon-Fri: 9-18}", "`9` in `9-18`", "support desk: {Mon-Fri: 09:00-18:00}"),
    ("loose hours with a break", "{Mon-Fri: [9-12, 13-18]}", "`9` in `9-12`", "09:00-12:00, 13:00-18:00"),
    ("no hours", "{Mon-Fri: {from: 9, to: 18}}", "Behind `Mon-Fri:` hours must stand.", "09:00-18:00"),
    ("a day twice", "{Mon-Fri: 09:00-18:00, Tue-Sat: 10:00-12:00}", "`Tue-Sat:` and `Mon-Fri:` (line 1) both give hours to Tue", "Remove one"),
    ("a date twice", "{Mon: 09:00-18:00, 2026-12-24: closed, 24.12.2026: closed}", "both give hours to 2026-12-24", "Remove one"),
    ("holidays twice", "{Mon: 09:00-18:00, holidays: DE, Holidays: CN}", "say the same thing twice", "Remove one"),
    ("a date without its year", "{Mon: 09:00-18:00, 12-24: closed}", "`12-24` lacks its year", "2026-12-24: closed"),
    ("a date that does not exist", "{Mon: 09:00-18:00, 2026-02-30: closed}", "`2026-02-30` is no date", "For example"),
    ("a range turned round", "{Mon: 09:00-18:00, 2026-12-31 to 2026-12-24: closed}", "ends before it begins", "first day before the last"),
    ("a range of years", "{Mon: 09:00-18:00, 2026-01-01 to 2028-01-01: closed}", "is longer than a year", "a year at most"),
    ("an unknown country", "{Mon: 09:00-18:00, holidays: Germny}", "no built-in holidays for `Germny`", "Did you mean `DE`?"),
    ("a country by its name", "{Mon: 09:00-18:00, holidays: 中国}", "no built-in holidays for `中国`", "{Mon: 09:00-18:00, holidays: CN}"),
    ("an unknown region", "{Mon: 09:00-18:00, holidays: DE-BX}", "`BX` is no region of `DE`", "Did you mean `DE-B"),
    ("a list of holidays", "{Mon: 09:00-18:00, holidays: [DE, CN]}", "a country or the shop's own table must stand", "{table: Holidays"),
    ("an unknown table", "{Mon: 09:00-18:00, holidays: {table: Holiday}}", "There is no table `Holiday`", "Did you mean `Holidays`?"),
    ("an unknown column", "{Mon: 09:00-18:00, holidays: {table: Holidays, kind: Kinds}}", "There is no column `Kinds`", "Did you mean `Kind`?"),
    ("an unknown key", "{Mon: 09:00-18:00, holidays: {table: Holidays, day: Date}}", "`day:` is not known here", "`date`"),
    ("no table", "{Mon: 09:00-18:00, holidays: {country: DE}}", "`table:` is missing here", "Add `table:`"),
    ("no working time", "{Mon-Fri: closed}", "has no working time: nothing would ever fall due", "Add weekday rows"),
    ("only holidays", "{holidays: DE}", "has no working time", "Add weekday rows"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what", "told"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_mistakes(text: str, what: str, told: str) -> None:
    found, problems = read(text, TABLES)
    assert found is None
    assert len(problems) == 1, problems
    assert what in problems[0].what
    assert told in f"{problems[0].what} {problems[0].suggestion} {problems[0].fix}"
    assert problems[0].place.line == 1
    assert problems[0].place.column > 1


def test_all_mistakes_are_told_together() -> None:
    _, problems = read("{Mom-Fri: 9-18, Sat: 25:00-26:00, 2026-02-30: closed, holidays: Atlantis}")
    assert len(problems) == 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "{Mon-Fri: 09:00-12:30, 13:30-18:00}",
            'support desk: {Mon-Fri: "09:00-12:30, 13:30-18:00"}',
        ),
        ("{Mon-Fri: 9-12, 13-18}", 'support desk: {Mon-Fri: "09:00-12:00, 13:00-18:00"}'),
        ('{Mon-Fri: "9-12, 13-18"}', 'support desk: {Mon-Fri: "09:00-12:00, 13:00-18:00"}'),
        ("{Mon-Fri: [9-12, 13-18]}", 'support desk: {Mon-Fri: ["09:00-12:00, 13:00-18:00"]}'),
    ],
)
def test_the_corrected_line_keeps_its_quotes(text: str, line: str) -> None:
    _, problems = read(text)
    assert problems[0].suggestion == line
    good(line.removeprefix("support desk: "))
