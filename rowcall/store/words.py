"""What have people said by command or button: answers, releases, pauses, retries, drops?

Each word makes the tick number grow: a plan that was made without hearing it is refused and made again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import Connection, insert, select, update

from rowcall.episode import FINAL, DeliveryState, Ending, Phase, WrittenCell
from rowcall.errors import UsageError
from rowcall.memory import Answer
from rowcall.store import schema
from rowcall.store.chain import followers, settle, settle_followers

_delivery = schema.delivery.c
_hold = schema.hold.c

UNDONE = "undone by a person"
"""Stands in the history of a delivery whose cells were put back."""


def say_answer(connection: Connection, rule: str, answer: Answer, at: datetime) -> int:
    """Decide about the rows that a rule found on first sight; return how many they are.

    The name of a table answers the question whether it is right that most of its rows are gone.
    """
    shrunk = connection.execute(
        select(schema.table_memory.c.value).where(schema.table_memory.c.table == rule)
    )
    table = shrunk.scalar_one_or_none()
    if table is not None and table.shrunk_since is not None:
        _note(connection, answer.value, rule, at)
        return int(table.rows)
    if table is not None:
        raise UsageError(f"there is no open question about rows of {rule}")
    known = {one.rule: one for one in connection.execute(select(schema.rule_memory.c.value)).scalars()}
    if rule not in known:
        raise UsageError(f'no rule "{rule}" has run yet{_did_you_mean(rule, known)}')
    if not known[rule].asked:
        raise UsageError(f"rule {rule} has no open question about rows that it found on first sight")
    _note(connection, answer.value, rule, at)
    return int(known[rule].asked)


def say_hold(connection: Connection, rule: str, decision: str, at: datetime) -> int:
    """Decide about what a limit holds of a rule, `release` or `drop`; return how many firings that concerns."""
    is_open = (_hold.rule == rule) & ~_hold.closed
    counts = connection.execute(select(_hold["count"]).where(is_open)).scalars().all()
    if not counts:
        held = connection.execute(select(_hold.rule).where(~_hold.closed).distinct()).scalars().all()
        raise UsageError(f"nothing of rule {rule} is held{_did_you_mean(rule, held)}")
    connection.execute(update(schema.hold).where(is_open).values(decision=decision))
    _note(connection, decision, rule, at)
    return sum(counts)


def say_pause(connection: Connection, rule: str, at: datetime, *, resume: bool = False) -> None:
    """Let a rule stand still until it is resumed, or go on."""
    _note(connection, "resume" if resume else "pause", rule, at)


def retry(connection: Connection, delivery: str, at: datetime) -> None:
    """Try a delivery again now, also one that was given up; what was cancelled because of it waits again."""
    state = _state(connection, delivery)
    again = {DeliveryState.DEAD, DeliveryState.EXPIRED, DeliveryState.READY, DeliveryState.UNCERTAIN}
    if state not in again:
        raise UsageError(
            f"delivery {delivery} is {state}; only one that failed or waits for a try can be retried"
        )
    values = {"due_at": at, "state_since": at, "expires_at": None, "reason": ""}
    if state in FINAL:
        values["state"] = DeliveryState.UNCERTAIN if _in_doubt(connection, delivery) else DeliveryState.READY
    connection.execute(update(schema.delivery).where(_delivery.id == delivery).values(values))
    _revive_followers(connection, delivery, at)
    lane = select(_delivery.lane).where(_delivery.id == delivery).scalar_subquery()
    opened = update(schema.lane).where(schema.lane.c.lane == lane).values(closed_until=None)
    connection.execute(opened)
    _note(connection, "retry", delivery, at)


def drop(connection: Connection, delivery: str, at: datetime) -> None:
    """Give a delivery up that was not made yet, with all that follows it in its entry."""
    state = _state(connection, delivery)
    if state in FINAL or state is DeliveryState.SENDING:
        now = "being sent at this moment" if state is DeliveryState.SENDING else state.value
        raise UsageError(f"delivery {delivery} is {now}; it can't be dropped any more")
    values = {"state": DeliveryState.CANCELLED, "state_since": at, "reason": "dropped by a person"}
    connection.execute(update(schema.delivery).where(_delivery.id == delivery).values(values))
    settle_followers(connection, [delivery], at)
    _note(connection, "drop", delivery, at)


def undone(connection: Connection, delivery: str, back: Sequence[WrittenCell], at: datetime) -> None:
    """Write down that a delivery's cells were put back, so that the rule does not start anew because of it.

    The cells count as its own write, which edges look through; an episode that has ended is armed again only once
    `when` has been false after this.
    """
    about = select(_delivery.rule, _delivery.key, _delivery.fence).where(_delivery.id == delivery)
    rule, key, fence = connection.execute(about).one()
    row = {"delivery": delivery, "fence": fence, "step": schema.Step.ENDED, "worker": "", "at": at}
    told = {"ending": Ending.SENT, "detail": UNDONE, "cells": tuple(back)}
    connection.execute(insert(schema.attempt).values(row | told))
    keys = {key, *(cell.key for cell in back)}
    episode = schema.episode.c
    over = (episode.rule == rule) & episode.key.in_(keys) & (episode.phase == Phase.ARMED)
    connection.execute(update(schema.episode).where(over).values(phase=Phase.ENDED, since=at))
    _note(connection, "undo", delivery, at)


def refuse_second_undo(connection: Connection, delivery: str) -> None:
    """Refuse to undo what was undone already; raises UsageError."""
    attempt = schema.attempt.c
    query = select(attempt.at).where(attempt.delivery == delivery, attempt.detail == UNDONE)
    if connection.execute(query).first() is not None:
        raise UsageError(f"delivery {delivery} was undone already")


def _revive_followers(connection: Connection, delivery: str, at: datetime) -> None:
    revived = followers(connection, [delivery])
    for one in revived:
        stopped = (_delivery.id == one) & (_delivery.stopped_by == delivery)
        cancelled = stopped & (_delivery.state == DeliveryState.CANCELLED)
        waits = {"state": DeliveryState.WAITING, "state_since": at, "reason": "", "stopped_by": ""}
        if connection.execute(update(schema.delivery).where(cancelled).values(waits)).rowcount:
            _revive_followers(connection, one, at)
    settle(connection, revived, at)


def _state(connection: Connection, delivery: str) -> DeliveryState:
    state: DeliveryState | None = connection.execute(
        select(_delivery.state).where(_delivery.id == delivery)
    ).scalar()
    if state is None:
        raise UsageError(f"there is no delivery {delivery}; `rowcall outbox list` names them")
    return state


def _in_doubt(connection: Connection, delivery: str) -> bool:
    return bool(connection.execute(select(_delivery.doubt).where(_delivery.id == delivery)).scalar())


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f' (did you mean "{close[0]}"?)' if close else ""


def _note(connection: Connection, word: str, subject: str, at: datetime) -> None:
    connection.execute(insert(schema.command).values(at=at, word=word, subject=subject, taken=False))
    connection.execute(update(schema.meta).values(tick=schema.meta.c.tick + 1))
