"""Which commands are there, and what holds for all of them?

A command lives in a module of its own that is loaded when the command is called, so that `rowcall --help` need
not wait for polars, SQLAlchemy and the mail. To add one: write `rowcall/cli/NAME.py` with a function
`register(app: typer.Typer) -> None` that declares the command (`@app.command("NAME")`), and give it one line in
COMMANDS below: its name, its module, and the first line of its docstring. A line whose module is not there yet is
not shown. Inside a command `ctx.obj` is the `Session`: where the config is, text or JSON, and the clock.
"""

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from rowcall import __version__
from rowcall.cli.failure import tell_failure
from rowcall.cli.session import Format, Session
from rowcall.errors import RowcallError

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("rowcall.cli.init", "Make a shop folder: config, rules, templates, a sample workbook."),
    "demo": ("rowcall.cli.demo", "Show the whole thing at work on a sample shop, in a few seconds."),
    "check": ("rowcall.cli.check", "Find all mistakes, and read each rule back as a sentence."),
    "preview": ("rowcall.cli.preview", "Show what would be sent and written now; nothing is."),
    "run": ("rowcall.cli.run", "Look once at every workbook, deliver what is due, and stop."),
    "serve": ("rowcall.cli.serve", "Run in the background: look, deliver, and notice edited rules."),
    "explain": ("rowcall.cli.explain", "Tell why a rule acted for a row, or why not."),
    "test": ("rowcall.cli.test", "Play the tests of the rules on a virtual shop with a virtual clock."),
    "backtest": (
        "rowcall.cli.backtest",
        "Play a rule over the past of the sheet; nothing is sent or written.",
    ),
    "answer": ("rowcall.cli.words", "Decide about rows that a rule found on first sight: act or leave."),
    "release": ("rowcall.cli.words", "Let go what a limit holds of a rule."),
    "drop": ("rowcall.cli.words", "Forget what a limit holds of a rule."),
    "pause": ("rowcall.cli.words", "Let a rule stand still until it is resumed."),
    "resume": ("rowcall.cli.words", "Let a paused rule go on."),
    "outbox": ("rowcall.cli.outbox", "List, show, retry or drop deliveries."),
    "undo": ("rowcall.cli.undo", "Put back what stood in a cell before a delivery wrote it."),
    "doctor": ("rowcall.cli.doctor", "Find out what is out of order here, and how to mend it."),
    "schema": ("rowcall.cli.schema", "Print the JSON Schema of a rule or of the config, for editors."),
}
_GLOBAL = ("--config", "--format")


class Root(TyperGroup):
    """The program: loads a command when it is called, takes the global options anywhere, tells failures plainly."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # Any: a context of typer's own click
        """Take the global options wherever they stand, before or behind the command."""
        return super().parse_args(ctx, _globals_first(args))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the base class's signature
        """Return the names of the commands that are there, in the order of the table."""
        return [name for name, (module, _) in COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load a command; None if there is none of that name."""
        if cmd_name not in self.commands and cmd_name in self.list_commands(ctx):
            declared = typer.Typer(rich_markup_mode=None)
            importlib.import_module(COMMANDS[cmd_name][0]).register(declared)
            self.commands.update(typer.main.get_group(declared).commands)
        return self.commands.get(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was typed; a name that is none is told with the nearest one."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from difflib import get_close_matches  # noqa: PLC0415 - only for a slip

            near = get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            ctx.fail(f'There is no command "{args[0]}".{hint} `rowcall --help` lists them.')
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands with what they are for, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what goes wrong on purpose is told in plain words, with its exit code."""
        try:
            return super().invoke(ctx)
        except RowcallError as error:
            raise typer.Exit(tell_failure(error, as_json=ctx.obj.as_json)) from error


def _globals_first(args: Sequence[str]) -> list[str]:
    first: list[str] = []
    rest: list[str] = []
    left = list(args)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in _GLOBAL:
            first += [word, *left[:1]]
            left = left[1:]
        else:
            (first if word.startswith(tuple(f"{name}=" for name in _GLOBAL)) else rest).append(word)
    return [*first, *rest]


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rowcall {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Root,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog="Exit codes: 0 fine, 1 found something, 2 wrong use, 3 the outside world failed.",
)


@app.callback()
def start(
    ctx: typer.Context,
    config: Annotated[
        Path,
        typer.Option("--config", metavar="FILE", help="The shop's config.", show_default="./config.yaml"),
    ] = Path("config.yaml"),
    format_: Annotated[
        Format, typer.Option("--format", help="What to print; both options may stand anywhere.")
    ] = Format.TEXT,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Rules in plain language over a shop's spreadsheets: sure mail, safe cells, and an answer to why."""
    del version  # told by its callback
    if not isinstance(ctx.obj, Session):
        ctx.obj = Session(config, as_json=format_ is Format.JSON)
