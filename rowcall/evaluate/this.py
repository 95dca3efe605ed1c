"""What does `this.Column` say, where conditions search another table for the watched row?"""

from dataclasses import replace

from rowcall.evaluate.row import Row
from rowcall.language.condition import (
    AllOf,
    AnyOf,
    Between,
    Compare,
    Condition,
    Literal,
    NoneOf,
    OfColumn,
    OneOf,
    Operand,
)
from rowcall.language.ref import ColumnRef

THIS = "this"
"""The first link of a column that belongs to the watched row."""


def fill_this(condition: Condition, row: Row) -> Condition:
    """Return the condition with every `this.Column` replaced by the value of the watched row."""
    match condition:
        case AllOf(lines=parts):
            return replace(condition, lines=tuple(fill_this(part, row) for part in parts))
        case AnyOf(blocks=parts) | NoneOf(blocks=parts):
            return replace(condition, blocks=tuple(fill_this(part, row) for part in parts))
        case Compare(right=right):
            return replace(condition, right=_fill(right, row))
        case Between(low=low, high=high):
            return replace(condition, low=_fill(low, row), high=_fill(high, row))
        case OneOf(values=values):
            return replace(condition, values=tuple(_fill(value, row) for value in values))
        case _:
            return condition


def _fill(operand: Operand, row: Row) -> Operand:
    if not isinstance(operand, OfColumn) or operand.ref.links[:1] != (THIS,):
        return operand
    ref = ColumnRef(operand.ref.column, operand.ref.table, operand.ref.links[1:])
    return Literal(row.text(ref), row.value(ref))
