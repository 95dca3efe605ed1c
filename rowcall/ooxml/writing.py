"""Which changes can be made to a workbook as its people left it, and what became of each?

Rows are found by key, cells are written only when they hold what was expected; what is uncertain is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from rowcall.numbers import BLANKS
from rowcall.ooxml.address import LAST_ROW, Area
from rowcall.ooxml.book import Book
from rowcall.ooxml.filldown import continued
from rowcall.ooxml.formula import read_formula
from rowcall.ooxml.keys import Keys
from rowcall.ooxml.look import fitting_style, fitting_value
from rowcall.ooxml.packing import Packed, pack
from rowcall.ooxml.patch import NewCell
from rowcall.ooxml.revision import Revision
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.value import Stored, Unstorable, store
from rowcall.ooxml.view import TabReading, TabView, ViewPlace, find_tab
from rowcall.table import CellValue, Schema, join_key

WRITTEN, ALREADY, TAKEN, GONE, REFUSED = "written", "already", "taken", "gone", "refused"


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell that was written, and the text that the next reading must deliver."""

    tab: int
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change."""

    how: str
    before: str = ""
    after: str = ""
    detail: str = ""
    spots: tuple[Spot, ...] = ()


class CantWrite(Exception):
    """The change is not possible; carries its outcome."""

    def __init__(self, how: str, detail: str, before: str = "") -> None:
        super().__init__(detail)
        self.outcome = Outcome(how, before, before, detail)


@dataclass(slots=True)
class _Appending:
    """Rows to be appended to one table so far."""

    keys: set[tuple[str, ...]] = field(default_factory=set)
    count: int = 0


@dataclass(slots=True)
class Known:
    """A workbook, and what was found out about it while it was written; good for a file with just these bytes.

    sheets: unpacked sheets by the position of their tab. keys: the rows of keys, by tab, table and key columns.
    packed: parts that were written and read back. read: tabs as they were read from these very bytes.
    """

    sha256: str
    book: Book
    sheets: dict[int, SheetXml] = field(default_factory=dict)
    keys: dict[ViewPlace, Keys] = field(default_factory=dict)
    packed: dict[str, Packed] = field(default_factory=dict)
    read: Mapping[ViewPlace, TabReading] = field(default_factory=dict)


class Writer:
    """Plans the changes of one batch against one reading of a workbook."""

    def __init__(self, known: Known, zone: ZoneInfo, language: str) -> None:
        self._book, self._zone, self._language = known.book, zone, language
        self._known = known
        self._revision = Revision(known.book, known.sheets)
        self._views: dict[ViewPlace, TabView] = {}
        self._appending: dict[int, _Appending] = {}
        self._added: dict[ViewPlace, dict[str, int]] = {}

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        return self._revision.is_empty

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """Return the parts of the file that change."""
        return self._revision.parts()

    @cached_property
    def packed(self) -> dict[str, Packed]:
        """Return the parts of the file that change, compressed."""
        return {part: pack(xml, self._known.packed.get(part)) for part, xml in self.parts.items()}

    def as_written(self, part: str, tab: int, xml: bytes) -> SheetXml:
        """Return a sheet read back; when it is byte for byte what was written, its order is known."""
        is_ours = self.parts.get(part) == xml
        return SheetXml(xml, self._revision.after[tab] if is_ours else None)

    def known_after(self, sha256: str, book: Book, echoed: dict[int, SheetXml]) -> Known:
        """Return what is known of the file that was written. echoed: the changed sheets as they were read back."""
        parts = self.parts
        tabs = enumerate(self._book.tabs)
        same = {number for number, tab in tabs if tab.is_grid and tab.part not in parts}
        sheets = {number: sheet for number, sheet in self._revision.sheets.items() if number in same} | echoed
        keys = {place: view.keys for place, view in self._views.items() if self._keeps_keys(place, view)}
        for place, rows in self._added.items():
            if place in keys:
                keys[place] = keys[place].with_rows(rows)
        return Known(sha256, book, sheets, keys, self._known.packed | book.archive.proven)

    def _keeps_keys(self, place: ViewPlace, view: TabView) -> bool:
        """Tell whether no key but those of the rows appended to this very table has changed."""
        columns = {view.columns.get(name, 0) for name in place[2]}
        own = set(self._added.get(place, {}).values())
        return not any(
            number == place[0] and column in columns and row not in own
            for number, row, column in self._revision.changed()
        )

    def write(
        self, schema: Schema, key: Sequence[str], column: str, expected: str, value: CellValue
    ) -> Outcome:
        """Plan to write one cell; the outcome says what will become of it."""
        try:
            return self._write(self._view(schema), tuple(key), column, expected, value)
        except CantWrite as stop:
            return stop.outcome

    def append(self, schema: Schema, key: Sequence[str], values: Sequence[tuple[str, CellValue]]) -> Outcome:
        """Plan to append one row; the outcome says what will become of it."""
        try:
            return self._append(self._view(schema), tuple(part.strip(BLANKS) for part in key), values)
        except CantWrite as stop:
            return stop.outcome

    def _view(self, schema: Schema) -> TabView:
        tab = find_tab(self._book.tabs, schema.sheet)
        if tab is None:
            raise CantWrite(REFUSED, f'there is no tab "{schema.sheet}" any more')
        number = self._book.tabs.index(tab)
        place = number, schema.table, schema.key
        if place not in self._views:
            keys = self._known.keys.get(place)
            read = self._known.read.get(place)
            sheet = self._revision.sheets[number]
            self._views[place] = TabView(self._book, number, tab, sheet, schema, keys, read)
        view = self._views[place]
        for name in schema.key:
            self._column(view, name)
        return view

    def _column(self, view: TabView, name: str) -> int:
        if name not in view.columns:
            shown = ", ".join(text for text in view.header[1] if text)
            raise CantWrite(REFUSED, f'the column "{name}" is not there, or there twice; columns: {shown}')
        return view.columns[name]

    def _write(
        self, view: TabView, key: tuple[str, ...], name: str, expected: str, value: CellValue
    ) -> Outcome:
        column = self._column(view, name)
        rows = view.rows_with(key)
        if len(rows) != 1:
            many = f"{len(rows)} rows carry" if rows else "no row carries"
            raise CantWrite(GONE, f"{many} the key {join_key(key)} now")
        row = rows[0]
        before = view.text(row, column)
        cell, stored = self._new_cell(view, name, value, (row, column), view.style(row, column))
        if before == stored.text:
            return Outcome(ALREADY, before, before)
        if before != (expected if expected.strip(BLANKS) else ""):
            raise CantWrite(TAKEN, f'the cell holds "{before}", not "{expected}" any more', before)
        why = view.guard.why_not((row, column), view.cell(row, column), cell.style)
        if self._revision.is_set(view.number, row, column):
            why = "another change of the same batch writes this cell"
        if why:
            raise CantWrite(REFUSED, why, before)
        self._revision.set_cell(view.number, row, column, cell)
        return Outcome(WRITTEN, before, stored.text, spots=(Spot(view.number, row, column, stored.text),))

    def _new_cell(
        self, view: TabView, name: str, value: CellValue, place: tuple[int, int], own: int
    ) -> tuple[NewCell, Stored]:
        value = fitting_value(view, view.schema.column(name), value, place, self._language, self._zone)
        style = fitting_style(view, value, *place, own)
        shows = self._book.styles[style].shows
        try:
            stored = store(value, shows, self._zone, since_1904=self._book.since_1904)
        except Unstorable as error:
            raise CantWrite(REFUSED, str(error)) from error
        return NewCell(style, stored), stored

    def _append(
        self, view: TabView, key: tuple[str, ...], values: Sequence[tuple[str, CellValue]]
    ) -> Outcome:
        appending = self._appending.setdefault(view.number, _Appending())
        if view.schema.key and (view.rows_with(key) or key in appending.keys):
            return Outcome(ALREADY, detail=f"a row with the key {join_key(key)} is there")
        given = dict(values)
        for name, part in zip(view.schema.key, key, strict=False):
            given.setdefault(name, part)
        row = view.data.bottom + 1 + appending.count
        self._check_room(view, row)
        cells, spots = self._row_cells(view, row, given)
        place = view.number, view.schema.table, view.schema.key
        self._added.setdefault(place, {})[view.key_of({spot.column: spot.text for spot in spots})] = row
        appending.keys.add(key)
        appending.count += 1
        self._revision.add_row(view.number, row, cells, view.data, view.table)
        return Outcome(WRITTEN, spots=tuple(spots))

    def _row_cells(
        self, view: TabView, row: int, given: dict[str, CellValue]
    ) -> tuple[dict[int, NewCell], list[Spot]]:
        cells: dict[int, NewCell] = {}
        spots: list[Spot] = []
        for column, formula in self._computed(view, row).items():
            cells[column] = NewCell(self._style_below(view, row, column), formula=formula)
        for name, value in given.items():
            column = self._column(view, name)
            if column in cells:
                raise CantWrite(REFUSED, f'the column "{name}" is computed by a formula')
            own = self._style_below(view, row, column)
            cells[column], stored = self._new_cell(view, name, value, (row, column), own)
            spots.append(Spot(view.number, row, column, stored.text))
        for column in range(view.data.left, view.data.right + 1):
            if column not in cells:
                cells[column] = NewCell(self._style_below(view, row, column))
        for column, cell in cells.items():
            why = view.guard.why_not((row, column), view.cell(row, column), cell.style)
            if why:
                raise CantWrite(REFUSED, f"row {row}: {why}")
        return cells, spots

    def _style_below(self, view: TabView, row: int, column: int) -> int:
        """Return the format for an appended cell: of the last row, unless a person prepared the cell."""
        cell = view.cell(row, column)
        if cell is not None and cell.style:
            return cell.style
        if view.data.bottom == view.header[0]:  # the first row never looks like the header
            return view.sheet.default_style(row, column)
        return view.style(view.data.bottom, column)

    def _check_room(self, view: TabView, row: int) -> None:
        if not view.header[0]:
            raise CantWrite(REFUSED, "the tab is empty: it needs a header first")
        if row > LAST_ROW:
            raise CantWrite(REFUSED, "the sheet is full")
        table = view.table
        inside = [other for other in view.tables if other is not table and row <= other.area.bottom + 1]
        if any(other.area.meets(Area(row, view.data.left, row, view.data.right)) for other in inside):
            raise CantWrite(REFUSED, "another table begins right below this one")
        if table is not None and table.totals_rows:
            raise CantWrite(
                REFUSED,
                f'the table "{table.name}" ends with a totals row; switch it off (Table Design, Total Row)',
            )
        if any(view.text(row, column) for column in range(view.data.left, view.data.right + 1)):
            raise CantWrite(REFUSED, f"something else stands right below the table (row {row})")

    def _computed(self, view: TabView, row: int) -> dict[int, str]:
        """Return the formulas that an appended row gets from its table or from the rows above, by column."""
        table = view.table
        if table is None:
            return self._continued(view, row)
        found: dict[int, str] = {}
        for step, formula in enumerate(table.formulas):
            if formula is None:
                continue
            if not read_formula(formula).is_fixed:
                raise CantWrite(
                    REFUSED,
                    f'the column "{table.columns[step]}" of the table is computed by a formula that can\'t'
                    f" be continued safely ({formula}); write it with column names, like [@Price]",
                )
            found[table.area.left + step] = formula
        return found

    def _continued(self, view: TabView, row: int) -> dict[int, str]:
        last, first = view.data.bottom, view.header[0] + 1
        if last < first or not view.sheet.has_formulas:
            return {}
        formulas, doubts = continued(view.sheet, last, first, row - last)
        inside = [column for column in doubts if view.data.left <= column <= view.data.right]
        if inside:
            name = view.header[1][inside[0] - 1]
            raise CantWrite(
                REFUSED,
                f'the column "{name}" is computed, but not by the same formula in the last two rows, so there is'
                " no telling what a new row needs; make the range a table (Insert, Table) or fill the column anew",
            )
        return {
            column: text for column, text in formulas.items() if view.data.left <= column <= view.data.right
        }
