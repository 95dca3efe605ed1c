"""Which texts stand in a tab, all of them, fast, and exactly as a single cell would be delivered?

fastexcel reads the mass. What it delivers otherwise than `text` (errors, booleans, long numbers, East Asian
dates, lengths, formulas not computed) is found by scanning the bytes, and only those cells are
read one by one.
Samples are compared; should they differ, the whole tab is read cell by cell: slower, never wrong.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import fastexcel
import polars as pl

from rowcall.ooxml.address import Area, letters, parse_area
from rowcall.ooxml.markup import attribute, elements
from rowcall.ooxml.sheet import Cell, SheetXml
from rowcall.ooxml.styles import EAST_ASIAN, Shows
from rowcall.ooxml.text import CellReader
from rowcall.table import STALE

_SAMPLES = 20
_WIDEST_GAP = 200
_MOMENT = r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
# Texts, not dates or flags, that would be altered with them; a mark too many costs only time.
_ALTERED = (b">true<", b">false<", b":00<", b">1899-12-31 ", b">1904-01-01 ")
_FRACTION = re.compile(rb":\d\d\.\d")
_CUT = r"^-?(?:\d{7,}\.\d{8,9}|\d{16,})$"
_SHORTEST_CUT, _MOMENT_LENGTH = 16, 19


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of a tab: String columns "0", "1", …; the first cell stands at (top, left), from 1 on."""

    top: int
    left: int
    texts: pl.DataFrame


def read_grid(workbook: fastexcel.ExcelReader, name: str, sheet: SheetXml, reader: CellReader) -> Grid:
    """Return all texts of the tab of that name."""
    left = _first_column(sheet, reader) if sheet.regular else None
    if left is None:
        return read_cell_by_cell(sheet, reader)
    frame = _frame(workbook, name)
    if frame is None:
        return read_cell_by_cell(sheet, reader)
    frame.columns = [str(number) for number in range(frame.width)]
    grid = Grid(1, left, frame)
    grid = _corrected(grid, sheet, reader)
    return grid if _samples_agree(grid, sheet, reader) else read_cell_by_cell(sheet, reader)


def _frame(workbook: fastexcel.ExcelReader, name: str) -> pl.DataFrame | None:
    """Return what fastexcel reads, or None when it can't."""
    try:
        return workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        return None
    except BaseException as error:
        # A date beyond the calendar makes the library panic; that class can't be imported.
        if type(error).__name__ == "PanicException":
            return None
        raise


def read_cell_by_cell(sheet: SheetXml, reader: CellReader) -> Grid:
    """Return the same without fastexcel: some thirty times slower, for files with unusual XML."""
    texts = {
        (cell.row, cell.column): text
        for row in sheet.rows
        for cell in sheet.cells(row)
        if (text := reader.text(cell))
    }
    texts.update(dict.fromkeys(_spilled(sheet, reader), STALE))
    return _with_texts(Grid(1, 1, pl.DataFrame()), texts)


def _first_column(sheet: SheetXml, reader: CellReader) -> int | None:
    """Return where fastexcel's frame begins: the first column with anything in it (its rows begin at 1)."""
    for column in range(1, _WIDEST_GAP):
        if any(_is_filled(cell, reader) for cell in sheet.column(column)):
            return column
    return None


def _is_filled(cell: Cell, reader: CellReader) -> bool:
    return bool(cell.value) or (cell.kind == "inlineStr" and bool(reader.text(cell)))


def _corrected(grid: Grid, sheet: SheetXml, reader: CellReader) -> Grid:
    """Return the grid with dates and booleans as we write them, and the special cells read one by one."""
    own_texts = b't="str"' in sheet.xml or b"inlineStr" in sheet.xml
    lookalikes = _looks_altered(reader.strings.xml) or (own_texts and _looks_altered(sheet.xml))
    has_flags = b' t="b"' in sheet.xml
    columns: list[pl.Series] = []
    by_cell: set[int] = set()
    for number, raw in enumerate(grid.texts):
        place = grid.left + number
        column, has_moments, is_sure = _corrected_column(raw, sheet, place, reader, has_flags=has_flags)
        if not is_sure or (lookalikes and (has_moments or has_flags)):
            by_cell.add(place)
        columns.append(column)
    texts = {(cell.row, cell.column): reader.text(cell) for cell in _special_cells(sheet, reader)}
    for place in by_cell:
        texts.update(((row, place), text) for row, text in column_texts(sheet, place, reader).items())
    texts.update(dict.fromkeys(_spilled(sheet, reader), STALE))
    return _with_texts(Grid(grid.top, grid.left, pl.DataFrame(columns)), texts)


