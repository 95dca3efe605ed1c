"""A folder with one CSV file per table: `Orders.csv`, `Stock.csv`, …

    workbooks:
      shop: {connector: csv_folder, path: book}

`path` is the folder, beside the config or absolute. Delimiter (comma, semicolon, tab, `|`), encoding (UTF-8
with or without byte-order mark, UTF-16, GB18030, Windows Western) and line ends are recognised and stay as
they are; `delimiter` and `encoding` name them where the guess is wrong. When a cell is written, every byte
outside it stays. A text that begins with = + - @ is written behind an apostrophe, so that no spreadsheet
program runs it as a formula; such an apostrophe is not part of the text when it is read.
"""

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.delimited import (
    Decoded,
    Line,
    Patch,
    decode,
    field_value,
    find_delimiter,
    read_cells,
    scan,
    split_header,
)
from rowcall.errors import Place, Problem, WorkbookError, WriteRefused
from rowcall.files import Fingerprint, read_file, refuse_if_open, replace_file
from rowcall.headers import find_columns
from rowcall.numbers import BLANKS
from rowcall.ports import CellChange, NewRow, Opening, Reading, Workbook, Written, Wrote
from rowcall.table import Schema, Sheet, join_key

_DELIMITER_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Params:
    """What the config says of a CSV folder; empty encoding or delimiter = recognise it."""

    path: str = field(metadata={"help": "The folder; a relative path counts from the folder of the config."})
    encoding: str = field(
        default="", metadata={"help": "`utf-8`, `gb18030`, `cp1252`; recognised if left out."}
    )
    delimiter: str = field(
        default="", metadata={"help": "`comma`, `semicolon`, `tab` or a character; recognised if left out."}
    )


def open_workbook(params: Params, opening: Opening) -> Workbook:
    """Return the folder as a workbook; nothing is read yet."""
    return CsvFolder(params, opening, opening.folder / Path(params.path).expanduser())


@dataclass(frozen=True, slots=True)
class CsvFolder:
    """A workbook whose tabs are the CSV files of one folder."""

    params: Params
    opening: Opening
    folder: Path

    def read(self, wanted: Sequence[Schema]) -> Reading:
        """Read the files of these tables as text."""
        paths = self._paths()
        sheets: list[tuple[str, Sheet]] = []
        missing: list[tuple[str, Problem]] = []
        for schema in wanted:
            path = _find(schema.sheet, paths)
            found = _no_file(schema, self.folder, paths) if path is None else self._sheet(path, schema)
            if isinstance(found, Sheet):
                sheets.append((schema.table, found))
            else:
                missing.append((schema.table, found))
        return Reading(tuple(sheets), tuple(missing))

    def sheets(self) -> Sequence[Sheet]:
        """Read every CSV file of the folder that can be read."""
        found = (self._sheet(path, Schema(name, "", name)) for name, path in self._paths().items())
        return [sheet for sheet in found if isinstance(sheet, Sheet)]

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        """Write cells, each verified by key and expected text; every file is replaced at most once."""
        return self._per_file(changes)

    def append(self, rows: Sequence[NewRow]) -> Sequence[Written]:
        """Append rows behind the last row of their tables that holds anything."""
        return self._per_file(rows)

    def _per_file(self, wishes: Sequence[CellChange | NewRow]) -> Sequence[Written]:
        paths = self._paths()
        groups: dict[Path, list[int]] = defaultdict(list)
        for number, wish in enumerate(wishes):
            path = _find(wish.schema.sheet, paths)
            if path is None:
                problem = _no_file(wish.schema, self.folder, paths)
                raise WorkbookError(problem.what, fix=problem.fix)
            groups[path].append(number)
        # Every file is looked at before the first is replaced: what can be refused is refused as a whole.
        drafts = [(self._draft(path, [wishes[at] for at in group]), group) for path, group in groups.items()]
        outcomes: dict[int, Written] = {}
        for draft, group in drafts:
            written = self._carry_out(draft, [wishes[at] for at in group])
            outcomes.update(zip(group, written, strict=True))
        return [outcomes[number] for number in range(len(wishes))]

    def _carry_out(self, draft: "_Draft", wishes: Sequence[CellChange | NewRow]) -> list[Written]:
        outcomes = [draft.apply(wish) for wish in wishes]
        if not draft.patch.changed:
            return outcomes
        written = replace_file(draft.path, draft.source.encode(draft.patch.new_text()), draft.fingerprint)
        if read_file(draft.path)[1] == written:
            return outcomes
        again = self._draft(draft.path, wishes)
        return [
            again.confirm(wish, outcome) if outcome.outcome is Wrote.WRITTEN else outcome
            for wish, outcome in zip(wishes, outcomes, strict=True)
        ]

    def _draft(self, path: Path, wishes: Sequence[CellChange | NewRow]) -> "_Draft":
        refuse_if_open(path)
        content, fingerprint = read_file(path)
        source = self._decode(path, content)
        if source.encode(source.text) != content:
            raise WriteRefused(
                f"{path.name} holds characters that {source.encoding} can't write back as they are."
            )
        delimiter, start = self._dialect(source.text)
        draft = _Draft(path, source, fingerprint, self.opening, Patch(source.text, delimiter))
        draft.look_up(start, wishes)
        return draft

    def _sheet(self, path: Path, schema: Schema) -> Sheet | Problem:
        try:
            text = self._decode(path, read_file(path)[0]).text
        except WorkbookError as error:
            return Problem(Place(table=schema.table), str(error), error.fix)
        delimiter, start = self._dialect(text)
        cells = read_cells(text, delimiter, start)
        if isinstance(cells, Line):
            what = _never_closed(path, text, cells)
            return Problem(Place(table=schema.table), what, "close the quote, or take it away")
        return Sheet(path.stem, *split_header(cells))

    def _paths(self) -> dict[str, Path]:
        """Return the folder's tabs by name; lock files and the like are none."""
        try:
            found = [path for path in self.folder.iterdir() if path.suffix.lower() == ".csv"]
        except OSError as error:
            raise WorkbookError(
                f'the folder "{self.params.path}" of {self.opening.name} can\'t be read: {error.strerror}.',
                fix="correct path in the config, or put the folder back",
            ) from error
        usual = [path for path in found if not path.name.startswith((".", "~")) and path.is_file()]
        return {_tab(path.stem): path for path in sorted(usual)}

    def _decode(self, path: Path, content: bytes) -> Decoded:
        try:
            decoded = decode(content, encoding=self.params.encoding, language=self.opening.language)
        except LookupError as error:
            raise WorkbookError(
                f'there is no encoding "{self.params.encoding}"; usual ones are utf-8, gb18030, cp1252.',
                permanent=True,
            ) from error
        if decoded is None:
            tried = self.params.encoding or "UTF-8, GB18030 or Windows Western"
            raise WorkbookError(
                f"{path.name} is not written in {tried}.",
                fix="save it as CSV UTF-8, or name its encoding in the config: encoding: …",
            )
        return decoded

    def _dialect(self, text: str) -> tuple[str, int]:
        delimiter, start = find_delimiter(text)
        named = _DELIMITER_NAMES.get(self.params.delimiter.lower(), self.params.delimiter)
        if len(named) > 1 or named in ('"', "\n", "\r"):
            raise WorkbookError(
                f'"{named}" can\'t be a delimiter; use comma, semicolon, tab or one character.',
                permanent=True,
            )
        return named or delimiter, start


