"""The command `undo`: put back what stood in the cells before a delivery wrote them."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rowcall.cells import Unreadable, parse_cell
from rowcall.cli.failure import FINE, FOUND
from rowcall.cli.opening import open_here, state, state_file
from rowcall.cli.screen import Page, print_json
from rowcall.cli.session import Session
from rowcall.episode import WrittenCell
from rowcall.errors import UsageError
from rowcall.ports import CellChange, CellValue, Written, Wrote
from rowcall.shop import Shop
from rowcall.table import KEY_JOIN

_WHY_NOT = {
    Wrote.TAKEN: "somebody changed it since, so it was left alone",
    Wrote.GONE: "the row is gone, or its key stands twice",
    Wrote.REFUSED: "it can't be written safely",
}


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("undo")
    def undo(
        ctx: typer.Context,
        delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id, or the beginning of it.")],
    ) -> None:
        """Put back what stood in a cell before a delivery wrote it."""
        raise typer.Exit(_undo(ctx.obj, delivery))


def _undo(session: Session, id_: str) -> int:
    shop = open_here(session)
    if state_file(shop) is None:
        raise UsageError("nothing has run in this shop yet, so there is nothing to undo")
    outcomes: list[tuple[WrittenCell, Written]] = []

    def put_back(cells: tuple[WrittenCell, ...]) -> tuple[WrittenCell, ...]:
        outcomes.extend(_write(shop, cells))
        return tuple(_reversed(cell, one) for cell, one in outcomes if _is_back(one))

    with state(shop) as store:
        delivery = store.delivery(id_).delivery.id
        store.undo(delivery, session.clock.now(), put_back)
    _tell(session, delivery, outcomes)
    return FINE if all(_is_back(one) for _, one in outcomes) else FOUND


def _write(shop: Shop, cells: Sequence[WrittenCell]) -> list[tuple[WrittenCell, Written]]:
    """Write the cells of one delivery, which all stand in one workbook."""
    unknown = [cell.table for cell in cells if cell.table not in shop.config.tables]
    if unknown:
        raise UsageError(f"the config has no table {unknown[0]} any more, so nothing can be put back in it")
    changes = [_change(shop, cell) for cell in cells]
    workbook = shop.workbooks[changes[0].schema.workbook]
    return list(zip(cells, workbook.write(changes), strict=True))


def _change(shop: Shop, cell: WrittenCell) -> CellChange:
    schema = shop.config.tables[cell.table]
    key = tuple(cell.key.split(KEY_JOIN)) if len(schema.key) > 1 else (cell.key,)
    return CellChange(schema, key, cell.column, cell.after, _value(shop, cell))


def _value(shop: Shop, cell: WrittenCell) -> CellValue:
    """Return what stood there as its column's kind means it; what could not be read then goes back as text."""
    if not cell.before.strip():
        return None
    about = shop.config.shop
    column = shop.config.tables[cell.table].column(cell.column)
    value = parse_cell(column, cell.before, language=about.language, zone=about.zone)
    return cell.before if isinstance(value, Unreadable) else value


def _is_back(one: Written) -> bool:
    return one.outcome in (Wrote.WRITTEN, Wrote.ALREADY)


def _reversed(cell: WrittenCell, one: Written) -> WrittenCell:
    return WrittenCell(cell.table, cell.key, cell.column, cell.after, one.after)


def _tell(session: Session, delivery: str, outcomes: Sequence[tuple[WrittenCell, Written]]) -> None:
    if session.as_json:
        cells = [
            {
                "table": cell.table,
                "key": cell.key,
                "column": cell.column,
                "from": cell.after,
                "to": cell.before,
                "outcome": one.outcome.value,
                "detail": _why_not(one),
            }
            for cell, one in outcomes
        ]
        print_json({"delivery": delivery, "cells": cells})
        return
    page = Page()
    for cell, one in outcomes:
        place = f"{cell.table}!{cell.column}, row {cell.key}: "
        if _is_back(one):
            page.parts(
                (place, ""),
                (cell.after or "(empty)", "red"),
                (" → ", ""),
                (cell.before or "(empty)", "green"),
            )
        else:
            page.parts((place, ""), (_why_not(one), "yellow"))


def _why_not(one: Written) -> str:
    """Return why a cell was not put back."""
    said = _WHY_NOT.get(one.outcome, "")
    return f"{said}: {one.detail}" if said and one.detail else said or one.detail
