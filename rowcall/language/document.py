"""What does a YAML file of the shop say, as text with positions?

Every scalar stays the text that was typed; nothing is guessed (`NO`, `007`, `1e5`, `22:30` survive).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from rowcall.errors import Place
from rowcall.language.notes import Notes

LONGEST = 256 * 1024
"""A longer file is refused: it is no file of rules."""

DEEPEST = 20
"""How many levels may lie inside one another."""


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
    """
    text = source if isinstance(source, str) else source.decode("utf-8-sig")
    notes = Notes(file, text.splitlines())
    events = yaml.parse(text, Loader=yaml.BaseLoader)
    next(events), next(events)
    node = _node(next(events), events, notes)
    if not isinstance(node, Block):
        notes.mistake(Place(file, 1, 1), "The file must hold lines of `key: value`.")
        return None, notes
    return node, notes


def _place(event: yaml.Event, notes: Notes) -> Place:
    mark = event.start_mark
    return notes.place(mark.line + 1, mark.column + 1) if mark else notes.place(1, 1)


def _node(event: yaml.Event, events: Iterator[yaml.Event], notes: Notes) -> Node:
    place = _place(event, notes)
    if isinstance(event, yaml.ScalarEvent):
        if event.value == "" and event.style is None:
            return Blank(place)
        return Text(event.value, place, quoted=event.style is not None)
    if isinstance(event, yaml.SequenceStartEvent):
        parts = []
        while not isinstance(inner := next(events), yaml.SequenceEndEvent):
            parts.append(_node(inner, events, notes))
        return Lines(tuple(parts), place)
    pairs = []
    while not isinstance(inner := next(events), yaml.MappingEndEvent):
        key = _node(inner, events, notes)
        value = _node(next(events), events, notes)
        if isinstance(key, Text):
            pairs.append(Pair(key, value))
    return Block(tuple(pairs), place)
