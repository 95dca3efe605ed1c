"""How is the shop set up that the demo plays in: its folder, mail server, clock, and the people in it?"""

import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from rowcall import files
from rowcall.clock import SetClock, SystemClock
from rowcall.demo.cellwise import ChangedCell, changed_cells, open_sample
from rowcall.demo.employee import Edit, Employee
from rowcall.errors import UsageError
from rowcall.mailbox import LOOPBACK, Mailbox, Received
from rowcall.memory import Answer, Plan
from rowcall.outbox import Outbox
from rowcall.ports import Mailer
from rowcall.post import mailer_of, outbox_of
from rowcall.sample.headers import Language
from rowcall.shop import Shop, open_shop
from rowcall.start.layout import CONFIG, SAMPLE, lay_out, sample_config, sample_rules, templates
from rowcall.store import Store
from rowcall.tick import Ticker

MAILS = "mails"
MARK = ".rowcall-demo"
"""A file that says: this folder was made by a demo, the next one may replace it."""

_EMAIL = re.compile(r"^email:\n(?:[ #].*\n)+", re.MULTILINE)
_SENDER = {"en": "Harbour Tea <orders@example.com>", "zh": "港湾茶行 <orders@example.com>"}
_GONE = {
    "en": "# The demo's own mail server, which stops when the demo ends: put your account here.",
    "zh": "# 演示自带的邮件服务器，演示结束就停了：请改成自己的邮箱账号。",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look of Rowcall did: its plan, the mails that arrived, and the cells that changed in the file."""

    plan: Plan
    mails: tuple[Received, ...]
    cells: tuple[ChangedCell, ...]


@dataclass(slots=True)
class Running:
    """Rowcall at work: what a restart ends and begins anew."""

    shop: Shop
    store: Store
    ticker: Ticker
    mailer: Mailer
    outbox: Outbox
    fresh: bool = True

    def stop(self) -> None:
        """Leave the mail server and the state."""
        self.mailer.close()
        self.store.close()


@dataclass(slots=True)
class Stage:
    """The sample shop in a folder, with a mail server on this machine and a clock that is set by hand."""

    folder: Path
    mailbox: Mailbox
    clock: SetClock
    running: Running
    employee: Employee
    arrived: int = field(default=0)

    @classmethod
    def set_up(cls, folder: Path, language: Language, start: datetime) -> Self:
        """Lay out the shop and open it; raises UsageError when the folder holds something else."""
        _make_room(folder)
        mailbox = Mailbox(folder / MAILS)
        mailbox.start()
        config = _with_mailbox(sample_config(language), language, mailbox.port)
        written = {CONFIG: config, MARK: "", **sample_rules(language), **templates(language)}
        lay_out(folder, written, sample=(language, start.date()))
        clock = SetClock(start)
        running = _open(folder, clock)
        path = folder.resolve() / SAMPLE
        employee = Employee(
            path, open_sample(path, running.shop.config.shop.zone), running.shop.config.tables
        )
        return cls(folder, mailbox, clock, running, employee)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.running.stop()
        self.mailbox.stop()

    def edit(self, edits: Sequence[Edit]) -> None:
        """Let somebody of the shop work in the file."""
        self.employee.do(edits)

    def answer(self, rule: str, answer: Answer) -> int:
        """Let the responsible person decide about the rows of a first look; returns how many."""
        return self.running.store.say_answer(rule, answer, self.clock.now())

    def restart(self) -> None:
        """Stop Rowcall and start it anew: all that it knows is what it wrote down."""
        self.running.stop()
        self.running = _open(self.folder, self.clock)

    def look(self, at: datetime) -> Seen:
        """Let Rowcall look once and deliver; what came of it is read from the mailbox and from the file."""
        self.clock.set(at)
        path = self.employee.path
        before, _ = files.read_file(path)
        running = self.running
        # As the service does: rule files are read at the start and when they change.
        plan = running.ticker.tick(at, reload=running.fresh)
        running.fresh = False
        running.outbox.deliver_due(at)
        after, _ = files.read_file(path)
        mails = tuple(self.mailbox.received[self.arrived :])
        self.arrived += len(mails)
        schemas = running.shop.config.tables.values()
        return Seen(plan, mails, () if after == before else changed_cells(before, after, schemas))


def _open(folder: Path, clock: SetClock) -> Running:
    shop = open_shop(folder / CONFIG, {})
    store = shop.open_store()
    ticker = Ticker(shop, store)
    mailer = mailer_of(shop.config)
    outbox = outbox_of(shop, store, lambda: ticker.rules, mailer, clock, SystemClock())
    outbox.recover(clock.now())
    return Running(shop, store, ticker, mailer, outbox)


def _with_mailbox(config: str, language: Language, port: int) -> str:
    """Return the config with the demo's mail server for its account; the rest stays as it ships."""
    email = (
        f'email:\n  {_GONE[language]}\n  from: "{_SENDER[language]}"\n  host: {LOOPBACK}\n  port: {port}\n'
        '  security: none\n  quiet hours: "21:00-07:30"\n'
    )
    return _EMAIL.sub(lambda _: email, config)


def _make_room(folder: Path) -> None:
    """Remove what an earlier demo left; anything else stays, and is named."""
    if not folder.exists():
        folder.mkdir(parents=True)
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists()):
        raise UsageError(
            f"{folder} was not made by a demo, so it stays as it is. Name another folder: "
            "rowcall demo --keep another-folder"
        )
    if (folder / SAMPLE).exists():
        files.refuse_if_open(folder / SAMPLE)
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            with suppress(FileNotFoundError):
                path.unlink()


def start_day() -> date:
    """Return the Monday on which the demo begins: long past, so that nothing in its folder is ahead of anybody."""
    return date(2025, 3, 3)
