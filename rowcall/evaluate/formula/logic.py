"""What do IF, IFS, AND, OR, NOT, ISBLANK and IFERROR give?"""

from collections.abc import Sequence

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_flag, as_text
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.form import Form, Sort
from rowcall.language.formula.tree import Apply, Constant
from rowcall.table import Kind

_NO_TEXT = pl.lit(None, dtype=pl.String)
_NO_NUMBER = pl.lit(None, dtype=pl.Float64)


def choose(board: Board, node: Apply) -> Value:
    """IF: return the second value where the condition is true, else the third."""
    condition, *branches = (board.value(arg) for arg in node.args)
    if len(branches) == 1:
        branches.append(board.value(Constant(value=False, form=Form(Kind.YES_NO))))
    return pick(node.form, [(condition, branches[0])], branches[1])


def choose_first(board: Board, node: Apply) -> Value:
    """IFS: return the value behind the first condition that is true."""
    values = [board.value(arg) for arg in node.args]
    pairs = list(zip(values[::2], values[1::2], strict=True))
    return pick(node.form, pairs, None)


def pick(form: Form, pairs: Sequence[tuple[Value, Value]], otherwise: Value | None) -> Value:
    """Return a value by conditions; an error in a condition is one of the result, one in a value only if chosen."""
    values = [value for _, value in pairs] + ([otherwise] if otherwise else [])
    everything = [part for pair in pairs for part in pair] + values
    constant = all(part.constant for part in everything)
    picked = otherwise or Value(form, _empty(form), error=pl.lit(value=True))
    result = reshape(picked, form)
    value, text, error = result.value, result.text, picked.error
    for condition, branch in reversed(pairs):
        yes, shaped = as_flag(condition), reshape(branch, form)
        value = pl.when(yes).then(shaped.value).otherwise(value)
        if form.mixed:
            text = pl.when(yes).then(shaped.text).otherwise(text)
        if branch.error is not None or error is not None:
            error = pl.when(yes).then(_certain(branch.error)).otherwise(_certain(error))
        error = any_error(condition.error, error)
    return Value(form, value, text if form.mixed else None, error, constant=constant)


def reshape(value: Value, form: Form) -> Value:
    """Return a value in the shape of a wider form: text and number side by side if that is mixed."""
    sort = value.form.sort
    if form.sort is Sort.MIXED:
        if sort is Sort.TEXT:
            return Value(form, _NO_NUMBER, value.value, value.error)
        if sort is Sort.FLAG:
            shown = pl.when(value.value.is_not_null()).then(as_text(value))
            return Value(form, _NO_NUMBER, shown, value.error)
        return Value(form, value.value, _NO_TEXT if value.text is None else value.text, value.error)
    if form.sort is Sort.NUMBER and sort is Sort.FLAG:
        return Value(form, value.value.cast(pl.Float64), None, value.error)
    return value


def _empty(form: Form) -> pl.Expr:
    types: dict[Sort, type[pl.DataType]] = {Sort.TEXT: pl.String, Sort.FLAG: pl.Boolean}
    return pl.lit(None, dtype=types.get(form.sort, pl.Float64))


def _certain(error: pl.Expr | None) -> pl.Expr:
    return pl.lit(value=False) if error is None else error


def join_flags(board: Board, node: Apply) -> Value:
    """AND, OR: return whether all, or any, of the conditions are true."""
    values = [board.value(arg) for arg in node.args]
    flags = [as_flag(value) for value in values]
    joined = pl.all_horizontal(flags) if node.name == "AND" else pl.any_horizontal(flags)
    constant = all(value.constant for value in values)
    return Value(node.form, joined, error=any_error(*(value.error for value in values)), constant=constant)


def negate(board: Board, node: Apply) -> Value:
    """NOT: return the contrary."""
    value = board.value(node.args[0])
    return Value(node.form, ~as_flag(value), error=value.error, constant=value.constant)


def is_blank(board: Board, node: Apply) -> Value:
    """ISBLANK: return whether there is nothing."""
    value = board.value(node.args[0])
    blank = value.blank if value.error is None else value.blank & ~value.error
    return Value(node.form, blank, constant=value.constant)


def if_error(board: Board, node: Apply) -> Value:
    """IFERROR: return the second value where the first is an error."""
    value, otherwise = (board.value(arg) for arg in node.args)
    if value.error is None:
        return reshape_kept(value, node.form)
    failed = Value(Form(Kind.YES_NO), value.error, constant=value.constant)
    sound = Value(value.form, value.value, value.text, None, constant=value.constant)
    return pick(node.form, [(failed, otherwise)], sound)


def reshape_kept(value: Value, form: Form) -> Value:
    """Return a value in the shape of a wider form, constant if it was."""
    shaped = reshape(value, form)
    return Value(form, shaped.value, shaped.text, value.error, constant=value.constant)
