"""How does a block of a file become a typed value, and which keys may stand in it?

A shape is a frozen dataclass. Its fields are the keys: `check_every` is `check every`, `from_` is `from`, and
metadata `key` names another. A field of type Place is filled with the place of the block and is no key.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from rowcall.errors import Place
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import PLAIN, read_plain, read_word
from rowcall.language.words import is_chinese

Shape = TypeVar("Shape")
# A type hint is any object: `int | None`, `tuple[str, ...]`, a class.
Hint = Any
Reader = Callable[[Node, Notes], object | None]
"""Makes a typed value of a node; None means: not possible, and the mistake is noted."""
Readers = Mapping[Hint, Reader]
NO_READERS: Readers = {}
_NODES_IN_WORDS = {str: "a text", Text: "a text", Block: "lines of `name: …`", Lines: "a list"}
_NODES = (Text, Blank, Block, Lines)


@dataclass(frozen=True, slots=True)
class ShapeKey:
    """A key of a shape, as reference and JSON Schema tell of it.

    kind: the type in words. choices: the closed words, if it is one of those. inside: the shape of the block
    behind the key (or behind each of its names, or in its list). default: as a person would write it.
    chinese: its Chinese spellings, the first is the one that is written.
    """

    field: str
    key: str
    hint: Hint
    kind: str
    required: bool
    default: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    inside: type | None = None
    chinese: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every spelling of the key that is understood: English, then Chinese."""
        return (self.key, *self.chinese)


def help_field(  # Any: as `dataclasses.field`
    help: str,  # noqa: A002 - as in `--help`
    default: Hint = MISSING,
    *,
    key: str = "",
    required: bool = False,
    zh: str = "",
) -> Any:
    """Declare a field of a shape with its help text, for the reference.

    Without a default it is required; with `required` it is so all the same, and the default is for `read_parts`.
    zh: the Chinese spelling of the key; several stand with `|` between them.
    """
    metadata = {"help": help, "required": required or default is MISSING, "zh": zh}
    metadata |= {"key": key} if key else {}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def describe_shape(shape: type) -> list[ShapeKey]:
    """Return the keys of a shape in the order they are declared."""
    hints = typing.get_type_hints(shape)
    return [
        _describe(one, hints[one.name]) for one in dataclasses.fields(shape) if hints[one.name] is not Place
    ]


def find_key(shape: type, text: str) -> ShapeKey | None:
    """Return the key of a shape that a text is, in any of its spellings."""
    folded = fold_key(text)
    return next(
        (key for key in describe_shape(shape) if folded in {fold_key(one) for one in key.spellings}), None
    )


def read_shape(
    shape: type[Shape], node: Node, notes: Notes, readers: Readers = NO_READERS, besides: Sequence[str] = ()
) -> Shape | None:
    """Return the value that a block describes, or None with every mistake in it noted.

    readers: how further types are read, by the type that stands in the shape.
    besides: further keys that may stand in the block; the caller reads them.
    """
    values = _read_values(shape, node, notes, readers, besides)
    if values is None or any(value is None for value in values.values()):
        return None
    return shape(**values)


def read_parts(shape: type[Shape], node: Node, notes: Notes, readers: Readers = NO_READERS) -> Shape:
    """Return what a block describes as far as it can be read, so that mistakes of other parts are found too.

    Every field of the shape needs a default: it stands where something is missing or can't be read.
    """
    return shape(**_readable(_read_values(shape, node, notes, readers, ()) or {}))


def _readable(values: Mapping[str, object]) -> dict[str, Any]:  # Any: values of the fields' types
    return {name: value for name, value in values.items() if value is not None and name}


