"""Where does each field of a CSV text stand, what does it say, and how is another text written in its place?

A field in quotes may hold delimiters, line breaks and doubled quotes; what follows its closing quote
belongs to it. Text that a spreadsheet program would take for a formula is written behind an apostrophe
(`'=1+1`), as people do in such programs, and read back without it.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest

import polars as pl

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DELIMITERS = ",;\t|"
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"?')
_SEP_LINE = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)
_LEADERS = "=+\\-@\t\r＝＋－＠"  # full-width ones: some spreadsheet programs evaluate them too
_RISKY = re.compile(rf"[{_LEADERS}]|'+[{_LEADERS}]")
_SIGNED_NUMBER = re.compile(r"[+-][0-9]+(?:[.,][0-9]+)*%?", re.ASCII)
_USUAL_PAIR = re.compile(rb"[\xa1-\xa9\xb0-\xd7][\xa1-\xfe]")
_GUESS_BYTES = 65_536
_LAST = "\x00last"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, and what is needed to turn it into the same bytes again."""

    text: str
    encoding: str
    mark: bytes

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text in the file's encoding; raises UnicodeEncodeError."""
        return self.mark + text.encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a CSV text: its raw fields, quotes included, and where it stands.

    start, stop, end: offsets of the first field, behind the last one, and behind the line end.
    closed: whether every quote that opens is closed again.
    """

    raw: list[str]
    start: int
    stop: int
    end: int
    closed: bool = True

    @property
    def blank(self) -> bool:
        """Whether no field says anything."""
        return not any(field_value(raw).strip() for raw in self.raw)

    def span(self, position: int) -> tuple[int, int]:
        """Return the offsets of the field at a position."""
        start = self.start + sum(map(len, self.raw[:position])) + position
        return start, start + len(self.raw[position])


@dataclass(slots=True)
class Patch:
    """Changes to be made to a CSV text; every character that they don't concern stays as it is.

    last: the row behind which rows are added. edited: a row's start → the row as it will be.
    """

    text: str
    delimiter: str
    last: Line | None = None
    edited: dict[int, Line] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.edited or self.added)

    def set_field(self, line: Line, position: int, value: str) -> str:
        """Put a value into a field, made if the row is too short; return the text that a reader will find."""
        raw = line.raw + [""] * (position + 1 - len(line.raw))
        # A row of one empty field needs its quotes: an empty line would be no row.
        quoted = raw[position].startswith('"') or (value == "" and len(raw) == 1)
        raw[position] = write_field(value, self.delimiter, quoted=quoted)
        self.edited[line.start] = replace(line, raw=raw)
        return field_value(raw[position])

    def add_line(self, values: list[str], *, like: Line | None) -> None:
        """Add a row of values behind the last one, with quotes where the row `like` has them."""
        quoted = [raw.startswith('"') for raw in like.raw] if like else []
        quoted += [False] * len(values)
        raw = [write_field(value, self.delimiter, quoted=quoted[at]) for at, value in enumerate(values)]
        self.added.append(self.delimiter.join(raw))

    def new_text(self) -> str:
        """Return the text with all changes made."""
        pieces, at = [], 0
        for start in sorted(self.edited):
            line = self.edited[start]
            pieces += [self.text[at:start], self.delimiter.join(line.raw)]
            at = line.stop
        if self.added and self.last is not None:
            # A last row without a line end stays the kind of file it is: the end goes before the new row.
            ended = self.last.end > self.last.stop
            line_end = self.text[self.last.stop : self.last.end] if ended else self._first_line_end()
            pieces.append(self.text[at : self.last.end])
            pieces += [f"{row}{line_end}" if ended else f"{line_end}{row}" for row in self.added]
            at = self.last.end
        return "".join([*pieces, self.text[at:]])

    def _first_line_end(self) -> str:
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"


def decode(content: bytes, *, encoding: str = "", language: str = "en") -> Decoded | None:
    """Return the text of a file by its byte-order mark, the encoding named or the one that fits, or None.

    Raises LookupError for an encoding that does not exist.
    """
    for mark, by_mark in _MARKS:
        if content.startswith(mark):
            return _try(content[len(mark) :], by_mark, mark)
    if encoding:
        return _try(content, encoding, b"")
    western = language != "zh" and not _looks_chinese(content[:_GUESS_BYTES])
    for guess in ("utf-8", "cp1252", "gb18030") if western else ("utf-8", "gb18030", "cp1252"):
        found = _try(content, guess, b"")
        if found is not None:
            return found
    return None


def find_delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter of a CSV text, and where its first line begins (behind a line `sep=;`)."""
    named = _SEP_LINE.match(text)
    if named:
        return named[1], named.end()
    end = _LINE_END.search(text)
    first = re.sub(r'"[^"]*"', "", text[: end.start()] if end else text)
    return max(_DELIMITERS, key=first.count), 0


