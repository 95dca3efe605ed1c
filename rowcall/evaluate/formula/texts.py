"""What do the functions of texts give?"""

import polars as pl
import re2

from rowcall.evaluate.formula.amounts import truncated
from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_number, as_text, number_in
from rowcall.evaluate.formula.source import read_range
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.criterion import wild_parts
from rowcall.language.formula.form import Sort
from rowcall.language.formula.tree import Apply, Constant, Node, Range

_MOST = 2**31 - 1


def cut_text(board: Board, node: Apply) -> Value:
    """LEFT, RIGHT, MID: return a piece of the text."""
    args = [board.value(arg) for arg in node.args]
    text = as_text(args[0])
    numbers = [as_number(arg) for arg in args[1:]]
    counts = [truncated(number).clip(-1, _MOST).cast(pl.Int64) for number, _ in numbers] or [pl.lit(1)]
    wrong = counts[-1] < 0
    known = counts[-1].clip(0)
    if node.name == "LEFT":
        result = text.str.head(known)
    elif node.name == "RIGHT":
        result = text.str.slice((text.str.len_chars().cast(pl.Int64) - known).clip(0))
    else:
        wrong = wrong | (counts[0] < 1)
        result = text.str.slice((counts[0] - 1).clip(0), known)
    error = any_error(args[0].error, *(error for _, error in numbers), wrong)
    return Value(node.form, result, error=error, constant=all(arg.constant for arg in args))


def change_text(board: Board, node: Apply) -> Value:
    """TRIM, UPPER, LOWER, LEN: return the text changed, or its length."""
    arg = board.value(node.args[0])
    text = as_text(arg)
    match node.name:
        case "TRIM":
            result = text.str.replace_all(" +", " ").str.strip_chars(" ")
        case "UPPER":
            result = text.str.to_uppercase()
        case "LOWER":
            result = text.str.to_lowercase()
        case _:
            result = text.str.len_chars().cast(pl.Float64)
    return Value(node.form, result, error=arg.error, constant=arg.constant)


def join(board: Board, node: Apply) -> Value:
    """CONCAT: return all texts in one."""
    parts: list[pl.Expr] = []
    errors: list[pl.Expr | None] = []
    constant = True
    for arg in node.args:
        if isinstance(arg, Range):
            strip = read_range(board, arg)
            cells = pl.select(as_text(Value(arg.form, pl.lit(strip.value)))).to_series()
            parts.append(pl.lit("".join(cells)))
            errors.append(None if strip.error is None else pl.lit(value=True))
            continue
        value = board.value(arg)
        parts.append(as_text(value))
        errors.append(value.error)
        constant = constant and value.constant
    return Value(node.form, pl.concat_str(parts), error=any_error(*errors), constant=constant)


def number_of_text(board: Board, node: Apply) -> Value:
    """VALUE: return the number that a text says."""
    arg = board.value(node.args[0])
    number, error = as_number(arg)
    return Value(node.form, number, error=error, constant=arg.constant)


def substitute(board: Board, node: Apply) -> Value:
    """SUBSTITUTE: return the text with one text replaced by another."""
    args = [board.value(arg) for arg in node.args]
    text, old, new = map(as_text, args[:3])
    pieces = text.str.split(pl.when(old == "").then(pl.lit("\0")).otherwise(old))
    errors = [arg.error for arg in args]
    if len(args) == 3:  # noqa: PLR2004 - without `which`
        result = pieces.list.join(new)
    else:
        number, error = as_number(args[3])
        which = truncated(number).clip(0, _MOST).cast(pl.Int64)
        head, tail = pieces.list.head(which).list.join(old), pieces.list.slice(which).list.join(old)
        result = pl.when(pieces.list.len() > which).then(head + new + tail).otherwise(text)
        errors += [error, which < 1]
    result = pl.when(old == "").then(text).otherwise(result)
    return Value(node.form, result, error=any_error(*errors), constant=all(arg.constant for arg in args))


def search(board: Board, node: Apply) -> Value:
    """SEARCH: return the place where a text is found."""
    args = [board.value(arg) for arg in node.args]
    text = as_text(args[1])
    number, error = as_number(args[2]) if len(args) > 2 else (pl.lit(1.0), None)  # noqa: PLR2004 - `start`
    start = truncated(number).clip(0, _MOST).cast(pl.Int64)
    rest = text.str.slice((start - 1).clip(0))
    before = rest.str.extract(
        pl.concat_str(pl.lit("(?is)^(.*?)(?:"), pattern_of(board, node.args[0]), pl.lit(")")), 1
    )
    outside = (start < 1) | (start > text.str.len_chars().cast(pl.Int64))
    wrong = any_error(*(arg.error for arg in args), error, before.is_null() | outside)
    result = (before.str.len_chars().cast(pl.Int64) + start).cast(pl.Float64)
    return Value(node.form, result, error=wrong, constant=all(arg.constant for arg in args))


def pattern_of(board: Board, node: Node) -> pl.Expr:
    """Return a text with wildcards as a pattern; what comes from a cell stands for itself."""
    return pl.concat_str(
        [
            pl.lit(part) if isinstance(part, str) else as_text(board.value(part)).str.escape_regex()
            for part in wild_parts(node)
        ]
    )


def matches_pattern(board: Board, node: Apply) -> Value:
    """REGEXMATCH: return where the pattern is found."""
    arg, pattern = board.value(node.args[0]), node.args[1]
    compiled = re2.compile(pattern.value if isinstance(pattern, Constant) else "")

    def find(texts: pl.Series) -> pl.Series:
        # Each different text is asked once; RE2 is not among what polars offers.
        distinct = texts.unique()
        hits = pl.Series([compiled.search(text) is not None for text in distinct], dtype=pl.Boolean)
        return texts.replace_strict(distinct, hits, return_dtype=pl.Boolean)

    result = as_text(arg).map_batches(find, return_dtype=pl.Boolean)
    return Value(node.form, result, error=arg.error, constant=arg.constant)


def says_number(value: Value) -> pl.Expr:
    """Return the number of a value, also where it is a text that says one; null where there is none."""
    if value.form.sort is Sort.TEXT:
        return number_in(value.value)
    number = value.value.cast(pl.Float64)
    return number if value.text is None else pl.coalesce(number, number_in(value.text))
