"""What becomes of deliveries when no database and no mail server is there: the state's rules, in memory.

Mirrors `store.commit`, `store.chain` and `store.queue`: an effect happens once for ever, what comes after another
waits for it, what waits for one that never will be is cancelled, a line of a digest is done with its mails, a mail
that is too old expires. tests/test_rehearsal.py plays one story on both and compares.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from rowcall.episode import (
    BUNDLED,
    COLLECTING,
    FINAL,
    Delivery,
    DeliveryState,
    Ending,
    Firing,
    Receipt,
)
from rowcall.memory import (
    Answer,
    Hold,
    Memory,
    MemoryChange,
    OpenDelivery,
    Plan,
    Press,
    SentMail,
    StateChange,
)
from rowcall.tools import Result

Make = Callable[[Delivery, datetime], Result]
"""Makes the effect of one delivery: into the virtual mailbox or workbook, never outside."""
MaySend = Callable[[Delivery, datetime], datetime | None]
"""Gives from when a mail may go out if not now (quiet hours), None = now."""

MAILS_COUNT_FOR = timedelta(days=32)
_AGAIN = timedelta(minutes=5)
"""A row that is not there is looked for again so much later; the real pace draws lots within five minutes too."""
_STATE_AFTER = {
    Ending.SENT: DeliveryState.SENT,
    Ending.RETRY: DeliveryState.READY,
    Ending.UNCERTAIN: DeliveryState.READY,
    Ending.DEAD: DeliveryState.DEAD,
    Ending.LOST: DeliveryState.CANCELLED,
}


@dataclass(slots=True)
class Standing:
    """One delivery as the state holds it."""

    delivery: Delivery
    firing: Firing
    number: int
    state: DeliveryState
    due_at: datetime
    notice: bool
    sent_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One try of a delivery: what was to be made, by which firing, and what came of it."""

    delivery: Delivery
    firing: Firing
    result: Result
    at: datetime
    notice: bool


def _at_once(_delivery: Delivery, _now: datetime) -> datetime | None:
    return None


