"""What has been found wrong in one formula so far?"""

from dataclasses import dataclass, field
from typing import Protocol

from rowcall.language.formula.raw import FormulaMistake


class Spot(Protocol):
    """A part of the formula: characters `at` to `end`, counted from 0."""

    @property
    def at(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """The character behind the last."""


@dataclass(slots=True)
class Findings:
    """Collects the mistakes of one formula."""

    text: str
    mistakes: list[FormulaMistake] = field(default_factory=list)

    def add(self, spot: Spot, what: str, meant: str = "", fix: str = "") -> None:
        """Note a mistake; meant: what should stand in place of that part."""
        self.at(spot.at, spot.end, what, meant, fix)

    def at(self, at: int, end: int, what: str, meant: str = "", fix: str = "") -> None:
        """Note a mistake at some characters."""
        suggestion = self.text[:at] + meant + self.text[end:] if meant else ""
        self.mistakes.append(FormulaMistake(at, end, what, suggestion, fix))

    def written(self, spot: Spot) -> str:
        """Return a part as it is written."""
        return self.text[spot.at : spot.end]
