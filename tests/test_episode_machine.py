"""Does Rowcall do what a simple model of episodes says, whatever people do to rows, rules, buttons and clocks?

The real ticker, planner, state and outbox work on a workbook in memory; after each look the mails that went out must be
exactly those of the model: none twice, none missing, none of an ended episode, none too early.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rowcall.clock import SystemClock
from rowcall.duration import Span, Unit
from rowcall.errors import DeliveryError
from rowcall.home import shipped
from rowcall.kinds import action_kinds
from rowcall.outbox import Outbox, Pace
from rowcall.ports import CellChange, Written, Wrote
from rowcall.rehearsal.workbook import VirtualWorkbook
from rowcall.shop import Shop, open_shop
from rowcall.store import Store, Worker
from rowcall.template import Templates
from rowcall.tick import Ticker
from rowcall.tools import Tools
from tests.episode_model import UTC, ZONE, Cells, Law, Model, Step

START = datetime(2026, 3, 27, 9, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
COLUMNS = ("Status", "Done", "Qty", "Opened at", "Tag")
STATUS = ("New", "Open", "Waiting", "Shipped")
CONFIG = """
shop: {name: Harbour Tea, timezone: Europe/Berlin, language: en, currency: EUR, responsible: dora}
workbooks:
  shop: {connector: csv_folder, path: book}
settle: 0
tables:
  Orders:
    key: Order No
    columns:
      Order No: text
      Status: [New, Open, Waiting, Shipped]
      Done: yes/no
      Qty: number
      Opened at: datetime
      Tag: text
      Stage: text
      Late: text
people:
  dora: {name: Dora, email: dora@shop.example}