def scan(text: str, delimiter: str, start: int = 0) -> Iterator[Line]:
    """Yield the rows of a CSV text from an offset on, blank ones included."""
    pattern = re.compile(rf'(?:"(?:[^"]++|"")*+("?))?+[^{re.escape(delimiter)}\r\n]*+')
    at, size = start, len(text)
    while at < size:
        found = _LINE_END.search(text, at)
        stop, end = found.span() if found else (size, size)
        if '"' not in text[at:stop]:
            yield Line(text[at:stop].split(delimiter), at, stop, end)
            at = end
            continue
        raw, closed, begin = [], True, at
        while True:
            match = pattern.match(text, at)
            assert match is not None  # noqa: S101 - the pattern also matches nothing
            raw.append(match[0])
            closed = closed and match[1] != ""
            at = match.end()
            if text[at : at + 1] != delimiter:
                break
            at += 1
        found = _LINE_END.match(text, at)
        end = found.end() if found else at
        yield Line(raw, begin, at, end, closed)
        at = end


def field_value(raw: str) -> str:
    """Return what a raw field says."""
    raw = field_text(raw)
    return raw[1:] if raw[:1] == "'" and _RISKY.match(raw) else raw


def field_text(raw: str) -> str:
    """Return a raw field without its quotes, an apostrophe before a formula still there."""
    if raw[:1] != '"':
        return raw
    if len(raw) > 1 and raw[-1] == '"' and '"' not in raw[1:-1]:
        return raw[1:-1]
    match = _QUOTED.match(raw)
    return raw if match is None else match[1].replace('""', '"') + raw[match.end() :]


def write_field(value: str, delimiter: str, *, quoted: bool = False) -> str:
    """Return the raw field that says a value: in quotes if told so or needed."""
    if _RISKY.match(value) and not _SIGNED_NUMBER.fullmatch(value):
        value = f"'{value}"
    needs = quoted or any(sign in value for sign in (delimiter, '"', "\r", "\n")) or value != value.strip()
    return '"' + value.replace('"', '""') + '"' if needs else value


def read_cells(text: str, delimiter: str, start: int) -> pl.DataFrame | Line:
    """Return all fields as String columns "0", "1", … (null = empty), or the row whose quote never closes."""
    cells = (
        _split_plain(text[start:], delimiter) if '"' not in text else _split_quoted(text, delimiter, start)
    )
    if isinstance(cells, Line):
        return cells
    behind_apostrophe = pl.all().str.replace(rf"^'('*[{_LEADERS}])", "${1}")
    return cells.with_columns(behind_apostrophe).with_columns(pl.when(pl.all() != "").then(pl.all()))


def split_header(cells: pl.DataFrame) -> tuple[tuple[str, ...], pl.DataFrame]:
    """Return the first row in which a cell is filled, and the rows below it."""
    if not cells.width:
        return (), cells
    filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "").fill_null(value=False))
    first = filled.to_series().arg_max()
    if first is None or not filled.to_series().any():
        return (), pl.DataFrame()
    return tuple(cell or "" for cell in cells.row(first)), cells[first + 1 :]


def _split_plain(text: str, delimiter: str) -> pl.DataFrame:
    lines = _LINE_END.split(text)
    if lines[-1] == "":
        lines.pop()
    rows = pl.Series(lines, dtype=pl.String).str.split(delimiter)
    width = max(rows.list.len().to_list(), default=0)
    return rows.list.to_struct(fields=_names(width)).struct.unnest()


def _split_quoted(text: str, delimiter: str, start: int) -> pl.DataFrame | Line:
    rows = _read_fast(text[start:], delimiter)
    if rows is None:
        rows = []
        for line in scan(text, delimiter, start):
            if not line.closed:
                return line
            rows.append([field_text(raw) for raw in line.raw])
    width = max(map(len, rows), default=0)
    columns = dict(zip(_names(width), zip_longest(*rows), strict=True))
    return pl.DataFrame(columns, schema=dict.fromkeys(_names(width), pl.String))


def _read_fast(text: str, delimiter: str) -> list[list[str]] | None:
    """Read with Python's own fast reader; None if it can't, or a quote never closes."""
    gap = "" if text.endswith(("\n", "\r")) else "\n"
    try:
        rows = list(csv.reader(io.StringIO(f"{text}{gap}{_LAST}", newline=""), delimiter=delimiter))
    except csv.Error:  # a field of more than 128 KB
        return None
    # A quote that never closes swallows the mark.
    return rows[:-1] if rows[-1] == [_LAST] else None


def _names(width: int) -> list[str]:
    return [str(number) for number in range(width)]


def _try(content: bytes, encoding: str, mark: bytes) -> Decoded | None:
    try:
        return Decoded(content.decode(encoding), encoding, mark)
    except UnicodeDecodeError:
        return None


def _looks_chinese(content: bytes) -> bool:
    """Tell Chinese in GB18030 from accents in a Western code page by how many pairs are usual characters.

    Punctuation begins with A1–A9 and the 3,755 commonest characters with B0–D7; Western small letters with
    accents lie above them, and plain letters follow them.
    """
    pairs = re.findall(rb"[\x81-\xfe].", content, re.DOTALL)
    usual = sum(_USUAL_PAIR.match(pair) is not None for pair in pairs)
    return usual * 2 > len(pairs)
