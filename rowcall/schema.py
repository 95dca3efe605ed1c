"""What may stand in a rule file and in the config, as a JSON Schema by which editors complete and check?

Made from the words of the language, the shapes of the config and the Params of the leaves, so that it can't
fall behind them. An editor knows less than `rowcall check`: what the schema accepts may still be a mistake.
Long because each part of a rule and of the config has its own small function, side by side.
"""

import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rowcall.config.shapes import ConfigShape, PersonShape, RoleShape, TableShape, WorkbookShape
from rowcall.language.document import Block, Text
from rowcall.language.figure import ShowAs
from rowcall.language.rule import FirstRun, State
from rowcall.language.shape import ShapeKey, describe_shape
from rowcall.language.value import (
    Attachments,
    Buttons,
    Cells,
    Digest,
    Recipients,
    RowValues,
    TemplateName,
    Unless,
)
from rowcall.language.words import (
    BlockKey,
    CompareWord,
    DueKey,
    EntryKey,
    FigureKey,
    FigureWord,
    Key,
    PeriodWord,
    ScheduleKey,
    ValueKey,
    spellings,
)
from rowcall.table import Kind

Json = dict[str, Any]  # Any: as nested as a schema is
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_TEXT: Json = {"type": ["string", "number"]}
_YES_NO: Json = {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "on", "off", "是", "否"]}]}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one shop. columns: table → headers. links: table → link → the table it leads to."""

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Sequence[str] = ()
    templates: Sequence[str] = ()
    settings: Sequence[str] = ()
    calendars: Sequence[str] = ()


def rule_schema(actions: Mapping[str, type], names: Names) -> Json:
    """Return the schema of a rule file. actions: the word of each → its Params."""
    schema = _keys({word: _of_key(word, names) for key in Key for word in spellings(key)})
    schema["required"] = [spellings(Key.RULE)[0]]
    return {
        "$schema": _DRAFT,
        "title": "A rule of Rowcall",
        **schema,
        "allOf": [
            _one_of_these(Key.LOOK_AT, Key.SCHEDULE),
            _one_of_these(Key.THEN, Key.KEEP),
            *(_for_table(table, names) for table in names.columns),
        ],
        "$defs": {
            "phrase": {"anyOf": [_SCALAR, {"type": "array", "items": _SCALAR}]},
            "conditions": _conditions({}),
            **{_named(table): _conditions(_columns_of(table, names)) for table in names.columns},
            "entry": _entry(actions, names),
            "value": _value(),
            "schedule": _schedule(),
        },
    }


def config_schema(connectors: Mapping[str, type]) -> Json:
    """Return the schema of the config file. connectors: the name of each → its Params."""
    schema = _shape(ConfigShape, Names())
    schema["properties"]["workbooks"] = _each(_workbook(connectors))
    schema["properties"]["tables"] = _each(_table())
    schema["properties"]["people"] = _each(
        {"anyOf": [_shape(PersonShape, Names()), _shape(RoleShape, Names())]}
    )
    return {"$schema": _DRAFT, "title": "The config of a shop", **schema}


def _of_key(word: str, names: Names) -> Json:
    people = {**_TEXT, **({"examples": list(names.people)} if names.people else {})}
    known: dict[Key, Json] = {
        Key.RULE: {**_TEXT, "description": "The title, for people."},
        Key.ABOUT: {**_TEXT, "description": "One sentence on what it is for."},
        Key.RESPONSIBLE: {**people, "description": "The person or role told of failures."},
        Key.LOOK_AT: {"enum": list(names.columns)} if names.columns else _TEXT,
        Key.WHEN: {"$ref": "#/$defs/conditions"},
        Key.STOP_WHEN: {"$ref": "#/$defs/conditions"},
        Key.AGAIN_ONLY_WHEN: {"$ref": "#/$defs/conditions"},
        Key.PAUSE_WHILE: {"$ref": "#/$defs/conditions"},
        Key.DUE: _due(),
        Key.WORKING_HOURS: {"enum": list(names.calendars)} if names.calendars else _TEXT,
        Key.SCHEDULE: {"$ref": "#/$defs/schedule"},
        Key.PERIOD: {"anyOf": [{"enum": _whole(PeriodWord)}, {**_TEXT, "examples": ["last 30 days"]}]},
        Key.COMPARE_WITH: {
            "anyOf": [{"enum": _whole(CompareWord)}, {**_TEXT, "examples": ["the 30 days before"]}]
        },
        Key.FIGURES: _each(_figure()),
        Key.KEEP: _each({"$ref": "#/$defs/value"}),
        Key.FOR: {**_TEXT, "examples": ["30 minutes", "2 days"]},
        Key.ONCE_PER_ROW: _YES_NO,
        Key.THEN: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/entry"}},
        Key.LIMITS: {
            "type": "array",
            "items": {**_TEXT, "examples": ["50 emails an hour", "40 rows at once"]},
        },
        Key.FIRST_RUN: {"enum": [str(one) for one in FirstRun]},
        Key.CHECK_EVERY: {**_TEXT, "examples": ["1 hour"]},
        Key.EXPIRES_AFTER: {**_TEXT, "examples": ["3 days"]},
        Key.STATE: {"anyOf": [{"enum": [str(one) for one in State]}, {"type": "boolean"}]},
    }
    key = next(one for one in Key if word in spellings(one))
    return known.get(key, {})


def _one_of_these(*keys: Key) -> Json:
    return {"anyOf": [{"required": [spellings(key)[0]]} for key in keys]}


def _due() -> Json:
    within = {"anyOf": [{**_TEXT, "examples": ["4 hours", "2 working days"]}, {"type": "object"}]}
    known = {DueKey.COUNTED_FROM: {**_TEXT, "examples": ["start"]}, DueKey.WITHIN: within}
    return {"anyOf": [_TEXT, _keys({word: known[key] for key in DueKey for word in spellings(key)})]}


def _schedule() -> Json:
    examples = ["every day at 05:30", "weekdays at 08:30 and 14:00", "Mondays at 07:45", "every 30 minutes"]
    cron = _keys({word: _TEXT for key in ScheduleKey for word in spellings(key)})
    one = {"anyOf": [{**_TEXT, "examples": examples}, cron]}
    return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}


def _whole(words: type[Enum]) -> list[str]:
    """Return the words of a table that have no hole."""
    return [text for word in words for text in spellings(word) if "{" not in text]


def _for_table(table: str, names: Names) -> Json:
    """Return what holds of a rule that looks at this table: the columns that its conditions know."""
    del names
    conditions = [
        word
        for key in (Key.WHEN, Key.STOP_WHEN, Key.AGAIN_ONLY_WHEN, Key.PAUSE_WHILE)
        for word in spellings(key)
    ]
    reference = {"$ref": f"#/$defs/{_named(table).replace(' ', '%20')}"}
    look_at = spellings(Key.LOOK_AT)[0]
    return {
        "if": {"properties": {look_at: {"const": table}}, "required": [look_at]},
        "then": {"properties": dict.fromkeys(conditions, reference)},
    }


def _named(table: str) -> str:
    return f"conditions on {table}"


def _columns_of(table: str, names: Names) -> Json:
    columns = list(names.columns[table])
    for link, other in names.links.get(table, {}).items():
        columns += [link, *(f"{link}.{column}" for column in names.columns.get(other, ()))]
    return {column: {"$ref": "#/$defs/phrase"} for column in columns}


def _conditions(columns: Json) -> Json:
    """Columns that are not declared are allowed: they are text."""
    blocks = {"type": "array", "items": {"$ref": "#/$defs/conditions"}}
    words = {word: blocks for key in (BlockKey.ANY_OF, BlockKey.NONE_OF) for word in spellings(key)}
    words |= {word: {"const": "new"} for word in spellings(BlockKey.ROW)}
    search: Json = {"anyOf": [{"type": "object"}, {"type": "array", "items": {"type": "object"}}]}
    words |= {word: search for key in (BlockKey.THERE_IS, BlockKey.THERE_IS_NO) for word in spellings(key)}
    words |= {key: {"$ref": "#/$defs/phrase"} for key in spellings(BlockKey.FORMULA)}
    return {
        "type": "object",
        "properties": {**columns, **words},
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/phrase"}, blocks]},
    }


def _entry(actions: Mapping[str, type], names: Names) -> Json:
    words: Json = {
        **{
            word: {
                **_TEXT,
                "examples": ["due", "75% of the time", "4 hours after start", "2 days before due", "end"],
            }
            for word in spellings(EntryKey.AT)
        },
        **{word: {**_TEXT, "examples": ["3 days"]} for word in spellings(EntryKey.EVERY)},
        **{word: {**_TEXT, "examples": ["4 times"]} for word in spellings(EntryKey.AT_MOST)},
        **{word: {"$ref": "#/$defs/conditions"} for word in spellings(EntryKey.UNTIL)},
        **{word: {"$ref": "#/$defs/conditions"} for word in spellings(EntryKey.WHEN)},
    }
    return _keys({**words, **{word: _action(params, names) for word, params in actions.items()}})


def _action(params: type, names: Names) -> Json:
    keys = describe_shape(params)
    if len(keys) == 1 and keys[0].hint is Cells:
        return _type(Cells, names)
    return _shape(params, names)


def _workbook(connectors: Mapping[str, type]) -> Json:
    own = _shape(WorkbookShape, Names())
    own["properties"]["connector"] = {"enum": sorted(connectors)}
    own["allOf"] = [
        {
            "if": {"properties": {"connector": {"const": name}}, "required": ["connector"]},
            "then": {"required": [key.key for key in describe_shape(params) if key.required]},
        }
        for name, params in connectors.items()
    ]
    for params in connectors.values():
        theirs = _shape(params, Names())
        own["properties"] = {**theirs["properties"], **own["properties"]}
        own["patternProperties"] = {**theirs["patternProperties"], **own["patternProperties"]}
    return own


def _table() -> Json:
    schema = _shape(TableShape, Names())
    kinds = [str(kind) for kind in Kind if kind is not Kind.CHOICE]
    choices = {
        "type": "array",
        "items": _SCALAR,
        "description": "A list of choices; its order is the ranking.",
    }
    schema["properties"]["columns"] = _each({"anyOf": [{"enum": kinds}, choices]})
    return schema


def _shape(shape: type, names: Names) -> Json:
    described = describe_shape(shape)
    schema = _keys({key.key: _described(key, names) for key in described})
    required = [key.key for key in described if key.required]
    return {**schema, "required": required} if required else schema


def _described(key: ShapeKey, names: Names) -> Json:
    schema = dict(_type(key.hint, names))
    if key.help:
        schema["description"] = key.help
    return schema


def _type(hint: Any, names: Names) -> Json:  # Any: a type hint is any object
    options = [one for one in typing.get_args(hint) if one is not types.NoneType]
    origin = typing.get_origin(hint)
    if isinstance(hint, types.UnionType):
        return (
            _type(options[0], names)
            if len(options) == 1
            else {"anyOf": [_type(one, names) for one in options]}
        )
    if origin is typing.Literal:
        return {"enum": list(options)}
    if origin is tuple:
        inner = _type(options[0], names)
        return {"anyOf": [inner, {"type": "array", "items": inner}]}
    if origin is not None:  # a mapping of names
        return _each(_type(options[-1], names))
    return _plain_type(hint, names)


def _plain_type(hint: Any, names: Names) -> Json:  # Any: a type hint is any object
    known: dict[object, Json] = {
        bool: _YES_NO,
        int: {"type": "integer"},
        Block: {"type": "object"},
        Text: _SCALAR,
        Cells: {"minProperties": 1, **_each({"$ref": "#/$defs/value"})},
        RowValues: {"minProperties": 1, **_each({"$ref": "#/$defs/value"})},
        Unless: {"$ref": "#/$defs/conditions"},
        Recipients: _recipients(names),
        Digest: {"$ref": "#/$defs/schedule"},
        Buttons: {"anyOf": [_SCALAR, {"type": "object"}, {"type": "array"}]},
        Attachments: {"anyOf": [_SCALAR, {"type": "array"}]},
        TemplateName: {"enum": list(names.templates)} if names.templates else _TEXT,
    }
    if hint in known:
        return known[hint]
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__") and "Shape" in hint.__name__:
        return _shape(hint, names)
    return _SCALAR


def _recipients(names: Names) -> Json:
    one = {"anyOf": [{**_TEXT, "examples": ["responsible", *names.people]}, {"type": "object"}]}
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _value() -> Json:
    """Return what may stand behind a column: a text, a table by a column, or a list of values with conditions."""
    value = {"$ref": "#/$defs/value"}
    line = _keys({"value": value, "when": {"$ref": "#/$defs/conditions"}})
    first = {
        word: {"type": "array", "minItems": 1, "items": line} for word in spellings(ValueKey.FIRST_THAT_FITS)
    }
    down = {word: {**_TEXT, "examples": ["90 days"]} for word in spellings(ValueKey.GO_DOWN)}
    columns = {key: {"$ref": "#/$defs/phrase"} for key in spellings(ValueKey.BY_COLUMN)}
    table = {
        "type": "object",
        "properties": columns,
        "required": [*columns][:1],
        "additionalProperties": value,
    }
    return {"anyOf": [_SCALAR, table, {**_keys({**first, **down}), "required": [*first][:1]}]}


def _figure() -> Json:
    conditions, names = {"$ref": "#/$defs/conditions"}, {"$ref": "#/$defs/phrase"}
    known: dict[FigureKey, Json] = {
        FigureKey.WHERE: conditions,
        FigureKey.SHARE_WITH: conditions,
        FigureKey.COUNT: {"enum": list(spellings(FigureWord.ROWS))},
        FigureKey.TIME_BETWEEN: names,
        FigureKey.LIST: names,
        FigureKey.SORT_BY: names,
        FigureKey.IN_WORKING_HOURS: _YES_NO,
        FigureKey.SHOW_AS: {"enum": [str(one) for one in ShowAs]},
    }
    measured = {"anyOf": [_SCALAR, {"type": "object"}]}
    return _keys({word: known.get(key, measured) for key in FigureKey for word in spellings(key)})


def _each(inner: Json) -> Json:
    return {"type": "object", "additionalProperties": inner}


def _keys(properties: Json) -> Json:
    """Return an object of these keys and no others; capitals, `_` and `-` make no difference to Rowcall."""
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {_any_spelling(key): {} for key in properties},
        "additionalProperties": False,
    }


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
