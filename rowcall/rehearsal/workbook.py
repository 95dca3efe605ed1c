"""What do virtual tables hold, and what happens when somebody writes into them?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.numbers import BLANKS
from rowcall.ports import CellChange, NewRow, Reading, Written, Wrote
from rowcall.table import Schema, Sheet, join_key

Rows = list[dict[str, str]]


@dataclass(slots=True)
class VirtualWorkbook:
    """Tables as rows of texts; fulfils the port of a workbook, so that the real actions write into it.

    header: table → its columns. rows: table → its rows; a column that a row does not name is empty.
    """

    language: str
    zone: ZoneInfo
    header: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)

    def read(self, wanted: Sequence[Schema]) -> Reading:
        """Return the tables as a reader of a workbook delivers them."""
        return Reading(tuple((schema.table, self._sheet(schema)) for schema in wanted))

    def sheets(self) -> Sequence[Sheet]:
        """Return every table."""
        return [self._sheet(Schema(name, "", name)) for name in self.rows]

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        """Write cells, unless somebody was faster."""
        return [self._write(change) for change in changes]

    def append(self, rows: Sequence[NewRow]) -> Sequence[Written]:
        """Append rows, unless their key is there."""
        return [self._append(row) for row in rows]

    def find(self, schema: Schema, key: str) -> dict[str, str] | None:
        """Return the row of a key, None if there is none or more than one."""
        found = [row for row in self.rows.get(schema.table, ()) if _key(schema, row) == key]
        return found[0] if len(found) == 1 else None

    def _write(self, change: CellChange) -> Written:
        schema = change.schema
        row = self.find(schema, join_key(change.key))
        if row is None:
            return Written(Wrote.GONE, detail="the row is gone, or its key stands twice")
        now, column = row.get(change.column, ""), schema.column(change.column)
        text = format_cell(column, change.value, language=self.language, zone=self.zone, like=now)
        means = parse_cell(column, now, language=self.language, zone=self.zone)
        if text == now or (now and not isinstance(means, Unreadable) and means == change.value):
            return Written(Wrote.ALREADY, now, now)
        if now != (change.expected if change.expected.strip(BLANKS) else ""):
            return Written(Wrote.TAKEN, now, now, f'it holds "{now}" now; "{change.expected}" was seen')
        row[change.column] = text
        self.widen(schema.table, (change.column,))
        return Written(Wrote.WRITTEN, now, text)

    def _append(self, row: NewRow) -> Written:
        schema, key = row.schema, join_key(row.key)
        if self.find(schema, key) is not None:
            return Written(Wrote.ALREADY, key, key)
        texts = dict(zip(schema.key, row.key, strict=True)) | {
            name: format_cell(schema.column(name), value, language=self.language, zone=self.zone)
            for name, value in row.values
        }
        self.rows.setdefault(schema.table, []).append(texts)
        self.widen(schema.table, tuple(texts))
        return Written(Wrote.WRITTEN, "", key)

    def widen(self, table: str, names: Sequence[str]) -> None:
        """Give a table columns that it has not got yet."""
        known = self.header.get(table, ())
        self.header[table] = (*known, *(name for name in names if name not in known))

    def _sheet(self, schema: Schema) -> Sheet:
        rows = self.rows.get(schema.table, [])
        declared = tuple(column.name for column in schema.columns)
        header = tuple(dict.fromkeys([*schema.key, *declared, *self.header.get(schema.table, ())]))
        cells = pl.DataFrame(
            {str(place): [row.get(name) or None for row in rows] for place, name in enumerate(header)},
            schema={str(place): pl.String for place in range(len(header))},
        )
        return Sheet(schema.sheet, header, cells)


def _key(schema: Schema, row: Mapping[str, str]) -> str:
    return join_key([row.get(name, "").strip(BLANKS) for name in schema.key])
