"""Which values does a config hold once it is read and checked?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar
from rowcall.config.secret import Secret
from rowcall.duration import Span, Unit
from rowcall.errors import Problem
from rowcall.language.document import Block, Text
from rowcall.people import People
from rowcall.table import Schema

MINUTELY = Span(1, Unit.MINUTE)
TWO_YEARS = Span(2, Unit.YEAR)
NO_SECRET = Secret()


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop itself; responsible: person or role, "" when there is none; working_hours: a calendar's name."""

    name: str
    zone: ZoneInfo
    language: Literal["en", "zh"] = "en"
    currency: str = ""
    responsible: str = ""
    working_hours: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookConfig:
    """One workbook: its connector, that connector's own frozen Params, and how often it is looked at."""

    name: str
    connector: str
    params: object = field(repr=False)  # may hold credentials
    check_every: Span = MINUTELY


@dataclass(frozen=True, slots=True)
class History:
    """From which of its own date columns a row's past is rebuilt.

    appears: the column that says when the row came. moments: column → its value → the column with that moment.
    """

    appears: str = ""
    moments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeopleFrom:
    """The table with the people who work here, and its columns; "" = there is no such column."""

    table: str
    name: str = "Name"
    email: str = "Email"
    roles: str = ""
    active: str = ""
    away_from: str = ""
    away_to: str = ""
    backup: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class SettingsFrom:
    """The table with the shop's settings, and its columns."""

    table: str
    name: str = "Name"
    value: str = "Value"


@dataclass(frozen=True, slots=True)
class HolidayTable:
    """The shop's own table of holidays and its columns; "" = there is no such column."""

    table: str
    date: str = "Date"
    kind: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """A calendar of the config. table: whose rows must still be added (`with_rows`) before it is used, or None."""

    calendar: Calendar
    table: HolidayTable | None = None


@dataclass(frozen=True, slots=True)
class Email:
    """The mail account. quiet_hours: from, to. send_everything_to: the address of a trial run, or ""."""

    sender_name: str
    sender: str
    host: str
    port: int
    security: Literal["starttls", "ssl", "none"]
    user: str = ""
    password: Secret = NO_SECRET
    daily_limit: int | None = None
    quiet_hours: tuple[time, time] | None = None
    send_everything_to: str = ""


@dataclass(frozen=True, slots=True)
class Web:
    """Where the web part listens, and under which address people reach it."""

    host: str = "127.0.0.1"
    port: int = 8321
    public_url: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """One config file, understood.

    folder: the Shop's folder; every relative path counts from it. state: the URL of the state, with an absolute
    path if it is a file. buttons, limits: checked as text only; whoever uses them reads them.
    """

    folder: Path
    file: str
    shop: Shop
    workbooks: Mapping[str, WorkbookConfig]
    tables: Mapping[str, Schema]
    people: People
    state: Secret
    history: Mapping[str, History] = field(default_factory=dict)
    people_from: PeopleFrom | None = None
    settings_from: SettingsFrom | None = None
    calendars: Mapping[str, CalendarRead] = field(default_factory=dict)
    buttons: Mapping[str, Block] = field(default_factory=dict)
    limits: tuple[Text, ...] = ()
    email: Email | None = None
    web: Web = field(default_factory=Web)
    settle: timedelta = timedelta(seconds=30)
    keep_history_for: Span = TWO_YEARS
    warnings: tuple[Problem, ...] = ()
