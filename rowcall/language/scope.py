"""Which names does a rule file know? Tables, columns, links, people, settings, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from rowcall.table import Schema


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that may stand in a rule.

    headers: table → every header of the live sheet, when it could be read: columns that are not declared are
        text columns. An empty mapping means "not known": undeclared columns are then errors.
    people: names of people and roles, folded to lower case → as written. settings: name → text of its value.
    table: the watched table, "" when the rule has none.
    """

    schemas: Mapping[str, Schema]
    language: str
    zone: ZoneInfo
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    table: str = ""
