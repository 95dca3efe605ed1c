"""What must have happened, as a step of a test says?"""

from collections.abc import Iterable
from dataclasses import dataclass

from rowcall.errors import Place
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key
from rowcall.language.notes import Notes
from rowcall.language.shape import help_field, read_shape
from rowcall.ruletest.names import Names
from rowcall.ruletest.story import Expected, ExpectedCell, ExpectedMail, ExpectedRow

_ROWS = ("row added", "rows added")
_OF_TABLES = ("cells ", "row added to ", "rows added to ")
_NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class MailShape:
    """The keys of an expected `email`; what is left out may be anything."""

    place: Place
    to: tuple[str, ...] = help_field("who gets it: people, roles, `responsible` or addresses", ())
    cc: tuple[str, ...] | None = help_field("who gets a copy", None)
    subject: str | None = help_field("the whole subject", None)
    subject_contains: tuple[str, ...] = help_field("pieces of the subject", ())
    text_contains: tuple[str, ...] = help_field("pieces of the text", ())
    attachment: tuple[str, ...] | None = help_field("the names of the files that it carries", None)
    rows: tuple[str, ...] | None = help_field("the keys of its rows, all of them; also written `keys`", None)
    keys: tuple[str, ...] | None = help_field("the same as `rows`", None)


@dataclass(frozen=True, slots=True)
class ExpectShape:
    """The keys of `expect`; `cells` and `row added` may name a table: `cells Customers`, `row added to Log`."""

    place: Place
    email: Block | Lines | None = help_field("a mail, or a list of mails", None)
    cells: Block | None = help_field("cells and what must stand in them: `{A-1: {Note: done}}`", None)
    row_added: Block | Lines | None = help_field(
        "a row that must have been added, with some of its cells", None
    )
    rows_added: Block | Lines | None = help_field("a list of such rows", None)
    held: Text | None = help_field("`yes`, or how many rows a limit must hold", None)
    problem: tuple[str, ...] = help_field("pieces of a problem that must be told", ())


def read_expected(node: Node, names: Names, notes: Notes) -> Expected | None:
    """Return what a step expects, None with the mistake noted if it can't be read."""
    if isinstance(node, Text):
        if fold_key(node.value) == _NOTHING:
            return Expected(node.place)
        notes.mistake(
            node.place,
            f"`{node.value}` is nothing that can be expected.",
            fix="Write `nothing`, or lines with `email`, `cells`, `row added`, `held` or `problem`.",
        )
        return None
    of_tables = [pair for pair in _pairs(node) if fold_key(pair.key.value).startswith(_OF_TABLES)]
    shape = read_shape(ExpectShape, node, notes, besides=[pair.key.value for pair in of_tables])
    if shape is None:
        return None
    return Expected(
        place=shape.place,
        mails=tuple(_mails(shape.email, notes)),
        cells=tuple(cell for pair in _pairs(node) for cell in _cells(pair, names, notes)),
        rows=tuple(row for pair in _pairs(node) for row in _rows(pair, names, notes)),
        held=_held(shape.held, notes),
        problems=shape.problem,
    )


def _mails(node: Node | None, notes: Notes) -> Iterable[ExpectedMail]:
    for part in node.parts if isinstance(node, Lines) else () if node is None else (node,):
        shape = read_shape(MailShape, part, notes)
        if shape is not None:
            yield ExpectedMail(
                shape.place,
                shape.to,
                shape.cc,
                shape.subject,
                shape.subject_contains,
                shape.text_contains,
                shape.attachment,
                shape.rows if shape.rows is not None else shape.keys,
            )


def _cells(pair: Pair, names: Names, notes: Notes) -> Iterable[ExpectedCell]:
    word, _, rest = pair.key.value.strip().partition(" ")
    if fold_key(word) != "cells" or not isinstance(pair.value, Block):
        return
    named = Text(rest.strip(), pair.key.place)
    table = names.table(named, notes) if rest.strip() else names.own("cells", named, notes)
    for row in pair.value:
        if not isinstance(row.value, Block):
            notes.mistake(
                row.key.place,
                f"Behind `{row.key.value}:` the cells of this row must stand.",
                fix=f"Write `{row.key.value}: {{COLUMN: value}}`.",
            )
            continue
        for column, text in names.cells(table, row.value, notes).items():
            yield ExpectedCell(table, row.key.value, column, text, row.key.place)


def _rows(pair: Pair, names: Names, notes: Notes) -> Iterable[ExpectedRow]:
    folded = fold_key(pair.key.value)
    if not folded.startswith(_ROWS):
        return
    written = " ".join(pair.key.value.replace("_", " ").split())
    named = written.partition(" to ")[2].strip() if " to " in folded else ""
    table = names.table(Text(named, pair.key.place), notes) if named else ""
    for part in pair.value.parts if isinstance(pair.value, Lines) else (pair.value,):
        if isinstance(part, Block):
            yield ExpectedRow(table, names.cells(table, part, notes), part.place)
        else:
            notes.mistake(part.place, "The cells of the added row must stand here.")


def _held(text: Text | None, notes: Notes) -> int | None:
    if text is None or text.value.strip().lower() == "no":
        return None
    written = text.value.strip().lower()
    if written == "yes":
        return 0
    if written.isdigit() and int(written):
        return int(written)
    notes.mistake(text.place, f"`{text.value}` must be `yes`, or the number of rows that are held.")
    return None


def _pairs(node: Node) -> tuple[Pair, ...]:
    return () if isinstance(node, Blank | Text | Lines) else node.pairs
