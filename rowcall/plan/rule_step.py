"""What does one tick mean for one rule: episodes, entries that act, rows recorded on first sight?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rowcall.episode import Episode, Firing, Phase
from rowcall.errors import Problem, Severity
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.row import Row, read_row
from rowcall.language.condition import Condition
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AfterColumn, AtStart, Entry, Every, FirstRun, Rule
from rowcall.memory import Answer, RuleMemory
from rowcall.plan.entries import CellMoment, Due, due_entries, fired, inherit, with_times
from rowcall.plan.episodes import (
    EpisodeStep,
    Sight,
    end_when_done,
    follow_episodes,
    record_baseline,
    start_baseline,
)
from rowcall.plan.firing import Fired, Occasion, because_of, fire
from rowcall.plan.inputs import TickInput
from rowcall.plan.labels import Struck, missed_problem
from rowcall.plan.looking import ask_row
from rowcall.plan.occasions import follow_occasions, next_number
from rowcall.scene import Surroundings
from rowcall.table import TEMPORAL, Table

AddedSoFar = dict[str, tuple[Mapping[str, str], ...]]
"""Table → texts of the rows that this tick adds: shared by all rules of a tick, and grows while it is planned."""


@dataclass(slots=True)
class RuleStep:
    """What one tick wants for one rule; nothing of it is decided before limits and conflicts were looked at.

    known: the rule's episodes before this tick. table_rows: how many rows its table has.
    baseline: keys recorded on first sight; asks: the responsible person is to be asked about them.
    failed: entries whose words can't be made yet, with the reason. missed: labels of a schedule that were passed over.
    """

    rule: Rule
    memory: RuleMemory
    known: Mapping[str, Episode] = field(default_factory=dict)
    table_rows: int = 0
    episodes: dict[str, Episode] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    baseline: tuple[str, ...] = ()
    asks: bool = False
    problems: list[Problem] = field(default_factory=list)
    failed: list[tuple[Entry, str]] = field(default_factory=list)
    answered: bool = False
    missed: Struck | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """Everything one rule's step looks at.

    first: the rule looks at its table for the first time. old: its sight of the last stored tables, when its text
    was edited or it was off. changed: keys edited since. under_way: (key, n, entry) with deliveries not final yet.
    struck: what the rule's schedule says, None without one; `around.now` is then its label.
    """

    given: TickInput
    around: Surroundings
    rule: Rule
    table: Table
    frame: Frame
    sight: Sight
    memory: RuleMemory
    first: bool = False
    old: Sight | None = None
    under_way: frozenset[tuple[str, int, str]] = frozenset()
    struck: Struck | None = None
    added: AddedSoFar = field(default_factory=dict)
    before: Table | None = None

    @property
    def asked_at(self) -> datetime:
        """The moment for which conditions are asked: now, or the label of a schedule."""
        return self.given.now if self.struck is None else self.struck.label or self.struck.seen


def step_rule(view: RuleView) -> RuleStep:
    """Return what one tick means for one rule."""
    step = RuleStep(view.rule, view.memory, view.sight.episodes, len(view.table))
    if (
        view.struck is None
        and view.first
        and view.rule.first_run is not FirstRun.ACT
        and not view.given.as_if_new
    ):
        return _first_sight(view, step)
    if view.old is not None:
        view = _look_back(view, step)
    followed = _follow(view, step)
    _answer(view, step, followed)
    step.episodes |= followed.episodes
    step.forgotten += followed.forgotten
    step.ended += followed.ended
    step.opened += [episode.key for episode in followed.opened]
    _act(view, step, followed)
    return step


def _follow(view: RuleView, step: RuleStep) -> EpisodeStep:
    """Return what becomes of the episodes: with a schedule every label is a fresh occasion."""
    if view.struck is None:
        return follow_episodes(view.sight)
    number = next_number(step.memory, view.sight)
    acts = view.struck.label is not None
    step.memory = replace(
        step.memory, label=view.struck.seen, occasion=number if acts else step.memory.occasion
    )
    problem = missed_problem(view.rule, view.struck, view.given)
    step.problems += [] if problem is None else [problem]
    step.missed = view.struck if problem is not None and view.struck.missed else None
    return follow_occasions(view.sight, view.struck.label, number)


def _first_sight(view: RuleView, step: RuleStep) -> RuleStep:
    found = EpisodeStep()
    step.baseline = record_baseline(view.sight, found, lambda key: _cell_moment(view, key))
    step.episodes = found.episodes
    step.asks = bool(step.baseline) and view.rule.first_run is FirstRun.ASK
    step.memory = replace(step.memory, asked=len(step.baseline) if step.asks else 0)
    return step


def _look_back(view: RuleView, step: RuleStep) -> RuleView:
    """Record what mattered only under the new text, or came to matter while the rule was off."""
    assert view.old is not None  # noqa: S101 - the caller has looked
    found = EpisodeStep()
    step.baseline = record_baseline(view.old, found, lambda key: _cell_moment(view, key))
    known = {key: inherit(view.rule, episode) for key, episode in view.sight.episodes.items()}
    step.episodes |= {key: one for key, one in known.items() if one != view.sight.episodes[key]}
    step.episodes |= found.episodes
    return replace(view, sight=replace(view.sight, episodes={**known, **found.episodes}))


def _answer(view: RuleView, step: RuleStep, followed: EpisodeStep) -> None:
    answer = view.given.memory.answers.get(view.rule.id)
    if answer is None:
        return
    step.answered = True
    step.memory = replace(step.memory, asked=0)
    if answer is Answer.ACT:
        episodes = {**view.sight.episodes, **followed.episodes}
        for episode in start_baseline(replace(view.sight, episodes=episodes)):
            followed.put(episode)
            followed.opened.append(episode)


def _act(view: RuleView, step: RuleStep, followed: EpisodeStep) -> None:
    """Fire the due entries of every open episode that may have some."""
    opened = {episode.key for episode in followed.opened}
    for episode in _candidates(view, step, opened):
        cell = _cell_moment(view, episode.key)
        settled = _settle_progress(view, episode)
        due = due_entries(view.rule, settled, view.given.now, view.given.house.zone, cell)
        after = _fire_due(view, step, settled, due) if due else settled
        after = end_when_done(
            view.rule, with_times(view.rule, after, view.given.house.zone, cell), view.given.now
        )
        if after != episode:
            step.episodes[episode.key] = after


def _candidates(view: RuleView, step: RuleStep, opened: set[str]) -> Iterable[Episode]:
    """Return the open episodes with entries that may act: all that just opened, and those with timed entries.

    A rule whose entries all act at the start has nothing else to look at, unless an entry could not be made.
    """
    timed = any(not isinstance(entry.timing, AtStart) for entry in view.rule.entries)
    by_column = any(isinstance(entry.timing, AfterColumn) for entry in view.rule.entries)
    episodes = {**view.sight.episodes, **step.episodes}
    for key, episode in episodes.items():
        if (episode.baseline and not by_column) or episode.phase is not Phase.OPEN:
            continue  # most of a shop's episodes: rows that were there before the rule, with nothing to come
        if key not in view.sight.position:
            continue
        if (
            key in opened
            or (timed and not episode.baseline)
            or (by_column and episode.baseline)
            or (not episode.baseline and any(not episode.of(entry.id).fired for entry in view.rule.entries))
        ):
            yield episode


def _settle_progress(view: RuleView, episode: Episode) -> Episode:
    """Mark entries as done whose deliveries are all final by now."""
    if all(one.done_at is not None or not one.fired for one in episode.progress):
        return episode
    receipts = {
        receipt.effect.entry: receipt.at
        for receipt in view.given.memory.receipts
        if (receipt.effect.rule, receipt.effect.key, receipt.effect.n)
        == (view.rule.id, episode.key, episode.n)
    }
    progress = tuple(
        replace(one, done_at=receipts.get(one.entry, view.given.now))
        if one.fired and one.done_at is None and (episode.key, episode.n, one.entry) not in view.under_way
        else one
        for one in episode.progress
    )
    return replace(episode, progress=progress)


def _fire_due(view: RuleView, step: RuleStep, episode: Episode, due: tuple[Due, ...]) -> Episode:
    """Ask the entries' own conditions, then fire; unknown never acts and is asked again."""
    acting = []
    for one in due:
        if isinstance(one.entry.timing, Every) and one.entry.timing.until is not None:
            over = _ask(view, episode.key, one.entry.timing.until)
            if over is not False:
                episode = _close_entry(episode, one) if over else episode
                continue
        answer = _ask(view, episode.key, one.entry.when)
        if answer:
            acting.append(one)
        elif answer is False:
            episode = fired(episode, one, view.given.now, done=True)
    if not acting:
        return episode
    outcome = fire(_occasion(view, episode), acting)
    return _note(view, step, episode, acting, outcome)


