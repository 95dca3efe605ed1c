"""Does a cell equal a value, or stand above, below or between values?

Equality with an empty cell is known: false of a value, true of another empty cell (`same as`). Comparisons of
order or time with an empty cell are unknown, and so is everything about an unreadable one. Texts are equal
whatever their letter case; numbers at 15 digits; choices are ranked as the column lists them.
"""

from datetime import date, timedelta
from decimal import Decimal
from functools import reduce

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.amounts import compare, compare_number, rounded
from rowcall.evaluate.digits import DIGITS
from rowcall.evaluate.ground import Side
from rowcall.evaluate.moments import compare_fixed, local_days, moment_of, shifted
from rowcall.evaluate.wall_clock import days_of
from rowcall.evaluate.words import equals_any, fold_text, folded_column, plain_column
from rowcall.evaluate.working import find_calendar, shift_column
from rowcall.language.condition import (
    Between,
    Compare,
    IsEmpty,
    Literal,
    Moment,
    OfColumn,
    OfSetting,
    OneOf,
    Operand,
    Operator,
)
from rowcall.language.ref import ColumnRef
from rowcall.table import NUMERIC, TEMPORAL, CellValue, Kind

_TEXTS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EMAIL, Kind.PHONE, Kind.PERSON})


def test_compare(side: Side, line: Compare) -> pl.Expr:
    """Return where the comparison holds."""
    found = compare_cell(side, line.ref, line.operator, line.right)
    return ~found if line.negated else found


def test_between(side: Side, line: Between) -> pl.Expr:
    """Return where the cell lies between two values, both included."""
    low = compare_cell(side, line.ref, Operator.AT_LEAST, line.low)
    return low & compare_cell(side, line.ref, Operator.AT_MOST, line.high)


def test_one_of(side: Side, line: OneOf) -> pl.Expr:
    """Return where the cell equals one of the values."""
    fixed = [one for one in line.values if isinstance(one, Literal | OfSetting)]
    if line.ref.column.kind in _TEXTS and len(fixed) == len(line.values):
        found = equals_any(side, line.ref, [_text(side.fixed(line.ref, one)) for one in fixed])
    else:
        tests = [compare_cell(side, line.ref, Operator.EQUAL, one) for one in line.values]
        found = reduce(lambda one, other: one | other, tests)
    return ~found if line.negated else found


def test_empty(side: Side, line: IsEmpty) -> pl.Expr:
    """Return where the cell is empty; unknown where it is unreadable."""
    blank, unknown = side.blank(line.ref), side.unknown(line.ref)
    found = pl.lit(value=False) if blank is None else blank
    if unknown is not None:
        found = pl.when(~unknown).then(found)
    return ~found if line.negated else found


def compare_cell(side: Side, ref: ColumnRef, operator: Operator, right: Operand) -> pl.Expr:
    """Return how the cells compare with what stands on the right."""
    if isinstance(right, OfColumn):
        return _compare_columns(side, ref, operator, right)
    if isinstance(right, Moment):
        if ref.column.kind not in TEMPORAL:
            raise _misfit(ref, "a date")
        return compare_fixed(side, ref, operator, moment_of(side.ground, right))
    value = side.fixed(ref, right)
    if value is None:
        return _compare_nothing(side, ref, operator)
    test = _compare_value(side, ref, operator, value)
    if operator is Operator.EQUAL and ref.column.kind is not Kind.YES_NO:  # there an empty cell says no
        return side.false_if_blank(ref, test)
    return test


def same(side: Side, ref: ColumnRef, other: Side, *, exactly: bool = False) -> pl.Expr:
    """Return where a column now equals the column before; `exactly`: letter case counts."""
    return _equal(side, ref, other, ref, exactly=exactly)


