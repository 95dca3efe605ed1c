"""Where in a sheet's XML stands which row and cell?"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import lt

from rowcall.errors import WriteRefused
from rowcall.ooxml.address import column_number, letters
from rowcall.ooxml.markup import Element, attribute, elements, root_prefix, start_tag, unescape

_FEW, _NEAR = 50, 500
_FACTS = ("regular", "regular_rows", "ascending")
_CELL_NAME = re.compile(rb"([A-Za-z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class RowSpan:
    """A row element: its number and where it stands."""

    number: int
    start: int
    tag_end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the XML has it. kind: the attribute t. value: the content of <v>, None if there is none."""

    row: int
    column: int
    start: int
    end: int
    tag: bytes
    content: bytes
    style: int
    kind: str
    value: str | None
    has_formula: bool


class SheetXml:
    """A sheet's part with an index of its rows; cells are looked at when asked for."""

    def __init__(self, xml: bytes, like: "SheetXml | None" = None, *, adds_formulas: bool = False) -> None:
        """Take a part's bytes; like: the same sheet before it was patched, so as regular as that."""
        if like is not None:  # its facts only: a sheet that held the one before it would hold them all
            self.__dict__ |= {fact: getattr(like, fact) for fact in _FACTS}
            self.__dict__["has_formulas"] = adds_formulas or like.has_formulas
        self.xml = xml
        self.prefix = root_prefix(xml)
        self._by_number: dict[int, int] | None = None
        self._jumps = 0
        self._last_asked: RowSpan | None = None

    @cached_property
    def body(self) -> Element:
        """Return the element that holds the rows; raises WriteRefused when there is none."""
        # The end is looked for from the end: the rows between are the mass of the file.
        name = self.prefix + b"sheetData"
        opened = start_tag(self.prefix, b"sheetData").search(self.xml)
        close = self.xml.rfind(b"</" + name)
        if opened and opened[0].endswith(b"/>") and close < 0:
            return Element(opened.start(), opened.end(), opened[0], opened.end(), opened.end())
        is_known = "regular" in self.__dict__
        if (
            not opened
            or close < opened.end()
            or (not is_known and self.xml.find(b"<" + name, opened.end(), close) >= 0)
        ):
            raise WriteRefused("the sheet's rows are stored in a way that Rowcall does not understand.")
        end = self.xml.index(b">", close) + 1
        return Element(opened.start(), end, opened[0], opened.end(), close)

    @cached_property
    def regular(self) -> bool:
        """Tell whether every cell names its place in the usual spelling, and nothing odd stands between."""
        xml, body, mark = self.xml, self.body, b"<" + self.prefix
        start, end = body.content_start, body.content_end
        return (
            xml.count(mark + b"c", start, end) == xml.count(mark + b'c r="', start, end)
            and _find_rare(xml, b"<!", start, end) < 0
            and b"<!DOCTYPE" not in xml[:1000]
            and b"='" not in xml[start : start + 10_000]
        )

    @cached_property
    def regular_rows(self) -> bool:
        """Tell the same of the rows."""
        return self.regular and b"" not in self._names

    @cached_property
    def has_formulas(self) -> bool:
        """Tell whether there is any formula."""
        mark = b"<" + self.prefix + b"f"
        return _find_rare(self.xml, mark, self.body.content_start, self.body.content_end) >= 0

    @cached_property
    def ascending(self) -> bool:
        """Tell whether every row stands below the one before."""
        return all(map(lt, self.numbers, islice(self.numbers, 1, None)))

    @cached_property
    def numbers(self) -> list[int]:
        """Return the numbers of all rows in the order of the file; one without a number follows the one before."""
        found = [int(named) if named else -1 for named in self._names]
        if -1 in found:
            for at, start in enumerate(self._starts):
                named = attribute(self._tag_at(start), "r")
                found[at] = int(named) if named else (found[at - 1] if at else 0) + 1
        return found

    @cached_property
    def _names(self) -> list[bytes]:
        """Return what every row calls itself, b"" where that does not come first in its tag."""
        pattern = re.compile(b"<" + self.prefix + rb"row(?: r=\"(\d+)\")?(?=[\s/>])")
        return pattern.findall(self.xml, self.body.content_start, self.body.content_end)

    @cached_property
    def _starts(self) -> list[int]:
        pattern = re.compile(b"<" + self.prefix + rb"row(?=[\s/>])")
        body = self.body
        return [found.start() for found in pattern.finditer(self.xml, body.content_start, body.content_end)]

    def _tag_at(self, start: int) -> bytes:
        return self.xml[start : self.xml.index(b">", start) + 1]

    @property
    def rows(self) -> Iterator[RowSpan]:
        """Yield the rows in the order of the file."""
        if self.regular_rows:
            yield from self._walk(self.body.content_start)
            return
        for number, start in zip(self.numbers, self._starts, strict=True):
            yield RowSpan(number, start, self.xml.index(b">", start) + 1)

    def _walk(self, at: int) -> Iterator[RowSpan]:
        pattern = re.compile(b"<" + self.prefix + rb'row r="(\d+)"[^>]*>')
        for found in pattern.finditer(self.xml, at, self.body.content_end):
            yield RowSpan(int(found[1]), found.start(), found.end())

    def rows_upwards(self) -> Iterator[RowSpan]:
        """Yield the rows from the last to the first."""
        mark, body = b"<" + self.prefix + b"row", self.body
        if not self.regular_rows:
            yield from reversed(list(self.rows))
            return
        at = body.content_end
        while (at := self.xml.rfind(mark, body.content_start, at)) >= 0:
            yield from islice(self._walk(at), 1)

    def row(self, number: int) -> RowSpan | None:
        """Return the row of that number, or None when it does not exist yet."""
        if self.regular_rows and self._by_number is None and self._jumps < _FEW:
            return self._find_row(number)
        if self._by_number is None:
            self._by_number = dict(zip(self.numbers, self._starts, strict=True))
        start = self._by_number.get(number)
        return None if start is None else RowSpan(number, start, self.xml.index(b">", start) + 1)

    def _find_row(self, number: int) -> RowSpan | None:
        """Search the bytes for a row, from the one asked for before: cheaper than an index for a few rows."""
        mark, body, last = b'<%srow r="%d"' % (self.prefix, number), self.body, self._last_asked
        if number > self._last_number:
            return None
        if last is None or abs(number - last.number) > _NEAR:
            self._jumps += 1
        if last is not None and number < last.number:
            at = self.xml.rfind(mark, body.content_start, last.start)
        elif self._last_number - number < _NEAR:
            at = self.xml.rfind(mark, body.content_start, body.content_end)
        else:
            at = self.xml.find(mark, last.start if last else body.content_start, body.content_end)
        if at < 0:
            self._jumps += 1
            return None
        self._last_asked = next(self._walk(at))
        return self._last_asked

    @cached_property
    def _last_number(self) -> int:
        last = next(self.rows_upwards(), None)
        return last.number if last else 0

    def row_after(self, number: int) -> int:
        """Return where the first row below that number begins, or where the last row ends."""
        last = next(self.rows_upwards(), None)
        if last is None:
            return self.body.content_start
        if last.number < number:
            return self.row_end(last)
        at = bisect_right(self.numbers, number)
        return self._starts[at] if at < len(self.numbers) else self.row_end(last)

    def row_end(self, row: RowSpan) -> int:
        """Return where the row element ends."""
        if self.xml[row.tag_end - 2 : row.tag_end] == b"/>":
            return row.tag_end
        close = b"</" + self.prefix + b"row"
        return self.xml.index(b">", self.xml.index(close, row.tag_end)) + 1

    def cells(self, row: RowSpan) -> list[Cell]:
        """Return the cells of a row."""
        found: list[Cell] = []
        column = 0
        for element in elements(self.xml, self.prefix, b"c", row.tag_end, self.row_end(row)):
            cell = self._cell(element, row.number, column + 1)
            column = cell.column
            found.append(cell)
        return found

    def cell(self, row: int, column: int) -> Cell | None:
        """Return one cell, or None when it does not exist yet."""
        span = self.row(row)
        if span is None:
            return None
        return next((cell for cell in self.cells(span) if cell.column == column), None)

    def cell_around(self, offset: int) -> Cell | None:
        """Return the cell in whose element the offset lies, or None; only for regular sheets."""
        start = self.xml.rfind(b"<" + self.prefix + b"c ", 0, offset + 4)
        if start < self.body.content_start:
            return None
        cell = self.cell_at(start)
        return cell if cell.start <= offset < cell.end else None

    def cell_at(self, start: int) -> Cell:
        """Return the cell whose element starts at an offset."""
        tag_end = self.xml.index(b">", start) + 1
        tag = self.xml[start:tag_end]
        if tag.endswith(b"/>"):
            return self._cell(Element(start, tag_end, tag, tag_end, tag_end), 0, 0)
        close = self.xml.index(b"</" + self.prefix + b"c>", tag_end)
        return self._cell(Element(start, close + len(self.prefix) + 4, tag, tag_end, close), 0, 0)

    def formula_texts(self) -> Iterator[tuple[int, int, int, bytes, bytes]]:
        """Yield of all formula cells: where it starts, row, column, tag and raw text of the formula."""
        p, body = self.prefix, self.body
        if not self.regular:
            for cell in (cell for row in self.rows for cell in self.cells(row)):
                for found in elements(cell.content, p, b"f")[:1]:
                    raw = cell.content[found.content_start : found.content_end]
                    yield cell.start, cell.row, cell.column, found.tag, raw
            return
        pattern = re.compile(rb"(<%sf(?:\s[^>]*)?>)([^<]*)" % p)
        named = re.compile(rb'<%sc r="([A-Z]+)(\d+)"' % p)
        mark = b"<" + p + b"c "
        for formula in pattern.finditer(self.xml, body.content_start, body.content_end):
            start = self.xml.rfind(mark, 0, formula.start())
            if cell_name := named.match(self.xml, start):
                raw = b"" if formula[1].endswith(b"/>") else formula[2]
                yield start, int(cell_name[2]), column_number(cell_name[1].decode()), formula[1], raw

    def default_style(self, row: int, column: int) -> int:
        """Return the format of a cell that does not exist yet: its row's, else its column's."""
        span = self.row(row)
        if span is not None:
            tag = self.xml[span.start : span.tag_end]
            if attribute(tag, "customFormat") in ("1", "true"):
                return int(attribute(tag, "s") or 0)
        for found in elements(self.xml, self.prefix, b"col", 0, self.body.start):
            if int(attribute(found.tag, "min") or 0) <= column <= int(attribute(found.tag, "max") or 0):
                return int(attribute(found.tag, "style") or 0)
        return 0

    def column(self, number: int) -> Iterator[Cell]:
        """Yield all cells of a column, top down."""
        if not self.regular:
            for row in self.rows:
                yield from (cell for cell in self.cells(row) if cell.column == number)
            return
        mark = b"<" + self.prefix + b'c r="' + letters(number).encode()
        body = self.body
        for match in re.finditer(re.escape(mark) + rb"\d", self.xml[: body.content_end]):
            yield self.cell_at(match.start())

    def _cell(self, element: Element, row: int, column: int) -> Cell:
        named = _CELL_NAME.fullmatch((attribute(element.tag, "r") or "").encode())
        if named:
            row, column = int(named[2]), column_number(named[1].decode())
        content = self.xml[element.content_start : element.content_end]
        return Cell(
            row,
            column,
            element.start,
            element.end,
            element.tag,
            content,
            int(attribute(element.tag, "s") or 0),
            attribute(element.tag, "t") or "n",
            _value(content, self.prefix),
            b"<" + self.prefix + b"f" in content,
        )


def _value(content: bytes, prefix: bytes) -> str | None:
    start = content.find(b"<" + prefix + b"v")
    if start < 0:
        return None
    opened = content.index(b">", start)
    if content[opened - 1 : opened] == b"/":
        return ""
    return unescape(content[opened + 1 : content.index(b"</", opened)])


def _find_rare(xml: bytes, mark: bytes, start: int, end: int) -> int:
    """Return where a mark stands that hardly ever does; its last letter alone is looked for far faster."""
    last = len(mark) - 1
    at = xml.find(mark[last:], start + last, end)
    return at if at < 0 else xml.find(mark, at - last, end)
