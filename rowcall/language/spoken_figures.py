"""How do the figures of a rule, and the columns that it keeps, read in English sentences?"""

from collections.abc import Iterable, Iterator

from rowcall.language.asking import lines_of
from rowcall.language.condition import Condition
from rowcall.language.figure import (
    Aggregate,
    Count,
    Figure,
    FormulaOf,
    How,
    Kept,
    Listing,
    Measure,
    ShareWith,
    ShowAs,
    TimeBetween,
)
from rowcall.language.ref import ColumnRef
from rowcall.language.spoken import join_words, say_column, say_condition
from rowcall.language.spoken_values import say_value

_HOWS = {
    How.SUM: "the sum of",
    How.AVERAGE: "the average of",
    How.MEDIAN: "the median of",
    How.P90: "the 90th percentile of",
    How.HIGHEST: "the highest of",
    How.LOWEST: "the lowest of",
    How.DISTINCT: "the number of different values of",
}
_SHOWN = {
    ShowAs.MONEY: "as money",
    ShowAs.PERCENT: "as a percentage",
    ShowAs.DAYS: "in days",
    ShowAs.HOURS: "in hours",
}


def say_figures(figures: Iterable[Figure]) -> Iterator[str]:
    """Yield a sentence for each figure, in the order in which they are written."""
    for figure in sorted(figures, key=lambda one: (one.place.line, one.place.column)):
        yield f"{say_figure(figure)}."


def say_figure(figure: Figure) -> str:
    """Return what a figure is: `Spent is the sum of Total of the rows of Orders where …`."""
    by = f", for each {say_column(figure.by)}" if figure.by is not None else ""
    shown = f", shown {_SHOWN[figure.show_as]}" if figure.show_as is not None else ""
    return f"{figure.name} is {_say_measure(figure.measure, figure)}{by}{shown}"


def say_kept(kept: Iterable[Kept]) -> Iterator[str]:
    """Yield a sentence for each column that a rule keeps right."""
    for one in kept:
        yield f"{say_column(one.ref)} is kept at {say_value(one.value)}."


def _say_measure(measure: Measure, figure: Figure) -> str:
    match measure:
        case Count():
            return f"the number of {_say_rows(figure)}"
        case Aggregate(how=how, ref=ref):
            return f"{_HOWS[how]} {say_column(ref)} of {_say_rows(figure)}"
        case TimeBetween(how=how, start=start, end=end, calendar=calendar):
            hours = f" in the working hours of {calendar}" if calendar else ""
            return f"{_HOWS[how]} the time from {say_column(start)} to {say_column(end)}{hours} of {_say_rows(figure)}"
        case ShareWith(condition=condition):
            return f"the share of {_say_rows(figure)}, for which {say_condition(condition)}"
        case Listing(refs=refs, sort_by=sort_by, at_most=at_most):
            return _say_list(refs, sort_by, at_most, figure)
        case FormulaOf(formula=formula):
            return (
                f"the result of {'' if formula.text.strip().startswith('=') else '='}{formula.text.strip()}"
            )


def _say_list(
    refs: tuple[ColumnRef, ...],
    sort_by: tuple[tuple[ColumnRef, bool], ...],
    at_most: int | None,
    figure: Figure,
) -> str:
    said = f"a list with {join_words([say_column(ref) for ref in refs], 'and')} of {_say_rows(figure)}"
    if sort_by:
        ways = [f"{say_column(ref)} {'descending' if down else 'ascending'}" for ref, down in sort_by]
        said += f", sorted by {join_words(ways, 'and')}"
    return said + (f", at most {at_most} rows" if at_most is not None else "")


def _say_rows(figure: Figure) -> str:
    where: Condition | None = figure.where
    rows = f"the rows of {figure.table}"
    return f"{rows} where {say_condition(where)}" if where is not None and lines_of(where) else rows
