"""Of which forms is a schema made: objects with keys in both languages, texts with examples, lists?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rowcall.language.meaning import Meaning
from rowcall.language.words import spelled, spellings
from rowcall.table import Column

Json = dict[str, Any]  # Any: as nested as a schema is
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCALAR: Json = {"type": ["string", "number", "boolean"]}
TEXT: Json = {"type": ["string", "number"]}
YES_NO: Json = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off", "是", "否"]}]}
_HOLE = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one shop.

    columns: table → headers. links: table → link → the table it leads to. declared: table → header → what is declared
    of it. buttons, attachments: what mails may name.
    """

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Sequence[str] = ()
    templates: Sequence[str] = ()
    settings: Sequence[str] = ()
    calendars: Sequence[str] = ()
    declared: Mapping[str, Mapping[str, Column]] = field(default_factory=dict)
    buttons: Sequence[str] = ()
    attachments: Sequence[str] = ()


def example_text(*examples: str) -> Json:
    """Return a text with what may be written there."""
    return {**TEXT, "examples": list(examples)} if examples else TEXT


def one_of_names(names: Iterable[str]) -> Json:
    """Return one of the names of a shop, or any text if it has none of that sort."""
    known = list(names)
    return {"enum": known} if known else TEXT


def each(inner: Json) -> Json:
    """Return names, each with the same behind it."""
    return {"type": "object", "additionalProperties": inner}


def one_or_list(inner: Json) -> Json:
    """Return one, or a list of such."""
    return {"anyOf": [inner, {"type": "array", "minItems": 1, "items": inner}]}


def keys(properties: Json) -> Json:
    """Return an object of these keys and no others; capitals, `_` and `-` make no difference to Rowcall."""
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {_any_spelling(key): {} for key in properties},
        "additionalProperties": False,
    }


def of_words(known: Mapping[Any, Json], meanings: Mapping[Any, Meaning]) -> Json:  # Any: words of some table
    """Return properties for words in every spelling, with what they mean."""
    return {
        spelling: told(schema, word, meanings.get(word))
        for word, schema in known.items()
        for spelling in spellings(word)
    }


def told(schema: Json, word: Enum, meaning: Meaning | None) -> Json:
    """Return a schema with what its key means, as editors show it: markdown."""
    if meaning is None:
        return schema
    missing = f" If left out: {meaning.default}." if meaning.default else ""
    both = f"`{spelled(word)}` = `{spelled(word, chinese=True)}`"
    return {**schema, "description": f"{meaning.says}{missing}\n\n`{meaning.example}`\n\n{both}"}


def needed(*groups: Sequence[str]) -> list[Json]:
    """Return that of each group of keys one is there."""
    return [{"anyOf": [{"required": [key]} for key in group]} for group in groups]


def whole(words: Iterable[Enum]) -> list[str]:
    """Return the spellings of words that have no hole."""
    return [text for word in words for text in spellings(word) if "{" not in text]


def shown(words: Iterable[Enum]) -> list[str]:
    """Return words as examples, in both languages: their holes are `…`."""
    return [
        _HOLE.sub("…", spelled(word, chinese=chinese)).strip() for chinese in (False, True) for word in words
    ]


def examples_of(meanings: Mapping[Any, Meaning]) -> list[str]:  # Any: words of some table
    """Return what stands behind the key in each example, without the quotes of a file."""
    return [one.example.partition(": ")[2].strip("\"'") for one in meanings.values()]


def _any_spelling(key: str) -> str:
    letters = [
        "[ _-]"
        if letter == " "
        else f"[{letter.lower()}{letter.upper()}]"
        if letter.isalpha() and letter.isascii()
        else re.escape(letter)
        for letter in key
    ]
    return f"^{''.join(letters)}$"