@dataclass(slots=True)
class VirtualOutbox:
    """All deliveries of a virtual shop, and what people have said of them.

    mails_count_for: how long a mail counts in any limit; nobody need be told of older ones.
    """

    make: Make
    may_send: MaySend = _at_once
    known: dict[str, Standing] = field(default_factory=dict)
    open: dict[str, Standing] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    presses: list[Press] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    mails: list[SentMail] = field(default_factory=list)
    followers: dict[str, list[str]] = field(default_factory=dict)
    numbers: int = 0
    mails_count_for: timedelta = MAILS_COUNT_FOR

    def news(self, memory: Memory) -> Memory:
        """Return the memory with what a tick must know of deliveries, receipts and people's words."""
        return replace(
            memory,
            holds=dict(self.holds),
            mails=self._mails(memory.last_tick),
            open_deliveries={one.delivery.id: _opened(one) for one in self.open.values()},
            receipts=tuple(self.receipts),
            answers=dict(self.answers),
            presses=tuple(self.presses),
        )

    def commit(self, plan: Plan) -> None:
        """Take a plan over, in the order in which the state does."""
        change = plan.change
        self._rewrite(change, plan.at)
        self._move_keys(change)
        self.holds |= {hold.id: hold for hold in change.holds}
        for closed in change.closed_holds:
            self.holds.pop(closed, None)
        for subject in change.taken_answers:
            self.answers.pop(subject, None)
        self.receipts = [one for one in self.receipts if one.number > change.receipts_seen]
        self.presses = [one for one in self.presses if one.number > change.presses_seen]
        self._take_firings(plan)
        self._bundle(change, plan.at)
        self._change_states(change.states, plan.at)

    def deliver_due(self, now: datetime) -> list[Done]:
        """Make everything that is due, with what comes after it, until nothing is left for now."""
        done = self._expire(now)
        while round_ := self._due(now):
            done += [self._deliver(one, now) for one in round_ if one.state is DeliveryState.READY]
        return done

    def next_due(self) -> datetime | None:
        """Return when the next delivery is due, or a waiting line of a digest has its label."""
        ready = [one.due_at for one in self.open.values() if one.state is DeliveryState.READY]
        lines = [
            one.delivery.send_after
            for one in self.open.values()
            if one.state is DeliveryState.WAITING
            and one.delivery.lane == COLLECTING
            and one.delivery.send_after
        ]
        return min([*ready, *lines], default=None)

    def _mails(self, last_tick: datetime | None) -> tuple[SentMail, ...]:
        if last_tick is None or not self.mails_count_for:
            return ()
        since = last_tick - self.mails_count_for
        self.mails = [one for one in self.mails if one.at > since]
        waiting = [
            _counted(one, one.due_at)
            for one in self.open.values()
            if _counts(one) and one.state is not DeliveryState.HELD
        ]
        return (*self.mails, *waiting)

    def _take_firings(self, plan: Plan) -> None:
        fresh: list[str] = []
        for firing in (*plan.firings, *plan.notices):
            notice = firing in plan.notices
            for delivery in firing.deliveries:
                if delivery.id not in self.known:  # an effect happens only once, for ever
                    self._take(delivery, firing, plan.at, notice=notice)
                    fresh.append(delivery.id)
        self._settle([one for one in fresh if self.known[one].delivery.after], plan.at)

    def _take(self, delivery: Delivery, firing: Firing, at: datetime, *, notice: bool) -> None:
        waits = delivery.after and delivery.state is DeliveryState.READY
        state = DeliveryState.WAITING if waits else delivery.state
        self.numbers += 1
        one = Standing(delivery, firing, self.numbers, state, delivery.send_after or at, notice)
        self.known[delivery.id] = one
        if state not in FINAL:
            self.open[delivery.id] = one
        for before in delivery.after:
            self.followers.setdefault(before, []).append(delivery.id)

    def _bundle(self, change: MemoryChange, at: datetime) -> None:
        """Let each line of a digest wait for the mails that it goes into, and for nothing else."""
        for bundling in change.bundled:
            one = self.known.get(bundling.delivery)
            if one is not None:
                one.delivery = replace(one.delivery, after=bundling.mails, lane=BUNDLED)
                for mail in bundling.mails:
                    self.followers.setdefault(mail, []).append(bundling.delivery)
        self._settle([bundling.delivery for bundling in change.bundled], at)

    def _change_states(self, changes: Iterable[StateChange], at: datetime) -> None:
        released: list[str] = []
        ended: list[str] = []
        for change in changes:
            one = self.open.get(change.delivery)
            if one is None:
                continue
            one.reason = change.reason
            if change.expires_at is not None:
                one.delivery = replace(one.delivery, expires_at=change.expires_at)
            if change.state is DeliveryState.READY:
                one.state = DeliveryState.WAITING if one.delivery.after else DeliveryState.READY
                released.append(change.delivery)
            else:
                self._put(one, change.state, at)
            if change.state in FINAL:
                ended.append(change.delivery)
        self._settle(released, at)
        self._settle_followers(ended, at)

    def _put(self, one: Standing, state: DeliveryState, at: datetime) -> None:
        one.state = state
        if state in FINAL:
            self.open.pop(one.delivery.id, None)
            if state is DeliveryState.SENT and _counts(one):
                one.sent_at = at
                self.mails.append(_counted(one, at))

    def _settle_followers(self, ended: Iterable[str], at: datetime) -> None:
        self._settle([name for one in ended for name in self.followers.get(one, ())], at)

    def _settle(self, ids: Iterable[str], at: datetime) -> None:
        """Look at what comes before these: all sent → ready, one ended otherwise → cancelled."""
        cancelled = []
        for name in ids:
            one = self.open.get(name)
            if one is None or one.state not in (DeliveryState.WAITING, DeliveryState.HELD):
                continue
            before = [self.known.get(other) for other in one.delivery.after]
            if any(
                other is None or (other.state in FINAL and other.state is not DeliveryState.SENT)
                for other in before
            ):
                one.reason = "what comes before it in the same entry was not done"
                self._put(one, DeliveryState.CANCELLED, at)
                cancelled.append(name)
            elif before and all(map(_is_sent, before)) and _may_go_on(one):
                one.state = DeliveryState.READY
        if cancelled:
            self._settle_followers(cancelled, at)

    def _due(self, now: datetime) -> list[Standing]:
        due = [one for one in self.open.values() if one.state is DeliveryState.READY and one.due_at <= now]
        may_go = []
        for one in sorted(due, key=lambda one: (not one.delivery.urgent, one.number)):
            until = self.may_send(one.delivery, now) if one.delivery.lane == "mail" else None
            if until is not None and until > now:
                one.due_at = until
            else:
                may_go.append(one)
        return may_go

    def _deliver(self, one: Standing, now: datetime) -> Done:
        bundled = one.delivery.lane == BUNDLED
        result = Result(Ending.SENT) if bundled else self.make(one.delivery, now)
        one.reason = result.detail
        state = _STATE_AFTER[result.ending]
        if state is DeliveryState.READY:
            one.due_at = now + _AGAIN
        self._put(one, state, now)
        self._receipt(one, result, now)
        if state in FINAL:
            self._settle_followers([one.delivery.id], now)
        return Done(one.delivery, one.firing, result, now, one.notice)

    def _expire(self, now: datetime) -> list[Done]:
        waits = (DeliveryState.READY, DeliveryState.WAITING)
        late = [
            one
            for one in self.open.values()
            if one.state in waits and one.delivery.expires_at and one.delivery.expires_at <= now
        ]
        done = []
        for one in late:
            self._put(one, DeliveryState.EXPIRED, now)
            result = Result(Ending.DEAD, "expired: it could not be done in time")
            self._receipt(one, result, now)
            done.append(Done(one.delivery, one.firing, result, now, one.notice))
        self._settle_followers([one.delivery.id for one in late], now)
        return done

    def _receipt(self, one: Standing, result: Result, now: datetime) -> None:
        self.numbers += 1
        effect = one.delivery.effect
        self.receipts.append(
            Receipt(one.delivery.id, effect, result.ending, now, result.detail, result.cells, self.numbers)
        )

    def _rewrite(self, change: MemoryChange, at: datetime) -> None:
        for new in change.payloads:
            one = self.open.get(new.delivery)
            if one is not None:
                one.delivery = replace(one.delivery, payload=new.payload)
                one.due_at = at

    def _move_keys(self, change: MemoryChange) -> None:
        """Let what belongs to a renamed row's old key belong to its new one."""
        lifted = {(one.rule, one.key, one.n): one.to for one in change.lifts}
        names = {(table, old): new for table, old, new in change.moved}
        if not names:
            return
        for one in self.known.values():
            effect = one.delivery.effect
            new = names.get((one.firing.table, effect.key))
            if new is not None:
                number = lifted.get((effect.rule, effect.key, effect.n), effect.n)
                one.delivery = replace(one.delivery, effect=replace(effect, key=new, n=number))
                one.firing = replace(one.firing, key=new, n=number)


def _is_sent(one: Standing | None) -> bool:
    return one is not None and one.state is DeliveryState.SENT


def _may_go_on(one: Standing) -> bool:
    """Say whether nothing but what comes before it stops a delivery: a line waits for its digest all the same."""
    return one.state is DeliveryState.WAITING and one.delivery.lane != COLLECTING


def _opened(one: Standing) -> OpenDelivery:
    return OpenDelivery(one.delivery.id, replace(one.delivery, state=one.state), one.state)


def _counts(one: Standing) -> bool:
    """Say whether the delivery is a mail that limits and budgets count."""
    return one.delivery.lane == "mail" and not one.notice


def _counted(one: Standing, at: datetime) -> SentMail:
    effect, customer = one.delivery.effect, one.delivery.customer
    return SentMail(effect.rule, customer or effect.target, at, bool(customer))
