"""How does a file read once its slips are mended, and where did each character of it stand?"""

from collections.abc import Sequence
from dataclasses import dataclass

from rowcall.errors import Place, Severity
from rowcall.language.notes import Notes

MOST_FINDINGS = 200
"""After so many mistakes reading stops: the file is something else."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake in a line; mended: the number of the line whose mended text is the suggestion, or -1."""

    line: int
    column: int
    what: str
    fix: str
    severity: Severity
    mended: int
    suggestion: str


class TooManyMistakes(Exception):
    """The file holds more mistakes than anybody wants to read."""


class Draft:
    """The lines of a file while they are mended; lines and positions count from 0."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = list(lines)
        self._columns: dict[int, list[int]] = {}
        self._findings: list[Finding] = []
        self._silent: set[int] = set()

    def splice(self, line: int, start: int, end: int, new: str) -> None:
        """Replace a piece of a line; marks behind it still lead to where they stood in the file."""
        old = self.lines[line]
        columns = self._columns.setdefault(line, list(range(len(old) + 1)))
        at = columns[min(start, len(columns) - 1)]
        columns[start:end] = [at + min(step, max(end - start - 1, 0)) for step in range(len(new))]
        self.lines[line] = old[:start] + new + old[end:]

    def drop(self, line: int) -> None:
        """Leave a line out of what is read."""
        self.splice(line, 0, len(self.lines[line]), "")

    def column(self, line: int, position: int) -> int:
        """Return where in the file a character of the mended line stood."""
        columns = self._columns.get(line)
        return position if columns is None else columns[min(position, len(columns) - 1)]

    def note(
        self,
        line: int,
        position: int,
        what: str,
        *,
        fix: str = "",
        severity: Severity = Severity.ERROR,
        mended: int | None = None,
        suggestion: str = "",
    ) -> None:
        """Note a mistake at a position of the mended line.

        mended: the line whose text after all mending is the suggestion (default: this line; -1: none).
        """
        if len(self._findings) >= MOST_FINDINGS:
            raise TooManyMistakes
        column = self.column(line, position)
        target = line if mended is None else mended
        self._findings.append(Finding(line, column, what, fix, severity, target, suggestion))

    def silence(self, line: int) -> None:
        """Keep quiet about a line from now on: what is said of it later only follows from its mistake."""
        self._silent.add(line)

    def hand_over(self, notes: Notes) -> None:
        """Put all findings into the notes, each with the line as it reads when everything is mended."""
        for found in self._findings:
            suggestion = found.suggestion or (self.lines[found.mended].rstrip() if found.mended >= 0 else "")
            place: Place = notes.place(found.line + 1, found.column + 1)
            notes.mistake(place, found.what, suggestion=suggestion, fix=found.fix, severity=found.severity)
        for line in self._silent:
            notes.silence(line + 1)
