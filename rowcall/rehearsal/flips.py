"""When can the answer of a condition change by the passing of time alone?

Returned are moments at which it *may* change: more of them than needed cost a look, one too few would miss a row.
An exact bound counts at the very moment and right after it, because `more than 3 days ago` is true only then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.calendar import Calendar
from rowcall.calendar import add as add_working
from rowcall.duration import Span, Unit, resolve_local
from rowcall.language.asking import operands_of
from rowcall.language.condition import Ago, Ahead, Anniversary, Between, Compare, InPeriod, Moment, OneOf
from rowcall.language.formula.tree import Formula, functions_in
from rowcall.language.parts import parts_of
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.table import TEMPORAL, Kind

MOMENTS = pl.Datetime("us", "UTC")
_INSTANT = timedelta(microseconds=1)
_POLARS = {
    Unit.MINUTE: "m", Unit.HOUR: "h", Unit.DAY: "d", Unit.WEEK: "w", Unit.MONTH: "mo", Unit.YEAR: "y",
}  # fmt: skip
_DAYS_AROUND = (-1, 0, 1)
_MONTHS_MISS_BY = (0, 1, 2, 3, 4)
"""A month back from the 31st of March and a month on from the 28th of February miss each other by so many days."""
_TODAY = Span(0, Unit.DAY)
_CLOCK = frozenset({Unit.MINUTE, Unit.HOUR})
_MONTHS = frozenset({Unit.MONTH, Unit.YEAR})

Around = Callable[[pl.Series], list[pl.Series]]
"""Gives, for the typed cells of a column, the moments at which answers about them may change (UTC, row by row)."""


@dataclass(frozen=True, slots=True)
class Flips:
    """What can change by the clock alone.

    cells: columns, and the moments around their cells. daily: something may change at each midnight.
    steadily: at any time (`NOW()` in a formula).
    """

    cells: tuple[tuple[ColumnRef, Around], ...] = ()
    daily: bool = False
    steadily: bool = False


def flips_of(rule: Rule, zone: ZoneInfo, calendars: Mapping[str, Calendar]) -> Flips:
    """Return when the answers of a rule's conditions, figures and kept values may change by the clock alone."""
    cells: list[tuple[ColumnRef, Around]] = []
    daily = steadily = False
    for part in parts_of(rule):
        match part:
            case Ago(ref=ref, span=span) | Ahead(ref=ref, span=span):
                back = isinstance(part, Ago) or part.back
                calendar = calendars.get(part.calendar)
                cells.append((ref, _around_span(ref, span, 1 if back else -1, zone, calendar)))
            case Compare(ref=ref) | Between(ref=ref) | OneOf(ref=ref):
                shifts = [one for one in operands_of(part) if isinstance(one, Moment)]
                cells += [(ref, _around_moment(ref, one, zone)) for one in shifts]
            case Anniversary() | InPeriod():
                daily = True
            case Formula():
                used = functions_in(part)
                daily, steadily = daily or "TODAY" in used, steadily or "NOW" in used
    kept = [part for one in rule.keep for part in parts_of(one.value) if isinstance(part, Moment)]
    daily, steadily = daily or bool(kept), steadily or any(one.now for one in kept)
    return Flips(tuple(cells), daily, steadily)


def midnights(days: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return when these days begin in the shop; where a zone skips midnight, the end of the gap."""
    return localised(days.cast(pl.Datetime("us")), zone)


def localised(naive: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Return the moments of wall-clock times; one that occurs twice is its first, one that is skipped the gap's end."""
    there = naive.dt.replace_time_zone(zone.key, ambiguous="earliest", non_existent="null")
    skipped = there.is_null() & naive.is_not_null()
    if skipped.any():
        distinct = naive.filter(skipped).unique()
        ends = [resolve_local(one, zone) for one in distinct]
        later = naive.replace_strict(
            distinct, pl.Series(ends, dtype=MOMENTS), default=None, return_dtype=MOMENTS
        )
        there = there.zip_with(~skipped, later.dt.convert_time_zone(zone.key))
    return there.dt.convert_time_zone("UTC")


def _around_moment(ref: ColumnRef, moment: Moment, zone: ZoneInfo) -> Around:
    """Return the moments at which a cell is passed by `now`, or by a day counted from today."""

    def around(cells: pl.Series) -> list[pl.Series]:
        if moment.now and ref.column.kind is Kind.DATETIME:
            return _exactly(cells)
        return _days(_day_of(cells, ref, zone), Span(-moment.days, Unit.DAY), 1, zone)

    return around


def _around_span(ref: ColumnRef, span: Span, sign: int, zone: ZoneInfo, calendar: Calendar | None) -> Around:
    """Return the moments at which a cell is passed by now, by now and the span, and by the days around them."""

    def around(cells: pl.Series) -> list[pl.Series]:
        if ref.column.kind not in TEMPORAL:
            return []
        days = _day_of(cells, ref, zone)
        found = _days(days, _TODAY, 1, zone)
        if span.working:
            moments = midnights(days, zone) if ref.column.kind is Kind.DATE else cells
            ends = _working(moments, span, sign, calendar)
            return [
                *found,
                *_exactly(moments),
                *_exactly(ends),
                *_days(_local_days(ends, zone), _TODAY, 1, zone),
            ]
        if span.unit not in _CLOCK:
            found += _days(days, span, sign, zone)
        if ref.column.kind is Kind.DATETIME:
            found += [*_exactly(cells), *_shifted(cells, span, sign, zone)]
        return found

    return around


def _exactly(moments: pl.Series) -> list[pl.Series]:
    return [moments, moments + _INSTANT]


def _shifted(moments: pl.Series, span: Span, sign: int, zone: ZoneInfo) -> list[pl.Series]:
    """Return the moments so much later, both by the clock on the wall and by the seconds that pass."""
    text = f"{sign * span.count}{_POLARS[span.unit]}"
    found = [moments.dt.offset_by(text)]
    if span.unit not in _CLOCK:
        naive = moments.dt.convert_time_zone(zone.key).dt.replace_time_zone(None).dt.offset_by(text)
        missed = _MONTHS_MISS_BY if span.unit in _MONTHS else (0,)
        found += [localised(naive.dt.offset_by(f"{days}d"), zone) for days in missed]
    return [one for moment in found for one in _exactly(moment)]


def _days(days: pl.Series, span: Span, sign: int, zone: ZoneInfo) -> list[pl.Series]:
    moved = days.dt.offset_by(f"{sign * span.count}{_POLARS[span.unit]}")
    around = sorted({*_DAYS_AROUND, *(_MONTHS_MISS_BY if span.unit in _MONTHS else ())})
    return [midnights(moved.dt.offset_by(f"{more}d"), zone) for more in around]


def _day_of(cells: pl.Series, ref: ColumnRef, zone: ZoneInfo) -> pl.Series:
    return cells if ref.column.kind is Kind.DATE else _local_days(cells, zone)


def _local_days(moments: pl.Series, zone: ZoneInfo) -> pl.Series:
    return moments.dt.convert_time_zone(zone.key).dt.date()


def _working(moments: pl.Series, span: Span, sign: int, calendar: Calendar | None) -> pl.Series:
    """Return the moments so much working time later; a calendar is asked moment by moment, each different one once."""
    if calendar is None:
        return moments.clear().extend_constant(None, len(moments))
    distinct = moments.drop_nulls().unique()
    ends = [add_working(calendar, one, span, times=sign) for one in distinct]
    return moments.replace_strict(
        distinct, pl.Series(ends, dtype=MOMENTS), default=None, return_dtype=MOMENTS
    )
