"""How are the tables of past ticks kept, as long as a rule still has to compare with them?"""

import io
from collections.abc import Mapping
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, and_, delete, select

from rowcall.store import schema
from rowcall.store.dialect import upsert
from rowcall.table import Table


def keep_snapshots(connection: Connection, at: datetime, tables: Mapping[str, tuple[int, Table]]) -> None:
    """Store the texts of the tables under their numbers."""
    rows = [
        {"table": name, "number": number, "at": at, "texts": _pack(table.text)}
        for name, (number, table) in tables.items()
    ]
    for row in rows:  # one at a time: each may be many megabytes
        upsert(connection, schema.snapshot, [row])


def load_snapshot(connection: Connection, table: str, number: int) -> pl.DataFrame | None:
    """Return the texts of a table as they were under that number; None when no rule needed them any more."""
    snapshot = schema.snapshot.c
    query = select(snapshot.texts).where(snapshot.table == table, snapshot.number == number)
    texts: bytes | None = connection.execute(query).scalar()
    return None if texts is None else pl.read_ipc(io.BytesIO(texts))


def forget_snapshots(connection: Connection) -> None:
    """Delete the snapshots that are neither a table's last one nor the place of any rule."""
    tables = connection.execute(select(schema.table_memory.c.value)).scalars()
    needed = {(table.table, table.snapshot) for table in tables}
    for rule in connection.execute(select(schema.rule_memory.c.value)).scalars():
        needed.update(rule.place.items())
    snapshot = schema.snapshot.c
    for name, number in connection.execute(select(snapshot.table, snapshot.number)).all():
        if (name, number) not in needed:
            same = and_(snapshot.table == name, snapshot.number == number)
            connection.execute(delete(schema.snapshot).where(same))


def _pack(text: pl.DataFrame) -> bytes:
    out = io.BytesIO()
    text.write_ipc(out, compression="zstd")
    return out.getvalue()
