"""What do the tests of a file say? Reads them, and tells every mistake with its place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rowcall.duration import parse_span
from rowcall.errors import Place, Problem
from rowcall.language.document import Blank, Block, Lines, Node, Pair, Text, fold_key, parse_blocks
from rowcall.language.near import did_you_mean
from rowcall.language.notes import Notes
from rowcall.language.shape import help_field, read_shape
from rowcall.ruletest.expecting import read_expected
from rowcall.ruletest.names import Names
from rowcall.ruletest.story import Add, Change, Delete, Edit, Pressed, Sort, Step, Test
from rowcall.ruletest.times import HOW, NoMoment, read_at, read_start

_NOWHERE = Place()
_EDITS = ("change", "add", "delete", "sort")
_SECONDS = {"0": timedelta(0), "30 seconds": timedelta(seconds=30)}


@dataclass(frozen=True, slots=True)
class TestShape:
    """The keys of a test, beside `table NAME`."""

    __test__ = False

    place: Place
    test: str = help_field("what is tested, for people")
    start: Text = help_field("the day and time at which the test begins, as `2025-03-03 08:00`")
    steps: Lines = help_field("what people do and what must happen, step by step")
    first_run: bool = help_field(
        "`yes`: the rows are there before the rule first looks, so that they are only recorded", default=False
    )
    settle: Text | None = help_field("how long a new row must stay the same; at once if left out", None)
    settings: Block | None = help_field("names and values of the shop's settings in this test", None)


@dataclass(frozen=True, slots=True)
class PressShape:
    """The keys of `press`."""

    place: Place
    button: str = help_field("the button's label")
    of: str = help_field("the key of the row that the mail is about")
    rate: str = help_field("the number that is chosen, where the button asks for one", "")
    comment: str = help_field("what is written beside it", "")


@dataclass(frozen=True, slots=True)
class StepShape:
    """The keys of a step; `change`, `add`, `delete` and `sort` may name a table: `change Customers`."""

    place: Place
    at: Text | None = help_field("when: `09:15`, `2025-03-04 09:15`, `Tuesday 09:15`, `+1 day`", None)
    change: Block | None = help_field("cells that a person changes: `{A-1: {On hand: 9}}`", None)
    add: Lines | Block | None = help_field("a row, or a list of rows, that a person adds", None)
    delete: tuple[Text, ...] = help_field("keys of rows that a person deletes", ())
    sort: Text | None = help_field("the column by which a person sorts, `… descending`", None)
    press: PressShape | None = help_field(
        "a button that somebody presses: `{button: Take it, of: A-1}`", None
    )
    restart: bool = help_field("`yes`: Rowcall stops and starts again", default=False)
    expect: Text | Block | None = help_field("what must have happened since the last `expect`", None)


@dataclass(slots=True)
class _Reading:
    """Reads one file of tests."""

    names: Names
    rule: str
    zone: ZoneInfo
    notes: Notes
    tests: list[Test] = field(default_factory=list)


def read_tests(
    source: bytes, file: str, rule: str, names: Names, zone: ZoneInfo
) -> tuple[tuple[Test, ...], tuple[Problem, ...]]:
    """Return the tests of a file and what is wrong in it; a file with mistakes has no tests.

    rule: the id of the rule that is tested. names: the shop's tables and columns.
    """
    blocks, notes = parse_blocks(source, file)
    reading = _Reading(names, rule, zone, notes)
    for block in blocks:
        test = _read_test(reading, block)
        if test is not None:
            reading.tests.append(test)
    return (() if notes.errors else tuple(reading.tests)), notes.problems


def _read_test(reading: _Reading, block: Block) -> Test | None:
    notes = reading.notes
    tables = [pair for pair in block if fold_key(pair.key.value).startswith("table ")]
    shape = read_shape(TestShape, block, notes, besides=[pair.key.value for pair in tables])
    given = {name: rows for pair in tables for name, rows in [_table(reading, pair)] if name}
    if shape is None:
        return None
    try:
        start = read_start(shape.start.value, reading.zone)
    except NoMoment as error:
        notes.mistake(shape.start.place, str(error))
        return None
    return Test(
        title=shape.test,
        rule=reading.rule,
        place=shape.place,
        start=start,
        tables=given,
        steps=tuple(_steps(reading, shape.steps, start)),
        settings=_settings(shape.settings, notes),
        first_run=shape.first_run,
        settle=_settle(shape.settle, notes),
    )


def _table(reading: _Reading, pair: Pair) -> tuple[str, tuple[Mapping[str, str], ...]]:
    written = pair.key.value.strip()[len("table ") :].strip()
    table = reading.names.table(Text(written, pair.key.place), reading.notes)
    parts: Sequence[Node] = (
        pair.value.parts
        if isinstance(pair.value, Lines)
        else ()
        if isinstance(pair.value, Blank)
        else (pair.value,)
    )
    return table, tuple(_row(reading, table, part) for part in parts)


def _row(reading: _Reading, table: str, node: Node) -> Mapping[str, str]:
    if not isinstance(node, Block):
        reading.notes.mistake(
            node.place, "A row must stand here.", fix="Write for example `{SKU: A-1, On hand: 12}`."
        )
        return {}
    return reading.names.cells(table, node, reading.notes)


def _settings(block: Block | None, notes: Notes) -> Mapping[str, str]:
    found = {}
    for pair in block or ():
        if isinstance(pair.value, Text):
            found[pair.key.value] = pair.value.value
        else:
            notes.mistake(pair.key.place, f"Behind `{pair.key.value}:` the setting's value must stand.")
    return found


def _settle(text: Text | None, notes: Notes) -> timedelta:
    if text is None:
        return timedelta(0)
    written = " ".join(text.value.split())
    if written in _SECONDS:
        return _SECONDS[written]
    count, _, unit = written.partition(" ")
    if count.isdigit() and unit in ("second", "seconds"):
        return timedelta(seconds=int(count))
    span = parse_span(written)
    try:
        return span.exact if span is not None and not span.working else _no_settle(text, notes)
    except ValueError:
        return _no_settle(text, notes)


def _no_settle(text: Text, notes: Notes) -> timedelta:
    notes.mistake(
        text.place, f"`{text.value}` is no length of time here.", fix="Write `30 seconds` or `2 minutes`."
    )
    return timedelta(0)


def _steps(reading: _Reading, lines: Lines, start: datetime) -> Iterator[Step]:
    now = start
    for part in lines:
        step = _step(reading, part, now)
        if step is not None:
            now = step.at
            yield step


def _step(reading: _Reading, node: Node, now: datetime) -> Step | None:
    notes = reading.notes
    of_tables = _edits_of_tables(node)
    shape = read_shape(StepShape, node, notes, besides=[pair.key.value for pair in of_tables])
    if shape is None:
        return None
    at = _at(shape.at, now, reading)
    plain = node.pairs if isinstance(node, Block) else ()
    edits: list[Edit] = []
    for pair in plain:
        word, _, table = fold_key(pair.key.value).partition(" ")
        if word in _EDITS:
            named = pair.key.value.strip()[len(word) :].strip() if table else ""
            key = Text(named, pair.key.place)
            name = reading.names.table(key, notes) if named else reading.names.own(word, key, notes)
            edits += _edits(reading, word, name, pair)
    if shape.press is not None:
        press = shape.press
        edits.append(Pressed(press.button, press.of, press.place, press.rate, press.comment))
    expected = None if shape.expect is None else read_expected(shape.expect, reading.names, notes)
    return Step(at, shape.place, tuple(edits), shape.restart, expected)


def _edits_of_tables(node: Node) -> list[Pair]:
    pairs = node.pairs if isinstance(node, Block) else ()
    return [pair for pair in pairs if fold_key(pair.key.value).startswith(tuple(f"{one} " for one in _EDITS))]


def _at(text: Text | None, now: datetime, reading: _Reading) -> datetime:
    if text is None:
        return now
    try:
        return read_at(text.value, now, reading.zone)
    except NoMoment as error:
        reading.notes.mistake(text.place, str(error), fix=HOW)
        return now


def _edits(reading: _Reading, word: str, table: str, pair: Pair) -> Iterator[Edit]:
    node, notes = pair.value, reading.notes
    parts = node.parts if isinstance(node, Lines) else (node,)
    if word == "change" and isinstance(node, Block):
        for row in node:
            if isinstance(row.value, Block):
                cells = reading.names.cells(table, row.value, notes)
                yield Change(table, row.key.value, cells, row.key.place)
            else:
                notes.mistake(
                    row.key.place,
                    f"Behind `{row.key.value}:` the cells that change must stand.",
                    fix=f"Write `{row.key.value}: {{COLUMN: value}}`.",
                )
    elif word == "add":
        for part in parts:
            yield Add(table, _row(reading, table, part), part.place)
    elif word == "delete":
        yield from (Delete(table, part.value, part.place) for part in parts if isinstance(part, Text))
    elif word == "sort" and isinstance(node, Text):
        yield _sort(reading, table, node)
    else:
        notes.mistake(pair.key.place, f"`{pair.key.value}:` must name rows by their keys, with their cells.")


def _sort(reading: _Reading, table: str, text: Text) -> Sort:
    column, _, order = text.value.rpartition(" ")
    descending = order.lower() == "descending" and bool(column)
    name = column if descending else text.value
    return Sort(
        table, reading.names.column(table, Text(name, text.place), reading.notes), descending, text.place
    )


def near_key(word: str, known: Sequence[str]) -> str:
    """Return a hint that names the nearest of the known words, "" if none is near."""
    near = did_you_mean(word, known)
    return f" Did you mean `{near}`?" if near else ""
