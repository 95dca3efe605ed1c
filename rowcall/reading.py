"""Which rows of a sheet does its table get, keyed and typed, and which must be set aside?

Columns are found by `headers`, rows by key. What can't be used is set aside and told as a data problem;
everything else goes on. A declared column that is missing or stands twice is absent from the table's `text`
and `typed` (never silently empty): whoever needs it must hold, see `missing_columns`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import polars as pl

from rowcall.cells import Unreadable, parse_cell, type_column
from rowcall.errors import Place, Problem, Severity
from rowcall.headers import find_columns
from rowcall.numbers import BLANKS
from rowcall.table import ERROR_TEXTS, KEY_JOIN, STALE, Column, Kind, Schema, Sheet, Table

_LINE = "\x00line"
_SAMPLES = 3
_DOUBLES_TOLD = 10
_LOST_DIGITS = r"^\d(\.\d+)?E\+\d{2,}$"
"""How a spreadsheet shows a long number whose last digits it has forgotten: 8.0858E+15."""


def type_table(schema: Schema, sheet: Sheet, *, language: str, zone: ZoneInfo) -> Table | Problem:
    """Return the sheet as a keyed and typed table, or the problem that makes the whole table unusable.

    A table whose schema names no key is keyed by line number: good for figures, not for comparing readings.
    """
    positions, problems = find_columns(schema, sheet)
    for name in schema.key:
        if name not in positions:
            return next(problem for problem in problems if problem.place.header == name)
    rows = _filled_rows(sheet, positions)
    usable, keys, aside, key_problems = _keyed(schema, rows)
    text = usable.drop(_LINE)
    typed = pl.DataFrame(
        [type_column(schema.column(name), text[name], zone).alias(name) for name in text.columns]
    )
    told = _unreadable(schema, text, typed, keys, language=language, zone=zone)
    headers = {name: sheet.header[position] for name, position in positions.items()}
    return Table(schema, text, typed, keys, (*problems, *key_problems, *told), headers, aside)


def table_of_text(schema: Schema, text: pl.DataFrame, zone: ZoneInfo) -> Table:
    """Return a stored table, typed anew: its texts were keyed when they were read, under the schema's names.

    A key column that the schema has got since is filled with the line number: nothing matches, nothing is lost.
    """
    typed = pl.DataFrame(
        [type_column(schema.column(name), text[name], zone).alias(name) for name in text.columns]
    )
    if schema.key and set(schema.key) <= set(text.columns):
        parts = [pl.col(name).str.strip_chars(BLANKS) for name in schema.key]
        keys = text.select(pl.concat_str(parts, separator=KEY_JOIN).alias("key"))["key"]
    else:
        keys = pl.int_range(2, len(text) + 2, eager=True).cast(pl.String).alias("key")
    return Table(schema, text, typed, keys)


def with_rows(table: Table, rows: Sequence[Mapping[str, str]], zone: ZoneInfo) -> Table:
    """Return the table with rows behind its own, given as texts by column; columns not named are empty."""
    if not rows:
        return table
    columns = table.text.columns
    texts = pl.DataFrame(
        {name: [row.get(name) or None for row in rows] for name in columns},
        schema=dict.fromkeys(columns, pl.String),
    )
    more = table_of_text(table.schema, texts, zone)
    return replace(
        table,
        text=table.text.vstack(more.text),
        typed=table.typed.vstack(more.typed),
        keys=pl.concat([table.keys, more.keys]),
    )


def missing_columns(table: Table) -> frozenset[str]:
    """Return the declared columns that can't be used: not in the sheet, or there twice."""
    return frozenset(column.name for column in table.schema.columns) - frozenset(table.text.columns)


def _filled_rows(sheet: Sheet, positions: Mapping[str, int]) -> pl.DataFrame:
    """Return the named columns without blank rows, blank texts as null, with each row's line in the sheet."""
    named = [pl.col(str(position)).alias(name) for name, position in positions.items()]
    texts = sheet.cells.select(named)
    texts = texts.with_columns(pl.when(pl.all().str.strip_chars(BLANKS) != "").then(pl.all()))
    lines = pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(_LINE)
    filled = pl.any_horizontal(pl.all().exclude(_LINE).is_not_null()) if named else pl.lit(value=False)
    return texts.with_columns(lines).filter(filled)