email: {from: shop@shop.example, host: 127.0.0.1, port: 1, security: none}
"""
HEAD = "rule: {name}\nlook at: Orders\nfirst run: only new ones\nexpires after: 1 year\n"


def mail(name: str, entry: str, at: str = "", more: str = "") -> str:
    time = f"    at: {at}\n" if at and not at.startswith("every") else ""
    time = f"    {at}\n" if at.startswith("every") else time
    subject = f'"{name}|{entry}|{{{{ tag }}}}"'
    text = f"  - email: {{to: {entry.replace(' ', '-')}@example.com, subject: {subject}, text: REMARK}}\n"
    return f"{text}{more}{time}"


def chase(name: str, more: str = "") -> str:
    asked = f"    set: {{Stage: {name}-start}}\n" if name == "chase" else ""
    chased = f"    set: {{Stage: {name}-last}}\n" if name == "chase" else ""
    return (
        HEAD.format(name=name)
        + f"when: {{Status: 'WANTED'}}\nstop when: {{Done: yes}}\n{more}then:\n"
        + mail(name, "start", more=asked)
        + mail(name, "after", "TIMED after start")
        + mail(name, "last", "3 hours after last", more=chased)
        + mail(name, "every", "every: 1 day\n    at most: 2 times")
    )


RULES = {
    "chase": chase("chase"),
    "once": chase("once", "once per row: yes\n"),
    "sla": HEAD.format(name="sla")
    + "when: {Status: Open}\npause while: {Status: Waiting}\n"
    + "due: {counted from: Opened at, within: 1 day}\nthen:\n"
    + mail("sla", "before due", "2 hours before due")
    + mail("sla", "due", "due", more="    set: {Late: sla-due}\n")
    + mail("sla", "after due", "3 hours after due"),
    "ship": HEAD.format(name="ship")
    + "when: {Status: changed to Shipped}\nthen:\n"
    + mail("ship", "start")
    + mail("ship", "after", "2 hours after start"),
    "up": HEAD.format(name="up")
    + "when: {Qty: went up}\nthen:\n"
    + mail("up", "start")
    + mail("up", "after", "2 hours after start"),
}


def went_up(cells: Cells, before: Cells) -> bool:
    return bool(before.get("Qty") and cells["Qty"]) and int(cells["Qty"]) > int(before["Qty"])


def laws() -> list[Law]:
    ladder = (
        Step("start", "start"),
        Step("after", "after", 2 * HOUR),
        Step("last", "last", 3 * HOUR),
        Step("every", "every", 1, 2),
    )
    sla = (
        Step("before due", "before due", 2 * HOUR),
        Step("due", "due"),
        Step("after due", "after due", 3 * HOUR),
    )

    def is_open(cells: Cells, _before: Cells = {}) -> bool:  # noqa: B006 - never written
        return cells["Status"] == "Open"

    def done(cells: Cells) -> bool:
        return cells["Done"] == "yes"

    return [
        Law("chase", ladder, is_open, is_open, stop=done),
        Law("once", ladder, is_open, is_open, stop=done, once=True),
        Law("sla", sla, is_open, is_open, pause=lambda cells: cells["Status"] == "Waiting"),
        Law(
            "ship",
            ladder[:2],
            lambda cells, before: cells["Status"] == "Shipped" != before.get("Status"),
            lambda cells: cells["Status"] == "Shipped",
        ),
        Law("up", ladder[:2], went_up, None),
    ]


@dataclass
class Post:
    """A mail account that refuses while it is not well."""

    well: bool = True
    subjects: list[str] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)

    def send(self, message: EmailMessage, recipient: str) -> str:
        if not self.well:
            raise DeliveryError("451 come back later")
        if recipient.endswith("@example.com"):  # the others tell the responsible person of cancelled writes
            self.subjects.append(str(message["Subject"]))
            self.log.append(("mail", str(message["Subject"])))
        return "250 taken"

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Book(VirtualWorkbook):
    """A workbook that notes in one log with the mails what Rowcall writes."""

    log: list[tuple[str, str]] = field(default_factory=list)

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        found = VirtualWorkbook.write(self, changes)
        for change, written in zip(changes, found, strict=True):
            row = self.find(change.schema, change.key[0])
            if written.outcome in (Wrote.WRITTEN, Wrote.ALREADY) and row is not None:
                self.log.append(("cell", f"{change.value}|{row['Tag']}"))
        return found


class Stage:
    """A shop with everything real but its workbook and its mail account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "rules").mkdir()
        (folder / "templates").mkdir()
        (folder / "book").mkdir()
        (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
        self.post = Post()
        self.book = Book("en", ZONE, log=self.post.log)
        self.rows: list[dict[str, str]] = []
        self.book.rows["Orders"] = self.rows
        self.open()

    def open(self) -> None:
        shop = open_shop(self.folder / "config.yaml", {})
        templates = Templates(shipped("templates"), "en", ZONE, "EUR")
        self.shop: Shop = replace(shop, workbooks={"shop": self.book}, templates=templates)
        self.store: Store = self.shop.open_store()
        self.ticker = Ticker(self.shop, self.store)
        leaves = {name: kind.deliver for name, kind in action_kinds().items()}
        pace = Pace(chance=lambda: 0.0)
        self.outbox = Outbox(
            self.store, leaves, self.tools, SystemClock(), SystemClock(), Worker("test"), pace
        )

    def tools(self, now: datetime) -> Tools:
        return Tools(self.post, self.shop.workbooks, self.shop.config.tables, "Shop <shop@shop.example>", now)

    def restart(self) -> None:
        self.store.close()
        self.open()

    def write_rule(self, name: str, text: str) -> None:
        (self.folder / "rules" / f"{name}.yaml").write_text(text, encoding="utf-8")

    def look(self, now: datetime) -> list[tuple[str, ...]]:
        """Tick and deliver until nothing moves; return the mails that went out."""
        self.post.subjects.clear()
        for turn in range(9):
            plan = self.ticker.tick(now.astimezone(UTC))
            assert not self.ticker.rules.mistakes, self.ticker.rules.mistakes
            done = self.outbox.deliver_due(now.astimezone(UTC))
            if turn and not plan.firings and not any(one.state == "sent" for one in done):
                break
        return sorted(tuple(subject.split("|")) for subject in self.post.subjects)


keys = st.integers(0, 3)
minutes = st.sampled_from([1, 1, 20, 60, 90, 120, 181, 300, 60 * 24, 60 * 25, 60 * 72])


class EpisodeMachine(RuleBasedStateMachine):
    """People, clocks and servers against the shop and the model."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="rowcall-", ignore_cleanup_errors=True)
        self.stage = Stage(Path(self.folder.name))
        self.now = START
        self.model = Model(laws())
        self.numbers = 0
        self.away: list[dict[str, str]] = []
        self.edits = {
            law.name: {"WANTED": "Open", "TIMED": "2 hours", "REMARK": "Hello"} for law in self.model.laws
        }
        self.paused: set[str] = set()
        self.silent: set[str] = set()
        for law in self.model.laws:
            self.write(law)

    def teardown(self) -> None:
        self.stage.store.close()
        self.folder.cleanup()

    @property
    def rows(self) -> list[dict[str, str]]:
        return self.stage.rows

    def law(self, number: int) -> Law:
        return self.model.laws[number]

    def write(self, law: Law) -> None:
        text = RULES[law.name]
        for word, said in self.edits[law.name].items():
            text = text.replace(word, said)
        self.stage.write_rule(law.name, text + ("state: off\n" if law.name in self.silent else ""))

    def look(self) -> None:
        shown = {row["Order No"]: {name: row[name] for name in COLUMNS} for row in self.rows}
        for law in self.model.laws:
            law.off = law.name in self.paused | self.silent
            law.was_off |= law.off
        wanted = self.model.look(self.now, shown, well=self.stage.post.well)
        found = self.stage.look(self.now)
        assert found == wanted, f"sent {found}, but the model says {wanted}"

    @initialize(statuses=st.lists(st.sampled_from(STATUS), max_size=2))
    def begin(self, statuses: list[str]) -> None:
        for status in statuses:
            self.add(status, 1, 0)
        self.look()

    @rule(status=st.sampled_from(STATUS), qty=st.integers(1, 3), hours=st.integers(-30, 10))
    def add(self, status: str, qty: int, hours: int) -> None:
        self.numbers += 1
        row = {
            "Order No": f"K{self.numbers}",
            "Status": status,
            "Done": "",
            "Qty": str(qty),
            "Opened at": self.clock(hours),
            "Tag": f"t{self.numbers}",
            "Stage": "",
            "Late": "",
        }
        self.rows.append(row)

    def clock(self, hours: int) -> str:
        return f"{(self.now.astimezone(UTC) + hours * HOUR).astimezone(ZONE):%Y-%m-%d %H:%M}"

    @precondition(lambda self: self.rows)
    @rule(key=keys, status=st.sampled_from(STATUS))
    def set_status(self, key: int, status: str) -> None:
        self.rows[key % len(self.rows)]["Status"] = status

    @precondition(lambda self: self.rows)
    @rule(
        key=keys,
        done=st.sampled_from(["", "yes"]),
        qty=st.integers(1, 4),
        hours=st.none() | st.integers(-30, 10),
    )
    def edit(self, key: int, done: str, qty: int, hours: int | None) -> None:
        moved = {} if hours is None else {"Opened at": self.clock(hours)}
        self.rows[key % len(self.rows)].update({"Done": done, "Qty": str(qty), **moved})

    @precondition(lambda self: self.rows)
    @rule(key=keys)
    def delete(self, key: int) -> None:
        self.away.append(self.rows.pop(key % len(self.rows)))

    @precondition(lambda self: self.away)
    @rule()
    def put_back(self) -> None:
        self.rows.append(self.away.pop())

    @precondition(lambda self: self.rows)
    @rule(key=keys)
    def rename(self, key: int) -> None:
        self.numbers += 1
        self.rows[key % len(self.rows)]["Order No"] = f"K{self.numbers}"

    def sort(self) -> None:
        self.rows.reverse()

    @rule(minutes=minutes)
    def wait(self, minutes: int) -> None:
        self.now = (self.now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZONE)
        self.look()

    @rule(minutes=st.sampled_from([1, 121, 60 * 25]))
    def wait_on(self, minutes: int) -> None:
        self.wait(minutes)

    def restart(self) -> None:
        self.stage.restart()

    @rule(law=st.integers(0, 4), key=keys, what=st.sampled_from(["snooze", "stop"]))
    def press(self, law: int, key: int, what: str) -> None:
        about = self.law(law)
        stays = sorted((key, stay) for key, stay in about.stays.items() if key in self.model.last)
        if not stays or about.off:
            return
        name, stay = stays[key % len(stays)]
        self.numbers += 1
        pressed = (about.name, name, stay.n)
        snooze = Span(2, Unit.HOUR) if what == "snooze" else None
        self.stage.store.press(
            str(self.numbers), pressed, what, self.now.astimezone(UTC), snooze=snooze, stop=not snooze
        )
        self.model.presses.append((*pressed, what, self.now))

    def reword(self, law: int) -> None:
        self.numbers += 1
        self.change(self.law(law), REMARK=f"Hello {self.numbers}")

    @rule(law=st.integers(0, 1), hours=st.sampled_from([1, 2, 5]))
    def retime(self, law: int, hours: int) -> None:
        about = self.law(law)
        about.steps = tuple(
            replace(one, span=hours * HOUR) if one.kind == "after" else one for one in about.steps
        )
        self.change(about, TIMED=f"{hours} hours")

    @rule(law=st.integers(0, 1), wanted=st.sampled_from(["Open", "one of Open, New", "one of Open, Shipped"]))
    def widen(self, law: int, wanted: str) -> None:
        about = self.law(law)
        allowed = wanted.removeprefix("one of ").split(", ")
        about.when = lambda cells, _before: cells["Status"] in allowed
        about.lasts = lambda cells: cells["Status"] in allowed
        self.change(about, WANTED=wanted)

    def change(self, law: Law, **said: str) -> None:
        changed = said.items() - self.edits[law.name].items()
        self.edits[law.name] |= said
        law.edited |= bool(changed)
        self.write(law)

    def switch(self, law: int) -> None:
        self.silent ^= {self.law(law).name}
        self.write(self.law(law))

    def pause(self, law: int) -> None:
        name = self.law(law).name
        (self.stage.store.resume if name in self.paused else self.stage.store.pause)(
            name, self.now.astimezone(UTC)
        )
        self.paused ^= {name}

    def server(self) -> None:
        self.stage.post.well = not self.stage.post.well

    @rule(
        what=st.sampled_from(["server", "restart", "sort", "reword", "switch", "pause"]),
        law=st.integers(0, 4),
    )
    def trouble(self, what: str, law: int) -> None:
        if what in ("reword", "switch", "pause"):
            {"reword": self.reword, "switch": self.switch, "pause": self.pause}[what](law)
        else:
            {"server": self.server, "restart": self.restart, "sort": self.sort}[what]()

    @invariant()
    def no_cell_before_its_mail(self) -> None:
        known: Counter[str] = Counter()
        for what, text in self.stage.post.log:
            if what == "mail":
                law, entry, tag = text.split("|")
                known[f"{law}-{entry}|{tag}"] += 1
            else:
                known[text] -= 1
                assert known[text] >= 0, self.stage.post.log


TestEpisodes = EpisodeMachine.TestCase
TestEpisodes.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
