"""What has changed since the rule last looked?

A row that is new had only empty cells before: `changed to Paid` is true of it, `went up` unknown.
A cell that was or is unreadable has changed in a way nobody knows.
"""

from collections.abc import Callable

import polars as pl

from rowcall.errors import MistakesError, Place, Problem
from rowcall.evaluate.compare import in_order, same
from rowcall.evaluate.digits import DIGITS
from rowcall.evaluate.ground import Ground, Side
from rowcall.language.condition import Condition, Edge, EdgeHow
from rowcall.table import NUMERIC, Kind

Ask = Callable[[Condition, Side], pl.Expr]


def test_edge(ground: Ground, line: Edge, ask: Ask) -> pl.Expr:
    """Return where the cell has changed in that way; `ask` asks the conditions on the old and new cell."""
    now, then = ground.side(before=False), ground.side(before=True)
    match line.how:
        case EdgeHow.CHANGED:
            return ~same(now, line.ref, then, exactly=True)
        case EdgeHow.CHANGED_TO:
            return _changed_to(line, now, then, ask)
        case EdgeHow.FROM_TO:
            parts = [~same(now, line.ref, then, exactly=True)]
            if line.before is not None:
                parts.append(ask(line.before, then))
            if line.after is not None:
                parts.append(ask(line.after, now))
            return pl.all_horizontal(parts)
        case EdgeHow.BY_PERCENT:
            return _by_percent(line, now, then)
        case EdgeHow.UP:
            return in_order(now, line.ref) > in_order(then, line.ref)
        case EdgeHow.DOWN:
            return in_order(now, line.ref) < in_order(then, line.ref)


def _changed_to(line: Edge, now: Side, then: Side, ask: Ask) -> pl.Expr:
    """It is so now and was not: 5 → 7 is no change `to above 0`; of an empty cell nothing unsure was true."""
    if line.after is None:
        return ~same(now, line.ref, then, exactly=True)
    was = ask(line.after, then)
    blank = then.blank(line.ref)
    if blank is not None:
        was = pl.when(blank).then(was.fill_null(value=False)).otherwise(was)
    return ask(line.after, now) & ~was


def _by_percent(line: Edge, now: Side, then: Side) -> pl.Expr:
    """A change from 0 has no percentage: unknown, unless it is still 0."""
    kind = line.ref.column.kind
    new, old = now.value(line.ref), then.value(line.ref)
    if kind is Kind.DURATION:
        new, old = (one.dt.total_microseconds().cast(pl.Float64) for one in (new, old))
    elif kind not in NUMERIC:
        what = f"{line.ref.name} is a column of kind {kind}: only numbers change by a percentage"
        raise MistakesError([Problem(Place(table=line.ref.table, header=line.ref.column.name), what)])
    moved = (new - old).abs().round_sig_figs(DIGITS)
    allowed = (old.abs() * (line.percent / 100)).round_sig_figs(DIGITS)
    return pl.when((old != 0) | (new == 0)).then(moved > allowed)
