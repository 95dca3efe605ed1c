"""Whose turn is it to be delivered, who has claimed it, and what came of it?

ready, uncertain → leased (claim) → sending (start) → sent | ready | uncertain | dead | cancelled (finish).
Every step is one conditional UPDATE; from the claim on it names the fence number, so that a worker that was
asleep for too long changes nothing any more. Leases run by the machine's clock, everything else by the shop's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from rowcall.episode import Delivery, DeliveryState, Ending, WrittenCell
from rowcall.store import schema
from rowcall.store.chain import ready_again, settle_followers
from rowcall.store.deliveries import PayloadTypes, read_deliveries
from rowcall.store.schema import Step

_delivery = schema.delivery.c
_DUE = (DeliveryState.READY, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that one worker may work on: the fence number proves it. tries: those made before.

    `delivery.state` is UNCERTAIN when an earlier try may have succeeded, READY otherwise.
    """

    delivery: Delivery
    fence: int
    tries: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Who claims, and for how long without a sign of life."""

    name: str
    lease: timedelta = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. next_try: when to try again (RETRY, UNCERTAIN), shop time."""

    ending: Ending
    detail: str = ""
    cells: tuple[WrittenCell, ...] = ()
    next_try: datetime | None = None


def due_lanes(connection: Connection, now: datetime) -> list[str]:
    """Return the lanes in which something is due, those that wait longest first."""
    query = select(_delivery.lane).where(_delivery.state.in_(_DUE), _delivery.due_at <= now)
    return list(
        connection.execute(query.group_by(_delivery.lane).order_by(func.min(_delivery.due_at))).scalars()
    )


def next_due(connection: Connection) -> datetime | None:
    """Return when the next delivery is due; None when nothing waits."""
    found: datetime | None = connection.execute(
        select(func.min(_delivery.due_at)).where(_delivery.state.in_(_DUE))
    ).scalar()
    return found


