"""What was done, what is owed, and what was tried: the state as people ask for it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from rowcall.episode import Delivery, DeliveryState, Ending, Firing, WrittenCell
from rowcall.errors import UsageError
from rowcall.store import schema
from rowcall.store.deliveries import PayloadTypes, read_deliveries
from rowcall.store.dialect import in_parts
from rowcall.store.schema import Step

_delivery = schema.delivery.c
_firing = schema.firing.c
_attempt = schema.attempt.c


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery as `outbox list` shows it.

    due_at: the next try, if it is still open. reason: the server's answer, or why it is where it is.
    table: where the row stands that it is about, "" = no row.
    """

    delivery: Delivery
    state: DeliveryState
    tries: int
    table: str
    planned_at: datetime
    due_at: datetime
    sent_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One line of a delivery's history: an effect began (ending None), or what came of it.

    late: it was known only after the claim had gone to another worker, or the delivery was dropped.
    """

    at: datetime
    fence: int
    ending: Ending | None
    detail: str
    cells: tuple[WrittenCell, ...] = ()
    late: bool = False


def deliveries(
    connection: Connection,
    types: PayloadTypes,
    states: Collection[DeliveryState] = (),
    rule: str = "",
    limit: int = 1000,
) -> list[Listed]:
    """Return the latest deliveries, newest first; states: only those (all when empty)."""
    query = _listing().order_by(_delivery.number.desc()).limit(limit)
    if states:
        query = query.where(_delivery.state.in_(states))
    if rule:
        query = query.where(_delivery.rule == rule)
    return _listed(connection, types, list(connection.execute(query).mappings()))


def delivery(connection: Connection, types: PayloadTypes, id_: str) -> Listed:
    """Return one delivery by its id or the beginning of it; raises UsageError."""
    query = _listing().where(_delivery.id.startswith(id_, autoescape=True)).limit(2)
    found = _listed(connection, types, list(connection.execute(query).mappings()))
    if len(found) != 1 or not id_:
        several = "more than one delivery begins" if found else "no delivery begins"
        raise UsageError(f'{several} with "{id_}"; `rowcall outbox list` names them')
    return found[0]


def attempts(connection: Connection, id_: str) -> list[Attempt]:
    """Return everything that was tried for a delivery, in order."""
    query = select(schema.attempt).where(_attempt.delivery == id_).order_by(_attempt.number)
    return [
        Attempt(row.at, row.fence, row.ending, row.detail, row.cells or (), row.step is Step.LATE)
        for row in connection.execute(query)
    ]


def firings_of(connection: Connection, types: PayloadTypes, rule: str, key: str) -> list[Firing]:
    """Return what a rule has done about a row, oldest first, with the deliveries as they stand now."""
    where = _firing.rule == rule, _firing.key == key
    query = select(schema.firing).where(*where).order_by(_firing.at, _firing.id)
    found = [Firing(*row[:9]) for row in connection.execute(query)]
    made: dict[str, list[Delivery]] = {firing.id: [] for firing in found}
    for ids in in_parts(made):
        rows = select(schema.delivery).where(_delivery.firing.in_(ids)).order_by(_delivery.number)
        all_rows = connection.execute(rows).mappings().all()
        for row, one in zip(all_rows, read_deliveries(connection, all_rows, types), strict=True):
            made[row["firing"]].append(one)
    return [replace(firing, deliveries=tuple(made[firing.id])) for firing in found]


def written_cells(connection: Connection, id_: str) -> tuple[WrittenCell, ...]:
    """Return the cells that a delivery wrote, with what stood there before; raises UsageError if none."""
    query = select(_attempt.cells).where(_attempt.delivery == id_, _attempt.ending == Ending.SENT)
    cells: tuple[WrittenCell, ...] | None = connection.execute(
        query.order_by(_attempt.number.desc())
    ).scalar()
    if not cells:
        raise UsageError(f"delivery {id_} has written no cell, so there is nothing to undo")
    return cells


def _listing() -> Select[Any]:  # Any: the columns have many types
    return select(schema.delivery, _firing.table.label("of_table")).outerjoin(
        schema.firing, _firing.id == _delivery.firing
    )


def _listed(connection: Connection, types: PayloadTypes, rows: list[RowMapping]) -> list[Listed]:
    return [
        Listed(
            delivery=one,
            state=row["state"],
            tries=row["tries"],
            table=row["of_table"] or "",
            planned_at=row["planned_at"],
            due_at=row["due_at"],
            sent_at=row["sent_at"],
            reason=row["reason"],
        )
        for row, one in zip(rows, read_deliveries(connection, rows, types), strict=True)
    ]
