"""What may stand where a value is written: in `set`, `add row`, `to`, `keep` and `within`?"""

from dataclasses import dataclass

from rowcall.duration import Span
from rowcall.errors import Place
from rowcall.language.condition import Condition, Literal, Moment, OfSetting
from rowcall.language.formula.tree import Formula
from rowcall.language.ref import ColumnRef
from rowcall.schedule import Schedule


@dataclass(frozen=True, slots=True)
class EmptyValue:
    """`empty`: the cell is emptied."""


@dataclass(frozen=True, slots=True)
class SameAs:
    """`same as COLUMN`: that column's value, read after what earlier actions wrote."""

    ref: ColumnRef


@dataclass(frozen=True, slots=True)
class DueMoment:
    """`due`: the deadline of the rule for this row."""


@dataclass(frozen=True, slots=True)
class Shifted:
    """`3 days after COLUMN`, `2 days before today`: a date or moment shifted. calendar: for working time."""

    base: ColumnRef | Moment | DueMoment
    span: Span
    back: bool = False
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """A duration, where one is wanted (`within`)."""

    span: Span


@dataclass(frozen=True, slots=True)
class NextOf:
    """`next of ROLE`: the active member whose turn it is."""

    role: str


@dataclass(frozen=True, slots=True)
class Increase:
    """`increase by X`, `decrease by X` (back): what stands in the cell, and so much more or less."""

    by: "Value"
    back: bool = False


@dataclass(frozen=True, slots=True)
class Computation:
    """A formula in quotes: `"=[Qty] * [Price]"`."""

    formula: Formula
    place: Place


@dataclass(frozen=True, slots=True)
class ByColumn:
    """`by column:` a table: the texts of these columns choose the value; otherwise: `everything else`."""

    refs: tuple[ColumnRef, ...]
    rows: tuple[tuple[tuple[str, ...], "Value"], ...]
    otherwise: "Value | None"
    place: Place


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of `first that fits`; without `when` it always fits."""

    value: "Value"
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class FirstThatFits:
    """`first that fits:` a list of values with conditions; go_down_after: a lower one must be chosen that long."""

    choices: tuple[Choice, ...]
    place: Place
    go_down_after: Span | None = None


@dataclass(frozen=True, slots=True)
class TextOf:
    """Text with `{{ }}`, rendered and then typed by the column it is written to."""

    source: str
    place: Place


Value = (
    Literal
    | Moment
    | EmptyValue
    | SameAs
    | OfSetting
    | Shifted
    | TextOf
    | DueMoment
    | Length
    | NextOf
    | Increase
    | Computation
    | ByColumn
    | FirstThatFits
)


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
    address: a literal address; responsible: the rule's responsible person; value: a value that names somebody.
    """

    ref: ColumnRef | None = None
    person: str = ""
    address: str = ""
    responsible: bool = False
    value: Value | None = None


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


@dataclass(frozen=True, slots=True)
class ListName:
    """The name of a figure that is a list, as `for each` names it."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a mail: what a press does to the row and to the episode.

    cells: cells that it sets. snooze: all outstanding times move so much later. stop: the episode ends.
    rate: the column that gets the chosen number from low to high; comment: the column that gets what was written.
    """

    label: str
    place: Place
    cells: Cells | None = None
    snooze: Span | None = None
    stop: bool = False
    rate: ColumnRef | None = None
    low: int = 0
    high: int = 0
    comment: ColumnRef | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """The buttons of one mail, in the order written."""

    all: tuple[Button, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """The column that an answer of `ask` is written to."""

    ref: ColumnRef
    place: Place


@dataclass(frozen=True, slots=True)
class AnswerChoices:
    """The answers of `ask` to choose from, each as typed by the column that it is written to."""

    answers: tuple[Literal, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Scale:
    """`rate: 1 to 5`: an answer of `ask` is a number on this scale."""

    low: int
    high: int
    place: Place


@dataclass(frozen=True, slots=True)
class Attachment:
    """One line of `attach`: a figure's list or the rows of a digest (figure "") as xlsx or csv, or a file as it is."""

    figure: str
    form: str
    place: Place
    file: str = ""


@dataclass(frozen=True, slots=True)
class Attachments:
    """Everything that a mail carries, in the order written."""

    all: tuple[Attachment, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Digest:
    """`digest: weekdays at 08:30`: rows are collected, and one mail about them goes out at each label.

    calendar: the name of the one whose working days its schedules mean, "" = none.
    """

    schedules: tuple[Schedule, ...]
    place: Place
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class GroupBy:
    """`group by: Supplier`: one mail of a digest for each value of the column."""

    ref: ColumnRef
    place: Place
