"""Which entries of a rule's rows act in this tick, and what becomes of the episodes through it?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rowcall.episode import Episode, Firing, Phase
from rowcall.errors import Problem, Severity
from rowcall.evaluate.row import Row, read_row
from rowcall.language.condition import Condition
from rowcall.language.rule import AtEnd, AtStart, Every
from rowcall.plan.entries import (
    OF_DATES,
    Due,
    deadline_of,
    due_entries,
    ending_entries,
    fired,
    with_times,
)
from rowcall.plan.episodes import EpisodeStep, end_when_done
from rowcall.plan.firing import Fired, Occasion, because_of, fire
from rowcall.plan.looking import ask_row, ask_rows
from rowcall.plan.rule_view import RuleStep, RuleView


def act(view: RuleView, step: RuleStep, followed: EpisodeStep) -> None:
    """Fire what is due of every row whose episode has ended, or is open and may have something to do."""
    for episode in followed.closed:
        _act_at_end(view, step, episode)
    opened = {episode.key for episode in followed.opened}
    for episode in list(_candidates(view, step, opened)):
        if episode.phase is not Phase.OPEN:
            _act_at_end(view, step, episode)
            continue
        row = view.sight.time_of(episode.key)
        settled = _settle_progress(view, episode)
        due = due_entries(view.rule, settled, view.given.now, row)
        after = with_times(
            view.rule, _fire_due(view, step, settled, due) if due else settled, view.given.now, row
        )
        over = end_when_done(view.rule, after, view.given.now)
        if over != episode:
            step.episodes[episode.key] = over
        if over.phase is not Phase.OPEN:
            _act_at_end(view, step, after)


def _act_at_end(view: RuleView, step: RuleStep, ended: Episode) -> None:
    """Fire what acts at the end; what could not be made or is unknown stays due, and is tried again."""
    due = ending_entries(view.rule, ended, view.given.now)
    if not due:
        return
    after = _fire_due(view, step, ended, due)
    kept = step.episodes.get(ended.key, view.sight.episodes.get(ended.key))
    if kept is None or kept.n != ended.n:
        return  # the next one has opened already: nothing is left to be remembered of this one
    progress = {one.entry: replace(one, due_at=None) for one in kept.progress}
    for one in due:
        mark = after.of(one.entry.id)
        progress[one.entry.id] = mark if mark.fired else replace(mark, due_at=view.given.now)
    step.episodes[ended.key] = replace(kept, progress=tuple(progress.values()))


def _candidates(view: RuleView, step: RuleStep, opened: set[str]) -> Iterable[Episode]:
    """Return the episodes with entries that may act, or whose times may have changed.

    Every other entry has its next time written down: of a shop's many episodes most need no look.
    """
    now, clocks = view.given.now, view.clocks
    moved = clocks.changed if clocks is not None else {}
    whole = view.stale is None
    stale = opened | moved.keys() | (view.stale or frozenset())
    timings = [entry.timing for entry in view.rule.entries]
    timed = any(not isinstance(timing, AtStart | AtEnd) for timing in timings)
    by_date = any(isinstance(timing, OF_DATES) for timing in timings)
    for key, episode in {**view.sight.episodes, **step.episodes}.items():
        if episode.phase is not Phase.OPEN:
            wanted = any(
                one.due_at is not None for one in episode.progress
            )  # what acts at the end and could not
        elif whole or key in stale:
            wanted = key in opened or (by_date if episode.baseline else timed or _is_unfired(view, episode))
        else:
            wanted = bool(episode.progress) and _waits(view, episode, now)
        if wanted and key in view.sight.position:
            yield episode


def _is_unfired(view: RuleView, episode: Episode) -> bool:
    return any(not episode.of(entry.id).fired for entry in view.rule.entries)


def _waits(view: RuleView, episode: Episode, now: datetime) -> bool:
    """Say whether a timer of the episode has run out, or an entry was done without a receipt."""
    for one in episode.progress:
        if one.due_at is not None and one.due_at <= now and one.waits_until is not None:
            return True
        settled = one.fired_at is not None and one.done_at is None
        if settled and not _is_under_way(view, episode, one.entry):
            return True
    return False


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
        if one.fired and one.done_at is None and not _is_under_way(view, episode, one.entry)
        else one
        for one in episode.progress
    )
    return replace(episode, progress=progress)


def _is_under_way(view: RuleView, episode: Episode, entry: str) -> bool:
    """Say whether deliveries of an entry are not final yet.

    Those under a name that an edit of the rule took away may be anybody's: all that is not done waits for them.
    """
    row = (episode.key, episode.n)
    return (*row, entry) in view.under_way or row in view.orphaned


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
    if condition is None:
        return True
    if view.struck is None and view.keeping is None:
        return ask_row(view.given, view.frame.only([key]), condition, view.asked_at)
    # At a label every row of a table may act: asked of all at once.
    if id(condition) not in view.asked:
        view.asked[id(condition)] = ask_rows(view.given, view.frame, condition, view.asked_at)
    return view.asked[id(condition)][view.sight.position[key]]


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
    row = f" (row {episode.key})" if episode.key else ""
    step.problems += [
        Problem(replace(entry.place, key=episode.key), f"{message}{row}", severity=Severity.ERROR)
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
    deadline = deadline_of(view.rule, episode, view.sight.time_of(episode.key))
    return Occasion(
        given=view.given,
        around=view.around,
        rule=view.rule,
        episode=episode,
        row=row,
        because=because_of(view.rule, row, view.figures),
        before=_row_before(view, episode.key),
        added=view.added,
        due=None if deadline is None else deadline.shown,
        counted_from=None if deadline is None else deadline.base,
        figures=view.figures,
        turns=view.turns,
        label=view.asked_at if view.struck is not None else None,
        kept=view.keeping.of(episode.key) if view.keeping is not None else {},
    )


def _row(view: RuleView, key: str) -> Row:
    return read_row(view.table, key, view.given.snapshot, view.sight.position.get(key))


def _row_before(view: RuleView, key: str) -> Row | None:
    try:
        if view.before is None:
            return None
        # Most readings find every row where it was.
        place = view.sight.position.get(key, len(view.before))
        same = place < len(view.before) and view.before.keys[place] == key
        return read_row(view.before, key, view.given.snapshot, place if same else None)
    except KeyError:
        return None
