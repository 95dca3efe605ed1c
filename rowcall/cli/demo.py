"""What does `rowcall demo` take and print?"""

import logging
import shutil
import sys
from pathlib import Path
from typing import Annotated, Literal

import structlog
import typer
from rich.console import Console

from rowcall.cli.failure import FINE, FOUND
from rowcall.demo.play import play
from rowcall.demo.telling import WIDTH, Teller


def register(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("demo")(demo)


def demo(
    lang: Annotated[Literal["en", "zh"], typer.Option("--lang", help="The language of the shop.")] = "en",
    keep: Annotated[
        Path,
        typer.Option(
            "--keep", metavar="FOLDER", help="Where its files are kept; an earlier demo is replaced."
        ),
    ] = Path("demo"),
) -> None:
    """Show the whole thing at work on a sample shop, in a few seconds."""
    # The demo tells everything itself; what the engine logs would stand between its lines.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal or console.width > WIDTH:
        console.width = WIDTH
    teller = Teller(console, lang, _program())
    teller.begin()
    outcome = play(keep, lang, teller.tell)
    teller.end(outcome)
    raise typer.Exit(FOUND if outcome.wrong else FINE)


def _program() -> str:
    """Return how the user calls this program: a clone's `rowcall` is on nobody's path."""
    called = Path(sys.argv[0])
    if called.name == "runner.py":
        return f"python {called}"
    if called.name != "rowcall" or shutil.which("rowcall"):
        return "rowcall"
    here = Path.cwd()
    return str(called.relative_to(here) if called.is_relative_to(here) else called)