@dataclass(slots=True)
class _Draft:
    """One file while its new text is being made: the lines concerned, and what is to stand in their place."""

    path: Path
    source: Decoded
    fingerprint: Fingerprint
    opening: Opening
    patch: Patch
    header: Line | None = None
    lines: dict[tuple[tuple[str, ...], str], list[Line]] = field(default_factory=lambda: defaultdict(list))
    added_keys: set[tuple[tuple[str, ...], str]] = field(default_factory=set)

    def look_up(self, start: int, wishes: Sequence[CellChange | NewRow]) -> None:
        """Find the header, the last filled row and the rows of the keys concerned, in one pass."""
        wanted: dict[tuple[str, ...], tuple[list[int], set[str]]] = {}
        for line in scan(self.source.text, self.patch.delimiter, start):
            if not line.closed:
                raise WorkbookError(_never_closed(self.path, self.source.text, line))
            if line.blank:
                continue
            self.patch.last = line
            if self.header is None:
                self.header = line
                wanted = self._wanted(wishes)
                continue
            for names, (positions, keys) in wanted.items():
                key = join_key([_cell(line, position) for position in positions])
                if key in keys:
                    self.lines[names, key].append(line)

    def apply(self, wish: CellChange | NewRow) -> Written:
        """Work one wish into the draft and return how it ended."""
        columns = self._columns(wish.schema)
        names = [wish.column] if isinstance(wish, CellChange) else [name for name, _ in wish.values]
        absent = [name for name in (*wish.schema.key, *names) if name not in columns]
        if absent:
            return Written(Wrote.REFUSED, detail=f'{self.path.name} has no usable column "{absent[0]}"')
        return self._set(wish, columns) if isinstance(wish, CellChange) else self._add(wish, columns)

    def confirm(self, wish: CellChange | NewRow, outcome: Written) -> Written:
        """Return how a write really ended when somebody changed the file right after it."""
        lines = self.lines.get((wish.schema.key, _key(wish.key)), [])
        if isinstance(wish, NewRow):
            return (
                outcome
                if lines
                else replace(outcome, outcome=Wrote.GONE, detail="taken out again right after")
            )
        if len(lines) != 1:
            return replace(outcome, outcome=Wrote.GONE, after="", detail="the row was taken out right after")
        now = _text(lines[0], self._columns(wish.schema).get(wish.column, -1))
        if now == outcome.after:
            return outcome
        return replace(outcome, outcome=Wrote.TAKEN, after=now, detail="somebody changed it right after")

    def _set(self, change: CellChange, columns: Mapping[str, int]) -> Written:
        lines = self.lines.get((change.schema.key, _key(change.key)), [])
        if len(lines) != 1 or not change.schema.key:
            seen = f"stands in {len(lines)} rows" if lines else "is not there any more"
            return Written(
                Wrote.GONE, detail=f'{" and ".join(change.schema.key)} "{join_key(change.key)}" {seen}'
            )
        line, position = self.patch.edited.get(lines[0].start, lines[0]), columns[change.column]
        now, column = _text(line, position), change.schema.column(change.column)
        zone, language = self.opening.zone, self.opening.language
        text = format_cell(column, change.value, language=language, zone=zone, like=now)
        means = parse_cell(column, now, language=language, zone=zone)
        if text == now or (now and not isinstance(means, Unreadable) and means == change.value):
            return Written(Wrote.ALREADY, now, now)
        if now != (change.expected if change.expected.strip(BLANKS) else ""):
            return Written(Wrote.TAKEN, now, now, f'it holds "{now}" now; "{change.expected}" was seen')
        if not self._can_write(text):
            return Written(Wrote.REFUSED, now, now, self._why_not_written())
        return Written(Wrote.WRITTEN, now, self.patch.set_field(line, position, text))

    def _add(self, row: NewRow, columns: Mapping[str, int]) -> Written:
        place = (row.schema.key, _key(row.key))
        if row.schema.key and (self.lines.get(place) or place in self.added_keys):
            return Written(Wrote.ALREADY, join_key(row.key), join_key(row.key))
        width = len(self.header.raw) if self.header else 0
        texts = [""] * width
        for name, value in (*zip(row.schema.key, row.key, strict=True), *row.values):
            texts[columns[name]] = format_cell(
                row.schema.column(name), value, language=self.opening.language, zone=self.opening.zone
            )
        if not self._can_write("".join(texts)):
            return Written(Wrote.REFUSED, detail=self._why_not_written())
        self.patch.add_line(texts, like=self.patch.last if self.patch.last is not self.header else None)
        self.added_keys.add(place)
        return Written(Wrote.WRITTEN, "", join_key(row.key))

    def _wanted(
        self, wishes: Sequence[CellChange | NewRow]
    ) -> dict[tuple[str, ...], tuple[list[int], set[str]]]:
        wanted: dict[tuple[str, ...], tuple[list[int], set[str]]] = {}
        for wish in wishes:
            columns = self._columns(wish.schema)
            if all(name in columns for name in wish.schema.key):
                positions = [columns[name] for name in wish.schema.key]
                wanted.setdefault(wish.schema.key, (positions, set()))[1].add(_key(wish.key))
        return wanted

    def _columns(self, schema: Schema) -> Mapping[str, int]:
        header = tuple(field_value(raw) for raw in self.header.raw) if self.header else ()
        cells = pl.DataFrame(schema={str(number): pl.String for number in range(len(header))})
        return find_columns(schema, Sheet(self.path.stem, header, cells))[0]

    def _can_write(self, text: str) -> bool:
        try:
            self.source.encode(text)
        except UnicodeEncodeError:
            return False
        return True

    def _why_not_written(self) -> str:
        return f"{self.path.name} is in {self.source.encoding}, which lacks a letter of it; save it as UTF-8"


