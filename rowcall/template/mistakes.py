"""What is wrong with a text or template, told before anything is sent?"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import jinja2
from jinja2 import nodes

from rowcall.errors import Place, Problem, Severity
from rowcall.evaluate.slugs import slug
from rowcall.template.allowlist import LOOP_PARTS, did_you_mean, fits_signature, forbidden
from rowcall.template.sandbox import Sandbox

_PRINTED = re.compile(r"\{\{-?\s*(?P<name>[^{}|]+?)\s*(?:\||-?\}\})")
_SINGLE = re.compile(r"(?<![{%#])\{\s*(?P<name>[^{}%#|]+?)\s*\}(?!\})")
_LOOKS_TEMPLATED = ("{{", "{%", "{#")

Path = tuple[str, ...]

_LOOP: Path = ("the loop",)  # with a blank: no template can spell it


def mistakes(sandbox: Sandbox, source: str, known: Collection[str], place: Place) -> list[Problem]:
    """Name all mistakes of one text; the line of `place` is where the text begins (0 = count from 1)."""
    first = max(place.line, 1)
    lines = source.splitlines() or [""]

    def problem(line: int, what: str, fix: str = "", severity: Severity = Severity.ERROR) -> Problem:
        line = min(max(line, 1), len(lines))
        excerpt = lines[line - 1].strip() if any(mark in source for mark in _LOOKS_TEMPLATED) else ""
        spot = replace(place, line=first + line - 1, column=place.column if line == 1 else 0)
        return Problem(spot, what, suggestion=fix, severity=severity, excerpt=excerpt)

    single = [problem(line, what, fix, Severity.WARNING) for line, what, fix in _single_braces(lines, known)]
    try:
        tree = sandbox.parse(source)
    except jinja2.TemplateSyntaxError as error:
        return [problem(error.lineno, *_syntax(error, lines, known)), *single]
    refused = [problem(line, what) for line, what in forbidden(tree)]
    if refused:
        return [*refused, *single]
    settings = [problem(line, what) for line, what in _wrong_settings(sandbox, tree)]
    unknown = [problem(line, what) for line, what in _unknown(tree, known)]
    return [*settings, *unknown, *single]


def names_used(sandbox: Sandbox, source: str) -> tuple[set[str], list[str]]:
    """Return the names a text asks for and the files it includes; raises jinja2.TemplateSyntaxError."""
    tree = sandbox.parse(source)
    used = {path[0] for _, path in _paths(tree.body, {}) if path[0] != _LOOP[0]}
    files = [node.template for node in tree.find_all(nodes.Include)]
    files += [node.template for node in tree.find_all(nodes.Extends)]
    return used, [str(file.value) for file in files if isinstance(file, nodes.Const)]


def _single_braces(lines: Sequence[str], known: Collection[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(lines, 1):
        for match in _SINGLE.finditer(line):
            if (name := _closest_slug(match["name"], known)) and name in (match["name"], slug(match["name"])):
                yield (
                    number,
                    f'"{match[0]}" would be sent as it stands; names stand in double braces',
                    f"{{{{ {name} }}}}",
                )


def _syntax(
    error: jinja2.TemplateSyntaxError, lines: Sequence[str], known: Collection[str]
) -> tuple[str, str]:
    """Say a syntax error; a header with blanks inside {{ }} is the most likely one."""
    line = lines[min(error.lineno, len(lines)) - 1] if lines else ""
    for match in _PRINTED.finditer(line):
        name = match["name"]
        if not name.isidentifier() and (close := _closest_slug(name, known)):
            return f'"{name}" is written as {close} inside {{{{ }}}}', match[0].replace(name, close)
    return f"this text can't be understood: {error.message}", ""


def _closest_slug(name: str, known: Collection[str]) -> str:
    tops = {path.partition(".")[0] for path in known}
    return next((each for each in (name, slug(name)) if each in tops or each in known), "")


def _wrong_settings(sandbox: Sandbox, tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for node in tree.find_all(nodes.Filter):
        names = [str(each.key) for each in node.kwargs if isinstance(each, nodes.Pair | nodes.Keyword)]
        if not fits_signature(sandbox.filters[node.name], len(node.args), names):
            yield node.lineno, f'the filter "{node.name}" does not take these settings in its brackets'


def _unknown(tree: nodes.Template, known: Collection[str]) -> Iterator[tuple[int, str]]:
    parts: dict[str, set[str]] = {}
    for name in known:
        top, _, part = name.partition(".")
        parts.setdefault(top, set()).update([part] if part else [])
    seen = set()
    for line, path in _paths(tree.body, {}):
        if path in seen or path == _LOOP:
            continue
        seen.add(path)
        if path[0] == _LOOP[0]:
            yield line, f'"loop" has no "{path[1]}"; there are: {", ".join(LOOP_PARTS)}'
        elif path[0] not in parts:
            hint = slug(path[0]) if slug(path[0]) in parts else ""
            close = f' (did you mean "{hint}"?)' if hint else did_you_mean(path[0], sorted(parts))
            yield line, f'unknown name "{path[0]}"{close}; known here: {", ".join(sorted(parts))}'
        elif len(path) > 1 and parts[path[0]] and not _is_part(path[1:], parts[path[0]]):
            there = sorted(parts[path[0]])
            what = f'"{path[0]}" has no "{".".join(path[1:])}"{did_you_mean(".".join(path[1:]), there)}'
            yield line, f"{what}; there are: {', '.join(there)}"


def _is_part(path: Path, parts: Collection[str]) -> bool:
    said = ".".join(path)
    return any(part == said or part.startswith(f"{said}.") or said.startswith(f"{part}.") for part in parts)


def _paths(body: Sequence[nodes.Node], bound: Mapping[str, Path]) -> Iterator[tuple[int, Path]]:
    """Go through every name that is read, as (line, path); loop and set names stand for their values."""
    bound = dict(bound)
    for node in body:
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            yield from _paths([node.node], bound)
            bound[node.target.name] = _path(node.node, bound) or ()
        elif isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
            yield from _paths([node.iter], bound)
            inner = {**bound, node.target.name: _path(node.iter, bound) or (), "loop": _LOOP}
            yield from _paths([*([node.test] if node.test else []), *node.body], inner)
            yield from _paths(node.else_, bound)
        elif (path := _path(node, bound)) is not None:
            if path:
                yield node.lineno, path
        else:
            yield from _paths(list(node.iter_child_nodes()), bound)


def _path(node: nodes.Node, bound: Mapping[str, Path]) -> Path | None:
    """Return `("customer", "name")` for customer.name, () for what can't be known, None otherwise."""
    if isinstance(node, nodes.Name):
        return bound.get(node.name, (node.name,))
    if isinstance(node, nodes.Filter) and node.node is not None and node.name in ("sort", "first", "last"):
        return _path(node.node, bound)
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        inner = _path(node.node, bound)
        part = (
            node.attr
            if isinstance(node, nodes.Getattr)
            else node.arg.as_const()
            if isinstance(node.arg, nodes.Const)
            else ""
        )
        if inner == _LOOP:
            return _LOOP if part in LOOP_PARTS else (*_LOOP, str(part))
        return (*inner, part) if inner and isinstance(part, str) else inner
    return None
