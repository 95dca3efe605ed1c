"""How does a test come by a real shop folder: config, rules, a workbook that people edit, a mailbox, and a clock?"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from aiosmtpd.smtp import SMTP, Envelope, Session

from rowcall.clock import SetClock, SystemClock
from rowcall.episode import DeliveryState, Ending
from rowcall.memory import Plan
from rowcall.outbox import Outbox
from rowcall.ports import Mailer
from rowcall.post import mailer_of, outbox_of
from rowcall.shop import Shop, open_shop
from rowcall.store import Store
from rowcall.store.ledger import Attempt, Listed
from rowcall.tick import Ticker
from tests.mailbox import Manners, RudeMailbox

ZONE = ZoneInfo("Europe/Berlin")
BOOKS = ("csv_folder", "xlsx")
DAY = "2026-03-02"
HEADER = ("Order No", "Status", "Email", "Owner", "Total", "Note", "Copy", "Confirmed at")
CONFIG = """
shop: {{name: Harbour Tea, timezone: Europe/Berlin, language: en, currency: EUR, responsible: dora}}
workbooks:
  shop: {{connector: {connector}, path: {path}}}
settle: 0
tables:
  Orders:
    key: Order No
    columns:
      Order No: text
      Status: [New, Paid, Packed, Shipped]
      Email: email
      Owner: person
      Total: money
      Note: text
      Copy: text
      Confirmed at: datetime
  Log:
    key: No
    number: L-1
    optional: yes
    columns: {{No: text, Order: text, Text: text}}
people:
  anna: {{name: Anna, email: anna@shop.example}}
  ben: {{name: Ben, email: ben@shop.example}}
  dora: {{name: Dora, email: dora@shop.example}}
  warehouse: {{members: [ben]}}
