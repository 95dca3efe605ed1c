"""Which names may the texts and templates of a rule use, and do they?"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping

from rowcall.errors import Problem
from rowcall.evaluate.slugs import slug
from rowcall.language.figure import Listing
from rowcall.language.ledger import LEDGERS
from rowcall.language.rule import Act, Rule
from rowcall.language.value import Cells, Digest, GroupBy, ListName, RowValues, TemplateName, TextOf
from rowcall.shop import Shop
from rowcall.table import Schema, Table

SCENE_NAMES = (
    "because", "before", "rule.title", "rule.id", "rule.about", "shop.name", "now", "today", "elapsed", "occurrence",
)  # fmt: skip
"""What texts know beside the columns of the row (see rowcall/plan/firing.py)."""
DIGEST_NAMES = ("rule.title", "rule.id", "rule.about", "shop.name", "now", "today")
"""What texts of a digest know beside its rows (see rowcall/plan/digest_mail.py)."""
NO_ROW_NAMES = ("rule.title", "rule.id", "rule.about", "shop.name", "now", "today")
"""What texts of a rule without rows know beside its figures and its period."""
_OF_PERIOD = ("period.label", "period.start", "period.end")
_OF_FIGURES = tuple(f"figures.{part}" for part in ("name", "value", "text", "change", "change_text"))
_DEEPEST = 3


def known_names(schema: Schema, schemas: Mapping[str, Schema], tables: Mapping[str, Table]) -> frozenset[str]:
    """Return the names that texts about a row of this table may use: columns, linked rows, and the scene."""
    return frozenset([*SCENE_NAMES, *_columns(schema, schemas, tables, "", (), 0)])


def template_problems(rule: Rule, shop: Shop, tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield what is wrong in the texts of a rule and in the template files it names."""
    schemas = {**shop.config.tables, **LEDGERS}
    schema = schemas.get(rule.table)
    if schema is None and rule.table:
        return
    row = known_names(schema, schemas, tables) if schema is not None else frozenset(NO_ROW_NAMES)
    names = row | set(_names_of_rule(rule))
    known = set(shop.templates.folder.names())
    for act in (act for entry in rule.entries for act in entry.acts):
        digest = [part for part in _parts(act) if isinstance(part, Digest)]
        usable = digest_names(act, names) if digest else names | set(_names_of_list(act, rule, row))
        for text in _texts(act):
            if isinstance(text, TextOf):
                yield from shop.templates.check(text.source, usable, place=text.place)
            elif text.name in known:
                yield from shop.templates.check(text.name, usable, place=text.place)


def _names_of_rule(rule: Rule) -> Iterator[str]:
    """Yield what texts of a rule know because of its own keys: figures, period, deadline."""
    if rule.period is not None:
        yield from _OF_PERIOD
    if rule.due is not None:
        yield "due"
    if rule.figures:
        yield from _OF_FIGURES
    for figure in rule.figures:
        yield slug(figure.name)
        if isinstance(figure.measure, Listing):
            yield from (f"{slug(figure.name)}.{slug(ref.name)}" for ref in figure.measure.refs)
        elif figure.by is None:
            yield f"{slug(figure.name)}_change"


def _names_of_list(act: Act, rule: Rule, row: Iterable[str]) -> Iterator[str]:
    """Yield what texts know that are about each line of a list: its columns, and the watched row under `this`."""
    wanted = [part.name for part in _parts(act) if isinstance(part, ListName)]
    for figure in rule.figures:
        if figure.name in wanted and isinstance(figure.measure, Listing):
            yield from (slug(ref.name) for ref in figure.measure.refs)
            yield from (f"this.{name}" for name in row if name not in SCENE_NAMES)


def digest_names(act: Act, names: Iterable[str]) -> frozenset[str]:
    """Return the names that texts of a digest may use: its rows with all that a row has, and the group.

    names: those of a text about a single row.
    """
    of_row = [name for name in names if name not in SCENE_NAMES]
    groups = [part.ref for part in _parts(act) if isinstance(part, GroupBy)]
    group = [".".join(slug(part) for part in (*ref.links, ref.column.name)) for ref in groups]
    return frozenset([*DIGEST_NAMES, *group, *(f"rows.{name}" for name in [*of_row, "because"])])


def _texts(act: Act) -> Iterator[TextOf | TemplateName]:
    for value in _parts(act):
        if isinstance(value, TextOf | TemplateName):
            yield value
        elif isinstance(value, Cells | RowValues):
            yield from (target.value for target in value.targets if isinstance(target.value, TextOf))


def _parts(act: Act) -> Iterator[object]:
    if dataclasses.is_dataclass(act.params):
        yield from (getattr(act.params, one.name) for one in dataclasses.fields(act.params))


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
