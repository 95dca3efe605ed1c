"""What does an action see when it is planned: one row, its linked rows, people, texts, and the moment?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar
from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.duration import Span, Unit, add, add_to_date, resolve_local
from rowcall.episode import EffectKey
from rowcall.errors import Place, Problem, TemplateError
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.evaluate.row import Row
from rowcall.evaluate.this import fill_this
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.ref import ColumnRef
from rowcall.language.value import (
    DueMoment,
    EmptyValue,
    Recipients,
    SameAs,
    Shifted,
    Someone,
    TextOf,
    Unless,
    Value,
)
from rowcall.message import message_id
from rowcall.people import Address, People, address_of, is_address
from rowcall.ports import CellValue
from rowcall.reading import with_rows
from rowcall.table import Column, Kind, Schema, Snapshot, Table
from rowcall.template import Templates

Added = Mapping[str, tuple[Mapping[str, str], ...]]
"""Table → rows that a tick adds, each as texts by column."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One effect that an action wants, before it gets its place in the ledger.

    target: a recipient's address, or `Table!key`. lane: `mail` or `workbook:NAME`. customer: the address whose
    budget it counts in, "" for staff. mail: it is a mail, so windows and limits apply. send_after: the label of the
    digest that a line waits for.
    """

    target: str
    lane: str
    payload: object
    customer: str = ""
    mail: bool = False
    urgent: bool = False
    send_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drafts:
    """What an action planned, and what it could not: data problems never stop the other rows."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    writes: tuple[tuple[ColumnRef, CellValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every scene of one tick shares.

    calendars: by name. last_tick: the moment of the tick before, None at the first. attachments: the folder with the
    files that mails may carry.
    """

    snapshot: Snapshot
    now: datetime
    zone: ZoneInfo
    language: str
    shop_name: str
    people: People
    settings: Mapping[str, str]
    templates: Templates
    mail_domain: str
    responsible: str = ""
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    last_tick: datetime | None = None
    attachments: Path | None = None

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Scene:
    """What one action sees. `effect` names the entry: rule, key, n, entry, action, occurrence; its target is open.

    names: what templates may use beside the row's columns (`because`, `before`, `rule`, …).
    added: table → texts of the rows that this tick adds, so that numbers and doubles are seen.
    thread: the id of the first mail of this episode to a recipient, by address, "" when this is the first.
    only_names: texts know nothing but `names`, because the mail is about many rows.
    """

    around: Surroundings
    effect: EffectKey
    row: Row
    responsible: str
    place: Place
    names: Mapping[str, object] = field(default_factory=dict)
    added: Added = field(default_factory=dict)
    first_mail: EffectKey | None = None
    only_names: bool = False

    def render(self, text: TextOf) -> str:
        """Render a text of the rule as plain text; raises TemplateError."""
        return self.around.templates.render(text.source, self._values(), place=text.place)

    def render_file(self, name: str) -> str:
        """Render a template file as a piece of HTML; raises TemplateError."""
        return self.around.templates.render_html_file(name, self._values())

    def value(self, value: Value, column: Column) -> CellValue:
        """Return what a value says for a column; raises TemplateError when it says nothing usable."""
        match value:
            case Literal(value=literal):
                return fit(literal, column, self.around.zone)
            case EmptyValue():
                return None
            case Moment(now=True):
                return fit(self.around.now, column, self.around.zone)
            case Moment(days=days):
                return fit(self.around.today + timedelta(days=days), column, self.around.zone)
            case SameAs(ref=ref):
                return fit(self._readable(ref), column, self.around.zone)
            case OfSetting(name=name):
                return self._typed(self.around.settings.get(name, ""), column)
            case Shifted():
                return self._shifted(value, column)
            case TextOf():
                return self._typed(self.render(value), column)
            case _:
                raise NotImplementedError(value)

    def show(self, value: CellValue, column: Column, like: str = "") -> str:
        """Return the text that a value has in a cell of that column."""
        around = self.around
        return format_cell(column, value, language=around.language, zone=around.zone, like=like)

    def schema(self, table: str) -> Schema:
        """Return the schema of a table of the snapshot."""
        return self.around.snapshot.tables[table].schema

    def known_keys(self, table: str) -> frozenset[str]:
        """Return the keys of a table, rows that this tick adds included."""
        known = self._with_added(table)
        return frozenset(known.keys.to_list()) | known.aside

    def exists(self, unless: Unless) -> bool:
        """Say whether a row of the table fits, or may fit: what is unknown adds no second row."""
        around, table = self.around, self._with_added(unless.table)
        snapshot = replace(around.snapshot, tables={**around.snapshot.tables, unless.table: table})
        frame = assemble(table, snapshot, zone=around.zone, language=around.language)
        condition = fill_this(unless.condition, self.row)
        answer = masks({"one": condition}, frame, around.now, around.zone, around.settings)["one"]
        if isinstance(answer, str):
            raise TemplateError(f"{self.place}: {answer}")
        return bool(answer.fill_null(value=True).any())

    def addresses(self, recipients: Recipients) -> tuple[tuple[Address, ...], tuple[Problem, ...]]:
        """Return everybody meant, without doubles; nobody at all → the responsible person and a data problem."""
        found: dict[str, Address] = {}
        for chain in recipients.anyone:
            for address in next(filter(None, map(self._reach, chain)), ()):
                found.setdefault(address.email.lower(), address)
        if found:
            return tuple(found.values()), ()
        return self.around_responsible(), (self._nobody(recipients),)

    def around_responsible(self) -> tuple[Address, ...]:
        """Return where mail for the rule's responsible person goes; absence without a stand-in loses nothing."""
        return responsible_addresses(self.around, self.responsible)

    def with_writes(self, writes: tuple[tuple[ColumnRef, CellValue], ...]) -> "Scene":
        """Return the scene as later actions of the entry see it."""
        if not writes:
            return self
        texts = {ref: self.show(value, ref.column, self.row.text(ref)) for ref, value in writes}
        row = self.row.with_values({ref: (value, texts[ref]) for ref, value in writes})
        return replace(self, row=row)

    def ids(self, target: str) -> tuple[str, str]:
        """Return the Message-ID of the mail to a recipient, and that of the first mail of the episode or ""."""
        own = replace(self.effect, target=target).id
        first = own if self.first_mail is None else replace(self.first_mail, target=target).id
        domain = self.around.mail_domain
        return message_id(own, domain), "" if first == own else message_id(first, domain)

    def _with_added(self, table: str) -> Table:
        known = self.around.snapshot.tables[table]
        return with_rows(known, self.added.get(table, ()), self.around.zone)

    def _values(self) -> Mapping[str, object]:
        return self.names if self.only_names else {**self.row.names(), **self.names}

    def _typed(self, text: str, column: Column) -> CellValue:
        value = parse_cell(column, text, language=self.around.language, zone=self.around.zone)
        if isinstance(value, Unreadable):
            raise TemplateError(
                f'{self.place}: "{text}" does not fit the {column.kind} column "{column.name}": {value.why}'
            )
        return value

    def _shifted(self, value: Shifted, column: Column) -> CellValue:
        around = self.around
        base: CellValue
        if isinstance(value.base, Moment):
            base = around.now if value.base.now else around.today + timedelta(days=value.base.days)
        elif isinstance(value.base, DueMoment):
            raise NotImplementedError(value)
        else:
            base = self._readable(value.base)
        if base is None:
            return None
        if not isinstance(base, date):
            raise TemplateError(f"{self.place}: {value.base} holds no date")
        return fit(shift(base, value.span, around.zone, back=value.back), column, around.zone)

    def _readable(self, ref: ColumnRef) -> CellValue:
        """Return a cell's value; raises TemplateError for an unreadable one: unknown is not empty."""
        if not self.row.is_known(ref):
            raise TemplateError(
                f'{self.place}: {ref.name} of row {self.row.key} can\'t be read: "{self.row.text(ref)}"'
            )
        return self.row.value(ref)

    def _reach(self, someone: Someone) -> tuple[Address, ...]:
        around = self.around
        if someone.responsible:
            return self.around_responsible()
        if someone.address:
            person = around.people.person(someone.address)
            return (address_of(person) if person else Address(someone.address),)
        if someone.person:
            return around.people.addresses(someone.person, around.today)
        if someone.ref is None:
            return ()
        return self._reach_column(someone.ref)

    def _reach_column(self, ref: ColumnRef) -> tuple[Address, ...]:
        """Read addresses from a cell; only a `person` column may hold names, and only those of single persons."""
        found: list[Address] = []
        for part in self.row.text(ref).replace(";", ",").replace("；", ",").replace("，", ",").split(","):
            person = self.around.people.person(part)
            if ref.column.kind is Kind.PERSON and person is not None:
                found.extend(self.around.people.addresses(person.name, self.around.today))
            elif is_address(part):
                found.append(address_of(person) if person else Address(part.strip()))
        return tuple(found)

    def _nobody(self, recipients: Recipients) -> Problem:
        return Problem(
            Place(table=self.row.table, header=recipients.text, key=self.row.key),
            f'"{recipients.text}" names nobody who has an address, so the mail went to {self.responsible}',
            fix="write an address or a person's name into the cell, or name somebody in `people`",
        )


