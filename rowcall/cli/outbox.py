"""The commands `outbox list|show|retry|drop`: what was sent and written, and what is owed?"""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from rowcall.cli.opening import open_here, state, state_copy, state_file
from rowcall.cli.plan_text import show_payload
from rowcall.cli.screen import Page, count, print_json, shop_time
from rowcall.cli.session import Session
from rowcall.episode import BUNDLED, COLLECTING, DeliveryState
from rowcall.errors import UsageError
from rowcall.kinds import action_kinds
from rowcall.preview import moment_json, shown_payload
from rowcall.store import Attempt, Listed

_DELIVERY = Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id, or the beginning of it.")]
_COLOURS = {DeliveryState.SENT: "green", DeliveryState.DEAD: "bold red", DeliveryState.EXPIRED: "red"}


def register(app: typer.Typer) -> None:
    """Declare the commands."""
    outbox = typer.Typer(
        help="List, show, retry or drop deliveries.", no_args_is_help=True, rich_markup_mode=None
    )
    app.add_typer(outbox, name="outbox")

    @outbox.command("list")
    def list_(
        ctx: typer.Context,
        states: Annotated[
            list[DeliveryState] | None, typer.Option("--state", help="Only in this state; may be repeated.")
        ] = None,
        rule: Annotated[str, typer.Option("--rule", metavar="RULE", help="Only of this rule.")] = "",
        limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many, the newest first.")] = 50,
    ) -> None:
        """List deliveries, the newest first."""
        _list(ctx.obj, states or [], rule, limit)

    @outbox.command("show")
    def show(ctx: typer.Context, delivery: _DELIVERY) -> None:
        """Show one delivery: its words or cells, and everything that was tried."""
        _show(ctx.obj, delivery)

    @outbox.command("retry")
    def retry(ctx: typer.Context, delivery: _DELIVERY) -> None:
        """Try a delivery again, also one that was given up."""
        _say(ctx.obj, delivery, retry=True)

    @outbox.command("drop")
    def drop(ctx: typer.Context, delivery: _DELIVERY) -> None:
        """Give up a delivery that was not made yet, with what follows it."""
        _say(ctx.obj, delivery, retry=False)


def listed_json(one: Listed, zone: ZoneInfo) -> dict[str, object]:
    """Return a delivery as `outbox list` prints it."""
    effect = one.delivery.effect
    return {
        "id": one.delivery.id,
        "state": one.state.value,
        "rule": effect.rule or None,
        "table": one.table or None,
        "key": effect.key if one.table else None,
        "entry": effect.entry,
        "action": one.delivery.kind,
        "target": effect.target,
        "tries": one.tries,
        "planned_at": moment_json(one.planned_at, zone),
        "due_at": moment_json(one.due_at, zone) if _is_open(one) else None,
        "sent_at": moment_json(one.sent_at, zone),
        "reason": one.reason,
    }


def _list(session: Session, states: list[DeliveryState], rule: str, limit: int) -> None:
    shop = open_here(session)
    zone = shop.config.shop.zone
    with state_copy(shop) as store:
        found = store.deliveries(states, rule, limit)
    if session.as_json:
        print_json({"deliveries": [listed_json(one, zone) for one in found]})
        return
    if not found:
        typer.echo("There are no such deliveries." if states or rule else "Nothing has been planned yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "planned", "state", "rule", "row", "what"):
        table.add_column(name, no_wrap=name in ("id", "planned", "state"), overflow="fold")
    for one in found:
        effect = one.delivery.effect
        row = effect.key if one.table else ""
        state_text = f"[{_COLOURS.get(one.state, 'yellow')}]{one.state}[/]"
        planned = shop_time(one.planned_at, zone)[5:]
        table.add_row(one.delivery.id[:8], planned, state_text, effect.rule, row, _target(one))
    Console(highlight=False).print(table)
    typer.echo(f"{count(len(found), 'delivery') if len(found) == 1 else f'{len(found)} deliveries'}.")


def _show(session: Session, id_: str) -> None:
    shop = open_here(session)
    zone = shop.config.shop.zone
    with state_copy(shop) as store:
        one = store.delivery(id_)
        attempts = store.attempts(one.delivery.id)
    if session.as_json:
        shown = dict(shown_payload(one.delivery, action_kinds()))
        tried = [_attempt_json(attempt, zone) for attempt in attempts]
        print_json({**listed_json(one, zone), "effect": shown, "attempts": tried})
        return
    page = Page()
    effect = one.delivery.effect
    page.parts((one.delivery.id, "bold"), (f"  {one.state}", _COLOURS.get(one.state, "yellow")))
    row = f", {one.table} {effect.key}" if one.table else ""
    page.line(f"rule {effect.rule or '(Rowcall itself)'}{row}")
    tries = "one try" if one.tries == 1 else f"{one.tries} tries"
    page.line(f"planned {shop_time(one.planned_at, zone)}, {tries}")
    if one.reason:
        page.line(one.reason, "yellow")
    if _is_open(one):
        page.line(f"next try {shop_time(one.due_at, zone)}")
    page.line()
    show_payload(page, one.delivery, action_kinds())
    page.heading("tried" if attempts else "tried: not yet")
    for attempt in attempts:
        what = attempt.ending.value if attempt.ending else "began"
        page.line(
            f"{attempt.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {what} {attempt.detail}".rstrip(), indent=2
        )


def _say(session: Session, id_: str, *, retry: bool) -> None:
    shop = open_here(session)
    if state_file(shop) is None:
        raise UsageError("nothing has run in this shop yet, so there is no delivery")
    with state(shop) as store:
        one = store.delivery(id_).delivery.id
        (store.retry if retry else store.drop)(one, session.clock.now())
        now = store.delivery(one)
    if session.as_json:
        print_json(listed_json(now, shop.config.shop.zone))
        return
    when = "with `rowcall run --once`, or at once if `rowcall serve` runs"
    typer.echo(f"{one} is tried again {when}." if retry else f"{one} was dropped, with what follows it.")


def _target(one: Listed) -> str:
    effect = one.delivery.effect
    if one.delivery.lane in (COLLECTING, BUNDLED):
        return f"digest to {effect.target}"
    return f"mail to {effect.target}" if one.delivery.lane == "mail" else f"write {effect.target}"


def _is_open(one: Listed) -> bool:
    return one.state in (
        DeliveryState.READY,
        DeliveryState.UNCERTAIN,
        DeliveryState.LEASED,
        DeliveryState.SENDING,
    )


def _attempt_json(attempt: Attempt, zone: ZoneInfo) -> dict[str, object]:
    return {
        "at": moment_json(attempt.at, zone),
        "ending": attempt.ending.value if attempt.ending else None,
        "detail": attempt.detail,
        "cells": [
            {
                "table": cell.table,
                "key": cell.key,
                "column": cell.column,
                "from": cell.before,
                "to": cell.after,
            }
            for cell in attempt.cells
        ],
    }
