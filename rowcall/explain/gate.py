"""What does a gate between a row that matters and what is done about it say?"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate: its name, whether it lets the row through, and why."""

    gate: str
    open: bool
    detail: str
