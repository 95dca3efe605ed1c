"""Which rows does a list show, with which columns and in which order?"""

import re

from rowcall.language.document import Lines, Node, Pair, Text
from rowcall.language.figure import Listing
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import has_column
from rowcall.language.pattern import match_phrase
from rowcall.language.ref import ColumnRef
from rowcall.language.searched import Measured, column_of, fitting_columns, read_column
from rowcall.language.words import CountWord, FigureWord
from rowcall.table import TEMPORAL

_COUNT_OF_ROWS = re.compile(r"(?P<count>\d{1,6})(?:\s*(?:row|lines?))?", re.IGNORECASE)
_SORT_SLIPS = (
    (re.compile(r"-\s*(?P<column>.+)"), "descending"),
    (re.compile(r"(?P<column>.+?)[\s,]+(?:desc|descend|reverse|down|z-a)", re.IGNORECASE), "descending"),
    (re.compile(r"(?P<column>.+?)[\s,]+(?:asc|ascend|up|a-z)", re.IGNORECASE), "ascending"),
    (re.compile(r"(?P<column>.+?),\s*(?P<way>descending|ascending)", re.IGNORECASE), ""),
    (re.compile(r"(?P<way>descending|ascending)\s+(?:by\s+)?(?P<column>.+)", re.IGNORECASE), ""),
)
_FIRST = re.compile(
    r"(?P<word>newest|latest|highest|largest|biggest|most|oldest|earliest|lowest|smallest|least)(?:\s+first)?",
    re.IGNORECASE,
)
_DOWN = frozenset({"newest", "latest", "highest", "largest", "biggest", "most"})
_EXAMPLE = "For example `list: [Order No, Total]`."


def read_list(pair: Pair, sorting: Pair | None, most: Pair | None, at: Measured) -> Listing | None:
    """Return the list that the lines of a figure describe, or None with every mistake noted."""
    texts = _texts_of(pair.value, at)
    if texts is None:
        what = f"Behind `{pair.key.value}:` stand columns of {at.table}."
        at.notes.mistake(pair.value.place, what, fix=_EXAMPLE)
        return None
    refs = [read_column(text, at) for text in texts]
    twice = next(
        (text for index, text in enumerate(texts) if refs[index] is not None and refs[index] in refs[:index]),
        None,
    )
    if twice is not None:
        at.notes.mistake(
            twice.place, f"`{twice.value}` stands twice in this list.", fix="Remove one of them."
        )
    sort_by = _read_sorting(sorting, at) if sorting is not None else ()
    at_most = _read_at_most(most, at) if most is not None else 0
    known = tuple(ref for ref in refs if ref is not None)
    if len(known) < len(refs) or twice is not None or sort_by is None or at_most is None:
        return None
    return Listing(known, sort_by, at_most or None)


def _texts_of(node: Node, at: Measured) -> list[Text] | None:
    """Return the names in a list, or in a text with commas."""
    if isinstance(node, Text):
        whole = has_column(at.scope, at.table, node.value)
        parts = [node.value] if whole else [part.strip() for part in re.split("[,，、]", node.value)]
        return [Text(part, node.place) for part in parts if part]
    if not isinstance(node, Lines) or not node.parts:
        return None
    texts = [part for part in node if isinstance(part, Text)]
    return texts if len(texts) == len(node.parts) else None


def _read_sorting(pair: Pair, at: Measured) -> tuple[tuple[ColumnRef, bool], ...] | None:
    parts = pair.value.parts if isinstance(pair.value, Lines) else (pair.value,)
    found = [_read_sort_line(part, at) for part in parts]
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) else None


def _read_sort_line(node: Node, at: Measured) -> tuple[ColumnRef, bool] | None:
    if isinstance(node, Text):
        return note_mistakes(at.notes, node.place, node.value, lambda _: _parse_sorting(node.value, at))
    at.notes.mistake(
        node.place, "Here stands a column to sort by.", fix="For example `sort by: Total descending`."
    )
    return None


def _parse_sorting(text: str, at: Measured) -> tuple[ColumnRef, bool]:
    said = text.strip()
    if has_column(at.scope, at.table, said):
        return column_of(said, at), False
    for word, holes in match_phrase(FigureWord, said):
        if "column" in holes:
            return column_of(holes["column"], at), word is FigureWord.DESCENDING
    better = _meant_sorting(said, at)
    if better:
        raise Mistaken(f"`{said}` is not how rows are sorted; write `{better}`.", better)
    first = _FIRST.fullmatch(said)
    if first is not None:
        way = "descending" if first["word"].lower() in _DOWN else "ascending"
        raise Mistaken(f"`{said}` does not say by which column.", fix=f"Write the column: `Column {way}`.")
    return column_of(said, at), False


def _meant_sorting(said: str, at: Measured) -> str:
    for pattern, way in _SORT_SLIPS:
        match = pattern.fullmatch(said)
        if match is not None and has_column(at.scope, at.table, match["column"]):
            return f"{match['column']} {way or match['way'].lower()}"
    first = _FIRST.fullmatch(said)
    dates = fitting_columns(TEMPORAL, at)
    if (
        first is not None
        and first["word"].lower() in ("newest", "latest", "oldest", "earliest")
        and len(dates) == 1
    ):
        return f"{dates[0]} descending" if first["word"].lower() in _DOWN else dates[0]
    return ""


def _read_at_most(pair: Pair, at: Measured) -> int | None:
    said = pair.value.value.strip() if isinstance(pair.value, Text) else ""
    match = _COUNT_OF_ROWS.fullmatch(said)
    counts = [holes["count"] for word, holes in match_phrase(CountWord, said) if word is CountWord.ROWS]
    counts += [match["count"]] if match else []
    if not counts or not counts[0].isdigit() or int(counts[0]) < 1:
        seen = f"`{said}` is not a number of rows" if said else "A number of rows must stand here"
        at.notes.mistake(pair.value.place, f"{seen}.", fix="For example `at most: 10`.")
        return None
    return int(counts[0])