def claim(
    connection: Connection,
    now: datetime,
    machine_now: datetime,
    *,
    lane: str,
    worker: Worker,
    limit: int,
    types: PayloadTypes,
) -> list[Claimed]:
    """Lease up to `limit` due deliveries of a lane, urgent ones first, then the oldest."""
    query = (
        select(schema.delivery)
        .where(_delivery.state.in_(_DUE), _delivery.lane == lane, _delivery.due_at <= now)
        .order_by(_delivery.urgent.desc(), _delivery.number)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(query).mappings().all()
    if not rows:
        return []
    leased = {
        "state": DeliveryState.LEASED,
        "fence": _delivery.fence + 1,
        "worker": worker.name,
        "leased_until": machine_now + worker.lease,
    }
    numbers = [row["number"] for row in rows]
    connection.execute(
        update(schema.delivery).where(_delivery.number.in_(numbers), _delivery.state.in_(_DUE)).values(leased)
    )
    deliveries = read_deliveries(connection, rows, types)
    return [Claimed(one, row["fence"] + 1, row["tries"]) for one, row in zip(deliveries, rows, strict=True)]


def start(
    connection: Connection, claims: Sequence[Claimed], now: datetime, machine_now: datetime, worker: Worker
) -> list[Claimed]:
    """Write down that these effects begin now, and return those that are still ours to make."""
    ours = []
    for claimed in claims:
        valid = _mine(claimed, DeliveryState.LEASED) & (_delivery.leased_until > machine_now)
        sending = {
            "state": DeliveryState.SENDING,
            "tries": _delivery.tries + 1,
            "leased_until": machine_now + worker.lease,
        }
        if connection.execute(update(schema.delivery).where(valid).values(sending)).rowcount:
            ours.append(claimed)
            begun = {"delivery": claimed.delivery.id, "fence": claimed.fence, "step": Step.STARTED}
            about = {"worker": worker.name, "at": now, "detail": "", "cells": ()}
            connection.execute(insert(schema.attempt).values(begun | about))
    return ours


def renew(connection: Connection, claims: Sequence[Claimed], machine_now: datetime, worker: Worker) -> None:
    """Show that the worker lives: its claims hold for another lease."""
    for claimed in claims:
        mine = _mine(claimed, DeliveryState.LEASED, DeliveryState.SENDING)
        until = {"leased_until": machine_now + worker.lease}
        connection.execute(update(schema.delivery).where(mine).values(until))


def give_back(connection: Connection, claims: Sequence[Claimed], until: datetime | None = None) -> None:
    """Return claims that were not begun, to be tried at once or from `until` on."""
    for claimed in claims:
        back: dict[str, Any] = {"state": claimed.delivery.state, "leased_until": None}
        if until is not None:
            back["due_at"] = until
        mine = _mine(claimed, DeliveryState.LEASED)
        connection.execute(update(schema.delivery).where(mine).values(back))


def finish(
    connection: Connection, done: Sequence[tuple[Claimed, Outcome]], now: datetime, worker: Worker
) -> list[tuple[Claimed, bool]]:
    """Write down what came of deliveries that were begun; False for one whose claim was lost meanwhile.

    A lost claim that nobody else has taken yet is still ours: what is known for sure replaces `uncertain`.
    """
    result, ended = [], []
    for claimed, outcome in done:
        mine = _mine(claimed, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        kept = (
            connection.execute(update(schema.delivery).where(mine).values(_after(outcome, now))).rowcount == 1
        )
        step = Step.ENDED if kept else Step.LATE
        _write_ending(connection, claimed.delivery.id, claimed.fence, worker.name, now, outcome, step)
        result.append((claimed, kept))
        if kept and outcome.ending not in (Ending.RETRY, Ending.UNCERTAIN):
            ended.append(claimed.delivery.id)
    settle_followers(connection, ended, now)
    return result


def expire(connection: Connection, now: datetime) -> list[tuple[str, int]]:
    """End what could not be sent in time, with a receipt that tells it; return ids and tries."""
    late = _delivery.state.in_([*_DUE, DeliveryState.WAITING]) & (_delivery.expires_at <= now)
    names = ("id", "fence", "reason", "doubt", "tries")
    rows = connection.execute(select(*[_delivery[name] for name in names]).where(late)).all()
    for row in rows:
        sure = (
            "it may have been done, but nobody knows for sure"
            if row.doubt
            else "it could not be done in time"
        )
        why = f"; the last try: {row.reason}" if row.reason else ""
        detail = f"expired: {sure}{why}"
        values = {"state": DeliveryState.EXPIRED, "state_since": now, "reason": detail}
        connection.execute(update(schema.delivery).where(_delivery.id == row.id).values(values))
        _write_ending(connection, row.id, row.fence, "", now, Outcome(Ending.DEAD, detail))
    settle_followers(connection, [row.id for row in rows], now)
    return [(row.id, row.tries) for row in rows]


def take_back(
    connection: Connection, now: datetime, machine_now: datetime, *, again_at: datetime, alone: bool = False
) -> int:
    """Take back the claims of workers that died, and return how many.

    What had begun may have been done: it becomes uncertain, with a receipt that says so, and is tried again
    at `again_at`. alone: there can be no other worker, so that no lease need run out first.
    """
    over = _delivery.fence >= 0 if alone else _delivery.leased_until <= machine_now
    leased = (_delivery.state == DeliveryState.LEASED) & over
    back = {"state": ready_again(), "leased_until": None}
    count = connection.execute(update(schema.delivery).where(leased).values(back)).rowcount
    begun = (_delivery.state == DeliveryState.SENDING) & over
    rows = connection.execute(select(_delivery.id, _delivery.fence, _delivery.worker).where(begun)).all()
    outcome = Outcome(
        Ending.UNCERTAIN, "Rowcall stopped in the middle of this: it may have been done", (), again_at
    )
    for row in rows:
        values = _after(outcome, now)
        connection.execute(update(schema.delivery).where(_delivery.id == row.id).values(values))
        _write_ending(connection, row.id, row.fence, row.worker, now, outcome)
    return count + len(rows)


def sent_since(connection: Connection, lane: str, since: datetime) -> int:
    """Return how many deliveries of a lane were sent after that moment, or are being sent."""
    sent = (_delivery.lane == lane) & (_delivery.sent_at > since)
    under_way = (_delivery.lane == lane) & _delivery.state.in_([DeliveryState.LEASED, DeliveryState.SENDING])
    return sum(
        connection.execute(select(func.count()).select_from(schema.delivery).where(some)).scalar_one()
        for some in (sent, under_way)
    )


def same_endings(connection: Connection, delivery: str, detail: str) -> int:
    """Return how many of a delivery's last tries in a row ended with these very words."""
    attempt = schema.attempt.c
    query = select(attempt.detail).where(attempt.delivery == delivery, attempt.step == Step.ENDED)
    details = connection.execute(query.order_by(attempt.number.desc())).scalars()
    return sum(1 for _ in takewhile(lambda found: found == detail, details))


def _mine(claimed: Claimed, *states: DeliveryState) -> ColumnElement[bool]:
    same: ColumnElement[bool] = _delivery.id == claimed.delivery.id
    return same & (_delivery.fence == claimed.fence) & _delivery.state.in_(states)


def _after(outcome: Outcome, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"reason": outcome.detail, "state_since": now, "leased_until": None}
    match outcome.ending:
        case Ending.SENT:
            return values | {"state": DeliveryState.SENT, "sent_at": now}
        case Ending.RETRY:
            return values | {"state": ready_again(), "due_at": outcome.next_try or now}
        case Ending.UNCERTAIN:
            doubt = {"state": DeliveryState.UNCERTAIN, "doubt": True}
            return values | doubt | {"due_at": outcome.next_try or now}
        case Ending.DEAD:
            return values | {"state": DeliveryState.DEAD}
        case Ending.LOST:
            return values | {"state": DeliveryState.CANCELLED}


def _write_ending(
    connection: Connection,
    delivery: str,
    fence: int,
    worker: str,
    now: datetime,
    outcome: Outcome,
    step: Step = Step.ENDED,
) -> None:
    row = {"delivery": delivery, "fence": fence, "step": step, "worker": worker, "at": now}
    told = {"ending": outcome.ending, "detail": outcome.detail, "cells": outcome.cells}
    connection.execute(insert(schema.attempt).values(row | told))
