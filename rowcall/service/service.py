"""How does the service come to life, take turns with others, and end?"""

import os
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

import structlog
from sqlalchemy.engine import make_url

from rowcall import __version__
from rowcall.clock import Clock, SystemClock
from rowcall.config import Config
from rowcall.errors import RowcallError, StateBusy
from rowcall.service.keeper import Keeper
from rowcall.service.looks import Looks
from rowcall.service.rhythm import Rhythm, look_intervals
from rowcall.service.said import Said
from rowcall.service.watch import Watch
from rowcall.shop import Shop, open_shop
from rowcall.store import lead

_log = structlog.get_logger(__name__)

_CLOCK = SystemClock()
_RHYTHM = Rhythm()
# An entry that falls due between two looks brings the next one forward, but not more often than this.
_TIMER_PAUSE_S = 60

Stop = SimpleQueue[str]
"""Whoever puts a reason in stops the service. A SimpleQueue, since only its `put` is safe in a signal handler."""


def serve(
    config_file: Path,
    environ: Mapping[str, str],
    stop: Stop,
    *,
    wait: bool = False,
    clock: Clock = _CLOCK,
    rhythm: Rhythm = _RHYTHM,
) -> None:
    """Run the service of a shop until told to stop.

    wait: if another process serves this shop, take over when it ends. Raises MistakesError, UsageError and
    StateError when it can't begin; once it runs, nothing but `stop` ends it.
    """
    shop = open_shop(config_file, environ)
    with leading(state_file(shop.config), stop, wait=wait, every_s=rhythm.lead_s) as turn:
        if turn is None:
            return
        service = Service(shop, environ, clock, rhythm)
        service.start(reread=turn > 0)
        try:
            reason = service.run_until(stop)
        finally:
            ended = service.stop()
    _log.info("stopped", reason=reason, all_ended=ended)


def state_file(config: Config) -> Path:
    """Return the file that holds the state; the leader's lock lies beside it."""
    return config.folder / (make_url(config.state.reveal()).database or "")


@contextmanager
def leading(state: Path, stop: Stop, *, wait: bool, every_s: float) -> Iterator[int | None]:
    """Be the leader; gives how often another one was asked before, None when told to stop meanwhile.

    Raises StateBusy when there is another one and `wait` is not set.
    """
    with ExitStack() as stack:
        for turn in range(1 << 62):
            try:
                stack.enter_context(lead(state))
            except StateBusy as busy:
                if not wait:
                    raise
                if not turn:
                    _log.info("waiting to take over", reason=str(busy))
            else:
                if turn:
                    _log.info("taking over")
                yield turn
                return
            try:
                stop.get(timeout=every_s)
            except Empty:
                continue
            yield None
            return


class Service:
    """Looks at a shop's workbooks, delivers, and watches the shop's files; for the one who leads.

    Three threads work: `looks` plans, `outbox` delivers, `watch` compares files. The caller's own thread sees to
    the machine's clock.
    """

    def __init__(
        self,
        shop: Shop,
        environ: Mapping[str, str],
        clock: Clock = _CLOCK,
        rhythm: Rhythm = _RHYTHM,
        machine: Clock = _CLOCK,
    ) -> None:
        self._rhythm = rhythm
        self._machine = machine
        self._store = shop.open_store()
        self._keeper = Keeper(shop, self._store, environ, clock, machine)
        self._looks = Looks(machine)
        self._watch = Watch(shop.folder, shop.config.file, self._files_changed, rhythm)
        self._over = threading.Event()
        # Daemons: a drive that does not answer must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._look_on, name="looks", daemon=True),
            threading.Thread(target=self._watch_on, name="watch", daemon=True),
        ]

    def start(self, *, reread: bool = False) -> None:
        """Begin; reread: the config may have changed since it was read. Raises StateError."""
        keeper = self._keeper
        every = look_intervals(keeper.shop.config, self._rhythm)
        _log.info(
            "started",
            shop=keeper.shop.config.shop.name,
            version=__version__,
            process=os.getpid(),
            workbooks={name: str(interval) for name, interval in every.items()},
            trial_run=bool(keeper.shop.config.email and keeper.shop.config.email.send_everything_to),
        )
        if reread:
            keeper.config_changed()
        keeper.begin()
        self._looks.start(every)
        for thread in self._threads:
            thread.start()

    def run_until(self, stop: Stop) -> str:
        """Watch the machine's clock until there is a reason to stop; return the reason."""
        while True:
            try:
                return stop.get(timeout=self._rhythm.pulse_s)
            except Empty:
                self._looks.check_clock()

    def stop(self) -> bool:
        """Finish what was begun and let go of everything; False when something is left for the next start.

        What is left (a mail that a slow server holds) counts as uncertain then.
        """
        until = monotonic() + self._rhythm.stop_s
        _log.info("stopping")
        self._over.set()
        self._looks.close()
        self._keeper.ask_to_stop()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(until - monotonic(), 0))
        ended = self._keeper.stop(until) and not any(thread.is_alive() for thread in self._threads)
        if ended:
            self._store.close()
        else:
            _log.warning("something did not end in time; the next start finds out what became of it")
        return ended

    def _look_on(self) -> None:
        said = Said()
        while due := self._looks.take():
            try:
                worked = self._look(due)
                self._look_again(worked=worked)
            except RowcallError as error:
                said.trouble("service", str(error))
                self._looks.ask_at(self._in(self._rhythm.retry_s))
            except Exception as error:  # noqa: BLE001 - no fault may end the service: it is told and tried again
                said.trouble("service", f"{type(error).__name__}: {error}", error)
                self._looks.ask_at(self._in(self._rhythm.retry_s))
            else:
                said.over("service")

    def _look(self, due: frozenset[str]) -> bool:
        keeper = self._keeper
        if keeper.renew():
            self._looks.reschedule(look_intervals(keeper.shop.config, self._rhythm))
            due = frozenset(keeper.shop.workbooks)
        first = not keeper.is_at_work
        worked = keeper.look(due & keeper.shop.workbooks.keys())
        if worked and first and (again := self._looks.next_look()):
            zone = keeper.shop.config.shop.zone
            _log.info("at work", **keeper.standing(), next_look=f"{again.astimezone(zone):%Y-%m-%d %H:%M:%S}")
        return worked

    def _look_again(self, *, worked: bool) -> None:
        """Have a failed look tried again, and be there when the next entry falls due."""
        if not worked:
            self._looks.ask_at(self._in(self._rhythm.retry_s))
            return
        timer, planned = self._keeper.next_timer(), self._looks.next_look()
        if timer is not None and planned is not None and self._machine.now() < timer < planned:
            self._looks.ask_at(max(timer, self._in(_TIMER_PAUSE_S)))

    def _in(self, seconds: float) -> datetime:
        return self._machine.now() + timedelta(seconds=seconds)

    def _watch_on(self) -> None:
        said = Said()
        while not self._over.is_set():
            try:
                self._watch.work(self._over)
            except Exception as error:  # noqa: BLE001 - no fault may end the service: it is told and tried again
                said.trouble("watch", f"{type(error).__name__}: {error}", error)
                self._over.wait(self._rhythm.hash_s)

    def _files_changed(self, paths: Collection[str]) -> None:
        config = self._keeper.shop.config.file
        _log.info("files changed", files=list(paths))
        if config in paths or ".env" in paths:
            self._keeper.config_changed()
        self._looks.ask(self._keeper.shop.workbooks)
