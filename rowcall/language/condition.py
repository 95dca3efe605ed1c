"""What may a condition say? The typed lines of `when`, `stop when`, `where` and their kin.

A line is `Column: phrase`. Every line keeps its place and its text as written, for the trace and for `explain`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.formula.tree import Formula, cells_in, functions_in, ranges_in
from rowcall.language.ref import THIS, ColumnRef
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


def lines_of(condition: Condition) -> tuple[Line, ...]:
    """Return every single line of a condition, in the order written."""
    match condition:
        case AllOf(lines=parts) | AnyOf(blocks=parts) | NoneOf(blocks=parts):
            return tuple(line for part in parts for line in lines_of(part))
        case _:
            return (condition,)


def operands_of(line: Line) -> tuple[Operand, ...]:
    """Return what stands on the right side of a line."""
    match line:
        case Compare(right=right):
            return (right,)
        case Between(low=low, high=high):
            return (low, high)
        case OneOf(values=values):
            return values
        case Edge(before=before, after=after):
            parts = [part for part in (before, after) if part is not None]
            return tuple(operand for part in parts for one in lines_of(part) for operand in operands_of(one))
        case _:
            return ()


def refs_of(condition: Condition) -> tuple[ColumnRef, ...]:
    """Return every cell of the watched row, and every figure, that a condition reads, without doubles."""
    found: dict[ColumnRef, None] = {}
    for line in lines_of(condition):
        found |= dict.fromkeys(_refs_of_line(line))
    return tuple(found)


def ranges_of(condition: Condition) -> tuple[tuple[str, str], ...]:
    """Return every (table, column) that a condition reads as a whole: what `there is` and formulas search."""
    found: dict[tuple[str, str], None] = {}
    for line in lines_of(condition):
        if isinstance(line, FormulaTest):
            found |= dict.fromkeys((one.table, one.column.name) for one in ranges_in(line.formula))
        elif isinstance(line, ThereIs):
            found |= {(line.table, ""): None} | dict.fromkeys(ranges_of(line.condition))
            inner = [ref for ref in _all_refs(line.condition) if ref.links[:1] != (THIS,) and not ref.figure]
            found |= dict.fromkeys((ref.table, ref.column.name) for ref in inner)
    return tuple(found)


def _refs_of_line(line: "Line") -> Iterator[ColumnRef]:
    match line:
        case RowNew() | LinkMissing():
            return
        case FormulaTest(formula=formula):
            yield from cells_in(formula)
        case ThereIs(condition=condition):
            for ref in _all_refs(condition):
                if ref.links[:1] == (THIS,):
                    yield replace(ref, links=ref.links[1:])
                elif ref.figure:
                    yield ref
        case _:
            yield line.ref
            for operand in operands_of(line):
                if isinstance(operand, OfColumn):
                    yield operand.ref


def _all_refs(condition: Condition) -> Iterator[ColumnRef]:
    for line in lines_of(condition):
        yield from _refs_of_line(line)


def uses_clock(condition: Condition) -> bool:
    """Say whether the condition may change its answer by the passing of time alone."""
    return any(_line_uses_clock(line) for line in lines_of(condition))


def _line_uses_clock(line: "Line") -> bool:
    match line:
        case Ago() | Ahead() | Anniversary() | InPeriod():
            return True
        case ThereIs(condition=condition):
            return uses_clock(condition)
        case FormulaTest(formula=formula):
            return bool(functions_in(formula) & {"TODAY", "NOW"})
        case _:
            return any(isinstance(operand, Moment) for operand in operands_of(line))


def has_edges(condition: Condition) -> bool:
    """Say whether any line asks what has changed."""
    return any(isinstance(line, Edge | RowNew) for line in lines_of(condition))


def while_open(condition: Condition) -> Condition | None:
    """Return what a condition means once an episode is open: `changed to X` stands for `X`, other edges for nothing.

    None: nothing is left, so the episode ends with its last entry.
    """
    match condition:
        case Edge(how=EdgeHow.CHANGED_TO, after=after):
            return after
        case Edge() | RowNew():
            return None
        case AllOf(lines=lines, place=place):
            kept = tuple(part for part in map(while_open, lines) if part is not None)
            return AllOf(kept, place) if kept or not lines else None
        case AnyOf(blocks=blocks):
            open_blocks = [while_open(block) for block in blocks]
            # A branch of which nothing is left would be true for ever: then the whole line asks nothing.
            if any(block is None for block in open_blocks):
                return None
            return AnyOf(tuple(block for block in open_blocks if block), condition.place)
        case NoneOf(blocks=blocks):
            kept = tuple(block for block in map(while_open, blocks) if block is not None)
            return NoneOf(kept, condition.place) if kept else None
        case _:
            return condition