email:
  from: "Harbour Tea <shop@shop.example>"
  host: 127.0.0.1
  port: {port}
  security: {security}
{email}
{more}
"""
Cell = str | float | datetime | None
Rows = list[list[Cell]]


def order(number: str, status: str = "New", **more: str) -> dict[str, str]:
    """Return an order; `confirmed_at="…"` names the column `Confirmed at`."""
    named = {name.replace("_", " ").capitalize(): text for name, text in more.items()}
    return {
        "Order No": number,
        "Status": status,
        "Email": f"c{number}@example.com",
        "Total": "12.50",
        **named,
    }


class Postbox(RudeMailbox):
    """A mailbox that remembers every mail whose content arrived, taken or not, by its Message-ID."""

    def __init__(self, manners: Manners | None = None, **options: Any) -> None:  # Any: aiosmtpd's settings
        super().__init__(manners, **options)
        self.arrived: list[str] = []
        self.asked: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        self.asked.append(address)
        return await super().handle_RCPT(server, session, envelope, address, rcpt_options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.arrived.append(str(_parsed(content)["Message-ID"]))
        return await super().handle_DATA(server, session, envelope)

    def mails(self) -> list[EmailMessage]:
        """Return what was taken, in order."""
        return [one.message() for one in self.received]

    def subjects(self) -> list[str]:
        """Return the subjects of what was taken, in order."""
        return [str(mail["Subject"]) for mail in self.mails()]

    def told(self, to: str) -> list[str]:
        """Return the subjects that one address has got."""
        return [str(one.message()["Subject"]) for one in self.received if one.recipient == to]


@dataclass
class Book:
    """The shop's workbook as people edit it, with other programs than Rowcall's own writers."""

    connector: str
    folder: Path

    @property
    def path(self) -> Path:
        """The Excel file, or the CSV file of Orders: what a program locks."""
        return self.folder / ("book.xlsx" if self.connector == "xlsx" else "book/Orders.csv")

    def tabs(self) -> dict[str, Rows]:
        """Return every tab with its header row."""
        if self.connector == "xlsx":
            book = openpyxl.load_workbook(self.path)
            return {sheet.title: [[_plain(c) for c in row] for row in sheet.values] for sheet in book}
        found: dict[str, Rows] = {}
        for path in sorted((self.folder / "book").glob("*.csv")):
            with path.open(newline="", encoding="utf-8") as file:
                found[path.stem] = [list(row) for row in csv.reader(file)]
        return found

    def save(self, tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> None:
        """Write the whole workbook as a person's program does."""
        if self.connector == "xlsx":
            self._save_excel(tabs)
            return
        folder = self.folder / "book"
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.csv"):
            path.unlink()
        for name, rows in tabs.items():
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows(rows)

    def change(self, how: Callable[[Rows], Rows | None], tab: str = "Orders") -> None:
        """Let a person change a tab; the first row is the header."""
        tabs = self.tabs()
        tabs[tab] = how(tabs[tab]) or tabs[tab]
        self.save(tabs)

    def edit(self, key: str, column: str, text: str) -> None:
        """Let a person type into one cell."""

        def typed(rows: Rows) -> None:
            row = next(row for row in rows[1:] if row[0] == key)
            row[rows[0].index(column)] = text

        self.change(typed)

    def add(self, *rows: Mapping[str, str]) -> None:
        """Let a person append orders."""
        texts: Rows = [[row.get(name, "") for name in HEADER] for row in rows]
        self.change(lambda known: [*known, *texts])

    def cell(self, key: str, column: str, tab: str = "Orders") -> str:
        """Return what stands in a cell, "" when it is empty."""
        header, *rows = self.tabs()[tab]
        row = next(row for row in rows if row[0] == key)
        value = row[header.index(column)]
        return "" if value is None else str(value)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the workbook open in a spreadsheet program."""
        lock = self.path.with_name(f"~${self.path.name}")
        lock.write_bytes(b"\x04Anna" + b" " * 50)
        yield
        lock.unlink()

    def _save_excel(self, tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> None:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for name, rows in tabs.items():
            sheet = book.create_sheet(name)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row, 1):
                    if value in ("", None):
                        continue
                    cell = sheet.cell(number, column, value)
                    if isinstance(value, str):
                        cell.data_type = "s"  # a person's text stays text, also =1+1
        book.save(self.path)


@dataclass
class ShopFolder:
    """A shop's folder with everything real in it; `run` reads, plans, commits and delivers as the service does.

    email, more: further lines of the config. restarts: every step begins with a new process's memory.
    """

    folder: Path
    rules: Mapping[str, str]
    orders: Sequence[Mapping[str, str]]
    port: int
    connector: str = "csv_folder"
    security: str = "none"
    email: str = ""
    more: str = ""
    restarts: bool = False
    tabs: Mapping[str, Rows] = field(default_factory=dict)
    plans: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.book = Book(self.connector, self.folder)
        rows = [[row.get(name, "") for name in HEADER] for row in self.orders]
        self.book.save({"Orders": [HEADER, *rows], **self.tabs})
        self.write_config()
        for name in ("rules", "templates"):
            (self.folder / name).mkdir()
        for name, text in self.rules.items():
            (self.folder / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.clock = SetClock(at("09:00"))
        self._open()

    def write_config(self, **changed: Any) -> None:  # Any: fields of this class
        """Write the config, changed where it is said."""
        for name, value in changed.items():
            setattr(self, name, value)
        path = "book.xlsx" if self.connector == "xlsx" else "book"
        about = {"connector": self.connector, "path": path, "port": self.port, "security": self.security}
        lines = "".join(f"  {line}\n" for line in self.email.splitlines())
        text = CONFIG.format(**about, email=lines, more=self.more)
        (self.folder / "config.yaml").write_text(text, encoding="utf-8")

    def restart(self) -> None:
        """Stop Rowcall and start it anew."""
        self.close()
        self._open()

    def close(self) -> None:
        """Stop Rowcall."""
        self.mailer.close()
        self.store.close()

    def tick(self, when: str) -> Plan:
        """Read, plan and commit at a time of the shop's day; deliver nothing."""
        if self.restarts:
            self.restart()
        self.clock.set(at(when))
        outcome = self.ticker.tick(self.clock.now())
        mistakes = [str(problem) for problem in self.ticker.rules.mistakes]
        assert not mistakes, "\n".join(mistakes)
        self.plans.append(outcome)
        return outcome

    def deliver(self, when: str) -> None:
        """Carry out what is due at a time of the shop's day."""
        if self.restarts:
            self.restart()
        self.clock.set(at(when))
        self.outbox.deliver_due(self.clock.now())

    def run(self, when: str) -> Plan:
        """Tick and deliver."""
        outcome = self.tick(when)
        self.deliver(when)
        return outcome

    def pay(self, *numbers: str) -> None:
        """Let a person mark orders as paid."""
        for number in numbers:
            self.book.edit(number, "Status", "Paid")

    def walk(self, since: str, until: str, minutes: int = 5, *, ticks: bool = False) -> None:
        """Deliver (and tick) every so many minutes, both ends included."""
        moment = at(since)
        while moment <= at(until):
            when = f"{moment:%Y-%m-%d %H:%M}"
            self.run(when) if ticks else self.deliver(when)
            moment += timedelta(minutes=minutes)

    def listed(self, rule: str = "", kind: str = "") -> list[Listed]:
        """Return deliveries of rules (no notices), oldest first."""
        found = self.store.deliveries(rule=rule)[::-1]
        found = [one for one in found if not one.delivery.effect.entry.startswith("notice:")]
        return [one for one in found if not kind or one.delivery.kind == kind]

    def states(self, kind: str = "") -> list[DeliveryState]:
        """Return the states of the rules' deliveries, oldest first."""
        return [one.state for one in self.listed(kind=kind)]

    def tries(self, one: Listed) -> list[Attempt]:
        """Return how each try of a delivery ended."""
        return [tried for tried in self.store.attempts(one.delivery.id) if tried.ending is not None]

    def endings(self, one: Listed) -> list[Ending | None]:
        """Return the endings of a delivery's tries, in order."""
        return [tried.ending for tried in self.tries(one)]

    def _open(self) -> None:
        self.shop: Shop = open_shop(self.folder / "config.yaml", {})
        self.store: Store = self.shop.open_store()
        self.ticker = Ticker(self.shop, self.store)
        self.mailer: Mailer = mailer_of(self.shop.config)
        self.outbox: Outbox = outbox_of(
            self.shop, self.store, lambda: self.ticker.rules, self.mailer, self.clock, SystemClock()
        )


Open = Callable[..., ShopFolder]
"""Opens a shop's folder: rules by id, orders, and fields of ShopFolder by name."""


def at(when: str) -> datetime:
    """Return a moment of the shop: `09:30` on its day, or with a date before it."""
    text = when if " " in when else f"{DAY} {when}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _plain(value: object) -> Cell:
    return value if isinstance(value, str | float | datetime) or value is None else str(value)


def _parsed(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed
