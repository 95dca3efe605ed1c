"""What does a YAML file of the shop say, as text with positions?

Every scalar stays the text that was typed; nothing is guessed (`NO`, `007`, `1e5`, `22:30` survive).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from rowcall.errors import Place
from rowcall.language.draft import Draft, TooManyMistakes
from rowcall.language.layout import mend_layout
from rowcall.language.notes import Notes
from rowcall.language.source import decode, split_lines
from rowcall.language.unquoted import quote

LONGEST = 256 * 1024
"""A longer file is refused: it is no file of rules."""

_MOST_NESTED = 30  # the layout refuses 20 levels; this only keeps a slip of ours from becoming a crash
_MOST_TRIES = 20
_MOST_READ = 2 * LONGEST  # characters given to PyYAML in all tries together: it reads about 2 MB a second


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text; quoted: it stood in quotes (or as a `|` / `>` text)."""

    value: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """Nothing stands behind the colon."""

    place: Place


@dataclass(frozen=True, slots=True)
class Pair:
    """A key with what stands behind its colon."""

    key: Text
    value: "Node"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of `key: value`; keys are unique after `same_key`."""

    pairs: tuple[Pair, ...]
    place: Place

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)


@dataclass(frozen=True, slots=True)
class Lines:
    """A list."""

    parts: tuple["Node", ...]
    place: Place

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.parts)


Node = Text | Blank | Block | Lines
"""Whatever may stand behind a colon or in a list."""


def fold_key(key: str) -> str:
    """Return one of our own keys in its one spelling: case, blanks, `_` and `-` make no difference."""
    return " ".join(key.replace("_", " ").replace("-", " ").lower().split())


def read_file(path: Path, shown_as: str) -> tuple[Block | None, Notes]:
    """Read a file as `parse` does; shown_as: its name in messages. Raises OSError when it can't be read."""
    with path.open("rb") as file:
        return parse(file.read(LONGEST + 1), shown_as)


def parse(source: str | bytes, file: str) -> tuple[Block | None, Notes]:
    """Return the document with every mistake found in it; None when nothing of it can be used.

    A document that is returned may have mistakes: what could be mended was, so that more mistakes are found.
    Use it only if `notes.errors` is empty.
    """
    node, notes = _read_node(source, file)
    return _root(node, notes), notes


def parse_blocks(source: str | bytes, file: str) -> tuple[tuple[Block, ...], Notes]:
    """Return the blocks of a file that holds one, or a list of them, as `parse` does."""
    node, notes = _read_node(source, file)
    if not isinstance(node, Lines):
        root = _root(node, notes)
        return ((root,) if root is not None else ()), notes
    for part in node:
        if not isinstance(part, Block):
            notes.mistake(part.place, "Lines of `name: value` must stand here.")
    return tuple(part for part in node if isinstance(part, Block)), notes


def _read_node(source: str | bytes, file: str) -> tuple[Node | None, Notes]:
    notes = Notes(file)
    if len(source) > LONGEST:
        what = f"The file is longer than {LONGEST // 1024} KB: it can't be one that a person wrote."
        notes.mistake(notes.place(1, 1), what, fix="Look whether it is the right file, or split it.")
        return None, notes
    text = source if isinstance(source, str) else decode(source, notes)
    if text is None:
        return None, notes
    lines = split_lines(text)
    notes = Notes(file, lines)
    draft = Draft(lines)
    try:
        mend_layout(draft)
    except TooManyMistakes:
        draft.hand_over(notes)
        notes.mistake(notes.place(1, 1), "The file holds so many mistakes that the rest was not read.")
        return None, notes
    draft.hand_over(notes)
    return _compose(draft, notes), notes


def _root(node: Node | None, notes: Notes) -> Block | None:
    if isinstance(node, Block):
        return node
    if isinstance(node, Text | Lines):
        notes.mistake(node.place, "The file must hold lines of `name: value`.")
    elif not notes.errors:
        notes.mistake(notes.place(1, 1), "The file is empty.")
    return None


