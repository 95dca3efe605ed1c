"""Can all lines of a condition be true at once?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from rowcall.errors import Place
from rowcall.language.condition import (
    AllOf,
    Between,
    Compare,
    Condition,
    IsEmpty,
    Line,
    Literal,
    OneOf,
    Operand,
    Operator,
)
from rowcall.language.ref import ColumnRef
from rowcall.ports import CellValue


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two lines on one column that no row can fulfil together; suggestion: what may be meant."""

    ref: ColumnRef
    place: Place
    what: str
    suggestion: str = ""


@dataclass(slots=True)
class _Bounds:
    """What the lines read so far leave possible for one column."""

    equal: dict[CellValue, str] | None = None
    unequal: dict[CellValue, str] = field(default_factory=dict)
    low: tuple[CellValue, bool, str] | None = None
    high: tuple[CellValue, bool, str] | None = None
    empty: str = ""
    filled: str = ""


def find_contradiction(condition: Condition) -> Contradiction | None:
    """Return the first line that no row can fulfil together with the lines before it, or None."""
    known: dict[ColumnRef, _Bounds] = {}
    for line in _joint_lines(condition):
        if isinstance(line, Compare | Between | OneOf | IsEmpty):
            found = _add(known.setdefault(line.ref, _Bounds()), line)
            if found is not None:
                return found
    return None


def _joint_lines(condition: Condition) -> Iterable[Line]:
    """Yield the lines that must all be true; what stands under `any of` and `none of` is left out."""
    if isinstance(condition, AllOf):
        for part in condition.lines:
            yield from _joint_lines(part)
    elif isinstance(condition, Compare | Between | OneOf | IsEmpty):
        yield condition


def _add(bounds: _Bounds, line: Compare | Between | OneOf | IsEmpty) -> Contradiction | None:
    name = line.ref.name
    if isinstance(line, IsEmpty):
        if line.negated:
            bounds.filled = bounds.filled or line.text
        else:
            bounds.empty = line.text
    elif isinstance(line, OneOf) or (isinstance(line, Compare) and line.operator is Operator.EQUAL):
        before = bounds.equal
        clash = _add_equal(bounds, line)
        if clash and before:
            both = ", ".join(dict.fromkeys([*before.values(), *_texts(line)]))
            one, other = ", ".join(before.values()), ", ".join(_texts(line))
            what = f"No row can be both `{one}` and `{other}` in {name}, so this rule never acts."
            return Contradiction(line.ref, line.place, what, f"{name}: one of {both}")
        if clash:
            return Contradiction(line.ref, line.place, f"`{name}: {line.text}` leaves no value possible.")
    else:
        _add_range(bounds, line)
    if bounds.empty and (bounds.filled or bounds.equal is not None or bounds.low or bounds.high):
        what = f"{name} can't be empty and also hold a value, so this rule never acts."
        return Contradiction(line.ref, line.place, what)
    return _check_range(bounds, line)


def _add_equal(bounds: _Bounds, line: Compare | OneOf) -> bool:
    """Take in values that are allowed or forbidden; say whether none is left."""
    operands = line.values if isinstance(line, OneOf) else (line.right,)
    if not all(isinstance(one, Literal) for one in operands):
        return False
    values = {_fold(one.value): one.text for one in operands if isinstance(one, Literal)}
    if line.negated:
        bounds.unequal |= values
    elif bounds.equal is None:
        bounds.equal = values
    else:
        bounds.equal = {value: text for value, text in bounds.equal.items() if value in values}
    if bounds.equal is None:
        return False
    bounds.equal = {value: text for value, text in bounds.equal.items() if value not in bounds.unequal}
    return not bounds.equal


def _add_range(bounds: _Bounds, line: Compare | Between) -> None:
    if isinstance(line, Between):
        _raise_low(bounds, line.low, True, line.text)
        _lower_high(bounds, line.high, True, line.text)
    elif line.operator in (Operator.MORE, Operator.AT_LEAST):
        _raise_low(bounds, line.right, line.operator is Operator.AT_LEAST, line.text)
    else:
        _lower_high(bounds, line.right, line.operator is Operator.AT_MOST, line.text)


def _raise_low(bounds: _Bounds, end: Operand, included: bool, text: str) -> None:
    value = _end(end)
    if value is not None and (bounds.low is None or _less(bounds.low[0], value)):
        bounds.low = (value, included, text)


def _lower_high(bounds: _Bounds, end: Operand, included: bool, text: str) -> None:
    value = _end(end)
    if value is not None and (bounds.high is None or _less(value, bounds.high[0])):
        bounds.high = (value, included, text)


def _check_range(bounds: _Bounds, line: Line) -> Contradiction | None:
    if bounds.low is None or bounds.high is None or not isinstance(line, Compare | Between):
        return None
    (low, low_in, low_text), (high, high_in, high_text) = bounds.low, bounds.high
    if _less(low, high) or (low == high and low_in and high_in):
        return None
    name = line.ref.name
    if isinstance(line, Between) and low_text == high_text:
        ends = line.text.lower().removeprefix("between ").split(" and ")
        suggestion = f"{name}: between {ends[1]} and {ends[0]}" if len(ends) == 2 else ""  # noqa: PLR2004 - two ends
        return Contradiction(
            line.ref, line.place, f"`{line.text}` begins above its end: no value lies in it.", suggestion
        )
    what = f"No value of {name} is both `{low_text}` and `{high_text}`, so this rule never acts."
    return Contradiction(line.ref, line.place, what)


def _end(operand: Operand) -> CellValue:
    if not isinstance(operand, Literal) or isinstance(operand.value, str | bool):
        return None
    return operand.value


def _less(one: CellValue, other: CellValue) -> bool:
    """Say whether one bound lies below another; bounds of different sorts are taken as fine."""
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one < other
    if isinstance(one, timedelta) and isinstance(other, timedelta):
        return one < other
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    if isinstance(one, datetime) or isinstance(other, datetime):
        return True
    return one < other if isinstance(one, date) and isinstance(other, date) else True


def _fold(value: CellValue) -> CellValue:
    return value.lower() if isinstance(value, str) else value


def _texts(line: Compare | OneOf) -> list[str]:
    operands = line.values if isinstance(line, OneOf) else (line.right,)
    return [one.text for one in operands if isinstance(one, Literal)]
