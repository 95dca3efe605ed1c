"""Does a value fit a JSON Schema? The small part of the standard that the project's own schemas use."""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "docs" / "reference" / "json"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "examples", "format", "type", "const", "enum", "anyOf",
    "allOf", "if", "then", "properties", "patternProperties", "additionalProperties", "required", "items",
    "minItems", "minProperties",
}  # fmt: skip


def misfits(
    value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "$"
) -> list[str]:
    """Return what does not fit, with its path; nothing if all is well."""
    root = root or schema
    assert schema.keys() <= _KNOWN, f"the validator does not know {schema.keys() - _KNOWN}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/").replace("%20", " ")
        return misfits(value, root["$defs"][name], root, at)
    found = _plain(value, schema, at)
    if "anyOf" in schema:
        tried = [misfits(value, one, root, at) for one in schema["anyOf"]]
        found += [] if any(not one for one in tried) else tried[0]
    for one in schema.get("allOf", ()):
        found += misfits(value, one, root, at)
    if "if" in schema and not misfits(value, schema["if"], root, at):
        found += misfits(value, schema["then"], root, at)
    if isinstance(value, dict):
        found += _object(value, schema, root, at)
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            found.append(f"{at}: too short")
        for number, one in enumerate(value):
            found += misfits(one, schema.get("items", {}), root, f"{at}[{number}]")
    return found


def _plain(value: Any, schema: dict[str, Any], at: str) -> list[str]:
    found = []
    if "type" in schema and not _is_of(value, schema["type"]):
        found.append(f"{at}: {value!r} is no {schema['type']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{at}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    return found


def fits(document: str, name: str) -> Any:
    """Return a printed JSON document that must fit the schema of that name in docs/reference/json."""
    value = json.loads(document)
    found = misfits(value, json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")))
    assert not found, "\n".join(found)
    return value


def _object(value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    if len(value) < schema.get("minProperties", 0):
        found.append(f"{at}: too few keys")
    for name, one in value.items():
        inner = [schema["properties"][name]] if name in schema.get("properties", {}) else []
        inner += [
            one for pattern, one in schema.get("patternProperties", {}).items() if re.search(pattern, name)
        ]
        if not inner and schema.get("additionalProperties") is False:
            found.append(f"{at}: {name} is not known")
        elif not inner and isinstance(schema.get("additionalProperties"), dict):
            inner = [schema["additionalProperties"]]
        for each in inner:
            found += misfits(one, each, root, f"{at}.{name}")
    return found


def _is_of(value: Any, kinds: str | list[str]) -> bool:
    names = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, _TYPES[name]) for name in names)
