"""Which days does the shop's own table of holidays change, and which of its rows can't be used?"""

import dataclasses
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from rowcall.calendar.hours import CLOSED, Hours, HoursMistake, format_hours, parse_hours
from rowcall.calendar.week import Calendar
from rowcall.errors import Place, Problem

_CLOSED = frozenset({"holiday", "closed", "day off", "放假", "休息", "节假日", "假期", "休"})
_WORKED = frozenset({"workday", "working day", "make-up day", "调休上班", "上班", "补班", "工作日", "班"})
_NO_CHANGE = frozenset({"greeting", "问候"})
_OWN_HOURS = frozenset({"", "hours", "own hours", "special hours", "special"})


@dataclass(frozen=True, slots=True)
class DateRow:
    """One row of the shop's table; kind and hours as they stand in their cells, "" where they are empty.

    has_kind: the table has a column for the kind; without one, a row without hours is a closed day.
    """

    day: date
    kind: str = ""
    hours: str = ""
    has_kind: bool = True
    place: Place = field(default_factory=Place)


def with_rows(calendar: Calendar, rows: Iterable[DateRow]) -> tuple[Calendar, tuple[Problem, ...]]:
    """Return the calendar with the rows of the shop's own table, and what is wrong with rows that were set aside.

    The table beats date rows of the config and the country. `Holiday` is a closed day, `Workday` has Monday's hours,
    hours of its own beat both; a `Greeting` changes nothing. A year with a usable row counts as known.
    """
    found: dict[date, Hours] = {}
    years: set[int] = set()
    problems: list[Problem] = []
    for row in rows:
        try:
            hours = _hours_of(calendar, row)
        except HoursMistake as mistake:
            problems.append(Problem(row.place, mistake.what, mistake.fix, mistake.suggestion))
            continue
        if hours is None:
            continue
        if found.setdefault(row.day, hours) != hours:
            problems.append(_differs(row, found[row.day], hours))
        years.add(row.day.year)
    own_years = (calendar.own_years or frozenset()) | years
    return dataclasses.replace(calendar, days={**calendar.days, **found}, own_years=own_years), tuple(
        problems
    )


def _hours_of(calendar: Calendar, row: DateRow) -> Hours | None:
    """Return the hours that a row gives its day, None if it changes nothing; raises HoursMistake."""
    kind = " ".join(unicodedata.normalize("NFKC", row.kind).lower().split())
    if kind in _NO_CHANGE:
        return None
    if kind not in _CLOSED | _WORKED | _OWN_HOURS:
        raise HoursMistake(
            f"`{row.kind}` is no kind of day for {row.day}.",
            fix="Write `Holiday` (closed), `Workday` (a make-up working day) or `Greeting` (no change).",
        )
    if row.hours.strip():
        return parse_hours(row.hours)
    if kind in _WORKED:
        return calendar.make_up_hours(row.day)
    if kind in _CLOSED or not row.has_kind:
        return CLOSED
    raise HoursMistake(
        f"The row of {row.day} says neither a kind nor hours.",
        fix="Write `Holiday` or `Workday` into its kind, or hours like `10:00-14:00`.",
    )


def _differs(row: DateRow, first: Hours, second: Hours) -> Problem:
    what = (
        f"{row.day} stands in the table twice, once with `{format_hours(first)}` and once with "
        f"`{format_hours(second)}`; the first row counts."
    )
    return Problem(row.place, what, fix="Remove one of the two rows.")
