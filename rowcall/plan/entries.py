"""Which entries of an open episode are due now, and when is the next one?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rowcall.calendar import CalendarError
from rowcall.episode import Episode, Progress
from rowcall.language.rule import (
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Entry,
    Every,
    Rule,
)
from rowcall.plan.deadline import Deadline, RowTime, due_of, due_time, share_time

OF_DATES = (AfterColumn, AtDue, AtShare)
"""Timings that hang on a date of the row: they come also for rows that mattered before the rule looked."""


@dataclass(frozen=True, slots=True)
class Due:
    """One entry that is due, and which time (occurrence, from 1) it would be."""

    entry: Entry
    occurrence: int
    due_at: datetime


def due_entries(rule: Rule, episode: Episode, now: datetime, row: RowTime) -> tuple[Due, ...]:
    """Return the entries of an open episode that are due and have not fired, in the order they fell due.

    What begins at the start comes first, equal times in the order written.
    """
    found = [
        Due(entry, episode.of(entry.id).fired + 1, at)
        for entry, at in _times(rule, episode, row)
        if at is not None and at <= now and _acts(entry, episode.of(entry.id), at, now)
    ]
    return tuple(sorted(found, key=_rank))


def with_times(rule: Rule, episode: Episode, now: datetime, row: RowTime) -> Episode:
    """Return the episode with the times of its outstanding entries written down as progress (its timers)."""
    times = {entry.id: at for entry, at in _times(rule, episode, row)}
    progress = tuple(
        _timed(entry, episode.of(entry.id), times, now)
        for entry in rule.entries
        if entry.id in times or episode.of(entry.id).fired
    )
    return episode if progress == episode.progress else replace(episode, progress=progress)


def is_outstanding(rule: Rule, episode: Episode) -> bool:
    """Say whether any entry of an open episode may still fire by a clock."""
    return any(_may_fire(entry, episode) for entry in rule.entries)


def fired(episode: Episode, due: Due, now: datetime, *, done: bool) -> Episode:
    """Return the episode after an entry fired; done: nothing is under way (it had nothing to do)."""
    before = episode.of(due.entry.id)
    fired_for = due.due_at if rearms(due.entry) else None
    after = Progress(due.entry.id, due.occurrence, now, now if done else None, fired_for)
    others = tuple(one for one in episode.progress if one.entry != before.entry)
    return replace(episode, progress=(*others, after))


def as_baseline(rule: Rule, episode: Episode, now: datetime, row: RowTime) -> Episode:
    """Return the episode of a row that mattered before the rule looked: what lies behind counts as done.

    Entries counted from start or last, and `every`, never fire; those at the deadline or at a date column that are
    still ahead will come.
    """
    # A pause that lasts hides the times: what was behind when it began is behind all the same.
    ticking = replace(row, pauses=tuple(one for one in row.pauses if one.until is not None))
    unfired = replace(episode, baseline=True)
    behind = [
        Progress(entry.id, 1, None, now, at if rearms(entry) else None)
        for entry, at in _times(rule, unfired, ticking)
        if at is not None and at <= now
    ]
    return with_times(rule, replace(unfired, progress=tuple(behind)), now, row)


def has_dates(rule: Rule) -> bool:
    """Say whether any entry hangs on a date of the row, so that it comes also for rows of the baseline."""
    return any(isinstance(entry.timing, OF_DATES) for entry in rule.entries)


def inherit(rule: Rule, episode: Episode) -> Episode:
    """Return the episode under an edited rule: entries keep their progress by id, the rest by position."""
    ids = [entry.id for entry in rule.entries]
    kept = {one.entry: one for one in episode.progress if one.entry in ids}
    left = [one for one in episode.progress if one.entry not in ids and one.fired]
    free = [name for name in ids if name not in kept]
    kept |= {name: replace(one, entry=name) for name, one in zip(free, left, strict=False)}
    return replace(episode, progress=tuple(kept.values()))


def rearms(entry: Entry) -> bool:
    """Say whether a deadline that is moved later lets the entry act anew: those from `due` on."""
    return isinstance(entry.timing, AtDue) and not entry.timing.back


def ending_entries(rule: Rule, episode: Episode, now: datetime) -> tuple[Due, ...]:
    """Return the entries that act when the episode ends and have not yet done so."""
    return tuple(
        Due(entry, 1, now)
        for entry in rule.entries
        if isinstance(entry.timing, AtEnd) and not episode.baseline and not episode.of(entry.id).fired
    )


def _rank(due: Due) -> tuple[bool, datetime]:
    return not isinstance(due.entry.timing, AtStart), due.due_at


def _timed(entry: Entry, progress: Progress, times: Mapping[str, datetime | None], now: datetime) -> Progress:
    """Return the progress with the time at which the entry fires next."""
    at = times.get(entry.id)
    if not (progress.fired and rearms(entry)):
        return replace(progress, due_at=at)
    if at is None or (not _acts(entry, progress, at, now) and progress.waits_until is None):
        return progress  # keeps the time that it fired for
    return replace(progress, due_at=at)


def _acts(entry: Entry, progress: Progress, at: datetime, now: datetime) -> bool:
    """Say whether an entry may act at its time; one that has fired only for a deadline moved into the future."""
    if not (progress.fired and rearms(entry)):
        return True
    waits = progress.waits_until is not None and progress.stamp is not None and at > progress.stamp
    return at > now or waits


def _times(rule: Rule, episode: Episode, row: RowTime) -> Iterator[tuple[Entry, datetime | None]]:
    """Yield every entry that may fire, or has fired at the deadline, with its time, None = not known now."""
    previous: Entry | None = None
    deadline = deadline_of(rule, episode, row)
    for entry in rule.entries:
        if _may_fire(entry, episode) or (rearms(entry) and episode.of(entry.id).fired):
            yield entry, _guarded_time(entry, previous, episode, deadline, row)
        previous = entry


def deadline_of(rule: Rule, episode: Episode, row: RowTime) -> Deadline | None:
    """Return the row's deadline; None without one, and when it can't be counted, of which people are told."""
    try:
        return None if rule.due is None else due_of(rule.due, episode, row)
    except (CalendarError, OverflowError, ValueError) as error:
        row.trouble(str(error))
        return None


def _may_fire(entry: Entry, episode: Episode) -> bool:
    if isinstance(entry.timing, AtEnd) or (episode.baseline and not isinstance(entry.timing, OF_DATES)):
        return False
    progress = episode.of(entry.id)
    if not isinstance(entry.timing, Every):
        return progress.fired == 0
    return entry.timing.at_most is None or progress.fired < entry.timing.at_most


def _guarded_time(
    entry: Entry, previous: Entry | None, episode: Episode, deadline: Deadline | None, row: RowTime
) -> datetime | None:
    """Return the time of an entry; one that can't be counted is not known, and people are told."""
    try:
        return _time(entry, previous, episode, deadline, row)
    except (CalendarError, OverflowError, ValueError) as error:
        row.trouble(str(error))
        return None


