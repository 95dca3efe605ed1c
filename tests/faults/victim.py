"""A process that works on a state until it is killed, by itself at a named point or from outside.

Called as `python -m tests.faults.victim FOLDER POINT`.
"""

import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rowcall.clock import SystemClock
from rowcall.episode import Delivery
from rowcall.errors import StateError
from rowcall.outbox import Outbox
from rowcall.store import Worker, queue
from rowcall.store.commit import commit_plan
from rowcall.tools import Result, Tools
from tests.state import NOW, TYPES, Notebook, commit, delivery, desk, open_store, plan, tools


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(slots=True)
class Deadly:
    """The tests' action, in a process that dies before or after the effect, or takes its time."""

    book: Notebook
    point: str

    def __call__(self, deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
        if self.point == "before the effect":
            _die()
        results = self.book(deliveries, tools)
        if self.point == "after the effect":
            _die()
        time.sleep(0.001)
        return results


def _claim_and_die(folder: Path, *, committed: bool) -> None:
    store = open_store(folder)
    worker = desk(store)
    if committed:
        worker.claim(NOW, datetime.now(UTC), "mail", 5)
        _die()
    with store.database.write() as connection:
        queue.claim(
            connection, NOW, datetime.now(UTC), lane="mail", worker=worker.worker, limit=5, types=TYPES
        )
        _die()


def _plan_and_die(folder: Path) -> None:
    store = open_store(folder)
    with store.database.write() as connection:
        many = [delivery(f"planned {number}") for number in range(3000)]
        commit_plan(connection, plan(*many), store.tick_number(), TYPES)
        _die()


def _fill_the_disk(folder: Path) -> None:
    """Commit under a limit of the files' size, as on a full disk; say what became of it."""
    store = open_store(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        commit(store, *[delivery(f"big {number}") for number in range(5000)])
    except StateError as error:
        print(f"{type(error).__name__}: {error}")  # noqa: T201


def _deliver(folder: Path, point: str, threads: int) -> None:
    store, action = open_store(folder), Deadly(Notebook(folder / "sent.txt"), point)
    names = [f"victim {os.getpid()} {number}" for number in range(threads)]
    clock = SystemClock()
    outboxes = [Outbox(store, {"note": action}, tools, clock, clock, Worker(name)) for name in names]
    working = [threading.Thread(target=one.deliver_due, args=(NOW,)) for one in outboxes]
    for thread in working:
        thread.start()
    for thread in working:
        thread.join()


def main(folder: Path, point: str) -> None:
    """Work until killed."""
    if point in ("before the claim is committed", "after the claim"):
        _claim_and_die(folder, committed=point == "after the claim")
    elif point == "before the plan is committed":
        _plan_and_die(folder)
    elif point == "disk full":
        _fill_the_disk(folder)
    else:
        action = Deadly(Notebook(folder / "sent.txt"), point)
        worker = Worker(f"victim {os.getpid()}")
        Outbox(open_store(folder), {"note": action}, tools, SystemClock(), SystemClock(), worker).deliver_due(
            NOW
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
