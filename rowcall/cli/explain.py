"""The command `explain`: why, or why not?"""

from typing import Annotated

import typer

from rowcall.cli.failure import FINE
from rowcall.cli.opening import known_rule, moment_of, open_here, state_copy
from rowcall.cli.preview import refuse_the_past
from rowcall.cli.screen import Page, print_json, shop_time, working
from rowcall.cli.session import Session
from rowcall.errors import MistakesError
from rowcall.explain import Explanation, explain, explanation_json
from rowcall.explain.gates import MARKS, line_text, line_value
from rowcall.shop import Shop
from rowcall.tick import Ticker

_COLOURS = {True: "green", False: "red", None: "yellow"}


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("explain")
    def explain_row(
        ctx: typer.Context,
        rule: Annotated[str, typer.Argument(help="The rule's name: its file without .yaml.")],
        key: Annotated[
            str, typer.Argument(help="The row's key, as the sheet shows it; none for a rule without rows.")
        ] = "",
        at: Annotated[
            str | None,
            typer.Option("--at", metavar="T", help='At this moment: "2026-03-02 09:00", shop time.'),
        ] = None,
    ) -> None:
        """Tell why a rule acted for a row, or why not."""
        raise typer.Exit(_explain(ctx.obj, rule, key, at))


def _explain(session: Session, name: str, key: str, at: str | None) -> int:
    shop = open_here(session)
    id_ = known_rule(shop, name)
    now = moment_of(at, session, shop.config.shop.zone)
    with state_copy(shop) as store, working("reading the workbooks …"):
        refuse_the_past(shop, store, now)
        ticker = Ticker(shop, store)
        looked = ticker.look(now)
        rules = ticker.reload(looked)
        rule = next((one for one in rules.rules if one.id == id_), None)
        if rule is None:
            mine = f"rules/{id_}.yaml"
            raise MistakesError([one for one in rules.problems if one.place.file == mine])
        history = store.firings_of(id_, key)
        deliveries = [one.id for firing in history for one in firing.deliveries]
        listed = {one: store.delivery(one) for one in deliveries}
        found = explain(ticker.given(looked, now), rule, key, history, listed)
    if session.as_json:
        print_json(explanation_json(found, shop.config.shop.zone))
    else:
        page = Page()
        row = f", row {key}" if rule.table else ""
        page.line(f"{rule.title} ({id_}){row}, {shop_time(now, shop.config.shop.zone)}", "bold")
        _show(page, shop, found)
    return FINE


def _show(page: Page, shop: Shop, found: Explanation) -> None:
    zone = shop.config.shop.zone
    page.line(found.outcome)
    page.heading("when" if found.conditions else "when: every row")
    for line in found.conditions:
        value = line_value(line)
        page.parts(
            (f"{MARKS[line.result]} ", _COLOURS[line.result]),
            (line_text(line), ""),
            (f"   {value}" if value else "", "cyan"),
            indent=2 + 2 * line.depth,
        )
    page.heading("gates")
    for gate in found.gates:
        mark = (f"{MARKS[gate.open]} ", _COLOURS[gate.open])
        page.parts(mark, (f"{gate.gate}: ", "bold"), (gate.detail, ""), indent=2)
    page.heading("done" if found.done else "done: nothing yet")
    for one in found.done:
        again = f", time {one.occurrence}" if one.occurrence > 1 else ""
        state = f" [{one.state}{': ' + one.detail if one.detail else ''}]" if one.state else ""
        entry = one.entry.partition("#")[0]
        page.parts(
            (f"{shop_time(one.at, zone)} ", ""),
            (f"{entry}{again}: ", "dim"),
            (f"{one.what}{state}", ""),
            indent=2,
        )
    if found.next is None:
        page.heading("next: nothing that a clock decides")
    else:
        page.heading("next")
        page.line(f"{shop_time(found.next.at, zone) or 'no time known'}: {found.next.what}", indent=2)
