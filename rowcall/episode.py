"""What has a rule done about a row? Episodes, firings, deliveries, receipts, and the keys they are known by."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where an episode stands.

    PENDING: `when` is true, but not yet for as long as `for` asks. OPEN: it acts. ENDED: it acts no more, and the
    row is not armed again yet. ARMED: ended and armed again (kept for its number and for `once per row`).
    """

    PENDING = "pending"
    OPEN = "open"
    ENDED = "ended"
    ARMED = "armed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one entry of an episode has come (the rows of the store's `timer` table).

    fired: how many times (occurrences) it has fired. fired_at, done_at: the last time, UTC; done_at is None while
    its deliveries are under way. due_at: when it fires next; None = never, or not known yet (`after last`). Of an
    entry at the deadline that has fired it is the time that it fired for, until the deadline is moved later.
    """

    entry: str
    fired: int = 0
    fired_at: datetime | None = None
    done_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def stamp(self) -> datetime | None:
        """When it was fired or, on first sight, counted as done."""
        return self.fired_at or self.done_at

    @property
    def waits_until(self) -> datetime | None:
        """When it fires next, as far as that is known now."""
        if not self.fired or self.due_at is None or self.stamp is None:
            return self.due_at if not self.fired else None
        return self.due_at if self.due_at > self.stamp else None


@dataclass(frozen=True, slots=True)
class Episode:
    """One stay of one row under one rule: the latest for (rule, key), numbered by `n`.

    since: when `when` became true (PENDING), when it opened (OPEN), when it ended (ENDED, ARMED); UTC.
    baseline: it was there when the rule first looked; entries counted from start or last count as done.
    opened_at: the moment that `after start` counts from; None while PENDING.
    """

    rule: str
    key: str
    n: int
    phase: Phase
    since: datetime
    opened_at: datetime | None = None
    baseline: bool = False
    progress: tuple[Progress, ...] = ()

    def of(self, entry: str) -> Progress:
        """Return how far the entry has come; an entry never touched has not fired."""
        return next((one for one in self.progress if one.entry == entry), Progress(entry))


class DeliveryState(StrEnum):
    """Where a delivery stands; SENT, DEAD, CANCELLED and EXPIRED are final."""

    WAITING = "waiting"
    READY = "ready"
    LEASED = "leased"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    HELD = "held"
    DEAD = "dead"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


FINAL = frozenset({DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.CANCELLED, DeliveryState.EXPIRED})


@dataclass(frozen=True, slots=True)
class EffectKey:
    """What makes an effect the same effect: each happens at most once.

    action: kind of action and its number in the entry (`email#1`). target: a recipient's address, `Table!Column`
    with the row's key where it is another row, or a table. Notices use rule "" or the rule's id, entry `notice:…`.
    """

    rule: str
    key: str
    n: int
    entry: str
    action: str
    target: str
    occurrence: int = 1

    @property
    def id(self) -> str:
        """The delivery's id: 20 hex digits, the same for the same effect for ever."""
        parts = (self.rule, self.key, str(self.n), self.entry, self.action, self.target, str(self.occurrence))
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:20]


COLLECTING = "digest"
"""The lane of a line that waits for the digest it will stand in; nobody delivers it before."""
BUNDLED = "bundled"
"""The lane of a line whose digest is planned: it is done once that mail is sent."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One effect to be made: one mail to one recipient, one row's cells, or one new row.

    kind: the action leaf's file name. payload: the leaf's own frozen Payload, its words already rendered.
    lane: `mail` or `workbook:NAME`; what shares a lane may be delivered together. COLLECTING, BUNDLED: of a line.
    after: ids of the deliveries that must be sent before. send_after: not before that; None = at once.
    expires_at: not after that. customer: address counted in a customer's budget, "" for staff.
    urgent: ignores quiet hours. hold: id of the hold it waits for.
    """

    id: str
    effect: EffectKey
    kind: str
    lane: str
    payload: object
    after: tuple[str, ...] = ()
    send_after: datetime | None = None
    expires_at: datetime | None = None
    state: DeliveryState = DeliveryState.READY
    customer: str = ""
    urgent: bool = False
    hold: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Firing:
    """One entry that acts for one row (or, for notices, for none): the reason and its deliveries.

    because: the columns that the conditions read, with their texts. lines: the condition lines as written, with
    the value each saw. table and key are "" where there is no row.
    """

    id: str
    rule: str
    table: str
    key: str
    n: int
    entry: str
    occurrence: int
    at: datetime
    because: Mapping[str, str] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()


class Ending(StrEnum):
    """How one try of a delivery ended."""

    SENT = "sent"
    RETRY = "retry"  # certainly not done; try again
    UNCERTAIN = "uncertain"  # may have been done; try again in a way that shows it is the same
    DEAD = "dead"  # certainly not done and never will be
    LOST = "lost"  # a person was faster: final, the rest of the entry is cancelled


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """One cell that Rowcall wrote: texts as the reader of the workbook delivers them."""

    table: str
    key: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of one try of one delivery, as recorded by the outbox.

    at: UTC. number: grows with every receipt of the store, so that a tick knows which ones it has seen.
    cells: for actions that write. detail: the server's answer or the reason, for people.
    """

    delivery: str
    effect: EffectKey
    ending: Ending
    at: datetime
    detail: str = ""
    cells: tuple[WrittenCell, ...] = ()
    number: int = 0


def firing_id(rule: str, key: str, n: int, entry: str, occurrence: int) -> str:
    """Return the id of a firing: the same for the same entry of the same episode for ever."""
    return EffectKey(rule, key, n, entry, "firing", "", occurrence).id
