"""When does the shop work, as a calendar of the config says: weekday rows, date rows and holidays?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from rowcall.calendar import (
    CLOSED,
    Calendar,
    Country,
    Hours,
    HoursMistake,
    UnknownCountry,
    find_country,
    parse_hours,
    parse_weekdays,
)
from rowcall.calendar.weekdays import NAMES, put_weekdays_right
from rowcall.config.tables import note_unknown
from rowcall.config.values import CalendarRead, HolidayTable
from rowcall.dates import parse_day, why_no_date
from rowcall.language.document import Blank, Block, Lines, Pair, Text, fold_key
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.shape import help_field, read_shape
from rowcall.language.unquoted import quote
from rowcall.table import Schema

_HOLIDAYS = ("holidays", "holiday", "节假日", "假期")
_NO_HOLIDAYS = ("no", "none", "off", "否", "无")  # NO in capitals is Norway
_DAY_WORDS = (*NAMES, *(f"{name}day" for name in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")))
_GROUP_WORDS = ("weekdays", "weekend", "every day")
_FROM_TO = re.compile(r"\s+(?:to|-|–|—)\s+|\s*(?:–|—|至|到|\.\.)\s*", re.IGNORECASE)
_YEARLY = re.compile(r"\d{1,2}[-./]\d{1,2}\.?")
_LONGEST_RANGE = 366
_EXAMPLE = 'For example `Mon-Fri: "09:00-12:30, 13:30-18:00"`, `2026-12-24: closed` and `holidays: DE`.'

Day = TypeVar("Day", int, date)


@dataclass(frozen=True, slots=True)
class HolidayTableShape:
    """The keys of `holidays` when they stand in a table of the shop's own."""

    table: Text = help_field("The table with the days on which the shop's hours differ.")
    date: Text | None = help_field("Its column with the day; `Date` if left out.", None)
    kind: Text | None = help_field("Its column that says `Holiday`, `Workday` or `Greeting`.", None)
    hours: Text | None = help_field("Its column with the hours of that day, as `10:00-14:00`.", None)
    country: Text | None = help_field("The country whose holidays count where the table has no row.", None)


@dataclass(frozen=True, slots=True)
class _Row(Generic[Day]):
    """One row of a calendar: the days that it names, and their hours."""

    key: Text
    days: tuple[Day, ...]
    hours: Hours


def read_calendar(
    name: str, block: Block, zone: ZoneInfo, notes: Notes, tables: Mapping[str, Schema] | None = None
) -> CalendarRead | None:
    """Return the calendar that a block of `calendars:` describes, or None with every mistake in it noted.

    tables: those of the config, so that the table of holidays and its columns are checked; None = not yet known.
    """
    before = len(notes.errors)
    weekly, dated, holidays = _sort_rows(block, zone, notes)
    own_table, country = _read_holidays(holidays, notes, tables)
    by_weekday, by_date = _lay_out(weekly, notes), _lay_out(dated, notes)
    if len(notes.errors) > before:
        return None
    if not any((*by_weekday.values(), *by_date.values())):
        what = f"The calendar `{name}` has no working time: nothing would ever fall due in it."
        notes.mistake(block.place, what, fix=f"Add weekday rows. {_EXAMPLE}")
        return None
    hours = tuple(by_weekday.get(number, CLOSED) for number in range(len(NAMES)))
    own_years = frozenset[int]() if own_table else None
    return CalendarRead(Calendar(name, zone, hours, by_date, country, own_years), own_table)


def read_calendars(
    blocks: Mapping[str, Block], zone: ZoneInfo, notes: Notes, tables: Mapping[str, Schema]
) -> Mapping[str, CalendarRead]:
    """Return the calendars of the config by name, without those in which something is wrong, which is noted."""
    found = {name: read_calendar(name, block, zone, notes, tables) for name, block in blocks.items()}
    return {name: one for name, one in found.items() if one is not None}


