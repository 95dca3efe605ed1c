"""What are the figures of the rules that are asked in this tick? Each is computed once, however often it is used."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from rowcall.evaluate.figures import Figures, compute_figures
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.grounds import Grounds
from rowcall.language.fingerprint import meaning
from rowcall.language.parts import parts_of
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.plan.inputs import TickInput
from rowcall.table import Snapshot


@dataclass(slots=True)
class Figuring:
    """Computes figures over one snapshot, and keeps what was computed: rules that ask the same share it."""

    given: TickInput
    snapshot: Snapshot
    grounds: dict[datetime, Grounds] = field(default_factory=dict)
    found: dict[tuple[str, datetime], Figures] = field(default_factory=dict)
    shared: dict[str, Figures] = field(default_factory=dict)

    def of(self, rule: Rule, now: datetime, frame: Frame) -> Figures | None:
        """Return a rule's figures at a moment for the rows of its table; None for a rule without figures."""
        if not rule.figures:
            return None
        known = self.found.get((rule.id, now))
        if known is None:
            known = self.found[rule.id, now] = self._compute(rule, now, frame)
        return known

    def put(self, rules: list[Rule], now: datetime, frame: Frame) -> Frame:
        """Return the frame with the figures of all these rules, which look at its rows."""
        for rule in rules:
            figures = self.of(rule, now, frame)
            frame = frame if figures is None else figures.on(frame)
        return frame

    def _compute(self, rule: Rule, now: datetime, frame: Frame) -> Figures:
        # Within one rule figures may name each other by its id: only those that don't can be another rule's.
        stands_on_others = any(isinstance(one, ColumnRef) and one.figure for one in parts_of(rule.figures))
        name = "" if stands_on_others else _sameness(rule, now)
        if name and name in self.shared:
            same = self.shared[name]
            return Figures(
                rule.id,
                {one.name: one for one in rule.figures},
                same.values,
                same.before,
                same.lists,
                same.breakdowns,
                same.problems,
                same.keys,
            )
        found = compute_figures(rule, self._grounds(now), frame if rule.table else None)
        if name:
            self.shared[name] = found
        return found

    def _grounds(self, now: datetime) -> Grounds:
        house = self.given.house
        if now not in self.grounds:
            self.grounds[now] = Grounds(
                self.snapshot, now, house.zone, house.language, house.settings, house.calendars
            )
        return self.grounds[now]


def _sameness(rule: Rule, now: datetime) -> str:
    parts = [meaning(rule.figures), meaning(rule.period), meaning(rule.compare_with)]
    return json.dumps([rule.table, now.isoformat(), *parts])
