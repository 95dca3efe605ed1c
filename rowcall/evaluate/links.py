"""Where does a link lead: which row of the other table belongs to each row?"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.language.near import did_you_mean
from rowcall.table import Link, Snapshot, Table


@dataclass(frozen=True, slots=True)
class Way:
    """Where links lead from each watched row.

    rows: position in `table`, null = no such row. exists: null = not known (the link's cell is unreadable, or
    the key is among those set aside). Both None: the watched rows themselves.
    """

    table: Table
    rows: pl.Series | None
    exists: pl.Series | None


def follow_link(way: Way, name: str, snapshot: Snapshot) -> Way:
    """Return where the link of that name leads from there; raises MistakesError if it can't be followed."""
    link = _link(way.table, name)
    table = _table(link, way.table, snapshot)
    by = _column(way.table.text, link, way.table)
    unread = by.is_not_null() & _column(way.table.typed, link, way.table).is_null()
    by = by.str.strip_chars().set(unread, None)
    if way.rows is not None:
        by, unread = by.gather(way.rows), unread.gather(way.rows).fill_null(value=False)
    rows = find_rows(table.keys, by)
    exists = rows.is_not_null().set(unread | by.is_in(sorted(table.aside)).fill_null(value=False), None)
    if way.exists is not None:
        exists = exists.set(way.exists.is_null(), None)
    return Way(table, rows, exists)


def linked_key(
    table: Table, texts: Mapping[str, str | None], typed: Mapping[str, object], name: str, snapshot: Snapshot
) -> tuple[Table, str]:
    """Return the table and the key that one row's link leads to, "" where the link's cell names none."""
    link = _link(table, name)
    text = texts.get(link.by)
    return _table(link, table, snapshot), "" if text is None or typed.get(link.by) is None else text.strip()


def find_rows(keys: pl.Series, wanted: pl.Series) -> pl.Series:
    """Return for each wanted key its position among `keys`, null where it is not there."""
    if len(keys) == len(wanted) and wanted.null_count() == 0 and (keys == wanted).all():
        return pl.int_range(len(keys), dtype=pl.UInt32, eager=True)
    there = pl.DataFrame({"key": keys}).with_row_index("row")
    found = pl.DataFrame({"key": wanted}).join(there, on="key", how="left", maintain_order="left")
    return found["row"]


def _link(table: Table, name: str) -> Link:
    links = {link.name: link for link in table.schema.links}
    if name in links:
        return links[name]
    what = f'{table.schema.table} has no link "{name}"; links: {", ".join(links) or "none"}'
    raise MistakesError(
        [Problem(Place(table=table.schema.table), what, suggestion=did_you_mean(name, links))]
    )


def _table(link: Link, source: Table, snapshot: Snapshot) -> Table:
    if link.table in snapshot.tables:
        return snapshot.tables[link.table]
    if link.table in snapshot.broken:
        raise MistakesError([snapshot.broken[link.table]])
    what = f"the tab of {link.table} is not there, and {link.name} of {source.schema.table} leads to it"
    raise MistakesError([Problem(Place(table=link.table), what)])


def _column(columns: pl.DataFrame, link: Link, table: Table) -> pl.Series:
    if link.by in columns.columns:
        return columns[link.by]
    what = f'{table.schema.table} has no usable column "{link.by}" now, by which {link.name} is found'
    raise MistakesError([Problem(Place(table=table.schema.table, header=link.by), what)])
