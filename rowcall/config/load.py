"""What does the file config.yaml say? Reads and checks it, and tells all its mistakes together."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from rowcall.config.calendars import read_calendars
from rowcall.config.mail import read_email, read_web, warn_of_open_password
from rowcall.config.secret import Resolver, Secret, read_env_file
from rowcall.config.shapes import ConfigShape, EmailShape, ShopShape, WorkbookShape
from rowcall.config.staff import (
    check_responsible,
    note_nobody,
    read_people,
    read_people_from,
    read_settings_from,
)
from rowcall.config.tables import note_unknown, read_tables
from rowcall.config.values import Config, Shop, WorkbookConfig
from rowcall.duration import parse_span
from rowcall.errors import MistakesError, UsageError
from rowcall.language.document import Block, Node, Text, fold_key, read_file
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.shape import Reader, Readers, describe_shape, read_parts, read_shape
from rowcall.people import People

ParamsOf = Callable[[str], type | None]
"""Gives the Params of a connector by its name, or None if there is no such connector."""

_SECONDS = re.compile(r"(\d{1,6})\s*(?:seconds?|secs?|s|秒钟?)", re.IGNORECASE)
_SQLITE = "sqlite:///"
_ANY_ZONE = ZoneInfo("UTC")
_DEFAULT_STATE = "sqlite:///rowcall.db"
_MEANT = {"excel": "xlsx", "exel": "xlsx", "xls": "xlsx", "csv": "csv_folder", "google": "google_sheets"}
_STATES = ("sqlite:///", "postgresql+psycopg://", "postgresql://")


def load_config(
    path: Path, environ: Mapping[str, str], params_of: ParamsOf, connectors: Sequence[str] = ()
) -> Config:
    """Return the config that a file holds.

    connectors: the names that `params_of` knows, for suggestions. Raises MistakesError with every mistake in the
    file, and UsageError when there is no such file.
    """
    try:
        document, notes = read_file(path, path.name)
    except OSError as error:
        raise UsageError(
            f"The config {path} can't be read ({error.strerror}). `rowcall init` makes a new one."
        ) from error
    if document is None:
        raise MistakesError(notes.problems)
    config = _Loading(path, document, notes, environ, params_of, connectors).read()
    if config is None or notes.errors:
        raise MistakesError(notes.problems)
    return config


class _Loading:
    """Reads one document; what can't be read is noted, and the rest read all the same."""

    def __init__(
        self,
        path: Path,
        document: Block,
        notes: Notes,
        environ: Mapping[str, str],
        params_of: ParamsOf,
        connectors: Sequence[str],
    ) -> None:
        self.path, self.notes = path, notes
        self.params_of, self.connectors = params_of, connectors
        known = read_env_file(path.parent / ".env", notes) | dict(environ)
        self.resolver = Resolver(known, notes)
        self.document = self.resolver.resolve_block(document)

    @property
    def readers(self) -> Readers:
        """The types of config that the shapes of the language do not know."""
        readers: dict[object, Reader] = {Secret: _read_secret, timedelta: _read_length}
        for shape in (ShopShape, EmailShape):
            readers[shape] = partial(_read_parts_of, shape, readers)
        return readers

    def read(self) -> Config | None:
        for pair in self.document:
            if fold_key(pair.key.value) == "email" and isinstance(pair.value, Block):
                warn_of_open_password(pair.value, self.resolver, self.notes)
        return self._read_parts(read_parts(ConfigShape, self.document, self.notes, self.readers))

    def _read_parts(self, shape: ConfigShape) -> Config | None:
        """Read every part, also when others have mistakes; None if the whole can't be used."""
        notes, readers, more = self.notes, self.readers, shape.people_from is not None
        workbooks = self._read_workbooks(shape.workbooks)
        names = [pair.key.value for pair in shape.tables or ()]
        tables = read_tables(shape.tables, [pair.key.value for pair in shape.workbooks or ()], notes, readers)
        people = read_people(shape.people, notes, readers, more=more)
        shop = self._read_shop(shape, people)
        schemas = {name: table.schema for name, table in tables.items()}
        # A zone that can't be read is noted already; the mistakes in the calendars are told all the same.
        calendars = read_calendars(shape.calendars or {}, shop.zone if shop else _ANY_ZONE, notes, schemas)
        people_from = read_people_from(shape.people_from, tables, names, notes)
        settings_from = read_settings_from(shape.settings_from, tables, names, notes)
        email, web = read_email(shape.email, notes), read_web(shape.web, notes)
        state = self._read_state(shape.state)
        if shop is None or notes.errors:
            return None
        return Config(
            folder=self.path.parent.resolve(),
            file=self.path.name,
            shop=shop,
            workbooks=workbooks,
            tables=schemas,
            people=people,
            state=state,
            history={name: table.history for name, table in tables.items() if table.history is not None},
            people_from=people_from,
            settings_from=settings_from,
            calendars=calendars,
            buttons=shape.buttons or {},
            limits=shape.limits,
            email=email,
            web=web,
            settle=shape.settle,
            keep_history_for=shape.keep_history_for,
            warnings=notes.warnings,
        )

    def _read_shop(self, whole: ConfigShape, people: People) -> Shop | None:
        shop, calendars = whole.shop, whole.calendars or {}
        if shop is None:
            return None
        more = whole.people_from is not None
        check_responsible(shop.responsible, people, self.notes, more=more)
        note_nobody(shop, people, self.notes, more=more)
        zone = _read_zone(shop.timezone, self.notes) if shop.timezone else None
        hours = shop.working_hours
        if hours is not None and hours.value not in calendars:
            note_unknown(hours, list(calendars), "calendar", self.notes)
        if zone is None:
            return None
        return Shop(
            name=shop.name,
            zone=zone,
            language=shop.language,
            currency=shop.currency,
            responsible=shop.responsible.value if shop.responsible else "",
            working_hours=hours.value if hours else "",
        )

    def _read_workbooks(self, block: Block | None) -> dict[str, WorkbookConfig]:
        found: dict[str, WorkbookConfig] = {}
        for pair in block or ():
            workbook = self._read_workbook(pair.key.value, pair.value)
            if workbook is not None:
                found[pair.key.value] = workbook
        return found

    def _read_workbook(self, name: str, node: Node) -> WorkbookConfig | None:
        params_type = self._params_of(node)
        besides = [key.key for key in describe_shape(params_type)] if params_type else _keys_of(node)
        shape = read_shape(WorkbookShape, node, self.notes, self.readers, besides)
        if params_type is None or not isinstance(node, Block):
            return None
        own = [key.key for key in describe_shape(WorkbookShape)]
        theirs = {fold_key(key.key) for key in describe_shape(params_type)}
        pairs = tuple(pair for pair in node if fold_key(pair.key.value) in theirs)
        params = read_shape(params_type, Block(pairs, node.place), self.notes, self.readers, own)
        if shape is None or params is None:
            return None
        return WorkbookConfig(name, shape.connector.value, params, shape.check_every)

    def _params_of(self, node: Node) -> type | None:
        pairs = node if isinstance(node, Block) else ()
        name = next((pair.value for pair in pairs if fold_key(pair.key.value) == "connector"), None)
        if not isinstance(name, Text):
            return None
        params = self.params_of(name.value)
        if params is None:
            note_unknown(
                name, self.connectors, "connector", self.notes, meant=_MEANT.get(name.value.lower(), "")
            )
        return params

    def _read_state(self, text: Text | None) -> Secret:
        url = text.value.strip() if text else _DEFAULT_STATE
        if text is not None and not url.startswith(_STATES):
            self.notes.mistake(
                text.place, f"`{url.split('://')[0]}` is no place for the state.",
                fix="Write `sqlite:///rowcall.db`, or `postgresql+psycopg://user:${NAME}@host/database`.",
            )  # fmt: skip
        file = url.removeprefix(_SQLITE)
        if url.startswith(_SQLITE) and file and file != ":memory:":
            url = _SQLITE + (self.path.parent.resolve() / file).as_posix()
        return Secret(url)


