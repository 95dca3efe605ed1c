"""What does the reference say? `python docs/generate.py` fills the tables of docs/reference/ anew from the code.

The words around the tables are people's. A table stands between `<!-- made: NAME -->` and `<!-- end -->`; NAME is
one of TABLES below. Long because every table of the reference has its own small function here, side by side.
"""  # noqa: INP001 - a script beside the pages, no package

import json
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import typer.main

from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.cli.app import app
from rowcall.config.calendars import HolidayTableShape
from rowcall.config.shapes import ConfigShape, PersonShape, RoleShape, TableShape, WorkbookShape
from rowcall.dates import format_moment
from rowcall.duration import Unit
from rowcall.evaluate.frame import assemble
from rowcall.evaluate.mask import masks
from rowcall.kinds import action_words, connector_kinds
from rowcall.language import words
from rowcall.language.asking import has_edges, lines_of, refs_of
from rowcall.language.condition import Condition
from rowcall.language.conditions import Asked, read_conditions
from rowcall.language.document import parse
from rowcall.language.entries import action_spellings
from rowcall.language.meaning import (
    BLOCK_KEYS,
    ENTRY_KEYS,
    KEYS,
    LIMITS,
    OPERANDS,
    PHRASES,
    TIMES,
    VALUES,
    WINDOW_KEYS,
    Meaning,
)
from rowcall.language.meaning_figures import FIGURE_KEYS, VALUE_KEYS
from rowcall.language.meaning_mails import BUTTON_KEYS, FORMS
from rowcall.language.meaning_times import COMPARISONS, COUNTED_FROM, DUE_KEYS, PERIODS, SCHEDULES
from rowcall.language.phrase import kinds_of
from rowcall.language.scope import Scope
from rowcall.language.shape import ShapeKey, describe_shape
from rowcall.language.value import (
    AnswerChoices,
    AnswerColumn,
    Attachments,
    Buttons,
    Cells,
    Digest,
    GroupBy,
    Recipients,
    RowValues,
    Scale,
    TemplateName,
    TextOf,
    Unless,
)
from rowcall.language.words import Phrase, spelled, spellings
from rowcall.period import Period
from rowcall.reading import type_table
from rowcall.shop import open_shop, scope_of
from rowcall.table import CellValue, Column, Kind, Sheet, Snapshot, Table
from rowcall.template import FILTERS, TESTS
from rowcall.template.allowlist import LOOP_PARTS

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 5, 11, tzinfo=UTC)
_REGION = re.compile(r"(?P<head><!-- made: (?P<name>[a-z -]+) -->\n).*?(?P<foot><!-- end -->)", re.DOTALL)
_KIND_OF_HINT = {
    Recipients: "recipients",
    Cells: "columns and values",
    RowValues: "columns and values",
    TextOf: "a text, may hold `{{ }}`",
    TemplateName: "a file name",
    Unless: "conditions",
    Digest: "a schedule, or a list of them",
    GroupBy: "a column",
    Attachments: "lists with their form, and files",
    Buttons: "names of the config, or buttons in place",
    AnswerColumn: "a column",
    AnswerChoices: "a list of answers",
    Scale: "two whole numbers, `1 to 5`",
}


def main() -> None:
    """Fill every page of the reference whose tables have changed."""
    for file, text in stale().items():
        file.write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{file.relative_to(ROOT).as_posix()}\n")


def stale() -> Mapping[Path, str]:
    """Return the pages whose tables are not what the code says: file → the text it should have."""
    found = {}
    for file in sorted(REFERENCE.glob("*.md")):
        old = file.read_text(encoding="utf-8")
        new = _REGION.sub(lambda one: f"{one['head']}{TABLES[one['name']]().strip()}\n{one['foot']}", old)
        if new != old:
            found[file] = new
    return found