def _sort_rows(
    block: Block, zone: ZoneInfo, notes: Notes
) -> tuple[list[_Row[int]], list[_Row[date]], Pair | None]:
    """Return the weekday rows, the date rows and the pair of `holidays`."""
    weekly: list[_Row[int]] = []
    dated: list[_Row[date]] = []
    holidays = None
    for pair in block:
        weekdays = parse_weekdays(pair.key.value)
        if fold_key(pair.key.value) in _HOLIDAYS:
            if holidays is not None:
                _note_twice(pair.key, holidays.key, "", notes)
            holidays = pair
        elif weekdays is not None:
            weekly.append(_Row(pair.key, tuple(sorted(weekdays)), _read_hours(pair, notes)))
        elif dates := _read_dates(pair, zone, notes):
            dated.append(_Row(pair.key, dates, _read_hours(pair, notes)))
    return weekly, dated, holidays


def _lay_out(rows: Sequence[_Row[Day]], notes: Notes) -> dict[Day, Hours]:
    """Return the hours of each day; a row for fewer days beats one for more, two of the same size are a mistake."""
    owners: dict[Day, _Row[Day]] = {}
    for row in sorted(rows, key=lambda one: -len(one.days)):
        for day in row.days:
            first = owners.get(day)
            if first is not None and len(first.days) == len(row.days):
                called = NAMES[day] if isinstance(day, int) else str(day)
                _note_twice(row.key, first.key, called, notes)
                break
            owners[day] = row
    return {day: row.hours for day, row in owners.items()}


def _note_twice(second: Text, first: Text, called: str, notes: Notes) -> None:
    what = f"`{second.value}:` and `{first.value}:` (line {first.place.line})"
    what += f" both give hours to {called}." if called else " say the same thing twice."
    notes.mistake(second.place, what, fix="Remove one of the two rows, or put all hours of a day into one.")


def _read_hours(pair: Pair, notes: Notes) -> Hours:
    """Return the hours behind a key; with a mistake noted they are closed, for the rest to be read."""
    node = pair.value
    if isinstance(node, Lines) and node.parts and all(isinstance(part, Text) for part in node):
        node = Text(", ".join(part.value for part in node if isinstance(part, Text)), node.place, quoted=True)
    if not isinstance(node, Text):
        what = f"Behind `{pair.key.value}:` hours must stand."
        place = pair.key.place if isinstance(node, Blank) else node.place
        notes.mistake(place, what, fix="Write for example `09:00-18:00`, or `closed`.")
        return CLOSED
    try:
        return parse_hours(node.value)
    except HoursMistake as mistake:
        notes.mistake(
            node.place,
            mistake.what,
            suggestion=_corrected(node, mistake.suggestion, notes),
            fix=mistake.fix,
        )
        return CLOSED


def _corrected(node: Text, right: str, notes: Notes) -> str:
    if not right:
        return ""
    stands = notes.line(node.place.line)[max(node.place.column - 1, 0) :]
    needs_quotes = "," in right and not stands.startswith(("'", '"'))
    return notes.corrected(node.place, node.value, quote(right) if needs_quotes else right)


