"""Which column does a name in a rule mean?

An exact header, a declared alias, or a path over links (`Order.Customer.Tier`); a header that contains a dot
stands in backticks.
"""

import re
from collections.abc import Iterator

from rowcall.language.mistaken import Mistaken
from rowcall.language.near import did_you_mean
from rowcall.language.ref import ColumnRef
from rowcall.language.scope import Scope
from rowcall.language.words import THIS
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

    `this.Customer` is the watched row's, wherever the name stands.
    """
    trimmed = clean_header(name)
    whole = find_column(scope, table, trimmed)
    parts = split_path(trimmed)
    if whole is not None and "." not in trimmed:
        return ColumnRef(whole, table)
    if whole is not None:
        raise Mistaken(f"The column `{trimmed}` has a dot in its name.", f"`{trimmed}`")
    if not parts:
        raise Mistaken("The name of a column is missing here.", fix=_listed(scope, table))
    if len(parts) > 1 and parts[0].lower() == THIS and scope.table:
        ref = _follow(scope, scope.table, parts[1:], name)
        return ColumnRef(ref.column, ref.table, (THIS, *ref.links))
    return _follow(scope, table, parts, trimmed)


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


def _unknown_column(scope: Scope, table: str, part: str, written: str) -> Mistaken:
    if find_link(scope.schemas.get(table), part):
        target = find_link(scope.schemas.get(table), part)
        first = next(iter(columns_of(scope, target.table if target else "")), "")
        return Mistaken(
            f"`{written}` is a link to another row, not a column.",
            f"{written}.{first}" if first else "",
            f"Write the column of the linked row behind a dot, or `{written}: missing`.",
        )
    near = did_you_mean(part, _names(scope, table))
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