def sample_scope() -> Scope:
    """Return the names that rules of the sample shop may use."""
    shop = open_shop(ROOT / "config.example.yaml", {"SMTP_PASSWORD": "not needed"})
    people = ("Dora", "service desk", "warehouse", "team leads", "owners", "bookkeeping", "accounts")
    tables = shop.config.tables.items()
    return replace(
        scope_of(shop, {}),
        people={name.lower(): name for name in people},
        settings={"Large order": "500"},
        headers={name: tuple(column.name for column in one.columns) for name, one in tables},
        period=Period("last week", Unit.WEEK),
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_in_cell(part) for part in line) + " |" for line in lines) + "\n"


def code(text: str) -> str:
    """Return a text as code, as it may stand in a table."""
    return f"`{text}`" if text else ""


def pattern(word: Enum) -> str:
    """Return a word with its holes in capitals: `between LOW and HIGH`."""
    return re.sub(r"\{(\w+)\}", lambda hole: hole[1].upper(), spelled(word).replace("{email}", "emails"))


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").strip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


# The config and the actions


def _config_sections() -> str:
    parts: list[str] = []
    for key in describe_shape(ConfigShape):
        parts += _config_section(key)
    return "\n".join(parts)


def _config_section(key: ShapeKey) -> Iterator[str]:
    shapes = {"workbooks": WorkbookShape, "tables": TableShape, "people": PersonShape}
    inside = key.inside or shapes.get(key.key)
    if inside is None:
        return
    yield f"## `{key.key}`\n"
    yield f"{key.help}\n"
    yield _keys(inside)
    if key.key == "workbooks":
        for name, kind in connector_kinds().items():
            yield f"### `connector: {name}`\n"
            yield _keys(kind.params)
    for inner in describe_shape(inside):
        if inner.inside is not None:
            yield f"### `{inner.key}`, each of them\n"
            yield _keys(inner.inside)
    if key.key == "people":
        yield "### A role\n"
        yield _keys(RoleShape)


def _keys(shape: type) -> str:
    rows = [(code(key.key), _kind(key), _default(key), _sentence(key.help)) for key in describe_shape(shape)]
    return table(("key", "value", "if left out", "what it means"), rows)


def _kind(key: ShapeKey) -> str:
    hints = (key.hint, *typing.get_args(key.hint))
    known = next((text for hint, text in _KIND_OF_HINT.items() if hint in hints), "")
    if known:
        return known
    if getattr(key.hint, "__name__", "") == "Secret":
        return "a secret, `${NAME}`"
    if timedelta in hints:
        return "a duration (`30 seconds`)"
    return "lines of its own, below" if key.inside else key.kind


def _default(key: ShapeKey) -> str:
    if key.required:
        return "**needed**"
    if key.default == "0:00:30":
        return "`30 seconds`"
    return code("" if key.default in ("", "***") else key.default)


def _actions() -> str:
    parts = []
    for word, kind in action_words().items():
        parts += [f"## Action `{word}`\n", _first_line(kind.params)]
        whole = [key for key in describe_shape(kind.params) if key.field == "cells"]
        parts.append(f"Under it stand {whole[0].help}.\n" if whole else _keys(kind.params))
    return "\n".join(parts)


def _first_line(params: type) -> str:
    return f"{_sentence((sys.modules[params.__module__].__doc__ or '').strip().splitlines()[0])}\n"


def _meanings(words: Mapping[Any, Meaning], how: str, *, default: bool = False) -> str:  # Any: enums
    head = (how, "example", *(("if left out",) if default else ()), "what it means")
    rows = [
        (code(pattern(word)), code(one.example), *((one.default,) if default else ()), one.says)
        for word, one in words.items()
    ]
    return table(head, rows)


# Phrases


def _phrases() -> str:
    scope = sample_scope()
    bare = _phrase_row(None, Meaning("Equals the value.", "Status: Paid"), scope)
    rows = [_phrase_row(word, one, scope) for word, one in PHRASES.items()]
    head = ("phrase", "example", "fits", "what it asks", "empty cell", "unreadable cell")
    return table(head, [bare, *rows])


def _phrase_row(word: Phrase | None, one: Meaning, scope: Scope) -> tuple[str, ...]:
    kinds = frozenset(Kind) if word is None else kinds_of(word)
    of_link = word in (Phrase.MISSING, Phrase.NOT_MISSING)
    fits = "links" if of_link else "all" if kinds == frozenset(Kind) else ", ".join(sorted(kinds))
    empty, unreadable = _answers(read_line(one, scope), one.table, scope)
    name = "(a value)" if word is None else code(pattern(word))
    return name, code(one.example), fits, one.says, empty, unreadable


