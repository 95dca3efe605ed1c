"""What does one tick's plan look at? Everything, in one frozen value; nothing else is ever asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar
from rowcall.duration import Span, Unit
from rowcall.kinds import ActionKind
from rowcall.language.rule import Limit, Rule, Window
from rowcall.memory import Memory
from rowcall.people import People
from rowcall.scene import Surroundings
from rowcall.table import Schema, Snapshot, Table
from rowcall.template import Templates

EXPIRES_AFTER = Span(3, Unit.DAY)
"""How long a mail may wait to be sent when its rule says nothing."""


@dataclass(frozen=True, slots=True)
class House:
    """What the config fixes for every tick: zone, words, people, limits.

    calendars: by name, the rows of the shop's own Holidays tables included.
    """

    zone: ZoneInfo
    language: str
    shop_name: str
    responsible: str
    people: People
    settings: Mapping[str, str]
    templates: Templates
    mail_domain: str
    actions: Mapping[str, ActionKind]
    schemas: Mapping[str, Schema]
    settle: timedelta = timedelta(seconds=30)
    quiet: Window | None = None
    limits: tuple[Limit, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    currency: str = ""
    attachments: Path | None = None


@dataclass(frozen=True, slots=True)
class TickInput:
    """Rules × snapshot × memory × now.

    before: (table, number) → that table as it was stored; what rules last evaluated. as_if_new: baseline, settle and
    `for` count as passed (`preview --as-if-new`).
    """

    rules: tuple[Rule, ...]
    snapshot: Snapshot
    memory: Memory
    now: datetime
    house: House
    before: Mapping[tuple[str, int], Table] = field(default_factory=dict)
    as_if_new: bool = False

    def surroundings(self) -> Surroundings:
        """Return what every scene of this tick shares."""
        house = self.house
        return Surroundings(
            snapshot=self.snapshot,
            now=self.now,
            zone=house.zone,
            language=house.language,
            shop_name=house.shop_name,
            people=house.people,
            settings=house.settings,
            templates=house.templates,
            mail_domain=house.mail_domain,
            responsible=house.responsible,
            calendars=house.calendars,
            last_tick=self.memory.last_tick,
            attachments=house.attachments,
        )

    def last_table(self, table: str) -> Table | None:
        """Return the table as the last tick stored it, None before the first."""
        memory = self.memory.tables.get(table)
        return self.before.get((table, memory.snapshot)) if memory else None
