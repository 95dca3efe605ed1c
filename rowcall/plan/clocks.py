"""When do the clocks of a rule's rows stand still, when have their cells changed, and what did buttons say?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from rowcall.episode import Phase
from rowcall.errors import MistakesError
from rowcall.evaluate.frame import Frame
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import FromChange, Rule
from rowcall.memory import Pause, Press, RowClock
from rowcall.plan.columns import Columns
from rowcall.plan.deadline import CellMoment, RowTime
from rowcall.plan.episodes import Sight, true_keys, value_of
from rowcall.plan.inputs import TickInput
from rowcall.plan.looking import Past
from rowcall.plan.timekeeper import Timekeeper, lasting
from rowcall.plan.within import Within


@dataclass(frozen=True, slots=True)
class RuleClocks:
    """The clocks of one rule's rows in one tick.

    known: key → clock as it is now. changed: those that this tick changed. paused: rows for which `when` is not
    asked. stopped: rows whose episode a button ends. trouble: key → what can't be counted, filled while times are.
    """

    keeper: Timekeeper
    columns: Columns
    within: Within | None = None
    known: Mapping[str, RowClock] = field(default_factory=dict)
    changed: Mapping[str, RowClock] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    trouble: dict[str, str] = field(default_factory=dict)

    def row_time(self, key: str) -> RowTime:
        """Return what the times of one row hang on."""
        clock, within = self.known.get(key), self.within
        return RowTime(
            self.keeper,
            _cell(self.columns, key),
            clock.pauses if clock is not None else (),
            clock.changed if clock is not None else None,
            (lambda: within.of(key)) if within is not None else (lambda: None),
            lambda why: self.trouble.update({key: why}),
        )


def clocks_of(given: TickInput, rule: Rule, frame: Frame, position: Mapping[str, int]) -> RuleClocks:
    """Return the clocks as the last tick left them."""
    house, columns = given.house, Columns(frame, position)
    length = rule.due.within if rule.due is not None else None
    within = None if length is None else Within(length, columns, given.now, house.settings)
    keeper = Timekeeper(house.zone, house.calendars.get(rule.working_hours))
    known = given.memory.clocks.get(rule.id, {})
    paused = frozenset(key for key, one in known.items() if lasting(one.pauses) is not None)
    return RuleClocks(keeper, columns, within, known, paused=paused)


def follow_clocks(
    clocks: RuleClocks, sight: Sight, past: Past | None, presses: Iterable[Press]
) -> RuleClocks:
    """Return the clocks after a look: stays that began or are over, cells that changed, buttons that were pressed."""
    changed: dict[str, RowClock] = {}
    paused = _follow_pauses(clocks, sight, changed)
    stopped = _carry_out(clocks, sight, presses, changed)
    _follow_changes(clocks, sight, past, changed)
    if not changed and paused == clocks.paused:
        return replace(clocks, stopped=stopped)
    known = {**clocks.known, **changed}
    return replace(clocks, known=known, changed=changed, paused=paused, stopped=stopped)


def _follow_pauses(clocks: RuleClocks, sight: Sight, changed: dict[str, RowClock]) -> frozenset[str]:
    """Begin and end stays; where `pause while` is unknown, or the row is not there, nothing begins or ends."""
    mask = sight.masks.pause
    if mask is None:
        over = clocks.paused
        found: list[str] = []
    else:
        found = [key for key in _looked_at(sight, true_keys(sight, mask)) if key not in clocks.paused]
        over = frozenset(key for key in clocks.paused if value_of(sight, mask, key) is False)
    for key in over:
        clock = _clock(clocks, sight, changed, key)
        ended = tuple(replace(one, until=sight.now) if one.until is None else one for one in clock.pauses)
        changed[key] = replace(clock, pauses=ended)
    for key in found:
        clock = _clock(clocks, sight, changed, key)
        changed[key] = replace(clock, pauses=(*clock.pauses, Pause(sight.now)))
    return (clocks.paused - over) | frozenset(found)


def _carry_out(
    clocks: RuleClocks, sight: Sight, presses: Iterable[Press], changed: dict[str, RowClock]
) -> frozenset[str]:
    """Let the clocks of a row stand still as a button says; return the rows whose episode a button ends.

    A button of an episode that is over, or of an earlier one, does nothing.
    """
    stopped = set()
    for press in presses:
        episode = sight.episodes.get(press.key)
        if episode is None or (episode.n, episode.phase) != (press.n, Phase.OPEN):
            continue
        if press.stop:
            stopped.add(press.key)
        if press.snooze is None:
            continue
        clock = _clock(clocks, sight, changed, press.key)
        later = Pause(press.at, clocks.keeper.shift(press.at, press.snooze))
        if later not in clock.pauses:
            pauses = sorted((*clock.pauses, later), key=lambda one: one.since)
            changed[press.key] = replace(clock, pauses=tuple(pauses))
    return frozenset(stopped)


def _follow_changes(
    clocks: RuleClocks, sight: Sight, past: Past | None, changed: dict[str, RowClock]
) -> None:
    """Note when the cells of which the rule wants to know were seen to change; a new row counts as a change."""
    due = sight.rule.due
    if due is None or not isinstance(due.counted_from, FromChange) or past is None:
        return
    ref, frame = due.counted_from.ref, clocks.columns.frame.since(past.tables, past.new)
    try:
        now, before = frame.cells(ref), frame.cells(ref, before=True)
    except MistakesError:  # the table that it stands in can't be used now
        return
    moved = now.text.fill_null("").ne(before.text.fill_null("")) | frame.new()
    for key in frame.keys.filter(moved).to_list():
        clock = _clock(clocks, sight, changed, key)
        changed[key] = replace(clock, changed={**clock.changed, ref.name: sight.now})


def _looked_at(sight: Sight, keys: Iterable[str]) -> Iterable[str]:
    return keys if sight.touched is None else [key for key in keys if key in sight.touched]


def _clock(clocks: RuleClocks, sight: Sight, changed: Mapping[str, RowClock], key: str) -> RowClock:
    return changed.get(key) or clocks.known.get(key) or RowClock(sight.rule.id, key)


def _cell(columns: Columns, key: str) -> CellMoment:
    def cell(ref: ColumnRef) -> datetime | date | None:
        try:
            return columns.moment(ref, key)
        except MistakesError:  # a table on the way can't be used now: not known
            return None

    return cell
