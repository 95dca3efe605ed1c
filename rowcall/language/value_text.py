"""Which value does a text say where a value is written: in `set` and in `add row`?"""

import re
from collections.abc import Mapping

from rowcall.language.comparison import inside
from rowcall.language.condition import Moment
from rowcall.language.document import Blank, Block, Lines, Node, Text
from rowcall.language.literal import KIND_WORDS, holds, read_literal
from rowcall.language.mistaken import Hint, Hints, Mistaken, note_mistakes
from rowcall.language.names import find_column, has_column, resolve_column
from rowcall.language.notes import Notes
from rowcall.language.operand import read_days, read_setting
from rowcall.language.pattern import find_slips, is_whole, match_phrase
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.value import Cells, EmptyValue, RowValues, SameAs, Shifted, Target, TextOf, Value
from rowcall.language.words import LATER, LaterValueWord, ValueWord
from rowcall.table import NUMERIC, TEMPORAL, Kind

_MOMENTS = {
    ValueWord.NOW: Moment(now=True),
    ValueWord.TODAY: Moment(),
    ValueWord.YESTERDAY: Moment(days=-1),
    ValueWord.TOMORROW: Moment(days=1),
}
_FREE = frozenset({Kind.TEXT, Kind.PERSON})
_TEMPLATE = re.compile(r"\{\{|\{%")
_CALL = re.compile(r"=?\s*(today|now)\s*\(\s*\)", re.IGNORECASE)
_NOTHING = frozenset({"null", "none", "blank", "nothing", '""', "''", "clear"})
_SUM = re.compile(r"(?P<base>.+?)\s*(?P<sign>[+\-])\s*(?P<span>\d+\s*[a-z]+)", re.IGNORECASE)


def read_cells(node: Node, scope: Scope, notes: Notes) -> Cells | None:
    """Return the cells that a `set` writes: columns of the watched row or of linked rows."""
    targets = _read_targets(node, scope, scope.table, notes)
    return None if targets is None else Cells(targets, node.place)


def read_row_values(node: Node, scope: Scope, table: str, notes: Notes) -> RowValues | None:
    """Return the cells of a new row of `table`; what stands on the right belongs to the watched row."""
    targets = _read_targets(node, scope, table, notes)
    if targets is None:
        return None
    far = [target for target in targets if target.ref.links]
    for target in far:
        notes.mistake(
            target.place, f"A new row of {table} has its own columns only, not `{target.ref.name}`."
        )
    return None if far else RowValues(table, targets, node.place)


def read_value(node: Node, ref: ColumnRef, scope: Scope, notes: Notes) -> Value | None:
    """Return the value written for a column, or None with the mistake noted."""
    match node:
        case Text():
            return note_mistakes(
                notes, node.place, node.value, lambda hints: parse_value(node, ref, scope, hints)
            )
        case Blank():
            notes.mistake(
                node.place, f"Nothing stands behind `{ref.name}:`.", fix="To empty the cell write `empty`."
            )
        case Block(pairs=pairs) if pairs:
            word = pairs[0].key.value
            notes.mistake(
                node.place, f"`{word}:` as a value {LATER}.", fix="Write one value behind the column."
            )
        case _:
            notes.mistake(
                node.place, f"A cell holds one value, not {'a list' if isinstance(node, Lines) else 'lines'}."
            )
    return None


def parse_value(text: Text, ref: ColumnRef, scope: Scope, hints: Hints) -> Value:
    """Return the value that a text says for a column; raises Mistaken."""
    said = text.value.strip()
    if _TEMPLATE.search(said):
        return TextOf(text.value, text.place)
    _refuse_wordings(said, ref)
    for word, holes in match_phrase(ValueWord, said):
        value = _read_inside(said, word, holes, ref, scope, hints)
        if value is not None:
            return value
    later = next((word for word, _ in match_phrase(LaterValueWord, said)), None)
    if later is not None and (later is not LaterValueWord.DUE or ref.column.kind in TEMPORAL):
        raise Mistaken(f"`{said}` {LATER}.", fix=f"For the text itself write `exactly {said}`.")
    _refuse_slips(said, ref, scope, hints)
    try:
        return read_literal(ref.column, said, scope, hints)
    except Mistaken as mistaken:
        if has_column(scope, scope.table, said):
            what = f"{mistaken.what} For the value of the column {said} write `same as {said}`."
            raise Mistaken(what, f"same as {said}", mistaken.fix) from None
        raise Mistaken(mistaken.what, mistaken.suggestion, "") from None


def _read_targets(node: Node, scope: Scope, table: str, notes: Notes) -> tuple[Target, ...] | None:
    if not isinstance(node, Block) or not node.pairs:
        notes.mistake(
            node.place,
            "Here stand lines of `Column: value`, each on its own line and further in.",
            fix="For example `Status: Paid`, or `Confirmed at: now`.",
        )
        return None
    found: list[Target | None] = []
    seen: dict[ColumnRef, str] = {}
    for pair in node:
        key = pair.key
        ref = _read_target(key, table, scope, notes)
        if ref is not None and ref in seen:
            notes.mistake(
                key.place, f"`{key.value}` and `{seen[ref]}` are the same column; it is set twice here."
            )
        if ref is not None:
            seen[ref] = key.value
        value = read_value(pair.value, ref, scope, notes) if ref is not None else None
        found.append(Target(ref, value, key.place) if ref is not None and value is not None else None)
    targets = tuple(target for target in found if target is not None)
    return targets if len(targets) == len(found) else None


