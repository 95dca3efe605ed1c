"""What are the pieces of a formula, before anybody asks what its names mean?"""

from dataclasses import dataclass
from enum import StrEnum


class Piece(StrEnum):
    """What a piece of a formula is."""

    NUMBER = "number"
    TEXT = "text"
    FLAG = "flag"
    COLUMN = "column"
    RANGE = "range"
    CALL = "call"
    OPERATOR = "operator"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Raw:
    """A piece with the characters `at` to `end` of the formula as written; both count from 0.

    text: the text of a constant, a column's name, a function's name in capitals, or an operator.
    table: of a range. depth: how many pieces stand inside each other here.
    """

    piece: Piece
    text: str
    at: int
    end: int
    parts: tuple["Raw", ...] = ()
    table: str = ""
    depth: int = 1


@dataclass(frozen=True, slots=True)
class FormulaMistake:
    """One thing wrong in a formula, at the characters `at` to `end` of its text, counted from 0.

    suggestion: the whole formula as it was probably meant, or "".
    """

    at: int
    end: int
    what: str
    suggestion: str = ""
    fix: str = ""


class MistakenFormula(Exception):
    """A formula can't be understood; it carries every mistake found. It never leaves this floor."""

    def __init__(self, mistakes: tuple[FormulaMistake, ...]) -> None:
        super().__init__("\n".join(mistake.what for mistake in mistakes))
        self.mistakes = mistakes
