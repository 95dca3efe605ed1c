"""Where in a tab are its table's header, columns, keyed rows and end?

Reading and writing ask the same functions, so both see the same table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from rowcall.headers import find_columns
from rowcall.numbers import BLANKS
from rowcall.ooxml.address import Area
from rowcall.ooxml.book import Book, ListTable, Tab
from rowcall.ooxml.guard import Guard
from rowcall.ooxml.keys import Keys, joined, keys_of, read_keys
from rowcall.ooxml.sheet import Cell, SheetXml
from rowcall.ooxml.text import CellReader
from rowcall.table import Schema, Sheet

_TITLES = 10
Line = tuple[int, Sequence[str | None]]
ViewPlace = tuple[int, str, tuple[str, ...]]
"""Position of the tab, table, key columns."""


def find_tab(tabs: Sequence[Tab], wanted: str) -> Tab | None:
    """Return the tab of that name: exact, else trimmed, else without regard to case (when only one fits)."""
    grids = [tab for tab in tabs if tab.is_grid]
    for fold in (str, str.strip, lambda name: name.strip().casefold()):
        found = [tab for tab in grids if fold(tab.name) == fold(wanted)]
        if len(found) == 1:
            return found[0]
    return None


def find_header(lines: Iterable[Line], schema: Schema | None) -> Line | None:
    """Return the header among a tab's lines: the first with all key columns, else the first not blank.

    Titles above the table are thus passed over; only the first ten filled lines count.
    """
    filled: list[Line] = []
    for line in lines:
        if any(text and text.strip(BLANKS) for text in line[1]):
            filled.append(line)
            if schema is None or not schema.key or _has_keys(schema, line[1]):
                return line
        if len(filled) == _TITLES:
            break
    return filled[0] if filled else None


def header_columns(schema: Schema, header: Sequence[str]) -> dict[str, int]:
    """Return the schema's column name → position counted from 0."""
    blank = pl.DataFrame(schema={str(number): pl.String for number in range(len(header))})
    return find_columns(schema, Sheet(schema.sheet, tuple(header), blank))[0]


def _has_keys(schema: Schema, texts: Sequence[str | None]) -> bool:
    columns = header_columns(schema, [text or "" for text in texts])
    return all(name in columns for name in schema.key)


@dataclass(frozen=True, slots=True)
class TabReading:
    """A tab's texts as they were read: the rows begin below the one called `header`, the columns at `left`."""

    sheet: Sheet
    header: int
    left: int


@dataclass(frozen=True)
class TabView:
    """One tab as its table's schema sees it. number: the tab's position in the workbook.

    known_keys, read: what is known of these very bytes already.
    """

    book: Book
    number: int
    tab: Tab
    sheet: SheetXml
    schema: Schema
    known_keys: Keys | None = None
    read: TabReading | None = None

    @cached_property
    def reader(self) -> CellReader:
        """Return what turns the tab's cells into texts."""
        return CellReader(self.book.strings, self.book.styles, self.book.since_1904, self.sheet.prefix)

    @cached_property
    def guard(self) -> Guard:
        """Return what knows which cells must not be written."""
        return Guard(self.sheet, self.book.styles)

    @cached_property
    def header(self) -> tuple[int, tuple[str, ...]]:
        """Return the row of the header and its texts from column A on; (0, ()) for an empty tab."""
        found = find_header(((row.number, self._texts(row.number)) for row in self.sheet.rows), self.schema)
        return (found[0], tuple(text or "" for text in found[1])) if found else (0, ())

    @cached_property
    def columns(self) -> dict[str, int]:
        """Return the schema's column name → column of the sheet, counted from 1."""
        return {name: position + 1 for name, position in header_columns(self.schema, self.header[1]).items()}

    @cached_property
    def tables(self) -> tuple[ListTable, ...]:
        """Return the tables (ListObjects) on the tab."""
        return self.book.tables(self.tab)

    @cached_property
    def table(self) -> ListTable | None:
        """Return the ListObject whose header is ours."""
        at = self.header[0], min(self.columns.values(), default=0)
        return next((t for t in self.tables if t.header_rows and t.area.top == at[0] and at in t.area), None)

    @cached_property
    def data(self) -> Area:
        """Return the range of header and data."""
        top, texts = self.header
        filled = [number for number, text in enumerate(texts, 1) if text.strip(BLANKS)]
        left, right = (filled[0], filled[-1]) if filled else (1, 1)
        last = top
        for row in self.sheet.rows_upwards():
            if row.number <= top:
                break
            cells = self.sheet.cells(row)
            if any(left <= cell.column <= right and self.reader.text(cell).strip(BLANKS) for cell in cells):
                last = row.number
                break
        if self.table is not None:
            area = self.table.area
            return Area(top, area.left, self._last_in_table(area), area.right)
        return Area(top, left, last, right)

    def rows_with(self, key: tuple[str, ...]) -> list[int]:
        """Return the rows that carry a key."""
        return self.keys.rows(key)

    def key_of(self, texts: Mapping[int, str]) -> str:
        """Return the key of a row, as `keys` has it, from its texts by column."""
        return joined([texts.get(self.columns[name], "") for name in self.schema.key])

    def cell(self, row: int, column: int) -> Cell | None:
        """Return a cell, or None when it does not exist yet."""
        return self.sheet.cell(row, column)

    def text(self, row: int, column: int) -> str:
        """Return a cell's text; blanks alone are an empty cell."""
        cell = self.cell(row, column)
        text = self.reader.text(cell) if cell else ""
        return text if text.strip(BLANKS) else ""

    def style(self, row: int, column: int) -> int:
        """Return the number of a cell's format, whether the cell exists or not."""
        cell = self.cell(row, column)
        return cell.style if cell else self.sheet.default_style(row, column)

    @cached_property
    def keys(self) -> Keys:
        """Return where the keys stand."""
        if self.known_keys is not None:
            return self.known_keys
        columns = [self.columns[name] for name in self.schema.key]
        if self.read is not None and self.read.header == self.header[0]:
            return keys_of(self.read.sheet.cells, self.read.header, [one - self.read.left for one in columns])
        return read_keys(self.sheet, columns, self.header[0], self.reader)

    def _last_in_table(self, area: Area) -> int:
        for number in range(area.bottom, area.top, -1):
            if any(self.text(number, column) for column in range(area.left, area.right + 1)):
                return number
        return area.top

    def _texts(self, number: int) -> list[str]:
        row = self.sheet.row(number)
        cells = self.sheet.cells(row) if row else []
        texts = [""] * max((cell.column for cell in cells), default=0)
        for cell in cells:
            texts[cell.column - 1] = self.reader.text(cell)
        return texts