def _find(sheet: str, paths: Mapping[str, Path]) -> Path | None:
    name = _tab(sheet.removesuffix(".csv"))
    alike = [path for stem, path in paths.items() if stem.casefold() == name.casefold()]
    return paths.get(name) or (alike[0] if len(alike) == 1 else None)


def _no_file(schema: Schema, folder: Path, paths: Mapping[str, Path]) -> Problem:
    names = {stem.casefold(): stem for stem in paths}
    close = difflib.get_close_matches(schema.sheet.casefold(), names, n=1)
    shown = ", ".join(path.name for path in paths.values()) or "none"
    what = f'there is no file "{schema.sheet}.csv" in the folder "{folder.name}"; CSV files there: {shown}'
    if not close:
        return Problem(
            Place(table=schema.table), what, "put the file back, or correct the table's sheet in the config"
        )
    seen = names[close[0]]
    fix = f'rename "{seen}.csv" to "{schema.sheet}.csv", or write sheet: {seen} in the config'
    return Problem(Place(table=schema.table), f'{what} (is it "{seen}.csv" now?)', fix, seen)


def _never_closed(path: Path, text: str, line: Line) -> str:
    number = text.count("\n", 0, line.start) + 1
    return f"{path.name}: a quote that opens in line {number} never closes: no telling the rows apart"


def _tab(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _text(line: Line, position: int) -> str:
    """Return a cell's text as `read` delivers it; "" for blanks only."""
    text = field_value(line.raw[position]) if 0 <= position < len(line.raw) else ""
    return text if text.strip(BLANKS) else ""


def _cell(line: Line, position: int) -> str:
    return _text(line, position).strip(BLANKS)


def _key(parts: Iterable[str]) -> str:
    return join_key([part.strip(BLANKS) for part in parts])