def _looks_altered(xml: bytes) -> bool:
    return any(mark in xml for mark in _ALTERED) or _FRACTION.search(xml) is not None


def _corrected_column(
    column: pl.Series, sheet: SheetXml, place: int, reader: CellReader, *, has_flags: bool
) -> tuple[pl.Series, bool, bool]:
    """Return the column corrected as a whole, whether it shows moments, and whether that is enough."""
    lengths = column.str.len_bytes()
    if (lengths == 0).any():
        column = column.set((lengths == 0).fill_null(value=False), None)
    if has_flags:
        flags = column.is_in(["true", "false"]).fill_null(value=False)
        if flags.any():
            column = column.zip_with(~flags, column.str.to_uppercase())
    longest = cast("int | None", lengths.max()) or 0
    is_sure = longest < _SHORTEST_CUT or not column.str.contains(_CUT).any()
    if longest < _MOMENT_LENGTH:
        return column, False, is_sure
    moments = column.str.contains(_MOMENT).fill_null(value=False)
    if not moments.any():
        return column, False, is_sure
    midnight = column.str.ends_with(" 00:00:00").fill_null(value=False) & moments
    keeps_time = midnight.any() and _shown_times(sheet, place, reader)
    if keeps_time is None:
        return column, True, False
    if keeps_time:
        midnight = midnight & False
    return _shortened(column, moments, midnight), True, is_sure


def _shown_times(sheet: SheetXml, place: int, reader: CellReader) -> bool | None:
    """Tell whether the date formats of a column show the time; None when some do and some don't."""
    tag = rb'<%sc r="%s\d+"([^>]*)>' % (sheet.prefix, letters(place).encode())
    rests = set(re.findall(tag, sheet.xml))
    shown = {reader.styles[int(attribute(b"<c" + rest + b">", "s") or 0)].shows for rest in rests}
    days, times = Shows.DAY in shown, bool(shown & {Shows.MOMENT, Shows.TIME})
    return None if days and times else times


def _shortened(column: pl.Series, moments: pl.Series, midnight: pl.Series) -> pl.Series:
    times = moments & column.str.contains("^(?:1899-12-31|1904-01-01) ").fill_null(value=False)
    return pl.select(
        pl.when(times)
        .then(column.str.slice(11, 8))
        .when(midnight)
        .then(column.str.slice(0, 10))
        .when(moments)
        .then(column.str.slice(0, 19))
        .otherwise(column)
        .alias(column.name)
    ).to_series()


def column_texts(sheet: SheetXml, column: int, reader: CellReader) -> dict[int, str]:
    """Return the texts of all cells of a column by row."""
    if not sheet.regular:
        return {cell.row: reader.text(cell) for cell in sheet.column(column)}
    p, body = sheet.prefix, sheet.body
    pattern = re.compile(
        rb'<%sc r="%s(\d+)"([^>]*)>(?:<%sv>([^<&]*)</%sv></%sc>)?' % (p, letters(column).encode(), p, p, p)
    )
    texts: dict[int, str] = {}
    known: dict[bytes, tuple[str, int]] = {}
    strings, plain = reader.strings, reader.strings.plain
    for number, rest, raw in pattern.findall(sheet.xml, body.content_start, body.content_end):
        if not raw:
            if not rest.endswith(b"/") and (cell := sheet.cell(int(number), column)):
                texts[int(number)] = reader.text(cell)
            continue
        how = known.get(rest)
        if how is None:
            tag = b"<c" + rest + b">"
            how = known[rest] = attribute(tag, "t") or "n", int(attribute(tag, "s") or 0)
        if how[0] == "s" and int(raw) < len(plain):
            value = plain[int(raw)]
            value = strings[int(raw)] if value is None else value
        else:
            value = reader.plain_text(raw.decode(), *how)
        texts[int(number)] = value
    return texts


def _special_cells(sheet: SheetXml, reader: CellReader) -> Iterator[Cell]:
    """Yield the cells that fastexcel delivers blank, shortened, or as a number though they are dates."""
    styles = reader.styles
    odd = [
        n
        for n, style in enumerate(styles.all)
        if style.shows is Shows.ELAPSED or style.format_id in EAST_ASIAN
    ]
    marks = [
        b' t="e"',
        b' t="d"',
        b"E-",
        b"e-",
        b"0.0000",
        *(b' s="%d"' % number for number in odd),
    ]
    for mark in marks:
        for offset in _find_all(sheet.xml, mark, sheet.body.content_start):
            cell = sheet.cell_around(offset)
            if cell is not None:
                yield cell
    yield from _stale_cells(sheet)


