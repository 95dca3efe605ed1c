"""What is a formula once its names and kinds are known? The typed tree that is evaluated."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rowcall.language.formula.form import Form
from rowcall.language.ref import ColumnRef
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
    """`[Revenue]`: a figure of the rule with that id."""

    name: str
    form: Form
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    rule: str = ""


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


def cells_in(formula: Formula) -> Iterator[ColumnRef]:
    """Yield the cells of this row and of linked rows that a formula reads."""
    return (node.ref for node in _nodes(formula.root) if isinstance(node, Cell))


def ranges_in(formula: Formula) -> Iterator[Range]:
    """Yield the whole columns of tables that a formula reads."""
    return (node for node in _nodes(formula.root) if isinstance(node, Range))


def figure_values_in(formula: Formula) -> Iterator[FigureValue]:
    """Yield the figures of a formula, each with the rule that it belongs to."""
    return (node for node in _nodes(formula.root) if isinstance(node, FigureValue))


def figures_in(formula: Formula) -> frozenset[str]:
    """Return the names of the figures that a formula reads."""
    return frozenset(node.name for node in _nodes(formula.root) if isinstance(node, FigureValue))


def functions_in(formula: Formula) -> frozenset[str]:
    """Return the functions and operators of a formula."""
    return frozenset(node.name for node in _nodes(formula.root) if isinstance(node, Apply))


def _nodes(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Apply):
            waiting += node.args
