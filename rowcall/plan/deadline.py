"""When is a row due, and when is a share of the time before it, or some time before or after it?

A day is due at its end: a row is in time on the day itself. Whole days before it are counted from the day's
beginning, so that `2 days before due` of a Friday is Wednesday.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rowcall.duration import Span, Unit
from rowcall.episode import Episode
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AtDue, AtShare, Due, FromChange, FromStart
from rowcall.memory import Pause
from rowcall.plan.timekeeper import Timekeeper

CellMoment = Callable[[ColumnRef], datetime | date | None]
"""Gives the date or moment in a column of the row, None when it is empty or unreadable."""

_SHORT = (Unit.MINUTE, Unit.HOUR)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a row is due, and what that was counted from.

    planned: without any pause. at: with the pauses so far; None while the clocks stand still. day: the date, where a
    whole day is due. working: counted in working time.
    """

    base: datetime
    planned: datetime
    at: datetime | None
    day: date | None = None
    working: bool = False

    @property
    def shown(self) -> date | datetime | None:
        """The deadline as people read it: a day where a day is due."""
        return self.day or self.at


@dataclass(frozen=True, slots=True)
class RowTime:
    """What the times of one row hang on: its dates, its pauses, when its cells changed, how long it has.

    within: gives the time that `within` says for the row, None when it says none. trouble: is told what can't be
    counted, for people.
    """

    keeper: Timekeeper
    cell: CellMoment
    pauses: tuple[Pause, ...] = ()
    changed: Mapping[str, datetime] | None = None
    within: Callable[[], Span | None] = lambda: None
    trouble: Callable[[str], None] = lambda _: None


def due_of(due: Due, episode: Episode, row: RowTime) -> Deadline | None:
    """Return the row's deadline, None when it is not known; raises what Timekeeper raises."""
    base = _base(due, episode, row)
    if base is None:
        return None
    if due.within is None:
        return _due_in_column(base, episode, row)
    span = row.within()
    if span is None:
        return None
    start = _moment(base, row)
    planned = row.keeper.shift(start, span)
    at = row.keeper.push(start, planned, row.pauses, working_time=span.working)
    return Deadline(start, planned, at, working=span.working)


def share_time(deadline: Deadline, timing: AtShare, row: RowTime) -> datetime | None:
    """Return when so much of the time has passed; a deadline that came before its start leaves no time at all."""
    if deadline.at is None:
        return None
    if deadline.planned <= deadline.base:
        return deadline.at - _MINUTE  # before the deadline: of what was missed the latest mail must win
    working = deadline.working
    moment = row.keeper.part(deadline.base, deadline.planned, timing.percent, working_time=working)
    return row.keeper.push(deadline.base, moment, row.pauses, working_time=working)


def due_time(deadline: Deadline, timing: AtDue, row: RowTime) -> datetime | None:
    """Return the moment of the deadline, or so long before or after it."""
    if deadline.at is None or timing.span is None:
        return deadline.at
    if not timing.back:
        return row.keeper.run(deadline.at, timing.span, row.pauses)
    end = deadline.at
    if deadline.day is not None and timing.span.unit not in _SHORT:
        end = row.keeper.midnight(deadline.day) + (deadline.at - deadline.planned)
    return row.keeper.shift(end, timing.span, -1)


def _base(due: Due, episode: Episode, row: RowTime) -> datetime | date | None:
    match due.counted_from:
        case FromStart():
            return episode.opened_at
        case FromChange(ref=ref):
            return (row.changed or {}).get(ref.name)
        case ColumnRef() as ref:
            return row.cell(ref)


def _due_in_column(value: datetime | date, episode: Episode, row: RowTime) -> Deadline:
    day = None if isinstance(value, datetime) else value
    planned = _moment(value, row) if day is None else row.keeper.midnight(day + timedelta(days=1))
    at = row.keeper.push(planned, planned, row.pauses, working_time=False)
    return Deadline(episode.opened_at or episode.since, planned, at, day)


def _moment(value: datetime | date, row: RowTime) -> datetime:
    return value if isinstance(value, datetime) else row.keeper.midnight(value)
