"""Write values into cells of the row, or of rows linked to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from rowcall.episode import Delivery, Ending, WrittenCell
from rowcall.errors import Place, Problem, Severity
from rowcall.language.value import Cells, Increase, Target
from rowcall.ports import CellChange, CellValue, Written, Wrote
from rowcall.scene import Draft, Drafts, Say, Scene, UnknownValue, clock_word, negative, total
from rowcall.table import join_key
from rowcall.tools import Result, Tools

WORD = "set"


@dataclass(frozen=True, slots=True)
class Params:
    """What stands under `set`: columns and the values they get."""

    chinese: ClassVar[str] = "填写|设置"

    cells: Cells = field(
        metadata={"whole": True, "help": "columns of the row, or of a linked row, and what they get"}
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the text the plan saw, the value it shall hold, and that value's text.

    by: how much is added to what stands there; None = the value stands whatever was there.
    clock: `now` or `today`, if that is the value: it is brought up while the write waits for a mail.
    """

    column: str
    seen: str
    value: CellValue
    text: str
    by: CellValue = None
    clock: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """The cells of one row to be written; key: the parts of the row's key."""

    workbook: str
    table: str
    key: tuple[str, ...]
    cells: tuple[Cell, ...]


def plan(params: Params, scene: Scene) -> Drafts:
    """Return one draft for each row that is written; raises TemplateError when a value can't be made.

    The lines are worked out from top to bottom: each sees what those above it set. A value of which nothing is
    known is not written, and told as a data problem.
    """
    rows: dict[tuple[str, str], list[Cell]] = {}
    writes = []
    problems = []
    for target in params.cells.targets:
        place = scene.row.locate(target.ref)
        try:
            cell = _cell(target, scene)
        except UnknownValue as error:
            name = target.ref.column.name
            where = Place(table=place[0], header=name, key=place[1])
            problems.append(Problem(where, f"{error}, so {name} was not written", severity=Severity.WARNING))
            continue
        rows.setdefault(place, []).append(cell)
        writes.append((target.ref, cell.value))
        scene = scene.with_writes(((target.ref, cell.value),))
    drafts = [_draft(scene, table, key, tuple(cells)) for (table, key), cells in rows.items()]
    return Drafts(tuple(drafts), tuple(problems), tuple(writes))


def deliver(deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
    """Write the cells of all deliveries in one go; raises WorkbookError for the whole workbook."""
    payloads = [_payload(delivery) for delivery in deliveries]
    if not payloads:
        return []
    workbook = tools.workbooks[payloads[0].workbook]
    changes = [
        CellChange(tools.schemas[payload.table], payload.key, cell.column, cell.seen, cell.value)
        for payload in payloads
        for cell in payload.cells
    ]
    written = iter(workbook.write(changes))
    return [_result(payload, [next(written) for _ in payload.cells]) for payload in payloads]


def show(payload: Payload) -> Mapping[str, object]:
    """Return the cells as `preview` and `run` print them."""
    cells = {cell.column: {"from": cell.seen, "to": cell.text} for cell in payload.cells}
    return {"action": WORD, "table": payload.table, "key": join_key(payload.key), "cells": cells}


def cells(payload: Payload) -> Sequence[WrittenCell]:
    """Return the cells that would be written, with the texts seen and wanted."""
    key = join_key(payload.key)
    return [WrittenCell(payload.table, key, cell.column, cell.seen, cell.text) for cell in payload.cells]


def follow(payload: Payload, table: str, keys: Mapping[str, tuple[str, ...]]) -> Payload | None:
    """Return the payload for the row's new key; None if it writes to none of the renamed rows."""
    parts = keys.get(join_key(payload.key)) if payload.table == table else None
    return None if parts is None else replace(payload, key=parts)


def increases(payload: Payload) -> Mapping[str, CellValue]:
    """Return the columns that are increased, and by how much."""
    return {cell.column: cell.by for cell in payload.cells if cell.by is not None}


def rebase(payload: Payload, column: str, seen: str, value: CellValue, text: str) -> Payload:
    """Return the payload with an increase that begins at another text than the one it saw."""
    cells = (
        replace(cell, seen=seen, value=value, text=text) if cell.column == column else cell
        for cell in payload.cells
    )
    return replace(payload, cells=tuple(cells))


def retime(payload: Payload, say: Say) -> Payload:
    """Return the payload with its `now` and `today` at another moment; say: table, column, word, text seen → value."""
    cells = []
    for cell in payload.cells:
        one = cell
        if cell.clock:
            value, text = say(payload.table, cell.column, cell.clock, cell.seen)
            one = replace(cell, value=value, text=text)
        cells.append(one)
    return replace(payload, cells=tuple(cells))


def _cell(target: Target, scene: Scene) -> Cell:
    column, seen = target.ref.column, scene.row.text(target.ref)
    value = scene.value(target.value, column)
    if not isinstance(target.value, Increase):
        text = scene.show(value, column, seen)
        return Cell(column.name, seen, value, text, clock=clock_word(target.value))
    if not scene.row.is_known(target.ref):
        raise UnknownValue(f'{target.place}: {target.ref.name} can\'t be read: "{seen}"')
    by = negative(value) if target.value.back else value
    after = total(scene.row.value(target.ref), by)
    if after is None:
        what = f"{target.ref.name} is no amount" if by is not None else "the amount is empty or can't be read"
        raise UnknownValue(f"{target.place}: {what}")
    return Cell(column.name, seen, after, scene.show(after, column, seen), by)


def _draft(scene: Scene, table: str, key: str, cells: tuple[Cell, ...]) -> Draft:
    schema = scene.schema(table)
    parts = scene.row.key_parts(table, key)
    return Draft(
        f"{table}!{key}", f"workbook:{schema.workbook}", Payload(schema.workbook, table, parts, cells)
    )


def _payload(delivery: Delivery) -> Payload:
    if not isinstance(delivery.payload, Payload):
        raise TypeError(f"delivery {delivery.id} sets no cells")
    return delivery.payload


def _result(payload: Payload, written: Sequence[Written]) -> Result:
    """Sum up the cells of one row: one lost to a person makes it lost, one refused makes it dead.

    A row that is not there may have been renamed, or cut to be pasted elsewhere: the next looks will tell.
    """
    key = join_key(payload.key)
    cells = tuple(
        WrittenCell(payload.table, key, cell.column, one.before, one.after)
        for cell, one in zip(payload.cells, written, strict=True)
        if one.outcome in (Wrote.WRITTEN, Wrote.ALREADY)
    )
    for cell, one in zip(payload.cells, written, strict=True):
        where = f"{payload.table}!{cell.column}, row {key}"
        if one.outcome is Wrote.TAKEN and cell.by is not None:
            # Nobody's edit is lost by adding to it: the next look counts from what stands there now.
            return Result(
                Ending.RETRY, f'{where}: "{one.before}" stands there now; it is added up anew', cells
            )
        if one.outcome is Wrote.TAKEN:
            detail = f'{where}: somebody wrote "{one.before}" meanwhile, so it was left alone'
            return Result(Ending.LOST, detail, cells)
        if one.outcome is Wrote.GONE:
            detail = one.detail or "the row is gone or its key stands twice"
            return Result(Ending.RETRY, f"{where}: {detail}", cells)
        if one.outcome is Wrote.REFUSED:
            return Result(Ending.DEAD, f"{where}: {one.detail}", cells)
    return Result(Ending.SENT, "", cells)
