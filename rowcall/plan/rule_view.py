"""What does one rule's step look at in a tick, and what does it want?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rowcall.episode import Episode, Firing
from rowcall.errors import Problem
from rowcall.evaluate.figures import Figures
from rowcall.evaluate.frame import Frame
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Entry, Rule
from rowcall.memory import RowClock, RuleMemory
from rowcall.plan.clocks import RuleClocks
from rowcall.plan.episodes import Mask, Sight
from rowcall.plan.inputs import TickInput
from rowcall.plan.labels import Struck
from rowcall.plan.looking import Past
from rowcall.scene import Surroundings, Turns
from rowcall.table import CellValue, Table

AddedSoFar = dict[str, tuple[Mapping[str, str], ...]]
"""Table → texts of the rows that this tick adds: shared by all rules of a tick, and grows while it is planned."""

KeptCell = tuple[CellValue, str]
"""What a kept cell shall hold: the value and its text."""


@dataclass(slots=True)
class Keeping:
    """What a rule keeps, in one tick.

    cells: key → column → the value to write and its text, of rows that differ. lower: the clocks of rows whose lower
    value waits for its grace, or waits no more. problems: columns that can't be computed.
    """

    cells: dict[str, dict[ColumnRef, KeptCell]] = field(default_factory=dict)
    clocks: dict[str, RowClock] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, key: str) -> Mapping[ColumnRef, KeptCell]:
        """Return what is to be written into a row."""
        return self.cells.get(key, {})


@dataclass(slots=True)
class RuleStep:
    """What one tick wants for one rule; nothing of it is decided before limits and conflicts were looked at.

    known: the rule's episodes before this tick. table_rows: how many rows its table has.
    baseline: keys recorded on first sight; asks: the responsible person is to be asked about them.
    failed: entries whose words can't be made yet, with the reason. missed: labels of a schedule that were passed over.
    clocks: the rows' clocks that this tick changed.
    """

    rule: Rule
    memory: RuleMemory
    known: Mapping[str, Episode] = field(default_factory=dict)
    table_rows: int = 0
    episodes: dict[str, Episode] = field(default_factory=dict)
    forgotten: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    firings: list[Firing] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    baseline: tuple[str, ...] = ()
    asks: bool = False
    problems: list[Problem] = field(default_factory=list)
    failed: list[tuple[Entry, str]] = field(default_factory=list)
    answered: bool = False
    missed: Struck | None = None
    clocks: dict[str, RowClock] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleView:
    """Everything one rule's step looks at.

    first: the rule looks at its table for the first time. old: its sight of the last stored tables, when its text
    was edited or it was off. changed: keys edited since. under_way: (key, n, entry) with deliveries not final yet.
    orphaned: (key, n) of those among them whose entry an edit has taken away or renamed.
    struck: what the rule's schedule says, None without one; `around.now` is then its label. past: what the rule
    last evaluated. stale: the only rows whose entries' times may have changed otherwise than by the clock; None =
    any. clocks: those of the rows, once `step_rule` has followed them. figures: the rule's, of all rows of its table.
    turns: whose turn it is, shared by all rules of a tick. keeping: what `keep` wants to be different; the frame then
    shows the rows as they are once that is written. asked: answers for all rows, made at first use.
    """

    given: TickInput
    around: Surroundings
    rule: Rule
    table: Table
    frame: Frame
    sight: Sight
    memory: RuleMemory
    first: bool = False
    old: Sight | None = None
    under_way: frozenset[tuple[str, int, str]] = frozenset()
    orphaned: frozenset[tuple[str, int]] = frozenset()
    struck: Struck | None = None
    figures: Figures | None = None
    turns: Turns = field(default_factory=Turns)
    keeping: Keeping | None = None
    asked: dict[int, Mask] = field(default_factory=dict)
    added: AddedSoFar = field(default_factory=dict)
    before: Table | None = None
    past: Past | None = None
    stale: frozenset[str] | None = None
    clocks: RuleClocks | None = None

    @property
    def asked_at(self) -> datetime:
        """The moment for which conditions are asked: now, or the label of a schedule."""
        return self.given.now if self.struck is None else self.struck.label or self.struck.seen
