"""Add a row at the end of a table, unless there is one like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rowcall.episode import Delivery, Ending, WrittenCell
from rowcall.errors import Place, Problem, Severity, TemplateError
from rowcall.language.shape import help_field
from rowcall.language.value import ListName, RowValues, Unless
from rowcall.numbering import next_number
from rowcall.ports import CellValue, NewRow, Wrote
from rowcall.scene import Draft, Drafts, Say, Scene, UnknownValue, clock_word
from rowcall.table import join_key
from rowcall.tools import Result, Tools

WORD = "add row"


@dataclass(frozen=True, slots=True)
class Params:
    """The keys of `add row`."""

    chinese: ClassVar[str] = "添加行|新增行"

    to: str = help_field("the table that gets the row", zh="表|写入表")
    values: RowValues = help_field("its columns and their values; a key left out is numbered", zh="各列|内容")
    unless_there_is: Unless | None = help_field(
        "conditions on that table: no row if one fits", None, zh="除非存在"
    )
    for_each: ListName | None = help_field(
        "a list of `figures`: one row for each of its lines", None, zh="逐行|对每一行"
    )


@dataclass(frozen=True, slots=True)
class Payload:
    """One new row: its key, the values by column, and their texts.

    clocks: columns whose value is `now` or `today`, brought up while the row waits for a mail.
    """

    workbook: str
    table: str
    key: tuple[str, ...]
    values: tuple[tuple[str, CellValue], ...]
    texts: tuple[tuple[str, str], ...]
    clocks: tuple[tuple[str, str], ...] = ()


def plan(params: Params, scene: Scene) -> Drafts:
    """Return the new row, or one for each line of a list; raises TemplateError for a value or key.

    A line like which there is a row already adds none.
    """
    if params.for_each is None:
        return _one_row(params, scene)
    listed = scene.listed(params.for_each.name)
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for key in listed.keys:
        made = _one_row(params, scene.for_line(scene.read(listed.table, key)))
        drafts += made.drafts
        problems += made.problems
        # The next line sees the rows of those before it, so that numbers go on and doubles are seen.
        texts = tuple(
            dict(draft.payload.texts) for draft in made.drafts if isinstance(draft.payload, Payload)
        )
        scene = scene.with_added(params.to, texts)
    return Drafts(tuple(drafts), tuple(problems))


def _one_row(params: Params, scene: Scene) -> Drafts:
    if params.unless_there_is is not None and scene.exists(params.unless_there_is):
        return Drafts()
    schema = scene.schema(params.to)
    values, problems = _values(params, scene)
    if len(schema.key) == 1 and values.get(schema.key[0]) is None:
        if not schema.number:
            raise TemplateError(
                f'{scene.place}: the new row of {params.to} has no "{schema.key[0]}"; '
                f"give it a value, or give the table a `number: X-0001` in the config"
            )
        known = scene.known_keys(params.to)
        values[schema.key[0]] = next_number(schema.number, known)
    texts = {name: scene.show(value, schema.column(name)) for name, value in values.items()}
    key = tuple(texts.get(name, "") for name in schema.key)
    if not all(key):
        raise TemplateError(f"{scene.place}: the new row of {params.to} has an empty key")
    clocks = tuple(
        (one.ref.column.name, word)
        for one in params.values.targets
        if (word := clock_word(one.value)) and one.ref.column.name not in schema.key
    )
    payload = Payload(schema.workbook, params.to, key, tuple(values.items()), tuple(texts.items()), clocks)
    draft = Draft(f"{params.to}!{join_key(key)}", f"workbook:{schema.workbook}", payload)
    return Drafts((draft,), problems)


def _values(params: Params, scene: Scene) -> tuple[dict[str, CellValue], tuple[Problem, ...]]:
    """Return the values by column; one of which nothing is known stays empty, and is told."""
    values: dict[str, CellValue] = {}
    problems = []
    for target in params.values.targets:
        name = target.ref.column.name
        try:
            values[name] = scene.value(target.value, target.ref.column)
        except UnknownValue as error:
            values[name] = None
            where = Place(table=params.to, header=name)
            problems.append(Problem(where, f"{error}, so {name} stays empty", severity=Severity.WARNING))
    return values, tuple(problems)


def retime(payload: Payload, say: Say) -> Payload:
    """Return the row with its `now` and `today` at another moment; say: table, column, word, text seen → value."""
    values, texts = dict(payload.values), dict(payload.texts)
    for column, word in payload.clocks:
        values[column], texts[column] = say(payload.table, column, word, "")
    return replace(payload, values=tuple(values.items()), texts=tuple(texts.items()))


def deliver(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Append the rows of all deliveries in one go; raises WorkbookError for the whole workbook."""
    payloads = [_payload(delivery) for delivery in deliveries]
    if not payloads:
        return []
    rows = [NewRow(tools.schemas[one.table], one.key, one.values) for one in payloads]
    written = tools.workbooks[payloads[0].workbook].append(rows)
    return [
        Result(Ending.DEAD, f"{payload.table}, row {join_key(payload.key)}: {one.detail}")
        if one.outcome not in (Wrote.WRITTEN, Wrote.ALREADY)
        else Result(Ending.SENT, one.detail, _cells(payload))
        for payload, one in zip(payloads, written, strict=True)
    ]


def show(payload: Payload) -> Mapping[str, object]:
    """Return the row as `preview` and `run` print it."""
    return {
        "action": WORD,
        "table": payload.table,
        "key": join_key(payload.key),
        "values": dict(payload.texts),
    }


def adds(payload: Payload) -> tuple[str, Mapping[str, str]]:
    """Return the table and the texts of the new row, so that later rules of a tick see it."""
    return payload.table, dict(payload.texts)


def _payload(delivery: Delivery) -> Payload:
    if not isinstance(delivery.payload, Payload):
        raise TypeError(f"delivery {delivery.id} adds no row")
    return delivery.payload


def _cells(payload: Payload) -> tuple[WrittenCell, ...]:
    key = join_key(payload.key)
    return tuple(WrittenCell(payload.table, key, name, "", text) for name, text in payload.texts)
