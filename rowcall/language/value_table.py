"""Which value is chosen: by the words in a column, or the first whose conditions are true?"""

import re
from collections.abc import Callable
from itertools import product

from rowcall.duration import Span
from rowcall.errors import Severity
from rowcall.language.condition import AllOf
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key
from rowcall.language.literal import KIND_WORDS
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import names_value, resolve_value
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import parse_yes_no
from rowcall.language.ref import ColumnRef
from rowcall.language.spans import read_days
from rowcall.language.value import ByColumn, Choice, FirstThatFits, Value
from rowcall.language.value_phrase import Spot, Use
from rowcall.language.words import ValueKey, find_word, spelled
from rowcall.table import NUMERIC, Kind

Read = Callable[[Node], Value | None]
"""Reads a value inside a table, for the same column; None with its mistakes noted."""
_WORDS = frozenset({Kind.TEXT, Kind.CHOICE, Kind.PERSON, Kind.EMAIL, Kind.PHONE, Kind.YES_NO})
_NOT_OURS = {
    "by": ValueKey.BY_COLUMN, "depends on": ValueKey.BY_COLUMN, "depending on": ValueKey.BY_COLUMN,
    "lookup": ValueKey.BY_COLUMN, "column": ValueKey.BY_COLUMN, "by columns": ValueKey.BY_COLUMN,
    "first which fits": ValueKey.FIRST_THAT_FITS, "first match": ValueKey.FIRST_THAT_FITS,
    "case": ValueKey.FIRST_THAT_FITS, "cases": ValueKey.FIRST_THAT_FITS, "first of": ValueKey.FIRST_THAT_FITS,
    "otherwise": ValueKey.EVERYTHING_ELSE, "else": ValueKey.EVERYTHING_ELSE, "default": ValueKey.EVERYTHING_ELSE,
    "if": ValueKey.WHEN, "condition": ValueKey.WHEN, "where": ValueKey.WHEN, "then": ValueKey.VALUE,
    "go down after": ValueKey.GO_DOWN, "down only after": ValueKey.GO_DOWN,
}  # fmt: skip
_TABLE_EXAMPLE = "For example `by column: Priority`, below it `Urgent: …` and `everything else: …`."
_LIST_EXAMPLE = "For example `- value: Gold` and below it `when:` with conditions."


def read_chosen(block: Block, spot: Spot, notes: Notes, read: Read) -> Value | None:
    """Return the value that a block chooses, or None with every mistake noted."""
    keys = {find_word(ValueKey, pair.key.value): pair for pair in block}
    if ValueKey.BY_COLUMN in keys:
        return _ByColumn(block, keys[ValueKey.BY_COLUMN], spot, notes, read).read()
    if ValueKey.FIRST_THAT_FITS in keys:
        return _read_first(block, keys[ValueKey.FIRST_THAT_FITS], spot, notes, read)
    first = block.pairs[0].key if block.pairs else Text("", block.place)
    ours = _NOT_OURS.get(fold_key(first.value))
    starts = (ValueKey.BY_COLUMN, ValueKey.FIRST_THAT_FITS)
    near = spelled(ours) if ours in starts else did_you_mean(first.value, [spelled(one) for one in starts])
    notes.mistake(
        first.place,
        f"`{first.value}:` can't stand in a value." + (f" Did you mean `{near}:`?" if near else ""),
        suggestion=notes.corrected(first.place, first.value, near) if near else "",
        fix="A value is one text, or `by column:` with a table, or `first that fits:` with a list.",
    )
    return None


