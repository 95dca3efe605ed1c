"""Builds tables for tests from rows of text, through the real typing of tables."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.reading import type_table
from rowcall.table import Column, Kind, Link, Schema, Sheet, Table

BERLIN = ZoneInfo("Europe/Berlin")


def make_schema(
    name: str,
    key: str,
    kinds: Mapping[str, str | Sequence[str]],
    links: Mapping[str, tuple[str, str]] | None = None,
) -> Schema:
    """Return a schema; kinds: column → kind, or the list of choices; links: name → (table, by)."""
    columns = tuple(
        Column(column, Kind(kind)) if isinstance(kind, str) else Column(column, Kind.CHOICE, tuple(kind))
        for column, kind in kinds.items()
    )
    leads = tuple(Link(link, table, by) for link, (table, by) in (links or {}).items())
    return Schema(name, "shop", name, (key,), columns, leads)


def make_table(schema: Schema, rows: Sequence[Mapping[str, str | None]], zone: ZoneInfo = BERLIN) -> Table:
    """Return the table of these rows; a column not named in a row is empty there."""
    header = tuple(column.name for column in schema.columns)
    cells = pl.DataFrame(
        {
            str(place): pl.Series([row.get(name) for row in rows], dtype=pl.String)
            for place, name in enumerate(header)
        }
    )
    table = type_table(schema, Sheet(schema.sheet, header, cells), language="en", zone=zone)
    assert isinstance(table, Table), table
    return table
