"""What can be asked of the state, and told to it?"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, insert, select

from rowcall.duration import Span
from rowcall.episode import DeliveryState, Firing, WrittenCell
from rowcall.memory import Answer, Memory, Plan
from rowcall.store import bundles, clocks, lanes, ledger, ledger_tables, schema, words
from rowcall.store.commit import commit_plan
from rowcall.store.dialect import Database, open_database
from rowcall.store.lanes import Lane
from rowcall.store.memory import load_memory, load_news
from rowcall.store.migrate import migrate
from rowcall.store.snapshots import load_snapshot

PutBack = Callable[[tuple[WrittenCell, ...]], tuple[WrittenCell, ...]]
"""Writes cells as they were before; returns those that it could put back."""


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

    def ledger_texts(self, table: str, since: datetime, zone: ZoneInfo) -> pl.DataFrame:
        """Return a table that Rowcall keeps itself, as texts, with its rows since a moment."""
        with self.database.read() as connection:
            return ledger_tables.ledger_texts(connection, table, since, zone)

    def load_news(self, lasting: Memory) -> Memory:
        """Return a memory kept from the last tick with its deliveries, receipts and words of people as they are now.

        lasting: must be what the last commit left (see `last_tick`), because rules and episodes are not read again.
        """
        with self.database.read() as connection:
            return load_news(connection, self.payload_types, lasting)

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

    def next_timer(self) -> datetime | None:
        """Return when, after the last tick, the next entry of any episode or a digest is due; None when none is."""
        with self.database.read() as connection:
            # What is due already waits for something else than the clock, or has fired at its deadline.
            due_at, last_tick = schema.timer.c.due_at, schema.meta.c.last_tick
            later = due_at.is_not(None) & (last_tick.is_(None) | (due_at > last_tick))
            found: datetime | None = connection.execute(select(func.min(due_at)).where(later)).scalar()
            cut = bundles.next_cut(connection, connection.execute(select(last_tick)).scalar())
            return min((one for one in (found, cut) if one is not None), default=None)

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

    def undo_info(self, delivery: str) -> tuple[WrittenCell, ...]:
        """Return the cells that a delivery wrote and what stood there before; raises UsageError if none."""
        with self.database.read() as connection:
            return ledger.written_cells(connection, delivery)

    def deliveries(
        self, states: Collection[DeliveryState] = (), rule: str = "", limit: int = 1000
    ) -> list[ledger.Listed]:
        """Return the latest deliveries in these states (all when empty), newest first."""
        with self.database.read() as connection:
            return ledger.deliveries(connection, self.payload_types, states, rule, limit)

    def delivery(self, id_: str) -> ledger.Listed:
        """Return one delivery by its id or the beginning of it; raises UsageError."""
        with self.database.read() as connection:
            return ledger.delivery(connection, self.payload_types, id_)

    def attempts(self, delivery: str) -> list[ledger.Attempt]:
        """Return everything that was tried for a delivery, in order."""
        with self.database.read() as connection:
            return ledger.attempts(connection, delivery)

    def firings_of(self, rule: str, key: str) -> list[Firing]:
        """Return what a rule has done about a row, oldest first, with the deliveries as they stand now."""
        with self.database.read() as connection:
            return ledger.firings_of(connection, self.payload_types, rule, key)

    def lanes_in_trouble(self) -> list[Lane]:
        """Return the mail accounts and workbooks whose last try failed."""
        with self.database.read() as connection:
            return lanes.lanes_in_trouble(connection)

    def say_answer(self, rule: str, answer: Answer, at: datetime) -> int:
        """Decide about the rows that a rule found on first sight; return how many. Raises UsageError."""
        with self.database.write() as connection:
            return words.say_answer(connection, rule, answer, at)

    def say_hold(self, rule: str, decision: str, at: datetime) -> int:
        """Say `release` or `drop` to what is held of a rule; return how many firings. Raises UsageError."""
        with self.database.write() as connection:
            return words.say_hold(connection, rule, decision, at)

    def pause(self, rule: str, at: datetime) -> None:
        """Let a rule stand still until it is resumed."""
        with self.database.write() as connection:
            words.say_pause(connection, rule, at)

    def resume(self, rule: str, at: datetime) -> None:
        """Let a paused rule go on."""
        with self.database.write() as connection:
            words.say_pause(connection, rule, at, resume=True)

    def press(
        self,
        token: str,
        pressed: tuple[str, str, int],
        button: str,
        at: datetime,
        *,
        snooze: Span | None = None,
        stop: bool = False,
    ) -> bool:
        """Note that somebody pressed a button in a mail about the episode (rule, key, n).

        token: what makes it the same press; one that was noted before changes nothing and returns False. The cells
        that the button sets are not noted here: they are written as a person's edit.
        """
        with self.database.write() as connection:
            return clocks.say_press(connection, token, pressed, button, at, snooze, stop=stop)

    def retry(self, delivery: str, at: datetime) -> None:
        """Try a delivery again now, also one that was given up; raises UsageError."""
        with self.database.write() as connection:
            words.retry(connection, delivery, at)

    def drop(self, delivery: str, at: datetime) -> None:
        """Give up a delivery that was not made yet, with what follows it; raises UsageError."""
        with self.database.write() as connection:
            words.drop(connection, delivery, at)

    def undo(self, delivery: str, at: datetime, put_back: PutBack) -> tuple[WrittenCell, ...]:
        """Let `put_back` write the cells of a delivery as they were, and remember that it was done.

        No tick can be committed meanwhile, and one that was planned before is planned anew, so that the rule never
        takes the undone cells for a person's edit. Raises UsageError when it wrote none or was undone already.
        """
        with self.database.write() as connection:
            words.refuse_second_undo(connection, delivery)
            back = put_back(ledger.written_cells(connection, delivery))
            if back:
                words.undone(connection, delivery, back, at)
            return back