class _ByColumn:
    """Reads `by column:` with its table."""

    def __init__(self, block: Block, head: Pair, spot: Spot, notes: Notes, read: Read) -> None:
        self.block, self.head, self.spot, self.notes, self.value = block, head, spot, notes, read

    def read(self) -> ByColumn | None:
        refs = self._refs()
        rows: list[tuple[tuple[str, ...], Value]] = []
        otherwise: Value | None = None
        fine = refs is not None
        for pair in self.block:
            if pair is self.head:
                continue
            word = find_word(ValueKey, pair.key.value) or self._meant(pair)
            if word in (ValueKey.GO_DOWN, ValueKey.FIRST_THAT_FITS):
                self._mistake(pair.key, f"`{pair.key.value}:` does not fit `by column:`.")
                fine = False
                continue
            value = self._behind(pair)
            fine = fine and value is not None
            if word is ValueKey.EVERYTHING_ELSE:
                otherwise = value
            elif refs is not None:
                texts = self._texts(pair.key, refs)
                fine = fine and texts is not None and not self._twice(pair.key, texts, rows)
                rows += [(one, value) for one in texts or () if value is not None]
        if not rows and fine:
            self._mistake(self.head.key, "The table of `by column:` has no rows.", _TABLE_EXAMPLE)
        if not fine or not rows or refs is None:
            return None
        self._note_missing(refs, rows, otherwise)
        return ByColumn(refs, tuple(rows), otherwise, self.block.place)

    def _meant(self, pair: Pair) -> ValueKey | None:
        """`otherwise:` means everything else, unless a cell may hold that word."""
        ours = _NOT_OURS.get(fold_key(pair.key.value))
        near = did_you_mean(pair.key.value, [spelled(ValueKey.EVERYTHING_ELSE)])
        if (ours is ValueKey.EVERYTHING_ELSE or near) and pair is self.block.pairs[-1]:
            word = spelled(ValueKey.EVERYTHING_ELSE)
            suggestion = self.notes.corrected(pair.key.place, pair.key.value, word)
            what = f"`{pair.key.value}:` is taken as a word in the column; for all others write `{word}:`."
            self.notes.mistake(pair.key.place, what, suggestion=suggestion, severity=Severity.WARNING)
        return None

    def _refs(self) -> tuple[ColumnRef, ...] | None:
        node = self.head.value
        if not isinstance(node, Text | Lines) or (isinstance(node, Lines) and not node.parts):
            place = self.head.key.place if isinstance(node, Blank) else node.place
            self.notes.mistake(
                place,
                "Behind `by column:` stands a column, or several: `Priority, Tier`.",
                fix=_TABLE_EXAMPLE,
            )
            return None
        refs = [self._ref(text) for text in self._names(node)]
        known = tuple(ref for ref in refs if ref is not None)
        return known if len(known) == len(refs) else None

    def _names(self, node: Text | Lines) -> list[Text]:
        if isinstance(node, Lines):
            return [part if isinstance(part, Text) else Text("", part.place) for part in node]
        if names_value(self.spot.scope, node.value):
            return [node]
        return [Text(part.strip(), node.place) for part in re.split("[,，、]", node.value)]

    def _ref(self, text: Text) -> ColumnRef | None:
        ref = note_mistakes(
            self.notes, text.place, text.value, lambda _: resolve_value(self.spot.scope, text.value)
        )
        if ref is None or ref.column.kind in _WORDS:
            return ref
        what = f"{ref.name} holds {KIND_WORDS[ref.column.kind]}; a table goes by words only."
        self.notes.mistake(
            text.place, what, fix="Use `first that fits:` with conditions such as `at least 5`."
        )
        return None

    def _behind(self, pair: Pair) -> Value | None:
        if isinstance(pair.value, Blank):
            self._mistake(
                pair.key, f"Nothing stands behind `{pair.key.value}:`.", "To empty the cell write `empty`."
            )
            return None
        return self.value(pair.value)

    def _texts(self, key: Text, refs: tuple[ColumnRef, ...]) -> list[tuple[str, ...]] | None:
        """Return the words of a row, one for each column; `High, Urgent` on one column of choices makes two rows."""
        said = key.value.strip()
        parts = [part.strip() for part in re.split("[,，、]", said)]
        if len(refs) == 1:
            several = all(_known(part, refs[0]) for part in parts)
            alone = [said] if _known(said, refs[0]) or not several else parts
            return [(self._word(key, one, refs[0]),) for one in alone]
        if len(parts) == len(refs):
            return [tuple(self._word(key, part, ref) for part, ref in zip(parts, refs, strict=True))]
        names = ", ".join(ref.name for ref in refs)
        words = f"{len(parts)} word{'s' if len(parts) > 1 else ''}"
        what = f"`{said}` has {words}, but the table goes by {len(refs)} columns: {names}."
        self._mistake(key, what, "Write one word for each column, with commas between them.")
        return None

    def _word(self, key: Text, text: str, ref: ColumnRef) -> str:
        """Return a word as the column's choices spell it; warn of one that is none of them."""
        known = _choices(ref)
        if ref.column.kind is Kind.YES_NO:
            yes = parse_yes_no(text)
            text = text if yes is None else known[0] if yes else known[1]
        same = next((choice for choice in known if choice.lower() == text.lower()), None)
        if same is not None or not known:
            return same or text
        near = did_you_mean(text, known, cutoff=0.5)
        what = f"{ref.name} holds one of {', '.join(known)}; `{text}` is not one of them."
        self.notes.mistake(
            key.place,
            what + (f" Did you mean `{near}`?" if near else ""),
            suggestion=self.notes.corrected(key.place, text, near) if near else "",
            severity=Severity.WARNING,
        )
        return text

    def _twice(
        self, key: Text, texts: list[tuple[str, ...]], rows: list[tuple[tuple[str, ...], Value]]
    ) -> bool:
        before = {tuple(word.lower() for word in words) for words, _ in rows}
        if not any(tuple(word.lower() for word in words) in before for words in texts):
            return False
        self._mistake(key, f"`{key.value}` stands twice in this table.", "Remove one of the two rows.")
        return True

    def _note_missing(
        self, refs: tuple[ColumnRef, ...], rows: list[tuple[tuple[str, ...], Value]], otherwise: Value | None
    ) -> None:
        choices = [_choices(ref) for ref in refs]
        if otherwise is not None or not all(choices):
            return
        there = {words for words, _ in rows}
        missing = [", ".join(words) for words in product(*choices) if words not in there]
        if missing:
            some = ", ".join(f"`{one}`" for one in missing[:_SHOWN]) + (
                " and others" if len(missing) > _SHOWN else ""
            )
            what = f"The table says nothing for {some}: there is no value then."
            fix = "Add rows, or `everything else:`."
            self.notes.mistake(self.head.key.place, what, fix=fix, severity=Severity.NOTE)

    def _mistake(self, key: Text, what: str, fix: str = "") -> None:
        self.notes.mistake(key.place, what, fix=fix)


