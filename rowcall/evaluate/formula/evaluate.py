"""What does a formula give for each row of a table?"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.evaluate.computed import Computed
from rowcall.evaluate.formula import (
    amounts,
    conditional,
    days,
    logic,
    lookup,
    operators,
    source,
    texts,
    totals,
    written,
)
from rowcall.evaluate.formula.board import Board
from rowcall.evaluate.formula.value import Value
from rowcall.evaluate.frame import Frame
from rowcall.language.formula.tree import Apply, Cell, Constant, FigureValue, Formula, Node, Range
from rowcall.table import Snapshot

NO_FIGURES: Mapping[str, Computed] = MappingProxyType({})


def compute_formula(
    formula: Formula, frame: Frame, now: datetime, figures: Mapping[str, Computed] = NO_FIGURES
) -> Computed:
    """Return the values of a formula for the frame's rows, in their order.

    now: aware. figures: every figure that the formula names. Raises MistakesError if a table can't be used.
    """
    board = Board(frame.view.snapshot, now, frame.zone, frame.language, frame, figures, _compute)
    return _finish(board, formula)


def compute_figure(
    formula: Formula,
    snapshot: Snapshot,
    now: datetime,
    zone: ZoneInfo,
    figures: Mapping[str, Computed] = NO_FIGURES,
    language: str = "en",
) -> Computed:
    """Return the one value of a formula that looks at no row: over other figures and whole columns."""
    return _finish(Board(snapshot, now, zone, language, None, figures, _compute), formula)


def _finish(board: Board, formula: Formula) -> Computed:
    return source.finish(board, board.value(formula.root), formula.form)


def _compute(board: Board, node: Node) -> Value:
    match node:
        case Constant(value=value, form=form):
            return Value(form, pl.lit(value), constant=True)
        case Cell():
            return source.read_cell(board, node)
        case FigureValue():
            return source.read_figure(board, node)
        case Apply():
            return OPERATIONS[node.name](board, node)
        case Range():
            raise TypeError(f"{node.table}[{node.column.name}] is no single value")


_CALCULATE = dict.fromkeys(("+", "-", "*", "/", "^", "%"), operators.calculate)
_COMPARE = dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), operators.compare)

OPERATIONS: Mapping[str, Callable[[Board, Apply], Value]] = {
    **_CALCULATE,
    **_COMPARE,
    "&": operators.join_texts,
    "IF": logic.choose,
    "IFS": logic.choose_first,
    "AND": logic.join_flags,
    "OR": logic.join_flags,
    "NOT": logic.negate,
    "ISBLANK": logic.is_blank,
    "IFERROR": logic.if_error,
    **dict.fromkeys(("SUM", "AVERAGE", "MIN", "MAX"), totals.total),
    "COUNT": totals.count,
    "COUNTA": totals.count_filled,
    **dict.fromkeys(("SUMIFS", "COUNTIFS", "AVERAGEIFS", "MAXIFS", "MINIFS"), conditional.aggregate),
    "XLOOKUP": lookup.look_up,
    **dict.fromkeys(("ROUND", "ROUNDUP", "ROUNDDOWN"), amounts.round_number),
    "INT": amounts.whole_number,
    "ABS": amounts.size_of,
    "MOD": amounts.remainder,
    "TODAY": days.today,
    "NOW": days.moment,
    "DATE": days.make_day,
    **dict.fromkeys(("YEAR", "MONTH", "DAY", "WEEKDAY", "WEEKNUM"), days.part_of_day),
    "HOUR": days.hour,
    "DAYS": days.days_between,
    **dict.fromkeys(("EDATE", "EOMONTH"), days.shift_months),
    "NETWORKDAYS": days.count_workdays,
    "WORKDAY": days.add_workdays,
    "DATEDIF": days.count_units,
    **dict.fromkeys(("LEFT", "RIGHT", "MID"), texts.cut_text),
    **dict.fromkeys(("TRIM", "UPPER", "LOWER", "LEN"), texts.change_text),
    "CONCAT": texts.join,
    "TEXT": written.write,
    "VALUE": texts.number_of_text,
    "SUBSTITUTE": texts.substitute,
    "SEARCH": texts.search,
    "REGEXMATCH": texts.matches_pattern,
}
"""How each operator and function is computed."""
