"""How are figures written down again?"""

from rowcall.language.figure import (
    Aggregate,
    Count,
    Figure,
    FormulaOf,
    Listing,
    Measure,
    ShareWith,
    ShowAs,
    TimeBetween,
)
from rowcall.language.printing.blocks import Listed
from rowcall.language.printing.conditions import print_column, print_conditions
from rowcall.language.printing.tongue import Tongue
from rowcall.language.words import Choice, FigureKey, FigureWord, ShowWord, find_word


def print_figure(figure: Figure, tongue: Tongue) -> list[tuple[str, object]]:
    """Return the lines of one figure."""
    lines: list[tuple[str, object]] = []
    if figure.table:
        lines.append((tongue(FigureKey.IN), figure.table))
    if figure.where is not None:
        lines.append((tongue(FigureKey.WHERE), print_conditions(figure.where, tongue)))
    lines += _measure(figure.measure, tongue)
    if figure.by is not None:
        lines.append((tongue(FigureKey.BY), print_column(figure.by, tongue)))
    if figure.show_as is not None:
        lines.append((tongue(FigureKey.SHOW_AS), tongue(_shown(figure.show_as))))
    return lines


def _measure(measure: Measure, tongue: Tongue) -> list[tuple[str, object]]:
    match measure:
        case Count():
            return [(tongue(FigureKey.COUNT), tongue(FigureWord.ROWS))]
        case Aggregate(how=how, ref=ref):
            return [(tongue(_key(how)), print_column(ref, tongue))]
        case TimeBetween(how=how, start=start, end=end, calendar=calendar):
            times = (
                tongue(FigureKey.TIME_BETWEEN),
                Listed([print_column(start, tongue), print_column(end, tongue)]),
            )
            working = (tongue(FigureKey.IN_WORKING_HOURS), tongue(Choice.YES))
            return [(tongue(_key(how)), [times, working] if calendar else [times])]
        case ShareWith(condition=condition):
            return [(tongue(FigureKey.SHARE_WITH), print_conditions(condition, tongue))]
        case FormulaOf(formula=formula):
            return [(tongue(FigureKey.FORMULA), formula.text)]
        case Listing():
            return _listing(measure, tongue)


def _listing(listing: Listing, tongue: Tongue) -> list[tuple[str, object]]:
    lines: list[tuple[str, object]] = [
        (tongue(FigureKey.LIST), Listed(print_column(ref, tongue) for ref in listing.refs))
    ]
    if listing.sort_by:
        sorts = [
            tongue(FigureWord.DESCENDING, column=print_column(ref, tongue))
            if down
            else print_column(ref, tongue)
            for ref, down in listing.sort_by
        ]
        lines.append((tongue(FigureKey.SORT_BY), Listed(sorts)))
    if listing.at_most is not None:
        lines.append((tongue(FigureKey.AT_MOST), str(listing.at_most)))
    return lines


def _shown(show_as: ShowAs) -> ShowWord:
    word = find_word(ShowWord, show_as)
    if word is None:
        raise TypeError(show_as)
    return word


def _key(how: str) -> FigureKey:
    key = find_word(FigureKey, how)
    if key is None:
        raise TypeError(how)
    return key