_SHOWN = 3


def _choices(ref: ColumnRef) -> tuple[str, ...]:
    return ("yes", "no") if ref.column.kind is Kind.YES_NO else ref.column.choices


def _known(text: str, ref: ColumnRef) -> bool:
    if ref.column.kind is Kind.YES_NO and parse_yes_no(text) is not None:
        return True
    return text.lower() in {choice.lower() for choice in _choices(ref)}


def _read_first(block: Block, head: Pair, spot: Spot, notes: Notes, read: Read) -> FirstThatFits | None:
    down: Span | None = None
    fine = True
    for pair in block:
        word = find_word(ValueKey, pair.key.value)
        if word is ValueKey.GO_DOWN:
            down = _read_down(pair, spot, notes)
            fine = fine and down is not None
        elif pair is not head:
            _note_strange(pair.key, (ValueKey.FIRST_THAT_FITS, ValueKey.GO_DOWN), notes)
            fine = False
    node = head.value
    if not isinstance(node, Lines) or not node.parts:
        place = head.key.place if isinstance(node, Blank) else node.place
        notes.mistake(place, f"Under `{head.key.value}:` stands a list, each with a dash.", fix=_LIST_EXAMPLE)
        return None
    choices = [_read_choice(part, spot, notes, read) for part in node]
    known = tuple(choice for choice in choices if choice is not None)
    if len(known) < len(choices) or not fine or not _reachable(node, known, notes):
        return None
    return FirstThatFits(known, block.place, down)


