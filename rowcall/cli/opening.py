"""How does a command come by the shop, its state, and a moment on its clock?"""

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.engine import make_url

from rowcall.cli.session import Session
from rowcall.duration import resolve_local
from rowcall.errors import StateError, UsageError
from rowcall.kinds import payload_types
from rowcall.language.near import did_you_mean
from rowcall.shop import Shop, open_shop, rule_files
from rowcall.store import Store


def open_here(session: Session) -> Shop:
    """Open the shop of the config that was named; raises MistakesError and UsageError."""
    _log_only_disasters()
    return open_shop(session.config, os.environ)


def moment_of(text: str | None, session: Session, zone: ZoneInfo) -> datetime:
    """Return the moment that `--at` names, or now; a time without a zone is the shop's. Raises UsageError."""
    if text is None:
        return session.clock.now()
    tidy = text.strip().replace("/", "-")
    try:
        moment = datetime.fromisoformat(tidy)
    except ValueError as error:
        raise UsageError(f'--at "{text}" is no moment; write it like "2026-03-02 09:00"') from error
    return resolve_local(moment, zone) if moment.tzinfo is None else moment


@contextmanager
def state(shop: Shop) -> Iterator[Store]:
    """Open the shop's state for as long as the block lasts; raises StateError."""
    store = shop.open_store()
    try:
        yield store
    finally:
        store.close()


@contextmanager
def state_copy(shop: Shop) -> Iterator[Store]:
    """Open a throw-away copy of the state, an empty one if there is none: whatever is done, nothing is changed.

    Also an older state may be looked at this way before anything renews it.
    """
    with TemporaryDirectory(prefix="rowcall-") as folder:
        copy = Path(folder) / "state.db"
        original = state_file(shop)
        if original is not None:
            _copy(original, copy)
        store = Store.open(f"sqlite:///{copy.as_posix()}", copy.parent, payload_types())
        try:
            yield store
        finally:
            store.close()


def state_file(shop: Shop) -> Path | None:
    """Return the file of the shop's state, None when there is none yet."""
    name = make_url(shop.config.state.reveal()).database
    file = shop.folder / name if name else None
    return file if file is not None and file.is_file() and file.stat().st_size else None


def known_rule(shop: Shop, name: str) -> str:
    """Return the id of a rule of the shop, named by id or file; raises UsageError with the nearest name."""
    ids = [path.stem for path in rule_files(shop.folder)]
    wanted = name.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml")
    if wanted in ids:
        return wanted
    near = did_you_mean(wanted, ids)
    hint = f'did you mean "{near}"?' if near else f"there are {', '.join(ids)}" if ids else "there is none"
    raise UsageError(f'there is no rule "{name}" in rules/; {hint}')


def _copy(original: Path, copy: Path) -> None:
    """Copy a SQLite file without leaving anything beside it, while somebody may be writing to it."""
    try:
        if not original.with_name(f"{original.name}-wal").exists():
            # Opening it, even to read, would leave two more files beside it.
            shutil.copyfile(original, copy)
            return
        source = sqlite3.connect(f"file:{quote(original.as_posix())}?mode=ro", uri=True)
        target = sqlite3.connect(copy)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
    except (OSError, sqlite3.Error) as error:
        raise StateError(f"state: {original.name} can't be read: {error}") from error


def _log_only_disasters() -> None:
    """Leave the output to the command; what went wrong it tells itself."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.WriteLoggerFactory(),
    )
    logging.getLogger("alembic").setLevel(logging.CRITICAL)
