"""What is a table: its schema, the text its reader delivered, and the values typed from that text?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import polars as pl

from rowcall.errors import Problem

ERROR_TEXTS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#ERROR!"}
)
"""Texts of formula errors: such a cell is unreadable whatever its column's kind."""

STALE = "#STALE!"
"""What a reader delivers for a formula whose result no spreadsheet program has computed yet."""


class Kind(StrEnum):
    """What the cells of a column mean."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    YES_NO = "yes/no"
    EMAIL = "email"
    PHONE = "phone"
    PERSON = "person"
    DURATION = "duration"


CellValue = str | Decimal | date | datetime | timedelta | bool | None
"""A typed value of a cell; None is an empty one. A datetime is aware."""

NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
TEMPORAL = frozenset({Kind.DATE, Kind.DATETIME})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header, kind and other headers it may have."""

    name: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """`name` leads from a row to the row of `table` whose key stands in column `by`."""

    name: str
    table: str
    by: str


@dataclass(frozen=True, slots=True)
class Schema:
    """What the config says of one table.

    key: the key columns; empty for a table that only figures read.
    settle: how long a new row must stay the same before it acts; None = config default.
    """

    table: str
    workbook: str
    sheet: str
    key: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    links: tuple[Link, ...] = ()
    number: str = ""
    kept: tuple[str, ...] = ()
    settle: timedelta | None = None
    optional: bool = False

    def column(self, name: str) -> Column:
        """Return the declared column of that name, or a text column for an undeclared header."""
        return next((column for column in self.columns if column.name == name), Column(name))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One tab as its connector delivered it: text only, nothing interpreted.

    header: the cells of the header row as they stand, blanks and doubles included ("" = blank).
    cells: one row per row below the header, String columns named "0", "1", … in the header's order;
        null = an empty cell. Rows blank throughout may be included.
    formulas: positions (row, column) counted in `cells` that hold a formula, as far as known.
    """

    name: str
    header: tuple[str, ...]
    cells: pl.DataFrame
    formulas: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A table at one moment, keyed and typed.

    text: String columns named by the schema's column names (aliases resolved, headers trimmed; null = empty),
        one row per usable key.
    typed: the same rows and names; by kind: text, choice, email, phone, person → String; number, money, percent
        → Float64; date → Date; datetime → Datetime("us", "UTC"); yes/no → Boolean (empty is no: false);
        duration → Duration("us"). null where empty or unreadable; text tells which.
    keys: String series, the key as one text (`KEY_JOIN` between the parts of a composite key).
    problems: data problems found while keying and typing; the rows concerned are set aside or unreadable.
    headers: the schema's column name → the header as it stands in the sheet.
    coded: what was made of its columns once and is the same as long as the table lives, by column.
    """

    schema: Schema
    text: pl.DataFrame
    typed: pl.DataFrame
    keys: pl.Series
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    coded: dict[str, object] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.keys)


KEY_JOIN = " | "
"""Stands between the parts of a composite key."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables as one reading saw them.

    broken: table → why it can't be used now (tab or header missing, workbook unreadable).
    absent: optional tables whose tab does not exist: their rules are off.
    """

    read_at: datetime
    tables: Mapping[str, Table]
    broken: Mapping[str, Problem] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()


def join_key(parts: Sequence[str]) -> str:
    """Return the parts of a key as the one text by which the row is known."""
    return KEY_JOIN.join(parts)


def clean_header(text: str) -> str:
    """Return a header without byte-order mark, line breaks and stray blanks (also full-width ones)."""
    return " ".join(text.replace("\ufeff", "").split())
