"""What does the block of one figure say?"""

from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import Blank, Block, Pair, Text, fold_key
from rowcall.language.figure import Figure, Measure, ShowAs
from rowcall.language.literal import KIND_WORDS
from rowcall.language.measure import MEASURES, Keys, kind_of, read_measure
from rowcall.language.mistaken import note_mistakes
from rowcall.language.names import resolve_table
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import read_word
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.searched import Measured, read_column
from rowcall.language.words import FigureKey, ShowWord, find_word, listed, spelled, spellings_of
from rowcall.table import Kind

_NOT_OURS = {
    "table": FigureKey.IN, "from": FigureKey.IN, "look at": FigureKey.IN, "of": FigureKey.IN,
    "when": FigureKey.WHERE, "filter": FigureKey.WHERE, "if": FigureKey.WHERE, "conditions": FigureKey.WHERE,
    "sum": FigureKey.SUM_OF, "total": FigureKey.SUM_OF, "total of": FigureKey.SUM_OF,
    "average": FigureKey.AVERAGE_OF, "avg": FigureKey.AVERAGE_OF, "mean": FigureKey.AVERAGE_OF,
    "mean of": FigureKey.AVERAGE_OF, "avg of": FigureKey.AVERAGE_OF, "median": FigureKey.MEDIAN_OF,
    "p90": FigureKey.P90_OF, "max": FigureKey.HIGHEST_OF, "max of": FigureKey.HIGHEST_OF,
    "maximum of": FigureKey.HIGHEST_OF, "highest": FigureKey.HIGHEST_OF, "latest of": FigureKey.HIGHEST_OF,
    "min": FigureKey.LOWEST_OF, "min of": FigureKey.LOWEST_OF, "minimum of": FigureKey.LOWEST_OF,
    "lowest": FigureKey.LOWEST_OF, "earliest of": FigureKey.LOWEST_OF, "distinct": FigureKey.DISTINCT_OF,
    "unique": FigureKey.DISTINCT_OF, "different": FigureKey.DISTINCT_OF, "count distinct": FigureKey.DISTINCT_OF,
    "count of": FigureKey.COUNT, "number of": FigureKey.COUNT, "rows": FigureKey.COUNT,
    "share of": FigureKey.SHARE_WITH, "share": FigureKey.SHARE_WITH, "percent of": FigureKey.SHARE_WITH,
    "columns": FigureKey.LIST, "show": FigureKey.LIST, "list of": FigureKey.LIST, "order by": FigureKey.SORT_BY,
    "sort": FigureKey.SORT_BY, "limit": FigureKey.AT_MOST, "top": FigureKey.AT_MOST, "calculate": FigureKey.FORMULA,
    "group by": FigureKey.BY, "per": FigureKey.BY, "format": FigureKey.SHOW_AS, "as": FigureKey.SHOW_AS,
    "unit": FigureKey.SHOW_AS,
}  # fmt: skip
_ONLY_WITH = {
    FigureKey.SORT_BY: (FigureKey.LIST,),
    FigureKey.AT_MOST: (FigureKey.LIST,),
    FigureKey.IN_WORKING_HOURS: (FigureKey.TIME_BETWEEN,),
}
_NOT_WITH = {
    FigureKey.FORMULA: (FigureKey.IN, FigureKey.WHERE, FigureKey.BY),
    FigureKey.LIST: (FigureKey.BY, FigureKey.SHOW_AS),
}
_SHOWN_AS = {
    ShowAs.MONEY: frozenset({Kind.NUMBER, Kind.MONEY}),
    ShowAs.PERCENT: frozenset({Kind.NUMBER, Kind.PERCENT}),
    ShowAs.DAYS: frozenset({Kind.DURATION}),
    ShowAs.HOURS: frozenset({Kind.DURATION}),
}
EXAMPLE = "For example `Revenue:`, and below it, further in, `in: Orders` and `sum of: Total`."
"""How a figure is written."""


def read_figure(pair: Pair, scope: Scope, notes: Notes) -> Figure | None:
    """Return the figure that a name and its block describe, or None with every mistake noted."""
    name = pair.key.value
    if not isinstance(pair.value, Block):
        if isinstance(pair.value, Text) and pair.value.value.startswith("="):
            fix = f'Write `formula:` before it, further in: `{name}: {{formula: "{pair.value.value}"}}`.'
        else:
            fix = EXAMPLE
        place = pair.key.place if isinstance(pair.value, Blank) else pair.value.place
        notes.mistake(place, f"Under the figure `{name}:` stand lines of `key: value`, further in.", fix=fix)
        return None
    keys = _sort_keys(pair.value, notes)
    measure_key = None if keys is None else _measure_key(name, pair, keys, notes)
    table = "" if keys is None else _read_table(name, pair, keys, scope, notes)
    if keys is None or measure_key is None or table is None or not _fit_together(keys, notes):
        return None
    return _build(pair, keys, measure_key, Measured(scope, table, notes))


