"""What can go wrong, where, and what to do about it?

RowcallError
├── UsageError                the command was called wrongly (exit 2)
├── MistakesError             the shop's own files hold mistakes; carries every Problem (exit 1)
├── WorkbookError             a workbook can't be read or written; `permanent` says whether to try again
│   ├── WorkbookBusy          open elsewhere, or changed meanwhile: try again later
│   └── WriteRefused          the change can't be made without risk to the file: never try again
├── DeliveryError             an effect failed; `permanent` says whether to try again
│   └── DeliveryUncertain     the effect may or may not have happened
├── CalendarError             a calendar has no working time there, or can't count that far (rowcall.calendar)
├── TemplateError             a mail's text can't be made: permanent
└── StateError                the state (database) can't be used
    ├── StateBusy             another process writes to it for too long: try again
    └── StateConflict         it changed since the plan was made: plan again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error stops its rule, a warning does not, a note is only told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a spot in a file (line and column count from 1) or a cell of a table.

    Fields that do not apply are "" or 0.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    table: str = ""
    header: str = ""
    key: str = ""

    def __str__(self) -> str:
        if self.file:
            numbers = [str(number) for number in (self.line, self.column) if number]
            return ":".join([self.file, *numbers])
        cell = "!".join(part for part in (self.table, self.header) if part)
        return f"{cell}, row {self.key}" if self.key else cell


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, told to the person who can mend it.

    what: a whole sentence that contains the value seen and what would be accepted.
    fix: the remedy as a sentence, or "".
    suggestion: the corrected line or word, ready to copy, or "".
    excerpt: the line of the file as it stands, or "".
    """

    place: Place
    what: str
    fix: str = ""
    suggestion: str = ""
    severity: Severity = Severity.ERROR
    excerpt: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if str(self.place) else ""
        hint = f" → {self.suggestion}" if self.suggestion else f" ({self.fix})" if self.fix else ""
        return f"{where}{self.what}{hint}"


class RowcallError(Exception):
    """Every error that Rowcall raises on purpose; its text is written for the user."""


class UsageError(RowcallError):
    """The command was called with words or options that do not fit."""


class MistakesError(RowcallError):
    """The shop's files hold mistakes; all of them together, never only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class WorkbookError(RowcallError):
    """A workbook can't be read or written."""

    def __init__(self, message: str, *, permanent: bool = False, fix: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.fix = fix


class WorkbookBusy(WorkbookError):
    """The workbook is open elsewhere or was changed meanwhile; nothing was written."""


class WriteRefused(WorkbookError):
    """The change can't be made without risk to the file; nothing was written."""

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message, permanent=True, fix=fix)


class DeliveryError(RowcallError):
    """An effect failed and certainly did not happen."""

    def __init__(self, message: str, *, permanent: bool = False, fix: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.fix = fix


class DeliveryUncertain(DeliveryError):
    """The connection broke at a moment when the effect may already have happened."""


class TemplateError(RowcallError):
    """A text or template can't be rendered; its message names file and line."""


class StateError(RowcallError):
    """The state can't be opened, is damaged, or belongs to a newer version."""


class StateBusy(StateError):
    """Another process is writing to the state and did not finish in time; nothing was changed."""


class StateConflict(StateError):
    """The state changed since the plan was made; nothing of the plan was committed."""
