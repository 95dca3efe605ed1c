"""The command `doctor`: what is out of order here, and how is it mended?"""

from collections.abc import Sequence

import typer

from rowcall.cli.failure import FINE, FOUND
from rowcall.cli.health import Finding, examine
from rowcall.cli.screen import Page, count, print_json, working
from rowcall.cli.session import Session


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("doctor")
    def doctor(ctx: typer.Context) -> None:
        """Find out what is out of order here, and how to mend it."""
        raise typer.Exit(_doctor(ctx.obj))


def _doctor(session: Session) -> int:
    with working("looking at everything …"):
        found = examine(session)
    if session.as_json:
        told = [{"check": one.check, "ok": one.ok, "detail": one.detail, "fix": one.fix} for one in found]
        print_json({"checks": told})
    else:
        _show(found)
    return FINE if all(one.ok for one in found) else FOUND


def _show(found: Sequence[Finding]) -> None:
    page = Page()
    for one in found:
        mark = ("✓ ", "green") if one.ok else ("✗ ", "bold red")
        page.parts(mark, (f"{one.check}: ", "bold"), (one.detail, ""))
        if one.fix:
            page.line(f"→ {one.fix}", "" if one.ok else "yellow", indent=4)
    wrong = sum(not one.ok for one in found)
    page.line()
    page.line(
        f"{count(wrong, 'thing')} out of order." if wrong else "Everything is in order.",
        "bold red" if wrong else "bold green",
    )
