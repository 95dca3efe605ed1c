"""Which column does a name in a rule mean?

An exact header, a declared alias, or a path over links (`Order.Customer.Tier`); a header that contains a dot
stands in backticks. What no column is called may be a figure of the rule.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from rowcall.language.mistaken import Mistaken
from rowcall.language.near import did_you_mean
from rowcall.language.ref import EACH, THIS, THIS_SPELLINGS, ColumnRef
from rowcall.language.scope import Scope
from rowcall.table import Column, Link, Schema, clean_header

_PART = re.compile(r"`[^`]+`|[^.`]+")
_SHOWN = 12


def columns_of(scope: Scope, table: str) -> tuple[str, ...]:
    """Return the names of all columns of a table: declared ones first, then other headers of its sheet."""
    schema = scope.schemas.get(table)
    declared = tuple(column.name for column in schema.columns) if schema else ()
    known = {name for column in (schema.columns if schema else ()) for name in (column.name, *column.aliases)}
    extra = tuple(name for name in map(clean_header, scope.headers.get(table, ())) if name not in known)
    return declared + tuple(dict.fromkeys(name for name in extra if name))


def find_column(scope: Scope, table: str, name: str) -> Column | None:
    """Return the column of a table whose header or alias this exactly is, or None."""
    schema = scope.schemas.get(table)
    for column in schema.columns if schema else ():
        if name == column.name or name in column.aliases:
            return column
    return Column(name) if name in columns_of(scope, table) else None


def find_link(schema: Schema | None, name: str) -> Link | None:
    """Return the link of that name, or None."""
    return next((link for link in (schema.links if schema else ()) if link.name == name), None)


def split_path(name: str) -> list[str]:
    """Return the parts of `Order.Customer.Tier`; backticks keep a dot inside a part."""
    return [part.strip().strip("`").strip() for part in _PART.findall(name)]


def resolve_links(scope: Scope, table: str, name: str) -> tuple[str, ...] | None:
    """Return the names of the links if the whole of a name is a path of links, or None."""
    links: list[str] = []
    at = table
    for part in split_path(name):
        link = find_link(scope.schemas.get(at), part)
        if link is None:
            return None
        links.append(link.name)
        at = link.table
    return tuple(links)


def resolve_column(scope: Scope, table: str, name: str) -> ColumnRef:
    """Return the column that a name means, seen from `table`; raises Mistaken with the nearest name.

    `this.Customer` is the watched row's, wherever the name stands, and `each.SKU` that of the line at which
    `for each` is. A figure of the rule is found by its name, unless the table has a column of that name.
    """
    trimmed = clean_header(name)
    whole = find_column(scope, table, trimmed)
    figure = _without_this(trimmed) if whole is None else ""
    if figure in scope.figures:
        return ColumnRef(scope.figures[figure], "", figure=scope.rule)
    if whole is None and (figure in scope.lists or figure in scope.breakdowns):
        raise _no_value(figure, scope)
    parts = split_path(trimmed)
    if whole is not None and "." not in trimmed:
        return ColumnRef(whole, table)
    if whole is not None:
        raise Mistaken(f"The column `{trimmed}` has a dot in its name.", f"`{trimmed}`")
    if not parts:
        raise Mistaken("The name of a column is missing here.", fix=_listed(scope, table))
    if len(parts) > 1 and parts[0].lower() in THIS_SPELLINGS and not scope.table:
        what = f"`{name}` means a column of the watched row, but this rule looks at no table."
        raise Mistaken(what, fix="Write `look at:` at the top of the rule, or compare with something else.")
    if len(parts) > 1 and parts[0].lower() == EACH and scope.each:
        ref = _follow(scope, scope.each, parts[1:], name)
        return ColumnRef(ref.column, ref.table, (EACH, *ref.links))
    if len(parts) > 1 and parts[0].lower() in THIS_SPELLINGS:
        ref = _follow(scope, scope.table, parts[1:], name)
        return ColumnRef(ref.column, ref.table, (THIS, *ref.links))
    return _follow(scope, table, parts, trimmed)


def _without_this(name: str) -> str:
    return next((name[len(one) + 1 :] for one in THIS_SPELLINGS if name.startswith(f"{one}.")), name)


def resolve_value(scope: Scope, name: str) -> ColumnRef:
    """Return the column that a name means where a value is written; raises Mistaken.

    It belongs to the watched row; where `for each` goes through a list, to the list, and `this.X` to the watched row.
    """
    if not scope.each:
        return resolve_column(scope, scope.table, name)
    ref = resolve_column(scope, scope.each, name)
    return (
        ref if ref.figure or ref.links[:1] in ((THIS,), (EACH,)) else replace(ref, links=(EACH, *ref.links))
    )


def names_value(scope: Scope, name: str) -> bool:
    """Say whether a name means a column where a value is written."""
    try:
        resolve_value(scope, name)
    except Mistaken:
        return False
    return True


def has_column(scope: Scope, table: str, name: str) -> bool:
    """Say whether a name means a column, seen from `table`."""
    try:
        resolve_column(scope, table, name)
    except Mistaken:
        return False
    return True


def _follow(scope: Scope, table: str, parts: list[str], written: str) -> ColumnRef:
    links: list[str] = []
    at = table
    for part in parts[:-1]:
        link = find_link(scope.schemas.get(at), part)
        if link is None:
            raise _unknown_link(scope, at, part, written)
        links.append(link.name)
        at = link.table
    column = find_column(scope, at, parts[-1])
    if column is None:
        raise _unknown_column(scope, at, parts[-1], written)
    return ColumnRef(column, at, tuple(links))


def _unknown_link(scope: Scope, table: str, part: str, written: str) -> Mistaken:
    if not table:
        return _unknown_figure(scope, part, written)
    schema = scope.schemas.get(table)
    known = [link.name for link in schema.links] if schema else []
    near = did_you_mean(part, known)
    listed = f"its links are {', '.join(known)}" if known else "it has no links"
    what = f"`{part}` in `{written}` is not a link of {table}; {listed}."
    return Mistaken(
        what + (f" Did you mean `{near}`?" if near else ""),
        written.replace(part, near, 1) if near else "",
        f"Links are declared in config.yaml, under `links` of the table {table}.",
    )


def _no_value(name: str, scope: Scope) -> Mistaken:
    if name in scope.lists:
        what, fix = (
            f"`{name}` is a list of rows, no single value.",
            "Make a figure with `count: rows` beside it.",
        )
    else:
        what, fix = (
            f"`{name}` is broken down by a column, no single value.",
            "Make a figure without `by` beside it.",
        )
    return Mistaken(what, fix=fix)


def _unknown_figure(scope: Scope, part: str, written: str) -> Mistaken:
    """Say that a name is no figure, in a rule that looks at no table."""
    near = did_you_mean(part, scope.figures)
    known = "it has none" if not scope.figures else f"its figures are {', '.join(scope.figures)}"
    return Mistaken(
        f"`{written}` is not a figure of this rule, and the rule looks at no table; {known}."
        + (f" Did you mean `{near}`?" if near else ""),
        near,
        "Write it under `figures:`, or write `look at:` at the top of the rule.",
    )


def _unknown_column(scope: Scope, table: str, part: str, written: str) -> Mistaken:
    if not table:
        return _unknown_figure(scope, part, written)
    if find_link(scope.schemas.get(table), part):
        target = find_link(scope.schemas.get(table), part)
        first = next(iter(columns_of(scope, target.table if target else "")), "")
        return Mistaken(
            f"`{written}` is a link to another row, not a column.",
            f"{written}.{first}" if first else "",
            f"Write the column of the linked row behind a dot, or `{written}: missing`.",
        )
    near = did_you_mean(part, [*_names(scope, table), *scope.figures])
    suggestion = written[: len(written) - len(part)] + near if near and written.endswith(part) else near
    return Mistaken(
        f"{table} has no column `{part}`."
        + (f" Did you mean `{near}`?" if near else f" {_listed(scope, table)}"),
        suggestion,
        _listed(scope, table),
    )


def _names(scope: Scope, table: str) -> Iterator[str]:
    yield from columns_of(scope, table)
    schema = scope.schemas.get(table)
    for column in schema.columns if schema else ():
        yield from column.aliases
    for link in schema.links if schema else ():
        yield link.name


def _listed(scope: Scope, table: str) -> str:
    names = columns_of(scope, table)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        f"The columns of {table} are {', '.join(names[:_SHOWN])}{more}."
        if names
        else f"{table} has no columns."
    )


def resolve_table(scope: Scope, name: str) -> str:
    """Return the name of a table of the config; raises Mistaken with the nearest one."""
    wanted = clean_header(name)
    if wanted in scope.schemas:
        return wanted
    near = did_you_mean(wanted, scope.schemas)
    raise Mistaken(
        f"There is no table `{wanted}`; the tables are {', '.join(scope.schemas)}."
        + (f" Did you mean `{near}`?" if near else ""),
        near,
        "Tables are declared in config.yaml under `tables`.",
    )
