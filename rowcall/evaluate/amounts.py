"""When is one number equal to, above or below another, at the 15 digits that spreadsheets compare?

A fixed number stands for all doubles that show the same 15 digits: its two bounds are computed exactly, so
that the column itself need not be rounded. Where two columns meet, both are rounded.
"""

from decimal import Decimal

import polars as pl

from rowcall.evaluate.digits import DIGITS
from rowcall.evaluate.ground import Side
from rowcall.language.condition import Operator
from rowcall.language.ref import ColumnRef

_TENTH = Decimal("0.1")


def bounds(number: Decimal) -> tuple[float, float]:
    """Return the least and the greatest double that are equal to the number at 15 digits."""
    if not number:
        return 0.0, 0.0
    size = abs(number)
    unit = Decimal(1).scaleb(size.adjusted() - DIGITS + 1)
    size = size.quantize(unit) if size.as_tuple().exponent < unit.as_tuple().exponent else size  # type: ignore[operator] # a finite number's exponent is an int
    is_power = (
        size.as_tuple().digits.count(0) == len(size.as_tuple().digits) - 1 and size.as_tuple().digits[0] == 1
    )
    below = unit * _TENTH if is_power else unit
    low, high = float(size - below / 2), float(size + unit / 2)
    return (low, high) if number > 0 else (-high, -low)


def compare_number(value: pl.Expr, operator: Operator, number: Decimal) -> pl.Expr:
    """Return how a column of numbers compares with a fixed one; null where there is no number."""
    low, high = bounds(number)
    match operator:
        case Operator.EQUAL:
            return value == low if low == high else value.is_between(low, high)
        case Operator.MORE:
            return value > high
        case Operator.AT_LEAST:
            return value >= low
        case Operator.LESS:
            return value < low
        case Operator.AT_MOST:
            return value <= high


def compare(left: pl.Expr, operator: Operator, right: pl.Expr) -> pl.Expr:
    """Return how two columns compare; null where one of them is."""
    match operator:
        case Operator.EQUAL:
            return left == right
        case Operator.MORE:
            return left > right
        case Operator.AT_LEAST:
            return left >= right
        case Operator.LESS:
            return left < right
        case Operator.AT_MOST:
            return left <= right


def rounded(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return a column's numbers at 15 digits."""
    frame = side.ground.frame
    return side.ground.column(
        (ref, side.before, "15 digits"), lambda: frame.in_15_digits(ref, before=side.before)
    )
