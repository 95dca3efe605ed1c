"""May this cell be written, or would that break something that a person made?"""

from dataclasses import dataclass
from functools import cached_property

from rowcall.ooxml.address import Area, parse_area
from rowcall.ooxml.grid import array_areas
from rowcall.ooxml.markup import attribute, elements
from rowcall.ooxml.sheet import Cell, SheetXml
from rowcall.ooxml.styles import Styles


@dataclass(frozen=True)
class Guard:
    """Knows what on a sheet must not be written over."""

    sheet: SheetXml
    styles: Styles

    @cached_property
    def _tail(self) -> int:
        return self.sheet.body.end

    @cached_property
    def structure(self) -> str:
        """Return why nothing at all may be written into the sheet, or ""."""
        if not self.sheet.ascending:
            return "the rows of the sheet are not stored in order; open the file in Excel and save it again"
        if not self.sheet.regular and (b"<!--" in self.sheet.xml or b"<![CDATA[" in self.sheet.xml):
            return "the sheet holds remarks in its XML; open the file in Excel and save it again"
        if b"<!DOCTYPE" in self.sheet.xml[:1000] or b"encoding=" in self.sheet.xml[:100].replace(
            b'encoding="UTF-8"', b""
        ).replace(b'encoding="utf-8"', b"").replace(b"encoding='UTF-8'", b""):
            return "the sheet is stored in an unusual encoding; open the file in Excel and save it again"
        return ""

    @cached_property
    def protected(self) -> bool:
        """Tell whether the sheet is protected."""
        found = elements(self.sheet.xml, self.sheet.prefix, b"sheetProtection", self._tail)
        return bool(found) and attribute(found[0].tag, "sheet") in ("1", "true")

    @cached_property
    def merged(self) -> tuple[Area, ...]:
        """Return the merged ranges."""
        found = elements(self.sheet.xml, self.sheet.prefix, b"mergeCell", self._tail)
        return tuple(parse_area(attribute(merge.tag, "ref") or "A1") for merge in found)

    @cached_property
    def arrays(self) -> tuple[Area, ...]:
        """Return the ranges that array formulas and data tables fill."""
        if not self.sheet.has_formulas:
            return ()
        return tuple(area for area, _ in array_areas(self.sheet))

    def why_not(self, place: tuple[int, int], cell: Cell | None, style: int) -> str:
        """Return why the cell at (row, column) must not be written, or ""."""
        if self.structure:
            return self.structure
        if cell is not None and cell.has_formula:
            return "the cell holds a formula; formulas are never overwritten"
        if any(place in area for area in self.arrays):
            return "the cell shows a part of an array formula's result"
        if any(place in area and place != (area.top, area.left) for area in self.merged):
            return "the cell is hidden in a merged range; only the first cell of the range can be written"
        if self.protected and self.styles[style].locked:
            return "the sheet is protected and the cell is locked; unlock the cell or unprotect the sheet"
        if cell is not None and _has_more(cell, self.sheet.prefix):
            return "the cell holds more than a value, in a way that Rowcall does not understand"
        return ""


def _has_more(cell: Cell, prefix: bytes) -> bool:
    rest = cell.content
    for name in (b"v", b"is"):
        for found in elements(rest, prefix, name)[:1]:
            rest = rest[: found.start] + rest[found.end :]
    return bool(rest.strip())
