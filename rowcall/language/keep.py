"""Which columns does a rule keep right? From `keep:` to columns of the watched row with their values."""

from collections.abc import Iterator

from rowcall.errors import Problem
from rowcall.language.condition import Moment
from rowcall.language.document import Block, Node, Pair, Text
from rowcall.language.figure import Kept
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import resolve_column
from rowcall.language.notes import Notes
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.language.scope import Scope
from rowcall.language.value import Cells, NextOf, Shifted, Value
from rowcall.language.value_phrase import Use
from rowcall.language.value_text import read_value
from rowcall.language.value_walk import parts_of


def read_keep(node: Node, scope: Scope, notes: Notes) -> tuple[Kept, ...] | None:
    """Return the columns that a rule keeps at a value, or None with every mistake noted."""
    if not isinstance(node, Block) or not node.pairs:
        fix = "For example `Tier:`, and below it, further in, `first that fits:` with a list."
        notes.mistake(node.place, "Under `keep:` stand lines of `Column: value`.", fix=fix)
        return None
    if not scope.table:
        notes.mistake(
            node.place,
            "`keep:` keeps columns of the watched rows right, but this rule looks at no table.",
            fix="Write `look at:` with a table at the top of the rule.",
        )
        return None
    found = [_read_kept(pair, scope, notes) for pair in node]
    kept = tuple(one for one in found if one is not None)
    fine = _note_twice(kept, notes)
    return kept if fine and len(kept) == len(found) else None


def kept_and_set(rule: Rule) -> Iterator[Problem]:
    """Yield an error for each column that a rule keeps at a value and also sets."""
    kept = {one.ref: one for one in rule.keep}
    for entry in rule.entries:
        for act in entry.acts:
            for cells in _cells_of(act.params):
                for target in cells.targets:
                    if target.ref in kept:
                        name, line = target.ref.name, kept[target.ref].place.line
                        what = f"{name} is set here, but `keep:` in line {line} keeps it at another value."
                        yield Problem(target.place, what, "Remove one of the two.")


def _cells_of(params: object) -> Iterator[Cells]:
    for name in getattr(type(params), "__dataclass_fields__", ()):
        value = getattr(params, name)
        if isinstance(value, Cells):
            yield value


def _read_kept(pair: Pair, scope: Scope, notes: Notes) -> Kept | None:
    key = pair.key
    ref = note_mistakes(notes, key.place, key.value, lambda _: _column(key.value, scope))
    if ref is None:
        return None
    allowed = _is_marked(key, ref, scope, notes)
    value = read_value(pair.value, ref, scope, notes, Use.KEEP)
    if value is None or not allowed or not _stays(value, pair, notes):
        return None
    return Kept(ref, value, key.place)


def _column(name: str, scope: Scope) -> ColumnRef:
    ref = resolve_column(scope, scope.table, name)
    if ref.figure:
        raise Mistaken(f"`{name}` is a figure; `keep` writes columns of {scope.table}.")
    if ref.links:
        raise Mistaken(
            f"`{name}` is a column of another row; `keep` writes columns of {scope.table} only.",
            fix=f"Make a rule that looks at {ref.table}.",
        )
    if ref.column.name in scope.schemas[scope.table].key:
        raise Mistaken(f"`{name}` is the key of {scope.table}: rows are known by it, so no rule changes it.")
    return ref


def _is_marked(key: Text, ref: ColumnRef, scope: Scope, notes: Notes) -> bool:
    schema, name = scope.schemas[scope.table], ref.column.name
    if name in schema.kept:
        return True
    line = f"kept: [{', '.join([*schema.kept, name])}]"
    notes.mistake(
        key.place,
        f"{name} is not marked as kept in config.yaml, so people may write in it.",
        fix=f"Write `{line}` under {schema.table} in config.yaml: then everybody knows that a rule fills it.",
    )
    return False


def _stays(value: Value, pair: Pair, notes: Notes) -> bool:
    """Note a value that would be another one at every look."""
    for part in parts_of(value):
        base = part.base if isinstance(part, Shifted) else part
        if isinstance(part, NextOf):
            what = f"`next of {part.role}` is somebody else at every look; a cell can't be kept at that."
        elif isinstance(base, Moment) and base.now:
            what = "`now` is another moment at every look: the cell would be written again and again."
        else:
            continue
        notes.mistake(pair.key.place, what, fix="Write it once, by `set:` in an entry of `then:`.")
        return False
    return True


def _note_twice(kept: tuple[Kept, ...], notes: Notes) -> bool:
    seen: dict[ColumnRef, Kept] = {}
    for one in kept:
        if one.ref in seen:
            notes.mistake(
                one.place, f"{one.ref.name} is kept twice (first in line {seen[one.ref].place.line})."
            )
            return False
        seen[one.ref] = one
    return True
