"""Which rows start to matter to a rule, and which no longer do?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.calendar import CalendarError
from rowcall.episode import Episode, Phase
from rowcall.language.asking import while_open
from rowcall.language.rule import Rule
from rowcall.plan.deadline import RowTime
from rowcall.plan.entries import as_baseline, has_dates, is_outstanding
from rowcall.plan.timekeeper import Timekeeper


class Mask:
    """The answers of one condition for every row: true, false, or None for unknown."""

    __slots__ = ("_answers", "series")

    def __init__(self, series: pl.Series) -> None:
        self.series = series
        self._answers: list[bool | None] | None = None

    def __getitem__(self, row: int) -> bool | None:
        # One cell of a Series costs a microsecond, and a rule may have an episode for every row: listed once.
        if self._answers is None:
            self._answers = self.series.to_list()
        return self._answers[row]


@dataclass(frozen=True, slots=True)
class Masks:
    """The answers of one rule's conditions for every row of its table.

    when: for opening, with edges. lasts: what `when` means while open, None when nothing is left of it.
    stop, again, pause: None when the rule has no such line.
    """

    when: Mask
    lasts: Mask | None
    stop: Mask | None
    again: Mask | None
    pause: Mask | None = None


RowTimes = Callable[[str], RowTime]
"""Gives what the times of a row hang on."""
OwnView = Callable[[list[str]], tuple[Masks, Mapping[str, int]] | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything one rule sees of its table in one tick.

    position: key → row. settling: keys too new to act on. own_view: the masks of some rows as they would be
    without the rule's own writes. instant: `for` counts as passed (`preview --as-if-new`).
    used: numbers that earlier rows of a key have used.
    touched: the only keys for which anything may have changed since the rule looked; None = all.
    paused: keys whose clocks stand still, so that `when` is not asked. stopped: keys whose episode a button ends.
    row_time: what the times of a row hang on. under_way: (key, n, entry) with deliveries not final yet.
    """

    rule: Rule
    masks: Masks
    keys: pl.Series
    position: Mapping[str, int]
    episodes: Mapping[str, Episode]
    now: datetime
    zone: ZoneInfo
    settling: frozenset[str] = frozenset()
    own_view: OwnView = lambda _keys: None
    instant: bool = False
    used: Mapping[str, int] = field(default_factory=dict)
    touched: frozenset[str] | None = None
    paused: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    row_time: RowTimes | None = None
    under_way: frozenset[tuple[str, int, str]] = frozenset()

    def time_of(self, key: str) -> RowTime:
        """Return what the times of a row hang on; without clocks only those that need no cell are known."""
        return self.row_time(key) if self.row_time else RowTime(Timekeeper(self.zone), lambda _ref: None)


@dataclass(slots=True)
class EpisodeStep:
    """What one tick did to the episodes of one rule; `episodes` are those that changed.

    ended: keys whose timed entries are cancelled. closed: the episodes that came to their end, as they were.
    """

    opened: list[Episode] = field(default_factory=list)
    episodes: dict[str, Episode] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    closed: list[Episode] = field(default_factory=list)

    def put(self, episode: Episode) -> None:
        """Note a changed episode."""
        self.episodes[episode.key] = episode


def follow_episodes(sight: Sight) -> EpisodeStep:
    """Return what becomes of a rule's episodes: ends first, then re-arming, then openings."""
    step = EpisodeStep()
    known = [episode for episode in _touched_episodes(sight) if episode.key in sight.position]
    end_episodes(sight, step, [episode for episode in known if episode.phase is Phase.OPEN])
    _rearm(sight, step, [episode for episode in known if episode.phase is Phase.ENDED])
    _rearm(sight, step, [step.episodes[key] for key in step.ended])
    _open(sight, step)
    return step


def record_baseline(sight: Sight, step: EpisodeStep) -> tuple[str, ...]:
    """Record every row that matters already, but for those with an episode; return their keys."""
    found = []
    # Half a million rows may matter already: only those whose entries hang on their own dates are looked at.
    dated = has_dates(sight.rule)
    for key in true_keys(sight, sight.masks.when):
        if key in sight.episodes or value_of(sight, sight.masks.stop, key) not in (None, False):
            continue
        number = _first_number(sight, key)
        episode = Episode(sight.rule.id, key, number, Phase.OPEN, sight.now, sight.now, baseline=True)
        step.put(as_baseline(sight.rule, episode, sight.now, sight.time_of(key)) if dated else episode)
        found.append(key)
    return tuple(found)


def start_baseline(sight: Sight) -> Iterator[Episode]:
    """Yield the rows that were there on first sight and still matter, started now (`answer RULE act`)."""
    for key, episode in sight.episodes.items():
        if episode.baseline and episode.phase is Phase.OPEN and _holds(sight, key) is True:
            # What went out at a date of its own meanwhile has happened; what was only counted as done acts now.
            acted = tuple(one for one in episode.progress if one.fired_at is not None)
            yield replace(episode, baseline=False, since=sight.now, opened_at=sight.now, progress=acted)


def end_when_done(rule: Rule, episode: Episode, now: datetime) -> Episode:
    """Return the episode, ended and armed if nothing but its entries kept it open and none is outstanding."""
    if while_open(rule.when) is None and not is_outstanding(rule, episode):
        return stilled(replace(episode, phase=Phase.ARMED, since=now))
    return episode


def stilled(episode: Episode) -> Episode:
    """Return an episode that is over: none of its timers runs any more."""
    if all(one.due_at is None for one in episode.progress):
        return episode
    return replace(episode, progress=tuple(replace(one, due_at=None) for one in episode.progress))


