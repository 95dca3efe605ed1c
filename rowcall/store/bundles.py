"""What does the state do with the lines of a digest once their mails are planned?"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from rowcall.episode import BUNDLED, COLLECTING, DeliveryState
from rowcall.memory import Bundling
from rowcall.store import schema
from rowcall.store.chain import settle
from rowcall.store.dialect import in_parts

_follows = schema.follows.c


def bundle_lines(connection: Connection, bundled: Sequence[Bundling], at: datetime) -> None:
    """Let each line wait for its mails, and for nothing else; it goes on once all of them are sent."""
    lines = [one.delivery for one in bundled]
    for some in in_parts(lines):
        connection.execute(delete(schema.follows).where(_follows.delivery.in_(some)))
        line = schema.delivery.c.id.in_(some)
        connection.execute(update(schema.delivery).where(line).values(lane=BUNDLED))
    rows = [
        {"delivery": one.delivery, "position": position, "before": mail}
        for one in bundled
        for position, mail in enumerate(one.mails)
    ]
    if rows:
        connection.execute(insert(schema.follows), rows)
    settle(connection, lines, at)


def next_cut(connection: Connection, after: datetime | None) -> datetime | None:
    """Return the next label, later than `after`, for which a line waits; None when none does."""
    delivery = schema.delivery.c
    waits = (delivery.lane == COLLECTING) & (delivery.state == DeliveryState.WAITING)
    if after is not None:
        waits &= delivery.send_after > after
    found: datetime | None = connection.execute(select(func.min(delivery.send_after)).where(waits)).scalar()
    return found
