"""What does the state remember, in which tables and columns?

What is many or searched (episodes, timers, deliveries) has a column a field; what is few is kept as one JSON
value beside its key, so that a new field with a default needs no new form of the state.
Moments are whole microseconds since 1970 in UTC: exact, small, in order, the same in every database.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from rowcall import codec
from rowcall.duration import Span
from rowcall.episode import FINAL, DeliveryState, Ending, Phase, WrittenCell
from rowcall.memory import RowClock, RowMemory, RuleMemory, TableMemory

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime | None) -> int | None:
    """Return a moment as it is kept; one without a zone raises TypeError."""
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def to_moment(microseconds: int | None) -> datetime | None:
    """Return a kept moment as a datetime in UTC."""
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


class Step(StrEnum):
    """What a row of `attempt` says: an effect begins, has ended, or ended after its claim was lost."""

    STARTED = "started"
    ENDED = "ended"
    LATE = "late"


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the microseconds; a datetime without a zone raises TypeError."""
        return to_microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the datetime in UTC."""
        return to_moment(value)


class Word(TypeDecorator[StrEnum]):
    """A member of a StrEnum, kept as its text."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the word's text."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Return the member."""
        return None if value is None else self.words(value)


class Coded(TypeDecorator[Any]):
    """A value of one type (any that rowcall.codec knows), kept as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: object) -> None:
        super().__init__()
        self.hint = hint

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the JSON text."""
        return None if value is None else codec.encode(value, self.hint).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Return the value."""
        return None if value is None else codec.decode(value, self.hint)


META = MetaData()

meta = Table(
    "meta",
    META,
    # One row. tick: counts what plans must not miss, commits and words of people alike.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("tick", BigInteger, nullable=False),
    Column("last_tick", Moment),
    Column("receipts_seen", BigInteger, nullable=False),
)

rule_memory = Table(
    "rule_memory",
    META,
    Column("rule", Text, primary_key=True),
    Column("value", Coded(RuleMemory), nullable=False),
)

table_memory = Table(
    "table_memory",
    META,
    Column("table", Text, primary_key=True),
    Column("value", Coded(TableMemory), nullable=False),
)

row_memory = Table(
    "row_memory",
    META,
    Column("table", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Coded(RowMemory), nullable=False),
)

episode = Table(
    "episode",
    META,
    Column("rule", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("phase", Word(Phase), nullable=False),
    Column("since", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("baseline", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

timer = Table(
    "timer",
    META,
    Column("rule", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("fired", Integer, nullable=False),
    Column("fired_at", Moment),
    Column("done_at", Moment),
    Column("due_at", Moment),
    sqlite_with_rowid=False,
)
Index(
    "timer_due",
    timer.c.due_at,
    sqlite_where=timer.c.due_at.is_not(None),
    postgresql_where=timer.c.due_at.is_not(None),
)

row_clock = Table(
    "row_clock",
    META,
    Column("rule", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Coded(RowClock), nullable=False),
    sqlite_with_rowid=False,
)

turn = Table(
    "turn",
    META,
    # Whom `next of ROLE` named last.
    Column("role", Text, primary_key=True),
    Column("member", Text, nullable=False),
)

press = Table(
    "press",
    META,
    # Buttons that people pressed: append-only but for `taken`. token: the same press, sent twice, counts once.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("token", Text, nullable=False, unique=True),
    Column("rule", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("button", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("snooze", Coded(Span)),
    Column("stop", Boolean, nullable=False),
    Column("taken", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
Index("press_row", press.c.rule, press.c.key)
Index("press_open", press.c.number, sqlite_where=~press.c.taken, postgresql_where=~press.c.taken)

hold = Table(
    "hold",
    META,
    Column("id", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("limit", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("count", Integer, nullable=False),
    Column("decision", Text, nullable=False),
    Column("closed", Boolean, nullable=False),
)

command = Table(
    "command",
    META,
    # What people said: append-only but for `taken`, the mark that a tick has carried it out.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    Column("word", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("taken", Boolean, nullable=False),
    sqlite_autoincrement=True,
)
Index("command_subject", command.c.subject, command.c.word)

snapshot = Table(
    "snapshot",
    META,
    Column("table", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("texts", LargeBinary, nullable=False),
)

firing = Table(
    "firing",
    META,
    Column("id", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("table", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("because", Coded(Mapping[str, str]), nullable=False),
    Column("notice", Boolean, nullable=False),
)
Index("firing_row", firing.c.rule, firing.c.key)

delivery = Table(
    "delivery",
    META,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("firing", Text, nullable=False),
    # The effect's key; `key` follows a renamed row, `id` stays.
    Column("rule", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("entry", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("send_after", Moment),
    Column("expires_at", Moment),
    Column("state", Word(DeliveryState), nullable=False),
    Column("customer", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("hold", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("notice", Boolean, nullable=False),
    # doubt: it may have been done already. due_at: the next try, shop time. leased_until: machine time.
    Column("doubt", Boolean, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("state_since", Moment, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("worker", Text, nullable=False),
    Column("leased_until", Moment),
    Column("sent_at", Moment),
    # reason: why it is where it is, for people. stopped_by: the delivery whose end cancelled this one.
    Column("reason", Text, nullable=False),
    Column("stopped_by", Text, nullable=False),
    sqlite_autoincrement=True,
)
OPEN_STATES = tuple(state for state in DeliveryState if state not in FINAL)
"""The states in which a delivery may still be sent."""
Index("delivery_open", delivery.c.state, delivery.c.lane, delivery.c.due_at)
Index("delivery_firing", delivery.c.firing)
Index("delivery_row", delivery.c.rule, delivery.c.key)
Index("delivery_sent", delivery.c.lane, delivery.c.sent_at)

follows = Table(
    "follows",
    META,
    Column("delivery", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("before", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("follows_before", follows.c.before)

attempt = Table(
    "attempt",
    META,
    # Append-only: one row when an effect begins, one when it has ended; a beginning without an end is a kill.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("delivery", Text, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("step", Word(Step), nullable=False),
    Column("worker", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ending", Word(Ending)),
    Column("detail", Text, nullable=False),
    Column("cells", Coded(tuple[WrittenCell, ...]), nullable=False),
    sqlite_autoincrement=True,
)
Index("attempt_delivery", attempt.c.delivery, attempt.c.number)

lane = Table(
    "lane",
    META,
    # The circuit breaker of a mail account or workbook: failures in a row, and until when nothing is tried.
    Column("lane", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("closed_until", Moment),
    Column("detail", Text, nullable=False),
)
