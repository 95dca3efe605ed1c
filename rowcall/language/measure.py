"""What does a figure measure: how many rows, which sum, which share, which list?"""

import re
from collections.abc import Mapping

from rowcall.language.computation import read_computation
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import Blank, Block, Lines, Pair, Text
from rowcall.language.figure import (
    Aggregate,
    Count,
    FormulaOf,
    How,
    Listing,
    Measure,
    ShareWith,
    TimeBetween,
)
from rowcall.language.listing import read_list
from rowcall.language.literal import holds
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.plain import read_plain
from rowcall.language.ref import ColumnRef
from rowcall.language.searched import Measured, column_of, fitting_columns, read_column
from rowcall.language.spans import needed_calendar
from rowcall.language.words import FigureKey, FigureWord, find_word
from rowcall.table import NUMERIC, TEMPORAL, Kind

HOWS = {
    FigureKey.SUM_OF: How.SUM,
    FigureKey.AVERAGE_OF: How.AVERAGE,
    FigureKey.MEDIAN_OF: How.MEDIAN,
    FigureKey.P90_OF: How.P90,
    FigureKey.HIGHEST_OF: How.HIGHEST,
    FigureKey.LOWEST_OF: How.LOWEST,
    FigureKey.DISTINCT_OF: How.DISTINCT,
}
"""The keys of a figure that make one value of a column's many."""
MEASURES = (
    FigureKey.COUNT,
    *HOWS,
    FigureKey.TIME_BETWEEN,
    FigureKey.SHARE_WITH,
    FigureKey.LIST,
    FigureKey.FORMULA,
)
"""The keys of a figure that say what it measures; it has exactly one of them."""

Keys = Mapping[FigureKey, Pair]
_AMOUNTS = NUMERIC | {Kind.DURATION}
_BETWEEN = re.compile(r"time between\s+(?P<start>.+?)\s+and\s+(?P<end>.+)", re.IGNORECASE)


def read_measure(key: FigureKey, keys: Keys, at: Measured) -> Measure | None:
    """Return what a figure measures, or None with every mistake noted."""
    pair = keys[key]
    if isinstance(pair.value, Blank):
        at.notes.mistake(pair.key.place, f"Nothing stands behind `{pair.key.value}:`.", fix=_EXAMPLES[key])
        return None
    match key:
        case FigureKey.COUNT:
            return _read_count(pair, at)
        case FigureKey.TIME_BETWEEN:
            return _read_between(pair, How.AVERAGE, keys.get(FigureKey.IN_WORKING_HOURS), at)
        case FigureKey.SHARE_WITH:
            condition = read_conditions(
                pair.value, Asked(at.scope, at.table, edges=False, searching=True), at.notes
            )
            return None if condition is None else ShareWith(condition)
        case FigureKey.LIST:
            return read_list(pair, keys.get(FigureKey.SORT_BY), keys.get(FigureKey.AT_MOST), at)
        case FigureKey.FORMULA:
            return _read_formula(pair, at)
        case _:
            return _read_aggregate(pair, HOWS[key], at)


def kind_of(measure: Measure) -> Kind:
    """Return the kind of a figure's value; of a list, which has none, a text."""
    match measure:
        case Count() | Aggregate(how=How.DISTINCT):
            return Kind.NUMBER
        case Aggregate(ref=ref):
            return ref.column.kind
        case TimeBetween():
            return Kind.DURATION
        case ShareWith():
            return Kind.PERCENT
        case FormulaOf(formula=formula):
            return formula.form.result
        case Listing():
            return Kind.TEXT


def _read_count(pair: Pair, at: Measured) -> Count | None:
    said = pair.value.value if isinstance(pair.value, Text) else ""
    if find_word(FigureWord, said) is FigureWord.ROWS:
        return Count()
    what = f"Behind `{pair.key.value}:` stands `rows`" + (f", not `{said}`." if said else ".")
    fix = "Different values of a column are counted by `distinct of: Column`."
    at.notes.mistake(
        pair.value.place,
        what,
        suggestion=at.notes.corrected(pair.value.place, said, "rows") if said else "",
        fix=fix,
    )
    return None


def _read_aggregate(pair: Pair, how: How, at: Measured) -> Measure | None:
    if isinstance(pair.value, Block):
        return _read_nested(pair.value, how, at)
    if not isinstance(pair.value, Text):
        at.notes.mistake(pair.value.place, f"Behind `{pair.key.value}:` stands one column of {at.table}.")
        return None
    text = pair.value
    return note_mistakes(at.notes, text.place, text.value, lambda _: _parse_aggregate(text.value, how, at))


def _parse_aggregate(name: str, how: How, at: Measured) -> Aggregate:
    between = _BETWEEN.fullmatch(name.strip())
    if between is not None:
        better = f"{{time between: [{between['start']}, {between['end']}]}}"
        raise Mistaken(f"`{name}` is written with brackets.", better)
    ref = column_of(name, at)
    kinds = _kinds_for(how)
    if ref.column.kind not in kinds:
        numbers = fitting_columns(kinds, at)
        fix = f"Columns that fit: {', '.join(numbers)}. " if numbers else ""
        fix += "A column's kind is declared in config.yaml. " if ref.column.kind is Kind.TEXT else ""
        raise Mistaken(
            f"{holds(ref.column)}: there is no {str(how).removesuffix(' of')} of that.",
            fix=f"{fix}Different values are counted by `distinct of: {name}`.",
        )
    return Aggregate(how, ref)


