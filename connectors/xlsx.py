"""What does an Excel workbook (.xlsx) hold, and how do cells get into it without harm?

Reading needs nothing but the file. Writing changes the cells meant and what depends on them; charts, pivots,
comments, formats and all else stay byte for byte. While the file is open elsewhere nothing is written:
Rowcall waits.
"""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rowcall import files
from rowcall.errors import Place, Problem
from rowcall.ooxml.archive import Archive
from rowcall.ooxml.book import Book
from rowcall.ooxml.echo import Echo
from rowcall.ooxml.packing import Packed
from rowcall.ooxml.reading import read_tab
from rowcall.ooxml.view import TabReading, ViewPlace, find_tab
from rowcall.ooxml.writing import Known, Outcome, Writer
from rowcall.ports import CellChange, NewRow, Opening, Reading, Workbook, Written, Wrote
from rowcall.table import Schema, Sheet


@dataclass(frozen=True, slots=True)
class Params:
    """An Excel workbook on this computer or a shared folder.

    path: the file, for example `Shop.xlsx`; a relative path counts from the folder of the config.
    """

    path: str = field(metadata={"help": "The file; a relative path counts from the folder of the config."})


def open_workbook(params: Params, opening: Opening) -> Workbook:
    """Open the workbook; nothing is read yet."""
    return ExcelFile(files.resolve(opening.folder / Path(params.path).expanduser()), opening)


@dataclass(frozen=True, slots=True)
class _Last:
    """The last reading, of which bytes it was, and where its tables stand; one value, for who asks meanwhile."""

    wanted: tuple[Schema, ...]
    reading: Reading
    sha256: str
    places: Mapping[ViewPlace, TabReading]


@dataclass(slots=True)
class _Memory:
    """What is kept from call to call: the last reading, and after writing what the file then held.

    Nothing of it is believed without looking at the file: see `files.Unchanged` and the fingerprint.
    """

    unchanged: files.Unchanged = field(default_factory=files.Unchanged)
    last: _Last | None = None
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class ExcelFile:
    """A workbook in a file."""

    path: Path
    opening: Opening
    _memory: _Memory = field(default_factory=_Memory, compare=False, repr=False)

    def read(self, wanted: Sequence[Schema]) -> Reading:
        """Read the tabs of these tables as text; a file that has not changed is the same Reading as before."""
        memory, schemas = self._memory, tuple(wanted)
        last = memory.last if memory.last is not None and memory.last.wanted == schemas else None
        if last is not None and memory.unchanged.is_sure(self.path, last.sha256):
            return last.reading
        signs = files.signs(self.path)
        content, seen = files.read_file(self.path)
        memory.unchanged.note(signs, seen)
        if last is not None and last.sha256 == seen.sha256:
            return last.reading
        reading, places = self._read(content, schemas)
        memory.last, memory.known = _Last(schemas, reading, seen.sha256, places), None
        return reading

    def _read(self, content: bytes, wanted: Sequence[Schema]) -> tuple[Reading, dict[ViewPlace, TabReading]]:
        book = self._book(content)
        sheets: list[tuple[str, Sheet]] = []
        places: dict[ViewPlace, TabReading] = {}
        missing: list[tuple[str, Problem]] = []
        for schema in wanted:
            tab = find_tab(book.tabs, schema.sheet)
            if tab is None:
                missing.append((schema.table, self._missing(book, schema)))
            else:
                found = read_tab(book, tab, schema)
                sheets.append((schema.table, found.sheet))
                places[book.tabs.index(tab), schema.table, schema.key] = found
        return Reading(tuple(sheets), tuple(missing)), places

    def sheets(self) -> Sequence[Sheet]:
        """Read every tab there is."""
        content, _ = files.read_file(self.path)
        book = self._book(content)
        return [read_tab(book, tab, None).sheet for tab in book.tabs if tab.is_grid]

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        """Write cells, all in one replacement of the file."""
        return self._change(
            lambda writer: [
                writer.write(change.schema, change.key, change.column, change.expected, change.value)
                for change in changes
            ]
        )

    def append(self, rows: Sequence[NewRow]) -> Sequence[Written]:
        """Append rows, all in one replacement of the file."""
        return self._change(lambda writer: [writer.append(row.schema, row.key, row.values) for row in rows])

    def _change(self, plan: Callable[[Writer], list[Outcome]]) -> list[Written]:
        files.refuse_if_open(self.path)
        content, fingerprint = files.read_file(self.path)
        known = self._memory.known
        if known is None or known.sha256 != fingerprint.sha256:
            last = self._memory.last
            places = last.places if last is not None and last.sha256 == fingerprint.sha256 else {}
            known = Known(fingerprint.sha256, self._book(content), read=places)
        writer = Writer(known, self.opening.zone, self.opening.language)
        outcomes = plan(writer)
        if not writer.is_empty:
            new = known.book.archive.rewritten(writer.packed)
            files.refuse_if_open(self.path)
            files.replace_file(self.path, new, fingerprint)
            content, fingerprint = files.read_file(self.path)
            is_ours, book = content == new, self._book(content, writer.packed)
            if is_ours:
                book.take_over(known.book, writer.parts)
            echo = Echo(book, writer)
            outcomes = [echo.checked(outcome) for outcome in outcomes]
            known = echo.known(fingerprint.sha256) if is_ours else None
        self._memory.known = known
        return [
            Written(Wrote(outcome.how), outcome.before, outcome.after, outcome.detail) for outcome in outcomes
        ]

    def _book(self, content: bytes, written: Mapping[str, Packed] | None = None) -> Book:
        return Book(Archive(content, self.path.name, written), self.path.name)

    def _missing(self, book: Book, schema: Schema) -> Problem:
        names = [tab.name for tab in book.tabs if tab.is_grid]
        folded = {name.casefold(): name for name in names}
        close = difflib.get_close_matches(schema.sheet.casefold(), folded, n=1, cutoff=0.6)
        hint = f' (did you mean "{folded[close[0]]}"?)' if close else ""
        return Problem(
            Place(table=schema.table),
            f'{self.path.name} has no tab "{schema.sheet}"; tabs: {", ".join(names)}{hint}',
            f'name the tab "{schema.sheet}" again, or tell the config the tab\'s name: sheet: …',
            folded[close[0]] if close else "",
        )
