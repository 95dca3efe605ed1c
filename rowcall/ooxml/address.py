"""Which cells does an address like `B7` or `A1:D20` mean?

Rows and columns count from 1, as in the file.
"""

import re
from dataclasses import dataclass
from functools import cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, corners included."""

    top: int
    left: int
    bottom: int
    right: int

    def __contains__(self, cell: tuple[int, int]) -> bool:
        return self.top <= cell[0] <= self.bottom and self.left <= cell[1] <= self.right

    def __str__(self) -> str:
        first = f"{letters(self.left)}{self.top}"
        last = f"{letters(self.right)}{self.bottom}"
        return first if first == last else f"{first}:{last}"

    def meets(self, other: "Area") -> bool:
        """Tell whether the two rectangles share a cell."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )


@cache
def letters(column: int) -> str:
    """Return the letters of a column: 1 → A, 28 → AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def column_number(text: str) -> int:
    """Return the number of a column's letters: A → 1, AB → 28."""
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_cell(text: str) -> tuple[int, int]:
    """Return (row, column) of `B7`; raises ValueError for anything else."""
    found = _CELL.fullmatch(text)
    if found is None:
        raise ValueError(f"not a cell: {text!r}")
    return int(found[2]), column_number(found[1])


def parse_area(text: str) -> Area:
    """Return the rectangle of `A1:D20`, `B7`, `A:C` or `2:3`; raises ValueError for anything else."""
    first, _, last = text.replace("$", "").partition(":")
    last = last or first
    if first.isalpha() and last.isalpha():
        return Area(1, column_number(first), LAST_ROW, column_number(last))
    if first.isdigit() and last.isdigit():
        return Area(int(first), 1, int(last), LAST_COLUMN)
    (top, left), (bottom, right) = parse_cell(first), parse_cell(last)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def parse_areas(text: str) -> tuple[Area, ...]:
    """Return the rectangles of a list with blanks between, as `sqref` holds it."""
    return tuple(parse_area(part) for part in text.split())
