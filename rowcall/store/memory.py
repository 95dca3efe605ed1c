"""What does the state remember for the next plan?"""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from rowcall.episode import DeliveryState, EffectKey, Receipt
from rowcall.memory import Answer, Hold, Memory, OpenDelivery, RowMemory, SentMail
from rowcall.store import schema
from rowcall.store.clocks import load_clocks, load_presses, load_turns
from rowcall.store.deliveries import PayloadTypes, read_deliveries
from rowcall.store.episodes import load_episodes

MAIL_LANE = "mail"
MAILS_COUNT_FOR = timedelta(days=32)
"""How long a mail counts in limits and budgets: the longest of them speak of a month."""

_delivery = schema.delivery.c
_attempt = schema.attempt.c


def load_memory(connection: Connection, types: PayloadTypes) -> Memory:
    """Return all that a plan remembers, as of one moment."""
    lasting = Memory(
        rules=dict(connection.execute(select(schema.rule_memory)).all()),
        tables=dict(connection.execute(select(schema.table_memory)).all()),
        rows=_rows(connection),
        episodes=load_episodes(connection),
        clocks=load_clocks(connection),
        turns=load_turns(connection),
    )
    return load_news(connection, types, lasting)


def load_news(connection: Connection, types: PayloadTypes, lasting: Memory) -> Memory:
    """Return the memory with what also others change between two ticks: deliveries, receipts, words of people."""
    about = connection.execute(select(schema.meta.c.last_tick, schema.meta.c.receipts_seen)).one()
    return replace(
        lasting,
        holds=_holds(connection),
        mails=_mails(connection, about.last_tick),
        open_deliveries=_open_deliveries(connection, types),
        receipts=_receipts(connection, about.receipts_seen),
        answers=_answers(connection),
        paused=_paused(connection),
        last_tick=about.last_tick,
        presses=load_presses(connection),
    )


def _rows(connection: Connection) -> dict[str, dict[str, RowMemory]]:
    rows: dict[str, dict[str, RowMemory]] = defaultdict(dict)
    for table, key, row in connection.execute(select(schema.row_memory)):
        rows[table][key] = row
    return dict(rows)


def _holds(connection: Connection) -> dict[str, Hold]:
    hold = schema.hold.c
    columns = (hold.id, hold.rule, hold.limit, hold.since, hold["count"], hold.decision)
    return {row.id: Hold(*row) for row in connection.execute(select(*columns).where(~hold.closed))}


def _mails(connection: Connection, last_tick: datetime | None) -> tuple[SentMail, ...]:
    if last_tick is None:
        return ()
    since = last_tick - MAILS_COUNT_FOR
    waits = _delivery.state.in_([state for state in schema.OPEN_STATES if state is not DeliveryState.HELD])
    query = (
        select(_delivery.rule, _delivery.target, _delivery.customer, _delivery.sent_at, _delivery.due_at)
        .where(_delivery.lane == MAIL_LANE, ~_delivery.notice)
        .where(or_(and_(_delivery.state == DeliveryState.SENT, _delivery.sent_at > since), waits))
        .order_by(_delivery.number)
    )
    return tuple(
        SentMail(row.rule, row.customer or row.target, row.sent_at or row.due_at, bool(row.customer))
        for row in connection.execute(query)
    )


def _open_deliveries(connection: Connection, types: PayloadTypes) -> dict[str, OpenDelivery]:
    query = select(schema.delivery).where(_delivery.state.in_(schema.OPEN_STATES)).order_by(_delivery.number)
    deliveries = read_deliveries(connection, connection.execute(query).mappings().all(), types)
    return {delivery.id: OpenDelivery(delivery.id, delivery, delivery.state) for delivery in deliveries}


def _receipts(connection: Connection, seen: int) -> tuple[Receipt, ...]:
    # Numbers grow in the order of commits because SQLite has one writer at a time. A database with several
    # writers must give them out under a lock, or a tick could step over a receipt that is committed later.
    query = receipts_query().where(_attempt.number > seen).order_by(_attempt.number)
    return tuple(to_receipt(row) for row in connection.execute(query))


def receipts_query() -> Select[Any]:  # Any: the columns have many types
    """Return the query of all receipts; each of its rows becomes one with `to_receipt`."""
    effect = [_delivery[name] for name in ("rule", "key", "n", "entry", "action", "target", "occurrence")]
    receipt = [_attempt[name] for name in ("delivery", "ending", "at", "detail", "cells", "number")]
    query = select(*receipt, *effect).join(schema.delivery, _delivery.id == _attempt.delivery)
    return query.where(_attempt.step == schema.Step.ENDED)


def to_receipt(row: Any) -> Receipt:  # Any: a row of receipts_query
    """Return the receipt that stands in a row of `receipts_query`."""
    delivery, ending, at, detail, cells, number, *effect = row
    return Receipt(delivery, EffectKey(*effect), ending, at, detail, cells, number)


def _answers(connection: Connection) -> dict[str, Answer]:
    command = schema.command.c
    query = select(command.subject, command.word).where(command.word.in_(list(Answer)), ~command.taken)
    return {subject: Answer(word) for subject, word in connection.execute(query.order_by(command.number))}


def _paused(connection: Connection) -> frozenset[str]:
    command = schema.command.c
    query = select(command.subject, command.word).where(command.word.in_(["pause", "resume"]), ~command.taken)
    said: dict[str, str] = dict(connection.execute(query.order_by(command.number)).all())
    return frozenset(rule for rule, word in said.items() if word == "pause")
