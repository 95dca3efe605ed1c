"""How is a delivery written down, and read again?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from rowcall import codec
from rowcall.episode import Delivery, DeliveryState, EffectKey, Firing
from rowcall.errors import StateError
from rowcall.store import schema
from rowcall.store.dialect import in_parts

PayloadTypes = Mapping[str, type]
"""Kind (an action leaf's file name) → the leaf's frozen Payload."""


@dataclass(frozen=True, slots=True)
class LostPayload:
    """Stands for a payload that can't be read: its action is gone or has changed; why is for people."""

    kind: str
    text: str
    why: str


def to_row(
    delivery: Delivery, firing: Firing, at: datetime, types: PayloadTypes, *, notice: bool
) -> dict[str, Any]:
    """Return the columns of a delivery that was just planned."""
    if delivery.kind not in types:
        raise StateError(f'rule {firing.rule}: there is no action "{delivery.kind}" that could be delivered')
    effect = delivery.effect
    waits = delivery.after and delivery.state is DeliveryState.READY
    return {
        "id": delivery.id,
        "firing": firing.id,
        "rule": effect.rule,
        "key": effect.key,
        "n": effect.n,
        "entry": effect.entry,
        "action": effect.action,
        "target": effect.target,
        "occurrence": effect.occurrence,
        "kind": delivery.kind,
        "lane": delivery.lane,
        "payload": codec.encode(delivery.payload, types[delivery.kind]).decode(),
        "send_after": delivery.send_after,
        "expires_at": delivery.expires_at,
        "state": DeliveryState.WAITING if waits else delivery.state,
        "customer": delivery.customer,
        "urgent": delivery.urgent,
        "hold": delivery.hold,
        "thread": delivery.thread,
        "notice": notice,
        "doubt": False,
        "due_at": delivery.send_after or at,
        "planned_at": at,
        "state_since": at,
        "fence": 0,
        "tries": 0,
        "worker": "",
        "leased_until": None,
        "sent_at": None,
        "reason": "",
        "stopped_by": "",
    }


def from_row(row: RowMapping, after: tuple[str, ...], types: PayloadTypes) -> Delivery:
    """Return the delivery that stands in a row of the table; after: what it follows."""
    effect = (
        row["rule"],
        row["key"],
        row["n"],
        row["entry"],
        row["action"],
        row["target"],
        row["occurrence"],
    )
    return Delivery(
        id=row["id"],
        effect=EffectKey(*effect),
        kind=row["kind"],
        lane=row["lane"],
        payload=_payload(row["kind"], row["payload"], types),
        after=after,
        send_after=row["send_after"],
        expires_at=row["expires_at"],
        state=row["state"],
        customer=row["customer"],
        urgent=row["urgent"],
        hold=row["hold"],
        thread=row["thread"],
    )


def read_deliveries(
    connection: Connection, rows: Sequence[RowMapping], types: PayloadTypes
) -> list[Delivery]:
    """Return the deliveries of these rows, with what each follows."""
    after = predecessors(connection, [row["id"] for row in rows])
    return [from_row(row, after.get(row["id"], ()), types) for row in rows]


def predecessors(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return delivery → the deliveries that must be sent before it, in order."""
    follows = schema.follows.c
    found: dict[str, list[str]] = defaultdict(list)
    for some in in_parts(ids):
        query = select(follows.delivery, follows.before).where(follows.delivery.in_(some))
        for delivery, before in connection.execute(query.order_by(follows.delivery, follows.position)):
            found[delivery].append(before)
    return {delivery: tuple(before) for delivery, before in found.items()}


def _payload(kind: str, text: str, types: PayloadTypes) -> object:
    if kind not in types:
        return LostPayload(kind, text, f'there is no action "{kind}" any more')
    try:
        return codec.decode(text, types[kind])
    except codec.CodecError as error:
        return LostPayload(kind, text, f'the action "{kind}" has changed since this was planned: {error}')
