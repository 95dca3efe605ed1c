"""What was said on the command line that holds for every command?"""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from rowcall.clock import Clock, SystemClock


class Format(StrEnum):
    """What a command prints."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Session:
    """One call of the program. config: the shop's config file. clock: the machine's, unless a test sets its own."""

    config: Path
    as_json: bool = False
    clock: Clock = field(default_factory=SystemClock)
