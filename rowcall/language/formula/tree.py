"""What is a formula once its names and kinds are known? The typed tree that is evaluated."""

from dataclasses import dataclass, field

from rowcall.language.condition import ColumnRef
from rowcall.language.formula.form import Form
from rowcall.table import Column


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text or TRUE/FALSE written in the formula."""

    value: float | str | bool
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """`[Total]`, `[Customer.Tier]`: the cell of this row, or of a linked one."""

    ref: ColumnRef
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FigureValue:
    """`[Revenue]`: a figure of the rule."""

    name: str
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """`Order lines[Qty]`: all cells of a table's column."""

    table: str
    column: Column
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Apply:
    """A function or an operator with its arguments; `-` and `+` with one argument are signs."""

    name: str
    args: tuple["Node", ...]
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Node = Constant | Cell | FigureValue | Range | Apply


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as written and as understood."""

    text: str
    root: Node

    @property
    def form(self) -> Form:
        """The form of its values."""
        return self.root.form
