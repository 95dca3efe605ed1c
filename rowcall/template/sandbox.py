"""What may a template do? Only what is listed here; everything else is told before anything runs."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from time import monotonic
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateSyntaxError, nodes, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from rowcall.errors import TemplateError
from rowcall.template.filters import FILTERS, Absent, as_list, capped, filters_for, glue, is_empty
from rowcall.template.speech import Speech, as_number, shown

TESTS: Mapping[str, str] = {
    "empty": "True for an empty cell or a list without rows: `{% if note is not empty %}`.",
    "even": "True for an even number, such as every second `loop.index`.",
    "odd": "True for an odd number.",
}
"""Every word that may stand after `is`, with its line of help."""

LOOP_PARTS = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
"""What a text may ask of `loop` inside {% for %}."""

BUDGET = "the budget"
"""The name (with a blank: no template can spell it) under which a rendering carries its Budget."""

_EACH, _CONCAT = "each in", "side by side"  # filters that only the rewriting below can name
_DEEPEST_LOOP = 3
_DEEPEST = 60
_LONGEST_SOURCE = 262_144
_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Add,
    nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos, nodes.Concat,
    nodes.CondExpr, nodes.If, nodes.For, nodes.Assign, nodes.List, nodes.Tuple, nodes.Keyword,
    nodes.Include, nodes.Extends, nodes.Block,
)  # fmt: skip
_SAID: Mapping[type[nodes.Node], str] = {
    nodes.Call: "calling something with ( ) is not possible here; the ready-made filters after | can",
    nodes.Pow: "** (to the power of) is not possible in a text",
    nodes.Macro: "{% macro %} is not possible; put the shared part into its own file and use {% include %}",
    nodes.Import: "{% import %} is not possible; use {% include %}",
    nodes.FromImport: "{% from … import %} is not possible; use {% include %}",
    nodes.CallBlock: "{% call %} is not possible in a template",
    nodes.FilterBlock: "{% filter %} around a part is not possible; put the filter after the value",
    nodes.AssignBlock: "{% set %} around a part is not possible; write {% set name = value %}",
    nodes.Scope: "{% autoescape %} is not possible: text from cells is always escaped",
    nodes.Slice: "[from:to] is not possible; use | truncate(80)",
    nodes.Dict: "{ } inside {{ }} is not possible",
}


class Budget:
    """How many loop rounds and seconds one rendering still has."""

    __slots__ = ("_deadline", "_rounds", "_seconds")

    def __init__(self, rounds: int = 100_000, seconds: float = 5.0) -> None:
        self._rounds = rounds
        self._seconds = seconds
        self._deadline = monotonic() + seconds

    def spend(self) -> None:
        """Count one round or piece of output; raises TemplateError when nothing is left."""
        self._rounds -= 1
        if self._rounds < 0:
            raise TemplateError("the loops of this text go round too often (more than 100,000 times)")
        if monotonic() > self._deadline:
            raise TemplateError(f"making this text takes longer than {self._seconds:g} seconds")


class Sandbox(SandboxedEnvironment):
    """Jinja2 with nothing but the listed nodes, filters and tests; `html` says whether cells are escaped."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})
    intercepted_unops = frozenset({"+", "-"})

    def __init__(self, speech: Speech, loader: BaseLoader, *, html: bool) -> None:
        super().__init__(
            autoescape=html,
            loader=loader,
            undefined=StrictUndefined,
            finalize=speech.plain,
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            cache_size=200,
        )
        self._speech = speech
        self.globals.clear()
        self.filters.clear()
        self.filters.update(filters_for(speech) | {_EACH: _each, _CONCAT: self._side_by_side()})
        self.tests.clear()
        self.tests.update(
            empty=lambda value: isinstance(value, Absent) or is_empty(value),
            even=lambda value: as_number(value, "even") % 2 == 0,
            odd=lambda value: as_number(value, "odd") % 2 == 1,
        )

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Parse a text; raises TemplateSyntaxError also for one that is too long or too deep to be parsed."""
        if len(source) > _LONGEST_SOURCE:
            raise TemplateSyntaxError("the text is longer than 256 KB, too long for a mail", 1, name)
        try:
            return super().parse(source, name, filename)
        except (RecursionError, ValueError) as error:
            raise TemplateSyntaxError(
                "brackets are nested too deep, or a number is too long", 1, name
            ) from error

    def compile(
        self, source: str | nodes.Template, *names: Any, **options: Any
    ) -> Any:  # Any: Jinja2's overloads
        """Compile a template after every node of it was found on the list; raises TemplateSyntaxError."""
        tree = self.parse(source, *names[:2]) if isinstance(source, str) else source
        for line, what in forbidden(tree):
            raise TemplateSyntaxError(what, line, names[0] if names else None)
        return super().compile(_Rewrite().visit(tree), *names, **options)

    def getattr(self, obj: object, attribute: str) -> object:
        """Look up `obj.attribute`: a column of a row, never an attribute of a Python object."""
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """Look up `obj[argument]`: a column by its name or a row by its number."""
        if obj is None or isinstance(obj, Absent):
            return Absent(
                f'there is nothing to take "{argument}" from: it is empty; use | default("…") or {{% if %}}'
            )
        if isinstance(obj, StrictUndefined):
            return obj[argument]  # raises with the name of what is not known
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self._unknown_part(sorted(map(str, obj)), argument)
        if isinstance(obj, LoopContext) and argument in LOOP_PARTS:
            return getattr(obj, str(argument))
        if is_dataclass(obj) and argument in (names := [field.name for field in fields(obj)]):
            return getattr(obj, names[names.index(str(argument))])
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else None
        return self.undefined(f'{shown(obj)} is a single value, it has no part "{argument}"')

    def call_binop(
        self,
        context: Context,  # noqa: ARG002 (Jinja2's signature)
        operator: str,
        left: Any,
        right: Any,
    ) -> Any:  # Any: values of a template
        """Compute `left operator right` for numbers, times and texts (only +), within the caps."""
        for side in (left, right):
            if isinstance(side, StrictUndefined | Absent):
                str(side)
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return capped(left + right)
        if operator == "-" and isinstance(left, date) and isinstance(right, date):
            return left - right
        if operator in "+-" and isinstance(left, date | timedelta) and isinstance(right, timedelta):
            return left + right if operator == "+" else left - right
        numbers = as_number(left, operator), as_number(right, operator)
        return as_number(self._reckon(operator, *numbers), operator)

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:  # noqa: ARG002 (Jinja2's signature)
        """Compute `-value` or `+value` of a number."""
        return as_number(arg, operator) * (-1 if operator == "-" else 1)

    @staticmethod
    def _reckon(operator: str, left: Decimal, right: Decimal) -> Decimal:
        if operator in {"/", "//", "%"} and not right:
            raise TemplateError(f"{left} {operator} 0 has no result")
        if operator == "+":
            return left + right
        if operator == "-":
            return left - right
        if operator == "*":
            return left * right
        if operator == "/":
            return left / right
        return left // right if operator == "//" else left % right

    def _unknown_part(self, columns: Sequence[str], wanted: object) -> object:
        return self.undefined(
            f'no "{wanted}" here; there are: {", ".join(columns)}{did_you_mean(str(wanted), columns)}'
        )

    def _side_by_side(self) -> Any:  # Any: a Jinja2 filter
        @pass_eval_context
        def side_by_side(context: EvalContext, parts: Sequence[object]) -> str:
            return glue([self._speech.plain(part) for part in parts], escaping=bool(context.autoescape))

        return side_by_side


def forbidden(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Go through a parsed template and name (line, what) of all that is not allowed."""
    yield from _walk(tree, 0, 0)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Return ` (did you mean "…"?)` for the closest known word, or ""."""
    close = get_close_matches(word, known, 1) or [
        name for name in known if name.casefold() == word.casefold()
    ]
    return f' (did you mean "{close[0]}"?)' if close else ""


def _walk(node: nodes.Node, loops: int, depth: int) -> Iterator[tuple[int, str]]:
    what = _objection(node, loops) if depth < _DEEPEST else "this is nested too deep, or too long a sum"
    if what:
        yield node.lineno or 1, what
        return
    for child in node.iter_child_nodes():
        yield from _walk(child, loops + isinstance(node, nodes.For), depth + 1)


def _objection(node: nodes.Node, loops: int) -> str:
    if not isinstance(node, _ALLOWED):
        return _SAID.get(type(node), f"{type(node).__name__} is not possible in a text")
    if isinstance(node, nodes.Filter | nodes.Test):
        return _listed(node)
    if isinstance(node, nodes.For):
        return _loop(node, loops)
    if isinstance(node, nodes.Include | nodes.Extends):
        return _other_file(node)
    if isinstance(node, nodes.Assign) and not isinstance(node.target, nodes.Name):
        return "{% set %} gives one name one value: {% set name = value %}"
    if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
        return "inside [ ] only a name in quotes or a number may stand"
    name = node.attr if isinstance(node, nodes.Getattr) else node.name if isinstance(node, nodes.Name) else ""
    if isinstance(node, nodes.Getitem):
        name = str(node.arg.as_const()) if isinstance(node.arg, nodes.Const) else ""
    return (
        f'"{name}" is not possible: names with two underscores in front belong to the machinery'
        * name.startswith("__")
    )


def _listed(node: nodes.Filter | nodes.Test) -> str:
    known, sort = (FILTERS, "filter") if isinstance(node, nodes.Filter) else (TESTS, "word after is")
    if node.name not in known:
        close = did_you_mean(node.name, list(known))
        return f'unknown {sort} "{node.name}"{close}; there are: {", ".join(known)}'
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        return f'"{node.name}" takes its settings one by one, without *'
    return ""


def _loop(node: nodes.For, loops: int) -> str:
    if loops >= _DEEPEST_LOOP:
        return f"loops may be nested {_DEEPEST_LOOP} deep, not deeper"
    if node.recursive or not isinstance(node.target, nodes.Name):
        return "a loop reads {% for row in rows %}, with one name and without recursive"
    return ""


def _other_file(node: nodes.Include | nodes.Extends) -> str:
    if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
        return 'the other file must be named in quotes: {% include "name.html" %}'
    if isinstance(node, nodes.Include) and (node.ignore_missing or not node.with_context):
        return '{% include "name.html" %} takes no further words'
    return ""


class _Rewrite(NodeTransformer):
    """Put the counters in: every loop's list and every `~` goes through a filter that keeps the caps."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (the visitor's naming)
        self.generic_visit(node)
        node.iter = _through(node.iter, _EACH, node)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 (the visitor's naming)
        self.generic_visit(node)
        return _through(nodes.List(node.nodes), _CONCAT, node)


def _through(value: nodes.Node, name: str, instead_of: nodes.Node) -> nodes.Filter:
    wrapped = nodes.Filter(value, name, [], [], None, None)
    wrapped.set_lineno(instead_of.lineno)
    if instead_of.environment:
        wrapped.set_environment(instead_of.environment)
    return wrapped


@pass_context
def _each(context: Context, value: object) -> Iterator[object]:
    budget = context.get(BUDGET)
    for row in as_list(value, "{% for %}"):
        if isinstance(budget, Budget):
            budget.spend()
        yield row


def fits_signature(function: object, arguments: int, names: Sequence[str]) -> bool:
    """Tell whether a filter takes so many arguments after its value and these named ones."""
    if not callable(function):
        return False
    own = 1 if hasattr(function, "jinja_pass_arg") else 0
    try:
        inspect.signature(function).bind(*[None] * (own + 1 + arguments), **dict.fromkeys(names))
    except TypeError:
        return False
    return True
