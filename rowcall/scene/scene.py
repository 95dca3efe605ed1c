"""What does an action see when it is planned: one row, its linked rows, people, texts, figures, and the moment?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import polars as pl

from rowcall.calendar import CalendarError
from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.episode import EffectKey
from rowcall.errors import MistakesError, Place, Problem, TemplateError
from rowcall.evaluate.choice import choose
from rowcall.evaluate.computed import Computed, FigureKey, cell_value
from rowcall.evaluate.figures import Figures, Listed
from rowcall.evaluate.formula.evaluate import compute_formula
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.mask import masks
from rowcall.evaluate.row import Row, read_row
from rowcall.language.condition import Literal, Moment, OfSetting
from rowcall.language.ref import EACH, THIS, ColumnRef
from rowcall.language.value import (
    ByColumn,
    Computation,
    DueMoment,
    EmptyValue,
    FirstThatFits,
    Increase,
    NextOf,
    Recipients,
    SameAs,
    Shifted,
    Someone,
    TextOf,
    Unless,
    Value,
)
from rowcall.message import message_id
from rowcall.people import Address
from rowcall.ports import CellValue
from rowcall.reading import with_rows
from rowcall.scene.each import with_literals, without_each
from rowcall.scene.fitting import fit, shift
from rowcall.scene.recipients import Reach, responsible_addresses, someone_named
from rowcall.scene.surroundings import Added, Surroundings
from rowcall.scene.turns import Turns
from rowcall.table import Column, Schema, Table

_NAME = Column("The recipient")


class UnknownValue(TemplateError):
    """Nothing is known of a value (a formula's error, no line that fits): nothing is written, and nobody waits."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one action sees. `effect` names the entry: rule, key, n, entry, action, occurrence; its target is open.

    names: what templates may use beside the row's columns (`because`, `before`, `rule`, …).
    added: table → texts of the rows that this tick adds, so that numbers and doubles are seen.
    first_mail: the effect of the first mail of this episode, its recipient open.
    only_names: texts know nothing but `names`, because the mail is about many rows.
    figures: the rule's, of all rows of its table. turns: whose turn it is, for `next of`.
    watched: the watched row, where `row` is a line of a list that `for each` goes through.
    working_hours: the calendar that the rule's working time counts in.
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
    figures: Figures | None = None
    turns: Turns = field(default_factory=Turns)
    watched: Row | None = None
    working_hours: str = ""

    def render(self, text: TextOf) -> str:
        """Render a text of the rule as plain text; raises TemplateError."""
        return self.around.templates.render(text.source, self._values(), place=text.place)

    def render_file(self, name: str) -> str:
        """Render a template file as a piece of HTML; raises TemplateError."""
        return self.around.templates.render_html_file(name, self._values())

    def value(self, value: Value, column: Column) -> CellValue:
        """Return what a value says for a column.

        Raises UnknownValue when nothing is known of it, and TemplateError when it says nothing usable.
        """
        around = self.around
        match value:
            case Literal(value=literal):
                return fit(literal, column, around.zone)
            case EmptyValue():
                return None
            case Moment() | DueMoment():
                return fit(self._moment(value), column, around.zone)
            case SameAs(ref=ref):
                return fit(self._readable(ref), column, around.zone)
            case OfSetting(name=name):
                return self._typed(around.settings.get(name, ""), column)
            case Shifted():
                return self._shifted(value, column)
            case TextOf():
                return self._typed(self.render(value), column)
            case _:
                return self._worked_out(value, column)

    def show(self, value: CellValue, column: Column, like: str = "") -> str:
        """Return the text that a value has in a cell of that column."""
        around = self.around
        return format_cell(column, value, language=around.language, zone=around.zone, like=like)

    def schema(self, table: str) -> Schema:
        """Return the schema of a table of the snapshot."""
        return self.around.snapshot.tables[table].schema

    def known_keys(self, table: str) -> frozenset[str]:
        """Return the keys of a table, rows that this tick adds included."""
        known = self._table(table)
        return frozenset(known.keys.to_list()) | known.aside

    def exists(self, unless: Unless) -> bool:
        """Say whether a row of the table fits, or may fit: what is unknown adds no second row."""
        around, table = self.around, self._table(unless.table)
        snapshot = replace(around.snapshot, tables={**around.snapshot.tables, unless.table: table})
        frame = assemble(
            table, snapshot, zone=around.zone, language=around.language, calendars=around.calendars
        )
        condition = with_literals(unless.condition, self._literal)
        answer = masks({"one": condition}, frame, around.now, around.zone, around.settings)["one"]
        if isinstance(answer, str):
            raise TemplateError(f"{self.place}: {answer}")
        return bool(answer.fill_null(value=True).any())

    def addresses(self, recipients: Recipients) -> tuple[tuple[Address, ...], tuple[Problem, ...]]:
        """Return everybody meant, without doubles; nobody at all → the responsible person and a data problem."""
        named = tuple(tuple(self._named(one) for one in chain) for chain in recipients.anyone)
        return Reach(self.around, self.row, self.responsible).addresses(replace(recipients, anyone=named))

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

    def for_line(self, line: Row) -> "Scene":
        """Return the scene for one line of a list: its columns on top, the watched row's as `this`."""
        return replace(self, row=line, watched=self.row, names={**self.names, "this": self.row.names()})

    def listed(self, name: str) -> Listed:
        """Return the lines of a figure's list; raises TemplateError if it could not be computed."""
        if self.figures is None or not self.figures.is_listed(name):
            raise TemplateError(f"{self.place}: the list `{name}` can't be computed now")
        return self.figures.listed(name, self.effect.key)

    def read(self, table: str, key: str) -> Row:
        """Return a row of another table; raises TemplateError if it is not there."""
        found = self.around.snapshot.tables.get(table)
        try:
            if found is not None:
                return read_row(found, key, self.around.snapshot)
        except KeyError:
            pass
        raise TemplateError(f"{self.place}: {table} has no row {key}")

    def with_added(self, table: str, rows: tuple[Mapping[str, str], ...]) -> "Scene":
        """Return the scene once these rows, given as texts by column, are added to a table."""
        return replace(self, added={**self.added, table: (*self.added.get(table, ()), *rows)})

    def ids(self, target: str) -> tuple[str, str]:
        """Return the Message-ID of the mail to a recipient, and that of the first mail of the episode or ""."""
        own = replace(self.effect, target=target).id
        first = own if self.first_mail is None else replace(self.first_mail, target=target).id
        domain = self.around.mail_domain
        return message_id(own, domain), "" if first == own else message_id(first, domain)

    def _table(self, table: str) -> Table:
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

    def _worked_out(self, value: Value, column: Column) -> CellValue:
        match value:
            case NextOf(role=role):
                taken = self.turns.take(role, self.around.people, self.around.today)
                return taken or self.responsible
            case Computation():
                return self._computed(value, column)
            case ByColumn() | FirstThatFits():
                return self.value(self._chosen(value), column)
            case Increase(by=by):
                return self.value(by, column)
            case _:
                raise TemplateError(f"{self.place}: a duration can't be written into {column.name}")

    def _named(self, someone: Someone) -> Someone:
        """Return whom a value names now; one of which nothing is known names nobody."""
        value = someone.value
        if value is None:
            return someone
        try:
            chosen = self._chosen(value) if isinstance(value, ByColumn | FirstThatFits) else value
            if isinstance(chosen, SameAs):
                return Someone(ref=chosen.ref)
            return someone_named(str(self.value(chosen, _NAME) or ""))
        except UnknownValue:
            return Someone()

    def _moment(self, value: Moment | DueMoment) -> CellValue:
        if isinstance(value, DueMoment):
            due = self.names.get("due")
            return due if isinstance(due, date) else None
        return self.around.now if value.now else self.around.today + timedelta(days=value.days)

    def _shifted(self, value: Shifted, column: Column) -> CellValue:
        around = self.around
        base = self._readable(value.base) if isinstance(value.base, ColumnRef) else self._moment(value.base)
        if base is None:
            return None
        if not isinstance(base, date):
            raise TemplateError(f"{self.place}: {value.base} holds no date")
        hours = around.calendars.get(value.calendar or self.working_hours)
        try:
            shifted = shift(base, value.span, around.zone, back=value.back, hours=hours)
        except CalendarError as error:
            raise TemplateError(f"{self.place}: {error}") from error
        return fit(shifted, column, around.zone)

    def _readable(self, ref: ColumnRef) -> CellValue:
        """Return a cell's or figure's value; raises TemplateError for an unreadable cell: unknown is not empty."""
        if ref.figure:
            return self._figure(ref)
        row, ref = self._owner(ref)
        if not row.is_known(ref):
            raise TemplateError(
                f'{self.place}: {ref.name} of row {row.key} can\'t be read: "{row.text(ref)}"'
            )
        return row.value(ref)

    def _literal(self, ref: ColumnRef) -> Literal:
        """Return what a cell of the watched row or of a line, or a figure, says now, for conditions elsewhere."""
        if ref.figure:
            value = None if self.figures is None else self.figures.value(ref.column.name, self.effect.key)
            return Literal("" if value is None else str(value), value)
        row, own = self._owner(ref)
        return Literal(row.text(own), row.value(own))

    def _owner(self, ref: ColumnRef) -> tuple[Row, ColumnRef]:
        """Return the row that a column belongs to: the watched one, or the line of a list."""
        if ref.links[:1] == (THIS,):
            return self.watched or self.row, replace(ref, links=ref.links[1:])
        return self.row, replace(ref, links=ref.links[1:]) if ref.links[:1] == (EACH,) else ref

    def _figure(self, ref: ColumnRef) -> CellValue:
        name = ref.column.name
        value = None if self.figures is None else self.figures.value(name, self.effect.key)
        if value is None:
            raise UnknownValue(f"{self.place}: nothing is known of the figure {name}")
        return value

    def _computed(self, value: Computation, column: Column) -> CellValue:
        figures = {name: one for (_, name), one in self._figures_now().items()}
        try:
            found = compute_formula(without_each(value.formula), self.frame(), self.around.now, figures)
        except MistakesError as error:
            raise TemplateError(f"{self.place}: {error}") from error
        if found.unknown[0]:
            raise UnknownValue(f"{value.place}: `{value.formula.text}` gives no value for row {self.row.key}")
        return fit(cell_value(found.value[0], found.kind), column, self.around.zone)

    def _figures_now(self) -> Mapping[FigureKey, Computed]:
        """Return the figures as this row sees them, one value each."""
        if self.figures is None:
            return {}
        place = self.figures.row(self.effect.key)
        rows = pl.Series([place])
        return {(self.figures.rule, name): one.at(rows) for name, one in self.figures.values.items()}

    def _chosen(self, value: ByColumn | FirstThatFits) -> Value:
        around = self.around
        try:
            found = choose(without_each(value), self.frame(), around.now, around.zone, around.settings)
        except MistakesError as error:
            raise TemplateError(f"{self.place}: {error}") from error
        if found.places[0] is None:
            raise UnknownValue(f"{value.place}: none of these values fits row {self.row.key}")
        place: int = found.places[0]
        return found.values[place]

    def frame(self) -> Frame:
        """Return the row as the one row of a frame, with what earlier actions wrote, and with its figures."""
        frame = self._frame_of(self.row)
        if self.watched is not None:
            return frame.beside(self._frame_of(self.watched))
        return frame

    def _frame_of(self, row: Row) -> Frame:
        around = self.around
        frame = assemble(
            row.as_table(around.zone),
            around.snapshot,
            zone=around.zone,
            language=around.language,
            calendars=around.calendars,
        )
        for (rule, name), computed in self._figures_now().items():
            frame = frame.with_figures(rule, {name: computed})
        return frame
