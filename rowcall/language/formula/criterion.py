"""What does a criterion of SUMIFS and its kin ask: `">5"`, `"<>x"`, `"A*"`, `[Order No]`, `">="&[From]`?

An operator or a wildcard counts where the formula writes it; what comes from a cell is compared as it stands.
"""

import re
from dataclasses import dataclass

from rowcall.language.formula.form import NUMBER, TEXT, Sort
from rowcall.language.formula.literals import read_number
from rowcall.language.formula.tree import Apply, Constant, Node

_OPERATOR = re.compile(r"<>|<=|>=|=|<|>")
_WILD = re.compile(r"~[*?~]|[*?]")


@dataclass(frozen=True, slots=True)
class Criterion:
    """A comparison with a value, with a pattern, or with emptiness.

    operator: one of = <> < <= > >=. value: what is compared with; None: the cell must be empty (or not empty).
    pattern: texts of a pattern in RE2's language, with nodes between them that stand for themselves; or empty.
    joined: the value stands behind an operator: `"<>"&[Day]` with an empty day is `"<>"`.
    """

    operator: str
    value: Node | None = None
    pattern: tuple[str | Node, ...] = ()
    joined: bool = False


def read_criterion(node: Node) -> Criterion | None:
    """Return what a criterion asks, or None if it asks nothing that has an answer (`">"` alone)."""
    if isinstance(node, Constant) and isinstance(node.value, str):
        return _of_text(node, node.value)
    parts = _joined(node)
    if len(parts) == 1:
        return Criterion("=", node)
    operator = "="
    if isinstance(parts[0], Constant) and isinstance(parts[0].value, str):
        operator, rest = _split(parts[0].value)
        parts = [*([Constant(rest, TEXT, node.at, node.end)] if rest else []), *parts[1:]]
    if len(parts) == 1:
        return Criterion(operator, parts[0], joined=True)
    if operator in ("=", "<>") and any(_is_wild(part) for part in parts):
        return Criterion(operator, pattern=tuple(_wild_or_node(part) for part in parts))
    whole = parts[0]
    for part in parts[1:]:
        whole = Apply("&", (whole, part), TEXT, node.at, node.end)
    return Criterion(operator, whole)


def wild_parts(node: Node) -> tuple[str | Node, ...]:
    """Return a text with wildcards as a pattern: RE2 where the formula writes it, nodes where cells stand."""
    return tuple(_wild_or_node(part) for part in _joined(node))


def _of_text(node: Constant, text: str) -> Criterion | None:
    operator, rest = _split(text)
    if not rest:
        return Criterion(operator) if operator in ("=", "<>") else None
    number = read_number(rest)
    if number is not None:
        return Criterion(operator, Constant(number, NUMBER, node.at, node.end))
    if operator in ("=", "<>") and _WILD.search(rest):
        return Criterion(operator, pattern=(_wild(rest),))
    return Criterion(operator, Constant(rest, TEXT, node.at, node.end))


def _split(text: str) -> tuple[str, str]:
    match = _OPERATOR.match(text)
    return (match[0], text[match.end() :]) if match else ("=", text)


def _joined(node: Node) -> list[Node]:
    found: list[Node] = []
    while isinstance(node, Apply) and node.name == "&":
        found.append(node.args[1])
        node = node.args[0]
    return [node, *reversed(found)]


def _is_wild(node: Node) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, str) and _WILD.search(node.value) is not None


def _wild_or_node(node: Node) -> str | Node:
    if isinstance(node, Constant) and isinstance(node.value, str):
        return _wild(node.value)
    return node


def _wild(text: str) -> str:
    parts: list[str] = []
    at = 0
    for match in _WILD.finditer(text):
        parts.append(re.escape(text[at : match.start()]))
        sign = match[0]
        parts.append({"*": ".*", "?": "."}.get(sign) or re.escape(sign[1:]))
        at = match.end()
    return "".join([*parts, re.escape(text[at:])])


def is_text_value(criterion: Criterion) -> bool:
    """Say whether it compares with a text."""
    return bool(criterion.pattern) or (criterion.value is not None and criterion.value.form.sort is Sort.TEXT)
