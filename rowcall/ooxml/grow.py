"""What must grow when rows are appended at the end of a sheet's data?

Ranges that end at the old last row: filters, validations, conditional formats (old and new style), tables.
"""

import re
from dataclasses import replace

from rowcall.ooxml.address import Area, parse_area
from rowcall.ooxml.book import ListTable
from rowcall.ooxml.markup import Edit, apply, attribute, elements, root_prefix, with_attribute
from rowcall.ooxml.sheet import SheetXml

_NEW_STYLE = re.compile(
    rb"<(?P<p>[\w.-]+:)(?P<kind>conditionalFormatting|dataValidation)[\s>].*?</(?P=p)(?P=kind)>", re.DOTALL
)
_PLACE = re.compile(rb"(<[\w.-]+:sqref(?:\s[^>]*)?>)([^<]*)(</)")


def growth(sheet: SheetXml, data: Area, last_row: int) -> list[Edit]:
    """Return the edits of the sheet's XML that let all ranges that ended with the data reach to last_row."""
    xml, tail = sheet.xml, sheet.body.end
    edits: list[Edit] = []
    for name, key in (
        (b"autoFilter", "ref"),
        (b"conditionalFormatting", "sqref"),
        (b"dataValidation", "sqref"),
    ):
        for found in elements(xml, sheet.prefix, name, tail):
            old = attribute(found.tag, key) or ""
            new = _grown(old, data, last_row)
            if new != old:
                edits.append((found.start, found.start + len(found.tag), with_attribute(found.tag, key, new)))
    for block in _NEW_STYLE.finditer(xml, tail):
        for place in _PLACE.finditer(block[0]):
            new = _grown(place[2].decode(), data, last_row)
            at = block.start() + place.start(2)
            if new != place[2].decode():
                edits.append((at, at + len(place[2]), new.encode()))
    return edits


def dimension(sheet: SheetXml, written: Area) -> list[Edit]:
    """Return the edit of the sheet's XML that lets its note of the used range cover the written cells."""
    found = elements(sheet.xml, sheet.prefix, b"dimension", 0, sheet.body.start)
    old = attribute(found[0].tag, "ref") if found else None
    if not found or not old:
        return []
    area = parse_area(old)
    new = Area(
        min(area.top, written.top),
        min(area.left, written.left),
        max(area.bottom, written.bottom),
        max(area.right, written.right),
    )
    if new == area:
        return []
    tag = with_attribute(found[0].tag, "ref", str(new))
    return [(found[0].start, found[0].start + len(found[0].tag), tag)]


def grown_table(xml: bytes, table: ListTable, last_row: int) -> tuple[bytes, ListTable]:
    """Return a table's part and the table, reaching to last_row."""
    prefix = root_prefix(xml)
    area = replace(table.area, bottom=last_row)
    edits: list[Edit] = []
    for name in (b"table", b"autoFilter"):
        for found in elements(xml, prefix, name)[:1]:
            if attribute(found.tag, "ref"):
                end = found.start + len(found.tag)
                edits.append((found.start, end, with_attribute(found.tag, "ref", str(area))))
    return apply(xml, edits), replace(table, area=area)


def _grown(places: str, data: Area, last_row: int) -> str:
    return " ".join(_grown_one(place, data, last_row) for place in places.split())


def _grown_one(place: str, data: Area, last_row: int) -> str:
    try:
        area = parse_area(place)
    except ValueError:
        return place
    begins_above = area.top < data.bottom or data.bottom == data.top + 1
    if area.bottom != data.bottom or not begins_above or not area.meets(data):
        return place
    return str(replace(area, bottom=last_row))
