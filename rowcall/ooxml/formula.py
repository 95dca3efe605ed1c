"""Which cells does a formula read?

What can't be told from its text (INDIRECT, OFFSET, computed ranges, unknown names) counts as reading
everything: a result is rather called unknown once too often than believed once too often.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from rowcall.ooxml.address import LAST_COLUMN, LAST_ROW, Area, column_number

_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_AREA = rf"{_CELL}:{_CELL}|{_CELL}|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}"
_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"]|"")*")
    |(?P<sheet>(?:'(?:[^']|'')+'|(?:\[\d+\])?[^\s'"!()+\-*/^&=<>,;:{}\[\]]+(?::[^\s'"!()+\-*/^&=<>,;:{}\[\]]+)?
        |\[\d+\])!)
    |(?P<error>\#[A-Za-z0-9/]+[!?]?)
    |(?P<area>(?:"""
    + _AREA.replace("#", r"\#")
    + r""")(?![\w.(!\[]))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
    |(?P<function>[^\W\d][\w.]*\()
    |(?P<table>(?:[^\W\d][\w.\\]*)?\[)
    |(?P<name>[^\W\d][\w.\\?]*|\\[\w.\\?]*)
    |(?P<space>\s+)
    |(?P<range>:)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_CORNER = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_UNBOUND = frozenset(
    {"INDIRECT", "OFFSET", "EVALUATE", "_XLFN.ANCHORARRAY", "ANCHORARRAY", "CALL", "REGISTER.ID"}
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A rectangle that a formula names; tab "" = its own. Corners marked relative move with the formula."""

    tab: str
    area: Area
    moves: tuple[bool, bool, bool, bool] = (False, False, False, False)

    def moved(self, rows: int, columns: int) -> Area:
        """Return the rectangle for a formula that was filled so many rows down and columns right."""
        if not rows and not columns:
            return self.area
        area, moves = self.area, self.moves
        top, bottom = area.top + rows * moves[0], area.bottom + rows * moves[2]
        left, right = area.left + columns * moves[1], area.right + columns * moves[3]
        return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


@dataclass(frozen=True, slots=True)
class Structured:
    """A reference into a table: its name ("" = the one around it), columns, and whether its row only."""

    table: str
    columns: tuple[str, ...]
    this_row: bool


@dataclass(frozen=True, slots=True)
class Reads:
    """All that a formula names."""

    references: tuple[Reference, ...] = ()
    structured: tuple[Structured, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    everything: bool = False

    @property
    def is_fixed(self) -> bool:
        """Tell whether the formula means the same in every row of its column."""
        return not self.everything and not any(any(reference.moves) for reference in self.references)


def read_formula(formula: str) -> Reads:
    """Return what a formula names; never raises."""
    references: list[Reference] = []
    structured: list[Structured] = []
    names: list[tuple[str, str]] = []
    everything = False
    tab: str | None = ""
    at = 0
    while at < len(formula):
        token = _TOKEN.match(formula, at)
        if token is None:
            return Reads(everything=True)
        at, kind, text = token.end(), token.lastgroup, token[0]
        if kind == "sheet":
            tab = _tab_name(text[:-1])
            continue
        if kind == "area" and tab is not None:
            references.append(_reference(tab, text))
        elif kind == "name" and tab is not None:
            names.append((tab, text))
        elif kind == "table":
            end = _closing(formula, at - 1)
            if end is None:
                return Reads(everything=True)
            structured.append(_structured(text[:-1], formula[at:end]))
            at = end + 1
        everything |= kind == "range" or (kind == "function" and text[:-1].upper() in _UNBOUND)
        tab = ""
    return Reads(tuple(references), tuple(structured), tuple(names), everything)


def map_references(formula: str, change: Callable[[str], str]) -> str:
    """Return the formula with every cell address run through a function."""
    return _TOKEN.sub(lambda token: change(token[0]) if token.lastgroup == "area" else token[0], formula)


def _tab_name(text: str) -> str | None:
    """Return the tab (or `First:Last`) that a qualifier names; None for another file."""
    name = text[1:-1].replace("''", "'") if text.startswith("'") else text
    if name.startswith("[0]"):
        return name[3:]
    return None if "[" in name else name


def _reference(tab: str, text: str) -> Reference:
    first, _, last = text.partition(":")
    one, two = _CORNER.fullmatch(first), _CORNER.fullmatch(last or first)
    if one is None or two is None:
        return Reference(tab, Area(1, 1, LAST_ROW, LAST_COLUMN))
    if not one[2]:  # whole rows: $1:2 puts its mark where a column's would be
        return Reference(
            tab, Area(int(one[4]), 1, int(two[4]), LAST_COLUMN), (not one[1], False, not two[1], False)
        )
    columns = column_number(one[2]), column_number(two[2])
    if not one[4]:
        return Reference(
            tab, Area(1, columns[0], LAST_ROW, columns[1]), (False, not one[1], False, not two[1])
        )
    area = Area(int(one[4]), columns[0], int(two[4]), columns[1])
    return Reference(tab, area, (not one[3], not one[1], not two[3], not two[1]))


def _closing(formula: str, opened: int) -> int | None:
    """Return where the bracket closes; an apostrophe in it protects the next letter."""
    depth, at = 0, opened
    while at < len(formula):
        letter = formula[at]
        if letter == "'":
            at += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if not depth:
                return at
        at += 1
    return None


def _structured(table: str, inner: str) -> Structured:
    this_row = inner.startswith("@") or "#This Row" in inner
    parts = re.findall(r"\[((?:[^\[\]']|'.)*)\]", inner) or [inner]
    columns = tuple(
        re.sub(r"'(.)", r"\1", part.lstrip("@")) for part in parts if part and not part.startswith("#")
    )
    if ":" in re.sub(r"\[(?:[^\[\]']|'.)*\]", "", inner):
        columns = ()  # a span of columns: taken as all
    return Structured(table, columns, this_row)
