"""What stands in a workbook file, cell by cell, and which cells differ between two versions of it?"""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from rowcall.errors import WorkbookError
from rowcall.kinds import connector_kind
from rowcall.ports import Opening, Workbook
from rowcall.sample.headers import HEADERS, TABS
from rowcall.table import Schema, clean_header

Cells = Mapping[tuple[str, str, str], str]
"""Table, key and column of a cell → its text."""


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that holds something else than before; "" = empty."""

    table: str
    key: str
    column: str
    before: str
    after: str


_UTC = ZoneInfo("UTC")


def open_sample(path: Path, zone: ZoneInfo = _UTC) -> Workbook:
    """Open the sample workbook as its own connector does; the zone only matters to whoever types moments."""
    kind = connector_kind("xlsx")
    return kind.open_workbook(kind.params(path=path.name), Opening("shop", path.parent, zone, "en"))


def read_cells(workbook: Workbook, schemas: Iterable[Schema]) -> Cells:
    """Return the filled cells of the tables with one key column; raises WorkbookError."""
    by_table = {schema.table: schema for schema in schemas}
    reading = workbook.read(list(by_table.values()))
    if reading.missing:
        raise WorkbookError(reading.missing[0][1].what, permanent=True)
    cells: dict[tuple[str, str, str], str] = {}
    for table, sheet in reading.sheets:
        headers = [clean_header(header) for header in sheet.header]
        key = headers.index(by_table[table].key[0])
        for row in sheet.cells.iter_rows():  # a sample of some dozens of rows
            for header, text in zip(headers, row, strict=False):
                if row[key] and text:
                    cells[table, row[key], header] = text
    return cells


def changed_cells(before: bytes, after: bytes, schemas: Iterable[Schema]) -> tuple[ChangedCell, ...]:
    """Return the cells that differ between two versions of a workbook, in the order of the tables."""
    # What is stored the same holds the same cells, and need not be read.
    touched = [schema for schema in schemas if stored_tab(before, schema) != stored_tab(after, schema)]
    if not touched:
        return ()
    old, new = _read(before, touched), _read(after, touched)
    return tuple(
        ChangedCell(*place, old.get(place, ""), new.get(place, ""))
        for place in dict.fromkeys([*old, *new])
        if old.get(place, "") != new.get(place, "")
    )


def tab_part(schema: Schema) -> str:
    """Return under which name the sample workbook's file holds a tab: they are numbered in their order."""
    names = {name: number for number, table in enumerate(HEADERS, 1) for name in (table, TABS[table])}
    return f"xl/worksheets/sheet{names[schema.sheet]}.xml"


def stored_tab(content: bytes, schema: Schema) -> bytes:
    """Return a tab as the file holds it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(tab_part(schema))


def _read(content: bytes, schemas: Iterable[Schema]) -> Cells:
    with TemporaryDirectory(prefix="rowcall-demo-") as folder:
        path = Path(folder) / "shop.xlsx"
        path.write_bytes(content)
        return read_cells(open_sample(path), schemas)
