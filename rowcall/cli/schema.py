"""The command `schema`: a JSON Schema by which editors complete and check rule files and the config."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from rowcall.cli.findings import look_into
from rowcall.cli.opening import open_here
from rowcall.cli.screen import print_json
from rowcall.cli.session import Session
from rowcall.errors import MistakesError, UsageError
from rowcall.kinds import action_words, connector_kinds
from rowcall.schema import Names, config_schema, rule_schema
from rowcall.shop import scope_of


class What(StrEnum):
    """Which files the schema is for."""

    RULE = "rule"
    CONFIG = "config"


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("schema")
    def schema(
        ctx: typer.Context,
        what: Annotated[What, typer.Argument(help="For rule files, or for the config.")] = What.RULE,
    ) -> None:
        """Print the JSON Schema of a rule or of the config, for editors."""
        if what is What.CONFIG:
            print_json(config_schema({name: kind.params for name, kind in connector_kinds().items()}))
            return
        actions = {word: kind.params for word, kind in action_words().items()}
        print_json(rule_schema(actions, _names(ctx.obj)))


def _names(session: Session) -> Names:
    """Return the shop's own names; without a shop the schema knows the language only."""
    try:
        shop = open_here(session)
    except (UsageError, MistakesError):
        sys.stderr.write(
            "rowcall: no config could be read, so the schema knows no tables and people of a shop\n"
        )
        return Names()
    scope = scope_of(shop, look_into(shop, session.clock.now()).tables)
    columns = {
        name: tuple(dict.fromkeys([*(one.name for one in schema.columns), *scope.headers.get(name, ())]))
        for name, schema in scope.schemas.items()
    }
    links = {name: {link.name: link.table for link in schema.links} for name, schema in scope.schemas.items()}
    people = tuple(dict.fromkeys(scope.people.values()))
    return Names(
        columns,
        links,
        people,
        tuple(sorted(shop.templates.folder.names())),
        tuple(scope.settings),
        scope.calendars,
        {name: {one.name: one for one in schema.columns} for name, schema in scope.schemas.items()},
        tuple(scope.buttons),
        tuple(scope.attachments),
    )
