"""What do the tables that Rowcall keeps itself hold: deliveries, firings, problems of the last weeks?"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import Connection, select

from rowcall.episode import DeliveryState
from rowcall.language.ledger import DELIVERIES, FIRINGS, LEDGERS, PROBLEMS
from rowcall.memory import TableMemory
from rowcall.store import schema

MOST_ROWS = 50_000
"""More rows than this are never looked at: the latest stand for all."""

_delivery = schema.delivery.c
_firing = schema.firing.c
_TROUBLE = (DeliveryState.DEAD, DeliveryState.EXPIRED, DeliveryState.UNCERTAIN)

Row = tuple[str | None, ...]


def ledger_texts(connection: Connection, name: str, since: datetime, zone: ZoneInfo) -> pl.DataFrame:
    """Return a ledger table as texts, as a reader of a workbook would deliver it; oldest rows first."""
    rows = list(_READ[name](connection, since, zone))[-MOST_ROWS:]
    names = [column.name for column in LEDGERS[name].columns]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _deliveries(connection: Connection, since: datetime, zone: ZoneInfo) -> Iterable[Row]:
    query = (
        select(schema.delivery, _firing.table.label("of_table"))
        .outerjoin(schema.firing, _firing.id == _delivery.firing)
        .where(_delivery.planned_at >= since)
        .order_by(_delivery.number.desc())
        .limit(MOST_ROWS)
    )
    for row in reversed(connection.execute(query).mappings().all()):
        yield (
            row["id"],
            row["rule"] or None,
            row["of_table"] or None,
            row["key"] if row["of_table"] else None,
            _action(row["action"]),
            _masked(row["target"]) if row["customer"] else row["target"],
            str(row["state"]),
            _at(row["planned_at"], zone),
            _at(row["sent_at"], zone),
            str(row["tries"]),
            row["reason"] or None,
        )


def _firings(connection: Connection, since: datetime, zone: ZoneInfo) -> Iterable[Row]:
    query = (
        select(schema.firing)
        .where(_firing.at >= since, ~_firing.notice)
        .order_by(_firing.at.desc(), _firing.id)
        .limit(MOST_ROWS)
    )
    for row in reversed(connection.execute(query).mappings().all()):
        key = row["key"] if row["table"] else None
        at = _at(row["at"], zone)
        yield row["id"], row["rule"], row["table"] or None, key, str(row["n"]), row["entry"], at


def _problems(connection: Connection, since: datetime, zone: ZoneInfo) -> Iterable[Row]:
    """Yield what is wrong now: tables that can't be read, what waits for a person, what could not be delivered."""
    hold = schema.hold.c
    for table, memory in connection.execute(select(schema.table_memory)):
        if isinstance(memory, TableMemory) and memory.broken:
            yield _problem(table, memory.broken, "mend the workbook; its rules wait", "", None, zone)
    for row in connection.execute(select(schema.hold).where(~hold.closed)).mappings():
        what = f'{row["count"]} rows wait because of "{row["limit"]}"'
        fix = f"rowcall release {row['rule']}, or rowcall drop {row['rule']}"
        yield _problem(row["rule"], what, fix, row["rule"], row["since"], zone)
    query = (
        select(schema.delivery, _firing.table.label("of_table"))
        .outerjoin(schema.firing, _firing.id == _delivery.firing)
        .where(_delivery.state.in_(_TROUBLE), _delivery.planned_at >= since)
        .order_by(_delivery.number.desc())
        .limit(MOST_ROWS)
    )
    for row in connection.execute(query).mappings():
        where = f"{row['of_table']}, row {row['key']}" if row["of_table"] else row["rule"]
        what = f"{_action(row['action'])} is {row['state']}: {row['reason']}"
        fix = f"rowcall outbox show {row['id'][:8]}"
        yield _problem(where, what, fix, row["rule"], row["state_since"], zone)


def _problem(where: str, what: str, fix: str, rule: str, since: datetime | None, zone: ZoneInfo) -> Row:
    id_ = hashlib.sha256(f"{where}\n{what}\n{rule}".encode()).hexdigest()[:12]
    return id_, where or None, what, fix, rule or None, _at(since, zone)


_READ: Mapping[str, Callable[[Connection, datetime, ZoneInfo], Iterable[Row]]] = {
    DELIVERIES: _deliveries,
    FIRINGS: _firings,
    PROBLEMS: _problems,
}


def _action(action: str) -> str:
    """Return an action as rules write it: `email#1` is an email."""
    return action.partition("#")[0].replace("set_cells", "set").replace("_", " ")


def _masked(address: str) -> str:
    """Return a customer's address so that it can be recognised, and not written to: `a…@example.com`."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}…{at}{domain}" if at else address


def _at(moment: Any, zone: ZoneInfo) -> str | None:  # Any: a column of moments, typed by the store
    return None if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"
