"""What would a rule have done, step by step? The same plan as always, on the past, with no effect outside."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage

import polars as pl

from rowcall.backtest.past import Past
from rowcall.backtest.scope import Agenda, Grid, agenda_of, is_local
from rowcall.backtest.stage import Stage
from rowcall.calendar import CalendarError
from rowcall.episode import COLLECTING, Delivery, Ending, Episode
from rowcall.language.rule import LimitOf, Rule
from rowcall.memory import Memory, OwnCell, RowClock, RuleMemory, TableMemory
from rowcall.plan import House, TickInput, plan
from rowcall.rehearsal import Ticked, VirtualOutbox
from rowcall.rehearsal.moments import timers_of
from rowcall.rehearsal.outbox import MAILS_COUNT_FOR
from rowcall.remember import remember
from rowcall.schedule import labels
from rowcall.table import Snapshot, Table
from rowcall.tools import Result, Tools

_NUMBER = 1
"""What is planned on is made anew for each step, so that its tables always have the same number."""


class NoMailer:
    """Stands where a mail account would be: no mail of a back-test is ever made."""

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Refuse; nobody asks."""
        raise AssertionError((message["Subject"], recipient))

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Walk:
    """One back-test on its way.

    episodes, clocks: of the rule, by key. serial: in which order its rows came to matter. agenda: what comes when.
    """

    rule: Rule
    house: House
    stage: Stage
    grid: Grid
    agenda: Agenda
    local: bool
    outbox: VirtualOutbox = field(init=False)
    memory: Memory = field(default_factory=Memory)
    episodes: dict[str, Episode] = field(default_factory=dict)
    clocks: dict[str, RowClock] = field(default_factory=dict)
    serial: dict[str, int] = field(default_factory=dict)
    serials: int = 0
    last: datetime | None = None
    looks: int = 0

    def __post_init__(self) -> None:
        self.outbox = VirtualOutbox(self.make, mails_count_for=_mails_count_for(self.rule, self.house))

    def make(self, delivery: Delivery, now: datetime) -> Result:
        """Let the real action write into the virtual tables; a mail only counts as sent."""
        if delivery.lane == "mail":
            return Result(Ending.SENT)
        kind = self.house.actions[delivery.kind]
        books = {schema.workbook: self.stage for schema in self.house.schemas.values()}
        tools = Tools(NoMailer(), books, self.house.schemas, "", now)
        [result] = kind.deliver([delivery], tools)
        return result

    def steps(self) -> Iterator[tuple[int, Ticked | None]]:
        """Yield every step with what it did; None where nothing could change."""
        for number in range(self.grid.count):
            yield number, self._step(number)

    def _step(self, number: int) -> Ticked | None:
        now = self.grid.at(number)
        due = self.outbox.next_due()
        rows, whole = self.agenda.rows.pop(number, []), number in self.agenda.whole
        if number and not rows and not whole and (due is None or due > now):
            return None
        self.looks += 1
        only = None if whole or number == 0 or not self.local else _positions(rows)
        given = self._given(now, only)
        outcome = plan(given)
        self._take(given, remember(given.memory, outcome), only)
        self.outbox.commit(outcome)
        self.stage.now = now
        done = tuple(self.outbox.deliver_due(now))
        self._plan_ahead(number, given, outcome.change.episodes, outcome.change.clocks)
        for one in done:
            self._again(number, one.delivery.effect.key)
        self.last = now
        return Ticked(given, outcome, done)

    def _given(self, now: datetime, only: pl.Series | None) -> TickInput:
        table = self.rule.table
        rows = None if only is None else {table: only}
        snapshot = self.stage.snapshot(now, rows)
        before: dict[tuple[str, int], Table] = {}
        memory = self.memory
        if self.last is not None:
            then = self.stage.snapshot(self.last, rows, before=True)
            before = {(name, _NUMBER): one for name, one in then.tables.items()}
            memory = self._narrowed(snapshot, only)
        return TickInput((self.rule,), snapshot, self.outbox.news(memory), now, self.house, before)

    def _narrowed(self, snapshot: Snapshot, only: pl.Series | None) -> Memory:
        """Return the memory of the rows that are looked at; the tables count as seen in the last step."""
        rule = self.rule.id
        known = self.memory.rules.get(rule)
        keys = None if only is None else self._keys(only)
        place = dict.fromkeys(known.place, _NUMBER) if known is not None else {}
        rules = {} if known is None else {rule: _of_rows(replace(known, place=place), keys)}
        episodes, clocks = self.episodes, self.clocks
        if keys is not None:
            there = sorted((key for key in keys if key in episodes), key=lambda key: self.serial[key])
            episodes = {key: episodes[key] for key in there}
            clocks = {key: clocks[key] for key in keys if key in clocks}
        return replace(
            self.memory,
            rules=rules,
            tables={name: TableMemory(name, _NUMBER, len(one)) for name, one in snapshot.tables.items()},
            rows={},
            episodes={rule: dict(episodes)},
            clocks={rule: dict(clocks)},
        )

    def _keys(self, only: pl.Series) -> list[str]:
        return self.stage.pasts[self.rule.table].keys(only)

    def _take(self, given: TickInput, after: Memory, only: pl.Series | None) -> None:
        """Put what was looked at back into the whole memory."""
        rule = self.rule.id
        episodes, clocks = after.episodes.get(rule, {}), after.clocks.get(rule, {})
        for key in given.memory.episodes.get(rule, {}).keys() - episodes.keys():
            del self.episodes[key], self.serial[key]
        for key in given.memory.clocks.get(rule, {}).keys() - clocks.keys():
            del self.clocks[key]
        for key in (one for one in episodes if one not in self.episodes):
            self.serial[key] = self.serials = self.serials + 1
        self.episodes |= episodes
        self.clocks |= clocks
        rules = dict(after.rules)
        before = self.memory.rules.get(rule)
        if rule in rules and before is not None and only is not None:
            rules[rule] = _merged(before, rules[rule], frozenset(self._keys(only)))
        self.memory = replace(after, rules=rules, episodes={}, clocks={}, rows={})

    def _plan_ahead(
        self, number: int, given: TickInput, episodes: Iterable[Episode], clocks: Iterable[RowClock]
    ) -> None:
        """Note when the rows that changed must be looked at again."""
        keys = {one.key for one in episodes} | {one.key for one in clocks}
        memory = replace(
            self.memory, episodes={self.rule.id: self.episodes}, clocks={self.rule.id: self.clocks}
        )
        for key in keys:
            for moment in timers_of(self.rule, memory, given.house, key):
                self._note(max(self.grid.after(moment), number + 1), key)
        for standing in self.outbox.open.values():
            delivery = standing.delivery
            if delivery.lane == COLLECTING and delivery.send_after is not None:
                self._note(max(self.grid.after(delivery.send_after), number + 1), delivery.effect.key)

    def _again(self, number: int, key: str) -> None:
        """Look at a row in the next step: the rule sees then what it has sent and written."""
        self._note(number + 1, key)

    def _note(self, number: int, key: str) -> None:
        past = self.stage.pasts.get(self.rule.table)
        row = past.position.get(key) if past is not None else None
        if number < self.grid.count:
            self.agenda.put(number, row if self.local else None)


