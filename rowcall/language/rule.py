"""What is a rule once it is understood?"""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.condition import AllOf, Condition
from rowcall.language.figure import Figure, Kept
from rowcall.language.ref import ColumnRef
from rowcall.language.value import Value
from rowcall.period import Period
from rowcall.schedule import Schedule


class State(StrEnum):
    """`state:` of a rule; WATCH plans and records but sends nothing."""

    ON = "on"
    OFF = "off"
    WATCH = "watch"


class FirstRun(StrEnum):
    """What happens with rows that matter already when the rule first sees its table."""

    ASK = "ask"
    ONLY_NEW = "only new ones"
    ACT = "act on all"


@dataclass(frozen=True, slots=True)
class AtStart:
    """Act as soon as the episode opens."""


@dataclass(frozen=True, slots=True)
class AfterStart:
    """Act so long after the episode opened."""

    span: Span


@dataclass(frozen=True, slots=True)
class AfterLast:
    """Act so long after the entry before it was done."""

    span: Span


@dataclass(frozen=True, slots=True)
class AfterColumn:
    """Act so long after (or before) the moment in a column of the row."""

    span: Span
    ref: ColumnRef
    back: bool = False


@dataclass(frozen=True, slots=True)
class AtDue:
    """Act at the deadline, or so long after (or before) it."""

    span: Span | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class AtShare:
    """Act when so many per cent of the time from the start of counting to the deadline have passed."""

    percent: float


@dataclass(frozen=True, slots=True)
class AtEnd:
    """Act when the episode ends."""


@dataclass(frozen=True, slots=True)
class Every:
    """Act again and again, counted from the last time done; until: stop as soon as this is true."""

    span: Span
    at_most: int | None = None
    until: Condition | None = None


Timing = AtStart | AfterStart | AfterLast | AfterColumn | AtDue | AtShare | AtEnd | Every


@dataclass(frozen=True, slots=True)
class FromStart:
    """`counted from: start`: the moment at which the episode opened."""


@dataclass(frozen=True, slots=True)
class FromChange:
    """`counted from: last change of COLUMN`: when the cell was last seen to change."""

    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class Due:
    """`due`: a date column (a day is due at its end), or `counted from` a moment plus `within`, a Length."""

    counted_from: ColumnRef | FromStart | FromChange
    place: Place
    within: Value | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One action of an entry: its kind (the leaf's file name) and the leaf's own frozen Params."""

    kind: str
    params: object
    place: Place


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of `then`.

    id: the time text and its number among equals (`start#1`, `3 days after start#1`): the name of the entry in
    the ledger, which survives edits elsewhere in the rule.
    """

    id: str
    timing: Timing
    acts: tuple[Act, ...]
    place: Place
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """`send only: weekdays between 09:00 and 19:00`; days: 0 = Monday; drop: what misses it is not sent at all."""

    start: time
    end: time
    days: frozenset[int] = frozenset(range(7))
    drop: bool = False


class LimitOf(StrEnum):
    """What a limit counts."""

    EMAILS = "emails"  # in a rolling span: holds and asks
    ROWS = "rows"  # rows of one tick: holds and asks
    SHARE = "share"  # per cent of the table's rows in one tick: holds and asks
    PER_CUSTOMER = "per customer"  # emails to one address in a rolling span: delays


@dataclass(frozen=True, slots=True)
class Limit:
    """One line of `limits`; rules: the rule ids that share a customer's budget (empty = all rules).

    not_below: a share of the rows never stops fewer rows than this.
    """

    of: LimitOf
    count: float
    text: str
    place: Place
    span: Span | None = None
    rules: tuple[str, ...] = ()
    not_below: int = 5


NO_PLACE = Place()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file, understood.

    id: the file name without `.yaml`. version: changes when and only when the meaning changes (a hash of the
    text without remarks). table: "" for a scheduled rule without rows. when: AllOf with no lines means every row.
    hold_for: `for`. working_hours: the name of the calendar that its working time counts in, "" = there is none.
    """

    id: str
    title: str
    table: str
    entries: tuple[Entry, ...]
    version: str
    place: Place
    when: Condition = field(default_factory=lambda: AllOf((), NO_PLACE))
    about: str = ""
    responsible: str = ""
    hold_for: Span | None = None
    again_only_when: Condition | None = None
    once_per_row: bool = False
    stop_when: Condition | None = None
    send_only: Window | None = None
    limits: tuple[Limit, ...] = ()
    first_run: FirstRun = FirstRun.ASK
    check_every: Span | None = None
    expires_after: Span | None = None
    state: State = State.ON
    due: Due | None = None
    pause_while: Condition | None = None
    working_hours: str = ""
    schedule: tuple[Schedule, ...] = ()
    period: Period | None = None
    compare_with: Period | None = None
    figures: tuple[Figure, ...] = ()
    keep: tuple[Kept, ...] = ()
