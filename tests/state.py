"""A store in a folder, and plans and deliveries to put into it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rowcall.episode import Delivery, EffectKey, Ending, Firing, firing_id
from rowcall.memory import MemoryChange, Plan
from rowcall.store import Desk, Store, Worker
from rowcall.tools import Result, Tools

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
URL = "sqlite:///rowcall.db"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Note:
    """The payload of the tests' action."""

    text: str


TYPES = {"note": Note}


def open_store(folder: Path) -> Store:
    return Store.open(URL, folder, TYPES)


def desk(store: Store, name: str = "worker", lease: timedelta = MINUTE) -> Desk:
    return Desk(store, Worker(name, lease))


def delivery(
    name: str,
    *,
    lane: str = "mail",
    key: str = "",
    after: Sequence[Delivery] = (),
    send_after: datetime | None = None,
    expires_at: datetime | None = None,
    kind: str = "note",
) -> Delivery:
    effect = EffectKey("low_stock", key or name, 1, "at start", f"{kind}#1", f"{name}@example.com")
    ids = tuple(one.id for one in after)
    return Delivery(effect.id, effect, kind, lane, Note(name), ids, send_after, expires_at)


def firing(*deliveries: Delivery, key: str = "K-1", table: str = "Stock") -> Firing:
    id_ = firing_id("low_stock", key, 1, "at start", 1)
    return Firing(id_, "low_stock", table, key, 1, "at start", 1, NOW, {"On hand": "9"}, deliveries)


def plan(*deliveries: Delivery, at: datetime = NOW, change: MemoryChange | None = None) -> Plan:
    firings = tuple(firing(one, key=one.effect.key) for one in deliveries)
    return Plan(at, firings=firings, change=change or MemoryChange())


def commit(
    store: Store, *deliveries: Delivery, change: MemoryChange | None = None, at: datetime = NOW
) -> int:
    return store.commit(plan(*deliveries, change=change, at=at), store.tick_number())


def state_of(store: Store, one: Delivery) -> str:
    return store.delivery(one.id).state.value


class NoMailer:
    """A mailer for actions that send none."""

    def send(self, message: object, recipient: str) -> str:
        raise AssertionError(f"{message} for {recipient}")

    def close(self) -> None:
        pass


def tools(now: datetime) -> Tools:
    return Tools(NoMailer(), {}, {}, "Shop <shop@example.com>", now)


@dataclass(slots=True)
class Notebook:
    """The tests' action: writes down each text that it delivers, in a file that outlives a kill."""

    path: Path

    def __call__(self, deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
        with self.path.open("a") as file:
            for one in deliveries:
                assert isinstance(one.payload, Note)
                file.write(f"{one.payload.text} {one.id}\n")
        return [Result(Ending.SENT, "written") for _ in deliveries]

    def lines(self) -> list[str]:
        return self.path.read_text().splitlines() if self.path.exists() else []