def _stale_cells(sheet: SheetXml) -> Iterator[Cell]:
    """Yield formula cells without a result."""
    p = sheet.prefix
    if not sheet.has_formulas:
        return
    ends = re.compile(rb"</%sf>\s*</%sc>|/>\s*</%sc>" % (p, p, p))
    for found in ends.finditer(sheet.xml, sheet.body.content_start):
        cell = sheet.cell_around(found.start())
        if cell is not None and cell.has_formula and cell.value is None:
            yield cell


def _spilled(sheet: SheetXml, reader: CellReader) -> Iterator[tuple[int, int]]:
    """Yield the places of array results whose formula has no result: they have no formula of their own."""
    if not sheet.has_formulas or (b'"array"' not in sheet.xml and b'"dataTable"' not in sheet.xml):
        return
    for area, offset in array_areas(sheet):
        cell = sheet.cell_around(offset)
        if cell is not None and reader.text(cell) == STALE and area.bottom - area.top < 10_000:  # noqa: PLR2004
            yield from places(area)


def array_areas(sheet: SheetXml) -> Iterator[tuple[Area, int]]:
    """Yield the range that each array formula or data table fills, and where its formula stands."""
    for found in elements(sheet.xml, sheet.prefix, b"f", sheet.body.content_start, sheet.body.content_end):
        reference = attribute(found.tag, "ref")
        if reference and attribute(found.tag, "t") in ("array", "dataTable"):
            yield parse_area(reference), found.start


def places(area: Area) -> Iterator[tuple[int, int]]:
    """Yield (row, column) of every cell of a rectangle."""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield row, column


def _find_all(xml: bytes, mark: bytes, start: int) -> Iterator[int]:
    at = xml.find(mark, start)
    while at >= 0:
        yield at
        at = xml.find(mark, at + 1)


def _with_texts(grid: Grid, texts: Mapping[tuple[int, int], str]) -> Grid:
    """Return the grid with some texts replaced; it grows where they stand outside."""
    if not texts:
        return grid
    width, height = grid.texts.width, grid.texts.height
    filled = [place for place, text in texts.items() if text]
    if not width and not filled:
        return grid
    rows, columns = [row for row, _ in filled], [column for _, column in filled]
    here = ([grid.top, grid.top + height - 1], [grid.left, grid.left + width - 1]) if width else ([], [])
    top, bottom = min(rows + here[0]), max(rows + here[0])
    left, right = min(columns + here[1]), max(columns + here[1])
    by_column: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in texts.items():
        if top <= row <= bottom and left <= column <= right:
            by_column.setdefault(column, []).append((row - top, text))
    same = (top, bottom) == (grid.top, grid.top + height - 1)
    series = []
    for number in range(left, right + 1):
        inside = grid.left <= number < grid.left + width
        old = grid.texts.to_series(number - grid.left) if inside else None
        if same and old is not None and number not in by_column:
            series.append(old.alias(str(number - left)))
            continue
        lines: list[str | None] = [None] * (bottom - top + 1)
        if old is not None:
            lines[grid.top - top : grid.top - top + height] = old.to_list()
        for row, text in by_column.get(number, ()):
            lines[row] = text or None
        series.append(pl.Series(str(number - left), lines, dtype=pl.String))
    return Grid(top, left, pl.DataFrame(series))


def _samples_agree(grid: Grid, sheet: SheetXml, reader: CellReader) -> bool:
    """Compare some rows with what the cells themselves say: a guard against a shifted reading."""
    end = grid.top + grid.texts.height
    rows = [row for row in sheet.some_rows(_SAMPLES) if grid.top <= row.number < end]
    spilled = set(_spilled(sheet, reader))
    for row in rows:
        seen = grid.texts.row(row.number - grid.top)
        said: list[str | None] = [None] * grid.texts.width
        for cell in sheet.cells(row):
            text = STALE if (cell.row, cell.column) in spilled else reader.text(cell)
            if text and not 0 <= cell.column - grid.left < len(said):
                return False
            if text:
                said[cell.column - grid.left] = text
        if tuple(said) != seen:
            return False
    return True
