"""What do ROUND, ROUNDUP, ROUNDDOWN, INT, ABS and MOD give?"""

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_number
from rowcall.evaluate.formula.operators import add
from rowcall.evaluate.formula.value import Value, any_error, at_15_digits
from rowcall.language.formula.tree import Apply

_MOST_DIGITS = 20


def round_number(board: Board, node: Apply) -> Value:
    """ROUND, ROUNDUP, ROUNDDOWN: return numbers with so many decimals."""
    args = [board.value(arg) for arg in node.args]
    number, error = as_number(args[0])
    digits, digits_error = as_number(args[1]) if len(args) > 1 else (pl.lit(0.0), None)
    result = rounded(number, digits, node.name)
    return Value(
        node.form, result, error=any_error(error, digits_error), constant=all(a.constant for a in args)
    )


def rounded(number: pl.Expr, digits: pl.Expr, how: str = "ROUND") -> pl.Expr:
    """Return numbers with so many decimals; 2.675 is what its 15 digits say, not what its bits say."""
    places = truncated(digits).clip(-_MOST_DIGITS, _MOST_DIGITS)
    power = pl.lit(10.0).pow(places.abs())
    size = number.abs()
    scaled = at_15_digits(pl.when(places < 0).then(size / power).otherwise(size * power))
    match how:
        case "ROUNDUP":
            whole = scaled.ceil()
        case "ROUNDDOWN":
            whole = scaled.floor()
        case _:
            whole = (scaled + 0.5).floor()
    # Beyond 15 digits there is nothing to round, and adding a half would only do harm.
    result = pl.when(places < 0).then(whole * power).when(scaled < 1e15).then(whole / power).otherwise(size)  # noqa: PLR2004
    return pl.when(number < 0).then(0.0 - result).otherwise(result)


def truncated(number: pl.Expr) -> pl.Expr:
    """Return numbers without their decimals."""
    size = at_15_digits(number.abs()).floor()
    return pl.when(number < 0).then(0.0 - size).otherwise(size)


def whole_number(board: Board, node: Apply) -> Value:
    """INT: return the next whole number below."""
    arg = board.value(node.args[0])
    number, error = as_number(arg)
    return Value(node.form, at_15_digits(number).floor(), error=error, constant=arg.constant)


def size_of(board: Board, node: Apply) -> Value:
    """ABS: return numbers without their sign."""
    arg = board.value(node.args[0])
    number, error = as_number(arg)
    return Value(node.form, number.abs(), error=error, constant=arg.constant)


def remainder(board: Board, node: Apply) -> Value:
    """MOD: return what is left after a division."""
    args = [board.value(arg) for arg in node.args]
    (number, error), (divisor, other) = map(as_number, args)
    result = add(number, 0.0 - divisor * at_15_digits(number / divisor).floor())
    wrong = divisor == 0
    return Value(
        node.form,
        pl.when(~wrong).then(result),
        error=any_error(error, other, wrong),
        constant=all(arg.constant for arg in args),
    )
