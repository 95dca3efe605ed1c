"""What happens to the deliveries that wait for another one when that one has ended?"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, literal, select, update

from rowcall.episode import COLLECTING, FINAL, DeliveryState
from rowcall.store import schema
from rowcall.store.dialect import in_parts

_delivery = schema.delivery.c
_follows = schema.follows.c


def ready_again() -> ColumnElement[DeliveryState]:
    """Return the state of what waits for its next try: once in doubt, always in doubt."""
    return case(
        (_delivery.doubt, literal(DeliveryState.UNCERTAIN, _delivery.state.type)),
        else_=literal(DeliveryState.READY, _delivery.state.type),
    )


def settle_followers(connection: Connection, ended: Iterable[str], at: datetime) -> None:
    """Let those go on that wait only for sent ones; cancel those that wait for one that never will be."""
    settle(connection, followers(connection, ended), at)


def followers(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return the deliveries that come right after these."""
    found: set[str] = set()
    for some in in_parts(ids):
        found.update(connection.execute(select(_follows.delivery).where(_follows.before.in_(some))).scalars())
    return found


def settle(connection: Connection, ids: Iterable[str], at: datetime) -> None:
    """Look at what comes before these deliveries: all sent → ready, one ended otherwise → cancelled."""
    before: dict[str, dict[str, DeliveryState | None]] = defaultdict(dict)
    predecessor = schema.delivery.alias().c
    for some in in_parts(ids):
        query = (
            select(_delivery.id, _follows.before, predecessor.state)
            .join(schema.follows, _follows.delivery == _delivery.id)
            .outerjoin(predecessor.id.table, predecessor.id == _follows.before)
            .where(_delivery.id.in_(some), _delivery.state.in_([DeliveryState.WAITING, DeliveryState.HELD]))
        )
        for delivery, one, state in connection.execute(query):
            before[delivery][one] = state
    cancelled = [
        delivery
        for delivery, states in before.items()
        if _stop(connection, delivery, states, at) or _go(connection, delivery, states, at)
    ]
    if cancelled:
        settle_followers(connection, cancelled, at)


def _stop(
    connection: Connection, delivery: str, states: dict[str, DeliveryState | None], at: datetime
) -> bool:
    ended = [
        (one, state)
        for one, state in states.items()
        if state is None or (state in FINAL and state is not DeliveryState.SENT)
    ]
    if not ended:
        return False
    one, state = ended[0]
    reason = f"what comes before it in the same entry ({one}) is {state.value if state else 'not known'}"
    change = {"state": DeliveryState.CANCELLED, "state_since": at, "reason": reason, "stopped_by": one}
    connection.execute(update(schema.delivery).where(_delivery.id == delivery).values(change))
    return True


def _go(connection: Connection, delivery: str, states: dict[str, DeliveryState | None], at: datetime) -> bool:
    if all(state is DeliveryState.SENT for state in states.values()):
        waiting = (_delivery.id == delivery) & (_delivery.state == DeliveryState.WAITING)
        # A line of a digest goes on with its mail (see bundles), not with what stands before it in the entry.
        waiting &= _delivery.lane != COLLECTING
        change = {"state": ready_again(), "state_since": at}
        connection.execute(update(schema.delivery).where(waiting).values(change))
    return False