def start_walk(
    rule: Rule, house: House, pasts: Mapping[str, Past], grid: Grid, *, thorough: bool = False
) -> Walk:
    """Return a back-test that stands at its first step; thorough: every step looks at every row."""
    stage = Stage(pasts, house.language, house.zone, grid.first)
    if thorough:
        return Walk(rule, house, stage, grid, Agenda(whole=set(range(grid.count))), local=False)
    agenda = agenda_of(rule, house, pasts, grid)
    agenda.whole.update(_label_steps(rule, house, grid))
    return Walk(rule, house, stage, grid, agenda, is_local(rule, house, pasts))


def _label_steps(rule: Rule, house: House, grid: Grid) -> set[int]:
    calendar = house.calendars.get(rule.working_hours)
    found: set[int] = set()
    for schedule in rule.schedule:
        try:
            every = labels(schedule, grid.first, grid.at(grid.count - 1), house.zone, calendar)
            found |= {grid.after(label) for label in every}
        except CalendarError:
            continue  # the plan tells what is wrong with the calendar
    return found


def _positions(rows: Iterable[int]) -> pl.Series:
    """Return rows in the order of the table, each once."""
    return pl.Series(sorted(set(rows)), dtype=pl.UInt32)


def _of_rows(memory: RuleMemory, keys: list[str] | None) -> RuleMemory:
    if keys is None:
        return memory
    here = frozenset(keys)
    return replace(
        memory,
        own=tuple(one for one in memory.own if one.key in here),
        unreadable=tuple(one for one in memory.unreadable if one.key in here),
    )


def _merged(before: RuleMemory, after: RuleMemory, here: frozenset[str]) -> RuleMemory:
    """Return the memory after some rows were looked at, with what it held of the others."""
    own: tuple[OwnCell, ...] = tuple(one for one in before.own if one.key not in here)
    unreadable = tuple(one for one in before.unreadable if one.key not in here)
    return replace(after, own=(*own, *after.own), unreadable=(*unreadable, *after.unreadable))


def _mails_count_for(rule: Rule, house: House) -> timedelta:
    """Return how long a mail counts in any limit of the rule: nobody need be told of older ones."""
    longest = timedelta(0)
    for limit in (*rule.limits, *house.limits):
        if limit.of in (LimitOf.EMAILS, LimitOf.PER_CUSTOMER) and limit.span is not None:
            try:
                longest = max(longest, limit.span.exact)
            except ValueError:
                return MAILS_COUNT_FOR
    return longest