def end_episodes(sight: Sight, step: EpisodeStep, open_episodes: list[Episode]) -> None:
    """End those of the open episodes that are over; a rule's own write alone ends none with more to do."""
    over = [episode for episode in open_episodes if _is_over(sight, episode.key)]
    acting = [episode.key for episode in over if _has_more_to_do(sight, episode)]
    own = sight.own_view(acting) if acting else None
    for episode in over:
        if own is not None and episode.key in own[1]:
            without = replace(sight, masks=own[0], position=own[1])
            if not _is_over(without, episode.key):
                continue  # only the rule's own write says so, and there is something left to do
        step.put(stilled(replace(episode, phase=Phase.ENDED, since=sight.now)))
        step.ended.append(episode.key)
        step.closed.append(episode)


def _has_more_to_do(sight: Sight, episode: Episode) -> bool:
    """Say whether any entry may still fire, or has fired and its deliveries are on their way."""
    if is_outstanding(sight.rule, episode):
        return True
    return any((episode.key, episode.n, one.entry) in sight.under_way for one in episode.progress)


def _is_over(sight: Sight, key: str) -> bool:
    """Say whether an open episode ends: only a definite answer ends it; in a pause `when` is not asked."""
    if key in sight.stopped or value_of(sight, sight.masks.stop, key) is True:
        return True
    if key in sight.paused:
        return False
    if value_of(sight, sight.masks.again, key) is True:
        return True
    return sight.rule.again_only_when is None and _holds(sight, key) is False


def _rearm(sight: Sight, step: EpisodeStep, ended: Iterable[Episode]) -> None:
    for episode in ended:
        if sight.rule.again_only_when is not None:
            ready = value_of(sight, sight.masks.again, episode.key) is True
        else:
            asked = episode.key not in sight.paused
            ready = sight.masks.lasts is None or (asked and _holds(sight, episode.key) is False)
        if ready:
            step.put(replace(episode, phase=Phase.ARMED))


def _open(sight: Sight, step: EpisodeStep) -> None:
    true = dict.fromkeys(_touched_true_keys(sight))  # in the order of the table
    for key in true:
        if key in sight.settling or key in sight.paused:
            continue
        episode = step.episodes.get(key) or sight.episodes.get(key)
        if not _is_armed(sight.rule, episode):
            continue
        if sight.masks.stop is not None and value_of(sight, sight.masks.stop, key) is not False:
            continue
        _open_one(sight, step, key, episode)
    for episode in _touched_episodes(sight):
        waits = episode.phase is Phase.PENDING and episode.key in sight.position
        if waits and episode.key not in true and episode.key not in sight.paused:
            _break_pending(sight, step, episode)


def _is_armed(rule: Rule, episode: Episode | None) -> bool:
    if episode is None or episode.phase is Phase.PENDING:
        return True
    return episode.phase is Phase.ARMED and not rule.once_per_row


def _open_one(sight: Sight, step: EpisodeStep, key: str, episode: Episode | None) -> None:
    number = (
        _first_number(sight, key)
        if episode is None
        else episode.n
        if episode.phase is Phase.PENDING
        else episode.n + 1
    )
    pending = episode if episode is not None and episode.phase is Phase.PENDING else None
    since = sight.now if pending is None else pending.since
    if sight.instant or _has_held(sight, key, since):
        opened = Episode(sight.rule.id, key, number, Phase.OPEN, sight.now, sight.now)
        step.put(opened)
        step.opened.append(opened)
    elif pending is None:
        step.put(Episode(sight.rule.id, key, number, Phase.PENDING, since))


def _has_held(sight: Sight, key: str, since: datetime) -> bool:
    """Say whether the row has mattered for as long as `for` asks; that clock stands still in a pause as well."""
    wait, row = sight.rule.hold_for, sight.time_of(key)
    try:
        ready = since if wait is None else row.keeper.run(since, wait, row.pauses)
    except (CalendarError, OverflowError) as error:
        row.trouble(str(error))
        return False
    return ready is not None and ready <= sight.now


def _break_pending(sight: Sight, step: EpisodeStep, episode: Episode) -> None:
    """Forget a row that did not hold long enough; one that is unknown right now goes on waiting."""
    if value_of(sight, sight.masks.when, episode.key) is None:
        return
    if episode.n > _first_number(sight, episode.key):
        step.put(Episode(episode.rule, episode.key, episode.n - 1, Phase.ARMED, sight.now))
    else:
        step.forgotten.append(episode.key)


def _first_number(sight: Sight, key: str) -> int:
    return sight.used.get(key, 0) + 1


def _holds(sight: Sight, key: str) -> bool | None:
    """Say whether the row still matters; an episode of which `when` says nothing lasts until it is done."""
    return True if sight.masks.lasts is None else value_of(sight, sight.masks.lasts, key)


def value_of(sight: Sight, mask: Mask | None, key: str) -> bool | None:
    """Return what a mask says of a row; None where it says nothing."""
    if mask is None or key not in sight.position:
        return None
    return mask[sight.position[key]]


def _touched_episodes(sight: Sight) -> Iterable[Episode]:
    if sight.touched is None:
        return sight.episodes.values()
    return [sight.episodes[key] for key in sight.touched | sight.stopped if key in sight.episodes]


def _touched_true_keys(sight: Sight) -> list[str]:
    if sight.touched is None:
        return true_keys(sight, sight.masks.when)
    found = (key for key in sight.touched if value_of(sight, sight.masks.when, key))
    return sorted(found, key=sight.position.__getitem__)


def true_keys(sight: Sight, mask: Mask) -> list[str]:
    """Return the keys of the rows for which a mask is true, in the order of the table."""
    keys: list[str] = sight.keys.filter(mask.series.fill_null(value=False)).to_list()
    return keys
