"""What does the config say of each table: its place, key, columns, links and past?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rowcall.config.shapes import LinkShape, TableShape
from rowcall.config.values import History
from rowcall.language.document import Blank, Block, Lines, Pair, Text, fold_key
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.plain import read_word
from rowcall.language.shape import Readers, read_parts
from rowcall.table import Column, Kind, Link, Schema, clean_header

_KINDS = tuple(str(kind) for kind in Kind if kind is not Kind.CHOICE)
_NUMBER_AT_END = re.compile(r"\D*\d+")


@dataclass(frozen=True, slots=True)
class TableRead:
    """One table as read: its name with its place, its shape, and what was made of it."""

    name: Text
    shape: TableShape
    schema: Schema
    history: History | None


def read_tables(
    block: Block | None, workbooks: Sequence[str], notes: Notes, readers: Readers
) -> Mapping[str, TableRead]:
    """Return every table that could be read, by name; all mistakes are noted, also those between tables."""
    pairs = block.pairs if block else ()
    names = [pair.key.value for pair in pairs]
    found: dict[str, TableRead] = {}
    for pair in pairs:
        if isinstance(pair.value, Blank):
            notes.mistake(
                pair.key.place, f"Nothing stands behind `{pair.key.value}:`.", fix="Write its `key:`."
            )
            continue
        shape = read_parts(TableShape, pair.value, notes, readers)
        found[pair.key.value] = _read_table(pair.key, shape, workbooks, notes)
    for table in found.values():
        _check_links(table, names, notes)
    _check_tabs(list(found.values()), notes)
    return found


def note_unknown(
    name: Text, known: Sequence[str], called: str, notes: Notes, *, fix: str = "", meant: str = ""
) -> None:
    """Note that a name is not one of those known; called: what it should be; meant: what it surely means."""
    nearest = meant if meant in known else did_you_mean(name.value, known)
    listed = ", ".join(f"`{one}`" for one in known) or "none"
    notes.mistake(
        name.place,
        f"There is no {called} `{name.value}`; there are: {listed}."
        + (f" Did you mean `{nearest}`?" if nearest else ""),
        suggestion=notes.corrected(name.place, name.value, nearest) if nearest else "",
        fix=fix,
    )


def _read_table(name: Text, shape: TableShape, workbooks: Sequence[str], notes: Notes) -> TableRead:
    columns = _read_columns(shape, notes)
    known = _declared(shape)
    for column in shape.kept:
        _check_column(column, known, notes)
    for column in shape.key:
        nearest = did_you_mean(column.value, known)
        if column.value not in known and nearest:  # else it is a text column that was not declared
            note_unknown(column, known, "column", notes)
    _check_number(shape, notes)
    links = shape.links or {}
    schema = Schema(
        table=name.value,
        workbook=_workbook_of(name, shape, workbooks, notes),
        sheet=shape.sheet.value if shape.sheet else name.value,
        key=tuple(column.value for column in shape.key),
        columns=columns,
        links=tuple(Link(link, read.table.value, read.by.value) for link, read in links.items()),
        number=shape.number.value if shape.number else "",
        kept=tuple(column.value for column in shape.kept),
        settle=shape.settle,
        optional=shape.optional,
    )
    return TableRead(name, shape, schema, _read_history(shape, known, notes))


def _workbook_of(name: Text, shape: TableShape, workbooks: Sequence[str], notes: Notes) -> str:
    if shape.workbook is not None:
        if shape.workbook.value not in workbooks:
            note_unknown(shape.workbook, workbooks, "workbook", notes)
        return shape.workbook.value
    if len(workbooks) > 1:
        listed = ", ".join(f"`{one}`" for one in workbooks)
        notes.mistake(
            name.place,
            f"There are several workbooks ({listed}); `{name.value}` does not say in which one it is.",
            fix="Add `workbook:` with one of them to this table.",
        )
    return workbooks[0] if workbooks else ""


def _read_columns(shape: TableShape, notes: Notes) -> tuple[Column, ...]:
    aliases = _aliases(shape, _declared(shape), notes)
    columns = [_read_column(pair, aliases, notes) for pair in shape.columns or ()]
    return tuple(column for column in columns if column is not None)


def _declared(shape: TableShape) -> list[str]:
    return [clean_header(pair.key.value) for pair in shape.columns or ()]


def _aliases(shape: TableShape, names: Sequence[str], notes: Notes) -> Mapping[str, tuple[str, ...]]:
    declared = shape.aliases or {}
    owners = {name: name for name in names}
    for name, others in declared.items():
        if name not in names:
            note_unknown(
                Text(name, shape.place), names, "column", notes, fix="Aliases belong to declared columns."
            )
        for other in others:
            if owners.setdefault(other, name) != name:
                what = f"The alias `{other}` of `{name}` also means the column `{owners[other]}`."
                notes.mistake(shape.place, what, fix="Remove one of the two.")
    return declared


def _read_column(pair: Pair, aliases: Mapping[str, tuple[str, ...]], notes: Notes) -> Column | None:
    name = clean_header(pair.key.value)
    if isinstance(pair.value, Lines):
        choices = _read_choices(pair.value, notes)
        return Column(name, Kind.CHOICE, choices, aliases.get(name, ()))
    if isinstance(pair.value, Text):
        word = read_word(_KINDS, pair.value, notes)
        return Column(name, Kind(word), aliases=aliases.get(name, ())) if word else None
    listed = ", ".join(f"`{kind}`" for kind in _KINDS)
    notes.mistake(
        pair.key.place,
        f"Behind `{pair.key.value}:` must stand what the column holds: {listed}, or a list of choices.",
        fix="Write for example `text`, or `[New, Paid, Shipped]`.",
    )
    return None


def _read_choices(lines: Lines, notes: Notes) -> tuple[str, ...]:
    choices: list[str] = []
    for part in lines:
        if not isinstance(part, Text) or not part.value.strip():
            notes.mistake(part.place, "A list of choices holds texts only.")
        elif part.value in choices:
            notes.mistake(
                part.place, f"The choice `{part.value}` stands here twice.", fix="Remove one of them."
            )
        else:
            choices.append(part.value)
    return tuple(choices)


def _check_column(column: Text, known: Sequence[str], notes: Notes) -> None:
    if column.value not in known:
        note_unknown(column, known, "column", notes, fix=f"Declare `{column.value}` under `columns:`.")


def _check_number(shape: TableShape, notes: Notes) -> None:
    if shape.number is None:
        return
    if not _NUMBER_AT_END.fullmatch(shape.number.value):
        what = f"`{shape.number.value}` is no pattern for new keys: it must end with a number."
        notes.mistake(shape.number.place, what, fix="Write for example `T-0001`.")
    if len(shape.key) != 1:
        notes.mistake(shape.number.place, "New keys can only be numbered when the key is one column.")


def _check_links(table: TableRead, tables: Sequence[str], notes: Notes) -> None:
    known = _declared(table.shape)
    for link in (table.shape.links or {}).values():
        if link.table.value not in tables:
            note_unknown(link.table, tables, "table", notes)
        _check_by(link, known, table, notes)


def _check_by(link: LinkShape, known: Sequence[str], table: TableRead, notes: Notes) -> None:
    if link.by.value not in known and link.by.value not in table.schema.key:
        _check_column(link.by, known, notes)


def _check_tabs(tables: Sequence[TableRead], notes: Notes) -> None:
    seen: dict[tuple[str, str], TableRead] = {}
    for table in tables:
        tab = (table.schema.workbook, clean_header(table.schema.sheet).casefold())
        first = seen.setdefault(tab, table)
        if first is not table:
            notes.mistake(
                table.shape.sheet.place if table.shape.sheet else table.name.place,
                f"`{table.name.value}` and `{first.name.value}` are both the tab `{table.schema.sheet}`.",
                fix="A tab is one table: remove one of them, or name another tab with `sheet:`.",
            )


def _read_history(shape: TableShape, known: Sequence[str], notes: Notes) -> History | None:
    if shape.history is None:
        return None
    appears, moments = "", {}
    for pair in shape.history:
        if fold_key(pair.key.value) == "appears" and isinstance(pair.value, Text):
            _check_column(pair.value, known, notes)
            appears = pair.value.value
        elif isinstance(pair.value, Block):
            _check_column(pair.key, known, notes)
            moments[pair.key.value] = _moments(pair.value, known, notes)
        else:
            notes.mistake(
                pair.key.place,
                f"`{pair.key.value}:` is not understood here; possible are `appears: COLUMN`, and a column with "
                "its values: `Status: {Paid: Paid on}`.",
            )
    return History(appears, moments)


def _moments(block: Block, known: Sequence[str], notes: Notes) -> dict[str, str]:
    found = {pair.key.value: pair.value for pair in block}
    for value, node in found.items():
        if isinstance(node, Text):
            _check_column(node, known, notes)
        else:
            notes.mistake(node.place, f"Behind `{value}:` a column with its date must stand.")
    return {value: node.value for value, node in found.items() if isinstance(node, Text)}
