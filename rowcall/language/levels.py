"""In which column do the lines of a file stand, and which column was meant by one that fits none?"""

from collections.abc import Sequence
from dataclasses import dataclass

from rowcall.language.behind import Sort


@dataclass(frozen=True, slots=True)
class Level:
    """Lines that begin in one column; dashes: they are the lines of a list; line: the first of them."""

    column: int
    dashes: bool
    line: int


@dataclass(frozen=True, slots=True)
class Last:
    """The part before: where its name or dash stands, where its value, and of what sort that is.

    bare: a text of a list, without a name before it.
    """

    line: int
    column: int
    value_at: int
    sort: Sort
    bare: bool = False
    dash: bool = False


def indent_of(text: str) -> int:
    """Return by how many blanks a line is indented."""
    return len(text) - len(text.lstrip())


def nearest_level(
    column: int, above: Sequence[Level], popped: Sequence[Level], *, dash: bool
) -> Level | None:
    """Return the level that a line of its kind in that column surely belongs to, or None.

    above: the levels that are still open, outermost first; popped: those deeper than the line, deepest first.
    """
    near = [level for level in [*popped[-1:], *above[-1:]] if level.dashes == dash]
    fitting = near or [level for level in [*reversed(popped), *reversed(above)] if level.dashes == dash]
    return min(fitting, key=lambda level: (abs(level.column - column), -level.column), default=None)


def blanks(count: int) -> str:
    """Return a number of blanks in words."""
    return {0: "no blanks", 1: "1 blank"}.get(count, f"{count} blanks")