def _read_values(
    shape: type, node: Node, notes: Notes, readers: Readers, besides: Sequence[str]
) -> dict[str, Any] | None:  # Any: values of the fields' types
    """Return the values by field, None for what can't be read; under "" stands None if the block has mistakes."""
    described = describe_shape(shape)
    if not isinstance(node, Block):
        listed = _listed([*(key.key for key in described), *besides])
        notes.mistake(node.place, f"Lines of `key: value` must stand here, with the keys {listed}.")
        return None
    keys = {fold_key(spelling): key for key in described for spelling in key.spellings}
    found, unfit = _sort_pairs(node, keys, besides, notes)
    values = {
        key.field: _read_behind(found[key.key], key, notes, readers) for key in described if key.key in found
    }
    missing = [key for key in described if key.required and key.key not in found]
    for key in missing:
        if key.key not in unfit:
            notes.mistake(
                node.place, f"`{key.key}:` is missing here.", fix=f"Add `{key.key}:` with {key.kind}."
            )
    if unfit or missing:
        values[""] = None
    places = {name: node.place for name, hint in typing.get_type_hints(shape).items() if hint is Place}
    return {**places, **values}


def _sort_pairs(
    block: Block, keys: Mapping[str, ShapeKey], besides: Sequence[str], notes: Notes
) -> tuple[dict[str, Pair], list[str]]:
    """Return the pairs by key, and for each one that does not fit the key that was probably meant."""
    found: dict[str, Pair] = {}
    unfit: list[str] = []
    others = {fold_key(key) for key in besides}
    for pair in block:
        folded = fold_key(pair.key.value)
        key = keys.get(folded)
        if key is not None and key.key in found:
            _note_twice(found[key.key].key, pair.key, notes)
            unfit.append("")
        elif key is not None:
            found[key.key] = pair
        elif folded not in others:
            unfit.append(_note_unknown(pair.key, list(keys.values()), besides, notes))
    return found, unfit


def _note_twice(first: Text, second: Text, notes: Notes) -> None:
    notes.mistake(
        second.place,
        f"`{second.value}:` stands here twice (`{first.value}:` in line {first.place.line}); "
        "only one of them can be meant.",
        fix="Remove one of the two lines.",
    )


def _note_unknown(key: Text, keys: Sequence[ShapeKey], besides: Sequence[str], notes: Notes) -> str:
    """Note a key that is not known, and return the one that was probably meant, as it is in English."""
    chinese = is_chinese(key.value)
    written = {(one.chinese[0] if chinese and one.chinese else one.key): one for one in keys}
    known = [*written, *besides]
    nearest = did_you_mean(key.value, known)
    notes.mistake(
        key.place,
        f"`{key.value}:` is not known here; possible are {_listed(known)}."
        + (f" Did you mean `{nearest}`?" if nearest else ""),
        suggestion=notes.corrected(key.place, key.value, nearest) if nearest else "",
        fix=f"Write one of {_listed(known)}, or remove the line.",
    )
    return written[nearest].key if nearest in written else nearest


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _read_behind(pair: Pair, key: ShapeKey, notes: Notes, readers: Readers) -> object | None:
    if isinstance(pair.value, Blank) and Blank not in _alternatives(key.hint):
        notes.mistake(pair.key.place, f"Nothing stands behind `{key.key}:`.", fix=f"Write {key.kind} there.")
        return None
    return _read_as(key.hint, pair.value, notes, readers)


def _read_as(hint: Hint, node: Node, notes: Notes, readers: Readers) -> object | None:
    if hint in readers:
        return readers[hint](node, notes)
    options = _alternatives(hint) or (hint,)
    if any(isinstance(node, option) for option in options if option in _NODES):
        return node
    if len(options) == 2 and types.NoneType in options:  # noqa: PLR2004 - a type or nothing
        return _read_as(
            next(option for option in options if option is not types.NoneType), node, notes, readers
        )
    origin = _origin(hint)
    if origin is tuple:
        return _read_list(typing.get_args(hint)[0], node, notes, readers)
    if origin is not None and origin is not typing.Literal and issubclass(origin, Mapping):
        return _read_names(typing.get_args(hint)[1], node, notes, readers)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint not in PLAIN:
        return read_shape(hint, node, notes, readers)
    return _read_text(hint, node, notes)