def read_line(one: Meaning, scope: Scope) -> Condition:
    """Return the condition that an example says; raises ValueError with its mistakes."""
    block, notes = parse(f"when:\n  {one.example}\n", "example.yaml")
    if block is not None:
        found = read_conditions(block.pairs[0].value, Asked(scope, one.table, edges=True), notes)
        if found is not None and not notes.errors:
            return found
    raise ValueError("; ".join(map(str, notes.problems)))


def _answers(condition: Condition, name: str, scope: Scope) -> tuple[str, str]:
    """Ask a condition of a row whose cell is empty, and of one whose cell can't be read."""
    refs = [ref for line in lines_of(condition) for ref in refs_of(line)]
    if has_edges(condition) or not refs:
        return "", ""
    schema, watched = scope.schemas[name], refs[0].column.name
    if watched in schema.key:
        return "no such row", "no such row"
    texts = {column.name: [_filled(column)] * 2 for column in schema.columns}
    texts |= {schema.key[0]: ["1", "2"], watched: ["", "#N/A"]}
    cells = pl.DataFrame(
        {str(at): [text or None for text in column] for at, column in enumerate(texts.values())},
        schema={str(at): pl.String for at in range(len(texts))},
    )
    typed = type_table(schema, Sheet(name, tuple(texts), cells), language="en", zone=ZONE)
    if not isinstance(typed, Table):
        raise TypeError(typed)
    seen = assemble(typed, Snapshot(NOON, {name: typed}), zone=ZONE, language="en")
    answer = masks({"it": condition}, seen, NOON, ZONE, scope.settings)["it"]
    if isinstance(answer, str):
        raise TypeError(answer)
    said = {True: "true", False: "false", None: "unknown"}
    return said[answer[0]], said[answer[1]]


