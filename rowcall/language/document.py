"""What does a YAML file of the shop say, as text with positions?

Every scalar stays the text that was typed; nothing is guessed (`NO`, `007`, `1e5`, `22:30` survive).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rowcall.errors import Place


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


def fold_key(key: str) -> str:
    """Return one of our own keys in its one spelling: case, blanks, `_` and `-` make no difference."""
    return " ".join(key.replace("_", " ").replace("-", " ").lower().split())
