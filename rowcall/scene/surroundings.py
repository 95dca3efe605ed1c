"""What do all actions of one tick share, and what do they hand back?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar
from rowcall.errors import Problem
from rowcall.language.ref import ColumnRef
from rowcall.people import People
from rowcall.ports import CellValue
from rowcall.table import Snapshot
from rowcall.template import Templates

Added = Mapping[str, tuple[Mapping[str, str], ...]]
"""Table → rows that a tick adds, each as texts by column."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One effect that an action wants, before it gets its place in the ledger.

    target: a recipient's address, or `Table!key`. lane: `mail` or `workbook:NAME`. customer: the address whose
    budget it counts in, "" for staff. mail: it is a mail, so windows and limits apply. send_after: the label of the
    digest that a line waits for.
    """

    target: str
    lane: str
    payload: object
    customer: str = ""
    mail: bool = False
    urgent: bool = False
    send_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Drafts:
    """What an action planned, and what it could not: data problems never stop the other rows."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    writes: tuple[tuple[ColumnRef, CellValue], ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every scene of one tick shares.

    calendars: by name. last_tick: the moment of the tick before, None at the first. attachments: the folder with the
    files that mails may carry.
    """

    snapshot: Snapshot
    now: datetime
    zone: ZoneInfo
    language: str
    shop_name: str
    people: People
    settings: Mapping[str, str]
    templates: Templates
    mail_domain: str
    responsible: str = ""
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    last_tick: datetime | None = None
    attachments: Path | None = None

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.now.astimezone(self.zone).date()
