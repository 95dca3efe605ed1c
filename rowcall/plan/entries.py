"""Which entries of an open episode are due now, and when is the next one?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from rowcall.duration import add, resolve_local
from rowcall.episode import Episode, Progress
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AfterColumn, AfterLast, AfterStart, AtStart, Entry, Every, Rule

CellMoment = Callable[[ColumnRef], datetime | date | None]
"""Gives the date or moment in a column of the row, None when it is empty or unreadable."""


@dataclass(frozen=True, slots=True)
class Due:
    """One entry that is due, and which time (occurrence, from 1) it would be."""

    entry: Entry
    occurrence: int
    due_at: datetime


def due_entries(
    rule: Rule, episode: Episode, now: datetime, zone: ZoneInfo, cell: CellMoment
) -> tuple[Due, ...]:
    """Return the entries of an open episode that are due and have not fired, in the order written."""
    return tuple(
        Due(entry, episode.of(entry.id).fired + 1, at)
        for entry, at in _times(rule, episode, zone, cell)
        if at is not None and at <= now
    )


def next_due(rule: Rule, episode: Episode, zone: ZoneInfo, cell: CellMoment) -> datetime | None:
    """Return the earliest moment at which an outstanding entry is due, None if none has a known time."""
    times = [at for _, at in _times(rule, episode, zone, cell) if at is not None]
    return min(times, default=None)


def with_times(rule: Rule, episode: Episode, zone: ZoneInfo, cell: CellMoment) -> Episode:
    """Return the episode with the times of its outstanding entries written down as progress (its timers)."""
    times = {entry.id: at for entry, at in _times(rule, episode, zone, cell)}
    progress = tuple(
        replace(episode.of(entry.id), due_at=times.get(entry.id))
        for entry in rule.entries
        if entry.id in times or episode.of(entry.id).fired
    )
    return replace(episode, progress=progress)


def is_outstanding(rule: Rule, episode: Episode) -> bool:
    """Say whether any entry of an open episode may still fire."""
    return any(_may_fire(entry, episode) for entry in rule.entries)


def fired(episode: Episode, due: Due, now: datetime, *, done: bool) -> Episode:
    """Return the episode after an entry fired; done: nothing is under way (it had nothing to do)."""
    before = episode.of(due.entry.id)
    after = Progress(due.entry.id, due.occurrence, now, now if done else None)
    others = tuple(one for one in episode.progress if one.entry != before.entry)
    return replace(episode, progress=(*others, after))


def finished(episode: Episode, entry: str, at: datetime) -> Episode:
    """Return the episode once all deliveries of an entry's last firing are final."""
    progress = tuple(
        replace(one, done_at=at) if one.entry == entry and one.done_at is None else one
        for one in episode.progress
    )
    return replace(episode, progress=progress)


def as_baseline(rule: Rule, episode: Episode, now: datetime, zone: ZoneInfo, cell: CellMoment) -> Episode:
    """Return the episode of a row that mattered before the rule looked: what lies behind counts as done.

    Entries counted from start or last, and `every`, never fire; those at a date column still ahead will come.
    """
    behind = [
        Progress(entry.id, 1, None, now)
        for entry in rule.entries
        if isinstance(entry.timing, AfterColumn) and not _is_ahead(entry.timing, now, zone, cell)
    ]
    return replace(episode, baseline=True, progress=tuple(behind))


def inherit(rule: Rule, episode: Episode) -> Episode:
    """Return the episode under an edited rule: entries keep their progress by id, the rest by position."""
    ids = [entry.id for entry in rule.entries]
    kept = {one.entry: one for one in episode.progress if one.entry in ids}
    left = [one for one in episode.progress if one.entry not in ids and one.fired]
    free = [name for name in ids if name not in kept]
    kept |= {name: replace(one, entry=name) for name, one in zip(free, left, strict=False)}
    return replace(episode, progress=tuple(kept.values()))


def _is_ahead(timing: AfterColumn, now: datetime, zone: ZoneInfo, cell: CellMoment) -> bool:
    at = _column_time(timing, zone, cell)
    return at is None or at > now


def _times(
    rule: Rule, episode: Episode, zone: ZoneInfo, cell: CellMoment
) -> Iterator[tuple[Entry, datetime | None]]:
    previous: Entry | None = None
    for entry in rule.entries:
        if _may_fire(entry, episode):
            yield entry, _time(entry, previous, episode, zone, cell)
        previous = entry


def _may_fire(entry: Entry, episode: Episode) -> bool:
    if episode.baseline and not isinstance(entry.timing, AfterColumn):
        return False
    progress = episode.of(entry.id)
    if not isinstance(entry.timing, Every):
        return progress.fired == 0
    return entry.timing.at_most is None or progress.fired < entry.timing.at_most


def _time(
    entry: Entry, previous: Entry | None, episode: Episode, zone: ZoneInfo, cell: CellMoment
) -> datetime | None:
    opened = episode.opened_at or episode.since
    match entry.timing:
        case AtStart():
            return opened
        case AfterStart(span=span):
            return add(opened, span, zone)
        case AfterLast(span=span):
            done = _done(previous, episode, opened)
            return None if done is None else add(done, span, zone)
        case AfterColumn() as timing:
            return _column_time(timing, zone, cell)
        case Every(span=span):
            progress = episode.of(entry.id)
            done = progress.done_at if progress.fired else _done(previous, episode, opened)
            return None if done is None else add(done, span, zone)
        case _:
            raise NotImplementedError(entry.timing)


def _done(previous: Entry | None, episode: Episode, opened: datetime) -> datetime | None:
    return opened if previous is None else episode.of(previous.id).done_at


def _column_time(timing: AfterColumn, zone: ZoneInfo, cell: CellMoment) -> datetime | None:
    value = cell(timing.ref)
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else resolve_local(datetime.combine(value, time.min), zone)
    return add(moment, timing.span, zone, times=-1 if timing.back else 1)
