"""Have the shop's own files changed: config, rules, templates?"""

import threading
from collections.abc import Callable, Collection, Iterator
from hashlib import blake2b
from pathlib import Path

import structlog
import watchfiles

from rowcall.service.rhythm import Rhythm

_log = structlog.get_logger(__name__)

_FOLDERS = ("rules", "templates")

Changed = Callable[[Collection[str]], None]
"""Is told which files changed, by their paths in the shop's folder."""


class Watch:
    """Watches the files of a shop; the system's notices only make it compare sooner.

    What counts is the files' content: notices get lost on network drives, and come for files that did not change.
    """

    def __init__(self, folder: Path, config: str, changed: Changed, rhythm: Rhythm) -> None:
        self._folder = folder
        self._config = config
        self._changed = changed
        self._rhythm = rhythm
        self._known = self._contents()

    def work(self, stop: threading.Event) -> None:
        """Tell of every change until `stop` is set."""
        for _ in self._hints(stop):
            now = self._contents()
            known, self._known = self._known, now
            if changed := sorted(path for path in known.keys() | now if known.get(path) != now.get(path)):
                self._changed(changed)

    def _hints(self, stop: threading.Event) -> Iterator[None]:
        """Yield whenever something may have changed, at least as often as the rhythm says."""
        while not stop.is_set():
            try:
                yield from self._notices(stop)
            except (OSError, RuntimeError) as error:  # RuntimeError: watchfiles' own
                # No notices to be had: too many watches in this system, or a kind of drive without them.
                _log.info("no notices of changed files, comparing them instead", reason=str(error))
                while not stop.wait(self._rhythm.hash_s):
                    yield

    def _notices(self, stop: threading.Event) -> Iterator[None]:
        """Yield upon the system's notices, until a folder comes or goes."""
        folders = self._folders()
        for _ in watchfiles.watch(
            *folders,
            watch_filter=lambda _change, path: self._is_ours(Path(path)),
            debounce=round(self._rhythm.settle_s * 4000),
            step=round(self._rhythm.settle_s * 1000),
            stop_event=stop,
            rust_timeout=round(self._rhythm.hash_s * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=False,
        ):
            yield
            if self._folders() != folders:
                return

    def _folders(self) -> list[Path]:
        return [self._folder, *(path for name in _FOLDERS for path in _tree(self._folder / name))]

    def _is_ours(self, path: Path) -> bool:
        """Leave out the state and the workbooks, which change all the time; rules and templates lie deeper."""
        return path.parent != self._folder or path.name in (self._config, ".env", *_FOLDERS)

    def _contents(self) -> dict[str, bytes]:
        files = [self._folder / self._config, self._folder / ".env"]
        for name in _FOLDERS:
            files += [path for path in (self._folder / name).rglob("*") if path.is_file()]
        return {path.relative_to(self._folder).as_posix(): _fingerprint(path) for path in files}


def _tree(folder: Path) -> list[Path]:
    return [folder, *sorted(path for path in folder.rglob("*") if path.is_dir())] if folder.is_dir() else []


def _fingerprint(path: Path) -> bytes:
    try:
        return blake2b(path.read_bytes()).digest()
    except OSError:
        return b""
