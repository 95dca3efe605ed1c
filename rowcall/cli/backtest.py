"""The command `backtest`: what would a rule have done in the past?"""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from rowcall.backtest.run import Report, backtest, make_grid, report_json
from rowcall.backtest.scope import Grid
from rowcall.cli.backtest_text import show_backtest
from rowcall.cli.failure import FINE
from rowcall.cli.opening import known_rule, open_here
from rowcall.cli.screen import print_json, progress
from rowcall.cli.session import Session
from rowcall.duration import resolve_local
from rowcall.errors import UsageError

_STEP = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?)", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("backtest")
    def command(
        ctx: typer.Context,
        rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule's name: its file without .yaml.")],
        first: Annotated[str, typer.Option("--from", metavar="D", help="The first day, like 2026-02-01.")],
        last: Annotated[str, typer.Option("--to", metavar="D", help="The last day, which counts as well.")],
        step: Annotated[
            str, typer.Option("--step", metavar="30m", help="How often the rule looks: 30m, 1h, 1d.")
        ] = "30m",
    ) -> None:
        """Play a rule over the past of the sheet; nothing is sent or written."""
        raise typer.Exit(_backtest(ctx.obj, rule, first, last, step))


def _backtest(session: Session, name: str, first: str, last: str, step: str) -> int:
    shop = open_here(session)
    rule = known_rule(shop, name)
    grid = _grid(first, last, step, shop.config.shop.zone)
    with progress(f"playing {rule} …", grid.count) as tell:
        report: Report = backtest(
            shop, rule, grid, session.clock.now(), with_steps=session.as_json, tell=tell
        )
    if session.as_json:
        print_json(report_json(report))
    else:
        show_backtest(report)
    return FINE


def _grid(first: str, last: str, step: str, zone: ZoneInfo) -> Grid:
    """Return the moments from the first day's beginning (or a time) to the last day's end (or a time)."""
    start = _moment(first, "--from", zone, end=False)
    return make_grid(start, _moment(last, "--to", zone, end=True), _step(step))


def _moment(text: str, option: str, zone: ZoneInfo, *, end: bool) -> datetime:
    tidy = text.strip().replace("/", "-")
    try:
        if len(tidy) <= len("2026-02-01"):
            day = date.fromisoformat(tidy) + timedelta(days=int(end))
            midnight = resolve_local(datetime.combine(day, time.min), zone)
            return midnight - timedelta(microseconds=int(end))
        return resolve_local(datetime.fromisoformat(tidy), zone)
    except ValueError as error:
        raise UsageError(f'{option} "{text}" is no day; write it like 2026-02-01') from error


def _step(text: str) -> timedelta:
    found = _STEP.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise UsageError(f'--step "{text}" is no length of time; write it like 30m, 1h or 1d')
    return timedelta(**{_UNITS[found[2][0].lower()]: int(found[1])})
