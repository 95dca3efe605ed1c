"""Which column of a figure's table does a name mean?"""

from dataclasses import dataclass

from rowcall.language.document import Text
from rowcall.language.mistaken import Mistaken, note_mistakes
from rowcall.language.names import columns_of, find_column, resolve_column
from rowcall.language.notes import Notes
from rowcall.language.ref import THIS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.table import Kind


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure is read against: the names known, and the table that its columns belong to."""

    scope: Scope
    table: str
    notes: Notes


def read_column(text: Text, at: Measured) -> ColumnRef | None:
    """Return a column of the figure's table, over links too, or None with the mistake noted."""
    return note_mistakes(at.notes, text.place, text.value, lambda _: column_of(text.value, at))


def fitting_columns(kinds: frozenset[Kind], at: Measured) -> list[str]:
    """Return the names of the table's columns of these kinds."""
    columns = [find_column(at.scope, at.table, name) for name in columns_of(at.scope, at.table)]
    return [one.name for one in columns if one is not None and one.kind in kinds]


def column_of(name: str, at: Measured) -> ColumnRef:
    """Return a column of the figure's table, over links too; raises Mistaken."""
    ref = resolve_column(at.scope, at.table, name)
    if ref.figure:
        known = ", ".join(columns_of(at.scope, at.table))
        raise Mistaken(
            f"`{name}` is a figure, not a column of {at.table}.",
            fix=f"The columns of {at.table} are {known}.",
        )
    if ref.links[:1] == (THIS,):
        raise Mistaken(
            f"Here stands a column of {at.table}, not one of the watched row.", name.partition(".")[2]
        )
    return ref