def _read_text(hint: Hint, node: Node, notes: Notes) -> object | None:
    if not isinstance(node, Text):
        notes.mistake(node.place, f"{_capital(in_words(hint))} must stand here, not {_seen(node)}.")
        return None
    if hint is str:
        return node.value
    if hint in PLAIN:
        return read_plain(hint, node, notes)
    choices = _choices(hint)
    if not choices:
        raise TypeError(f"a shape can't hold {hint!r}: give read_shape a reader for it")
    word = read_word(choices, node, notes)
    return hint(word) if word is not None and isinstance(hint, type) else word


def _read_list(inner: Hint, node: Node, notes: Notes, readers: Readers) -> object | None:
    parts = node.parts if isinstance(node, Lines) else (node,)
    read = [_read_as(inner, part, notes, readers) for part in parts]
    return None if any(value is None for value in read) else tuple(read)


def _read_names(inner: Hint, node: Node, notes: Notes, readers: Readers) -> object | None:
    if not isinstance(node, Block):
        notes.mistake(node.place, f"Lines of `name: …` must stand here, not {_seen(node)}.")
        return None
    read: dict[str, object | None] = {}
    for pair in node:
        key = ShapeKey("", pair.key.value, inner, in_words(inner), required=True)
        read[pair.key.value] = _read_behind(pair, key, notes, readers)
    return None if any(value is None for value in read.values()) else read


def _describe(one: "dataclasses.Field[Any]", hint: Hint) -> ShapeKey:  # Any: a field of whatever type
    default = one.default if one.default_factory is MISSING else one.default_factory()
    return ShapeKey(
        field=one.name,
        key=one.metadata.get("key") or one.name.rstrip("_").replace("_", " "),
        hint=hint,
        kind=in_words(hint),
        required=one.metadata.get("required", default is MISSING),
        default="" if default is MISSING else _written(default),
        help=one.metadata.get("help", ""),
        choices=_choices(hint),
        inside=_inside(hint),
        chinese=tuple(spelling for spelling in one.metadata.get("zh", "").split("|") if spelling),
    )


def in_words(hint: Hint) -> str:
    """Return what a type is called in a message: `a whole number (`25`)`."""
    options = [option for option in _alternatives(hint) if option is not types.NoneType]
    if len(options) == 1 and options[0] is not hint:
        return in_words(options[0])
    if hint in PLAIN:
        return PLAIN[hint][1]
    if _origin(hint) is tuple:
        return f"{in_words(typing.get_args(hint)[0])}, or a list of such"
    if choices := _choices(hint):
        return "one of " + ", ".join(f"`{choice}`" for choice in choices)
    if hint in _NODES_IN_WORDS:
        return _NODES_IN_WORDS[hint]
    if dataclasses.is_dataclass(hint):
        return (
            "lines with " + ", ".join(f"`{key.key}`" for key in describe_shape(hint))
            if isinstance(hint, type)
            else ""
        )
    return "lines of `name: …`" if _origin(hint) is not None else "a value"


def _alternatives(hint: Hint) -> tuple[Hint, ...]:
    # `Literal[…] | None` is a typing.Union, `str | None` a types.UnionType.
    return typing.get_args(hint) if _origin(hint) in (types.UnionType, typing.Union) else ()


def _origin(hint: Hint) -> Hint:
    return typing.get_origin(hint)


def _choices(hint: Hint) -> tuple[str, ...]:
    for option in _alternatives(hint):
        if found := _choices(option):
            return found
    if _origin(hint) is tuple:
        return _choices(typing.get_args(hint)[0])
    if _origin(hint) is typing.Literal:
        return typing.get_args(hint)
    return tuple(str(word) for word in hint) if isinstance(hint, type) and issubclass(hint, StrEnum) else ()


def _inside(hint: Hint) -> type | None:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return None if hint in PLAIN or hint.__module__ == Text.__module__ else hint
    return next((found for part in typing.get_args(hint) if (found := _inside(part))), None)


def _written(default: object) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple):
        return ", ".join(map(str, default))
    return "" if default is None or isinstance(default, Mapping) else str(default)


def _seen(node: Node) -> str:
    names = {Text: "a text", Blank: "nothing", Block: "lines of `key: value`", Lines: "a list"}
    return f"`{node.value}`" if isinstance(node, Text) else names[type(node)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
