"""What does a workbook's file look like after some cells and rows have changed?"""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from rowcall.ooxml.address import Area, letters
from rowcall.ooxml.book import Book, ListTable
from rowcall.ooxml.dependents import Spot, stale_cells
from rowcall.ooxml.grow import dimension, grown_table, growth
from rowcall.ooxml.markup import apply, attribute, elements, root_prefix, with_attribute
from rowcall.ooxml.patch import NewCell, SheetPatch, without_results
from rowcall.ooxml.sheet import SheetXml

# What may stand before calcPr in a workbook, ECMA-376 part 1, 18.2.27.
_BEFORE_CALC = (b"sheets", b"functionGroups", b"externalReferences", b"definedNames")


class Revision:
    """Collects changes to a workbook and makes the parts that differ; every other part stays as it is."""

    def __init__(self, book: Book, known: Mapping[int, SheetXml]) -> None:
        """Take a workbook, and the sheets of it that somebody has unpacked already."""
        self._book = book
        self._known = known
        self.after: dict[int, SheetXml] = {}
        self._patches: dict[int, SheetPatch] = defaultdict(SheetPatch)
        self._growth: dict[int, tuple[Area, int]] = {}
        self._grown_tables: dict[str, tuple[int, ListTable, int]] = {}

    @cached_property
    def sheets(self) -> dict[int, SheetXml]:
        """Return every grid by the position of its tab, as it was."""
        return {
            number: self._known.get(number) or SheetXml(self._book.archive.read(tab.part))
            for number, tab in enumerate(self._book.tabs)
            if tab.is_grid
        }

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to be changed."""
        return not any(patch.cells for patch in self._patches.values())

    def is_set(self, number: int, row: int, column: int) -> bool:
        """Tell whether this cell is to be written already."""
        return (row, column) in self._patches[number].cells

    def set_cell(self, number: int, row: int, column: int, cell: NewCell) -> None:
        """Write one cell of the tab at that position."""
        self._patches[number].cells[row, column] = cell

    def add_row(
        self, number: int, row: int, cells: Mapping[int, NewCell], data: Area, table: ListTable | None
    ) -> None:
        """Write a row below the data, in the look of the data's last row; ranges that ended there grow."""
        patch = self._patches[number]
        patch.like[row] = data.bottom
        for column, cell in cells.items():
            patch.cells[row, column] = cell
        self._growth[number] = data, row
        if table is not None and row > table.area.bottom:
            self._grown_tables[table.part] = number, table, row

    def parts(self) -> dict[str, bytes]:
        """Return the changed parts by name; `after` then holds all sheets as they will be."""
        parts: dict[str, bytes] = {}
        sheets = dict(self.sheets)
        for number, patch in self._patches.items():
            if patch.cells:
                sheets[number] = self._patched(number, patch)
        tables = self._tables_after(parts)
        has_formulas = any(sheet.has_formulas for sheet in sheets.values())
        if has_formulas:
            stale = stale_cells(self._book, sheets, tables, self.changed())
            for number, cells in stale.items():
                sheets[number] = SheetXml(without_results(sheets[number], cells), sheets[number])
            parts[self._book.part] = _with_full_calculation(self._book.xml, self._book.prefix)
            self._add_to_calc_chain(parts)
        for number, sheet in sheets.items():
            if sheet is not self.sheets[number] and sheet.xml != self.sheets[number].xml:
                parts[self._book.tabs[number].part] = sheet.xml
        self.after = sheets
        return parts

    def _patched(self, number: int, patch: SheetPatch) -> SheetXml:
        before = self.sheets[number]
        adds = any(cell.formula for cell in patch.cells.values())
        rows, columns = [row for row, _ in patch.cells], [column for _, column in patch.cells]
        written = Area(min(rows), min(columns), max(rows), max(columns))
        edits = [*patch.edits(before), *dimension(before, written)]
        if number in self._growth:
            edits += growth(before, *self._growth[number])
        return SheetXml(apply(before.xml, edits), before, adds_formulas=adds)

    def changed(self) -> set[Spot]:
        """Return the cells to be written."""
        return {(number, *place) for number, patch in self._patches.items() for place in patch.cells}

    def _tables_after(self, parts: dict[str, bytes]) -> dict[str, tuple[int, ListTable]]:
        """Return all tables by name as they will be; puts the parts of grown ones into `parts`."""
        found: dict[str, tuple[int, ListTable]] = {}
        for number, tab in enumerate(self._book.tabs):
            for table in self._book.tables(tab) if tab.is_grid else ():
                grown = self._grown_tables.get(table.part)
                after = table
                if grown is not None:
                    parts[table.part], after = grown_table(
                        self._book.archive.read(table.part), table, grown[2]
                    )
                found[table.name.lower()] = number, after
        return found

    def _add_to_calc_chain(self, parts: dict[str, bytes]) -> None:
        part = self._book.calc_chain
        added = [
            b'<c r="%s%d" i="%s"/>'
            % (letters(column).encode(), row, self._book.tabs[number].sheet_id.encode())
            for number, patch in self._patches.items()
            for (row, column), cell in patch.cells.items()
            if cell.formula
        ]
        if part is None or not added:
            return
        xml = self._book.archive.read(part)
        prefix = root_prefix(xml)
        end = xml.rindex(b"</" + prefix + b"calcChain")
        lines = b"".join(added).replace(b"<c ", b"<" + prefix + b"c ")
        parts[part] = apply(xml, [(end, end, lines)])


def _with_full_calculation(xml: bytes, prefix: bytes) -> bytes:
    """Return the workbook part that asks the next program to compute everything when it opens the file."""
    found = elements(xml, prefix, b"calcPr")
    if found:
        tag = found[0].tag
        if attribute(tag, "fullCalcOnLoad") in ("1", "true"):
            return xml
        return apply(
            xml, [(found[0].start, found[0].start + len(tag), with_attribute(tag, "fullCalcOnLoad", "1"))]
        )
    before = [block for name in _BEFORE_CALC for block in elements(xml, prefix, name)]
    at = max(block.end for block in before)
    return apply(xml, [(at, at, b'<%scalcPr fullCalcOnLoad="1"/>' % prefix)])
