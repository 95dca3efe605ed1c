"""What do SUMIFS, COUNTIFS, AVERAGEIFS, MAXIFS and MINIFS give?"""

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.criteria import ask_table, gather_rows, rows_error
from rowcall.evaluate.formula.source import read_range
from rowcall.evaluate.formula.value import Value, any_error
from rowcall.language.formula.tree import Apply, Range

_NUMBER, _BROKEN = pl.col("number"), pl.col("broken")


def aggregate(board: Board, node: Apply) -> Value:
    """Return one number made of the rows of a table that meet all criteria."""
    counts = node.name == "COUNTIFS"
    rest = node.args if counts else node.args[1:]
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    asked = ask_table(board, pairs, {} if counts else _numbers(board, node))
    wanted = {"rows": pl.len().cast(pl.Float64)} if counts else _AGGREGATES[node.name]
    if asked.fixed:
        found = asked.table.select(**wanted)
        columns = {name: pl.lit(found[name].item(), dtype=found[name].dtype) for name in wanted}
    else:
        answer = gather_rows(board, asked, wanted)
        columns = {name: board.add(answer[name]) for name in wanted}
    error = rows_error(asked)
    if not counts:
        error = any_error(error, columns["broken"].fill_null(value=False))
    if node.name == "AVERAGEIFS":
        error = any_error(error, columns["rows"].is_null())
    return Value(node.form, columns["rows"].fill_null(0.0), error=error, constant=asked.fixed)


def _numbers(board: Board, node: Apply) -> dict[str, pl.Series]:
    cells = node.args[0]
    if not isinstance(cells, Range):
        raise TypeError(cells)
    strip = read_range(board, cells)
    broken = strip.error
    if broken is None:
        broken = pl.repeat(value=False, n=len(strip.value), eager=True)
    return {"number": strip.value.cast(pl.Float64), "broken": broken}


_AGGREGATES = {
    "SUMIFS": {"rows": _NUMBER.sum(), "broken": _BROKEN.any()},
    "AVERAGEIFS": {"rows": _NUMBER.mean(), "broken": _BROKEN.any()},
    "MAXIFS": {"rows": _NUMBER.max(), "broken": _BROKEN.any()},
    "MINIFS": {"rows": _NUMBER.min(), "broken": _BROKEN.any()},
}
