"""What must be remembered between two ticks so that planning can be pure?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from rowcall.duration import Span
from rowcall.episode import Delivery, DeliveryState, Episode, Firing, Receipt
from rowcall.errors import Problem
from rowcall.table import Table


class Answer(StrEnum):
    """What a person decided about the rows that a rule found on first sight."""

    ACT = "act"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One cell that a rule wrote: the text before its first write of this episode, and the text it left.

    seen: the rule has evaluated a snapshot that holds the write, so its edges need no longer look through it.
    Kept while the row's episode is open, so that the rule's own write does not end it.
    """

    table: str
    key: str
    column: str
    before: str
    after: str
    seen: bool = False


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of one cell at some time."""

    table: str
    key: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class RuleMemory:
    """What is remembered of one rule.

    version: the rule's version last planned. place: table → number of the snapshot this rule last evaluated.
    state: `on`, `off` or `watch` at that time. looked_at: when it was last evaluated (UTC).
    asked: rows found on first sight that the responsible person was asked about; 0 once answered.
    own: cells this rule wrote, that it must not take for a person's edit.
    unreadable: the last readable texts of cells that can't be read now, for the rule's edges.
    wakes: moments of openings per key in the last hour, for the loop guard.
    table: the table that the rule looks at ("" = none): a renamed row moves the memory of its own table's rules.
    used: key → the highest number that an episode of an earlier row of that key had before a rename.
    label: the last label of its schedule that was acted on or passed over (UTC). occasion: how many it acted on.
    """

    rule: str
    version: str = ""
    place: Mapping[str, int] = field(default_factory=dict)
    state: str = "on"
    looked_at: datetime | None = None
    asked: int = 0
    own: tuple[OwnCell, ...] = ()
    unreadable: tuple[CellText, ...] = ()
    wakes: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    table: str = ""
    used: Mapping[str, int] = field(default_factory=dict)
    label: datetime | None = None
    occasion: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A stay during which the clocks of a row stand still; until None = it lasts. A snooze is one that ends later."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lower:
    """A lower value that `first that fits` has chosen without a break since then."""

    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class RowClock:
    """What a rule remembers of one row's time, beside its episode.

    pauses: oldest first. changed: column → when its cell was last seen to change (UTC). lower: kept column → the
    lower value that waits for its grace.
    """

    rule: str
    key: str
    pauses: tuple[Pause, ...] = ()
    changed: Mapping[str, datetime] = field(default_factory=dict)
    lower: Mapping[str, Lower] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed in a mail, as far as it concerns the episode; its cells are a person's edit.

    number: grows with every press. at: UTC.
    """

    number: int
    rule: str
    key: str
    n: int
    button: str
    at: datetime
    snooze: Span | None = None
    stop: bool = False


