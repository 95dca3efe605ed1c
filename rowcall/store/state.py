"""What can be asked of the state, and told to it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

import polars as pl
from sqlalchemy import insert, select

from rowcall.memory import Memory, Plan
from rowcall.store import schema
from rowcall.store.commit import commit_plan
from rowcall.store.dialect import Database, open_database
from rowcall.store.memory import load_memory
from rowcall.store.migrate import migrate
from rowcall.store.snapshots import load_snapshot


@dataclass(frozen=True, slots=True)
class Store:
    """The open state of a shop; safe to use from several threads. All methods raise StateError."""

    database: Database
    payload_types: Mapping[str, type]

    @classmethod
    def open(cls, url: str, folder: Path, payload_types: Mapping[str, type]) -> Self:
        """Open the state of a shop, making or renewing it where needed.

        payload_types: an action leaf's file name → its frozen Payload.
        """
        database = open_database(url, folder)
        migrate(database)
        with database.write() as connection:
            if connection.execute(select(schema.meta.c.id)).first() is None:
                connection.execute(insert(schema.meta).values(id=1, tick=0, receipts_seen=0))
        return cls(database, payload_types)

    def close(self) -> None:
        """Let go of the database."""
        self.database.engine.dispose()

    def load(self) -> Memory:
        """Return all that a plan remembers."""
        with self.database.read() as connection:
            return load_memory(connection, self.payload_types)

    def tick_number(self) -> int:
        """Return the number that grows with every commit and every word of a person that plans must hear.

        Ask for it before `load`: a plan is committed against the number that it was made at.
        """
        with self.database.read() as connection:
            return int(connection.execute(select(schema.meta.c.tick)).scalar_one())

    def last_tick(self) -> datetime | None:
        """Return the shop's time of the last commit; None before the first."""
        with self.database.read() as connection:
            last: datetime | None = connection.execute(select(schema.meta.c.last_tick)).scalar_one()
            return last

    def commit(self, plan: Plan, expected_tick: int) -> int:
        """Write a plan down, all of it or nothing, and return the new tick number.

        Raises StateConflict when the tick number is not `expected_tick` any more: load and plan again.
        """
        with self.database.write() as connection:
            return commit_plan(connection, plan, expected_tick, self.payload_types)

    def snapshot(self, table: str, number: int) -> pl.DataFrame | None:
        """Return the texts of a table as they were under that number; None once nobody needs them."""
        with self.database.read() as connection:
            return load_snapshot(connection, table, number)
