"""Which names may the texts and templates of a rule use, and do they?"""

import dataclasses
from collections.abc import Iterator, Mapping

from rowcall.errors import Problem
from rowcall.evaluate.slugs import slug
from rowcall.language.rule import Rule
from rowcall.language.value import Cells, RowValues, TemplateName, TextOf
from rowcall.shop import Shop
from rowcall.table import Schema, Table

SCENE_NAMES = (
    "because", "before", "rule.title", "rule.id", "rule.about", "shop.name", "now", "today", "elapsed", "occurrence",
)  # fmt: skip
"""What texts know beside the columns of the row (see rowcall/plan/firing.py)."""
_DEEPEST = 3


def known_names(schema: Schema, schemas: Mapping[str, Schema], tables: Mapping[str, Table]) -> frozenset[str]:
    """Return the names that texts about a row of this table may use: columns, linked rows, and the scene."""
    return frozenset([*SCENE_NAMES, *_columns(schema, schemas, tables, "", (), 0)])


def template_problems(rule: Rule, shop: Shop, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield what is wrong in the texts of a rule and in the template files it names."""
    schema = shop.config.tables.get(rule.table)
    if schema is None:
        return
    names = known_names(schema, shop.config.tables, tables)
    known = set(shop.templates.folder.names())
    for text in _texts(rule):
        if isinstance(text, TextOf):
            yield from shop.templates.check(text.source, names, place=text.place)
        elif text.name in known:
            yield from shop.templates.check(text.name, names, place=text.place)


def _texts(rule: Rule) -> Iterator[TextOf | TemplateName]:
    for entry in rule.entries:
        for act in entry.acts:
            if not dataclasses.is_dataclass(act.params):
                continue
            for one in dataclasses.fields(act.params):
                value = getattr(act.params, one.name)
                if isinstance(value, TextOf | TemplateName):
                    yield value
                elif isinstance(value, Cells | RowValues):
                    yield from (target.value for target in value.targets if isinstance(target.value, TextOf))


def _columns(
    schema: Schema,
    schemas: Mapping[str, Schema],
    tables: Mapping[str, Table],
    before: str,
    on_the_way: tuple[str, ...],
    depth: int,
) -> Iterator[str]:
    headers = [column.name for column in schema.columns]
    if schema.table in tables:
        headers += tables[schema.table].text.columns
    yield from (f"{before}{slug(header)}" for header in dict.fromkeys(headers))
    for link in schema.links:
        further = schemas.get(link.table)
        if further is None or depth >= _DEEPEST or link.table in (*on_the_way, schema.table):
            continue
        path = f"{before}{slug(link.name)}."
        yield from _columns(further, schemas, tables, path, (*on_the_way, schema.table), depth + 1)
