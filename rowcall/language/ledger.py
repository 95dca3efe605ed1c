"""Which tables does Rowcall itself keep, that rules and figures can look at but never write to?"""

from collections.abc import Iterator, Mapping

from rowcall.errors import Place, Problem
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Rule
from rowcall.language.value import Cells, RowValues
from rowcall.table import Column, Kind, Schema

DELIVERIES = "Rowcall deliveries"
FIRINGS = "Rowcall firings"
PROBLEMS = "Rowcall problems"

DAYS = 90
"""So far back do these tables reach."""

_STATES = (
    "waiting", "ready", "leased", "sending", "uncertain", "held", "sent", "cancelled", "expired", "dead",
)  # fmt: skip


def _ledger(name: str, *columns: Column) -> Schema:
    return Schema(name, "", name, key=("Id",), columns=(Column("Id"), *columns))


LEDGERS: Mapping[str, Schema] = {
    DELIVERIES: _ledger(
        DELIVERIES,
        Column("Rule"),
        Column("Table"),
        Column("Key"),
        Column("Action"),
        Column("To"),
        Column("State", Kind.CHOICE, _STATES),
        Column("Planned at", Kind.DATETIME),
        Column("Sent at", Kind.DATETIME),
        Column("Tries", Kind.NUMBER),
        Column("Reason"),
    ),
    FIRINGS: _ledger(
        FIRINGS,
        Column("Rule"),
        Column("Table"),
        Column("Key"),
        Column("Episode", Kind.NUMBER),
        Column("Entry"),
        Column("At", Kind.DATETIME),
    ),
    PROBLEMS: _ledger(
        PROBLEMS,
        Column("Where"),
        Column("What"),
        Column("Fix"),
        Column("Rule"),
        Column("Since", Kind.DATETIME),
    ),
}
"""The tables by name, with their columns; they belong to no workbook."""


def is_ledger(schema: Schema) -> bool:
    """Say whether a table is kept by Rowcall itself."""
    return schema.table in LEDGERS and not schema.workbook


def check_ledgers(rule: Rule) -> Iterator[Problem]:
    """Yield an error for each action that would write into a table that Rowcall keeps."""
    for kept in rule.keep:
        yield from _refused(kept.ref.table, kept.place)
    for entry in rule.entries:
        for act in entry.acts:
            for name in getattr(type(act.params), "__dataclass_fields__", ()):
                value = getattr(act.params, name)
                if isinstance(value, Cells):
                    for target in value.targets:
                        yield from _refused(_table_of(target.ref), target.place)
                elif isinstance(value, RowValues):
                    yield from _refused(value.table, value.place)


def _table_of(ref: ColumnRef) -> str:
    return "" if ref.figure else ref.table


def _refused(table: str, place: Place) -> Iterator[Problem]:
    if table in LEDGERS:
        yield Problem(
            place,
            f"{table} is kept by Rowcall itself: rules can look at it, and never write to it.",
            "Write into a table of the shop's own workbooks.",
        )