def _keyed(
    schema: Schema, rows: pl.DataFrame
) -> tuple[pl.DataFrame, pl.Series, frozenset[str], tuple[Problem, ...]]:
    """Return the rows with a usable key, their keys, the keys set aside, and what is wrong with those rows."""
    if not schema.key:
        return rows, rows[_LINE].cast(pl.String).alias("key"), frozenset(), ()
    parts = [pl.col(name).str.strip_chars(BLANKS) for name in schema.key]
    lost = pl.any_horizontal(
        [part.is_in(sorted(ERROR_TEXTS | {STALE})) | part.str.contains(_LOST_DIGITS) for part in parts]
    )
    keys = rows.select(
        pl.concat_str(parts, separator=KEY_JOIN).alias("key"),
        lost.fill_null(value=False).alias("lost"),
        pl.col(_LINE),
    )
    blank, lost_rows = keys["key"].is_null(), keys["lost"]
    doubled = keys["key"].is_duplicated() & ~blank & ~lost_rows
    problems = (
        *_blank_keys(schema, keys.filter(blank & ~lost_rows)),
        *_lost_keys(schema, rows.filter(lost_rows)),
        *_doubled_keys(schema, keys.filter(doubled)),
    )
    good = ~(blank | lost_rows | doubled)
    aside = frozenset(keys.filter(doubled)["key"].to_list())
    return rows.filter(good), keys.filter(good)["key"], aside, problems


def _blank_keys(schema: Schema, keys: pl.DataFrame) -> Iterator[Problem]:
    if len(keys):
        name = " and ".join(schema.key)
        lines = ", ".join(str(line) for line in keys[_LINE].head(_SAMPLES))
        more = ", …" if len(keys) > _SAMPLES else ""
        yield Problem(
            Place(table=schema.table, header=schema.key[0]),
            f"{_count(len(keys), 'row')} without {name} (line {lines}{more}, the header being line 1):"
            f" {_it(len(keys))} not looked at",
            f"fill in {name}",
            severity=Severity.WARNING,
        )


def _lost_keys(schema: Schema, rows: pl.DataFrame) -> Iterator[Problem]:
    if not len(rows):
        return
    seen = rows.select(pl.concat_str(schema.key, separator=KEY_JOIN, ignore_nulls=True)).to_series()
    samples = ", ".join(f'"{text}"' for text in seen.head(_SAMPLES))
    yield Problem(
        Place(table=schema.table, header=schema.key[0]),
        f"{_count(len(rows), 'row')} whose {' and '.join(schema.key)} can't be read ({samples}):"
        f" {_it(len(rows))} not looked at",
        "mend the formula, or format the column as text and enter the number again: its last digits are lost",
        severity=Severity.WARNING,
    )


def _doubled_keys(schema: Schema, keys: pl.DataFrame) -> Iterator[Problem]:
    groups = keys.group_by("key", maintain_order=True).agg(pl.col(_LINE))
    name = " and ".join(schema.key)
    for key, lines in groups.head(_DOUBLES_TOLD).iter_rows():  # at most ten
        yield Problem(
            Place(table=schema.table, header=schema.key[0], key=key),
            f'{name} "{key}" stands in {len(lines)} rows (lines {", ".join(map(str, lines[:_SAMPLES]))}'
            f"{', …' if len(lines) > _SAMPLES else ''}): none of them is looked at",
            f"give every row its own {name}",
            severity=Severity.WARNING,
        )
    if len(groups) > _DOUBLES_TOLD:
        yield Problem(
            Place(table=schema.table, header=schema.key[0]),
            f"{len(groups) - _DOUBLES_TOLD} more values of {name} stand in several rows:"
            " none of them is looked at",
            f"give every row its own {name}",
            severity=Severity.WARNING,
        )


def _unreadable(
    schema: Schema, text: pl.DataFrame, typed: pl.DataFrame, keys: pl.Series, *, language: str, zone: ZoneInfo
) -> Iterator[Problem]:
    """Yield one problem for each column that holds cells which say nothing of its kind."""
    for name in text.columns:
        bad = text[name].is_not_null() & typed[name].is_null()
        if not bad.any():
            continue
        column = schema.column(name)
        samples = list(
            zip(text[name].filter(bad).head(_SAMPLES), keys.filter(bad).head(_SAMPLES), strict=True)
        )
        reason = parse_cell(column, samples[0][0], language=language, zone=zone)
        why = reason if isinstance(reason, Unreadable) else Unreadable("")
        shown = ", ".join(f'"{seen}" (row {key})' for seen, key in samples)
        count = int(bad.sum())
        yield Problem(
            Place(table=schema.table, header=name, key=samples[0][1] if count == 1 else ""),
            f"{_count(count, 'cell')} can't be read as {_kind_name(column)}:"
            f" {shown}{', …' if count > _SAMPLES else ''}; {why.why}",
            "until then every condition on such a cell is unknown",
            why.suggestion,
            Severity.WARNING,
        )


def _kind_name(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return "one of the choices"
    return "text" if column.kind in (Kind.EMAIL, Kind.PHONE, Kind.PERSON) else str(column.kind)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _it(number: int) -> str:
    return "it is" if number == 1 else "they are"
