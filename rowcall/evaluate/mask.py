"""For which rows are conditions true, false, or unknown?

All conditions of a table go through polars together: each different line is one expression and computed once,
however many rules share it; then the lines are joined by and, or, none in Kleene's logic, where unknown stays
unknown unless the other lines decide. If that fails, each condition is tried alone: a bad one harms no other.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.compare import test_between, test_compare, test_empty, test_one_of
from rowcall.evaluate.edges import test_edge
from rowcall.evaluate.frame import Frame
from rowcall.evaluate.ground import Ground, Side
from rowcall.evaluate.moments import test_ago, test_ahead, test_anniversary, test_in_period
from rowcall.evaluate.texts import test_text, test_valid
from rowcall.evaluate.there_is import test_formula, test_there_is
from rowcall.language.asking import lines_of
from rowcall.language.condition import (
    Ago,
    Ahead,
    AllOf,
    Anniversary,
    AnyOf,
    Between,
    Compare,
    Condition,
    Edge,
    FormulaTest,
    InPeriod,
    IsEmpty,
    Line,
    LinkMissing,
    NoneOf,
    OneOf,
    RowNew,
    TextTest,
    ThereIs,
    Valid,
)
from rowcall.table import CellValue

Answer = pl.Series | str
"""Boolean for each row in the frame's order, null = unknown; or why the condition can't be asked at all."""

_NOWHERE = Place()
NO_SETTINGS: Mapping[str, CellValue] = MappingProxyType({})


@dataclass(slots=True)
class _Lines:
    """Expressions of different lines by name, and the names by meaning."""

    exprs: dict[str, pl.Expr] = field(default_factory=dict)
    names: dict[Hashable, str] = field(default_factory=dict)


def masks(
    conditions: Mapping[str, Condition],
    frame: Frame,
    now: datetime,
    zone: ZoneInfo,
    settings: Mapping[str, CellValue] = NO_SETTINGS,
) -> dict[str, Answer]:
    """Return for each named condition its answers for the frame's rows.

    now: aware. zone: the shop's. settings: name → text of the shop's Settings table, or a value typed already.
    """
    return answers_on(Ground(frame, now, zone, settings), conditions)


def answers_on(ground: Ground, conditions: Mapping[str, Condition]) -> dict[str, Answer]:
    """Return the same for conditions that stand on a ground; columns made for it before are used again."""
    lines, joined, answers = _Lines(), dict[str, pl.Expr](), dict[str, Answer]()
    for name, condition in conditions.items():
        try:
            joined[name] = _join(condition, ground, lines)
        except (MistakesError, pl.exceptions.PolarsError) as error:
            answers[name] = _reason(condition, error)
    try:
        answers |= _select(ground, lines.exprs, joined)
    except pl.exceptions.PolarsError:
        answers |= {name: _alone(conditions[name], ground) for name in joined}
    return {name: answers[name] for name in conditions}


def _select(ground: Ground, lines: Mapping[str, pl.Expr], joined: Mapping[str, pl.Expr]) -> dict[str, Answer]:
    count = len(ground.frame)
    # Polars would let a frame without columns, or an answer that is one constant, forget how many rows there are.
    height = pl.repeat(value=True, n=count, eager=True).alias("height")
    inputs = pl.DataFrame([height, *ground.inputs.values()])
    found = inputs.select("height", **lines).select("height", **joined)
    return {name: found[name] for name in joined}


def _alone(condition: Condition, ground: Ground) -> Answer:
    lines = _Lines()
    try:
        return _select(ground, lines.exprs, {"one": _join(condition, ground, lines)})["one"]
    except pl.exceptions.PolarsError as error:
        return _reason(condition, error)


def _join(condition: Condition, ground: Ground, lines: _Lines) -> pl.Expr:
    """Return a condition as an expression over the columns of its lines."""
    match condition:
        case AllOf(lines=parts):
            return pl.all_horizontal([_join(part, ground, lines) for part in parts] or [pl.lit(value=True)])
        case AnyOf(blocks=parts):
            return pl.any_horizontal([_join(part, ground, lines) for part in parts] or [pl.lit(value=False)])
        case NoneOf(blocks=parts):
            return ~pl.any_horizontal([_join(part, ground, lines) for part in parts] or [pl.lit(value=False)])
        case _:
            meaning = _meaning(condition)
            if meaning not in lines.names:
                expr = ask_line(condition, ground.side(before=False))
                lines.names[meaning] = name = f"line {len(lines.exprs)}"
                lines.exprs[name] = expr
            return pl.col(lines.names[meaning])


def ask(condition: Condition, side: Side) -> pl.Expr:
    """Return a whole condition as one expression over the ground's inputs."""
    match condition:
        case AllOf(lines=parts):
            return pl.all_horizontal([ask(part, side) for part in parts] or [pl.lit(value=True)])
        case AnyOf(blocks=parts):
            return pl.any_horizontal([ask(part, side) for part in parts] or [pl.lit(value=False)])
        case NoneOf(blocks=parts):
            return ~pl.any_horizontal([ask(part, side) for part in parts] or [pl.lit(value=False)])
        case _:
            return ask_line(condition, side)


def ask_line(line: Line, side: Side) -> pl.Expr:  # noqa: C901, PLR0912 - one arm for each phrase
    """Return one line as an expression over the ground's inputs."""
    ground = side.ground
    match line:
        case Compare():
            return test_compare(side, line)
        case Between():
            return test_between(side, line)
        case OneOf():
            return test_one_of(side, line)
        case IsEmpty():
            return test_empty(side, line)
        case Ago():
            return test_ago(side, line)
        case Ahead():
            return test_ahead(side, line)
        case Anniversary():
            return test_anniversary(side, line)
        case TextTest():
            return test_text(side, line)
        case Valid():
            return test_valid(side, line)
        case Edge():
            return test_edge(ground, line, ask)
        case RowNew():
            return ground.column("new", ground.frame.new)
        case LinkMissing():
            there = ground.column((line.links, "exists"), lambda: ground.frame.exists(line.links))
            return there if line.negated else ~there
        case InPeriod():
            return test_in_period(side, line)
        case ThereIs():
            return test_there_is(ground, line, answers_on)
        case FormulaTest():
            return test_formula(ground, line)


def _meaning(condition: Condition) -> Hashable:
    """Return what two conditions have in common that ask the same, wherever they stand."""
    match condition:
        case AllOf(lines=parts) | AnyOf(blocks=parts) | NoneOf(blocks=parts):
            return type(condition), tuple(map(_meaning, parts))
        case Edge(before=before, after=after):
            inner = tuple(part and _meaning(part) for part in (before, after))
            return replace(condition, place=_NOWHERE, text="", before=None, after=None), inner
        case _:
            return replace(condition, place=_NOWHERE, text="")


def _reason(condition: Condition, error: Exception) -> str:
    if isinstance(error, MistakesError):
        return str(error)
    place = next((line.place for line in lines_of(condition)), _NOWHERE)
    return str(Problem(place, f"this condition can't be evaluated: {error}"))
