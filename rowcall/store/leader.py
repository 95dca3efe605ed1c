"""Which process may plan and deliver for a shop? The one that holds the lock beside the state."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rowcall.errors import StateBusy, StateError

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def lead(state: Path) -> Iterator[None]:
    """Be the leader until the block ends; raises StateBusy, naming the other process, when there is one.

    The system lets go of the lock when a process dies, however it dies. The lock file stays: deleting it would
    let two processes lock two files of the same name.
    """
    path = state.with_name(f"{state.name}.lock")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StateError(
            f"state: {path.name} can't be made beside {state.name} ({error.strerror})"
        ) from error
    try:
        try:
            _lock(file)
        except OSError as error:
            other = path.read_text().strip()
            who = f" (process {other})" if other else ""
            raise StateBusy(f"Rowcall is already running for this shop{who}; stop it first") from error
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        os.close(file)
