"""How is a file that people also work in read and replaced, so that nothing of theirs is ever lost?"""

import errno
import glob
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rowcall.errors import WorkbookBusy, WorkbookError

Content = bytes | Callable[[BinaryIO], None]
"""A file's new bytes, or a function that writes them into the open file."""

_LEFTOVER_AGE_S = 3600
_TIME_STEP_S = 2.0
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was like at one moment; two equal ones mean that nobody changed it between."""

    mtime_ns: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Opener:
    """Who has a file open, as the lock file beside it says; user is "" when it names nobody."""

    program: str
    user: str
    lock: Path

    def __str__(self) -> str:
        return f"{self.program} by {self.user}" if self.user else self.program


def resolve(path: str | Path) -> Path:
    """Return the real file behind a path, so that replacing it leaves a symlink a symlink."""
    return Path(os.path.realpath(path))


def read_file(path: Path) -> tuple[bytes, Fingerprint]:
    """Return a file's bytes and the fingerprint of exactly these bytes; raises WorkbookError."""
    with _plain_words(path, "read"), path.open("rb") as file:
        content = file.read()
        about = os.fstat(file.fileno())
    return content, Fingerprint(about.st_mtime_ns, len(content), hashlib.sha256(content).hexdigest())


class Unchanged:
    """Knows whether a file can have changed since it was read, without reading it again.

    A file system tells the time in steps of up to two seconds: two edits in one step look like one. So what a
    file's status says is believed from the second reading on that found the same bytes, two seconds later.
    """

    def __init__(self) -> None:
        self._signs: tuple[int, ...] = ()
        self._sha256 = ""
        self._since_s = 0.0
        self._is_sure = False

    def is_sure(self, path: Path, sha256: str) -> bool:
        """Tell whether the file certainly still holds the bytes with this hash."""
        return self._is_sure and self._sha256 == sha256 and signs(path) == self._signs

    def note(self, signs: tuple[int, ...], seen: Fingerprint) -> None:
        """Note a reading. signs: the file's `signs` from before it."""
        now = time.monotonic()
        if signs and signs == self._signs and seen.sha256 == self._sha256:
            self._is_sure = now - self._since_s >= _TIME_STEP_S
        else:
            self._signs, self._sha256, self._since_s, self._is_sure = signs, seen.sha256, now, False


def signs(path: Path) -> tuple[int, ...]:
    """Return what every edit of a file changes in its status; () when there is no file."""
    try:
        about = path.stat()
    except OSError:
        return ()
    return about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns


def fingerprint(path: Path) -> Fingerprint:
    """Return what the file is like now; raises WorkbookError when it can't be read."""
    with _plain_words(path, "read"), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        about = os.fstat(file.fileno())
    return Fingerprint(about.st_mtime_ns, about.st_size, digest)


def replace_file(path: Path, content: Content, expected: Fingerprint | None) -> Fingerprint:
    """Put new content in a file's place in one step and return its fingerprint.

    expected: what the file was like when it was read; None = it must not exist yet. When it is not so
    any more, WorkbookBusy is raised. Mode, owner and extended attributes are kept. Raises WorkbookError
    in plain words (disk full, read-only, …); then the file is as it was and nothing is left behind.
    """
    path = resolve(path)
    with _plain_words(path, "written"):
        _check_writable(path)
        _check_unchanged(path, expected)
        temporary = _write_beside(path, content)
        try:
            if expected is not None:
                _keep_looks(path, temporary)
            result = fingerprint(temporary)
            _check_unchanged(path, expected)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    _flush_folder(path.parent)
    return result


def opened_by(path: Path) -> Opener | None:
    """Return who has the file open, by the lock file that Excel, LibreOffice or WPS leaves beside it."""
    path = resolve(path)
    for lock, program, name in (
        (path.with_name(f"~${path.name}"), "Excel", _excel_owner),
        (path.with_name(f".~lock.{path.name}#"), "LibreOffice", _libreoffice_owner),
        (path.with_name(f".~{path.name}"), "WPS", _excel_owner),
    ):
        try:
            content = lock.read_bytes()
        except FileNotFoundError:
            continue
        except OSError:  # Windows lets nobody read Excel's owner file: it is there, that says enough
            content = b""
        return Opener(program, name(content), lock)
    return None


def refuse_if_open(path: Path) -> None:
    """Raise WorkbookBusy, naming program and person, when somebody has the file open."""
    opener = opened_by(path)
    if opener is None:
        return
    raise WorkbookBusy(
        f"{path.name} is open in {opener}; close it or wait: Rowcall tries again.",
        fix=f'If nobody has it open, delete the leftover lock file "{opener.lock.name}" beside it.',
    )


