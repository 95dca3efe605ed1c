"""How do new cells and rows get into a sheet's XML while all else stays byte for byte?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rowcall.ooxml.address import letters
from rowcall.ooxml.markup import Edit, apply, attribute, escape, with_attribute
from rowcall.ooxml.sheet import Cell, RowSpan, SheetXml
from rowcall.ooxml.value import EMPTY, Stored


@dataclass(frozen=True, slots=True)
class NewCell:
    """What a cell is to hold: its format's number, and a value or a formula (not computed yet)."""

    style: int
    stored: Stored = EMPTY
    formula: str = ""


@dataclass(slots=True)
class SheetPatch:
    """The cells to be written into one sheet by (row, column), and the rows whose look new rows take over."""

    cells: dict[tuple[int, int], NewCell] = field(default_factory=dict)
    like: dict[int, int] = field(default_factory=dict)

    def edits(self, sheet: SheetXml) -> list[Edit]:
        """Return the edits of the sheet's XML that write the cells."""
        by_row: dict[int, dict[int, NewCell]] = {}
        for (number, column), cell in self.cells.items():
            by_row.setdefault(number, {})[column] = cell
        edits: list[Edit] = []
        missing: list[int] = []
        for number, cells in by_row.items():
            row = sheet.row(number)
            if row is None:
                missing.append(number)
            else:
                edits.append((row.start, sheet.row_end(row), _rebuilt(sheet, row, cells)))
        new_rows = [
            (number, _new_row(sheet, number, by_row[number], self.like)) for number in sorted(missing)
        ]
        return [*edits, *_insertions(sheet, new_rows)]


def without_results(sheet: SheetXml, cells: Iterable[Cell]) -> bytes:
    """Return the sheet's XML in which these formula cells (and array results) have no result any more."""
    edits: list[Edit] = []
    for cell in cells:
        content_at = cell.start + len(cell.tag)
        start = cell.content.find(b"<" + sheet.prefix + b"v")
        if start < 0:
            continue
        opened = cell.content.index(b">", start) + 1
        end = opened
        if cell.content[opened - 2 : opened] != b"/>":
            end = cell.content.index(b">", cell.content.index(b"</", opened)) + 1
        edits.append((content_at + start, content_at + end, b""))
        if cell.kind != "n":
            edits.append((cell.start, content_at, with_attribute(cell.tag, "t", None)))
    return apply(sheet.xml, edits)


def _rebuilt(sheet: SheetXml, row: RowSpan, cells: Mapping[int, NewCell]) -> bytes:
    """Return the row element with some cells replaced or put in, the others as they were."""
    old = sheet.cells(row)
    end = sheet.row_end(row)
    pieces = {cell.column: sheet.xml[cell.start : cell.end] for cell in old}
    tags = {cell.column: cell.tag for cell in old}
    for column, cell in cells.items():
        pieces[column] = _cell_xml(sheet.prefix, row.number, column, cell, tags.get(column))
    tag = sheet.xml[row.start : row.tag_end]
    close = b"</" + sheet.prefix + b"row>"
    tail = b""
    if old and not tag.endswith(b"/>"):
        tail = sheet.xml[old[-1].end : end - len(close)].strip()
    if tag.endswith(b"/>"):
        tag = tag[:-2].rstrip() + b">"
    return _widened(tag, cells) + b"".join(pieces[column] for column in sorted(pieces)) + tail + close


def _new_row(sheet: SheetXml, number: int, cells: Mapping[int, NewCell], like: Mapping[int, int]) -> bytes:
    tag = b"<" + sheet.prefix + b"row>"
    model = sheet.row(like.get(number, 0))
    if model is not None:
        tag = sheet.xml[model.start : model.tag_end]
        tag = tag[:-2].rstrip() + b">" if tag.endswith(b"/>") else tag
        for name in ("hidden", "collapsed", "outlineLevel"):
            tag = with_attribute(tag, name, None)
    tag = _widened(_with_number(tag, number, sheet.prefix), cells)
    body = b"".join(_cell_xml(sheet.prefix, number, column, cells[column], None) for column in sorted(cells))
    return tag + body + b"</" + sheet.prefix + b"row>"


def _with_number(tag: bytes, number: int, prefix: bytes) -> bytes:
    """Put the row's number first, where every program writes it."""
    tag = with_attribute(tag, "r", None)
    start = len(prefix) + 4
    return tag[:start] + b' r="%d"' % number + tag[start:]


def _widened(tag: bytes, cells: Mapping[int, NewCell]) -> bytes:
    """Keep the row's hint `spans` true."""
    spans = attribute(tag, "spans")
    if not spans or ":" not in spans or " " in spans:
        return with_attribute(tag, "spans", None) if spans else tag
    first, last = (int(part) for part in spans.split(":"))
    new = f"{min(first, *cells)}:{max(last, *cells)}"
    return tag if new == spans else with_attribute(tag, "spans", new)


def _cell_xml(prefix: bytes, row: int, column: int, cell: NewCell, old: bytes | None) -> bytes:
    tag = b'<%sc r="%s%d">' % (prefix, letters(column).encode(), row) if old is None else old
    if tag.endswith(b"/>"):
        tag = tag[:-2].rstrip() + b">"
    # vm and cm describe the value that goes: a rich value, a dynamic array.
    for name in ("vm", "cm", "t"):
        tag = with_attribute(tag, name, None)
    if cell.style != int(attribute(tag, "s") or 0):
        tag = with_attribute(tag, "s", str(cell.style))
    if cell.formula:
        inner = b"<%sf>%s</%sf>" % (prefix, escape(cell.formula), prefix)
    else:
        inner = cell.stored.inner(prefix)
        if cell.stored.kind and inner:
            tag = with_attribute(tag, "t", cell.stored.kind)
    if not inner:
        return tag[:-1] + b"/>"
    return tag + inner + b"</%sc>" % prefix


def _insertions(sheet: SheetXml, rows: list[tuple[int, bytes]]) -> list[Edit]:
    """Return the edits that put new rows where they belong, given in ascending order."""
    if not rows:
        return []
    body = sheet.body
    if body.tag.endswith(b"/>"):
        opened = body.tag[:-2].rstrip() + b">"
        close = b"</" + sheet.prefix + b"sheetData>"
        return [(body.start, body.end, opened + b"".join(xml for _, xml in rows) + close)]
    spots: dict[int, list[bytes]] = {}
    for number, xml in rows:
        spots.setdefault(sheet.row_after(number), []).append(xml)
    return [(spot, spot, b"".join(pieces)) for spot, pieces in spots.items()]
