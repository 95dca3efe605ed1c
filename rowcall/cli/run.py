"""The command `run --once`: look once, deliver what is due, and stop."""

from collections.abc import Sequence
from typing import Annotated

import typer

from rowcall.cli.failure import FOUND, OUTSIDE
from rowcall.cli.opening import moment_of, open_here, state
from rowcall.cli.plan_text import show_plan, sum_up
from rowcall.cli.preview import broken_rules, tell_broken, with_broken
from rowcall.cli.screen import Page, count, print_json, shop_time, working
from rowcall.cli.session import Session
from rowcall.cli.trouble import code_of
from rowcall.clock import SetClock, SystemClock
from rowcall.episode import DeliveryState
from rowcall.errors import UsageError
from rowcall.kinds import action_kinds
from rowcall.memory import Plan
from rowcall.outbox import Delivered
from rowcall.post import mailer_of, outbox_of
from rowcall.preview import plan_json
from rowcall.shop import RuleSet, Shop
from rowcall.store import Store, lead
from rowcall.tick import Ticker


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("run")
    def run(
        ctx: typer.Context,
        once: Annotated[bool, typer.Option("--once", help="One look at every workbook (needed).")] = False,
        at: Annotated[
            str | None,
            typer.Option("--at", metavar="T", help='Set the shop\'s clock: "2026-03-02 09:00", shop time.'),
        ] = None,
    ) -> None:
        """Look once at every workbook, deliver what is due, and stop."""
        if not once:
            raise UsageError("`rowcall run` needs --once; `rowcall serve` runs in the background")
        raise typer.Exit(_run(ctx.obj, at))


def _run(session: Session, at: str | None) -> int:
    shop = open_here(session)
    now = moment_of(at, session, shop.config.shop.zone)
    with state(shop) as store, lead(store.database.file):
        ticker = Ticker(shop, store)
        with working("reading the workbooks …"):
            plan = ticker.tick(now)
        with working("delivering …"):
            delivered = _deliver(shop, store, ticker, SetClock(now))
        reasons = {one.id: store.delivery(one.id).reason for one in delivered if not _is_done(one)}
    if session.as_json:
        told = plan_json(with_broken(plan, ticker.rules), action_kinds(), shop.config.shop.zone)
        print_json({**told, **delivered_json(delivered)})
    else:
        _show(shop, ticker.rules, plan, delivered, reasons)
    return _exit_code(ticker.rules, delivered, code_of(shop.config, plan))


def delivered_json(delivered: Sequence[Delivered]) -> dict[str, object]:
    """Return what came of deliveries, as `run` adds it to the plan."""
    told = [{"id": one.id, "state": one.state.value, "tries": one.tries} for one in delivered]
    return {"delivered": told}


def _deliver(shop: Shop, store: Store, ticker: Ticker, clock: SetClock) -> list[Delivered]:
    mailer = mailer_of(shop.config)
    try:
        outbox = outbox_of(shop, store, lambda: ticker.rules, mailer, clock, SystemClock())
        return outbox.deliver_due(clock.now())
    finally:
        mailer.close()


def _exit_code(rules: RuleSet, delivered: Sequence[Delivered], read: int) -> int:
    states = {one.state for one in delivered}
    if broken_rules(rules) or states & {DeliveryState.DEAD, DeliveryState.EXPIRED}:
        return FOUND
    return read if all(_is_done(one) for one in delivered) else OUTSIDE


def _is_done(one: Delivered) -> bool:
    return one.state in (DeliveryState.SENT, DeliveryState.CANCELLED)


def _show(
    shop: Shop, rules: RuleSet, plan: Plan, delivered: Sequence[Delivered], reasons: dict[str, str]
) -> None:
    page = Page()
    zone = shop.config.shop.zone
    page.line(f"{shop.config.shop.name}, {shop_time(plan.at, zone)}: {sum_up(plan) or 'nothing new'}", "bold")
    show_plan(page, plan, action_kinds(), zone)
    tell_broken(page, rules)
    page.line()
    done = sum(one.state is DeliveryState.SENT for one in delivered)
    page.line(f"Delivered: {count(done, 'delivery') if done == 1 else f'{done} deliveries'}.", "green")
    for one in delivered:
        if one.state is not DeliveryState.SENT:
            page.parts((one.id, "bold"), (f" {one.state}: {reasons.get(one.id, '')}", "yellow"), indent=2)