def _ask(view: RuleView, key: str, condition: Condition | None) -> bool | None:
    """Return what a condition of an entry says of the row; an entry without one always acts."""
    return (
        True if condition is None else ask_row(view.given, view.frame.only([key]), condition, view.asked_at)
    )


def _close_entry(episode: Episode, due: Due) -> Episode:
    """Write an `every` off whose `until` has come true: it fires no more in this episode."""
    timing = due.entry.timing
    last = timing.at_most if isinstance(timing, Every) and timing.at_most is not None else 1_000_000_000
    before = episode.of(due.entry.id)
    closed = replace(before, fired=last, due_at=None)
    return replace(
        episode, progress=(*(one for one in episode.progress if one.entry != before.entry), closed)
    )


def _note(view: RuleView, step: RuleStep, episode: Episode, acting: list[Due], outcome: Fired) -> Episode:
    step.problems += outcome.problems
    step.failed += outcome.failed
    failed = {entry.id for entry, _ in outcome.failed}
    step.problems += [
        Problem(replace(entry.place, key=episode.key), message, severity=Severity.ERROR)
        for entry, message in outcome.failed
    ]
    made = {firing.entry: firing for firing in outcome.firings}
    for one in acting:
        if one.entry.id in failed:
            continue
        firing = made[one.entry.id]
        step.firings.append(firing)
        _note_added(view, firing)
        episode = fired(episode, one, view.given.now, done=not firing.deliveries)
    return episode


