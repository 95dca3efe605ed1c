"""What does a condition ask: which lines, cells and tables, the clock, changes; and what is left of it later?"""

from collections.abc import Iterator
from dataclasses import replace

from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    EdgeHow,
    FormulaTest,
    InPeriod,
    Line,
    LinkMissing,
    Moment,
    NoneOf,
    OfColumn,
    OneOf,
    Operand,
    RowNew,
    ThereIs,
)
from rowcall.language.formula.tree import cells_in, functions_in, ranges_in
from rowcall.language.ref import THIS, ColumnRef


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


def watched_refs_of(condition: Condition) -> tuple[ColumnRef, ...]:
    """Return what a condition on a searched table reads of the watched row: `this.Column`, and figures."""
    found = (ref for ref in _all_refs(condition) if ref.links[:1] == (THIS,) or ref.figure)
    return tuple(dict.fromkeys(found))


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


def _refs_of_line(line: Line) -> Iterator[ColumnRef]:
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
    """Yield the cells of a searched row, and those of the watched one that lines deeper inside name as well."""
    for line in lines_of(condition):
        if isinstance(line, ThereIs):
            yield from (ref for ref in _all_refs(line.condition) if ref.links[:1] == (THIS,) or ref.figure)
        else:
            yield from _refs_of_line(line)


def uses_clock(condition: Condition) -> bool:
    """Say whether the condition may change its answer by the passing of time alone."""
    return any(_line_uses_clock(line) for line in lines_of(condition))


def _line_uses_clock(line: Line) -> bool:
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
