"""Which seams does the house have? Small protocols that leaves fulfil and upper floors use."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from rowcall import table
from rowcall.errors import Problem
from rowcall.table import Schema, Sheet

CellValue = table.CellValue
"""A typed value to write into a cell; None empties it. A datetime is aware."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a connector is told when a workbook is opened, beside its own Params."""

    name: str
    folder: Path
    zone: ZoneInfo
    language: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a workbook: the sheets found, and why each of the others was not.

    sheets: (table, sheet) for each table found; missing: (table, problem) for each tab that is not there.
    """

    sheets: tuple[tuple[str, Sheet], ...]
    missing: tuple[tuple[str, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell to be written, named by key and column, never by position.

    key: the texts of the key columns, in the schema's order. column: the schema's name of the column.
    expected: the cell's text as the plan saw it ("" = empty); anything else there now means a person was faster.
    """

    schema: Schema
    key: tuple[str, ...]
    column: str
    expected: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class NewRow:
    """One row to be appended: values by the schema's column names; columns not named stay empty."""

    schema: Schema
    key: tuple[str, ...]
    values: tuple[tuple[str, CellValue], ...]


class Wrote(StrEnum):
    """How writing one cell or row ended."""

    WRITTEN = "written"
    ALREADY = "already"  # the wanted value (or the row with this key) was there before
    TAKEN = "taken"  # the cell no longer holds what the plan saw: a person's edit wins
    GONE = "gone"  # no row with this key, or the key occurs twice
    REFUSED = "refused"  # can't be done safely: formula, protected cell, structure not understood


@dataclass(frozen=True, slots=True)
class Written:
    """The outcome for one CellChange or NewRow: texts as a reader of the workbook delivers them."""

    outcome: Wrote
    before: str = ""
    after: str = ""
    detail: str = ""


class Workbook(Protocol):
    """A workbook of one kind. `read` never raises for a missing tab; all raise WorkbookError for the whole."""

    def read(self, wanted: Sequence[Schema]) -> Reading:
        """Read the tabs of these tables, all in one go, as text."""

    def sheets(self) -> Sequence[Sheet]:
        """Read every tab there is (for looking at an unknown workbook)."""

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        """Write cells, verified by key and expected text before and by reading after; one outcome a change."""

    def append(self, rows: Sequence[NewRow]) -> Sequence[Written]:
        """Append rows at the end of their tables' data; one outcome a row; a key already there is ALREADY."""


class Mailer(Protocol):
    """Sends one message over one account.

    Raises DeliveryError (permanent or not) when it was certainly not taken, DeliveryUncertain when it may have been.
    """

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Hand over the message to one recipient; return the server's answer."""

    def close(self) -> None:
        """Leave the server politely; never raises."""


class Dispatcher(Protocol):
    """Gets ids to where they are worked on; what is queued are ids only, so a lost hint loses nothing."""

    def tick(self, workbook: str) -> None:
        """Ask for a tick of one workbook."""

    def deliver(self, delivery: str) -> None:
        """Ask for one delivery, by its id."""
