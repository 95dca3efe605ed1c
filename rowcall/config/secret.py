"""Where do the shop's secrets come from, and how do they stay out of sight?

In the config stands only `${NAME}`; the value comes from the environment, or from a file `.env` beside it.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from rowcall.errors import Place
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes

_REFERENCE = re.compile(r"\$\{\s*(?P<name>[^{}]*?)\s*\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
_SHORTEST_HIDDEN = 3


class Secret:
    """A text that is never shown: `str` and `repr` are `***`; `reveal` is for whoever hands it over."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def __str__(self) -> str:
        return "***" if self._text else ""

    def __repr__(self) -> str:
        return "Secret(***)"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._text


def read_env_file(path: Path, notes: Notes) -> dict[str, str]:
    """Return the names and values of an `.env` file (`NAME=value` lines); empty if there is none."""
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        notes.mistake(
            Place(path.name, 1, 1), f"The file can't be read: {error}.", fix="Save it as UTF-8 text."
        )
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            # The line may hold a secret, so it is not shown.
            notes.mistake(Place(path.name, number, 1), "This line is not `NAME=value`.")
            continue
        found[match["name"]] = _unquoted(match["value"])
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] in "\"'" and value.endswith(value[0]):
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


class Resolver:
    """Puts the values of `${NAME}` into a document and remembers where they went."""

    def __init__(self, known: Mapping[str, str], notes: Notes) -> None:
        self.known, self.notes = known, notes
        self.resolved: set[Place] = set()

    def resolve(self, node: Node) -> Node:
        """Return the node with every `${NAME}` replaced by its value; a name that is not set is noted."""
        if isinstance(node, Text):
            return self._resolve_text(node)
        if isinstance(node, Lines):
            return Lines(tuple(self.resolve(part) for part in node), node.place)
        if isinstance(node, Blank):
            return node
        return self.resolve_block(node)

    def resolve_block(self, block: Block) -> Block:
        """Return the block with every value in it resolved; its names stay as they are."""
        return Block(tuple(Pair(pair.key, self.resolve(pair.value)) for pair in block), block.place)

    def _resolve_text(self, text: Text) -> Text:
        found = list(_REFERENCE.finditer(text.value))
        if not found:
            return text
        value = _REFERENCE.sub(lambda one: self._value(one["name"], text.place), text.value)
        self.resolved.add(text.place)
        return Text(value, text.place, text.quoted)

    def _value(self, name: str, place: Place) -> str:
        value = self.known.get(name)
        if value:
            if len(value) >= _SHORTEST_HIDDEN:
                self.notes.hide(value)
            return value
        nearest = did_you_mean(name, self.known, 0.8) if _NAME.fullmatch(name) else ""
        state = "is empty" if value == "" else "is not set"
        self.notes.mistake(
            place,
            f"`${{{name}}}` {state}." + (f" Did you mean `${{{nearest}}}`?" if nearest else ""),
            suggestion=self.notes.corrected(place, f"${{{name}}}", f"${{{nearest}}}") if nearest else "",
            fix=f"Write {name}=… into a file `.env` beside the config, or set it in the environment.",
        )
        return f"${{{name}}}"
