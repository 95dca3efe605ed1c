"""How does a reader of a piece of text say that it does not understand it?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from rowcall.errors import Place, Severity
from rowcall.language.notes import Notes

T = TypeVar("T")


class Mistaken(Exception):
    """A piece of text says nothing that may stand there; suggestion: the text as it should be."""

    def __init__(self, what: str, suggestion: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.suggestion = suggestion
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Hint:
    """Something understood that may be meant otherwise; suggestion: the text for the other meaning."""

    what: str
    suggestion: str = ""
    severity: Severity = Severity.WARNING


Hints = list[Hint]


def note_mistakes(notes: Notes, place: Place, seen: str, read: Callable[[Hints], T]) -> T | None:
    """Return what `read` makes of the text `seen`, or None with its mistake noted; note its hints."""
    hints: Hints = []
    try:
        value = read(hints)
    except Mistaken as mistaken:
        suggestion = notes.corrected(place, seen, mistaken.suggestion) if mistaken.suggestion else ""
        notes.mistake(place, mistaken.what, suggestion=suggestion, fix=mistaken.fix)
        return None
    for hint in hints:
        suggestion = notes.corrected(place, seen, hint.suggestion) if hint.suggestion else ""
        notes.mistake(place, hint.what, suggestion=suggestion, severity=hint.severity)
    return value
