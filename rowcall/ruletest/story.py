"""What does one test of a rule say, once it is understood?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rowcall.errors import Place


@dataclass(frozen=True, slots=True)
class Change:
    """A person types into cells of one row."""

    table: str
    key: str
    cells: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Add:
    """A person adds a row."""

    table: str
    cells: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Delete:
    """A person deletes a row."""

    table: str
    key: str
    place: Place


@dataclass(frozen=True, slots=True)
class Sort:
    """A person sorts a table by a column."""

    table: str
    column: str
    descending: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Pressed:
    """Somebody presses a button in the mail about a row; rate, comment: what was chosen and written beside it."""

    button: str
    key: str
    place: Place
    rate: str = ""
    comment: str = ""


Edit = Change | Add | Delete | Sort | Pressed


@dataclass(frozen=True, slots=True)
class ExpectedMail:
    """One mail that must go out; what is left out may be anything.

    to, cc: people, roles or addresses. contains: pieces of the subject. says: pieces of the text. keys: its rows.
    """

    place: Place
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] | None = None
    subject: str | None = None
    contains: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    attachments: tuple[str, ...] | None = None
    keys: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExpectedCell:
    """What must stand in a cell."""

    table: str
    key: str
    column: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A row that must have been added, with at least these cells; table "" = whichever the rule adds to."""

    table: str
    cells: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Expected:
    """Everything that must have happened since the last step that expected something; no part = nothing.

    held: how many rows must be held, 0 = any number, None = none. problems: pieces of their words.
    """

    place: Place
    mails: tuple[ExpectedMail, ...] = ()
    cells: tuple[ExpectedCell, ...] = ()
    rows: tuple[ExpectedRow, ...] = ()
    held: int | None = None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What people do at a moment (UTC), and what must have happened by then; expected None = nothing is said."""

    at: datetime
    place: Place
    edits: tuple[Edit, ...] = ()
    restart: bool = False
    expected: Expected | None = None


@dataclass(frozen=True, slots=True)
class Test:
    """One test: where it stands, the tables as they are at the start, and its steps.

    first_run: rows of the tables are there before the rule first looks. settle: 0 = a new row counts at once.
    """

    __test__ = False  # no test of the engine's own suite

    title: str
    rule: str
    place: Place
    start: datetime
    tables: Mapping[str, tuple[Mapping[str, str], ...]]
    steps: tuple[Step, ...]
    settings: Mapping[str, str] = field(default_factory=dict)
    first_run: bool = False
    settle: timedelta = timedelta(0)
