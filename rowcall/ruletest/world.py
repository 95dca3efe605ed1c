"""How does a virtual shop for one test come about: the shop's config and rule, the test's tables, a mailbox?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage

from rowcall.episode import Delivery, Ending
from rowcall.errors import DeliveryError, Problem, TemplateError, WorkbookError
from rowcall.kinds import ActionKind, action_kinds
from rowcall.language.rule import FirstRun, Rule, State
from rowcall.plan import House
from rowcall.plan.windows import next_permitted
from rowcall.rehearsal import VirtualOutbox, VirtualShop, VirtualWorkbook
from rowcall.ruletest.story import Test
from rowcall.shop import RuleSet, RuleShelf, Shop, house_of, load_rules
from rowcall.snapshots import Seen, take_snapshot
from rowcall.table import Schema, Snapshot, Table
from rowcall.tools import Result, Tools

_SENDER = "shop@rowcall.invalid"


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What all tests of a run share. live: the shop's tables as far as they could be read, for their headers."""

    shop: Shop
    live: Mapping[str, Table]
    shelf: RuleShelf = field(default_factory=RuleShelf)


@dataclass(slots=True)
class Mailbox:
    """Takes every mail; fulfils the port of a mailer. taken: delivery → message and recipient."""

    taken: dict[str, tuple[EmailMessage, str]] = field(default_factory=dict)
    last: tuple[EmailMessage, str] | None = None

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Keep the message."""
        self.last = (message, recipient)
        return "taken"

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class World:
    """One test's shop, workbook and mailbox; seen: tables typed before."""

    backdrop: Backdrop
    test: Test
    rule: Rule
    rules: RuleSet
    workbook: VirtualWorkbook
    schemas: Mapping[str, Schema]
    actions: Mapping[str, ActionKind]
    mailbox: Mailbox = field(default_factory=Mailbox)
    seen: Seen = field(default_factory=dict)
    shop: VirtualShop = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self, before: VirtualShop | None = None) -> None:
        """Start Rowcall; before: it is a restart, and what the state holds is kept."""
        self.seen.clear()
        self.shop = VirtualShop(
            (self.rule,), self.look, self.furnish, VirtualOutbox(self.make, self.may_send)
        )
        if before is not None:
            self.shop.memory, self.shop.outbox, self.shop.stored = before.memory, before.outbox, before.stored

    def look(self, now: datetime) -> Snapshot:
        """Read the virtual tables."""
        about = self.backdrop.shop.config.shop
        books = dict.fromkeys(self.backdrop.shop.workbooks, self.workbook)
        return take_snapshot(
            books, self.schemas.values(), now, language=about.language, zone=about.zone, seen=self.seen
        )

    def furnish(self, tables: Mapping[str, Table]) -> House:
        """Return what config and tables fix; a new row counts at once unless the test says otherwise."""
        house = house_of(self.backdrop.shop, self.rules, tables)
        return replace(house, schemas=self.schemas, settle=self.test.settle)

    def house(self, now: datetime) -> House:
        """Return what holds at a moment."""
        return self.furnish(self.look(now).tables)

    def make(self, delivery: Delivery, now: datetime) -> Result:
        """Let the real action work, into the virtual mailbox and workbook."""
        config = self.backdrop.shop.config
        tools = Tools(
            mailer=self.mailbox,
            workbooks=dict.fromkeys(self.backdrop.shop.workbooks, self.workbook),
            schemas=self.schemas,
            sender=config.email.sender if config.email else _SENDER,
            now=now,
            attachments=config.folder / "attachments",
        )
        self.mailbox.last = None
        try:
            [result] = self.actions[delivery.kind].deliver([delivery], tools)
        except (DeliveryError, WorkbookError, TemplateError) as error:
            permanent = isinstance(error, TemplateError) or error.permanent
            return Result(Ending.DEAD if permanent else Ending.RETRY, str(error))
        if self.mailbox.last is not None:
            self.mailbox.taken[delivery.id] = self.mailbox.last
        return result

    def may_send(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Keep a mail that became ready late out of the quiet hours, as the outbox does."""
        if delivery.urgent:
            return None
        window = self.rule.send_only
        quiet = None if window else self.house(now).quiet
        return next_permitted(now, window, quiet, self.backdrop.shop.config.shop.zone)


def build_world(backdrop: Backdrop, test: Test) -> World | tuple[Problem, ...]:
    """Return the world of a test, or the mistakes that keep its rule from working."""
    config = backdrop.shop.config
    workbook = _workbook(backdrop, test)
    schemas = {name: replace(schema, settle=test.settle) for name, schema in config.tables.items()}
    rules = load_rules(backdrop.shop, _typed(backdrop, workbook, schemas, test), backdrop.shelf)
    rule = next((one for one in rules.rules if one.id == test.rule), None)
    if rule is None:
        return tuple(one for one in rules.mistakes if one.place.file == f"rules/{test.rule}.yaml")
    first_run = rule.first_run if test.first_run else FirstRun.ACT
    rule = replace(rule, first_run=first_run, state=State.ON)
    return World(backdrop, test, rule, rules, workbook, schemas, action_kinds())


def _workbook(backdrop: Backdrop, test: Test) -> VirtualWorkbook:
    """Return the test's tables; those with people and settings are the shop's own unless the test has them."""
    config = backdrop.shop.config
    workbook = VirtualWorkbook(config.shop.language, config.shop.zone)
    for name, table in backdrop.live.items():
        workbook.header[name] = tuple(table.text.columns)
    for source in (config.people_from, config.settings_from):
        live = backdrop.live.get(source.table) if source else None
        if source is not None and live is not None:
            rows = live.text.iter_rows(named=True)
            workbook.rows[source.table] = [
                {name: text for name, text in row.items() if text is not None} for row in rows
            ]
    for name, given in test.tables.items():
        workbook.rows[name] = [dict(row) for row in given]
        workbook.widen(name, [column for row in given for column in row])
    if config.settings_from is not None:
        source_of = config.settings_from
        rows_of = workbook.rows.setdefault(source_of.table, [])
        rows_of[:] = [row for row in rows_of if row.get(source_of.name) not in test.settings]
        rows_of += [{source_of.name: one, source_of.value: text} for one, text in test.settings.items()]
        workbook.widen(source_of.table, [source_of.name, source_of.value])
    return workbook


def _typed(
    backdrop: Backdrop, workbook: VirtualWorkbook, schemas: Mapping[str, Schema], test: Test
) -> Mapping[str, Table]:
    about = backdrop.shop.config.shop
    books = dict.fromkeys(backdrop.shop.workbooks, workbook)
    snapshot = take_snapshot(books, schemas.values(), test.start, language=about.language, zone=about.zone)
    return snapshot.tables
