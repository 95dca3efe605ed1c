"""What belongs to the new key when a person has renamed a row?

Everything: episodes with their timers and clocks, pressed buttons, what is remembered of the row, firings and
deliveries in the ledger.
A delivery's id stays what it was, a hash of the old key: nothing that was done or planned is done once more,
because the episode's progress has moved along.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, case, delete, select, update

from rowcall.codec import encode
from rowcall.episode import FINAL, DeliveryState
from rowcall.memory import MemoryChange, NewPayload
from rowcall.store import schema
from rowcall.store.chain import ready_again
from rowcall.store.clocks import move_clocks
from rowcall.store.deliveries import PayloadTypes
from rowcall.store.dialect import upsert

# Two rows may have swapped keys: first all old keys become marked new ones, then the mark goes. No sheet's
# cell can hold this character.
_MARK = "\x01"


def move_keys(connection: Connection, change: MemoryChange) -> None:
    """Move what belongs to the old keys of `change.moved` to the new ones."""
    for table in {table for table, _, _ in change.moved}:
        keys = {old: new for name, old, new in change.moved if name == table}
        rules = _watching(connection, table, change)
        for where in (schema.episode, schema.timer):
            _move(connection, where, keys, [where.c.rule.in_(rules)])
        move_clocks(connection, rules, keys)
        _lift(connection, table, change)
        _rename(connection, schema.press, keys, [schema.press.c.rule.in_(rules)])
        _move_rows(connection, table, keys)
        _move_ledger(connection, table, keys)
        _move_rule_memory(connection, table, keys)


def rewrite(
    connection: Connection, payloads: Sequence[NewPayload], at: datetime, types: PayloadTypes
) -> None:
    """Give deliveries to renamed rows their new payload, due at once; who has claimed one loses the claim."""
    delivery = schema.delivery.c
    for one in payloads:
        movable = (delivery.id == one.delivery) & delivery.state.not_in([*FINAL, DeliveryState.SENDING])
        kind = connection.execute(select(delivery.kind).where(movable)).scalar()
        if kind is None:
            continue
        text = encode(one.payload, types[kind]).decode()
        changed = {"payload": text, "due_at": at, "fence": delivery.fence + 1, "leased_until": None}
        leased = delivery.state == DeliveryState.LEASED
        state = case((leased, ready_again()), else_=delivery.state)
        connection.execute(update(schema.delivery).where(movable).values(state=state, **changed))


def _lift(connection: Connection, table: str, change: MemoryChange) -> None:
    """Give what renamed rows have in the ledger the numbers that their episodes get, before the keys move."""
    firing, delivery = schema.firing.c, schema.delivery.c
    of_table = select(firing.id).where(firing.id == delivery.firing, firing.table == table).exists()
    for one in change.lifts:
        for where, only in ((schema.delivery, of_table), (schema.firing, firing.table == table)):
            mine = (where.c.rule == one.rule) & (where.c.key == one.key) & (where.c.n == one.n) & only
            connection.execute(update(where).where(mine).values(n=one.to))
        pressed = schema.press.c
        mine = (pressed.rule == one.rule) & (pressed.key == one.key) & (pressed.n == one.n)
        connection.execute(update(schema.press).where(mine).values(n=one.to))


def _watching(connection: Connection, table: str, change: MemoryChange) -> list[str]:
    """Return the rules that look at the table, as they say themselves or as their firings show."""
    firing = schema.firing.c
    known = connection.execute(select(schema.rule_memory.c.value)).scalars()
    said = {one.rule: one.table for one in known}
    said |= {one.rule: one.table for one in change.rules if one.table}
    fired = connection.execute(select(firing.rule).where(firing.table == table).distinct()).scalars()
    return sorted(
        {rule for rule, name in said.items() if name == table} | {r for r in fired if not said.get(r)}
    )


def _move(connection: Connection, where: Table, keys: Mapping[str, str], only: Sequence[Any]) -> None:
    for new in keys.values():
        if new not in keys:  # what an earlier row of that name left behind
            connection.execute(delete(where).where(where.c.key == new, *only))
    _rename(connection, where, keys, only)


def _rename(connection: Connection, where: Table, keys: Mapping[str, str], only: Sequence[Any]) -> None:
    marked = {old: _MARK + new for old, new in keys.items()}
    unmarked = {_MARK + new: new for new in keys.values()}
    for before, after in [*marked.items(), *unmarked.items()]:
        connection.execute(update(where).where(where.c.key == before, *only).values(key=after))


def _move_rows(connection: Connection, table: str, keys: Mapping[str, str]) -> None:
    row = schema.row_memory
    of_old = row.c.table == table, row.c.key.in_(keys)
    moved = [
        replace(one, key=keys[one.key])
        for one in connection.execute(select(row.c.value).where(*of_old)).scalars()
    ]
    connection.execute(delete(row).where(*of_old))
    upsert(connection, row, [{"table": table, "key": one.key, "value": one} for one in moved])


def _move_ledger(connection: Connection, table: str, keys: Mapping[str, str]) -> None:
    firing, delivery = schema.firing.c, schema.delivery.c
    of_table = select(firing.id).where(firing.id == delivery.firing, firing.table == table).exists()
    _rename(connection, schema.delivery, keys, [of_table])
    _rename(connection, schema.firing, keys, [firing.table == table])


def _move_rule_memory(connection: Connection, table: str, keys: Mapping[str, str]) -> None:
    for rule in connection.execute(select(schema.rule_memory.c.value)).scalars().all():
        own = tuple(
            replace(cell, key=keys.get(cell.key, cell.key)) if cell.table == table else cell
            for cell in rule.own
        )
        wakes = rule.wakes
        if rule.table == table:
            wakes = {keys.get(key, key): moments for key, moments in rule.wakes.items()}
        if own != rule.own or wakes != rule.wakes:
            moved = replace(rule, own=own, wakes=wakes)
            upsert(connection, schema.rule_memory, [{"rule": rule.rule, "value": moved}])
