"""Is a mail account or workbook out of order, and until when is it left in peace?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from rowcall.store import schema
from rowcall.store.dialect import upsert


@dataclass(frozen=True, slots=True)
class Lane:
    """The circuit breaker of one lane: failures in a row, and until when nothing is tried (shop time)."""

    lane: str
    failures: int = 0
    closed_until: datetime | None = None
    detail: str = ""

    def is_closed(self, now: datetime) -> bool:
        """Say whether nothing may be tried now."""
        return self.closed_until is not None and now < self.closed_until


def read_lane(connection: Connection, lane: str) -> Lane:
    """Return how it stands with a lane; one never heard of is in order."""
    row = connection.execute(select(schema.lane).where(schema.lane.c.lane == lane)).one_or_none()
    return Lane(lane) if row is None else Lane(*row)


def keep_lane(connection: Connection, lane: Lane) -> None:
    """Write down how it stands with a lane."""
    row = {"failures": lane.failures, "closed_until": lane.closed_until, "detail": lane.detail}
    upsert(connection, schema.lane, [{"lane": lane.lane, **row}])


def lanes_in_trouble(connection: Connection) -> list[Lane]:
    """Return the lanes whose last try failed."""
    return [Lane(*row) for row in connection.execute(select(schema.lane).where(schema.lane.c.failures > 0))]
