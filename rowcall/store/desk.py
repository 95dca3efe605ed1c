"""What does a worker that delivers need of the state?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcall.store import lanes, queue
from rowcall.store.lanes import Lane
from rowcall.store.queue import Claimed, Outcome, Worker
from rowcall.store.state import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """One worker's view of the queue: every call is one transaction. All methods raise StateError.

    now: the shop's time. machine_now: the machine's, by which leases run.
    """

    store: Store
    worker: Worker

    def tidy(
        self, now: datetime, machine_now: datetime, *, again_at: datetime, alone: bool = False
    ) -> list[tuple[str, int]]:
        """Take back the claims of dead workers and end what has expired; return ids and tries of the latter.

        alone: no other worker can live, so their leases need not run out first.
        """
        with self.store.database.write() as connection:
            queue.take_back(connection, now, machine_now, again_at=again_at, alone=alone)
            return queue.expire(connection, now)

    def due_lanes(self, now: datetime) -> list[str]:
        """Return the lanes in which something is due, those that wait longest first."""
        with self.store.database.read() as connection:
            return queue.due_lanes(connection, now)

    def next_due(self) -> datetime | None:
        """Return when the next delivery is due; None when nothing waits."""
        with self.store.database.read() as connection:
            return queue.next_due(connection)

    def claim(self, now: datetime, machine_now: datetime, lane: str, limit: int) -> list[Claimed]:
        """Lease up to `limit` due deliveries of a lane, urgent ones first, then the oldest."""
        with self.store.database.write() as connection:
            return queue.claim(
                connection,
                now,
                machine_now,
                lane=lane,
                worker=self.worker,
                limit=limit,
                types=self.store.payload_types,
            )

    def start(self, claims: Sequence[Claimed], now: datetime, machine_now: datetime) -> list[Claimed]:
        """Write down that these effects begin now, and return those that are still ours to make."""
        with self.store.database.write() as connection:
            return queue.start(connection, claims, now, machine_now, self.worker)

    def renew(self, claims: Sequence[Claimed], machine_now: datetime) -> None:
        """Show that the worker lives: its claims hold for another lease."""
        with self.store.database.write() as connection:
            queue.renew(connection, claims, machine_now, self.worker)

    def give_back(self, claims: Sequence[Claimed], until: datetime | None = None) -> None:
        """Return claims that were not begun, to be tried at once or from `until` on."""
        with self.store.database.write() as connection:
            queue.give_back(connection, claims, until)

    def finish(
        self, done: Sequence[tuple[Claimed, Outcome]], now: datetime, lane: Lane
    ) -> list[tuple[Claimed, bool]]:
        """Write down what came of deliveries, and how it stands with their lane; False = claim was lost."""
        with self.store.database.write() as connection:
            lanes.keep_lane(connection, lane)
            return queue.finish(connection, done, now, self.worker)

    def lane(self, name: str) -> Lane:
        """Return how it stands with a lane."""
        with self.store.database.read() as connection:
            return lanes.read_lane(connection, name)

    def sent_since(self, lane: str, since: datetime) -> int:
        """Return how many deliveries of a lane were sent after that moment, or are under way."""
        with self.store.database.read() as connection:
            return queue.sent_since(connection, lane, since)

    def same_endings(self, delivery: str, detail: str) -> int:
        """Return how many of a delivery's last tries in a row ended with these very words."""
        with self.store.database.read() as connection:
            return queue.same_endings(connection, delivery, detail)
