"""Where do searches stand: each table of one snapshot, at one moment, with what was made of it once?"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar
from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.computed import Computed, FigureKey
from rowcall.evaluate.frame import Frame, assemble
from rowcall.evaluate.ground import Ground
from rowcall.table import CellValue, Snapshot, Table

NO_SETTINGS: Mapping[str, CellValue] = MappingProxyType({})
NO_CALENDARS: Mapping[str, Calendar] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grounds:
    """All tables of a snapshot at one moment (now: aware), for searches; share one for all rules of a tick and label.

    calendars: by name. settings: as `masks` takes them. joins: those of searched to watched rows.
    """

    snapshot: Snapshot
    now: datetime
    zone: ZoneInfo
    language: str = "en"
    settings: Mapping[str, CellValue] = field(default_factory=lambda: NO_SETTINGS)
    calendars: Mapping[str, Calendar] = field(default_factory=lambda: NO_CALENDARS)
    made: dict[str, Ground] = field(default_factory=dict)
    joins: dict[Hashable, object] = field(default_factory=dict)

    def of(self, table: str) -> Ground:
        """Return the ground of a table; raises MistakesError if it can't be used now."""
        if table not in self.made:
            frame = assemble(
                self.find(table),
                self.snapshot,
                zone=self.zone,
                language=self.language,
                calendars=self.calendars,
            )
            self.made[table] = Ground(frame, self.now, self.zone, self.settings)
        return self.made[table]

    def of_frame(self, frame: Frame) -> Ground:
        """Return a ground of its own for a frame."""
        return Ground(frame, self.now, self.zone, self.settings)

    def with_figures(self, table: str, figures: Mapping[FigureKey, Computed]) -> Ground:
        """Return the ground of a table whose conditions name figures of one value."""
        ground = self.of(table)
        if not figures:
            return ground
        frame = ground.frame
        for (rule, name), computed in figures.items():
            frame = frame.with_figures(rule, {name: computed})
        return self.of_frame(frame)

    def find(self, table: str) -> Table:
        """Return a table; raises MistakesError if it can't be used now."""
        if table in self.snapshot.tables:
            return self.snapshot.tables[table]
        if table in self.snapshot.broken:
            raise MistakesError([self.snapshot.broken[table]])
        raise MistakesError(
            [Problem(Place(table=table), f"the tab of {table} is not there, and it is searched")]
        )


def grounds_of(ground: Ground) -> Grounds:
    """Return the grounds of the tables around the rows that a ground has, made once for it."""
    found = ground.made.get("grounds")
    if not isinstance(found, Grounds):
        frame = ground.frame
        found = Grounds(
            frame.view.snapshot, ground.now, ground.zone, frame.language, ground.settings, frame.calendars
        )
        ground.made["grounds"] = found
    return found
