"""When is which workbook to be looked at?"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from threading import Condition, Lock
from time import monotonic

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from rowcall.clock import Clock

_log = structlog.get_logger(__name__)

_SPREAD = timedelta(seconds=5)
_JUMP = timedelta(seconds=60)
_TIMER = "timer"


class Looks:
    """The workbooks that are due. APScheduler only wakes: what is due is a set, so looks that meet become one.

    machine: the machine's time, by which APScheduler goes too.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._due: set[str] = set()
        self._closed = False
        self._changed = Condition()
        self._planning = Lock()
        self._every: Mapping[str, timedelta] = {}
        self._offset = self._wall_ahead()
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            executors={"default": {"type": "threadpool", "max_workers": 1}},
        )

    def start(self, every: Mapping[str, timedelta]) -> None:
        """Begin: everything is due at once, then each workbook in its interval."""
        self._scheduler.start()
        self.reschedule(every)
        self.ask(every)

    def reschedule(self, every: Mapping[str, timedelta]) -> None:
        """Look at these workbooks from now on, each in its interval, a little apart from each other."""
        with self._planning:  # the clock's jump and a changed config come from two threads
            self._every = every
            self._scheduler.remove_all_jobs()
            now = self._machine.now()
            for place, (name, interval) in enumerate(every.items()):
                self._scheduler.add_job(
                    self.ask,
                    "interval",
                    args=[(name,)],
                    id=f"look {name}",
                    seconds=interval.total_seconds(),
                    start_date=now + interval + min(interval / len(every), _SPREAD) * place,
                )

    def ask(self, names: Collection[str]) -> None:
        """Have these workbooks looked at as soon as possible."""
        with self._changed:
            self._due.update(names)
            self._changed.notify_all()

    def ask_at(self, moment: datetime) -> None:
        """Have all workbooks looked at once at a moment; takes the place of what was asked for before."""
        if self._closed:
            return
        self._scheduler.add_job(
            self.ask, "date", args=[tuple(self._every)], id=_TIMER, run_date=moment, replace_existing=True
        )

    def take(self) -> frozenset[str]:
        """Wait until something is due and return it; nothing once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._due or self._closed)
            due, self._due = frozenset(self._due), set()
            return frozenset() if self._closed else due

    def next_look(self) -> datetime | None:
        """Return when the next look at any workbook is planned."""
        # A job has no such time until the scheduler runs, nor once it has shut down.
        times = [getattr(job, "next_run_time", None) for job in self._scheduler.get_jobs()]
        return min((one for one in times if one is not None), default=None)

    def check_clock(self) -> None:
        """Notice a jump of the machine's clock, or a long sleep of the machine; then look at once, and plan anew."""
        before, self._offset = self._offset, self._wall_ahead()
        jump = self._offset - before
        if abs(jump) > _JUMP:
            _log.warning("the machine's clock jumped, looking now", seconds=round(jump.total_seconds()))
            self.reschedule(self._every)
            self.ask(self._every)

    def close(self) -> None:
        """Let nothing become due any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _wall_ahead(self) -> timedelta:
        """Return how far the wall clock is ahead of the one that never jumps (and rests while the machine sleeps)."""
        return self._machine.now() - datetime.fromtimestamp(0, UTC) - timedelta(seconds=monotonic())
