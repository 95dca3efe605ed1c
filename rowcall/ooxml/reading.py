"""What does a tab hold, as the text of its header and of the rows below?"""

from collections.abc import Iterator
from itertools import islice

import fastexcel

from rowcall.errors import WorkbookError
from rowcall.ooxml.book import Book, Tab
from rowcall.ooxml.grid import Grid, read_grid
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.text import CellReader
from rowcall.ooxml.view import Line, find_header
from rowcall.table import Schema, Sheet

_FORMULAS_KNOWN = 20_000
_LINES_AT_ONCE = 200


def open_excel(content: bytes, name: str) -> fastexcel.ExcelReader:
    """Return fastexcel's reader over the bytes of a workbook; raises WorkbookError."""
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        raise WorkbookError(
            f"{name} can't be read as an Excel workbook.", fix="Open it in Excel and save it again."
        ) from error


def read_tab(book: Book, excel: fastexcel.ExcelReader, tab: Tab, schema: Schema | None) -> Sheet:
    """Return a tab's header and rows; formulas are named up to a number that costs no time."""
    sheet = SheetXml(book.archive.read(tab.part))
    reader = CellReader(book.strings, book.styles, book.since_1904, sheet.prefix)
    grid = read_grid(excel, tab.name, sheet, reader)
    header = find_header(_lines(grid), schema)
    if header is None:
        return Sheet(tab.name, (), grid.texts.clear())
    top, texts = header
    cells = grid.texts.slice(top - grid.top + 1)
    formulas = frozenset(
        (cell.row - top - 1, cell.column - grid.left)
        for cell in islice(sheet.formulas(), _FORMULAS_KNOWN)
        if cell.row > top and 0 <= cell.column - grid.left < grid.texts.width
    )
    return Sheet(tab.name, tuple(text or "" for text in texts), cells, formulas)


def _lines(grid: Grid) -> Iterator[Line]:
    for start in range(0, grid.texts.height, _LINES_AT_ONCE):
        for step, texts in enumerate(grid.texts.slice(start, _LINES_AT_ONCE).rows()):
            yield grid.top + start + step, texts
