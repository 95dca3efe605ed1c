"""What does a tab hold, as the text of its header and of the rows below?"""

from collections.abc import Iterator

from rowcall.ooxml.book import Book, Tab
from rowcall.ooxml.grid import Grid, read_grid
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.text import CellReader
from rowcall.ooxml.view import Line, TabReading, find_header
from rowcall.table import Schema, Sheet

_LINES_AT_ONCE = 200


def read_tab(book: Book, tab: Tab, schema: Schema | None) -> TabReading:
    """Return a tab's header and rows, and where they stand."""
    sheet = SheetXml(book.archive.read(tab.part))
    grid = read_grid(sheet, CellReader(book.strings, book.styles, book.since_1904, sheet.prefix))
    header = find_header(_lines(grid), schema)
    if header is None:
        return TabReading(Sheet(tab.name, (), grid.texts.clear()), 0, 1)
    top, texts = header
    cells = grid.texts.slice(top - grid.top + 1)
    formulas = frozenset(
        (row - top - 1, column - grid.left)
        for row, column in grid.formulas
        if row > top and 0 <= column - grid.left < grid.texts.width
    )
    found = Sheet(tab.name, tuple(text or "" for text in texts), cells, formulas)
    return TabReading(found, top, grid.left)


def _lines(grid: Grid) -> Iterator[Line]:
    for start in range(0, grid.texts.height, _LINES_AT_ONCE):
        for step, texts in enumerate(grid.texts.slice(start, _LINES_AT_ONCE).rows()):
            yield grid.top + start + step, texts
