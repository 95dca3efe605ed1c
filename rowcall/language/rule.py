"""What is a rule once it is understood?"""

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.condition import AllOf, ColumnRef, Condition


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
class Every:
    """Act again and again, counted from the last time done; until: stop as soon as this is true."""

    span: Span
    at_most: int | None = None
    until: Condition | None = None


Timing = AtStart | AfterStart | AfterLast | AfterColumn | Every


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
    """One line of `limits`; rules: the rule ids that share a customer's budget (empty = all rules)."""

    of: LimitOf
    count: float
    text: str
    place: Place
    span: Span | None = None
    rules: tuple[str, ...] = ()


NO_PLACE = Place()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file, understood.

    id: the file name without `.yaml`. version: changes when and only when the meaning changes (a hash of the
    text without remarks). when: AllOf with no lines means every row. hold_for: `for`.
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
