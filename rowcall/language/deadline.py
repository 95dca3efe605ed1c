"""When is a row due: what stands behind `due`?"""

import re

from rowcall.duration import parse_span
from rowcall.language.document import Block, Node, Pair, Text, fold_key
from rowcall.language.literal import holds
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import columns_of, has_column, resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.pattern import match_phrase
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Due, FromChange, FromStart
from rowcall.language.scope import Scope
from rowcall.language.spans import repaired_span
from rowcall.language.value import Value
from rowcall.language.value_text import read_length
from rowcall.language.words import CountedFrom, DueKey, find_word, spelled, spellings_of
from rowcall.table import TEMPORAL

_SPAN = r"(?P<span>\d+\s*(?:(?:working|business|work)\s+)?[a-z]+)"
_FROM_COLUMN = (
    re.compile(rf"{_SPAN}\s+(?:after|from|since)\s+(?:the\s+)?(?P<base>.+)", re.IGNORECASE),
    re.compile(rf"(?P<base>.+?)\s*\+\s*{_SPAN}", re.IGNORECASE),
)
_BARE = re.compile(rf"(?:in\s+|within\s+|after\s+)?{_SPAN}", re.IGNORECASE)
_NOT_OURS = {
    "from": DueKey.COUNTED_FROM, "start": DueKey.COUNTED_FROM, "since": DueKey.COUNTED_FROM,
    "starts": DueKey.COUNTED_FROM, "counts from": DueKey.COUNTED_FROM, "count from": DueKey.COUNTED_FROM,
    "after": DueKey.COUNTED_FROM, "base": DueKey.COUNTED_FROM, "in": DueKey.WITHIN, "time": DueKey.WITHIN,
    "duration": DueKey.WITHIN, "deadline": DueKey.WITHIN, "at most": DueKey.WITHIN, "for": DueKey.WITHIN,
}  # fmt: skip
_EXAMPLE = "For example `due: Promised on`, or `due: {counted from: start, within: 4 hours}`."
Base = ColumnRef | FromStart | FromChange


def read_due(node: Node, scope: Scope, notes: Notes) -> Due | None:
    """Return the deadline of a rule, or None with every mistake noted."""
    if isinstance(node, Text):
        ref = note_mistakes(notes, node.place, node.value, lambda _: _read_column(node.value.strip(), scope))
        return None if ref is None else Due(ref, node.place)
    if not isinstance(node, Block) or not node.pairs:
        notes.mistake(
            node.place, "Behind `due:` stands a column with dates, or two lines further in.", fix=_EXAMPLE
        )
        return None
    pairs = _sort_pairs(node, notes)
    if pairs is None:
        return None
    for key in DueKey:
        if key not in pairs:
            example = "counted from: start" if key is DueKey.COUNTED_FROM else "within: 4 hours"
            notes.mistake(
                node.place, f"`{spelled(key)}:` is missing under `due:`.", fix=f"For example `{example}`."
            )
    base = _read_base(pairs[DueKey.COUNTED_FROM], scope, notes) if DueKey.COUNTED_FROM in pairs else None
    within: Value | None = None
    if DueKey.WITHIN in pairs:
        within = read_length(pairs[DueKey.WITHIN].value, scope, notes)
    return None if base is None or within is None else Due(base, node.place, within)


def _read_column(said: str, scope: Scope) -> ColumnRef:
    """Return the date column that is the deadline; raises Mistaken."""
    if has_column(scope, scope.table, said):
        return _temporal(resolve_column(scope, scope.table, said))
    for pattern in _FROM_COLUMN:
        match = pattern.fullmatch(said)
        if match is not None and _span(match["span"]):
            base = match["base"].strip()
            near = base if has_column(scope, scope.table, base) else did_you_mean(base, _bases(scope)) or base
            block = f"{{counted from: {near}, within: {_span(match['span'])}}}"
            raise Mistaken(f"`{said}` says two things; each has its own key.", block, _EXAMPLE)
    bare = _BARE.fullmatch(said)
    if bare is not None and _span(bare["span"]):
        block = f"{{counted from: start, within: {_span(bare['span'])}}}"
        raise Mistaken(f"`{said}` does not say from when it is counted.", block, _EXAMPLE)
    return _temporal(_resolve(said, scope))


def _read_base(pair: Pair, scope: Scope, notes: Notes) -> Base | None:
    node = pair.value
    if isinstance(node, Text):
        return note_mistakes(notes, node.place, node.value, lambda _: _parse_base(node.value.strip(), scope))
    notes.mistake(
        pair.key.place,
        f"Behind `{pair.key.value}:` stands a column with dates, `start` or `last change of COLUMN`.",
        fix=_EXAMPLE,
    )
    return None


def _parse_base(said: str, scope: Scope) -> Base:
    for word, holes in match_phrase(CountedFrom, said):
        if word is CountedFrom.START:
            return FromStart()
        ref = resolve_column(scope, scope.table, holes["column"])
        if ref.links or ref.figure:
            what = f"`{said}`: only changes of {scope.table}'s own columns are remembered."
            raise Mistaken(what, fix="Name a column of the watched row.")
        return FromChange(ref)
    change = re.fullmatch(r"(?:the\s+)?(?:last\s+)?changes?\s+(?:of|in|to)\s+(.+)", said, re.IGNORECASE)
    if change is not None:
        raise Mistaken(f"`{said}` is not understood.", f"last change of {change[1]}")
    if fold_key(said) in (
        "the start",
        "beginning",
        "opening",
        "now",
        "at start",
        "when",
        "at once",
        "rule start",
    ):
        raise Mistaken(f"`{said}` is not understood here.", spelled(CountedFrom.START))
    return _temporal(_resolve(said, scope))


def _resolve(said: str, scope: Scope) -> ColumnRef:
    try:
        return resolve_column(scope, scope.table, said)
    except Mistaken as mistaken:
        raise Mistaken(mistaken.what, mistaken.suggestion, f"{mistaken.fix} {_EXAMPLE}".strip()) from None


def _temporal(ref: ColumnRef) -> ColumnRef:
    if ref.column.kind in TEMPORAL:
        return ref
    fix = f"Name a column with dates, or declare `{ref.column.name}: date` in config.yaml."
    raise Mistaken(f"{holds(ref.column)}, so it can't be a deadline.", fix=fix)


def _bases(scope: Scope) -> list[str]:
    return [spelled(CountedFrom.START), *columns_of(scope, scope.table)]


def _span(text: str) -> str:
    """Return a duration in its one spelling, or ""."""
    span = parse_span(text)
    return str(span) if span is not None else repaired_span(text)


def _sort_pairs(block: Block, notes: Notes) -> dict[DueKey, Pair] | None:
    pairs: dict[DueKey, Pair] = {}
    fine = True
    for pair in block:
        key = find_word(DueKey, pair.key.value)
        if key is not None:
            pairs[key] = pair
            continue
        fine = False
        ours = _NOT_OURS.get(fold_key(pair.key.value))
        near = spelled(ours) if ours else did_you_mean(pair.key.value, spellings_of(DueKey))
        notes.mistake(
            pair.key.place,
            f"`{pair.key.value}:` is not known under `due:`; possible are `counted from` and `within`."
            + (f" Did you mean `{near}:`?" if near else ""),
            suggestion=notes.corrected(pair.key.place, pair.key.value, near) if near else "",
        )
    return pairs if fine else None
