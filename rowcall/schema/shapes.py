"""How does a shape (the config's blocks, the Params of a leaf) become a schema?"""

import types
import typing
from typing import Any

from rowcall.language.document import Block, Text
from rowcall.language.shape import ShapeKey, describe_shape
from rowcall.language.value import (
    Attachments,
    Buttons,
    Cells,
    Digest,
    ListName,
    Recipients,
    RowValues,
    TemplateName,
    Unless,
)
from rowcall.schema.forms import (
    SCALAR,
    TEXT,
    YES_NO,
    Json,
    Names,
    each,
    keys,
    needed,
    one_of_names,
    one_or_list,
)


def shape_schema(shape: type, names: Names) -> Json:
    """Return the schema of the block that a shape describes."""
    described = describe_shape(shape)
    schema = keys({spelling: _described(key, names) for key in described for spelling in key.spellings})
    alone = [key.key for key in described if key.required and not key.chinese]
    both = needed(*(key.spellings for key in described if key.required and key.chinese))
    return {**schema, **({"required": alone} if alone else {}), **({"allOf": both} if both else {})}


def type_schema(hint: Any, names: Names) -> Json:  # Any: a type hint is any object
    """Return the schema of what a type hint stands for."""
    options = [one for one in typing.get_args(hint) if one is not types.NoneType]
    origin = typing.get_origin(hint)
    if isinstance(hint, types.UnionType):
        every = [type_schema(one, names) for one in options]
        return every[0] if len(every) == 1 else {"anyOf": every}
    if origin is typing.Literal:
        return {"enum": list(options)}
    if origin is tuple:
        inner = type_schema(options[0], names)
        return {"anyOf": [inner, {"type": "array", "items": inner}]}
    if origin is not None:  # a mapping of names
        return each(type_schema(options[-1], names))
    return _plain(hint, names)


def _described(key: ShapeKey, names: Names) -> Json:
    schema = dict(type_schema(key.hint, names))
    if key.field == "to" and key.hint is str:
        schema = dict(one_of_names(names.columns))
    both = f"\n\n`{key.key}` = `{key.chinese[0]}`" if key.chinese else ""
    return {**schema, "description": f"{key.help}{both}"} if key.help else schema


def _plain(hint: Any, names: Names) -> Json:  # Any: a type hint is any object
    known: dict[object, Json] = {
        bool: YES_NO,
        int: {"type": "integer"},
        Block: {"type": "object"},
        Text: SCALAR,
        Cells: {"minProperties": 1, **each({"$ref": "#/$defs/value"})},
        RowValues: {"minProperties": 1, **each({"$ref": "#/$defs/value"})},
        Unless: {"$ref": "#/$defs/conditions"},
        Recipients: _recipients(names),
        Digest: {"$ref": "#/$defs/schedule"},
        Buttons: one_or_list(
            {"anyOf": [{**SCALAR, "examples": list(names.buttons)}, {"$ref": "#/$defs/button"}]}
        ),
        Attachments: one_or_list(
            {**SCALAR, "examples": ["rows as xlsx", "各行存为Excel表格", *names.attachments]}
        ),
        ListName: TEXT,
        TemplateName: one_of_names(names.templates),
    }
    if hint in known:
        return known[hint]
    if isinstance(hint, type) and hasattr(hint, "__dataclass_fields__") and "Shape" in hint.__name__:
        return shape_schema(hint, names)
    return SCALAR


def _recipients(names: Names) -> Json:
    one = {"anyOf": [{**TEXT, "examples": ["responsible", "规则负责人", *names.people]}, {"type": "object"}]}
    return {"anyOf": [one, {"type": "array", "items": one}]}
