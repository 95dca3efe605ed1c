"""Which names does a rule file know? Tables, columns, links, people, settings, in one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from rowcall.language.document import Block
from rowcall.period import Period
from rowcall.table import Column, Schema


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that may stand in a rule.

    headers: table → every header of the live sheet, when it could be read: columns that are not declared are
        text columns. An empty mapping means "not known": undeclared columns are then errors.
    people: names of people and roles, folded to lower case → as written. settings: name → text of its value.
    table: the watched table, "" when the rule has none. rule: the id of the rule that is read.
    calendars: the names of the config's calendars. working_hours: the one that the rule's working time counts in,
    "" = none. figures: the rule's figures as columns, by name; lists: figures that are lists → the table that their
    rows come from; breakdowns: figures with `by`, which have no single value either. period: the rule's, if it has
    one. buttons: those of the config, by name. public_url: whether the web part can be reached, so that mails can
    carry buttons. attachments: the files of the shop's `attachments` folder. each: the table whose rows `for each`
    goes through, "" elsewhere. due: the rule has a deadline.
    """

    schemas: Mapping[str, Schema]
    language: str
    zone: ZoneInfo
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    table: str = ""
    rule: str = ""
    calendars: tuple[str, ...] = ()
    working_hours: str = ""
    figures: Mapping[str, Column] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    breakdowns: tuple[str, ...] = ()
    period: Period | None = None
    buttons: Mapping[str, Block] = field(default_factory=dict)
    public_url: bool = False
    attachments: tuple[str, ...] = ()
    each: str = ""
    due: bool = False
