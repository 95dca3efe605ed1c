"""Does a rule still mean the same? A hash of what it means, without places, remarks and ways of writing."""

import hashlib
import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from rowcall.errors import Place
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.table import Column

_NOT_MEANING = frozenset({"id", "version", "about"})


def version_of(rule: Rule) -> str:
    """Return the hash of a rule's meaning: sha256, the same in every run of Python.

    What a rule does not say is left out, so that a new key of the language changes no rule that does not use it.
    """
    meant = {
        one.name: meaning(getattr(rule, one.name))
        for one in fields(rule)
        if one.name not in _NOT_MEANING and not _is_default(one, getattr(rule, one.name))
    }
    return hashlib.sha256(json.dumps(meant, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def meaning(value: object) -> object:
    """Return what a value means, as JSON holds it: without places and ways of writing."""
    if isinstance(value, Place):
        return None
    if isinstance(value, ColumnRef | Column):
        return _column(value)
    if is_dataclass(value) and not isinstance(value, type):
        own = type(value).__module__.startswith("rowcall.language.")
        return [
            type(value).__qualname__,
            {
                one.name: meaning(getattr(value, one.name))
                for one in fields(value)
                if one.compare
                and not (own and one.name in ("text", "place"))
                and not _is_default(one, getattr(value, one.name))
            },
        ]
    if isinstance(value, frozenset | set):
        return sorted(json.dumps(meaning(part)) for part in value)
    if isinstance(value, tuple | list):
        return [meaning(part) for part in value]
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date | time | timedelta):
        return f"{type(value).__name__} {value}"
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{value!r} has no meaning that can be hashed")


def _column(value: ColumnRef | Column) -> list[object]:
    """Return a column without its choices and aliases: those are the config's."""
    if isinstance(value, Column):
        return [value.name, str(value.kind)]
    return [value.table, *value.links, value.column.name, str(value.column.kind)]


def _is_default(one: "Field[Any]", value: object) -> bool:  # Any: a field of whatever type
    if one.default is not MISSING:
        return value == one.default and type(value) is type(one.default)
    return one.default_factory is not MISSING and value == one.default_factory()
