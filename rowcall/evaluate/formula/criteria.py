"""Which rows of a table meet the criteria of each watched row?

Criteria that are the same for all rows filter the table once. `=` with a value of the row is a join; other
comparisons and patterns are asked of the pairs that the joins leave, in portions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.convert import as_text, number_in
from rowcall.evaluate.formula.source import Strip, read_range
from rowcall.evaluate.formula.texts import says_number
from rowcall.evaluate.formula.value import Value, any_error, at_15_digits
from rowcall.language.formula.criterion import Criterion, read_criterion
from rowcall.language.formula.form import Sort
from rowcall.language.formula.tree import Node, Range

_PAIRS_AT_ONCE = 4_000_000


@dataclass(slots=True)
class Asked:
    """What is asked of a table.

    table: its rows that meet the criteria common to all; columns `k…` are joined, `t…` compared.
    rows: for each watched row its side of them, columns `k…` and `q…`. tests: what must hold of a pair.
    """

    table: pl.DataFrame
    rows: dict[str, pl.Expr] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    tests: list[pl.Expr] = field(default_factory=list)
    errors: list[pl.Expr | None] = field(default_factory=list)

    @property
    def fixed(self) -> bool:
        """Say whether every watched row asks the same."""
        return not self.rows


def ask_table(board: Board, pairs: Sequence[tuple[Node, Node]], extra: dict[str, pl.Series]) -> Asked:
    """Return what pairs of a range and a criterion ask; extra: columns of the table to keep beside."""
    ranges = [(cells, read_criterion(node)) for cells, node in pairs if isinstance(cells, Range)]
    strips = [read_range(board, cells) for cells, _ in ranges]
    columns = {**extra, **{f"t{index}": strip.value for index, strip in enumerate(strips)}}
    asked = Asked(pl.DataFrame(columns))
    for index, ((cells, criterion), strip) in enumerate(zip(ranges, strips, strict=True)):
        if criterion is not None:
            asked.table = _readable(asked.table, strip, criterion, f"t{index}")
            _add(board, asked, cells, criterion, index)
    return asked


def _readable(table: pl.DataFrame, strip: Strip, criterion: Criterion, name: str) -> pl.DataFrame:
    """Mark cells that are errors: they meet no criterion."""
    if strip.error is None:
        return table.with_columns(pl.lit(value=False).alias(f"{name}e"))
    return table.with_columns(strip.error.alias(f"{name}e")) if criterion else table


def _add(board: Board, asked: Asked, cells: Range, criterion: Criterion, index: int) -> None:
    cell, broken = pl.col(f"t{index}"), pl.col(f"t{index}e")
    if criterion.value is None and not criterion.pattern:
        empty = cell.is_null() if criterion.operator == "=" else cell.is_not_null()
        asked.table = asked.table.filter(empty & ~broken)
        return
    asked.table = asked.table.filter(~broken)
    if criterion.pattern:
        _add_pattern(board, asked, criterion, index)
        return
    if criterion.value is None:
        return
    value = board.value(criterion.value)
    asked.errors.append(value.error)
    as_numbers = cells.form.sort is not Sort.TEXT or value.form.sort in (Sort.NUMBER, Sort.FLAG)
    if as_numbers:
        mine = number_in(cell) if cells.form.sort is Sort.TEXT else cell.cast(pl.Float64)
        mine, wanted = at_15_digits(mine), _wanted_number(value, criterion)
    else:
        mine, wanted = cell.str.to_lowercase(), pl.when(~value.blank).then(as_text(value)).str.to_lowercase()
    if value.constant:
        single = pl.select(wanted).to_series()
        asked.table = asked.table.filter(
            _holds(criterion.operator, mine, pl.lit(single.item(), dtype=single.dtype))
        )
    elif criterion.operator == "=":
        asked.table = asked.table.with_columns(mine.alias(f"k{index}"))
        asked.rows[f"k{index}"] = wanted
        asked.keys.append(f"k{index}")
    else:
        asked.table = asked.table.with_columns(mine.alias(f"t{index}"))
        asked.rows[f"q{index}"] = wanted
        asked.tests.append(_differs(criterion, cell, pl.col(f"q{index}")))


def _wanted_number(value: Value, criterion: Criterion) -> pl.Expr:
    """Return the numbers that are compared with: a blank is 0, unless an operator stands before it."""
    number = says_number(value)
    if criterion.joined:
        return at_15_digits(number)
    return at_15_digits(pl.when(value.blank).then(pl.lit(0.0)).otherwise(number))


def _differs(criterion: Criterion, cell: pl.Expr, wanted: pl.Expr) -> pl.Expr:
    holds = _holds(criterion.operator, cell, wanted)
    if criterion.operator == "<>" and criterion.joined:
        return pl.when(wanted.is_null()).then(cell.is_not_null()).otherwise(holds)
    return holds


def _add_pattern(board: Board, asked: Asked, criterion: Criterion, index: int) -> None:
    values = [board.value(part) for part in criterion.pattern if not isinstance(part, str)]
    asked.errors += [value.error for value in values]
    middle = [
        pl.lit(part) if isinstance(part, str) else as_text(board.value(part)).str.escape_regex()
        for part in criterion.pattern
    ]
    pattern = pl.concat_str([pl.lit("(?is)^(?:"), *middle, pl.lit(")$")])
    cell = pl.col(f"t{index}")
    if cell.meta.output_name() and asked.table.schema[f"t{index}"] != pl.String:
        asked.table = asked.table.with_columns(pl.lit(None, dtype=pl.String).alias(f"t{index}"))
    if all(value.constant for value in values):
        found = cell.str.contains(pl.select(pattern).item())
        asked.table = asked.table.filter(_met(criterion.operator, found))
        return
    asked.rows[f"q{index}"] = pattern
    asked.tests.append(_met(criterion.operator, cell.str.contains(pl.col(f"q{index}"))))


def _met(operator: str, found: pl.Expr) -> pl.Expr:
    return found.fill_null(value=False) if operator == "=" else ~found.fill_null(value=False)


def _holds(operator: str, cell: pl.Expr, wanted: pl.Expr) -> pl.Expr:
    """Say where a cell meets a comparison; an empty cell meets only `<>`."""
    match operator:
        case "=":
            found = cell == wanted
        case "<>":
            # What a blank or an unreadable number differs from is known: from everything.
            return (cell != wanted).fill_null(value=True)
        case "<":
            found = cell < wanted
        case "<=":
            found = cell <= wanted
        case ">":
            found = cell > wanted
        case _:
            found = cell >= wanted
    return found.fill_null(value=False)


def rows_error(asked: Asked) -> pl.Expr | None:
    """Say for which watched rows a criterion is an error."""
    return any_error(*asked.errors)


def gather_rows(board: Board, asked: Asked, aggregates: dict[str, pl.Expr]) -> pl.DataFrame:
    """Return the aggregates over the table's rows that meet the criteria of each watched row; null = none do."""
    if not board.columns.height:
        return asked.table.select(**aggregates).clear()
    rows = board.select(**asked.rows)
    if not asked.tests:
        found = asked.table.group_by(asked.keys).agg(**aggregates)
        return rows.join(found, on=asked.keys, how="left", maintain_order="left").select(list(aggregates))
    names = list(asked.rows)
    distinct = rows.unique().with_row_index("asker")
    parts = [
        _pairs(part, asked).filter(pl.all_horizontal(asked.tests)).group_by("asker").agg(**aggregates)
        for part in _portions(distinct, asked)
    ]
    found = distinct.join(pl.concat(parts), on="asker", how="left")
    joined = rows.join(found, on=names, how="left", maintain_order="left", nulls_equal=True)
    return joined.select(list(aggregates))


def _pairs(part: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    return part.join(asked.table, on=asked.keys) if asked.keys else part.join(asked.table, how="cross")


def _portions(distinct: pl.DataFrame, asked: Asked) -> Iterator[pl.DataFrame]:
    """Yield the askers in portions whose pairs fit into memory."""
    largest = asked.table.height
    if asked.keys and largest:
        largest = int(asked.table.group_by(asked.keys).len()["len"].max() or 1)  # type: ignore[arg-type] # a count
    size = max(1, _PAIRS_AT_ONCE // max(1, largest))
    yield from distinct.iter_slices(size)