def responsible_addresses(around: Surroundings, responsible: str) -> tuple[Address, ...]:
    """Return where mail for a responsible person or role goes; who is away without a stand-in still gets it."""
    for name in (responsible, around.responsible):
        if not name:
            continue
        if reached := around.people.addresses(name, around.today):
            return reached
        person = around.people.person(name)
        if person is not None and person.email:
            return (address_of(person),)
        if is_address(name):
            return (Address(name),)
    return ()


def shift(base: date, span: Span, zone: ZoneInfo, *, back: bool = False) -> date:
    """Return a date or moment shifted; a day shifted by hours becomes a moment."""
    times = -1 if back else 1
    if isinstance(base, datetime):
        return add(base, span, zone, times)
    if span.unit in (Unit.MINUTE, Unit.HOUR):
        return add(resolve_local(datetime.combine(base, time.min), zone), span, zone, times)
    return add_to_date(base, span, times)


def fit(value: CellValue, column: Column, zone: ZoneInfo) -> CellValue:
    """Return the value as a column of that kind holds it: a day for a date column, midnight for a datetime one."""
    if column.kind is Kind.DATE and isinstance(value, datetime):
        return value.astimezone(zone).date()
    if column.kind is Kind.DATETIME and isinstance(value, date) and not isinstance(value, datetime):
        return resolve_local(datetime.combine(value, time.min), zone).astimezone(UTC)
    if column.kind is Kind.MONEY and isinstance(value, Decimal):
        return value.quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
    return value