def _read_dates(pair: Pair, zone: ZoneInfo, notes: Notes) -> tuple[date, ...]:
    """Return the days of a date row, one or a range; none with the mistake noted."""
    ends = _FROM_TO.split(pair.key.value.strip())
    days = [parse_day(one, zone) for one in ends]
    first, last = days[0], days[-1]
    if first is None or last is None or len(days) > 2:  # noqa: PLR2004 - from and to
        _note_no_day(pair.key, ends, notes)
        return ()
    if not 0 <= (last - first).days < _LONGEST_RANGE:
        wrong = "ends before it begins" if last < first else "is longer than a year"
        fix = "Write the first day before the last one, a year at most."
        notes.mistake(pair.key.place, f"`{pair.key.value}` {wrong}.", fix=fix)
        return ()
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _note_no_day(key: Text, ends: Sequence[str], notes: Notes) -> None:
    """Note a key that names neither days of the week nor dates nor holidays, and what may be meant."""
    text = key.value.strip()
    if any(_YEARLY.fullmatch(one) for one in ends):
        what = f"`{text}` lacks its year: a date row counts for one day."
        notes.mistake(key.place, what, fix="Write for example `2026-12-24: closed`.")
    elif _says_hours(text):
        what = f"Before `{text}` no day stands."
        fix = 'Several hours of one day stand together in quotes: `Mon-Fri: "09:00-12:30, 13:30-18:00"`.'
        notes.mistake(key.place, what, fix=fix)
    elif any(letter.isdigit() for letter in text):
        notes.mistake(key.place, f"`{text}` is no date: {why_no_date(text, with_time=False)}.", fix=_EXAMPLE)
    else:
        meant = put_weekdays_right(text, _nearest_day) or did_you_mean(text, (*_GROUP_WORDS, "holidays"))
        notes.mistake(
            key.place,
            f"`{text}:` is not known in a calendar; possible are days of the week, dates and `holidays`."
            + (f" Did you mean `{meant}`?" if meant else ""),
            suggestion=notes.corrected(key.place, key.value, meant) if meant else "",
            fix=_EXAMPLE,
        )


def _nearest_day(word: str) -> str:
    return did_you_mean(word, _DAY_WORDS)


def _says_hours(text: str) -> bool:
    try:
        parse_hours(text)
    except HoursMistake:
        return False
    return True


def _read_holidays(
    pair: Pair | None, notes: Notes, tables: Mapping[str, Schema] | None
) -> tuple[HolidayTable | None, Country | None]:
    if pair is None:
        return None, None
    if isinstance(pair.value, Text):
        return None, _read_country(pair.value, notes)
    if not isinstance(pair.value, Block):
        what = f"Behind `{pair.key.value}:` a country or the shop's own table must stand."
        fix = "Write `DE`, `CN`, or `{table: Holidays, date: Date, kind: Kind, hours: Hours, country: DE}`."
        place = pair.key.place if isinstance(pair.value, Blank) else pair.value.place
        notes.mistake(place, what, fix=fix)
        return None, None
    shape = read_shape(HolidayTableShape, pair.value, notes)
    if shape is None:
        return None, None
    country = _read_country(shape.country, notes) if shape.country else None
    return _read_table(shape, tables, notes), country


def _read_country(text: Text, notes: Notes) -> Country | None:
    if text.value in _NO_HOLIDAYS:
        return None
    try:
        return find_country(text.value)
    except UnknownCountry as unknown:
        near = did_you_mean(text.value, unknown.known)
        meant = unknown.suggestion or unknown.known.get(near, "")
        notes.mistake(
            text.place,
            unknown.what + (f" Did you mean `{meant}`?" if meant else ""),
            suggestion=notes.corrected(text.place, text.value, meant) if meant else "",
            fix="Write one of the codes, or name a table of the shop's own: `holidays: {table: Holidays}`.",
        )
        return None


def _read_table(shape: HolidayTableShape, tables: Mapping[str, Schema] | None, notes: Notes) -> HolidayTable:
    given = dict(_named_columns(shape))
    if tables is not None and shape.table.value not in tables:
        note_unknown(shape.table, list(tables), "table", notes)
    elif tables is not None:
        known = [column.name for column in tables[shape.table.value].columns]
        for column in given.values():
            if column.value not in known:
                fix = f"Declare it under `columns:` of `{shape.table.value}`."
                note_unknown(column, known, "column", notes, fix=fix)
        usual = {field: field.capitalize() for field in ("date", "kind", "hours") if field not in given}
        found = {field: header for field, header in usual.items() if header in known}
        return HolidayTable(shape.table.value, **found, **{key: one.value for key, one in given.items()})
    return HolidayTable(shape.table.value, **{key: one.value for key, one in given.items()})


def _named_columns(shape: HolidayTableShape) -> Iterator[tuple[str, Text]]:
    for field in ("date", "kind", "hours"):
        column = getattr(shape, field)
        if column is not None:
            yield field, column
