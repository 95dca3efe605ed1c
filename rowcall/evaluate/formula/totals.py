"""What do SUM, AVERAGE, MIN, MAX, COUNT and COUNTA give over single values and whole columns?"""

from dataclasses import dataclass
from functools import reduce

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_number
from rowcall.evaluate.formula.operators import add
from rowcall.evaluate.formula.source import read_range
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.form import Sort
from rowcall.language.formula.tree import Apply, Node, Range


@dataclass(frozen=True, slots=True)
class _Part:
    """What one argument contributes; numbers are null where it has none."""

    total: pl.Expr
    count: pl.Expr
    least: pl.Expr
    greatest: pl.Expr
    error: pl.Expr | None
    constant: bool


def total(board: Board, node: Apply) -> Value:
    """SUM, AVERAGE, MIN, MAX: return one number made of all; blanks are passed over."""
    parts = [_part(board, arg) for arg in node.args]
    error = any_error(*(part.error for part in parts))
    count = reduce(lambda one, other: one + other, [part.count for part in parts])
    match node.name:
        case "MIN":
            result = pl.min_horizontal([part.least for part in parts]).fill_null(0.0)
        case "MAX":
            result = pl.max_horizontal([part.greatest for part in parts]).fill_null(0.0)
        case _:
            result = reduce(add, [part.total for part in parts])
    if node.name == "AVERAGE":
        error = any_error(error, count == 0)
        result = result / count
    return Value(node.form, result, error=error, constant=all(part.constant for part in parts))


def count(board: Board, node: Apply) -> Value:
    """COUNT: return how many numbers there are; errors are none."""
    parts = [_part(board, arg) for arg in node.args]
    result = reduce(lambda one, other: one + other, [part.count for part in parts])
    return Value(node.form, result.cast(pl.Float64), constant=all(part.constant for part in parts))


def count_filled(board: Board, node: Apply) -> Value:
    """COUNTA: return how many cells are not empty."""
    filled: list[pl.Expr] = []
    constant = True
    for arg in node.args:
        if isinstance(arg, Range):
            strip = read_range(board, arg)
            cells = strip.value.is_not_null()
            filled.append(pl.lit(int((cells if strip.error is None else cells | strip.error).sum())))
            continue
        value = board.value(arg)
        there = ~value.blank if value.error is None else ~value.blank | value.error
        filled.append(there.cast(pl.Int64))
        constant = constant and value.constant
    result = reduce(lambda one, other: one + other, filled)
    return Value(node.form, result.cast(pl.Float64), constant=constant)


def _part(board: Board, node: Node) -> _Part:
    if isinstance(node, Range):
        return _of_range(board, node)
    value = board.value(node)
    number, error = value.value.cast(pl.Float64), value.error
    if value.form.sort is Sort.MIXED:
        filled, error = as_number(value)
        number = pl.when(value.blank).then(pl.lit(None)).otherwise(filled)
    is_there = number.is_not_null() if error is None else number.is_not_null() & ~error
    return _Part(number.fill_null(0.0), is_there.cast(pl.Int64), number, number, error, value.constant)


def _of_range(board: Board, node: Range) -> _Part:
    strip = read_range(board, node)
    numbers = strip.value.cast(pl.Float64).drop_nulls()
    error = pl.lit(value=True) if strip.error is not None else None
    least, greatest = (pl.lit(one, dtype=pl.Float64) for one in (numbers.min(), numbers.max()))
    return _Part(pl.lit(float(numbers.sum())), pl.lit(len(numbers)), least, greatest, error, constant=True)
