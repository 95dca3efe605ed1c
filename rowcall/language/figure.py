"""What may a figure be: a count, a sum, a share, a list, a formula over other figures?"""

from dataclasses import dataclass
from enum import StrEnum

from rowcall.errors import Place
from rowcall.language.condition import Condition
from rowcall.language.formula.tree import Formula
from rowcall.language.ref import ColumnRef
from rowcall.language.value import Value
from rowcall.table import Kind


class How(StrEnum):
    """Ways of making one value of many."""

    SUM = "sum of"
    AVERAGE = "average of"
    MEDIAN = "median of"
    P90 = "p90 of"
    HIGHEST = "highest of"
    LOWEST = "lowest of"
    DISTINCT = "distinct of"


class ShowAs(StrEnum):
    """How a figure is written."""

    MONEY = "money"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Count:
    """`count: rows`."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum of: Total`, `distinct of: Customer`."""

    how: How
    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class TimeBetween:
    """`median of: {time between: [A, B]}`; calendar: counted in its working hours, "" = on the clock."""

    how: How
    start: ColumnRef
    end: ColumnRef
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class ShareWith:
    """`share with:` conditions: how many of the rows that `where` leaves fulfil them too, from 0 to 1."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class Listing:
    """`list: [columns]`, with `sort by` (column, descending) and `at most`."""

    refs: tuple[ColumnRef, ...]
    sort_by: tuple[tuple[ColumnRef, bool], ...] = ()
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class FormulaOf:
    """`formula:` over other figures."""

    formula: Formula


Measure = Count | Aggregate | TimeBetween | ShareWith | Listing | FormulaOf


@dataclass(frozen=True, slots=True)
class Figure:
    """One named figure of a rule.

    table: where its rows are ("" for a formula). where: None = all rows; a plain column belongs to `table`,
    `this.Column` (first link THIS) to the watched row. by: broken down by this column. kind: of its value; a list
    and a breakdown have none of their own.
    """

    name: str
    measure: Measure
    place: Place
    table: str = ""
    where: Condition | None = None
    by: ColumnRef | None = None
    show_as: ShowAs | None = None
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of `keep`: a column of the watched row, and the value that it is kept at."""

    ref: ColumnRef
    value: Value
    place: Place
