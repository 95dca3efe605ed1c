"""What does a formula mean: are its names known, do its functions get what they need?

Everything wrong is found in one go, each with the characters where it stands and the formula as it was meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from rowcall.language.formula.arguments import check_argument, check_criterion
from rowcall.language.formula.findings import Findings
from rowcall.language.formula.form import EMPTY_TEXT, FLAG, NUMBER, TEXT, Form, Sort
from rowcall.language.formula.functions import FUNCTIONS, INSTEAD, Function, Want
from rowcall.language.formula.operators import operate
from rowcall.language.formula.parse import parse_formula
from rowcall.language.formula.raw import FormulaMistake, MistakenFormula, Piece, Raw
from rowcall.language.formula.tree import Apply, Cell, Constant, FigureValue, Formula, Node, Range
from rowcall.language.mistaken import Mistaken
from rowcall.language.names import columns_of, find_column, resolve_column
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.table import Kind

NO_FIGURES: Mapping[str, Kind] = MappingProxyType({})


def read_formula(
    text: str,
    scope: Scope,
    figures: Mapping[str, Kind] = NO_FIGURES,
    resolve: Callable[[str], ColumnRef] | None = None,
) -> Formula:
    """Return what a formula means, seen from the rows of `scope.table`; raises MistakenFormula.

    text: with or without the leading `=`. figures: names of the rule's figures → their kinds.
    resolve: finds a column where names mean something else; raises Mistaken.
    """
    raw = parse_formula(text)
    reader = _Reader(text, scope, figures, Findings(text), resolve)
    root = reader.read(raw)
    if isinstance(root, Range):
        reader.found.add(raw, *_whole_column(root, scope))
    if reader.found.mistakes or root is None:
        raise MistakenFormula(tuple(reader.found.mistakes))
    return Formula(text, root)


@dataclass(slots=True)
class _Reader:
    """Turns pieces into typed nodes; None stands for a part that is mistaken, so that one mistake is told once."""

    text: str
    scope: Scope
    figures: Mapping[str, Kind]
    found: Findings = field(repr=False)
    resolve: Callable[[str], ColumnRef] | None = None

    def read(self, raw: Raw) -> Node | None:
        match raw.piece:
            case Piece.NUMBER:
                return Constant(float(raw.text), NUMBER, raw.at, raw.end)
            case Piece.TEXT:
                return Constant(raw.text, TEXT if raw.text else EMPTY_TEXT, raw.at, raw.end)
            case Piece.FLAG:
                return Constant(raw.text == "TRUE", FLAG, raw.at, raw.end)
            case Piece.COLUMN:
                return self._column(raw)
            case Piece.RANGE:
                return self._range(raw)
            case Piece.OPERATOR:
                return self._operator(raw)
            case Piece.CALL:
                return self._call(raw)
            case Piece.GAP:
                self.found.add(
                    raw, "An argument is missing between the commas.", fix='Nothing is written `""`.'
                )
                return None

    def _column(self, raw: Raw) -> Node | None:
        figure = self.figures.get(raw.text)
        try:
            ref = self._resolve(raw.text)
        except Mistaken as mistaken:
            if figure is not None:
                return FigureValue(raw.text, Form(figure), raw.at, raw.end, self.scope.rule)
            near = did_you_mean(raw.text, self.figures)
            meant, what = mistaken.suggestion or near, mistaken.what
            if near and not mistaken.suggestion:
                what = f"`{raw.text}` is neither a column nor a figure. Did you mean the figure `{near}`?"
            self.found.add(raw, what, f"[{meant}]" if meant else "", mistaken.fix)
            return None
        if figure is not None:
            self.found.add(
                raw, f"`{raw.text}` is both a column and a figure.", fix="Give the figure another name."
            )
            return None
        return Cell(ref, Form(ref.column.kind), raw.at, raw.end)

    def _resolve(self, name: str) -> ColumnRef:
        if self.resolve is not None:
            return self.resolve(name)
        if not self.scope.table:
            raise Mistaken(
                f"`{name}` is not a figure of this rule, and the rule looks at no table.",
                fix=f"Its figures are {', '.join(self.figures) or 'none'}.",
            )
        return resolve_column(self.scope, self.scope.table, name)

    def _range(self, raw: Raw) -> Range | None:
        tables = self.scope.schemas
        if raw.table not in tables:
            near = did_you_mean(raw.table, tables)
            what = f"There is no table `{raw.table}`." + (f" Did you mean `{near}`?" if near else "")
            self.found.add(raw, what, f"{_quoted(near)}[{raw.text}]" if near else "", _tables(self.scope))
            return None
        column = find_column(self.scope, raw.table, raw.text)
        if column is None:
            names = columns_of(self.scope, raw.table)
            near = did_you_mean(raw.text, names)
            what = f"{raw.table} has no column `{raw.text}`." + (f" Did you mean `{near}`?" if near else "")
            fix = f"The columns of {raw.table} are {', '.join(names)}."
            self.found.add(raw, what, f"{_quoted(raw.table)}[{near}]" if near else "", fix)
            return None
        return Range(raw.table, column, Form(column.kind), raw.at, raw.end)

    def _operator(self, raw: Raw) -> Node | None:
        args = [self._single(part) for part in raw.parts]
        if any(arg is None for arg in args):
            return None
        known = [arg for arg in args if arg is not None]
        form = operate(raw, known, self.found)
        return None if form is None else Apply(raw.text, tuple(known), form, raw.at, raw.end)

    def _single(self, raw: Raw) -> Node | None:
        node = self.read(raw)
        if isinstance(node, Range):
            self.found.add(raw, *_whole_column(node, self.scope))
            return None
        return node

    def _call(self, raw: Raw) -> Node | None:
        function = FUNCTIONS.get(raw.text)
        if function is None:
            self.found.at(raw.at, raw.at + len(raw.text), *_unknown_function(raw.text))
            for part in raw.parts:
                self.read(part)
            return None
        if not self._count_fits(function, raw):
            return None
        args: list[Node] = []
        for index, part in enumerate(raw.parts):
            node = self.read(part)
            if node is not None and check_argument(function, index, node, self.scope, self.found):
                args.append(node)
        if len(args) < len(raw.parts) or not self._together(function, args, raw):
            return None
        form = function.form([arg.form for arg in args])
        return Apply(function.name, tuple(args), form, raw.at, raw.end)

    def _count_fits(self, function: Function, raw: Raw) -> bool:
        count = len(raw.parts)
        ragged = function.repeat > 1 and (count - len(function.args)) % function.repeat
        if count < function.fewest or (function.most is not None and count > function.most) or ragged:
            what = f"{function.name} can't have {_counted(count)}; it is written {function.usage}."
            self.found.add(raw, what)
            return False
        return True

    def _together(self, function: Function, args: list[Node], raw: Raw) -> bool:
        """Check what concerns several arguments at once."""
        if function.name == "IF" and len(args) == 2 and args[1].form.sort is not Sort.FLAG:  # noqa: PLR2004
            written = self.text[raw.at : raw.end]
            what = "IF does not say what to give where the condition is false."
            self.found.add(raw, what, written[:-1].rstrip() + ', "")', 'Nothing is written `""`.')
            return False
        wants = (Want.RANGE, Want.NUMBER_RANGE)
        ranges = [arg for index, arg in enumerate(args) if function.arg(index).want in wants]
        tables = list(dict.fromkeys(arg.table for arg in ranges if isinstance(arg, Range)))
        if len(tables) > 1:
            what = f"The columns in {function.name} must be of one table; here are {' and '.join(tables)}."
            self.found.add(raw, what)
            return False
        checks = [
            check_criterion(cells, arg, self.found)
            for index, (cells, arg) in enumerate(pairwise(args), 1)
            if function.arg(index).want is Want.CRITERION and isinstance(cells, Range)
        ]
        return all(checks)


def _unknown_function(name: str) -> tuple[str, str, str]:
    meant, fix = INSTEAD.get(name, ("", ""))
    meant = meant or did_you_mean(name, FUNCTIONS)
    what = f"There is no function {name} here." + (f" Did you mean {meant}?" if meant else "")
    return what, "" if name in INSTEAD else meant, fix or f"The functions are {', '.join(FUNCTIONS)}."


def _whole_column(node: Range, scope: Scope) -> tuple[str, str, str]:
    what = f"`{node.table}[{node.column.name}]` is a whole column, where one value is needed."
    if node.table == scope.table:
        return what, f"[{node.column.name}]", "The cell of this row is written without the table's name."
    return what, "", "Use SUMIFS, COUNTIFS or XLOOKUP to get one value for each row."


def _quoted(table: str) -> str:
    return (
        table
        if table.replace(" ", "").isalnum() and not table[:1].isdigit()
        else "'" + table.replace("'", "''") + "'"
    )


def _tables(scope: Scope) -> str:
    return f"The tables are {', '.join(scope.schemas)}."


def _counted(count: int) -> str:
    return "no arguments" if not count else "1 argument" if count == 1 else f"{count} arguments"


def mistakes_of(
    text: str, scope: Scope, figures: Mapping[str, Kind] = NO_FIGURES
) -> tuple[FormulaMistake, ...]:
    """Return everything that is wrong in a formula; nothing if it can be evaluated."""
    try:
        read_formula(text, scope, figures)
    except MistakenFormula as mistaken:
        return mistaken.mistakes
    return ()
