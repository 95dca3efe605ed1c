"""How does a plan become part of the state: all of it in one transaction, or nothing?"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from rowcall.episode import FINAL, DeliveryState, Firing
from rowcall.errors import StateConflict
from rowcall.memory import Answer, Hold, MemoryChange, Plan, StateChange
from rowcall.store import schema
from rowcall.store.bundles import bundle_lines
from rowcall.store.chain import ready_again, settle, settle_followers
from rowcall.store.clocks import keep_clocks
from rowcall.store.deliveries import PayloadTypes, to_row
from rowcall.store.dialect import in_parts, insert_new, upsert
from rowcall.store.episodes import forget_episodes, keep_episodes
from rowcall.store.rename import move_keys, rewrite
from rowcall.store.snapshots import forget_snapshots, keep_snapshots

_delivery = schema.delivery.c
_meta = schema.meta


def commit_plan(connection: Connection, plan: Plan, expected_tick: int, types: PayloadTypes) -> int:
    """Write a plan down and return the new tick number; raises StateConflict when the state has moved on."""
    tick = _advance(connection, plan, expected_tick)
    change = plan.change
    rewrite(connection, change.payloads, plan.at, types)
    move_keys(connection, change)
    _keep_values(connection, change)
    forget_episodes(connection, change.forgotten_episodes)
    keep_episodes(connection, change.episodes)
    keep_clocks(connection, change)
    _keep_holds(connection, change.holds, change.closed_holds)
    take_commands(connection, [answer.value for answer in Answer], change.taken_answers)
    _keep_firings(connection, plan, types)
    bundle_lines(connection, change.bundled, plan.at)
    _change_states(connection, change.states, plan.at)
    keep_snapshots(connection, plan.at, plan.snapshots)
    forget_snapshots(connection)
    return tick


def take_commands(connection: Connection, words: Sequence[str], subjects: Iterable[str]) -> None:
    """Mark what people said about these subjects in these words as carried out."""
    command = schema.command.c
    for some in in_parts(subjects):
        said = command.subject.in_(some) & command.word.in_(words) & ~command.taken
        connection.execute(update(schema.command).where(said).values(taken=True))


def _advance(connection: Connection, plan: Plan, expected_tick: int) -> int:
    now, seen = connection.execute(select(_meta.c.tick, _meta.c.receipts_seen)).one()
    values = {"tick": expected_tick + 1, "last_tick": plan.at}
    values["receipts_seen"] = max(seen, plan.change.receipts_seen)
    if not connection.execute(update(_meta).where(_meta.c.tick == expected_tick).values(values)).rowcount:
        raise StateConflict(
            f"the state moved on while this was planned (from {expected_tick} to {now}): "
            "another process of Rowcall, or a command of yours, was faster; nothing was changed"
        )
    return expected_tick + 1


def _columns(value: Any) -> dict[str, Any]:  # Any: one of the frozen values of rowcall.memory
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _keep_values(connection: Connection, change: MemoryChange) -> None:
    upsert(connection, schema.rule_memory, [{"rule": one.rule, "value": one} for one in change.rules])
    upsert(connection, schema.table_memory, [{"table": one.table, "value": one} for one in change.tables])
    row = schema.row_memory
    for table, key in change.forgotten_rows:
        connection.execute(delete(row).where(row.c.table == table, row.c.key == key))
    upsert(connection, row, [{"table": one.table, "key": one.key, "value": one} for one in change.rows])


def _keep_holds(connection: Connection, holds: Sequence[Hold], closed: Sequence[str]) -> None:
    upsert(connection, schema.hold, [{**_columns(one), "closed": False} for one in holds])
    for some in in_parts(closed):
        connection.execute(update(schema.hold).where(schema.hold.c.id.in_(some)).values(closed=True))


def _keep_firings(connection: Connection, plan: Plan, types: PayloadTypes) -> None:
    firings = [(firing, False) for firing in plan.firings] + [(firing, True) for firing in plan.notices]
    insert_new(connection, schema.firing, [_firing_row(firing, notice=notice) for firing, notice in firings])
    planned = {
        delivery.id: (delivery, firing, notice)
        for firing, notice in firings
        for delivery in firing.deliveries
    }
    for known in in_parts(list(planned)):
        for id_ in connection.execute(select(_delivery.id).where(_delivery.id.in_(known))).scalars():
            del planned[id_]  # an effect that was planned before happens only once, for ever
    rows = [to_row(one, firing, plan.at, types, notice=notice) for one, firing, notice in planned.values()]
    insert_new(connection, schema.delivery, rows)
    chained = [delivery for delivery, _, _ in planned.values() if delivery.after]
    follows = [
        {"delivery": delivery.id, "position": position, "before": before}
        for delivery in chained
        for position, before in enumerate(delivery.after)
    ]
    insert_new(connection, schema.follows, follows)
    settle(connection, [delivery.id for delivery in chained], plan.at)


def _firing_row(firing: Firing, *, notice: bool) -> dict[str, Any]:
    columns = _columns(firing)
    del columns["deliveries"]
    return {**columns, "notice": notice}


def _change_states(connection: Connection, changes: Sequence[StateChange], at: datetime) -> None:
    """Move deliveries on that can still be moved: one that is final or just being sent stays what it is."""
    ended: list[str] = []
    released: list[str] = []
    for change in changes:
        movable = _delivery.state.not_in([*FINAL, DeliveryState.SENDING])
        values: dict[str, Any] = {"state": change.state, "state_since": at, "reason": change.reason}
        if change.expires_at is not None:
            values["expires_at"] = change.expires_at
        if change.state is DeliveryState.READY:
            values["state"] = DeliveryState.WAITING  # until `release` has looked at what comes before
        moved = update(schema.delivery).where(_delivery.id == change.delivery, movable).values(values)
        if not connection.execute(moved).rowcount:
            continue
        if change.state is DeliveryState.READY:
            released.append(change.delivery)
        elif change.state in FINAL:
            ended.append(change.delivery)
    release(connection, released, at)
    settle_followers(connection, ended, at)


def release(connection: Connection, ids: Sequence[str], at: datetime) -> None:
    """Make waiting deliveries ready that wait for none before them, or for sent ones only."""
    follows = schema.follows.c
    for some in in_parts(ids):
        chained = select(follows.delivery).where(follows.delivery == _delivery.id).exists()
        alone = _delivery.id.in_(some) & (_delivery.state == DeliveryState.WAITING) & ~chained
        connection.execute(update(schema.delivery).where(alone).values(state=ready_again()))
    settle(connection, ids, at)