def _read_choice(node: Node, spot: Spot, notes: Notes, read: Read) -> Choice | None:
    if isinstance(node, Text):
        suggestion = notes.corrected(node.place, node.value, f"value: {node.value}")
        notes.mistake(
            node.place, "Behind the dash stands `value:`.", suggestion=suggestion, fix=_LIST_EXAMPLE
        )
        return None
    if not isinstance(node, Block):
        notes.mistake(node.place, "Behind the dash stands `value:`.", fix=_LIST_EXAMPLE)
        return None
    keys = {find_word(ValueKey, pair.key.value): pair for pair in node}
    strange = [
        pair for pair in node if find_word(ValueKey, pair.key.value) not in (ValueKey.VALUE, ValueKey.WHEN)
    ]
    for pair in strange:
        if find_word(ValueKey, pair.key.value) is ValueKey.GO_DOWN:
            what = f"`{pair.key.value}:` stands beside `first that fits:`, for all of its lines."
            notes.mistake(
                pair.key.place, what, fix="Move the line to the left, in line with `first that fits:`."
            )
        else:
            _note_strange(pair.key, (ValueKey.VALUE, ValueKey.WHEN), notes)
    if ValueKey.VALUE not in keys:
        if not strange:
            notes.mistake(node.place, "`value:` is missing here.", fix=_LIST_EXAMPLE)
        return None
    value = read(keys[ValueKey.VALUE].value)
    when = keys.get(ValueKey.WHEN)
    if when is None:
        return Choice(value) if value is not None and not strange else None
    condition = _read_when(when, spot, notes)
    return None if value is None or condition is None or strange else Choice(value, condition)


def _read_when(pair: Pair, spot: Spot, notes: Notes) -> AllOf | None:
    if isinstance(pair.value, Blank):
        notes.mistake(pair.key.place, f"Nothing stands behind `{pair.key.value}:`.", fix=_LIST_EXAMPLE)
        return None
    table, each = spot.scope.table, spot.scope.each
    return read_conditions(
        pair.value, Asked(spot.scope, each or table, edges=False, searching=bool(each)), notes
    )


def _read_down(pair: Pair, spot: Spot, notes: Notes) -> Span | None:
    if spot.use is not Use.KEEP:
        what = f"`{pair.key.value}:` is for `keep:` only: there a value stays until another is chosen."
        notes.mistake(pair.key.place, what, fix="Leave the line out.")
        return None
    if spot.ref.column.kind is not Kind.CHOICE and spot.ref.column.kind not in NUMERIC:
        what = f"{spot.ref.name} holds {KIND_WORDS[spot.ref.column.kind]}, which has no order: nothing is lower there."
        notes.mistake(
            pair.key.place, what, fix="Declare its choices in config.yaml, from the lowest to the highest."
        )
        return None
    if not isinstance(pair.value, Text):
        notes.mistake(
            pair.key.place, f"Behind `{pair.key.value}:` stands a duration.", fix="For example `90 days`."
        )
        return None
    text = pair.value
    return note_mistakes(notes, text.place, text.value, lambda _: _length(text.value.strip()))


def _length(text: str) -> Span:
    span = read_days(text)
    if span.count < 1:
        raise Mistaken(f"`{text}` is no time at all.", fix="Leave the line out, or write a longer duration.")
    return span


def _note_strange(key: Text, known: tuple[ValueKey, ...], notes: Notes) -> None:
    ours = _NOT_OURS.get(fold_key(key.value))
    words = [spelled(one) for one in known]
    near = spelled(ours) if ours in known and ours is not None else did_you_mean(key.value, words)
    listed = ", ".join(f"`{word}`" for word in words)
    notes.mistake(
        key.place,
        f"`{key.value}:` is not known here; possible are {listed}."
        + (f" Did you mean `{near}:`?" if near else ""),
        suggestion=notes.corrected(key.place, key.value, near) if near else "",
    )


def _reachable(lines: Lines, choices: tuple[Choice, ...], notes: Notes) -> bool:
    for node, choice in zip(lines.parts[:-1], choices[:-1], strict=True):
        if choice.when is None:
            what = "This line has no `when:`, so it always fits, and the lines below it are never reached."
            notes.mistake(node.place, what, fix="Give it a `when:`, or move it to the end of the list.")
            return False
    return True