@dataclass(frozen=True, slots=True)
class RowMemory:
    """What is remembered of a row that is not simply there: a new one that settles, or one that is missing.

    steady_since: since when a settling row has stayed the same; None once settled. settled_at: when that was.
    missing_since, missing_reads: since when and for how many reads a row is gone.
    last: its texts when last seen, while it is missing.
    """

    table: str
    key: str
    first_seen: datetime
    steady_since: datetime | None = None
    settled_at: datetime | None = None
    missing_since: datetime | None = None
    missing_reads: int = 0
    last: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableMemory:
    """What is remembered of one table: the number of its last snapshot and the shrink guard.

    shrunk_since: since when more than half of the rows are gone; shrunk_to: the number of rows then.
    broken: why the table was held at the last tick, "" = fine.
    """

    table: str
    snapshot: int = 0
    rows: int = 0
    shrunk_since: datetime | None = None
    accepted: bool = False
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Firings of a rule that wait for a person, because a limit was reached.

    decision: "" = open, `release` or `drop` = said by a person and not yet carried out.
    """

    id: str
    rule: str
    limit: str
    since: datetime
    count: int
    decision: str = ""


@dataclass(frozen=True, slots=True)
class SentMail:
    """One mail that was planned or sent, as limits and budgets count it; at: when it counts (UTC)."""

    rule: str
    address: str
    at: datetime
    customer: bool


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """A delivery that is not final: what a plan must know to cancel, join or replace it."""

    id: str
    delivery: Delivery
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything a plan remembers. Planning never changes it: it returns a MemoryChange.

    episodes: rule → key → the latest episode. open_deliveries: those not final, by id.
    receipts: since the last tick, in order. answers: rule → answer given and not yet carried out.
    last_tick: None before the first. paused: rules paused by `rowcall pause`. clocks: rule → key → its clock.
    turns: role → the member who was named last by `next of`. presses: not carried out yet, in order.
    """

    rules: Mapping[str, RuleMemory] = field(default_factory=dict)
    tables: Mapping[str, TableMemory] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, RowMemory]] = field(default_factory=dict)
    episodes: Mapping[str, Mapping[str, Episode]] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    mails: tuple[SentMail, ...] = ()
    open_deliveries: Mapping[str, OpenDelivery] = field(default_factory=dict)
    receipts: tuple[Receipt, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    last_tick: datetime | None = None
    clocks: Mapping[str, Mapping[str, RowClock]] = field(default_factory=dict)
    turns: Mapping[str, str] = field(default_factory=dict)
    presses: tuple[Press, ...] = ()


@dataclass(frozen=True, slots=True)
class StateChange:
    """A delivery that a plan moves to another state, with the reason told to people.

    expires_at: a new date of expiry (a delivery does not age while it is held); None leaves it.
    """

    delivery: str
    state: DeliveryState
    reason: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """A renamed row's episode gets another number, because an earlier row of its new key has used this one.

    key: the row's old key. n, to: the old number and the new one.
    """

    rule: str
    key: str
    n: int
    to: int


@dataclass(frozen=True, slots=True)
class NewPayload:
    """What a delivery on its way makes instead, because the row that it writes to was renamed."""

    delivery: str
    payload: object


@dataclass(frozen=True, slots=True)
class Bundling:
    """A line of a digest goes into these mails: it is done once all of them are sent."""

    delivery: str
    mails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemoryChange:
    """What one tick changes in the memory; committed with its firings and snapshots in one transaction.

    Upserts replace the whole value of the same name; `forgotten` names what is deleted:
    rows as (table, key). holds: as they are now; one whose firings are all decided is in `closed_holds`.
    taken_answers, receipts_seen: consumed by this tick (receipts up to that number).
    episodes: replaced or new. forgotten_episodes: (rule, key) of pendings that came to nothing.
    moved: renamed keys (table, old, new): everything of the old key belongs to the new.
    lifts, payloads: what else renames change; payloads also bring increases up to a person's edit.
    clocks: replaced or new. forgotten_clocks: (rule, key). turns: replaced or new. presses_seen: carried out up to
    that number. bundled: lines of digests that go out with this tick's mails.
    """

    rules: tuple[RuleMemory, ...] = ()
    tables: tuple[TableMemory, ...] = ()
    rows: tuple[RowMemory, ...] = ()
    forgotten_rows: tuple[tuple[str, str], ...] = ()
    episodes: tuple[Episode, ...] = ()
    forgotten_episodes: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    lifts: tuple[Lift, ...] = ()
    payloads: tuple[NewPayload, ...] = ()
    holds: tuple[Hold, ...] = ()
    closed_holds: tuple[str, ...] = ()
    states: tuple[StateChange, ...] = ()
    taken_answers: tuple[str, ...] = ()
    receipts_seen: int = 0
    clocks: tuple[RowClock, ...] = ()
    forgotten_clocks: tuple[tuple[str, str], ...] = ()
    turns: Mapping[str, str] = field(default_factory=dict)
    presses_seen: int = 0
    bundled: tuple[Bundling, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What one tick found and wants done; nothing of it has happened yet.

    firings: with rendered deliveries, notices included. problems: data problems and held tables.
    baseline: rule → keys recorded on first sight. held: (hold, limit text) of this tick.
    snapshots: the tables to store because they changed, with their new numbers.
    """

    at: datetime
    firings: tuple[Firing, ...] = ()
    notices: tuple[Firing, ...] = ()
    baseline: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    held: tuple[Hold, ...] = ()
    problems: tuple[Problem, ...] = ()
    change: MemoryChange = field(default_factory=MemoryChange)
    snapshots: Mapping[str, tuple[int, Table]] = field(default_factory=dict)