def _time(
    entry: Entry, previous: Entry | None, episode: Episode, deadline: Deadline | None, row: RowTime
) -> datetime | None:
    opened = episode.opened_at or episode.since
    match entry.timing:
        case AtStart():
            return opened
        case AfterStart(span=span):
            return row.keeper.run(opened, span, row.pauses)
        case AfterLast(span=span):
            done = _done(previous, episode, opened)
            return None if done is None else row.keeper.run(done, span, row.pauses)
        case AfterColumn() as timing:
            return _column_time(timing, row)
        case AtDue() as timing:
            return None if deadline is None else due_time(deadline, timing, row)
        case AtShare() as timing:
            return None if deadline is None else share_time(deadline, timing, row)
        case Every(span=span):
            progress = episode.of(entry.id)
            done = progress.done_at if progress.fired else _done(previous, episode, opened)
            return None if done is None else row.keeper.run(done, span, row.pauses)
        case AtEnd():
            return None


def _done(previous: Entry | None, episode: Episode, opened: datetime) -> datetime | None:
    return opened if previous is None else episode.of(previous.id).done_at


def _column_time(timing: AfterColumn, row: RowTime) -> datetime | None:
    value = row.cell(timing.ref)
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else row.keeper.midnight(value)
    return row.keeper.shift(moment, timing.span, -1 if timing.back else 1)
