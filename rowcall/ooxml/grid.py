"""Which texts stand in a tab, all of them, fast, and exactly as a single cell would be delivered?

`pieces` takes the XML apart, `mass` turns it into texts; here the columns are put together. A tab whose XML
is not as spreadsheet programs write it is read cell by cell: slower, never wrong.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import cast

import polars as pl

from rowcall.ooxml.address import Area, column_number, parse_area
from rowcall.ooxml.markup import attribute, elements
from rowcall.ooxml.mass import inside_texts, texts_of
from rowcall.ooxml.pieces import Irregular, Pieces, stretches, take_apart
from rowcall.ooxml.sheet import SheetXml
from rowcall.ooxml.text import CellReader
from rowcall.table import STALE

FORMULAS_KNOWN = 20_000
_THREADS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of a tab: String columns "0", "1", …; the first cell stands at (top, left), from 1 on.

    formulas: (row, column) of cells with a formula, up to a number that costs no time.
    """

    top: int
    left: int
    texts: pl.DataFrame
    formulas: frozenset[tuple[int, int]] = frozenset()


SMALL = 60_000
"""Bytes of XML up to which reading cell by cell is the faster way: some hundred cells."""


@dataclass(slots=True)
class _Found:
    """Texts by column: rows and what stands there; and where formulas are."""

    columns: dict[int, list[tuple[pl.Series, pl.Series]]] = field(default_factory=lambda: defaultdict(list))
    formulas: list[tuple[int, int]] = field(default_factory=list)

    def add(self, other: "_Found") -> None:
        for column, parts in other.columns.items():
            self.columns[column].extend(parts)
        self.formulas += other.formulas[: FORMULAS_KNOWN - len(self.formulas)]


def read_grid(sheet: SheetXml, reader: CellReader) -> Grid:
    """Return all texts of a tab; a small one is read before the machinery for large ones has started."""
    return read_cell_by_cell(sheet, reader) if len(sheet.xml) < SMALL else read_in_mass(sheet, reader)


def read_in_mass(sheet: SheetXml, reader: CellReader) -> Grid:
    """Return all texts of a tab, many cells at once; unusual XML is read cell by cell all the same."""
    body, found = sheet.body, _Found()
    if b"<!DOCTYPE" in sheet.xml[:1000]:
        return read_cell_by_cell(sheet, reader)
    parts = stretches(sheet.xml, body.content_start, body.content_end, sheet.prefix)
    reader.strings.texts  # noqa: B018 -- decoded once, before many ask at the same time
    try:
        with ThreadPoolExecutor(_THREADS) as threads:
            for one in threads.map(lambda part: _read_stretch(part, sheet.prefix, reader), parts):
                found.add(one)
    except Irregular:
        return read_cell_by_cell(sheet, reader)
    grid = _put_together(found)
    if not found.formulas:
        return grid
    return _with_texts(grid, dict.fromkeys(_spilled(sheet, reader), STALE))


def read_cell_by_cell(sheet: SheetXml, reader: CellReader) -> Grid:
    """Return the same for unusual XML, some thirty times slower."""
    texts: dict[tuple[int, int], str] = {}
    formulas: list[tuple[int, int]] = []
    for row in sheet.rows:
        for cell in sheet.cells(row):
            if text := reader.text(cell):
                texts[cell.row, cell.column] = text
            if cell.has_formula and len(formulas) < FORMULAS_KNOWN:
                formulas.append((cell.row, cell.column))
    texts.update(dict.fromkeys(_spilled(sheet, reader), STALE))
    return _with_texts(Grid(1, 1, pl.DataFrame(), frozenset(formulas)), texts)


def _read_stretch(part: bytes, prefix: bytes, reader: CellReader) -> _Found:
    pieces, found = take_apart(part, prefix), _Found()
    for (named, look), group in _like_ones(pieces.plain):
        found.columns[column_number(named)].append((group["row"], texts_of(group["value"], look, reader)))
    for (named, look), group in _like_ones(pieces.closer):
        found.columns[column_number(named)].append((group["row"], _closer_texts(group, look, reader)))
    formulas = pieces.closer.filter(pl.col("formula").is_not_null()).head(FORMULAS_KNOWN)
    found.formulas = [(row, column_number(named)) for named, row in formulas.select("column", "row").rows()]
    _add_odd(found, pieces, prefix, reader)
    return found


def _like_ones(frame: pl.DataFrame) -> Iterator[tuple[tuple[str, str], pl.DataFrame]]:
    """Yield the cells of one column and one look each."""
    for key, group in frame.partition_by("column", "look", as_dict=True).items():
        yield cast("tuple[str, str]", key), group


def _closer_texts(group: pl.DataFrame, look: str, reader: CellReader) -> pl.Series:
    """Return the texts of cells with a formula, or with their text inside."""
    kind = attribute(f"<c {look}>".encode(), "t")
    texts = inside_texts(group["inside"]) if kind == "inlineStr" else texts_of(group["value"], look, reader)
    stale = pl.col("formula").is_not_null() & pl.col("value").is_null() & pl.col("blank").is_null()
    return group.select(pl.when(stale).then(pl.lit(STALE)).otherwise(texts)).to_series()


def _add_odd(found: _Found, pieces: Pieces, prefix: bytes, reader: CellReader) -> None:
    for piece in pieces.odd:
        try:
            cell = SheetXml(b"<" + prefix + b'c r="' + piece.encode()).cell_at(0)
        except ValueError as error:
            raise Irregular from error
        if not cell.row:  # its name is none
            raise Irregular
        rows, texts = pl.Series([cell.row], dtype=pl.UInt32), pl.Series([reader.text(cell)])
        found.columns[cell.column].append((rows, texts))
        if cell.has_formula:
            found.formulas.append((cell.row, cell.column))


def _put_together(found: _Found) -> Grid:
    columns: dict[int, tuple[pl.Series, pl.Series]] = {}
    for column, parts in found.columns.items():
        rows, texts = pl.concat([rows for rows, _ in parts]), pl.concat([texts for _, texts in parts])
        filled = (texts.str.len_bytes() > 0).fill_null(value=False)
        if not filled.all():
            rows, texts = rows.filter(filled), texts.filter(filled)
        if len(rows):
            columns[column] = rows, texts
    if not columns:
        return Grid(1, 1, pl.DataFrame(), frozenset(found.formulas))
    height = max(cast("int", rows.max()) for rows, _ in columns.values())
    left, right = min(columns), max(columns)
    series = [
        _in_place(*columns[number], height).alias(str(number - left))
        if number in columns
        else pl.repeat(None, height, dtype=pl.String, eager=True).alias(str(number - left))
        for number in range(left, right + 1)
    ]
    return Grid(1, left, pl.DataFrame(series), frozenset(found.formulas))


def _in_place(rows: pl.Series, texts: pl.Series, height: int) -> pl.Series:
    if len(rows) == height and rows[0] == 1 and bool((rows.diff().drop_nulls() == 1).all()):
        return texts
    order = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    order = order.scatter(rows - 1, pl.arange(len(rows), dtype=pl.UInt32, eager=True))
    return texts.gather(order)


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
    return Grid(top, left, pl.DataFrame(series), grid.formulas)
