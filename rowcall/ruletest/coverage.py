"""Which conditions and entries of a rule did no test ever reach?"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from rowcall.errors import Place
from rowcall.evaluate.mask import masks
from rowcall.language.asking import lines_of
from rowcall.language.condition import Condition, Line
from rowcall.language.rule import Every, Rule
from rowcall.plan.looking import frame_of
from rowcall.rehearsal.shop import Ticked


@dataclass(frozen=True, slots=True)
class Unreached:
    """One line or entry that no test reached, and in which way."""

    place: Place
    text: str
    why: str


@dataclass(slots=True)
class Coverage:
    """What the tests of one rule have reached so far."""

    rule: Rule
    true: set[Place] = field(default_factory=set)
    false: set[Place] = field(default_factory=set)
    fired: set[str] = field(default_factory=set)

    def note(self, ticked: Ticked) -> None:
        """Take in what one tick asked and did."""
        self.fired |= {firing.entry for firing in ticked.plan.firings}
        table = ticked.given.snapshot.tables.get(self.rule.table)
        if table is None or not len(table):
            return
        open_lines = {
            line.place: line
            for line in _lines(self.rule)
            if line.place not in self.true or line.place not in self.false
        }
        if not open_lines:
            return
        given = ticked.given
        frame = frame_of(given, given.snapshot, self.rule.table)
        before = {
            name: last for name in given.snapshot.tables if (last := given.last_table(name)) is not None
        }
        new = [key for key in table.keys.to_list() if not _was_there(before.get(self.rule.table), key)]
        named = {str(place): line for place, line in open_lines.items()}
        answers = masks(named, frame.since(before, new), given.now, given.house.zone, given.house.settings)
        for place in open_lines:
            answer = answers[str(place)]
            if isinstance(answer, pl.Series):
                self.true |= {place} if (answer == True).any() else set()  # noqa: E712 - unknown is neither
                self.false |= {place} if (answer == False).any() else set()  # noqa: E712

    def unreached(self) -> tuple[Unreached, ...]:
        """Return the lines that were never true or never false, and the entries that never acted."""
        return tuple(sorted(self._unreached(), key=lambda one: (one.place.line, one.place.column)))

    def _unreached(self) -> Iterator[Unreached]:
        for line in _lines(self.rule):
            if line.place not in self.true:
                yield Unreached(line.place, _text(line), "was never true")
            elif line.place not in self.false:
                yield Unreached(line.place, _text(line), "was never false")
        for entry in self.rule.entries:
            if entry.id not in self.fired:
                yield Unreached(entry.place, entry.id.rpartition("#")[0], "this entry never acted")


def _text(line: Line) -> str:
    ref = getattr(line, "ref", None)
    return f"{ref.name}: {line.text}" if ref is not None and not line.text.startswith(ref.name) else line.text


def _lines(rule: Rule) -> Iterator[Line]:
    for condition in _conditions(rule):
        yield from lines_of(condition)


def _conditions(rule: Rule) -> Iterator[Condition]:
    parts = [rule.when, rule.stop_when, rule.again_only_when, rule.pause_while]
    for entry in rule.entries:
        parts.append(entry.when)
        parts.append(entry.timing.until if isinstance(entry.timing, Every) else None)
    yield from (part for part in parts if part is not None)


def _was_there(before: object, key: str) -> bool:
    keys = getattr(before, "keys", None)
    return keys is None or keys.index_of(key) is not None