def _read_target(key: Text, table: str, scope: Scope, notes: Notes) -> ColumnRef | None:
    return note_mistakes(notes, key.place, key.value, lambda _: resolve_column(scope, table, key.value))


def _read_word(
    word: ValueWord, holes: Mapping[str, str], ref: ColumnRef, scope: Scope, hints: Hints
) -> Value | None:
    match word:
        case ValueWord.EMPTY:
            return EmptyValue()
        case ValueWord.EXACTLY:
            return read_literal(ref.column, holes["value"], scope, hints)
        case ValueWord.SETTING:
            return read_setting(scope, holes["name"], ref.column)
        case ValueWord.SAME_AS:
            source = resolve_column(scope, scope.table, holes["column"])
            _refuse_misfit(ref, source)
            return SameAs(source)
        case ValueWord.SPAN_AFTER | ValueWord.SPAN_BEFORE:
            return _shifted(word is ValueWord.SPAN_BEFORE, holes, ref, scope)
        case _:
            return _moment(word, ref)


def _read_inside(
    said: str, word: ValueWord, holes: Mapping[str, str], ref: ColumnRef, scope: Scope, hints: Hints
) -> Value | None:
    """Read one phrase; what is suggested for a column in it becomes a suggestion for the phrase."""
    if "column" not in holes:
        return _read_word(word, holes, ref, scope, hints)
    return inside(said, holes["column"], lambda own: _read_word(word, holes, ref, scope, own), hints)


def _moment(word: ValueWord, ref: ColumnRef) -> Moment | None:
    if ref.column.kind in TEMPORAL:
        return _MOMENTS[word]
    if ref.column.kind in (Kind.TEXT, Kind.CHOICE, Kind.PERSON):
        if word.value[0] in {choice.lower() for choice in ref.column.choices}:
            return None
        if ref.column.kind is Kind.TEXT:
            return _MOMENTS[word]
    raise Mistaken(f"{holds(ref.column)}; `{word.value[0]}` is a date.")


def _shifted(back: bool, holes: Mapping[str, str], ref: ColumnRef, scope: Scope) -> Shifted | None:
    name = holes["column"]
    if ref.column.kind not in TEMPORAL | {Kind.TEXT}:
        raise Mistaken(f"{holds(ref.column)}; `{holes['span']} after …` is a date.")
    span = read_days(holes["span"])
    day = next((word for word, _ in match_phrase(ValueWord, name) if word in _MOMENTS), None)
    if day is not None and find_column(scope, scope.table, name) is None:
        return Shifted(_MOMENTS[day], span, back)
    if ref.column.kind is Kind.TEXT and not has_column(scope, scope.table, name):
        return None
    base = resolve_column(scope, scope.table, name)
    if base.column.kind not in TEMPORAL:
        raise Mistaken(f"{holds(base.column)}: {span} can be counted from a date only.")
    return Shifted(base, span, back)


def _refuse_wordings(said: str, ref: ColumnRef) -> None:
    call = _CALL.fullmatch(said)
    if call:
        raise Mistaken(f"`{said}` is written without brackets.", call[1].lower())
    if said.lower() in _NOTHING or not said:
        raise Mistaken(
            f"`{said}` is not how a cell is emptied.", "empty", "For the text itself write `exactly …`."
        )
    if said.startswith("="):
        raise Mistaken(f"A formula as a value {LATER}.", fix=f"For the text itself write `exactly {said}`.")
    total = _SUM.fullmatch(said)
    if total and ref.column.kind in TEMPORAL and not said[0].isdigit():
        side = "after" if total["sign"] == "+" else "before"
        raise Mistaken(f"`{said}` is not a value of the language.", f"{total['span']} {side} {total['base']}")
    later = re.fullmatch(r"(?:in|after)\s+(\d+\s*\w+)", said, re.IGNORECASE)
    if later and ref.column.kind in TEMPORAL:
        raise Mistaken(f"`{said}` does not say from when to count.", f"{later[1]} after today")


def _refuse_slips(said: str, ref: ColumnRef, scope: Scope, hints: Hints) -> None:
    if said.lower() in {choice.lower() for choice in ref.column.choices}:
        return
    for slip in find_slips(ValueWord, said):
        if is_whole(slip.word) and slip.word is not ValueWord.EMPTY and ref.column.kind in _FREE:
            continue
        if not is_whole(slip.word) and not slip.rest:
            continue
        fits = _readable(slip.corrected, ref, scope)
        if fits:
            exactly = f"If the cell shall really hold this text, write `exactly {said}`."
            raise Mistaken(
                f"`{said}` reads almost like `{slip.corrected}`. Did you mean that?", slip.corrected, exactly
            )
        if ref.column.kind in _FREE and slip.word is ValueWord.SAME_AS:
            hints.append(Hint(f"`{said}` reads almost like `same as COLUMN`; it is taken as a text."))


def _readable(said: str, ref: ColumnRef, scope: Scope) -> bool:
    try:
        return any(_read_word(word, holes, ref, scope, []) for word, holes in match_phrase(ValueWord, said))
    except Mistaken:
        return False


def _refuse_misfit(ref: ColumnRef, source: ColumnRef) -> None:
    kind, other = ref.column.kind, source.column.kind
    alike = kind is other or kind is Kind.TEXT or other is Kind.TEXT or {kind, other} <= TEMPORAL
    if (
        alike
        or {kind, other} <= NUMERIC
        or {kind, other} <= {Kind.CHOICE, Kind.PERSON, Kind.EMAIL, Kind.PHONE}
    ):
        return
    raise Mistaken(f"{holds(ref.column)}, but {source.name} holds {KIND_WORDS[other]}.")