def _compose(draft: Draft, notes: Notes) -> Node | None:
    """Read the mended lines as YAML; a line that even now can't be read is noted and left out."""
    left = _MOST_READ
    while left > 0:
        text = "\n".join(draft.lines)
        left -= max(len(text), _MOST_READ // _MOST_TRIES)
        composer = _Composer(draft, notes)
        try:
            node = composer.read(text)
        except yaml.MarkedYAMLError as error:
            _leave_out(error.problem_mark or error.context_mark, draft, notes)
            continue
        for place, what, suggestion, fix in composer.found:
            notes.mistake(place, what, suggestion=suggestion, fix=fix)
        return node
    return None


def _leave_out(mark: yaml.Mark | None, draft: Draft, notes: Notes) -> None:
    at = mark.line if mark else 0
    line = min(at, len(draft.lines) - 1)
    while line > 0 and not draft.lines[line].strip():
        line -= 1
    column = draft.column(line, mark.column) if mark and line == at else 0
    what = "This line can't be read as `name: value`, or it does not fit to the lines before."
    notes.mistake(notes.place(line + 1, column + 1), what)
    draft.drop(line)


class _Composer:
    """Makes nodes of what PyYAML reads; its values stay text, its marks lead back to the file."""

    def __init__(self, draft: Draft, notes: Notes) -> None:
        self.draft, self.notes = draft, notes
        self.found: list[tuple[Place, str, str, str]] = []
        self.events: Iterator[yaml.Event] = iter(())

    def read(self, text: str) -> Node | None:
        self.events = yaml.parse(text, Loader=yaml.BaseLoader)
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            return None
        node = self._node(next(self.events), 0)
        for _ in self.events:  # to its end, so that mistakes behind the last value are found
            pass
        return node

    def _node(self, event: yaml.Event, depth: int) -> Node:
        place = self._place(event)
        if depth > _MOST_NESTED or isinstance(event, yaml.AliasEvent):
            mark = event.start_mark
            raise yaml.MarkedYAMLError(problem_mark=mark if isinstance(mark, yaml.Mark) else None)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            parts = []
            while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
                parts.append(self._node(inner, depth + 1))
            return Lines(tuple(parts), place)
        return Block(tuple(self._pairs(depth + 1)), place)

    def _pairs(self, depth: int) -> Iterator[Pair]:
        seen: dict[str, Pair] = {}
        while not isinstance(inner := next(self.events), yaml.MappingEndEvent):
            key = self._node(inner, depth)
            pair = Pair(key, self._node(next(self.events), depth)) if isinstance(key, Text) else None
            if pair is None:
                self.found.append((key.place, "Before the colon a name must stand.", "", ""))
                next(self.events)
            elif pair.key.value in seen:
                self._note_twice(seen[pair.key.value], pair)
            else:
                seen[pair.key.value] = pair
                yield pair

    def _note_twice(self, first: Pair, second: Pair) -> None:
        name, line, column = second.key.value, first.key.place.line, second.key.place.column
        suggestion = ""
        if column > 1 and isinstance(first.value, Text) and isinstance(second.value, Text):
            both = ", ".join(_as_written(node) for node in (first.value, second.value))
            suggestion = f"{' ' * (column - 1)}{name}: [{both}]"
        what = f"`{name}:` stands here twice (first in line {line}); only one of them would count."
        fix = "Remove one of them; two conditions on one column stand as a list: `[…, …]`."
        self.found.append((second.key.place, what, suggestion, fix))

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        if mark is None:
            return self.notes.place(1, 1)
        line = min(mark.line, len(self.draft.lines) - 1)
        return self.notes.place(line + 1, self.draft.column(line, mark.column) + 1)


def _scalar(event: yaml.ScalarEvent, place: Place) -> Text | Blank:
    value = event.value if event.style else event.value.strip()
    return Text(value, place, quoted=event.style is not None) if value or event.style else Blank(place)


def _as_written(node: Text) -> str:
    plain = not node.quoted and not set(node.value) & set(",[]{}")
    return node.value if plain else quote(node.value)
