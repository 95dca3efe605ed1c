"""What stands in a workbook file, cell by cell, and which cells differ between two versions of it?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rowcall.ooxml.archive import Archive
from rowcall.ooxml.book import Book
from rowcall.ooxml.reading import open_excel, read_tab
from rowcall.table import Schema, clean_header

Cells = Mapping[tuple[str, str, str], str]
"""Table, key and column of a cell → its text."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that holds something else than before; "" = empty."""

    table: str
    key: str
    column: str
    before: str
    after: str


def read_cells(content: bytes, schemas: Iterable[Schema]) -> Cells:
    """Return the filled cells of the tables with one key column, from the bytes of a workbook."""
    book = Book(Archive(content, "shop.xlsx"), "shop.xlsx")
    excel = open_excel(content, "shop.xlsx")
    tabs = {tab.name: tab for tab in book.tabs}
    cells: dict[tuple[str, str, str], str] = {}
    for schema in schemas:
        sheet = read_tab(book, excel, tabs[schema.sheet], schema)
        headers = [clean_header(header) for header in sheet.header]
        key = headers.index(schema.key[0])
        for row in sheet.cells.iter_rows():  # a sample of some dozens of rows
            for header, text in zip(headers, row, strict=False):
                if row[key] and text:
                    cells[schema.table, row[key], header] = text
    return cells


def changed_cells(before: Cells, after: Cells) -> tuple[ChangedCell, ...]:
    """Return the cells that differ, in the order of the tables."""
    places = dict.fromkeys([*before, *after])
    return tuple(
        ChangedCell(*place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place, "") != after.get(place, "")
    )
