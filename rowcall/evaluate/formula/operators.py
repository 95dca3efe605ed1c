"""What do + - * / ^ & % and the comparisons give?"""

from functools import reduce

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_number, as_text
from rowcall.evaluate.formula.value import Value, any_error, at_15_digits
from rowcall.language.formula.form import Sort
from rowcall.language.formula.tree import Apply

_SAME = 2.0**-48
"""Numbers that differ by less than this share of themselves are the same: what is left of them is 0."""


def join_texts(board: Board, node: Apply) -> Value:
    """Return texts joined by `&`."""
    args = [board.value(arg) for arg in node.args]
    text = pl.concat_str([as_text(arg) for arg in args])
    return Value(node.form, text, error=_error(args), constant=all(arg.constant for arg in args))


def calculate(board: Board, node: Apply) -> Value:
    """Return numbers joined by an operator; whatever is no number afterwards is an error."""
    args = [board.value(arg) for arg in node.args]
    numbers, errors = zip(*map(as_number, args), strict=True)
    result = _signed(node.name, numbers[0]) if len(numbers) == 1 else _joined(node.name, *numbers)
    if node.name in "/^*" or len(numbers) == 1:
        checked = pl.when(result.is_finite()).then(result)
        wrong = None if node.name in "*-+%" and len(numbers) == 1 else ~result.is_finite()
        result, errors = checked, (*errors, wrong)
    return Value(node.form, result, error=any_error(*errors), constant=all(arg.constant for arg in args))


def _signed(sign: str, number: pl.Expr) -> pl.Expr:
    if sign == "%":
        return number / 100
    return 0.0 - number if sign == "-" else number


def _joined(sign: str, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    match sign:
        case "*":
            return one * other
        case "/":
            return one / other
        case "^":
            return power(one, other)
        case "+":
            return add(one, other)
        case _:
            return add(one, 0.0 - other)


def add(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Return sums in which 0.1 + 0.2 - 0.3 is 0, as in spreadsheets."""
    total = one + other
    return pl.when(total.abs() < one.abs() * _SAME).then(pl.lit(0.0)).otherwise(total)


def power(base: pl.Expr, exponent: pl.Expr) -> pl.Expr:
    """Return powers; an odd root of a negative number is negative."""
    root = (1.0 / exponent).round(9)
    is_odd_root = (
        (base < 0) & (exponent.abs() < 1) & (exponent != 0) & (root % 2 != 0) & (root == root.floor())
    )
    size = base.abs().pow(exponent)
    return pl.when(is_odd_root).then(0.0 - size).otherwise(base.pow(exponent))


def compare(board: Board, node: Apply) -> Value:
    """Return where a comparison holds: numbers at 15 digits, texts whatever their letter case."""
    left, right = (board.value(arg) for arg in node.args)
    constant = left.constant and right.constant
    sorts = {left.form.sort, right.form.sort}
    if Sort.MIXED in sorts or (Sort.TEXT in sorts and len(sorts) > 1):
        holds = _compare_mixed(node.name, left, right)
    elif sorts == {Sort.TEXT}:
        holds = _compare(node.name, _folded(left), _folded(right))
    else:
        one, other = (at_15_digits(as_number(value)[0]) for value in (left, right))
        holds = _compare(node.name, one, other)
    return Value(node.form, holds, error=any_error(left.error, right.error), constant=constant)


def _compare_mixed(sign: str, left: Value, right: Value) -> pl.Expr:
    """Compare where one side is now a number, now a text: a text is more than any number, a blank is like both."""
    left_text, right_text = _texts(left), _texts(right)
    left_number, right_number = _numbers(left), _numbers(right)
    left_is = pl.coalesce(_class(left_number, left_text), _class(right_number, right_text), pl.lit(0))
    right_is = pl.coalesce(_class(right_number, right_text), _class(left_number, left_text), pl.lit(0))
    numbers = _compare(
        sign, at_15_digits(left_number.fill_null(0.0)), at_15_digits(right_number.fill_null(0.0))
    )
    texts = _compare(
        sign, left_text.fill_null("").str.to_lowercase(), right_text.fill_null("").str.to_lowercase()
    )
    of_same = pl.when(left_is == 1).then(texts).otherwise(numbers)
    return pl.when(left_is != right_is).then(_compare(sign, left_is, right_is)).otherwise(of_same)


def _class(number: pl.Expr, text: pl.Expr) -> pl.Expr:
    return pl.when(text.is_not_null()).then(pl.lit(1)).when(number.is_not_null()).then(pl.lit(0))


def _texts(value: Value) -> pl.Expr:
    if value.form.sort is Sort.TEXT:
        return value.value
    return pl.lit(None, dtype=pl.String) if value.text is None else value.text


def _numbers(value: Value) -> pl.Expr:
    if value.form.sort is Sort.TEXT:
        return pl.lit(None, dtype=pl.Float64)
    return value.value.cast(pl.Float64)


def _folded(value: Value) -> pl.Expr:
    return as_text(value).str.to_lowercase()


def _compare(sign: str, one: pl.Expr, other: pl.Expr) -> pl.Expr:
    match sign:
        case "=":
            return one == other
        case "<>":
            return one != other
        case "<":
            return one < other
        case "<=":
            return one <= other
        case ">":
            return one > other
        case _:
            return one >= other


def _error(args: list[Value]) -> pl.Expr | None:
    return reduce(any_error, [arg.error for arg in args], None)
