"""What does one row say, and the rows that it is linked to, as values for texts and for other cells?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import type_column
from rowcall.errors import MistakesError, TemplateError
from rowcall.evaluate.links import linked_key
from rowcall.evaluate.slugs import slug
from rowcall.language.ref import ColumnRef
from rowcall.numbers import parse_number
from rowcall.table import KEY_JOIN, NUMERIC, CellValue, Column, Kind, Snapshot, Table

_DEEPEST = 3
"""Texts reach over so many links; rules may reach further."""


class Linked(dict[str, object]):
    """A linked row in a text; printed as it stands, it is the text of the cell that names it."""

    __slots__ = ("named",)

    def __init__(self, values: Mapping[str, object], named: str) -> None:
        super().__init__(values)
        self.named = named

    def __str__(self) -> str:
        return self.named


@dataclass(frozen=True, slots=True)
class Found:
    """One row of one table: its texts and typed values by column."""

    table: Table
    key: str
    texts: Mapping[str, str | None]
    typed: Mapping[str, object]

    def value(self, column: Column) -> CellValue:
        """Return the typed value: numbers as exact as their text; None where empty or unreadable."""
        typed = self.typed.get(column.name)
        if typed is not None and column.kind in NUMERIC:
            return parse_number((self.texts[column.name] or "").strip(), column.kind)
        if column.kind is Kind.YES_NO and typed is None and not self.texts.get(column.name):
            return False
        return typed if isinstance(typed, str | date | datetime | timedelta | bool) else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a watched table as actions and texts see it; table: its name.

    written: cells that earlier actions of the entry wrote, as (links, column) → value and text.
    """

    table: str
    key: str
    snapshot: Snapshot
    found: dict[tuple[str, ...], Found | None]
    written: Mapping[tuple[tuple[str, ...], str], tuple[CellValue, str]] = field(default_factory=dict)

    def value(self, ref: ColumnRef) -> CellValue:
        """Return the typed value; None where empty, unreadable or behind a link to no row (see `is_known`)."""
        if (ref.links, ref.column.name) in self.written:
            return self.written[ref.links, ref.column.name][0]
        row = self._row(ref.links)
        return None if row is None else row.value(ref.column)

    def text(self, ref: ColumnRef) -> str:
        """Return the text as it stands in the cell; "" where empty or behind a link to no row."""
        if (ref.links, ref.column.name) in self.written:
            return self.written[ref.links, ref.column.name][1]
        row = self._row(ref.links)
        return "" if row is None else row.texts.get(ref.column.name) or ""

    def reaches(self, ref: ColumnRef) -> bool:
        """Say whether there is such a cell: the linked row exists and has the column."""
        row = self._row(ref.links)
        return row is not None and ref.column.name in row.texts

    def is_known(self, ref: ColumnRef) -> bool:
        """Say whether the cell holds a value or is known to be empty, so that its value may be used."""
        return self.reaches(ref) and (self.value(ref) is not None or not self.text(ref).strip())

    def locate(self, ref: ColumnRef) -> tuple[str, str]:
        """Return table and key of the row that the column belongs to; raises TemplateError if there is none."""
        row = self._row(ref.links)
        if row is None:
            raise TemplateError(
                f"{self.table}, row {self.key}: there is no {'.'.join(ref.links)}, so {ref.name} can't be reached"
            )
        return row.table.schema.table, row.key

    def key_parts(self, table: str, key: str) -> tuple[str, ...]:
        """Return the texts of the key columns of a row that was reached."""
        for row in self.found.values():
            if row is not None and (row.table.schema.table, row.key) == (table, key):
                return tuple((row.texts.get(name) or "").strip() for name in row.table.schema.key)
        return tuple(key.split(KEY_JOIN))

    def with_values(self, written: Mapping[ColumnRef, tuple[CellValue, str]]) -> "Row":
        """Return the row as it is once these cells are written: ref → (value, text)."""
        more = {(ref.links, ref.column.name): cell for ref, cell in written.items()}
        return replace(self, written={**self.written, **more})

    def as_table(self, zone: ZoneInfo) -> Table:
        """Return the row as a table of one row, with what earlier actions wrote into it."""
        found = self.found[()]
        if found is None:
            raise KeyError(self.key)
        table = found.table
        place = table.keys.index_of(self.key)
        text, typed = (frame.slice(place or 0, 1) for frame in (table.text, table.typed))
        for (links, name), (_, written) in self.written.items():
            if not links and name in text.columns:
                cell = pl.Series(name, [written or None], dtype=pl.String)
                text = text.with_columns(cell)
                typed = typed.with_columns(type_column(table.schema.column(name), cell, zone).alias(name))
        return replace(table, text=text, typed=typed, keys=table.keys.slice(place or 0, 1))

    def names(self) -> Mapping[str, object]:
        """Return the values by the names that texts know: columns as slugs, linked rows nested.

        A linked row that does not exist is None; an unreadable cell is its text.
        """
        return self._names((), ())

    def _names(self, links: tuple[str, ...], tables: tuple[str, ...]) -> dict[str, object]:
        row = self._row(links)
        if row is None:
            return {}
        schema = row.table.schema
        values: dict[str, object] = {}
        for name in row.texts:
            ref = ColumnRef(schema.column(name), schema.table, links)
            value = self.value(ref)
            values.setdefault(slug(name), value if value is not None else self.text(ref) or None)
        for link in schema.links:
            # A customer's last order leads to the same customer: nobody writes texts in circles.
            if len(links) >= _DEEPEST or link.table in (*tables, schema.table):
                continue
            further = self._names((*links, link.name), (*tables, schema.table))
            values[slug(link.name)] = Linked(further, row.texts.get(link.by) or "") if further else None
        return values

    def _row(self, links: tuple[str, ...]) -> Found | None:
        if links not in self.found:
            self.found[links] = self._follow(links)
        return self.found[links]

    def _follow(self, links: tuple[str, ...]) -> Found | None:
        start = self._row(links[:-1])
        if start is None:
            return None
        try:
            table, key = linked_key(start.table, start.texts, start.typed, links[-1], self.snapshot)
        except MistakesError:  # a table that can't be read now has no rows to show; conditions on it say why
            return None
        return find_row(table, key)


def read_row(table: Table, key: str, snapshot: Snapshot, place: int | None = None) -> Row:
    """Return the row with that key, its links followed in the snapshot; raises KeyError if it is not there.

    place: where it stands, if that is known: looking for a key takes as long as the table is.
    A table without a name stands for no table at all: its row has no cells.
    """
    if not table.schema.table:
        return Row("", key, snapshot, {(): Found(table, key, {}, {})})
    found = find_row(table, key) if place is None else _row_at(table, key, place)
    if found is None:
        raise KeyError(key)
    return Row(table.schema.table, key, snapshot, {(): found})


def find_row(table: Table, key: str) -> Found | None:
    """Return the row with that key, or None."""
    place = table.keys.index_of(key) if key else None
    return None if place is None else _row_at(table, key, place)


def _row_at(table: Table, key: str, place: int) -> Found:
    return Found(table, key, table.text.row(place, named=True), table.typed.row(place, named=True))
