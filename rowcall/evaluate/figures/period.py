"""Which figures look at the rule's period, and what do they ask in another one?"""

from collections.abc import Mapping
from dataclasses import replace

from rowcall.evaluate.search import figures_named
from rowcall.language.asking import lines_of, watched_refs_of
from rowcall.language.condition import AllOf, AnyOf, Condition, InPeriod, NoneOf, ThereIs
from rowcall.language.figure import Figure, FormulaOf, ShareWith
from rowcall.language.formula.tree import figures_in
from rowcall.period import Period


def in_period(condition: Condition, period: Period) -> Condition:
    """Return a condition with `in the period` meaning another period."""
    match condition:
        case AllOf(lines=parts):
            return replace(condition, lines=tuple(in_period(part, period) for part in parts))
        case AnyOf(blocks=parts) | NoneOf(blocks=parts):
            return replace(condition, blocks=tuple(in_period(part, period) for part in parts))
        case InPeriod():
            return replace(condition, period=period)
        case ThereIs():
            return replace(condition, condition=in_period(condition.condition, period))
        case _:
            return condition


def looks_at_period(figures: Mapping[str, Figure], name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Say whether a figure, or one that it is made of, has a line `in the period`."""
    figure = figures.get(name)
    if figure is None or name in seen:
        return False
    seen |= {name}
    how = figure.measure
    if isinstance(how, FormulaOf):
        return any(looks_at_period(figures, one, seen) for one in figures_in(how.formula))
    conditions = [figure.where, how.condition if isinstance(how, ShareWith) else None]
    return any(one is not None and _asks_period(one, figures, seen) for one in conditions)


def _asks_period(condition: Condition, figures: Mapping[str, Figure], seen: frozenset[str]) -> bool:
    if any(_is_period(line) for line in lines_of(condition)):
        return True
    refs = [ref.column.name for ref in watched_refs_of(condition) if ref.figure]
    named = [one.name for one in figures_named(condition)]
    return any(looks_at_period(figures, one, seen) for one in (*refs, *named))


def _is_period(line: Condition) -> bool:
    if isinstance(line, ThereIs):
        return any(_is_period(one) for one in lines_of(line.condition))
    return isinstance(line, InPeriod)