def _build(pair: Pair, keys: Keys, measure_key: FigureKey, at: Measured) -> Figure | None:
    measure = read_measure(measure_key, keys, at)
    where_pair, by_pair, show_pair = (
        keys.get(key) for key in (FigureKey.WHERE, FigureKey.BY, FigureKey.SHOW_AS)
    )
    asked = Asked(at.scope, at.table, edges=False, searching=True)
    where = None if where_pair is None else read_conditions(where_pair.value, asked, at.notes)
    by = None if by_pair is None else _read_by(by_pair, at)
    show_as = None if show_pair is None or measure is None else _read_show_as(show_pair, measure, at.notes)
    wanted = ((where_pair, where), (by_pair, by), (show_pair, show_as))
    if measure is None or any(one is not None and read is None for one, read in wanted):
        return None
    kind = kind_of(measure)
    return Figure(pair.key.value, measure, pair.key.place, at.table, where, by, show_as, kind)


def _sort_keys(block: Block, notes: Notes) -> dict[FigureKey, Pair] | None:
    keys: dict[FigureKey, Pair] = {}
    fine = True
    for pair in block:
        key = find_word(FigureKey, pair.key.value)
        if key is None or key in keys:
            _note_key(pair.key, key, notes)
            fine = False
        else:
            keys[key] = pair
    return keys if fine else None


def _note_key(key: Text, word: FigureKey | None, notes: Notes) -> None:
    if word is not None:
        notes.mistake(
            key.place, f"`{key.value}:` stands twice in this figure.", fix="Remove one of the two lines."
        )
        return
    ours = _NOT_OURS.get(fold_key(key.value))
    near = spelled(ours) if ours is not None else did_you_mean(key.value, spellings_of(FigureKey))
    known = listed(FigureKey, key.value)
    notes.mistake(
        key.place,
        f"`{key.value}:` is not a key of a figure." + (f" Did you mean `{near}:`?" if near else ""),
        suggestion=notes.corrected(key.place, key.value, near) if near else "",
        fix=f"Possible are {known}. Conditions stand under `where:`.",
    )


def _measure_key(name: str, pair: Pair, keys: Keys, notes: Notes) -> FigureKey | None:
    found = [key for key in keys if key in MEASURES]
    if len(found) == 1:
        return found[0]
    if not found:
        fix = 'For example `count: rows`, `sum of: Total`, `list: [Order No, Total]` or `formula: "=[A] / [B]"`.'
        notes.mistake(pair.key.place, f"Nothing says what the figure `{name}` counts or sums.", fix=fix)
        return None
    one, other = (keys[key].key for key in found[:2])
    what = f"`{one.value}` and `{other.value}` both say what `{name}` is; a figure has one of them."
    notes.mistake(other.place, what, fix="Make two figures of it; a `formula` can put them together.")
    return None


def _read_table(name: str, pair: Pair, keys: Keys, scope: Scope, notes: Notes) -> str | None:
    """Return the table of a figure, "" for a formula, None with the mistake noted."""
    given = keys.get(FigureKey.IN)
    if given is None and FigureKey.FORMULA in keys:
        return ""
    if given is None:
        what = f"`in:` is missing: in which table does the figure `{name}` look?"
        notes.mistake(pair.key.place, what, fix=f"Write `in:` with one of {', '.join(scope.schemas)}.")
        return None
    text = given.value
    if not isinstance(text, Text):
        notes.mistake(
            given.key.place, "Behind `in:` stands one table.", fix=f"One of {', '.join(scope.schemas)}."
        )
        return None
    return note_mistakes(notes, text.place, text.value, lambda _: resolve_table(scope, text.value))


def _fit_together(keys: Keys, notes: Notes) -> bool:
    fine = True
    for key, needed in _ONLY_WITH.items():
        if key in keys and not any(one in keys for one in needed):
            with_ = " or ".join(f"`{spelled(one)}`" for one in needed)
            notes.mistake(
                keys[key].key.place, f"`{spelled(key)}:` stands only with {with_}.", fix="Leave the line out."
            )
            fine = False
    for key, others in _NOT_WITH.items():
        for other in others:
            if key in keys and other in keys:
                what = f"`{spelled(other)}:` does not fit `{spelled(key)}:`."
                fix = (
                    "A formula computes from other figures; these look at tables."
                    if key is FigureKey.FORMULA
                    else ""
                )
                notes.mistake(keys[other].key.place, what, fix=fix or "Leave the line out.")
                fine = False
    return fine


def _read_by(pair: Pair, at: Measured) -> ColumnRef | None:
    if isinstance(pair.value, Text):
        return read_column(pair.value, at)
    at.notes.mistake(pair.key.place, f"Behind `{pair.key.value}:` stands one column of {at.table}.")
    return None


def _read_show_as(pair: Pair, measure: Measure, notes: Notes) -> ShowAs | None:
    if not isinstance(pair.value, Text):
        notes.mistake(pair.key.place, "Behind `show as:` stands `money`, `percent`, `days` or `hours`.")
        return None
    word = read_word([str(one) for one in ShowAs], pair.value, notes, ShowWord)
    if word is None:
        return None
    kind = kind_of(measure)
    if kind in _SHOWN_AS[ShowAs(word)]:
        return ShowAs(word)
    fitting = [f"`{one}`" for one in ShowAs if kind in _SHOWN_AS[one]]
    what = f"The figure gives {KIND_WORDS[kind]}, which is not shown as {word}."
    notes.mistake(
        pair.value.place,
        what,
        fix=f"Possible are {', '.join(fitting)}." if fitting else "Leave the line out.",
    )
    return None
