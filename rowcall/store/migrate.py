"""Is the state of this version of Rowcall, and how does an older one become so?"""

from pathlib import Path

import alembic.command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from rowcall.errors import StateError
from rowcall.store.dialect import Database

NEWEST = "0002"
"""The newest step under migrations/versions; a test holds the two together."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring the state to this version's form; raises StateError when a newer Rowcall wrote it."""
    with database.read() as connection:
        if _version(connection) == NEWEST:
            return
    with database.write() as connection:
        found = _version(connection)
        if found and found not in known_versions():
            raise StateError(
                f"state: {database.name} was written by a newer Rowcall (its form is {found}; this one knows "
                f"{NEWEST}). Install that version again, or restore the state from before."
            )
        if not found and inspect(connection).get_table_names():
            raise StateError(
                f"state: {database.name} is a database, but not Rowcall's; name another file under `state`"
            )
        alembic.command.upgrade(_config(connection), "head")


def known_versions() -> frozenset[str]:
    """Return every form of the state that this version can read."""
    steps = ScriptDirectory.from_config(_config(None)).walk_revisions()
    return frozenset(step.revision for step in steps)


def _version(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _config(connection: Connection | None) -> Config:
    config = Config()
    # The config file's syntax takes % for an interpolation; a folder's name may hold one.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