def _note_added(view: RuleView, firing: Firing) -> None:
    """Let everything planned later in this tick see the rows that this firing adds."""
    for delivery in firing.deliveries:
        kind = view.given.house.actions[delivery.kind]
        if kind.adds is not None:
            table, texts = kind.adds(delivery.payload)
            view.added[table] = (*view.added.get(table, ()), texts)


def _occasion(view: RuleView, episode: Episode) -> Occasion:
    row = _row(view, episode.key)
    return Occasion(
        given=view.given,
        around=view.around,
        rule=view.rule,
        episode=episode,
        row=row,
        because=because_of(view.rule, row),
        before=_row_before(view, episode.key),
        added=view.added,
    )


def _row(view: RuleView, key: str) -> Row:
    return read_row(view.table, key, view.given.snapshot)


def _row_before(view: RuleView, key: str) -> Row | None:
    try:
        return None if view.before is None else read_row(view.before, key, view.given.snapshot)
    except KeyError:
        return None


def _cell_moment(view: RuleView, key: str) -> CellMoment:
    """Return the way to the dates of one row, read only when an entry asks for them."""

    def cell(ref: ColumnRef) -> datetime | date | None:
        value = _row(view, key).value(ref)
        return value if ref.column.kind in TEMPORAL and isinstance(value, date) else None

    return cell
