"""Working time in whole columns is that of the calendar, and conditions count in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rowcall.calendar import Calendar, CalendarError, add, day_after, elapsed, parse_hours
from rowcall.duration import Span, Unit
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.evaluate.wall_clock import MOMENTS
from rowcall.evaluate.working import elapsed_column, shift_column
from rowcall.language.condition import Ago, Ahead, Compare, Condition, OfColumn, Operator
from rowcall.language.ref import ColumnRef
from rowcall.table import Snapshot
from tests.searched import HERE
from tests.tables import BERLIN, make_schema, make_table

EASTER = {date(2026, 4, 3): (), date(2026, 4, 6): (), date(2026, 4, 11): parse_hours("10:00-14:00")}
DESK = Calendar("desk", BERLIN, (parse_hours("09:00-12:00, 13:00-17:00"),) * 5 + ((),) * 2, EASTER)
NIGHT = Calendar("night", ZoneInfo("America/New_York"), (parse_hours("00:00-06:00, 22:00-24:00"),) * 7)
NEVER = Calendar("never", BERLIN, ((),) * 7)
DAYS = make_schema(
    "Days", "No", {"No": "text", "Day": "date", "At": "datetime", "End": "datetime", "To": "date"}
)

MOMENT = st.datetimes(datetime(2025, 10, 20), datetime(2026, 11, 5)).map(lambda one: one.replace(tzinfo=UTC))
ODD = st.sampled_from([datetime(year, 5, 5, 12, tzinfo=UTC) for year in (1899, 1900, 1990, 2110, 9899, 9950)])


@settings(max_examples=150, deadline=None)
@given(
    pairs=st.lists(st.tuples(MOMENT | ODD | st.none(), MOMENT | st.none()), max_size=12),
    calendar=st.sampled_from([DESK, NIGHT, NEVER]),
)
def test_a_column_of_working_time_is_that_of_the_calendar(
    pairs: list[tuple[datetime | None, datetime | None]], calendar: Calendar
) -> None:
    starts, ends = (pl.Series([pair[place] for pair in pairs], dtype=MOMENTS) for place in (0, 1))
    expected = [counted(calendar, *pair) for pair in pairs]
    assert elapsed_column(calendar, starts, ends).to_list() == expected


def counted(calendar: Calendar, start: datetime | None, end: datetime | None) -> timedelta | None:
    if start is None or end is None:
        return None
    try:
        return elapsed(calendar, start, end)
    except CalendarError:
        return None


def test_a_shifted_column_is_that_of_the_calendar() -> None:
    moments = [datetime(2026, 4, 2, 14, tzinfo=UTC), None, datetime(2026, 4, 3, 9, tzinfo=UTC)]
    days = [date(2026, 4, 2), None, date(2026, 4, 12)]
    hours, two = Span(4, Unit.HOUR, working=True), Span(2, Unit.DAY, working=True)
    column = pl.Series(moments, dtype=MOMENTS)
    expected = [one and add(DESK, one, hours, -1) for one in moments]
    assert shift_column(DESK, column, hours, -1).to_list() == expected
    assert shift_column(DESK, column, two, 1).to_list() == [one and add(DESK, one, two) for one in moments]
    dates = pl.Series(days, dtype=pl.Date)
    assert shift_column(DESK, dates, two, 1).to_list() == [one and day_after(DESK, one, 2) for one in days]
    # Midnight and four hours: the morning's three, and one of the afternoon; a Sunday leads to Monday.
    begun = [datetime(2026, 4, 2, 12, tzinfo=UTC), None, datetime(2026, 4, 13, 12, tzinfo=UTC)]
    assert shift_column(DESK, dates, hours, 1).to_list() == begun
    assert shift_column(NEVER, column, hours, 1).to_list() == [None, None, None]


def ask(
    line: Condition, row: dict[str, str], now: str, calendars: dict[str, Calendar] | None = None
) -> bool | str | None:
    table = make_table(DAYS, [{"No": "1", **row}])
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN).astimezone(UTC)
    known = {"desk": DESK, "never": NEVER} if calendars is None else calendars
    frame = assemble(table, Snapshot(moment, {"Days": table}), zone=BERLIN, calendars=known)
    found = masks({"one": line}, frame, moment, BERLIN)["one"]
    return found if isinstance(found, str) else found[0]


def ref(name: str) -> ColumnRef:
    return ColumnRef(DAYS.column(name), "Days")


def ago(name: str, how: Operator, count: int, unit: Unit, calendar: str = "desk") -> Ago:
    return Ago(ref(name), how, Span(count, unit, working=True), HERE, "", calendar)


LEAST, MOST, MORE = Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE


@pytest.mark.parametrize(
    ("line", "cell", "now", "expected"),
    [
        # Thursday 2 April 16:00 + 4 working hours = Tuesday 7 April 12:00: Good Friday and Easter Monday are closed
        (ago("At", LEAST, 4, Unit.HOUR), "2026-04-02 16:00", "2026-04-07T12:00", True),
        (ago("At", LEAST, 4, Unit.HOUR), "2026-04-02 16:01", "2026-04-07T12:00", False),
        (ago("At", MORE, 4, Unit.HOUR), "2026-04-02 16:00", "2026-04-07T12:00", False),
        (ago("At", MOST, 4, Unit.HOUR), "2026-04-02 16:00", "2026-04-07T12:00", True),
        (ago("At", MOST, 4, Unit.HOUR), "2026-04-07 12:30", "2026-04-07T12:00", False),  # to come
        (ago("Day", LEAST, 2, Unit.DAY), "2026-04-02", "2026-04-08T08:00", True),
        (ago("Day", LEAST, 2, Unit.DAY), "2026-04-03", "2026-04-08T08:00", False),
        (ago("Day", Operator.EQUAL, 2, Unit.DAY), "2026-04-02", "2026-04-08T08:00", True),
        (ago("Day", LEAST, 4, Unit.HOUR), "2026-04-02", "2026-04-07T12:00", True),
        (ago("At", LEAST, 4, Unit.HOUR), "", "2026-04-07T12:00", None),
        (Ahead(ref("Day"), Span(1, Unit.DAY, working=True), HERE, "", calendar="desk"), "2026-04-07", "2026-04-02T10:00", True),
        (Ahead(ref("Day"), Span(1, Unit.DAY, working=True), HERE, "", calendar="desk"), "2026-04-08", "2026-04-02T10:00", False),
        (Ahead(ref("At"), Span(2, Unit.HOUR, working=True), HERE, "", back=True, calendar="desk"), "2026-04-02 16:30", "2026-04-07T10:00", True),
        (Ahead(ref("At"), Span(2, Unit.HOUR, working=True), HERE, "", back=True, calendar="desk"), "2026-04-02 15:59", "2026-04-07T10:00", False),
    ],
)  # fmt: skip
def test_conditions_count_working_time(line: Ago | Ahead, cell: str, now: str, expected: bool | None) -> None:
    assert ask(line, {line.ref.column.name: cell}, now) is expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("2026-04-02 16:00", "2026-04-07 12:00", False), ("2026-04-02 16:00", "2026-04-07 12:01", True), ("", "2026-04-07 12:01", None)],
)  # fmt: skip
def test_a_column_so_much_working_time_after_another(start: str, end: str, expected: bool | None) -> None:
    right = OfColumn(ref("At"), shift=Span(4, Unit.HOUR, working=True), calendar="desk")
    line = Compare(ref("End"), Operator.MORE, right, HERE, "")
    assert ask(line, {"At": start, "End": end}, "2026-04-08T08:00") is expected


def test_a_date_so_many_working_days_before_another() -> None:
    right = OfColumn(ref("Day"), shift=Span(1, Unit.DAY, working=True), back=True, calendar="desk")
    line = Compare(ref("To"), Operator.EQUAL, right, HERE, "")
    assert ask(line, {"Day": "2026-04-07", "To": "2026-04-02"}, "2026-04-08T08:00") is True


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [("dask", 'there is no calendar "dask" to count working time in; calendars: desk, never → desk'), ("never", "has no working time")],
)  # fmt: skip
def test_a_calendar_that_cant_count_is_a_reason(calendar: str, expected: str) -> None:
    found = ask(ago("At", LEAST, 4, Unit.HOUR, calendar), {"At": "2026-04-02 16:00"}, "2026-04-07T12:00")
    assert isinstance(found, str)
    assert expected in found
