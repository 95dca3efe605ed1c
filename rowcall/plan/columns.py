"""What stands in one row's cells, as plain values, each column listed once however many rows ask?"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rowcall.evaluate.frame import Frame
from rowcall.language.ref import ColumnRef
from rowcall.table import TEMPORAL


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a frame by key. position: key → row of the frame. made: what was listed already.

    All methods raise MistakesError when a table or column can't be used now.
    """

    frame: Frame
    position: Mapping[str, int]
    made: dict[Hashable, list[object]] = field(default_factory=dict)

    def value(self, ref: ColumnRef, key: str) -> object:
        """Return the typed value, None where empty, unknown, or without such a row."""
        return self.of(key, ("value", ref), self._values_of(ref))

    def text(self, ref: ColumnRef, key: str) -> str:
        """Return the text as it stands in the cell, "" where there is none."""
        text = self.of(key, ("text", ref), self._texts_of(ref))
        return text if isinstance(text, str) else ""

    def moment(self, ref: ColumnRef, key: str) -> datetime | date | None:
        """Return the date or moment in a cell, None where there is none."""
        value = self.value(ref, key) if ref.column.kind in TEMPORAL else None
        return value if isinstance(value, date) else None

    def of(self, key: str, name: Hashable, make: Callable[[], list[object]]) -> object:
        """Return what a list, made at first use and known by name, holds for the row."""
        place = self.position.get(key)
        if place is None:
            return None
        if name not in self.made:
            self.made[name] = make()
        return self.made[name][place]

    def _values_of(self, ref: ColumnRef) -> Callable[[], list[object]]:
        def listed() -> list[object]:
            return self.frame.cells(ref).value.to_list()

        return listed

    def _texts_of(self, ref: ColumnRef) -> Callable[[], list[object]]:
        def listed() -> list[object]:
            return self.frame.cells(ref).text.to_list()

        return listed
