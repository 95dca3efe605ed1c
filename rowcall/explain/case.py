"""What is known of one rule and one row: gathered once, through the very functions that the plan uses?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rowcall.episode import DeliveryState, Episode, Firing
from rowcall.errors import MistakesError, Problem
from rowcall.evaluate.lines import LineResult, explain_lines
from rowcall.language.condition import Condition
from rowcall.language.rule import Rule, State
from rowcall.memory import Hold, OpenDelivery, Plan, RowMemory, RuleMemory
from rowcall.plan import TickInput, plan
from rowcall.plan.clocks import RuleClocks, clocks_of
from rowcall.plan.figuring import Figuring
from rowcall.plan.labels import strike
from rowcall.plan.looking import frame_of, past_of
from rowcall.plan.needs import state_of
from rowcall.plan.own_writes import remember_own, unseen_cells
from rowcall.plan.renames import move_memory
from rowcall.plan.wake import why_held


@dataclass(frozen=True, slots=True)
class Case:
    """One rule and one row at one moment.

    wanted: what the next tick would do. memory, before: of the rule and its episode, before that tick; after: the
    episode after it. row: what is remembered of a new or missing row. held: why the rule's tables can't be used.
    label: the one of the rule's schedule that is acted on now.
    when, stop, again: the condition lines with what they saw; none where the row is not there. clocks: those of the
    rule's rows after that tick.
    """

    given: TickInput
    rule: Rule
    key: str
    wanted: Plan
    state: State
    held: Problem | None
    there: bool
    memory: RuleMemory | None
    before: Episode | None
    after: Episode | None
    row: RowMemory | None
    label: datetime | None = None
    when: tuple[LineResult, ...] = ()
    stop: tuple[LineResult, ...] = ()
    again: tuple[LineResult, ...] = ()
    clocks: RuleClocks | None = None

    @property
    def firings(self) -> tuple[Firing, ...]:
        """What the next tick would do for this row."""
        return tuple(one for one in self.wanted.firings if (one.rule, one.key) == (self.rule.id, self.key))

    @property
    def hold(self) -> Hold | None:
        """The hold of the rule that is open, or would be after the next tick."""
        holds = [*self.wanted.held, *self.given.memory.holds.values()]
        return next((one for one in holds if one.rule == self.rule.id and not one.decision), None)

    @property
    def waiting(self) -> tuple[OpenDelivery, ...]:
        """The deliveries for this row that are planned and not final."""
        return tuple(
            one
            for one in self.given.memory.open_deliveries.values()
            if (one.delivery.effect.rule, one.delivery.effect.key) == (self.rule.id, self.key)
        )

    @property
    def ahead(self) -> tuple[OpenDelivery, ...]:
        """What has to go out first: of the deliveries that wait, those that wait for no other.

        A line of a digest that has been made is stood for by the digest's mail.
        """
        under_way = self.given.memory.open_deliveries
        found = {}
        waiting = list(self.waiting)
        while waiting:
            one = waiting.pop()
            before = [under_way[name] for name in one.delivery.after if name in under_way]
            waiting += before
            if not before:
                found[one.id] = one
        return tuple(found.values())

    @property
    def is_held(self) -> bool:
        """Whether something for this row waits for a person."""
        return any(one.state is DeliveryState.HELD for one in self.waiting) or any(
            one.state is DeliveryState.HELD for firing in self.firings for one in firing.deliveries
        )

    @property
    def has_dates_ahead(self) -> bool:
        """Whether entries at a deadline or a date will come, though the row mattered from the first look on."""
        progress = self.after.progress if self.after is not None else ()
        return any(one.waits_until is not None for one in progress)

    @property
    def settling(self) -> bool:
        """Whether the row is too new to act on."""
        return self.row is not None and self.row.steady_since is not None and not self.given.as_if_new

    @property
    def matches(self) -> bool | None:
        """What `when` says of the row; None = unknown, or the row is not there."""
        return result_of(self.when) if self.there else None


def gather(given: TickInput, rule: Rule, key: str) -> Case:
    """Return what is known of one rule and one row; given: as for a tick at this moment."""
    wanted = plan(given)
    tables = {one.id: one.table for one in given.rules}
    given = replace(given, memory=move_memory(given.memory, wanted.change.moved, tables))
    known = given.memory.episodes.get(rule.id, {}).get(key)
    changed = {one.key: one for one in wanted.change.episodes if one.rule == rule.id}
    gone = (rule.id, key) in wanted.change.forgotten_episodes
    table = given.snapshot.tables.get(rule.table)
    case = Case(
        given=given,
        rule=rule,
        key=key,
        wanted=wanted,
        state=state_of(rule, given),
        held=why_held(rule, given),
        there=key in table.keys if table is not None else not (rule.table or key),
        memory=given.memory.rules.get(rule.id),
        before=known,
        after=changed.get(key, None if gone else known),
        row=rows_after(given, wanted, rule.table).get(key),
        label=strike(rule, given).label if rule.schedule else None,
    )
    return _with_lines(case) if case.there and case.held is None else case


def rows_after(given: TickInput, wanted: Plan, table: str) -> Mapping[str, RowMemory]:
    """Return what will be remembered of a table's new and missing rows after the next tick."""
    rows = dict(given.memory.rows.get(table, {}))
    rows |= {row.key: row for row in wanted.change.rows if row.table == table}
    for name, key in wanted.change.forgotten_rows:
        if name == table:
            rows.pop(key, None)
    return rows


def result_of(lines: tuple[LineResult, ...]) -> bool | None:
    """Join the answers of lines that must all be true: unknown unless one is false."""
    results = [line.result for line in lines if line.depth == 0]
    return False if False in results else None if None in results else True


def _with_lines(case: Case) -> Case:
    given, rule = case.given, case.rule
    memory = remember_own(given, case.memory or RuleMemory(rule.id, table=rule.table))
    looked_at = memory.looked_at
    new = frozenset(
        key
        for key, row in rows_after(given, case.wanted, rule.table).items()
        if row.settled_at is not None and (looked_at is None or row.settled_at > looked_at)
    )
    past = past_of(given, memory, new, unseen_cells(given, memory))
    moment = case.label or given.now
    figuring = Figuring(given, given.snapshot)
    whole = figuring.put([rule], moment, frame_of(given, given.snapshot, rule.table))
    frame = whole.since(past.tables, past.new, past.own).only([case.key])

    def lines(condition: Condition | None) -> tuple[LineResult, ...]:
        if condition is None:
            return ()
        try:
            found = explain_lines(condition, frame, moment, given.house.zone, given.house.settings)
        except MistakesError:
            return ()
        return tuple(found)

    return replace(
        case,
        when=lines(rule.when),
        stop=lines(rule.stop_when),
        again=lines(rule.again_only_when),
        clocks=clocks_of(_after(case), rule, frame, {case.key: 0}),
    )


def _after(case: Case) -> TickInput:
    """Return what a tick looks at, with the rows' clocks as the next one leaves them."""
    memory, rule = case.given.memory, case.rule.id
    changed = {one.key: one for one in case.wanted.change.clocks if one.rule == rule}
    clocks = {**memory.clocks, rule: {**memory.clocks.get(rule, {}), **changed}}
    return replace(case.given, memory=replace(memory, clocks=clocks))
