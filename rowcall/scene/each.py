"""What do values say of a line that `for each` goes through, once they are asked of that line itself?"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from rowcall.errors import Place
from rowcall.language.condition import Literal, OfColumn
from rowcall.language.ref import EACH, THIS, ColumnRef

T = TypeVar("T")


def without_each(part: T) -> T:
    """Return a part of a rule in which the columns of the list are plain columns."""
    changed: Any = _without(part)  # Any: what comes out has the type of what went in
    return changed  # type: ignore[no-any-return]


def with_literals(part: T, read: Callable[[ColumnRef], Literal]) -> T:
    """Return conditions on a searched table in which cells of other rows, and figures, are what they say now."""
    changed: Any = _with_literals(part, read)  # Any: what comes out has the type of what went in
    return changed  # type: ignore[no-any-return]


def _with_literals(part: object, read: Callable[[ColumnRef], Literal]) -> object:
    match part:
        case OfColumn(ref=ref) if ref.figure or ref.links[:1] in ((THIS,), (EACH,)):
            return _amount(part, read(ref))
        case tuple():
            return tuple(_with_literals(one, read) for one in part)
        case Place() | ColumnRef() | type():
            return part
        case _ if is_dataclass(part):
            return _changed(part, lambda one: _with_literals(one, read))
        case _:
            return part


def _amount(operand: OfColumn, literal: Literal) -> Literal:
    """Return the literal with `+ 5` or `120% of` carried out."""
    if not isinstance(literal.value, Decimal) or (operand.factor, operand.plus) == (1.0, 0.0):
        return literal
    value = literal.value * Decimal(str(operand.factor)) + Decimal(str(operand.plus))
    return Literal(f"{value:f}", value)


def _without(part: object) -> object:
    if isinstance(part, ColumnRef):
        return replace(part, links=part.links[1:]) if part.links[:1] == (EACH,) else part
    if isinstance(part, tuple):
        return tuple(map(_without, part))
    if isinstance(part, Place) or not is_dataclass(part) or isinstance(part, type):
        return part
    return _changed(part, _without)


def _changed(part: Any, change: Callable[[object], object]) -> object:  # Any: a frozen value of whatever type
    changed = {
        one.name: new
        for one in fields(part)
        if one.init and (new := change(old := getattr(part, one.name))) is not old
    }
    return replace(part, **changed) if changed else part