def _filled(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return column.choices[0]
    filled = {Kind.DATE: "2026-03-01", Kind.DATETIME: "2026-03-01 09:00", Kind.YES_NO: "yes"}
    return filled.get(column.kind, "7")


# Chinese


def _chinese_words() -> str:
    parts = []
    for title, tables in _CHINESE_TABLES.items():
        words_of = (word for table in tables for word in table)
        rows = [(code(pattern(word)), _chinese_of(word)) for word in words_of]
        parts += [f"## {title}\n", table(("English", "Chinese"), list(dict.fromkeys(rows)))]
    return "\n".join(parts)


def _chinese_of(word: Enum) -> str:
    holes = (re.sub(r"\{(\w+)\}", lambda hole: hole[1].upper(), one) for one in spellings(word)[1:])
    return ", ".join(code(one.replace("\u3000", "")) for one in holes)


def _chinese_actions() -> str:
    actions = {word: kind.params for word, kind in action_words().items()}
    rows = []
    for word, params in actions.items():
        rows.append((code(word), "", _codes(action_spellings(word, actions)[1:])))
        keys = [key for key in describe_shape(params) if key.chinese]
        rows += [(code(word), code(key.key), _codes(key.chinese)) for key in keys]
    return table(("action", "key", "Chinese"), rows)


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(code(one) for one in texts)


_CHINESE_TABLES: Mapping[str, tuple[type[Enum], ...]] = {
    "Keys of a rule": (words.Key, words.DueKey, words.WindowKey, words.ScheduleKey),
    "Keys of an entry and of a button": (words.EntryKey, words.ButtonKey),
    "Keys of conditions": (words.BlockKey,),
    "Phrases": (words.Phrase, words.Operand),
    "Values": (
        words.ValueWord,
        words.ValueKey,
        words.Choice,
        words.RecipientWord,
        words.AttachWord,
        words.AttachRows,
    ),
    "Figures": (words.FigureKey, words.FigureWord, words.ShowWord),
    "Times": (words.Time, words.CountedFrom, words.CountWord),
    "Schedules": (words.ScheduleWord,),
    "Periods": (words.PeriodWord, words.CompareWord),
    "Hours and limits": (words.WindowWord, words.DaysWord, words.LimitWord, words.FloorWord),
}


# The command line


def _commands() -> str:
    root: Any = typer.main.get_command(app)  # Any: typer's own click
    parts: list[str] = []
    for name in root.list_commands(None):
        parts += _command(f"rowcall {name}", root.get_command(None, name))
    return "\n".join(parts)


def _command(path: str, command: Any) -> Iterator[str]:  # Any: typer's own click
    yield f"## `{path}`\n"
    yield f"{_sentence((command.help or '').strip())}\n"
    inner = getattr(command, "commands", None)
    if inner:
        for name, one in inner.items():
            yield from (re.sub("^## ", "### ", part) for part in _command(f"{path} {name}", one))
        return
    arguments = " ".join(_argument(one) for one in command.params if one.param_type_name == "argument")
    yield f"```sh\n{path} {arguments}".rstrip() + "\n```\n"
    if command.params:
        yield _options(command)


def _argument(one: Any) -> str:  # Any: typer's own click
    name = _value_of(one) or one.name.upper()
    return name if one.required or name.startswith("[") else f"[{name}]"


def _options(command: Any) -> str:  # Any: typer's own click
    rows = [(_spelling(one), _shown_default(one), _sentence(one.help or "")) for one in command.params]
    return table(("option", "if left out", "what it does"), rows)


def _root_options() -> str:
    return _options(typer.main.get_command(app))


def _spelling(one: Any) -> str:  # Any: typer's own click
    if one.param_type_name == "argument":
        return code(_value_of(one) or one.name.upper())
    value = "" if one.is_flag else f" {_value_of(one) or 'N'}"
    return ", ".join(code(f"{name}{value}") for name in one.opts)


def _value_of(one: Any) -> str:  # Any: typer's own click
    """Return what stands for a value: its name, or the words that are possible."""
    choices = list(_choices(one.type_descriptor.annotation))
    return one.metavar or "|".join(choices)


def _choices(annotation: Any) -> Iterator[str]:  # Any: a type hint
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(word.value) for word in annotation)
    elif typing.get_origin(annotation) is typing.Literal:
        yield from map(str, typing.get_args(annotation))
    else:
        for part in typing.get_args(annotation):
            yield from _choices(part)


def _shown_default(one: Any) -> str:  # Any: typer's own click
    if isinstance(one.show_default, str):
        return one.show_default
    value = one.default
    if one.required or value is None or callable(value) or isinstance(value, bool | list | tuple):
        return ""
    text = str(value.value if isinstance(value, Enum) else value)
    return "" if text in ("", ".") else code(text)


# Cells


_TEXTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.NUMBER: (
        "1299", "1,299.00", "1 299.00", "-3", "1E+05", "１２", "12%", "0", "1.299,00", "12,5", "n.a.", "about 5",
    ),
    Kind.MONEY: ("80", "€80.00", "EUR 12", "99元", "￥99", "1,299.005", "12%", "1.299,00"),
    Kind.PERCENT: ("0.92", "92%", "12.5%", "-5%", "5", "10", "92"),
    Kind.DATE: (
        "2026-03-05", "2026/3/5", "2026.3.5", "20260305", "2026年3月5日", "5.3.2026", "5 Mar 2026", "March 5, 2026",
        "25/03/2026", "46086", "2026-03-05 22:30", "05/03/2026", "5/3/26", "2026-02-30", "soon",
    ),
    Kind.DATETIME: (
        "2026-03-05 22:30", "2026-03-05T22:30:15", "2026-03-05 10:30 pm", "2026年3月5日 下午3:05", "46086.9375",
        "2026-03-05", "2026-03-05T22:30Z", "2026-03-05 25:00",
    ),
    Kind.YES_NO: ("yes", "TRUE", "x", "✓", "1", "是", "", "no", "FALSE", "0", "否", "maybe"),
    Kind.CHOICE: ("Paid", "paid", " Paid ", "Payed"),
    Kind.DURATION: ("1:30", "30 minutes", "1.5 hours", "2 days 3 hours", "2h30m", "1个小时30分钟", "90", "1 month"),
    Kind.TEXT: ("007", "1e5", "NO", "#N/A"),
}  # fmt: skip


