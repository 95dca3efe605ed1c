"""How does somebody of the shop work in the sample workbook, knowing nothing of Rowcall?

Cells and rows are typed into the real file; sorting moves whole rows, as a spreadsheet program does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rowcall import files
from rowcall.demo.cellwise import read_cells, stored_tab, tab_part
from rowcall.errors import WorkbookError
from rowcall.ooxml.archive import Archive
from rowcall.ports import CellChange, CellValue, NewRow, Workbook, Written, Wrote
from rowcall.table import Schema

_ROW = re.compile(rb'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', re.DOTALL)
_REFERENCE = re.compile(rb'(<row r="|<c r="[A-Z]+)\d+')


@dataclass(frozen=True, slots=True)
class Typed:
    """A value that somebody types into the cell of a row."""

    table: str
    key: str
    column: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class NewLine:
    """A row that somebody types below the others."""

    table: str
    key: str
    values: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Sorted:
    """A tab that somebody sorts by a column, largest first or not."""

    table: str
    column: str
    descending: bool = False


Edit = Typed | NewLine | Sorted


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody with the workbook open; schemas: what the tabs and key columns are called."""

    path: Path
    workbook: Workbook
    schemas: Mapping[str, Schema]

    def do(self, edits: Sequence[Edit]) -> None:
        """Do all of it and save; raises WorkbookError when something can't be typed."""
        typed = [edit for edit in edits if isinstance(edit, Typed)]
        if typed:
            _insist(self.workbook.write(self._changes(typed)))
        lines = [edit for edit in edits if isinstance(edit, NewLine)]
        if lines:
            rows = [
                NewRow(self.schemas[edit.table], (edit.key,), tuple(edit.values.items())) for edit in lines
            ]
            _insist(self.workbook.append(rows))
        for edit in edits:
            if isinstance(edit, Sorted):
                self._sort(edit)

    def _changes(self, typed: Sequence[Typed]) -> list[CellChange]:
        tables = dict.fromkeys(edit.table for edit in typed)
        there = read_cells(self.workbook, [self.schemas[table] for table in tables])
        return [
            CellChange(
                self.schemas[edit.table],
                (edit.key,),
                edit.column,
                there.get((edit.table, edit.key, edit.column), ""),
                edit.value,
            )
            for edit in typed
        ]

    def _sort(self, edit: Sorted) -> None:
        schema = self.schemas[edit.table]
        content, fingerprint = files.read_file(self.path)
        sheet = self.workbook.read([schema]).sheets[0][1]
        texts = sheet.cells[str(sheet.header.index(edit.column))].fill_null("").to_list()
        order = sorted(range(len(texts)), key=lambda row: _rank(texts[row]), reverse=edit.descending)
        part = _in_order(stored_tab(content, schema), order)
        archive = Archive(content, self.path.name)
        files.replace_file(self.path, archive.rewritten({tab_part(schema): part}), fingerprint)


def _in_order(xml: bytes, order: Sequence[int]) -> bytes:
    """Return a sheet with its rows below the header in another order, each with all its cells and formats."""
    rows = [match for match in _ROW.finditer(xml) if match[1] != b"1"]
    if len(rows) != len(order):
        raise WorkbookError("the sample workbook has rows that can't be sorted", permanent=True)
    moved = b"".join(_numbered(rows[old][0], rows[new][1]) for new, old in enumerate(order))
    return xml[: rows[0].start()] + moved + xml[rows[-1].end() :]


def _numbered(row: bytes, number: bytes) -> bytes:
    return _REFERENCE.sub(lambda match: match[1] + number, row)


def _rank(text: str) -> tuple[float, str]:
    return (float(text), "") if re.fullmatch(r"\d+(\.\d+)?", text) else (0.0, text)


def _insist(outcomes: Sequence[Written]) -> None:
    failed = [one for one in outcomes if one.outcome is not Wrote.WRITTEN]
    if failed:
        raise WorkbookError(f"the sample workbook can't be edited: {failed[0].outcome} {failed[0].detail}")