def _check_writable(path: Path) -> None:
    """Refuse a file or folder marked as read-only: the administrator could, but the mark is meant."""
    folder = path.parent
    if not folder.is_dir():
        raise WorkbookError(f'the folder "{folder.name}" of {path.name} does not exist.')
    if path.exists() and _is_read_only(path):
        raise WorkbookError(
            f"{path.name} is read-only, so nothing was written.",
            fix="Allow writing in the file's properties; Rowcall tries again.",
        )
    if _is_read_only(folder):
        raise WorkbookError(
            f'{path.name} can\'t be written: its folder "{folder.name}" is read-only.',
            fix="Give Rowcall's user the right to write in that folder; Rowcall tries again.",
        )


def _is_read_only(path: Path) -> bool:
    return not path.stat().st_mode & 0o222 or not os.access(path, os.W_OK)


def _write_beside(path: Path, content: Content) -> Path:
    """Write the content to a new file in the same folder (replacing works only within one disk)."""
    prefix = f".{path.name}.rowcall-"
    number, name = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sweep(path.parent, prefix, temporary.stat().st_mtime)
    return temporary


def _sweep(folder: Path, prefix: str, now: float) -> None:
    """Remove what a killed process left behind long ago."""
    for leftover in folder.glob(f"{glob.escape(prefix)}*.tmp"):
        with suppress(OSError):
            if now - leftover.stat().st_mtime > _LEFTOVER_AGE_S:
                leftover.unlink()


def _keep_looks(path: Path, temporary: Path) -> None:
    about = path.stat()
    if hasattr(os, "chown"):
        # Only an administrator may give a file away; the group alone can often be kept.
        for owner in ((about.st_uid, about.st_gid), (-1, about.st_gid)):
            with suppress(PermissionError):
                os.chown(temporary, *owner)
                break
    shutil.copystat(path, temporary)  # mode, extended attributes (with access lists), flags
    temporary.chmod(stat.S_IMODE(about.st_mode))
    os.utime(temporary)  # copystat also took the old time over, and a changed file must look changed


def _check_unchanged(path: Path, expected: Fingerprint | None) -> None:
    if expected is None:
        if path.exists():
            raise WorkbookBusy(f"{path.name} was made by somebody else meanwhile; nothing was written.")
        return
    if not path.exists():
        raise WorkbookBusy(
            f"{path.name} was moved or deleted meanwhile; nothing was written. Rowcall tries again."
        )
    if fingerprint(path) != expected:
        raise WorkbookBusy(f"{path.name} was changed meanwhile; nothing was written. Rowcall tries again.")


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where the file system knows how; the new file is there."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def _plain_words(path: Path, verb: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _in_plain_words(path, verb, error) from error


def _in_plain_words(path: Path, verb: str, error: OSError) -> WorkbookError:
    if isinstance(error, FileNotFoundError):
        return WorkbookError(
            f'{path.name} was not found in the folder "{path.parent}".',
            fix="Correct the path in the config, or put the file back.",
        )
    if isinstance(error, IsADirectoryError):
        return WorkbookError(f"{path} is a folder; a file is needed.", permanent=True)
    if error.errno in _FULL:
        return WorkbookError(
            f"the disk is full: {path.name} was left as it was.",
            fix="Free some space; Rowcall tries again.",
        )
    if error.errno == errno.EFBIG:
        return WorkbookError(
            f"{path.name} would become larger than this disk or account allows; it was left as it was."
        )
    if error.errno == errno.EROFS:
        return WorkbookError(f"{path.name} lies on a disk that can only be read; nothing was written.")
    if error.errno in _FORBIDDEN:
        return WorkbookError(
            f"{path.name} can't be {verb}: Rowcall's user has no permission, or a program holds it.",
            fix="Close it, or give Rowcall's user the right; Rowcall tries again.",
        )
    return WorkbookError(f"{path.name} can't be {verb}: {error.strerror or error}. Rowcall tries again.")


def _excel_owner(content: bytes) -> str:
    """Read the name in an owner file: at byte 55 a length, then UTF-16; before it in the local code page."""
    length = int.from_bytes(content[55:57], "little")
    name = content[57 : 57 + 2 * length].decode("utf-16-le", "replace") if length else ""
    if not name and content:
        name = content[1 : 1 + content[0]].decode("utf-8", "replace")
    return _printable(name)


def _libreoffice_owner(content: bytes) -> str:
    """Read the first name in `name,login,host,time,profile;`."""
    fields = content.decode("utf-8", "replace").split(",")
    return _printable(next((field for field in fields[:2] if field.strip()), ""))


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()[:60]
