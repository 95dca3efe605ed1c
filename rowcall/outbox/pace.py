"""When is a failed delivery tried again, and when is its whole lane left in peace?"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rowcall.episode import Delivery
from rowcall.store import Lane

MAIL = "mail"

_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(hours=1)
# A person who closes the spreadsheet should not wait for an hour; a mail server's pause is bounded likewise.
_LONGEST_BUSY = timedelta(minutes=5)
_LONGEST_LANE = timedelta(minutes=10)
_LEAST = timedelta(seconds=1)
_CRASHES = 3
_SET_ASIDE = timedelta(hours=1)
_MAIL_FAILURES = 5
_DAY = timedelta(hours=24)


def _at_once(_delivery: Delivery, _now: datetime) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the outbox may go.

    daily_limit: mails of the account within 24 hours, 0 = no limit. may_send: from when a delivery may be sent
    if not now (quiet hours), None = now. chance: a number from 0 to 1, drawn for each wait.
    """

    daily_limit: int = 0
    may_send: Callable[[Delivery, datetime], datetime | None] = _at_once
    chance: Callable[[], float] = random.random
    mails_at_once: int = 20
    cells_at_once: int = 200

    def next_try(self, now: datetime, tries: int, *, busy: bool = False) -> datetime:
        """Return when to try again after so many tries: full jitter, at most an hour."""
        return now + self._wait(tries, _LONGEST_BUSY if busy else _LONGEST)

    def after_crash(self, now: datetime, tries: int, same: int) -> datetime:
        """Return when to try again after a crash that happened `same` times in a row before."""
        return now + _SET_ASIDE if same + 1 >= _CRASHES else self.next_try(now, tries)

    def waits_until(self, delivery: Delivery, now: datetime) -> datetime | None:
        """Return from when a delivery may be sent if not now; None = now."""
        until = self.may_send(delivery, now)
        return until if until is not None and until > now else None

    def failed(self, lane: Lane, now: datetime, detail: str) -> Lane:
        """Return how it stands with a lane after one more failure in a row: closed from some number on."""
        failures = lane.failures + 1
        beyond = failures - _threshold(lane.lane)
        closed = now + self._wait(beyond + 1, _LONGEST_LANE) if beyond >= 0 else None
        return replace(lane, failures=failures, closed_until=closed, detail=detail)

    def worked(self, lane: Lane) -> Lane:
        """Return a lane in order."""
        return Lane(lane.lane)

    def at_once(self, lane: Lane, sent_today: int) -> int:
        """Return how many deliveries of a lane to claim; an account that failed again and again gets one mail.

        A workbook gets all its cells even then: they are one call, and fail or succeed together.
        """
        if lane.lane != MAIL:
            return self.cells_at_once
        most = 1 if lane.failures >= _MAIL_FAILURES else self.mails_at_once
        return max(min(most, self.daily_limit - sent_today), 0) if self.daily_limit else most

    def day_before(self, now: datetime) -> datetime:
        """Return since when sent mails count against the daily limit: 24 hours, as providers count."""
        return now - _DAY

    def _wait(self, tries: int, longest: timedelta) -> timedelta:
        # 30 s doubled ten times is over any longest wait; a huge power would overflow.
        most = min(_FIRST * (1 << min(max(tries - 1, 0), 10)), longest)
        return max(most * self.chance(), _LEAST)


def _threshold(lane: str) -> int:
    """Return how many failures in a row close a lane: a workbook fails as a whole, a mail alone may too."""
    return _MAIL_FAILURES if lane == MAIL else 1
