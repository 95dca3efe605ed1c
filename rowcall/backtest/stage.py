"""What does the virtual shop of a back-test see: the past, and over it what the rule itself would have written?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.backtest.past import Past
from rowcall.cells import format_cell, type_column
from rowcall.evaluate.links import find_rows
from rowcall.ports import CellChange, NewRow, Reading, Written, Wrote
from rowcall.reading import with_rows
from rowcall.table import Schema, Sheet, Snapshot, Table, join_key


@dataclass(frozen=True, slots=True)
class Overlaid:
    """One cell that the rule wrote: the text it left, when, and what the past had there then.

    Once the past has something else there, a person has written: that wins.
    """

    text: str
    at: datetime
    base: str


@dataclass(slots=True)
class Stage:
    """The tables of a back-test; fulfils the port of a workbook, so that the real actions write into it.

    now: the moment at which is written. written: (table, column) → key → what was written. added: table → rows with
    the moment at which they were added. still: tables that never change.
    """

    pasts: Mapping[str, Past]
    language: str
    zone: ZoneInfo
    now: datetime
    written: dict[tuple[str, str], dict[str, Overlaid]] = field(default_factory=dict)
    added: dict[str, list[tuple[datetime, dict[str, str]]]] = field(default_factory=dict)
    still: dict[str, Table] = field(default_factory=dict)

    def snapshot(
        self, moment: datetime, only: Mapping[str, pl.Series] | None = None, *, before: bool = False
    ) -> Snapshot:
        """Return the tables as they stood; only: of some tables these rows. before: without what was written then."""
        tables = {
            name: self._table(name, moment, (only or {}).get(name), before=before) for name in self.pasts
        }
        return Snapshot(moment, tables)

    def read(self, wanted: Sequence[Schema]) -> Reading:  # noqa: ARG002 - the port's signature
        """Return nothing: a back-test makes its snapshots itself."""
        return Reading(())

    def sheets(self) -> Sequence[Sheet]:
        """Return nothing: a back-test makes its snapshots itself."""
        return ()

    def write(self, changes: Sequence[CellChange]) -> Sequence[Written]:
        """Lay cells over the past, unless something else stands there."""
        return [self._write(change) for change in changes]

    def append(self, rows: Sequence[NewRow]) -> Sequence[Written]:
        """Add rows that the past has not got."""
        return [self._append(row) for row in rows]

    def _table(self, name: str, moment: datetime, rows: pl.Series | None, *, before: bool) -> Table:
        past = self.pasts[name]
        mine = [one for one in self.written if one[0] == name]
        if rows is None and not past.moved and not mine and not self.added.get(name):
            return self.still.setdefault(name, past.at(moment))
        table = past.at(moment, rows)
        for place in mine:
            table = self._overlay(table, place, moment, before=before)
        if rows is not None:
            return table
        more = [row for at, row in self.added.get(name, ()) if (at < moment if before else at <= moment)]
        return with_rows(table, more, self.zone)

    def _overlay(self, table: Table, place: tuple[str, str], moment: datetime, *, before: bool) -> Table:
        """Lay one column's written cells over a table, where the past still has what stood there then."""
        column, cells = place[1], self.written[place]
        if column not in table.text.columns:
            return table
        rows, texts = [], []
        for row, key in self._meeting(table, cells):
            one, base = cells[key], table.text[column][row] or ""
            if base == one.base and (one.at < moment if before else one.at <= moment):
                rows.append(row)
                texts.append(one.text or None)
        if not rows:
            return table
        fresh = pl.Series(texts, dtype=pl.String)
        typed = type_column(table.schema.column(column), fresh, self.zone)
        return replace(
            table,
            text=table.text.with_columns(table.text[column].scatter(rows, fresh).alias(column)),
            typed=table.typed.with_columns(table.typed[column].scatter(rows, typed).alias(column)),
        )

    def _meeting(self, table: Table, cells: Mapping[str, Overlaid]) -> Iterator[tuple[int, str]]:
        """Yield the rows of a table in which a cell was written, from the shorter of the two."""
        if len(table) <= len(cells):
            yield from ((row, key) for row, key in enumerate(table.keys.to_list()) if key in cells)
            return
        places = find_rows(table.keys, pl.Series(list(cells), dtype=pl.String)).to_list()
        yield from ((row, key) for row, key in zip(places, cells, strict=True) if row is not None)

    def _write(self, change: CellChange) -> Written:
        table, column, key = change.schema.table, change.column, join_key(change.key)
        row = next((one for _, one in self.added.get(table, ()) if _key(change.schema, one) == key), None)
        base = self.pasts[table].cell(key, column, self.now) if row is None else row.get(column, "")
        if base is None:
            return Written(Wrote.GONE, detail="the row is not there")
        known = self.written.get((table, column), {}).get(key)
        now = known.text if known is not None and known.base == base else base
        about = change.schema.column(column)
        text = format_cell(about, change.value, language=self.language, zone=self.zone, like=now)
        if text == now:
            return Written(Wrote.ALREADY, now, now)
        if now != change.expected:
            return Written(Wrote.TAKEN, now, now, f'it holds "{now}" now; "{change.expected}" was seen')
        if row is not None:
            row[column] = text
        else:
            self.written.setdefault((table, column), {})[key] = Overlaid(text, self.now, base)
        return Written(Wrote.WRITTEN, now, text)

    def _append(self, row: NewRow) -> Written:
        table, key = row.schema.table, join_key(row.key)
        rows = self.added.setdefault(table, [])
        if key in self.pasts[table].position or any(_key(row.schema, one) == key for _, one in rows):
            return Written(Wrote.ALREADY, key, key)
        texts = dict(zip(row.schema.key, row.key, strict=True))
        for name, value in row.values:
            texts[name] = format_cell(row.schema.column(name), value, language=self.language, zone=self.zone)
        rows.append((self.now, texts))
        return Written(Wrote.WRITTEN, "", key)


def _key(schema: Schema, row: Mapping[str, str]) -> str:
    return join_key([row.get(name, "") for name in schema.key])
