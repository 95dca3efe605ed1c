"""What may stand in a template? Only what is listed here; everything else is told before anything runs."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from jinja2 import nodes

from rowcall.template.filters import FILTERS

TESTS: Mapping[str, str] = {
    "empty": "True for an empty cell or a list without rows: `{% if note is not empty %}`.",
    "even": "True for an even number, such as every second `loop.index`.",
    "odd": "True for an odd number.",
}
"""Every word that may stand after `is`, with its line of help."""

LOOP_PARTS = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
"""What a text may ask of `loop` inside {% for %}."""

_DEEPEST_LOOP = 3
_DEEPEST = 60
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
