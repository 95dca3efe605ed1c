"""Which buttons does a mail have, and what does each of them do?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from rowcall.errors import Place
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import read_plain
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.timing import read_span
from rowcall.language.value import Button, Buttons, Cells
from rowcall.language.value_text import read_cells
from rowcall.language.words import ButtonKey, find_word, listed, spelled, spellings_of
from rowcall.table import Kind

MOST_STEPS = 11
"""A scale has so many numbers at most: 0 to 10."""

_RATED = frozenset({Kind.NUMBER, Kind.TEXT, Kind.CHOICE})
_FREE = frozenset({Kind.TEXT})
_EXAMPLE = "For example `{label: Take it, set: {Status: Open}}`, or the name of a button of config.yaml."
_DOES = "A button sets cells (`set`), waits (`snooze`), ends (`stop: yes`), rates (`rate`) or asks for a `comment`."
_Keys = Mapping[ButtonKey, Pair]


def read_buttons(node: Node, scope: Scope, notes: Notes) -> Buttons | None:
    """Return the buttons of one mail, or None with every mistake noted, also those in the config."""
    parts = node.parts if isinstance(node, Lines) else (node,)
    found = [_read_one(part, scope, notes) for part in parts]
    known = tuple(button for button in found if button is not None)
    if not parts:
        notes.mistake(node.place, "No button is named here.", fix=_EXAMPLE)
    if not parts or len(known) < len(found) or not _differ(known, notes):
        return None
    return Buttons(known, node.place)


def read_button(label: str, block: Block, scope: Scope, notes: Notes) -> Button | None:
    """Return the button that a block describes, or None with every mistake noted; label: its name in the config."""
    keys = _sort_keys(block, notes)
    if keys is None:
        return None
    before = len(notes.errors)
    cells = _cells(keys, scope, notes)
    snooze = read_span(keys[ButtonKey.SNOOZE].value, scope, notes) if ButtonKey.SNOOZE in keys else None
    stop = ButtonKey.STOP in keys and _yes(keys[ButtonKey.STOP], notes)
    rate, low, high = _rate(keys, scope, notes)
    comment = _column(keys, ButtonKey.COMMENT, _FREE, "a text", scope, notes)
    said = _label(keys, label, notes) or (f"Rate {low} to {high}" if rate is not None else "")
    if len(notes.errors) > before:
        return None
    if cells is None and snooze is None and not stop and rate is None and comment is None:
        notes.mistake(block.place, f"The button {f'`{said}` ' if said else ''}does nothing.", fix=_DOES)
        return None
    if not said:
        notes.mistake(block.place, "The button has no `label:`; it is what people read on it.", fix=_EXAMPLE)
        return None
    return Button(said, block.place, cells, snooze, stop, rate, low, high, comment)


def _read_one(node: Node, scope: Scope, notes: Notes) -> Button | None:
    if isinstance(node, Block):
        return read_button("", node, scope, notes)
    if not isinstance(node, Text) or not node.value.strip():
        notes.mistake(node.place, "Here stands a button.", fix=_EXAMPLE)
        return None
    return _read_named(node, scope, notes)


def _read_named(text: Text, scope: Scope, notes: Notes) -> Button | None:
    folded = " ".join(text.value.lower().split())
    name = next((one for one in scope.buttons if " ".join(one.lower().split()) == folded), None)
    if name is None:
        near = did_you_mean(text.value, scope.buttons)
        known = ", ".join(f"`{one}`" for one in scope.buttons) or "none"
        notes.mistake(
            text.place,
            f"There is no button `{text.value}` in config.yaml; there are: {known}."
            + (f" Did you mean `{near}`?" if near else ""),
            suggestion=notes.corrected(text.place, text.value, near) if near else "",
            fix="Declare it in config.yaml under `buttons:`, or write it in place.",
        )
        return None
    block = scope.buttons[name]
    # Its lines stand in the config: their mistakes are told with their place there, and with the rule's here.
    own = Notes(block.place.file, ())
    button = read_button(name, block, scope, own)
    notes.add(replace(one, what=f"{one.what} (button `{name}` of {text.place})") for one in own.problems)
    return button


def _sort_keys(block: Block, notes: Notes) -> _Keys | None:
    keys: dict[ButtonKey, Pair] = {}
    fine = True
    for pair in block:
        key = find_word(ButtonKey, pair.key.value)
        if key is None:
            near = did_you_mean(pair.key.value, spellings_of(ButtonKey))
            known = listed(ButtonKey, pair.key.value)
            notes.mistake(
                pair.key.place,
                f"`{pair.key.value}:` is not known in a button; possible are {known}."
                + (f" Did you mean `{near}`?" if near else ""),
                suggestion=notes.corrected(pair.key.place, pair.key.value, near) if near else "",
            )
            fine = False
        elif isinstance(pair.value, Blank):
            notes.mistake(pair.key.place, f"Nothing stands behind `{pair.key.value}:`.", fix=_DOES)
            fine = False
        else:
            keys[key] = pair
    return keys if fine else None


def _cells(keys: _Keys, scope: Scope, notes: Notes) -> Cells | None:
    return read_cells(keys[ButtonKey.SET].value, scope, notes) if ButtonKey.SET in keys else None


def _yes(pair: Pair, notes: Notes) -> bool:
    if isinstance(pair.value, Text):
        return read_plain(bool, pair.value, notes) is True
    notes.mistake(pair.value.place, "Behind `stop:` stands `yes` or `no`.")
    return False


def _label(keys: _Keys, otherwise: str, notes: Notes) -> str:
    pair = keys.get(ButtonKey.LABEL)
    if pair is None:
        return otherwise
    if isinstance(pair.value, Text) and "{{" not in pair.value.value:
        return pair.value.value.strip()
    notes.mistake(pair.value.place, "Behind `label:` stand the words on the button, without `{{ }}`.")
    return ""


def _rate(keys: _Keys, scope: Scope, notes: Notes) -> tuple[ColumnRef | None, int, int]:
    ends = [key for key in (ButtonKey.FROM, ButtonKey.TO) if key in keys]
    if ButtonKey.RATE not in keys:
        for key in ends:
            place = keys[key].key.place
            notes.mistake(place, f"`{spelled(key)}:` belongs to `rate: COLUMN`, which is missing here.")
        return None, 0, 0
    ref = _column(keys, ButtonKey.RATE, _RATED, "a number", scope, notes)
    low, high = (
        _whole(keys, key, otherwise, notes) for key, otherwise in ((ButtonKey.FROM, 1), (ButtonKey.TO, 5))
    )
    check_scale(low, high, keys[ButtonKey.RATE].key.place, notes)
    return ref, low, high


def check_scale(low: int, high: int, place: Place, notes: Notes) -> bool:
    """Note a scale that nobody could click on, and say whether it is fine."""
    if low >= high:
        notes.mistake(place, f"A scale goes up: {low} to {high} does not.", fix="For example 1 to 5.")
    elif high - low >= MOST_STEPS:
        what = f"A scale from {low} to {high} would be {high - low + 1} buttons; {MOST_STEPS} are possible."
        notes.mistake(place, what, fix="For example 1 to 5, or 0 to 10.")
    return low < high and high - low < MOST_STEPS


def _whole(keys: _Keys, key: ButtonKey, otherwise: int, notes: Notes) -> int:
    pair = keys.get(key)
    if pair is None:
        return otherwise
    if isinstance(pair.value, Text):
        return cast("int", read_plain(int, pair.value, notes) or 0)
    notes.mistake(pair.value.place, f"Behind `{spelled(key)}:` stands a whole number.")
    return otherwise


def _column(
    keys: _Keys, key: ButtonKey, kinds: frozenset[Kind], holds: str, scope: Scope, notes: Notes
) -> ColumnRef | None:
    pair = keys.get(key)
    if pair is None:
        return None
    if not isinstance(pair.value, Text):
        notes.mistake(pair.value.place, f"Behind `{spelled(key)}:` stands the name of a column.")
        return None
    return read_answer_column(pair.value, kinds, holds, scope, notes)


def read_answer_column(
    text: Text, kinds: frozenset[Kind], holds: str, scope: Scope, notes: Notes
) -> ColumnRef | None:
    """Return the column that an answer goes to, or None with the mistake noted; kinds: what it may hold."""

    def read(_: object) -> ColumnRef:
        ref = resolve_column(scope, scope.table, text.value)
        if ref.figure:
            raise Mistaken(f"`{text.value}` is a figure; an answer is written to a column.")
        if ref.column.kind not in kinds:
            raise Mistaken(f"{ref.name} is a {ref.column.kind} column; {holds} is written there.")
        return ref

    return note_mistakes(notes, text.place, text.value, read)


def _differ(buttons: tuple[Button, ...], notes: Notes) -> bool:
    seen: set[str] = set()
    for button in buttons:
        if button.label.lower() in seen:
            notes.mistake(button.place, f"Two buttons of this mail are called `{button.label}`.")
            return False
        seen.add(button.label.lower())
    return True
