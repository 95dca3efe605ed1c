"""A shop's day for the planner: tables as texts, rules as YAML, a real state on SQLite, deliveries carried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.actions import add_row, email, set_cells
from rowcall.calendar import Calendar
from rowcall.episode import BUNDLED, Ending, WrittenCell
from rowcall.errors import Problem
from rowcall.home import shipped
from rowcall.kinds import action_kinds, action_words, payload_types
from rowcall.language.rule import Limit, Rule, Window
from rowcall.language.rule_file import read_rule
from rowcall.language.scope import Scope
from rowcall.mailing import DigestLine
from rowcall.memory import Memory, Plan
from rowcall.people import People, Person
from rowcall.plan import House, TickInput, plan
from rowcall.reading import table_of_text, type_table
from rowcall.store import Store
from rowcall.store.queue import Outcome, Worker, claim, finish, start
from rowcall.table import Schema, Sheet, Snapshot, Table
from rowcall.template import Templates

ZONE = ZoneInfo("Europe/Berlin")
PEOPLE = People(
    persons={
        "anna": Person("anna", "anna@shop.example"),
        "ben": Person("ben", "ben@shop.example"),
        "dora": Person("dora", "dora@shop.example"),
    },
    roles={"warehouse": ("ben",), "owners": ("dora",), "packers": ("anna", "ben", "dora")},
)


@dataclass(slots=True)
class Mail:
    """One mail that went out: when, to whom, about what."""

    at: datetime
    to: str
    subject: str
    text: str


@dataclass(slots=True)
class Day:
    """Tables, rules and a clock; `tick` reads, plans, commits and delivers as the service does."""

    folder: Path
    schemas: Sequence[Schema]
    rows: dict[str, list[dict[str, str]]]
    rules: dict[str, str]
    settle: timedelta = timedelta(0)
    quiet: Window | None = None
    limits: tuple[Limit, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    mail_works: bool = True
    mails: list[Mail] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    broken: dict[str, Problem] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    loaded: dict[str, tuple[Rule, ...]] = field(default_factory=dict)

    def tick(self, at: str, *, deliver: bool = True) -> Plan:
        """Plan at a local time `2026-03-02 09:00` and carry out what is due."""
        now = datetime.fromisoformat(at).replace(tzinfo=ZONE)
        store = self.store()
        number, memory = store.tick_number(), store.load()
        outcome = plan(self.given(now, store, memory))
        store.commit(outcome, number)
        self.plans.append(outcome)
        if deliver:
            self.deliver(store, now)
        store.close()
        return outcome

    def given(self, now: datetime, store: Store, memory: Memory) -> TickInput:
        """Return what a tick looks at."""
        tables = {
            schema.table: self.table(schema) for schema in self.schemas if schema.table not in self.broken
        }
        snapshot = Snapshot(now, tables, self.broken)
        return TickInput(self.load_rules(), snapshot, memory, now, self.house(), self.before(store, memory))

    def house(self) -> House:
        """Return what the config fixes."""
        return House(
            zone=ZONE,
            language="en",
            shop_name="Harbour Tea",
            responsible="dora",
            people=PEOPLE,
            settings=self.settings,
            templates=Templates(shipped("templates"), "en", ZONE, "EUR"),
            mail_domain="shop.example",
            actions=action_kinds(),
            schemas={schema.table: schema for schema in self.schemas},
            settle=self.settle,
            quiet=self.quiet,
            limits=self.limits,
            calendars=self.calendars,
            currency="EUR",
        )

    def load_rules(self) -> tuple[Rule, ...]:
        """Read the rules; a mistake in one fails the test. Texts that have not changed are read once."""
        headers = {name: tuple(rows[0]) if rows else () for name, rows in self.rows.items()}
        state = repr((self.rules, headers, self.settings, list(self.calendars)))
        if state not in self.loaded:
            self.loaded[state] = self._read_rules(headers)
        return self.loaded[state]

    def _read_rules(self, headers: Mapping[str, tuple[str, ...]]) -> tuple[Rule, ...]:
        scope = Scope(
            schemas={schema.table: schema for schema in self.schemas},
            language="en",
            zone=ZONE,
            headers=headers,
            people={name: name for name in [*PEOPLE.persons, *PEOPLE.roles]},
            settings=self.settings,
            rules=tuple(self.rules),
            calendars=tuple(self.calendars),
        )
        words = {word: kind.params for word, kind in action_words().items()}
        loaded = []
        for name, text in self.rules.items():
            rule, problems = read_rule(text, f"rules/{name}.yaml", scope, words)
            assert rule is not None, "\n".join(map(str, problems))
            loaded.append(rule)
        return tuple(loaded)

    def table(self, schema: Schema) -> Table:
        """Return a table typed from its texts."""
        rows = self.rows[schema.table]
        header = tuple(dict.fromkeys(name for row in rows for name in row)) or tuple(
            column.name for column in schema.columns
        )
        cells = pl.DataFrame(
            {str(index): [row.get(name) or None for row in rows] for index, name in enumerate(header)},
            schema={str(index): pl.String for index in range(len(header))},
        )
        table = type_table(schema, Sheet(schema.table, header, cells), language="en", zone=ZONE)
        assert isinstance(table, Table)
        return table

    def before(self, store: Store, memory: Memory) -> dict[tuple[str, int], Table]:
        """Return every stored table that a rule's place, or the last tick, refers to."""
        wanted = {(name, one.snapshot) for name, one in memory.tables.items()}
        wanted |= {place for rule in memory.rules.values() for place in rule.place.items()}
        schemas = {schema.table: schema for schema in self.schemas}
        found = {}
        for name, number in wanted:
            text = store.snapshot(name, number)
            if text is not None:
                found[name, number] = table_of_text(schemas[name], text, ZONE)
        return found

    def store(self) -> Store:
        """Open the state anew, as after a restart."""
        return Store.open("sqlite:///rowcall.db", self.folder, payload_types())

    def press(self, at: str, button: str, key: str, **more: Any) -> None:  # Any: what a button may say
        """Let somebody press a button in a mail of the only rule about a row, at a local time."""
        store = self.store()
        (rule,) = self.rules
        episode = store.load().episodes[rule][key]
        moment = datetime.fromisoformat(at).replace(tzinfo=ZONE)
        store.press(f"{button} {at}", (rule, key, episode.n), button, moment, **more)
        store.close()

    def row(self, table: str, key: str) -> dict[str, str]:
        """Return a row to read or edit."""
        schema = next(one for one in self.schemas if one.table == table)
        return next(row for row in self.rows[table] if row[schema.key[0]] == key)

    def deliver(self, store: Store, now: datetime) -> None:
        """Carry out everything that is due: mails into a list, cells into the rows, unless the mail is down."""
        worker, lanes = Worker("test"), ["mail", "workbook:shop", BUNDLED]
        for _ in range(20):
            done = 0
            for lane in lanes:
                if lane == "mail" and not self.mail_works:
                    continue
                with store.database.write() as connection:
                    claims = claim(
                        connection, now, now, lane=lane, worker=worker, limit=1, types=store.payload_types
                    )
                    start(connection, claims, now, now, worker)
                    made = [(one, self._make(one.delivery.payload, now)) for one in claims]
                    finish(connection, made, now, worker)
                    done += len(made)
            if not done:
                return

    def _make(self, payload: object, now: datetime) -> Outcome:
        match payload:
            case email.Payload(line=DigestLine()):
                return Outcome(Ending.SENT)  # its mail has gone out
            case email.Payload():
                self.mails.append(Mail(now.astimezone(ZONE), payload.to, payload.subject, payload.text))
                return Outcome(Ending.SENT)
            case set_cells.Payload():
                return self._write(payload)
            case add_row.Payload():
                self.rows[payload.table].append(dict(payload.texts))
                return Outcome(Ending.SENT)
            case _:
                raise AssertionError(payload)

    def _write(self, payload: set_cells.Payload) -> Outcome:
        row = self.row(payload.table, payload.key[0])
        written = []
        for cell in payload.cells:
            if row.get(cell.column, "") != cell.seen:
                return Outcome(Ending.LOST, f'"{row.get(cell.column)}" was there')
            row[cell.column] = cell.text
            written.append(WrittenCell(payload.table, payload.key[0], cell.column, cell.seen, cell.text))
        return Outcome(Ending.SENT, cells=tuple(written))


def sent(outcome: Plan) -> list[tuple[str, str, str]]:
    """Return what a plan fires as (rule, key, entry), sorted."""
    return sorted((firing.rule, firing.key, firing.entry) for firing in outcome.firings)
