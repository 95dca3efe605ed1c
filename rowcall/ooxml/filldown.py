"""Which formulas does a new row below a plain range continue, as a spreadsheet program does for a person?

A column counts as computed when the last row's formula is the one above it moved down by a row.
"""

import re

from rowcall.ooxml.formula import map_references
from rowcall.ooxml.markup import attribute, elements, unescape
from rowcall.ooxml.sheet import Cell, SheetXml

_CORNER = re.compile(r"(\$?[A-Za-z]{0,3})(\$?)([0-9]+)")


def continued(sheet: SheetXml, last: int, first: int, rows: int) -> tuple[dict[int, str], list[int]]:
    """Return the formulas for the row so many rows below the last one, by column, and columns in doubt.

    In doubt is a column whose last two cells hold formulas that differ, or one of an unusual kind.
    """
    formulas: dict[int, str] = {}
    doubts: list[int] = []
    span = sheet.row(last)
    for cell in sheet.cells(span) if span else ():
        if not cell.has_formula:
            continue
        text = formula_of(sheet, cell)
        above = sheet.cell(last - 1, cell.column) if last > first else None
        model = formula_of(sheet, above) if above and above.has_formula else None
        if text is None or (last > first and (model is None or moved_down(model, 1) != text)):
            doubts.append(cell.column)
        else:
            formulas[cell.column] = moved_down(text, rows)
    return formulas, doubts


def formula_of(sheet: SheetXml, cell: Cell) -> str | None:
    """Return a cell's formula, also one that it shares with others; None for arrays and data tables."""
    found = elements(cell.content, sheet.prefix, b"f")[0]
    text = unescape(cell.content[found.content_start : found.content_end])
    kind, index = attribute(found.tag, "t") or "normal", attribute(found.tag, "si")
    if kind == "normal" or (kind == "shared" and text):
        return text
    if kind != "shared":
        return None
    for _, row, column, tag, raw in sheet.formula_texts():
        if raw and attribute(tag, "si") == index and attribute(tag, "t") == "shared":
            return moved_down(unescape(raw), cell.row - row) if column == cell.column else None
    return None


def moved_down(formula: str, rows: int) -> str:
    """Return the formula as it reads so many rows further down: rows without a $ move along."""
    return map_references(formula, lambda area: _CORNER.sub(lambda corner: _moved(corner, rows), area))


def _moved(corner: re.Match[str], rows: int) -> str:
    column, fixed, row = corner.groups()
    if fixed or (column == "$"):  # whole rows: the $ of `$1:2` stands where a column's would
        return corner[0]
    return f"{column}{int(row) + rows}"
