"""What may stand where a value is written: in `set`, `add row`, `to`, and later `keep` and `within`?"""

from dataclasses import dataclass

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.condition import ColumnRef, Condition, Literal, Moment, OfSetting


@dataclass(frozen=True, slots=True)
class EmptyValue:
    """`empty`: the cell is emptied."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """`same as COLUMN`: that column's value, read after what earlier actions wrote."""

    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class Shifted:
    """`3 days after COLUMN`, `2 days before today`: a date or moment shifted."""

    base: ColumnRef | Moment
    span: Span
    back: bool = False


@dataclass(frozen=True, slots=True)
class TextOf:
    """Text with `{{ }}`, rendered and then typed by the column it is written to."""

    source: str
    place: Place


Value = Literal | Moment | EmptyValue | SameAs | OfSetting | Shifted | TextOf


@dataclass(frozen=True, slots=True)
class Target:
    """One cell to set: a column of the row or of a linked row, and its value."""

    ref: ColumnRef
    value: Value
    place: Place


@dataclass(frozen=True, slots=True)
class Someone:
    """One way of naming a recipient; exactly one field is set.

    ref: a column with addresses or of kind person; person: the name of a person or role of the config;
    address: a literal address; responsible: the rule's responsible person.
    """

    ref: ColumnRef | None = None
    person: str = ""
    address: str = ""
    responsible: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """Everyone a mail goes to: a list of alternatives, each the first of its `or` chain that names anybody."""

    anyone: tuple[tuple[Someone, ...], ...]
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Cells:
    """The value of a `set` action: columns of the watched row or of linked rows, in the order written."""

    targets: tuple[Target, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class RowValues:
    """The value of `values` in `add row`: columns of the other table by name."""

    table: str
    targets: tuple[Target, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Unless:
    """`unless there is:` conditions on the table that a row is added to."""

    table: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class TemplateName:
    """The file name of a template in the shop's `templates` folder."""

    name: str
    place: Place
