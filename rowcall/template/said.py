"""How does a figure stand in a text: as a value that knows how it reads?"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self
from zoneinfo import ZoneInfo

from rowcall.evaluate.figures import Figures, Listed
from rowcall.evaluate.slugs import slug
from rowcall.period import Period, bounds, label_of
from rowcall.table import CellValue, Kind
from rowcall.template.speech import Speech
from rowcall.template.tables import NOTHING, ListColumn, ListTable, shown_cell


class SaidNumber(Decimal):
    """A number that prints as its figure says; filters and comparisons take it as the number that it is."""

    said: str

    @classmethod
    def of(cls, value: Decimal, said: str) -> Self:
        """Return the number with its words."""
        one = cls(value)
        one.said = said
        return one


class SaidLength(timedelta):
    """A duration that prints as its figure says."""

    said: str

    @classmethod
    def of(cls, value: timedelta, said: str) -> Self:
        """Return the duration with its words."""
        one = cls(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
        one.said = said
        return one


class SaidNothing(str):
    """A figure that is empty or unknown: it prints `–`, and counts as empty."""

    __slots__ = ()
    said = NOTHING


class Reason(dict[str, str]):
    """A column that a rule asks, and what it says: `text` and `value`; as a whole it prints `Status: Paid`."""

    __slots__ = ()

    @property
    def said(self) -> str:
        """What it prints as."""
        return f"{self['text']}: {self['value']}"


def reasons_of(because: Mapping[str, str]) -> list[Reason]:
    """Return why a row matters, from the texts of the columns that the rule asks, as texts know it."""
    return [Reason(text=name, value=text) for name, text in because.items()]


def names_of_figures(figures: Figures, key: str, speech: Speech) -> Mapping[str, object]:
    """Return the figures by the names that texts know, `NAME_change` and the list of all of them included."""

    def say(value: CellValue, kind: Kind, show_as: str) -> str:
        return shown_cell(value, ListColumn("", kind, show_as), speech)

    told = list(figures.told(say, key))
    names: dict[str, object] = {"figures": told}
    for one in told:
        names[slug(one.name)] = said_value(one.value, one.text)
        names[f"{slug(one.name)}_change"] = said_value(one.change, one.change_text)
    for name in figures.figures:
        if figures.is_listed(name):
            names[slug(name)] = list_table(figures.listed(name, key))
    return names


def said_value(value: CellValue, text: str) -> object:
    """Return a value that prints as this text."""
    if value is None:
        return SaidNothing()
    if isinstance(value, Decimal):
        return SaidNumber.of(value, text)
    return SaidLength.of(value, text) if isinstance(value, timedelta) else value


def list_table(listed: Listed) -> ListTable:
    """Return a list or a breakdown as texts print it."""
    columns = tuple(ListColumn(name, kind, show_as) for name, kind, show_as in listed.columns)
    return ListTable(columns, listed.rows)


def names_of_period(period: Period, now: datetime, zone: ZoneInfo) -> Mapping[str, object]:
    """Return what texts know of a period: its label, its first and its last day."""
    first, last = bounds(period, now, zone)
    return {"label": label_of(period, now, zone), "start": first, "end": last}
