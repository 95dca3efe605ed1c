"""What may a condition say? The typed lines of `when`, `stop when`, `where` and their kin.

A line is `Column: phrase`. Every line keeps its place and its text as written, for the trace and for `explain`.
"""

from dataclasses import dataclass
from enum import StrEnum

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.formula.tree import Formula
from rowcall.language.ref import ColumnRef
from rowcall.period import Period
from rowcall.ports import CellValue


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as written and as typed by the column it meets; a day without a time is a `date` on datetimes too."""

    text: str
    value: CellValue


@dataclass(frozen=True, slots=True)
class OfColumn:
    """The value of another column: `same as C`, `C + 5`, `120% of C`; factor first, then plus or shift.

    calendar: the name of the calendar that a shift in working time counts in.
    """

    ref: ColumnRef
    factor: float = 1.0
    plus: float = 0.0
    shift: Span | None = None
    back: bool = False
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class OfSetting:
    """The value of a row of the shop's Settings table, typed by the column it meets."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """`now`, or `today` with a shift of whole days (yesterday = -1, tomorrow = 1)."""

    now: bool = False
    days: int = 0


Operand = Literal | OfColumn | OfSetting | Moment


class Operator(StrEnum):
    """Comparisons; for dates LESS is `before` and MORE is `after`."""

    EQUAL = "="
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Compare:
    """`Total: at least 50`, `Status: Paid`, `Status: not Paid` (negated EQUAL)."""

    ref: ColumnRef
    operator: Operator
    right: Operand
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """`Total: between 5 and 10`, both ends included."""

    ref: ColumnRef
    low: Operand
    high: Operand
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """`Status: one of A, B`, `Status: not one of A, B`."""

    ref: ColumnRef
    values: tuple[Operand, ...]
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """`Email: empty`, `Email: not empty`."""

    ref: ColumnRef
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Ago:
    """`Delivered on: at least 7 days ago`; EQUAL means that calendar day. calendar: for working time."""

    ref: ColumnRef
    operator: Operator
    span: Span
    place: Place
    text: str
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """`in the next 3 days` (back=False) or `within the last 3 days` (back=True), now and today included.

    calendar: for working time.
    """

    ref: ColumnRef
    span: Span
    place: Place
    text: str
    back: bool = False
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class InPeriod:
    """`Ordered on: in the period`: it lies in the rule's `period`, counted from the moment of asking."""

    ref: ColumnRef
    period: Period
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Anniversary:
    """`Birthday: anniversary today`, `anniversary in 3 days`; the column is a date or a text `MM-DD`."""

    ref: ColumnRef
    days: int
    place: Place
    text: str


class TextHow(StrEnum):
    """Tests of text; all ignore case but MATCHES."""

    CONTAINS = "contains"
    STARTS = "starts with"
    ENDS = "ends with"
    MATCHES = "matches"


@dataclass(frozen=True, slots=True)
class TextTest:
    """`Note: contains one of tea, coffee` (any of the texts), `does not contain` (negated)."""

    ref: ColumnRef
    how: TextHow
    texts: tuple[str, ...]
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Valid:
    """`Email: valid`, `Phone: not valid`."""

    ref: ColumnRef
    place: Place
    text: str
    negated: bool = False


class EdgeHow(StrEnum):
    """Ways in which a cell may have changed since the rule last looked."""

    CHANGED = "changed"
    CHANGED_TO = "changed to"
    FROM_TO = "changed from to"
    BY_PERCENT = "changed by more than"
    UP = "went up"
    DOWN = "went down"


@dataclass(frozen=True, slots=True)
class Edge:
    """`Status: changed to Paid`, `On hand: changed from 0 to above 0`.

    before, after: conditions on the same column, asked of the old and of the new row.
    """

    ref: ColumnRef
    how: EdgeHow
    place: Place
    text: str
    before: "Condition | None" = None
    after: "Condition | None" = None
    percent: float = 0.0


@dataclass(frozen=True, slots=True)
class RowNew:
    """`row: new`."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class LinkMissing:
    """`Order: missing`: the linked row does not exist; `not missing` is its contrary."""

    links: tuple[str, ...]
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ThereIs:
    """`there is:` / `there is no:` (negated): a row of another table for which the condition is true.

    In the condition a plain column belongs to `table`; `this.Column` (first link THIS) to the watched row.
    """

    table: str
    condition: "Condition"
    place: Place
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class FormulaTest:
    """`formula: "=[Total] > 5"`: the formula's value is TRUE; an error is unknown."""

    formula: Formula
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """A block: every line must be true; no lines are true."""

    lines: tuple["Condition", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`any of:` a list of blocks."""

    blocks: tuple["Condition", ...]
    place: Place
    text: str = "any of"


@dataclass(frozen=True, slots=True)
class NoneOf:
    """`none of:` a list of blocks."""

    blocks: tuple["Condition", ...]
    place: Place
    text: str = "none of"


Line = (
    Compare
    | Between
    | OneOf
    | IsEmpty
    | Ago
    | Ahead
    | Anniversary
    | TextTest
    | Valid
    | Edge
    | RowNew
    | LinkMissing
    | InPeriod
    | ThereIs
    | FormulaTest
)
Cellless = RowNew | LinkMissing | ThereIs | FormulaTest
"""Lines that ask about no single cell of the row."""
Condition = Line | AllOf | AnyOf | NoneOf
