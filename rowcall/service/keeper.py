"""What does the service do at a look, and which shop, rules and outbox does it do it with?"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from time import monotonic

import structlog

from rowcall.clock import Clock
from rowcall.errors import MistakesError, RowcallError
from rowcall.memory import Plan
from rowcall.post import mailer_of, outbox_of
from rowcall.service.delivering import Delivering
from rowcall.service.news import News, count_rules
from rowcall.service.said import Said
from rowcall.shop import Shop, open_shop
from rowcall.store import Store
from rowcall.tick import Ticker

_log = structlog.get_logger(__name__)

# A mail under way when the config changes may take as long as its server lets it.
_HANDOVER_S = 40
_ADDRESS = re.compile(r"[^\s<>\"':,;]+@[^\s<>\"':,;]+")


@dataclass(slots=True)
class Keeper:
    """Keeps the shop in force: its ticker and its outbox, exchanged as a whole when the config changes.

    `look` is called by one thread; the others only say what changed, or ask it to stop.
    """

    shop: Shop
    store: Store
    environ: Mapping[str, str]
    clock: Clock
    machine: Clock
    said: Said = field(default_factory=Said)
    news: News = field(default_factory=News)
    _ticker: Ticker = field(init=False)
    _delivering: Delivering | None = None
    _config_changed: Event = field(default_factory=Event)
    _stopping: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._ticker = Ticker(self.shop, self.store)

    def begin(self) -> None:
        """Take back what a dead process had begun, and begin to deliver; raises StateError."""
        self._deliver(recover=True)

    def config_changed(self) -> None:
        """Have the config read anew at the next look."""
        self._config_changed.set()

    def renew(self) -> bool:
        """Take over a changed config; True when there is a new one in force."""
        if not self._config_changed.is_set():
            return False
        self._config_changed.clear()
        try:
            fresh = open_shop(self.shop.folder / self.shop.config.file, self.environ)
        except RowcallError as error:
            _tell_config(error)
            return False
        if fresh.config.state.reveal() != self.shop.config.state.reveal():
            _log.warning("config changed: another `state` needs a restart; the config stays as it was before")
            return False
        if self._delivering is not None and not self._delivering.stop(monotonic() + _HANDOVER_S):
            _log.warning("a delivery under the config of before is still on its way")
        # Rules that are broken at this moment go on as they were last understood.
        self.shop, self._ticker = fresh, Ticker(fresh, self.store, self._ticker.rules)
        self._deliver()
        _log.info("config taken over", workbooks=list(fresh.workbooks))
        return True

    def look(self, names: Collection[str]) -> bool:
        """Look at these workbooks, plan and commit; False when it did not work, raises nothing of it."""
        try:
            outcome = self._ticker.tick(self.clock.now(), names)
        except RowcallError as error:
            self.said.trouble("look", str(error))
            return False
        except Exception as error:  # noqa: BLE001 - no fault may end the service: it is told and tried again
            self.said.trouble("look", f"{type(error).__name__}: {error}", error)
            return False
        self.said.over("look")
        self._tell(outcome, names)
        self._tell_lanes()
        return True

    @property
    def is_at_work(self) -> bool:
        """Tell whether a look has worked since the start."""
        return self.news.versions is not None

    def standing(self) -> dict[str, object]:
        """Return what the log says of the shop once the first look has worked."""
        return {"rules": count_rules(self._ticker.rules), "tables": len(self.shop.config.tables)}

    def next_timer(self) -> datetime | None:
        """Return when the next entry falls due or a schedule strikes, None when neither does; raises StateError."""
        moments = self.store.next_timer(), self._ticker.next_label(self.clock.now())
        return min((one for one in moments if one is not None), default=None)

    def ask_to_stop(self) -> None:
        """Begin nothing new."""
        self._stopping.set()
        if self._delivering is not None:
            self._delivering.ask_to_stop()

    def stop(self, until: float) -> bool:
        """Finish what was begun, by `until` on the clock of `time.monotonic`; False when that is too soon."""
        self.ask_to_stop()
        return self._delivering is None or self._delivering.stop(until)

    def _deliver(self, *, recover: bool = False) -> None:
        mailer = mailer_of(self.shop.config)
        outbox = outbox_of(
            self.shop, self.store, lambda: self._ticker.rules, mailer, self.clock, self.machine
        )
        if recover:
            outbox.recover(self.clock.now())
        self._delivering = Delivering(outbox, mailer, self.said)
        if not self._stopping.is_set():
            self._delivering.start()

    def _tell(self, outcome: Plan, names: Collection[str]) -> None:
        self.news.tell_rules(self._ticker.rules)
        schemas = self.shop.config.tables.values()
        looked_at = {schema.table for schema in schemas if schema.workbook in names}
        self.news.tell_tables(outcome.problems, looked_at)

    def _tell_lanes(self) -> None:
        """Tell why deliveries have to wait: the mail server is away, a workbook is open elsewhere."""
        lanes = {f"lane {lane.lane}": lane for lane in self.store.lanes_in_trouble()}
        for about, lane in lanes.items():
            self.said.trouble(about, _ADDRESS.sub("…@…", lane.detail))
        self.said.only("lane ", lanes)


def _tell_config(error: RowcallError) -> None:
    for problem in error.problems if isinstance(error, MistakesError) else ():
        _log.warning(
            "config broken",
            at=str(problem.place),
            what=problem.what,
            fix=(problem.suggestion or problem.fix).strip(),
            meanwhile="the config of before stays in force",
        )
    if not isinstance(error, MistakesError):
        _log.warning("config broken", what=str(error), meanwhile="the config of before stays in force")
