"""Who carries out what was planned: claim, deliver, write down, again and again?"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import structlog

from rowcall.clock import Clock
from rowcall.episode import DeliveryState, Ending
from rowcall.errors import StateBusy, StateError
from rowcall.outbox.effect import Deliver, make_effect
from rowcall.outbox.pace import MAIL, Pace
from rowcall.store import Claimed, Desk, Lane, Outcome, Store, Worker
from rowcall.tools import Tools

_log = structlog.get_logger(__name__)

_IDLE_S = 1.0
_STATE_TROUBLE_S = 5.0
_RECORD_TRIES = 5

_STATE_AFTER = {
    Ending.SENT: DeliveryState.SENT,
    Ending.RETRY: DeliveryState.READY,
    Ending.UNCERTAIN: DeliveryState.UNCERTAIN,
    Ending.DEAD: DeliveryState.DEAD,
    Ending.LOST: DeliveryState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a delivery stands after it was worked on; tries: all that were ever made."""

    id: str
    state: DeliveryState
    tries: int


class Outbox:
    """Delivers what is due, through the actions' `deliver` functions, each effect at most once.

    leaves: an action's file name → its `deliver`. tools: makes the tools for one moment of the shop's time.
    clock: the shop's time, for `work`. machine: the machine's time, by which claims run out.
    """

    def __init__(
        self,
        store: Store,
        leaves: Mapping[str, Deliver],
        tools: Callable[[datetime], Tools],
        clock: Clock,
        machine: Clock,
        worker: Worker,
        pace: Pace | None = None,
    ) -> None:
        self._desk = Desk(store, worker)
        self._leaves = leaves
        self._tools = tools
        self._clock = clock
        self._machine = machine
        self._worker = worker
        self._pace = pace or Pace()
        self._alone: set[str] = set()

    def recover(self, now: datetime) -> None:
        """Take back every claim at once: for the one who holds the leader's lock, before the first delivery."""
        again = self._pace.next_try(now, 1)
        self._desk.tidy(now, self._machine.now(), again_at=again, alone=True)

    def deliver_due(self, now: datetime) -> list[Delivered]:
        """Deliver until nothing is due any more at `now`; return how each one stands that was tried or expired."""
        stop = threading.Event()
        done = {id_: Delivered(id_, DeliveryState.EXPIRED, tries) for id_, tries in self._tidy(now)}
        while worked_on := self._round(now, stop):
            done |= {one.id: one for one in worked_on}
        return [one for one in done.values() if one.tries or one.state is DeliveryState.EXPIRED]

    def work(self, stop: threading.Event) -> None:
        """Deliver what is due as time goes by, until `stop` is set; what was begun is brought to its end."""
        while not stop.is_set():
            try:
                now = self._clock.now()
                self._tidy(now)
                idle = not self._round(now, stop)
            except StateError as error:
                _log.warning("state out of order, trying again", reason=str(error))
                stop.wait(_STATE_TROUBLE_S)
            else:
                if idle:
                    stop.wait(_IDLE_S)

    def _tidy(self, now: datetime) -> list[tuple[str, int]]:
        return self._desk.tidy(now, self._machine.now(), again_at=self._pace.next_try(now, 1))

    def _round(self, now: datetime, stop: threading.Event) -> list[Delivered]:
        """Work on one batch of every lane, so that no lane waits for all of another."""
        return [one for lane in self._desk.due_lanes(now) for one in self._batch(lane, now, stop)]

    def _batch(self, name: str, now: datetime, stop: threading.Event) -> list[Delivered]:
        lane = self._desk.lane(name)
        if stop.is_set() or lane.is_closed(now):
            return []
        limited = name == MAIL and self._pace.daily_limit
        sent = self._desk.sent_since(name, self._pace.day_before(now)) if limited else 0
        if not (limit := self._pace.at_once(lane, sent)):
            return []
        claims = self._desk.claim(now, self._machine.now(), name, limit)
        if not claims:
            return []
        with self._alive(claims):
            may_go, waits = self._sort_out(claims, now)
            done = [Delivered(one.delivery.id, one.delivery.state, one.tries) for one in waits]
            return done + self._deliver(self._groups(may_go, name), lane, now, stop)

    def _sort_out(self, claims: Sequence[Claimed], now: datetime) -> tuple[list[Claimed], list[Claimed]]:
        """Give back what may not be sent yet, and return what may and what may not."""
        until = {one.delivery.id: self._pace.waits_until(one.delivery, now) for one in claims}
        waits = [one for one in claims if until[one.delivery.id] is not None]
        for moment in {until[one.delivery.id] for one in waits}:
            self._desk.give_back([one for one in waits if until[one.delivery.id] == moment], moment)
        return [one for one in claims if until[one.delivery.id] is None], waits

    def _groups(self, claims: Sequence[Claimed], lane: str) -> list[list[Claimed]]:
        """Return what goes into one call of an action: one mail, or neighbouring writes of one kind."""

        def together(claimed: Claimed) -> tuple[str, str]:
            single = lane == MAIL or claimed.delivery.id in self._alone
            return claimed.delivery.kind, claimed.delivery.id if single else ""

        return [list(group) for _, group in groupby(claims, key=together)]

    def _deliver(
        self, groups: Sequence[Sequence[Claimed]], lane: Lane, now: datetime, stop: threading.Event
    ) -> list[Delivered]:
        done: list[Delivered] = []
        for position, group in enumerate(groups):
            if stop.is_set() or lane.is_closed(now):
                self._desk.give_back([one for rest in groups[position:] for one in rest])
                break
            lane, delivered = self._deliver_group(group, lane, now)
            done += delivered
        return done

    def _deliver_group(
        self, group: Sequence[Claimed], lane: Lane, now: datetime
    ) -> tuple[Lane, list[Delivered]]:
        tools = self._tools(now)
        ours = self._desk.start(group, now, self._machine.now())
        if not ours:
            return lane, []
        effect = make_effect(ours, self._leaves, tools, self._pace, self._desk)
        self._alone -= {one.delivery.id for one in ours}
        self._alone |= effect.alone
        lane = self._pace.failed(lane, now, effect.failure) if effect.failure else self._pace.worked(lane)
        self._record(list(zip(ours, effect.outcomes, strict=True)), now, lane)
        for claimed, outcome in zip(ours, effect.outcomes, strict=True):
            about, ending = claimed.delivery, outcome.ending.value
            _log.info(
                "delivery tried", id=about.id, rule=about.effect.rule, ending=ending, tries=claimed.tries + 1
            )
        if lane.closed_until is not None:
            _log.warning(
                "lane rests", lane=lane.lane, failures=lane.failures, until=lane.closed_until.isoformat()
            )
        return lane, [
            Delivered(claimed.delivery.id, _STATE_AFTER[outcome.ending], claimed.tries + 1)
            for claimed, outcome in zip(ours, effect.outcomes, strict=True)
        ]

    def _record(self, done: Sequence[tuple[Claimed, Outcome]], now: datetime, lane: Lane) -> None:
        """Write down what came of it: the effect is made, so a busy state is asked again and again."""
        for attempt in range(1, _RECORD_TRIES + 1):
            try:
                kept = self._desk.finish(done, now, lane)
            except StateBusy:
                if attempt == _RECORD_TRIES:
                    raise
            else:
                for claimed, ours in kept:
                    if not ours:
                        _log.warning("claim was lost while delivering", id=claimed.delivery.id)
                return

    @contextmanager
    def _alive(self, claims: Sequence[Claimed]) -> Iterator[None]:
        """Renew the claims while the block works on them."""
        over = threading.Event()

        def renew() -> None:
            while not over.wait(self._worker.lease.total_seconds() / 3):
                try:
                    self._desk.renew(claims, self._machine.now())
                except StateError as error:
                    _log.warning("claims could not be renewed", reason=str(error))

        thread = threading.Thread(target=renew, name="outbox-renew", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
