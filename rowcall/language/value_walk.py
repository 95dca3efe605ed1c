"""What does a value, or a figure, read? Its columns, conditions and formulas, however deep they stand in it."""

from collections.abc import Iterator

from rowcall.language.condition import Condition
from rowcall.language.figure import Aggregate, Figure, FormulaOf, Listing, ShareWith, TimeBetween
from rowcall.language.formula.tree import Formula, cells_in
from rowcall.language.ref import ColumnRef
from rowcall.language.value import (
    ByColumn,
    Computation,
    FirstThatFits,
    Increase,
    SameAs,
    Shifted,
    Value,
)


def parts_of(value: Value) -> Iterator[Value]:
    """Yield a value and every value inside it."""
    yield value
    match value:
        case ByColumn(rows=rows, otherwise=otherwise):
            for _, inner in rows:
                yield from parts_of(inner)
            if otherwise is not None:
                yield from parts_of(otherwise)
        case FirstThatFits(choices=choices):
            for choice in choices:
                yield from parts_of(choice.value)
        case Increase(by=by):
            yield from parts_of(by)
        case _:
            return


def refs_in(value: Value) -> Iterator[ColumnRef]:
    """Yield the columns and figures that a value reads, without those of its conditions."""
    for part in parts_of(value):
        match part:
            case SameAs(ref=ref) | Shifted(base=ColumnRef() as ref):
                yield ref
            case ByColumn(refs=refs):
                yield from refs
            case Computation(formula=formula):
                yield from cells_in(formula)
            case _:
                pass


def conditions_in(value: Value) -> Iterator[Condition]:
    """Yield the conditions of `first that fits` in a value."""
    for part in parts_of(value):
        if isinstance(part, FirstThatFits):
            yield from (choice.when for choice in part.choices if choice.when is not None)


def formulas_in(value: Value) -> Iterator[Formula]:
    """Yield the formulas in a value."""
    return (part.formula for part in parts_of(value) if isinstance(part, Computation))


def conditions_of(figure: Figure) -> Iterator[Condition]:
    """Yield the conditions of a figure: its `where` and its `share with`."""
    if figure.where is not None:
        yield figure.where
    if isinstance(figure.measure, ShareWith):
        yield figure.measure.condition


def columns_in(figure: Figure) -> Iterator[ColumnRef]:
    """Yield the columns of its table that a figure measures, lists, sorts by or is broken down by."""
    if figure.by is not None:
        yield figure.by
    match figure.measure:
        case Aggregate(ref=ref):
            yield ref
        case TimeBetween(start=start, end=end):
            yield from (start, end)
        case Listing(refs=refs, sort_by=sort_by):
            yield from refs
            yield from (ref for ref, _ in sort_by)
        case _:
            pass


def formula_of(figure: Figure) -> Formula | None:
    """Return the formula of a figure that has one."""
    return figure.measure.formula if isinstance(figure.measure, FormulaOf) else None