def _kinds_for(how: How) -> frozenset[Kind]:
    if how is How.DISTINCT:
        return frozenset(Kind)
    return _AMOUNTS | TEMPORAL if how in (How.HIGHEST, How.LOWEST) else _AMOUNTS


def _read_nested(block: Block, how: How, at: Measured) -> TimeBetween | None:
    keys: dict[FigureKey, Pair] = {}
    for pair in block:
        key = find_word(FigureKey, pair.key.value)
        if key in (FigureKey.TIME_BETWEEN, FigureKey.IN_WORKING_HOURS):
            keys[key] = pair
        else:
            what = f"`{pair.key.value}:` is not known here; possible are `time between`, `in working hours`."
            at.notes.mistake(pair.key.place, what, fix="For example `median of: {time between: [A, B]}`.")
            return None
    if FigureKey.TIME_BETWEEN not in keys or how is How.DISTINCT:
        what = f"Behind `{how}:` stands one column of {at.table}" + (
            "." if how is How.DISTINCT else ", or `time between`."
        )
        at.notes.mistake(block.place, what, fix="For example `median of: {time between: [A, B]}`.")
        return None
    return _read_between(keys[FigureKey.TIME_BETWEEN], how, keys.get(FigureKey.IN_WORKING_HOURS), at)


def _read_between(pair: Pair, how: How, working: Pair | None, at: Measured) -> TimeBetween | None:
    parts = pair.value.parts if isinstance(pair.value, Lines) else ()
    texts = [part for part in parts if isinstance(part, Text)]
    if len(texts) != 2 or len(parts) != 2:  # noqa: PLR2004 - from one column to another
        said = (
            re.fullmatch(r"(.+?)\s*(?:,|\band\b)\s*(.+)", pair.value.value)
            if isinstance(pair.value, Text)
            else None
        )
        suggestion = at.notes.corrected(pair.value.place, said[0], f"[{said[1]}, {said[2]}]") if said else ""
        what = f"Behind `{pair.key.value}:` stand two columns in brackets, the earlier first."
        at.notes.mistake(
            pair.value.place, what, suggestion=suggestion, fix="For example `[Opened at, Closed at]`."
        )
        return None
    ends = [_read_moment(text, at) for text in texts]
    calendar = "" if working is None else _read_calendar(working, at)
    start, end = ends
    if start is None or end is None or calendar is None:
        return None
    if start == end:
        at.notes.mistake(pair.value.place, f"Between {start.name} and itself no time passes.")
        return None
    return TimeBetween(how, start, end, calendar)


def _read_moment(text: Text, at: Measured) -> ColumnRef | None:
    ref = read_column(text, at)
    if ref is None or ref.column.kind in TEMPORAL:
        return ref
    dates = fitting_columns(TEMPORAL, at)
    fix = f"The dates of {at.table} are {', '.join(dates)}." if dates else "Declare its kind in config.yaml."
    at.notes.mistake(text.place, f"{holds(ref.column)}; time passes between dates only.", fix=fix)
    return None


def _read_calendar(pair: Pair, at: Measured) -> str | None:
    """Return the calendar that a time is counted in, "" for the clock, None with the mistake noted."""
    wanted = read_plain(bool, pair.value, at.notes) if isinstance(pair.value, Text) else None
    if not isinstance(pair.value, Text):
        at.notes.mistake(pair.value.place, f"Behind `{pair.key.value}:` stands `yes` or `no`.")
    if wanted is None:
        return None
    if wanted and not at.scope.working_hours:
        at.notes.mistake(pair.key.place, "No working hours are known.", fix=needed_calendar(at.scope))
        return None
    return at.scope.working_hours if wanted else ""


def _read_formula(pair: Pair, at: Measured) -> FormulaOf | None:
    if not isinstance(pair.value, Text):
        at.notes.mistake(
            pair.value.place, "A formula must stand here, in quotes.", fix=_EXAMPLES[FigureKey.FORMULA]
        )
        return None
    formula = read_computation(pair.value, at.scope, at.notes)
    return None if formula is None else FormulaOf(formula)


_EXAMPLES = {
    FigureKey.COUNT: "For example `count: rows`.",
    FigureKey.SHARE_WITH: "For example `share with: {Status: Paid}`.",
    FigureKey.LIST: "For example `list: [Order No, Total]`.",
    FigureKey.SORT_BY: "For example `sort by: Total descending`.",
    FigureKey.FORMULA: 'For example `formula: "=[Revenue] / [Orders]"`.',
    FigureKey.TIME_BETWEEN: "For example `time between: [Opened at, Closed at]`.",
} | {key: f"For example `{how}: Total`." for key, how in HOWS.items()}
