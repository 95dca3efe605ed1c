"""What does XLOOKUP give?"""

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_text, number_in
from rowcall.evaluate.formula.logic import pick
from rowcall.evaluate.formula.source import read_range
from rowcall.evaluate.formula.texts import says_number
from rowcall.evaluate.formula.value import Value, any_error, at_15_digits
from rowcall.language.formula.arguments import fixed_number
from rowcall.language.formula.form import FLAG, Sort
from rowcall.language.formula.tree import Apply, Range

_IF_NOT_FOUND, _MATCH_MODE, _SEARCH_MODE = 3, 4, 5


def look_up(board: Board, node: Apply) -> Value:
    """Return the cell of one column in the row where another column holds the wanted value."""
    wanted, where, give = board.value(node.args[0]), node.args[1], node.args[2]
    if not (isinstance(where, Range) and isinstance(give, Range)):
        raise TypeError(node)
    table = _table(board, where, give, as_numbers=_as_numbers(where, wanted))
    if fixed(node, _SEARCH_MODE, 1) < 0:
        table = table.reverse()
    rows = board.select(key=_key(wanted, as_numbers=_as_numbers(where, wanted)))
    found = _find(
        rows, table.unique("key", keep="first", maintain_order=True), int(fixed(node, _MATCH_MODE, 0))
    )
    broken = board.add(found["broken"].fill_null(value=False))
    is_found = board.add(found["broken"].is_not_null())
    hit = Value(give.form, board.add(found["give"]), error=broken)
    if len(node.args) <= _IF_NOT_FOUND:
        return Value(node.form, hit.value, error=any_error(wanted.error, broken | ~is_found))
    return pick(
        node.form, [(Value(FLAG, is_found, error=wanted.error), hit)], board.value(node.args[_IF_NOT_FOUND])
    )


def fixed(node: Apply, index: int, default: float) -> float:
    """Return an argument that chooses a way of searching."""
    number = fixed_number(node.args[index]) if len(node.args) > index else None
    return default if number is None else number


def _as_numbers(where: Range, wanted: Value) -> bool:
    return where.form.sort is not Sort.TEXT or wanted.form.sort in (Sort.NUMBER, Sort.FLAG)


def _table(board: Board, where: Range, give: Range, *, as_numbers: bool) -> pl.DataFrame:
    keys, values = read_range(board, where), read_range(board, give)
    broken = values.error
    if broken is None:
        broken = pl.repeat(value=False, n=len(values.value), eager=True)
    cell = pl.col("key")
    if as_numbers:
        key = at_15_digits(number_in(cell) if where.form.sort is Sort.TEXT else cell.cast(pl.Float64))
    else:
        key = cell.str.to_lowercase()
    table = pl.DataFrame({"key": keys.value, "give": values.value, "broken": broken})
    return table.with_columns(key).filter(cell.is_not_null())


def _key(wanted: Value, *, as_numbers: bool) -> pl.Expr:
    if as_numbers:
        return at_15_digits(says_number(wanted))
    return pl.when(~wanted.blank).then(as_text(wanted)).str.to_lowercase()


def _find(rows: pl.DataFrame, table: pl.DataFrame, mode: int) -> pl.DataFrame:
    if mode == 0:
        return rows.join(table, on="key", how="left", maintain_order="left")
    way = "backward" if mode < 0 else "forward"
    numbered = rows.with_row_index("row").filter(pl.col("key").is_not_null()).sort("key")
    near = numbered.join_asof(table.sort("key"), on="key", strategy=way)  # type: ignore[arg-type] # one of its words
    return rows.with_row_index("row").join(near.drop("key"), on="row", how="left", maintain_order="left")
