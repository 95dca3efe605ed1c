"""What time is it? The only module that asks the machine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Something that tells the time as an aware datetime in UTC."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present moment."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands still until it is set: for `--at`, tests, demos and back-tests."""

    at: datetime

    def __post_init__(self) -> None:
        self.set(self.at)

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.at

    def set(self, at: datetime) -> None:
        """Put the hands to an aware datetime; raises ValueError for a naive one."""
        if at.tzinfo is None:
            raise ValueError("a clock needs a time zone")
        self.at = at.astimezone(UTC)
