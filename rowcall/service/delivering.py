"""Who carries out what is due while the service looks at the workbooks?"""

import threading
from time import monotonic

from rowcall.outbox import Outbox
from rowcall.ports import Mailer
from rowcall.service.said import Said

_AFTER_CRASH_S = 5.0


class Delivering:
    """An outbox at work in a thread of its own, with its line to the mail server."""

    def __init__(self, outbox: Outbox, mailer: Mailer, said: Said) -> None:
        self._outbox = outbox
        self._mailer = mailer
        self._said = said
        self._stop = threading.Event()
        # A daemon: a mail server that does not answer must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Begin nothing new."""
        self._stop.set()

    def stop(self, until: float) -> bool:
        """Finish the effect at hand, give back the rest and hang up; False when it is not done by `until`.

        until: on the clock of `time.monotonic`.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(max(until - monotonic(), 0))
            if self._thread.is_alive():
                return False
        self._mailer.close()
        return True

    def _work(self) -> None:
        while not self._stop.is_set():
            try:
                self._outbox.work(self._stop)
            except Exception as error:  # noqa: BLE001 - a fault here must not end all deliveries in silence
                self._said.trouble("outbox", f"{type(error).__name__}: {error}", error)
                self._stop.wait(_AFTER_CRASH_S)
