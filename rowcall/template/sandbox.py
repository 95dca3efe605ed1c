"""How is a template run so that it can neither reach out of its values nor eat the machine?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, TemplateSyntaxError, nodes, pass_context, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from rowcall.errors import TemplateError
from rowcall.template.allowlist import LOOP_PARTS, did_you_mean, forbidden
from rowcall.template.filters import Absent, as_list, capped, filters_for, glue, is_empty
from rowcall.template.speech import Speech, as_number, shown
from rowcall.template.tables import ListTable, html_table, plain_table

BUDGET = "the budget"
"""The name (with a blank: no template can spell it) under which a rendering carries its Budget."""

_EACH, _CONCAT = "each in", "side by side"  # filters that only the rewriting below can name
_LONGEST_SOURCE = 262_144


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
            finalize=_printed(speech),
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
        if isinstance(obj, ListTable):
            return self._row_of(obj, argument)
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

    def _row_of(self, table: ListTable, wanted: object) -> object:
        if isinstance(wanted, int):
            return self.getitem(list(table.named_rows), wanted)
        return self.undefined(
            f'a list has no part "{wanted}"; go through its rows with {{% for row in … %}}, or print it as it is'
        )

    def _unknown_part(self, columns: Sequence[str], wanted: object) -> object:
        return self.undefined(
            f'no "{wanted}" here; there are: {", ".join(columns)}{did_you_mean(str(wanted), columns)}'
        )

    def _side_by_side(self) -> Any:  # Any: a Jinja2 filter
        @pass_eval_context
        def side_by_side(context: EvalContext, parts: Sequence[object]) -> str:
            return glue([self._speech.plain(part) for part in parts], escaping=bool(context.autoescape))

        return side_by_side


def _printed(speech: Speech) -> Callable[..., object]:
    """Return how a bare `{{ name }}` is said: a list as a table, any other value as plain text."""

    @pass_eval_context
    def printed(context: EvalContext, value: object) -> object:
        if isinstance(value, ListTable):
            return html_table(value, speech) if context.autoescape else plain_table(value, speech)
        return speech.plain(value)

    return printed


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
