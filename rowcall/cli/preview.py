"""The command `preview`: what would happen now?"""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from rowcall.cli.failure import FOUND
from rowcall.cli.opening import known_rule, moment_of, open_here, state_copy
from rowcall.cli.plan_text import show_plan, sum_up
from rowcall.cli.screen import Page, print_json, shop_time, working
from rowcall.cli.session import Session
from rowcall.cli.trouble import code_of
from rowcall.errors import Place, Problem, UsageError
from rowcall.kinds import action_kinds
from rowcall.memory import Plan
from rowcall.plan.needs import tables_read
from rowcall.preview import only_rule, plan_json
from rowcall.shop import RuleSet, Shop
from rowcall.store import Store
from rowcall.tick import Ticker


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("preview")
    def preview(
        ctx: typer.Context,
        rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Only this rule.")] = None,
        at: Annotated[
            str | None,
            typer.Option("--at", metavar="T", help='At this moment: "2026-03-02 09:00", shop time.'),
        ] = None,
        as_if_new: Annotated[
            bool,
            typer.Option(
                "--as-if-new", help="As if nothing had been done yet: past waits and entries act now."
            ),
        ] = False,
    ) -> None:
        """Show what would be sent and written now; nothing is."""
        raise typer.Exit(_preview(ctx.obj, rule, at, as_if_new=as_if_new))


def _preview(session: Session, name: str | None, at: str | None, *, as_if_new: bool) -> int:
    shop = open_here(session)
    rule = known_rule(shop, name) if name else ""
    now = moment_of(at, session, shop.config.shop.zone)
    with state_copy(shop) as store, working("reading the workbooks …"):
        refuse_the_past(shop, store, now, as_if_new=as_if_new)
        ticker = Ticker(shop, store)
        looked = ticker.look(now)
        rules = ticker.reload(looked)
        given = ticker.given(looked, now, as_if_new=as_if_new)
        plan = ticker.plan(looked, now, as_if_new=as_if_new)
        code = code_of(shop.config, plan)
        if rule:
            chosen = next((one for one in rules.rules if one.id == rule), None)
            plan = only_rule(plan, rule, tables_read(chosen, given) if chosen else ())
    if session.as_json:
        print_json(plan_json(with_broken(plan, rules, rule), action_kinds(), shop.config.shop.zone))
    else:
        _show(shop, rules, plan, rule)
    return FOUND if broken_rules(rules, rule) else code


def refuse_the_past(shop: Shop, store: Store, now: datetime, *, as_if_new: bool = False) -> None:
    """Refuse a moment before the last tick: what Rowcall knew then is not kept. Raises UsageError."""
    last = store.last_tick()
    if last is not None and now < last and not as_if_new:
        raise UsageError(
            f"the last tick was at {shop_time(last, shop.config.shop.zone)}; "
            "what would have happened before it can't be told any more"
        )


def broken_rules(rules: RuleSet, only: str = "") -> list[str]:
    """Return the ids of rules with mistakes."""
    return [name for name in rules.broken if not only or name == only]


def with_broken(plan: Plan, rules: RuleSet, only: str = "") -> Plan:
    """Return the plan with a problem for each rule that takes no part: JSON has no page to name them on."""
    told = tuple(
        Problem(
            Place(f"rules/{name}.yaml"),
            "the rule has mistakes, so it takes no part",
            fix=f"`rowcall check {name}` says what is wrong",
        )
        for name in broken_rules(rules, only)
    )
    return replace(plan, problems=(*plan.problems, *told))


def _show(shop: Shop, rules: RuleSet, plan: Plan, only: str) -> None:
    page = Page()
    zone = shop.config.shop.zone
    total = sum_up(plan)
    page.line(
        f"{shop.config.shop.name}, {shop_time(plan.at, zone)}: {total or 'Nothing would happen.'}", "bold"
    )
    show_plan(page, plan, action_kinds(), zone)
    tell_broken(page, rules, only)
    if not plan.firings:
        page.line()
        page.line(f"Why not? `rowcall explain {only or 'RULE'} KEY` tells it for any row.")
    page.line()
    page.line("This was a preview: nothing was sent, written or remembered.", "dim")


def tell_broken(page: Page, rules: RuleSet, only: str = "") -> None:
    """Name the rules that take no part because of mistakes in them."""
    broken = broken_rules(rules, only)
    if broken:
        page.heading("Rules with mistakes, which take no part")
        for name in broken:
            page.line(f"{name}: `rowcall check {name}` says what is wrong", indent=2)