def _read_parts_of(shape: type, readers: Readers, node: Node, notes: Notes) -> object | None:
    return read_parts(shape, node, notes, readers)


def _keys_of(node: Node) -> list[str]:
    """Return the keys that may be those of an unknown connector: all that are no slip of a known key."""
    own = [key.key for key in describe_shape(WorkbookShape)]
    names = [pair.key.value for pair in node] if isinstance(node, Block) else []
    return [name for name in names if not did_you_mean(name, own)]


def _read_zone(text: Text, notes: Notes) -> ZoneInfo | None:
    zones = available_timezones()
    if text.value in zones:
        return ZoneInfo(text.value)
    by_city = next((zone for zone in sorted(zones) if zone.lower().endswith(f"/{text.value.lower()}")), "")
    nearest = by_city or did_you_mean(text.value, sorted(zones))
    notes.mistake(
        text.place,
        f"There is no time zone `{text.value}`; one is written like `Europe/Berlin` or `Asia/Shanghai`."
        + (f" Did you mean `{nearest}`?" if nearest else ""),
        suggestion=notes.corrected(text.place, text.value, nearest) if nearest else "",
        fix="Write the continent and a city, with a `/` between.",
    )
    return None


def _read_secret(node: Node, notes: Notes) -> Secret | None:
    if isinstance(node, Text):
        return Secret(node.value)
    notes.mistake(node.place, "A text must stand here, as `${NAME}`.")
    return None


def _read_length(node: Node, notes: Notes) -> timedelta | None:
    """Read `0`, `30 seconds`, `2 minutes`: a length on the clock."""
    text = node.value.strip() if isinstance(node, Text) else ""
    if text == "0":
        return timedelta(0)
    if seconds := _SECONDS.fullmatch(text):
        return timedelta(seconds=int(seconds[1]))
    span = parse_span(text)
    if span is not None and not span.working and str(span.unit) in ("minute", "hour", "day", "week"):
        return span.exact
    notes.mistake(
        node.place, f"`{text}` is no length of time here.", fix="Write `30 seconds`, `2 minutes` or `0`."
    )
    return None
