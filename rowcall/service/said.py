"""What has been said already? The same trouble is told once, then counted; its end is told with the count."""

from collections.abc import Collection

import structlog

_log = structlog.get_logger(__name__)


class Said:
    """What the log of a running service has said of things in trouble; each thing belongs to one thread."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[str, int]] = {}

    def trouble(self, about: str, reason: str, crash: Exception | None = None) -> None:
        """Tell that something does not work: at once when it is new, then at the 10th, 100th, 1000th time.

        crash: an exception that nobody foresaw, told with its traceback.
        """
        before, times = self._open.get(about, ("", 0))
        times = times + 1 if before == reason else 1
        self._open[about] = (reason, times)
        if times > 1 and not _is_round(times):
            return
        if crash is not None:
            _log.error(f"{about} crashed", reason=reason, times=times, exc_info=crash if times == 1 else None)
        else:
            _log.warning(f"{about} in trouble", reason=reason, times=times)

    def only(self, kind: str, still: Collection[str]) -> None:
        """Tell of each thing whose name begins with `kind` that it works again, but for those still in trouble."""
        for about in [name for name in self._open if name.startswith(kind) and name not in still]:
            self.over(about)

    def over(self, about: str) -> None:
        """Tell that it works again, if it did not."""
        if about in self._open:
            reason, times = self._open.pop(about)
            _log.info(f"{about} in order again", after=reason, times=times)


def _is_round(number: int) -> bool:
    return str(number).strip("0") == "1"
