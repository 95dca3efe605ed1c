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
    book = _book(content)
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


def changed_cells(before: bytes, after: bytes, schemas: Iterable[Schema]) -> tuple[ChangedCell, ...]:
    """Return the cells that differ between two versions of a workbook, in the order of the tables."""
    touched = [schema for schema in schemas if _part(before, schema) != _part(after, schema)]
    old, new = read_cells(before, touched), read_cells(after, touched)
    return tuple(
        ChangedCell(*place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*old, *new])
        if old.get(place, "") != new.get(place, "")
    )


def _part(content: bytes, schema: Schema) -> bytes:
    """Return a tab as it is stored: what is the same there holds the same cells."""
    book = _book(content)
    return book.archive.read(next(tab.part for tab in book.tabs if tab.name == schema.sheet))


def _book(content: bytes) -> Book:
    return Book(Archive(content, "shop.xlsx"), "shop.xlsx")