def ranks(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return the places of a choice column's cells in its list, first = 0."""
    choices = ref.column.choices
    places = list(range(len(choices)))

    def make() -> pl.Series:
        return side.cells(ref).value.replace_strict(
            list(choices), places, default=None, return_dtype=pl.Int32
        )

    return side.ground.column((ref, side.before, "rank"), make)


def in_order(side: Side, ref: ColumnRef) -> pl.Expr:
    """Return the column as numbers, days or moments that have an order; null where there is none."""
    kind = ref.column.kind
    if kind in NUMERIC:
        return rounded(side, ref)
    if kind is Kind.CHOICE:
        return ranks(side, ref)
    if kind in TEMPORAL or kind is Kind.DURATION:
        return side.value(ref)
    raise _misfit(ref, "a number or date")


def _compare_value(side: Side, ref: ColumnRef, operator: Operator, value: CellValue) -> pl.Expr:
    kind = ref.column.kind
    if kind in NUMERIC and isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return compare_number(side.value(ref), operator, Decimal(str(value)))
    if kind in TEMPORAL and isinstance(value, date):
        return compare_fixed(side, ref, operator, value)
    if kind is Kind.DURATION and isinstance(value, timedelta):
        return compare(side.value(ref), operator, pl.lit(value, dtype=pl.Duration("us")))
    if kind is Kind.YES_NO and isinstance(value, bool) and operator is Operator.EQUAL:
        return side.value(ref) if value else ~side.value(ref)
    if kind in _TEXTS and operator is Operator.EQUAL:
        return equals_any(side, ref, [_text(value)])
    if kind is Kind.CHOICE and isinstance(value, str):
        rank = {fold_text(choice): rank for rank, choice in enumerate(ref.column.choices)}.get(
            fold_text(value)
        )
        if rank is not None:
            return compare(ranks(side, ref), operator, pl.lit(rank))
    raise _misfit(ref, f'"{value}"')


def _compare_nothing(side: Side, ref: ColumnRef, operator: Operator) -> pl.Expr:
    """Return how cells compare with an empty setting: equal to it are empty cells, order is unknown."""
    empty = IsEmpty(ref, Place(), "")
    return test_empty(side, empty) if operator is Operator.EQUAL else pl.lit(None, dtype=pl.Boolean)


def _compare_columns(side: Side, ref: ColumnRef, operator: Operator, right: OfColumn) -> pl.Expr:
    is_plain = right.factor == 1.0 and right.plus == 0.0 and right.shift is None
    if operator is Operator.EQUAL and is_plain:
        return _equal(side, ref, side, right.ref)
    left, other = _ordered_pair(side, ref, right)
    return compare(left, operator, other)


def _equal(
    side: Side, ref: ColumnRef, other_side: Side, other: ColumnRef, *, exactly: bool = False
) -> pl.Expr:
    """Return where two columns are equal: two empty cells are, an empty and a filled one are not."""
    if ref.column.kind in _TEXTS or other.column.kind in _TEXTS:
        if exactly:
            return plain_column(side, ref) == plain_column(other_side, other)
        return folded_column(side, ref) == folded_column(other_side, other)
    if ref.column.kind is Kind.YES_NO and other.column.kind is Kind.YES_NO:
        return side.value(ref) == other_side.value(other)
    left, right = _comparable(side, ref, other_side, OfColumn(other))
    test = left == right
    blanks = [flag for flag in (side.blank(ref), other_side.blank(other)) if flag is not None]
    unknowns = [flag for flag in (side.unknown(ref), other_side.unknown(other)) if flag is not None]
    if blanks:
        both = blanks[0] & blanks[1] if len(blanks) > 1 else pl.lit(value=False)
        test = pl.when(reduce(lambda one, two: one | two, blanks)).then(both).otherwise(test)
    if unknowns:
        test = pl.when(~reduce(lambda one, two: one | two, unknowns)).then(test)
    return test


def _ordered_pair(side: Side, ref: ColumnRef, right: OfColumn) -> tuple[pl.Expr, pl.Expr]:
    if ref.column.kind is Kind.CHOICE and right.ref.column.choices == ref.column.choices:
        return ranks(side, ref), ranks(side, right.ref)
    return _comparable(side, ref, side, right)


def _comparable(side: Side, ref: ColumnRef, other: Side, right: OfColumn) -> tuple[pl.Expr, pl.Expr]:
    """Return both columns as values that compare: numbers, moments, or days if one of them has only days."""
    kind, kind_right = ref.column.kind, right.ref.column.kind
    if kind in NUMERIC and kind_right in NUMERIC:
        return rounded(side, ref), _amount(other, right)
    if kind is Kind.DURATION and kind_right is Kind.DURATION:
        return side.value(ref), _length(other, right)
    if kind in TEMPORAL and kind_right in TEMPORAL:
        moved = _moved(other, right)
        if kind is Kind.DATETIME and moved.dtype != pl.Date:
            return side.value(ref), _kept(other, right, "moment", moved)
        days = moved if moved.dtype == pl.Date else days_of(moved, side.ground.zone)
        return local_days(side, ref), _kept(other, right, "day", days)
    raise _misfit(ref, f"{right.ref.name}, a column of kind {kind_right}")


def _amount(side: Side, right: OfColumn) -> pl.Expr:
    if right.factor == 1.0 and right.plus == 0.0:
        return rounded(side, right.ref)
    return (side.value(right.ref) * right.factor + right.plus).round_sig_figs(DIGITS)


def _length(side: Side, right: OfColumn) -> pl.Expr:
    value = side.value(right.ref)
    if right.factor != 1.0:
        value = (value.cast(pl.Int64) * right.factor).round().cast(pl.Int64).cast(pl.Duration("us"))
    if right.shift is None:
        return value
    return value + pl.lit(right.shift.exact * (-1 if right.back else 1), dtype=pl.Duration("us"))


def _moved(side: Side, right: OfColumn) -> pl.Series:
    values = side.cells(right.ref).value
    if right.shift is None:
        return values
    if right.shift.working:
        calendar = find_calendar(side.ground.frame.calendars, right.calendar)
        return shift_column(calendar, values, right.shift, -1 if right.back else 1)
    return shifted(values, right.shift, side.ground.zone, -1 if right.back else 1)


def _kept(side: Side, right: OfColumn, what: str, values: pl.Series) -> pl.Expr:
    return side.ground.column((right, side.before, what), lambda: values)


def _text(value: CellValue) -> str:
    return "" if value is None else str(value)


def _misfit(ref: ColumnRef, other: str) -> MistakesError:
    what = f"{ref.name} is a column of kind {ref.column.kind} and can't be compared with {other} in this way"
    return MistakesError([Problem(Place(table=ref.table, header=ref.column.name), what)])
