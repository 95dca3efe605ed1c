"""Which values stand behind columns: in `set`, in `add row`, in `keep`, and behind `within`?"""

from dataclasses import replace

from rowcall.duration import parse_span
from rowcall.language.comparison import inside
from rowcall.language.computation import is_formula, read_computation, why_unfit
from rowcall.language.condition import OfSetting
from rowcall.language.document import Blank, Block, Lines, Node, Text
from rowcall.language.literal import holds
from rowcall.language.mistaken import Hints, Mistaken, note_mistakes
from rowcall.language.names import names_value, resolve_column, resolve_value
from rowcall.language.notes import Notes
from rowcall.language.operand import read_setting
from rowcall.language.pattern import match_phrase
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.spans import read_days
from rowcall.language.value import (
    Cells,
    Computation,
    Length,
    RowValues,
    SameAs,
    Target,
    Value,
)
from rowcall.language.value_phrase import Spot, Use, parse_value
from rowcall.language.value_table import read_chosen
from rowcall.language.words import ValueWord
from rowcall.table import NUMERIC, Column, Kind

_LENGTH = ColumnRef(Column("The time", Kind.DURATION), "")


def read_cells(node: Node, scope: Scope, notes: Notes) -> Cells | None:
    """Return the cells that a `set` writes: columns of the watched row or of linked rows."""
    targets = _read_targets(node, scope, scope.table, Use.SET, notes)
    return None if targets is None else Cells(targets, node.place)


def read_row_values(node: Node, scope: Scope, table: str, notes: Notes, each: str = "") -> RowValues | None:
    """Return the cells of a new row of `table`; what stands on the right belongs to the watched row.

    each: the name of the list that `for each` goes through; then it belongs to the list, and `this.X` to the row.
    """
    targets = _read_targets(node, in_each(scope, each), table, Use.NEW_ROW, notes)
    if targets is None:
        return None
    far = [target for target in targets if target.ref.links]
    for target in far:
        notes.mistake(
            target.place, f"A new row of {table} has its own columns only, not `{target.ref.name}`."
        )
    return None if far else RowValues(table, targets, node.place)


def in_each(scope: Scope, each: str) -> Scope:
    """Return the scope for a row of each line of a list, "" = there is none."""
    return replace(scope, each=scope.lists[each]) if each else scope


def read_value(node: Node, ref: ColumnRef, scope: Scope, notes: Notes, use: Use = Use.SET) -> Value | None:
    """Return the value written for a column, or None with every mistake noted."""
    return _read(node, Spot(ref, scope, use), notes)


def read_length(node: Node, scope: Scope, notes: Notes) -> Value | None:
    """Return the duration behind `within`, or None with every mistake noted.

    It gives a Length, a value of a duration column or setting, or a number of hours from a formula.
    """
    return _read(node, Spot(_LENGTH, scope, Use.WITHIN), notes)


def _read(node: Node, spot: Spot, notes: Notes) -> Value | None:
    match node:
        case Text():
            if is_formula(node.value):
                return _read_computed(node, spot, notes)
            parse = _parse_length if spot.use is Use.WITHIN else parse_value
            return note_mistakes(notes, node.place, node.value, lambda hints: parse(node, spot, hints))
        case Block(pairs=pairs) if pairs:
            return read_chosen(node, spot, notes, lambda inner: _read(inner, spot, notes))
        case Blank():
            what = f"Nothing stands behind `{spot.ref.name}:`."
            fix = "To empty the cell write `empty`."
            if spot.use is Use.WITHIN:
                what, fix = "Nothing stands here.", "Write a duration, for example `4 working hours`."
            notes.mistake(node.place, what, fix=fix)
        case _:
            _note_list(node, notes)
    return None


def _note_list(node: Node, notes: Notes) -> None:
    if isinstance(node, Lines) and any(isinstance(part, Block) for part in node):
        fix = "Write `first that fits:` above the list, and move the list further in."
        notes.mistake(node.place, "A cell holds one value; which of this list?", fix=fix)
        return
    notes.mistake(
        node.place, f"A cell holds one value, not {'a list' if isinstance(node, Lines) else 'lines'}."
    )


def _read_computed(text: Text, spot: Spot, notes: Notes) -> Computation | None:
    formula = read_computation(text, spot.scope, notes)
    if formula is None:
        return None
    misfit = why_unfit(formula, spot.ref.column)
    if spot.use is Use.WITHIN and formula.form.result in NUMERIC:
        misfit = ""
    if misfit:
        wanted = "Here stands a number of hours" if spot.use is Use.WITHIN else holds(spot.ref.column)
        notes.mistake(
            text.place,
            f"{wanted}, but {misfit}.",
            fix="Change the formula, or the column's kind in config.yaml.",
        )
        return None
    return Computation(formula, text.place)


def _parse_length(text: Text, spot: Spot, hints: Hints) -> Value:
    said, scope = text.value.strip(), spot.scope
    for word, holes in match_phrase(ValueWord, said):
        if word is ValueWord.SAME_AS:
            return _same_length(said, holes["column"], scope, hints)
        if word is ValueWord.SETTING:
            return _length_setting(holes["name"], scope)
    if names_value(scope, said):
        raise Mistaken(f"`{said}` alone is no duration.", f"same as {said}")
    span = read_days(said, scope)
    if span.count < 1:
        raise Mistaken(f"`{said}` is no time at all.", fix="Write a longer duration.")
    return Length(span)


def _same_length(said: str, name: str, scope: Scope, hints: Hints) -> SameAs:
    return SameAs(inside(said, name, lambda _: _duration_column(name, scope), hints))


def _duration_column(name: str, scope: Scope) -> ColumnRef:
    ref = resolve_value(scope, name)
    if ref.column.kind is Kind.DURATION:
        return ref
    fix = "Declare it as `duration` in config.yaml"
    if ref.column.kind in NUMERIC:
        raise Mistaken(
            f"{holds(ref.column)}, without a unit.", fix=f'{fix}, or write a formula in hours: `"=[{name}]"`.'
        )
    raise Mistaken(f"{holds(ref.column)}; here stands a duration.", fix=f"{fix}.")


def _length_setting(name: str, scope: Scope) -> OfSetting:
    span = parse_span(scope.settings.get(name, ""))
    if span is None:
        return read_setting(scope, name, Column("The time", Kind.DURATION))
    read_days(scope.settings[name], scope)
    return OfSetting(name)


def _read_targets(node: Node, scope: Scope, table: str, use: Use, notes: Notes) -> tuple[Target, ...] | None:
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
        value = read_value(pair.value, ref, scope, notes, use) if ref is not None else None
        found.append(Target(ref, value, key.place) if ref is not None and value is not None else None)
    targets = tuple(target for target in found if target is not None)
    return targets if len(targets) == len(found) else None


def _read_target(key: Text, table: str, scope: Scope, notes: Notes) -> ColumnRef | None:
    return note_mistakes(notes, key.place, key.value, lambda _: _target(key.value, table, scope))


def _target(name: str, table: str, scope: Scope) -> ColumnRef:
    ref = resolve_column(scope, table, name)
    if ref.figure:
        raise Mistaken(f"`{name}` is a figure: it is computed, nothing can be written to it.")
    return ref