def _cells() -> str:
    parts = []
    for kind, texts in _TEXTS.items():
        column = Column("Status", kind, ("New", "Paid", "Shipped") if kind is Kind.CHOICE else ())
        named = "`[New, Paid, Shipped]`" if kind is Kind.CHOICE else f"`{kind}`"
        rows = [(code(text) or "(empty)", *meaning(column, text)) for text in texts]
        parts += [f"## {named}\n", table(("in the cell", "means", "why not"), rows)]
    return "\n".join(parts)


def meaning(column: Column, text: str) -> tuple[str, str]:
    """Return what a text means in a column, and why not if it means nothing."""
    value = parse_cell(column, text, language="en", zone=ZONE)
    if isinstance(value, Unreadable):
        near = f"; did you mean `{value.suggestion}`?" if value.suggestion else ""
        return "*unreadable*", f"{value.why}{near}"
    return _said(column, value), ""


def _said(column: Column, value: CellValue) -> str:
    if isinstance(value, Decimal) and column.kind is Kind.PERCENT:
        return f"{(value * 100).normalize():f} %"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return format_moment(value, ZONE, like="00:00:00")
    if isinstance(value, date):
        return value.isoformat()
    return "(empty)" if value is None else format_cell(column, value, language="en", zone=ZONE)


def _json_schemas() -> str:
    rows = []
    for file in sorted((REFERENCE / "json").glob("*.json")):
        schema = json.loads(file.read_text(encoding="utf-8"))
        keys = ", ".join(code(key) for key in schema.get("properties", {}))
        rows.append((f"[{file.name}](json/{file.name})", schema.get("title", ""), keys))
    return table(("schema", "of", "keys"), rows)


TABLES: Mapping[str, Callable[[], str]] = {
    "config top": lambda: _keys(ConfigShape),
    "config sections": _config_sections,
    "holiday table": lambda: _keys(HolidayTableShape),
    "rule keys": lambda: _meanings(KEYS, "key", default=True),
    "window keys": lambda: _meanings(WINDOW_KEYS, "key"),
    "block keys": lambda: _meanings(BLOCK_KEYS, "key"),
    "entry keys": lambda: _meanings(ENTRY_KEYS, "key", default=True),
    "times": lambda: _meanings(TIMES, "written"),
    "due keys": lambda: _meanings(DUE_KEYS, "key", default=True),
    "counted from": lambda: _meanings(COUNTED_FROM, "written"),
    "schedules": lambda: _meanings(SCHEDULES, "written"),
    "periods": lambda: _meanings(PERIODS, "written"),
    "comparisons": lambda: _meanings(COMPARISONS, "written"),
    "actions": _actions,
    "forms": lambda: _meanings(FORMS, "form"),
    "button keys": lambda: _meanings(BUTTON_KEYS, "key", default=True),
    "values": lambda: _meanings(VALUES, "written"),
    "value keys": lambda: _meanings(VALUE_KEYS, "key", default=True),
    "figure keys": lambda: _meanings(FIGURE_KEYS, "key", default=True),
    "limits": lambda: _meanings(LIMITS, "written"),
    "phrases": _phrases,
    "chinese words": _chinese_words,
    "chinese actions": _chinese_actions,
    "operands": lambda: _meanings(OPERANDS, "written"),
    "filters": lambda: table(
        ("filter", "what it does"), [(code(one), text) for one, text in FILTERS.items()]
    ),
    "tests": lambda: table(("word", "what it asks"), [(code(one), text) for one, text in TESTS.items()]),
    "loop parts": lambda: ", ".join(code(f"loop.{part}") for part in LOOP_PARTS),
    "options": _root_options,
    "commands": _commands,
    "cells": _cells,
    "json schemas": _json_schemas,
}
"""Every table of the reference by its name."""


if __name__ == "__main__":
    main()
