"""Which tabs, names and tables has a workbook, and in which parts do they stand?"""

import posixpath
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from rowcall.errors import WorkbookError
from rowcall.ooxml.address import Area, parse_area
from rowcall.ooxml.archive import Archive
from rowcall.ooxml.markup import attribute, elements, root_prefix, unescape
from rowcall.ooxml.strings import SharedStrings
from rowcall.ooxml.styles import Styles


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its name, the part that holds it, and its number in calculation chains."""

    name: str
    part: str
    sheet_id: str
    is_grid: bool


@dataclass(frozen=True, slots=True)
class ListTable:
    """A table on a sheet (Excel's "Format as Table"): range with header, columns, and their formulas."""

    part: str
    name: str
    area: Area
    columns: tuple[str, ...]
    formulas: tuple[str | None, ...]
    header_rows: int
    totals_rows: int


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name: its formula, and the tab's position when it is known on one tab only."""

    text: str
    formula: str
    tab: int | None


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another part refers to."""

    id: str
    kind: str
    part: str


class Book:
    """What a workbook's parts say of each other; parts are read when asked for."""

    def __init__(self, archive: Archive, name: str) -> None:
        """Look into an archive; raises WorkbookError when it is not an Excel workbook."""
        self.archive = archive
        roots = _relations(archive, "") if "_rels/.rels" in archive else ()
        self.part = next((rel.part for rel in roots if rel.kind == "officeDocument"), "")
        if not self.part or self.part not in archive or not self.part.endswith(".xml"):
            raise WorkbookError(
                f"{name} is no Excel workbook (.xlsx), though it is packed like one.",
                permanent=True,
                fix='Open it in your spreadsheet program and save it as "Excel Workbook (*.xlsx)".',
            )
        self.xml = archive.read(self.part)
        if b"<!DOCTYPE" in self.xml[:1000]:
            raise WorkbookError(
                f"{name} holds a document type definition; no Excel file does.", permanent=True
            )
        self.prefix = root_prefix(self.xml)

    def take_over(self, before: "Book", changed: Collection[str]) -> None:
        """Take over what was decoded of this very workbook before some other parts of it changed."""
        for name, kind in (("strings", "sharedStrings"), ("styles", "styles")):
            part = self.related(kind)
            if name in before.__dict__ and part == before.related(kind) and part not in changed:
                self.__dict__.setdefault(name, before.__dict__[name])

    @cached_property
    def _relations(self) -> tuple[Relation, ...]:
        return _relations(self.archive, self.part)

    def related(self, kind: str) -> str | None:
        """Return the part of one kind that belongs to the workbook, if there is one."""
        return next((rel.part for rel in self._relations if rel.kind == kind), None)

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """Return the tabs in their order."""
        parts = {rel.id: rel for rel in self._relations}
        found = []
        for element in elements(self.xml, self.prefix, b"sheet"):
            rel = parts.get(_relation_id(element.tag))
            found.append(
                Tab(
                    attribute(element.tag, "name") or "",
                    rel.part if rel else "",
                    attribute(element.tag, "sheetId") or "",
                    rel is not None and rel.kind == "worksheet",
                )
            )
        return tuple(found)

    @cached_property
    def since_1904(self) -> bool:
        """Tell whether dates count from 1904."""
        found = elements(self.xml, self.prefix, b"workbookPr")
        return bool(found) and attribute(found[0].tag, "date1904") in ("1", "true")

    @cached_property
    def strings(self) -> SharedStrings:
        """Return the shared strings."""
        part = self.related("sharedStrings")
        return SharedStrings(self.archive.read(part) if part else b"")

    @cached_property
    def styles(self) -> Styles:
        """Return the cell formats."""
        part = self.related("styles")
        return Styles(self.archive.read(part) if part else b"")

    @property
    def calc_chain(self) -> str | None:
        """Return the part with the order of calculation, if there is one."""
        part = self.related("calcChain")
        return part if part in self.archive.names else None

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Return the defined names."""
        found = []
        for element in elements(self.xml, self.prefix, b"definedName"):
            tab = attribute(element.tag, "localSheetId")
            formula = unescape(self.xml[element.content_start : element.content_end])
            found.append(Name(attribute(element.tag, "name") or "", formula, int(tab) if tab else None))
        return tuple(found)

    def tables(self, tab: Tab) -> tuple[ListTable, ...]:
        """Return the tables on a tab."""
        return tuple(
            _list_table(rel.part, self.archive.read(rel.part))
            for rel in _relations(self.archive, tab.part)
            if rel.kind == "table"
        )


def _relation_id(tag: bytes) -> str:
    """Return the attribute `r:id` of a sheet, whatever its prefix is called."""
    for piece in tag.split():
        name, _, value = piece.partition(b"=")
        if name.endswith(b":id"):
            return value.strip(b"\"'/>").decode()
    return ""


def _relations(archive: Archive, part: str) -> tuple[Relation, ...]:
    folder, name = posixpath.split(part)
    where = posixpath.join(folder, "_rels", f"{name}.rels")
    if where not in archive:
        return ()
    xml = archive.read(where)
    return tuple(
        Relation(
            attribute(found.tag, "Id") or "",
            (attribute(found.tag, "Type") or "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attribute(found.tag, "Target") or "")).lstrip("/"),
        )
        for found in elements(xml, root_prefix(xml), b"Relationship")
        if attribute(found.tag, "TargetMode") != "External"
    )


def _list_table(part: str, xml: bytes) -> ListTable:
    prefix = root_prefix(xml)
    root = elements(xml, prefix, b"table")[0]
    columns = elements(xml, prefix, b"tableColumn")
    formulas = []
    for column in columns:
        found = elements(xml, prefix, b"calculatedColumnFormula", column.content_start, column.content_end)
        formulas.append(unescape(xml[found[0].content_start : found[0].content_end]) if found else None)
    return ListTable(
        part,
        attribute(root.tag, "displayName") or attribute(root.tag, "name") or "",
        parse_area(attribute(root.tag, "ref") or "A1"),
        tuple(attribute(column.tag, "name") or "" for column in columns),
        tuple(formulas),
        int(attribute(root.tag, "headerRowCount") or 1),
        int(attribute(root.tag, "totalsRowCount") or 0),
    )
