"""What differs between the databases that can hold the state?

Two seams, no more. (1) A write begins at once as the only writer (SQLite: BEGIN IMMEDIATE; PostgreSQL: row
locks, `with_for_update(skip_locked=True)`, which SQLite's compiler leaves out). (2) INSERT … ON CONFLICT.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from rowcall.errors import StateBusy, StateError

_BUSY_S = 30
_MANY = 500
_WRITES = "rowcall_writes"
_INSERT: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
_START_ANEW = (
    "Restore the file from a backup, or move it away: Rowcall then starts anew and asks about the rows "
    "that matter already."
)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database; name: what people know it by. Raises StateError in plain words."""

    engine: Engine
    name: str
    file: Path

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one moment of the state."""
        with _plain_words(self.name), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction as the only writer; all of it is committed, or nothing."""
        writer = self.engine.execution_options(**{_WRITES: True})
        with _plain_words(self.name), writer.connect() as connection, connection.begin():
            yield connection


def open_database(url: str, folder: Path) -> Database:
    """Connect to the database of a shop; a relative path lies in the shop's folder. Raises StateError."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StateError(f'state: "{url}" is no database address; use sqlite:///rowcall.db') from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise StateError(
            f'state: "{url}" can\'t be used; the state is a file, for instance sqlite:///rowcall.db'
        )
    file = (folder / parsed.database).absolute()
    _make_private(file)
    waits = {} if "timeout" in parsed.query else {"timeout": _BUSY_S}
    engine = create_engine(parsed.set(database=str(file)), connect_args=waits)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return Database(engine, file.name, file)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *keep: str) -> None:
    """Insert rows, or replace those with the same primary key; columns in `keep` stay as they are then."""
    if not rows:
        return
    insert = _INSERT[connection.dialect.name](table)
    key = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in rows[0] if name not in key and name not in keep}
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=changed), list(rows))


def upsert_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Do what `upsert` does for a great many rows: values as the database keeps them, in the order of names.

    SQLAlchemy's care for each parameter costs four times what SQLite itself needs.
    """
    if not rows:
        return
    insert = _INSERT[connection.dialect.name](table)
    key = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in names if name not in key}
    statement = insert.on_conflict_do_update(index_elements=key, set_=changed)
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
    order = [names.index(name) for name in compiled.positiontup or names]
    inorder = rows if order == list(range(len(names))) else [tuple(row[i] for i in order) for row in rows]
    connection.exec_driver_sql(str(compiled), list(inorder))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet; those that are stay as they are."""
    if rows:
        connection.execute(_INSERT[connection.dialect.name](table).on_conflict_do_nothing(), list(rows))


def in_parts(ids: Iterable[str]) -> Iterator[list[str]]:
    """Return the ids in portions that fit into one query: databases limit the number of parameters."""
    rest = iter(ids)
    while part := list(islice(rest, _MANY)):
        yield part


def _make_private(file: Path) -> None:
    """See to it that only the owner can read the state: it holds addresses and texts of mails."""
    try:
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix" and file.stat().st_mode & 0o077 and file.stat().st_uid == os.getuid():
            file.chmod(0o600)
    except FileNotFoundError as error:
        raise StateError(f"state: the folder {file.parent} does not exist") from error
    except OSError as error:
        raise StateError(
            f"state: {file.name} can't be opened for writing ({error.strerror}); "
            f"Rowcall needs to write to {file} and to its folder"
        ) from error


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions by itself: BEGIN IMMEDIATE is ours (see _begin).
    raw.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        raw.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _plain_words(name: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _told(name, error.orig) from error
    except sqlite3.Error as error:  # from the PRAGMAs of a new connection
        raise _told(name, error) from error


def _told(name: str, error: BaseException | None) -> StateError:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StateBusy(f"state: another process has been writing to {name} for too long; try again")
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StateError(
                f"state: {name} could not be read or written ({error}); nothing was changed. "
                "Is the disk full, or the folder on a drive that was unplugged?"
            )
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return StateError(f"state: {name} is damaged or no state of Rowcall ({error}). {_START_ANEW}")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StateError(
                f"state: {name} can't be written ({error}); may you write to it and its folder?"
            )
        case _:
            return StateError(f"state: {name} refused a change ({error}); nothing was changed")
