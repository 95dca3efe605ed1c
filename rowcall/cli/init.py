"""What does `rowcall init` take, ask and print?"""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

import typer

from rowcall.cli.failure import FINE, FOUND
from rowcall.cli.session import Session
from rowcall.errors import UsageError
from rowcall.sample.headers import Language
from rowcall.start.answers import (
    Account,
    Answers,
    is_address,
    usual_account,
    usual_answers,
    usual_currency,
    usual_language,
    usual_timezone,
)
from rowcall.start.layout import CONFIG, refuse_to_overwrite
from rowcall.start.proposal import Proposal
from rowcall.start.shop import make_own_shop, make_sample_shop, read_back
from rowcall.start.source import look_at


def register(app: typer.Typer) -> None:
    """Declare the command."""
    app.command("init")(init)


def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="The shop's folder; made if it is not there.")] = Path(),
    demo: Annotated[bool, typer.Option("--demo", help="The sample shop as it is; nothing is asked.")] = False,
    lang: Annotated[Literal["en", "zh"] | None, typer.Option("--lang", help="The shop's language.")] = None,
    source: Annotated[
        str, typer.Option("--from", metavar="FILE", help="Your .xlsx file, or a folder with .csv files.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, take what is usual.")] = False,
) -> None:
    """Make a shop folder: config, rules, templates, a sample workbook."""
    session: Session = ctx.obj
    if demo and source:
        raise UsageError("`--demo` makes the sample shop, `--from` one of your own: take one of them.")
    refuse_to_overwrite(folder, [CONFIG])
    if source:
        written, proposal = _own_shop(folder, source, lang, yes=yes)
        _tell_proposal(proposal)
    else:
        language: Language = lang or ("en" if demo or yes else _ask_language("en"))
        today = session.clock.now().astimezone(ZoneInfo(usual_timezone(language))).date()
        answers = None if demo or yes else _ask(usual_answers(language, folder), people=False)
        written = make_sample_shop(folder, language, today, answers)
    _tell_files(folder, written)
    raise typer.Exit(_tell_mistakes(folder, session.clock.now()))


def _own_shop(
    folder: Path, named: str, lang: Language | None, *, yes: bool
) -> tuple[tuple[Path, ...], Proposal]:
    place, sheets = look_at(named, folder, lang or "en", ZoneInfo(usual_timezone(lang or "en")))
    language = lang or usual_language([header for sheet in sheets for header in sheet.header if header])
    if lang is None and not yes:
        language = _ask_language(language)
    answers = usual_answers(language, folder)
    return make_own_shop(folder, place, sheets, answers if yes else _ask(answers, people=True))


def _ask_language(usual: Language) -> Language:
    while (said := typer.prompt("Language of the shop (en, zh)", default=usual).strip()) not in ("en", "zh"):
        typer.echo("Type en (English) or zh (中文).")
    return "en" if said == "en" else "zh"


def _ask(usual: Answers, *, people: bool) -> Answers:
    """Ask what the config needs; every question has an answer ready, and mail may wait."""
    shop = typer.prompt("Name of the shop", default=usual.shop)
    zone = typer.prompt("Time zone", default=usual.timezone)
    while zone not in available_timezones():
        typer.echo("Write the continent and a city, such as Europe/Berlin or Asia/Shanghai.")
        zone = typer.prompt("Time zone", default=usual.timezone)
    name, address = usual.responsible
    if people:
        name = typer.prompt("Who is told when something fails (name)", default=name)
    address = _ask_address("Address for that, and for the trial run", address)
    sender = _ask_address("Address that mails are sent from (empty = later)", "")
    account = _ask_account(usual_account(sender)) if sender else None
    return Answers(shop, zone, usual.language, usual_currency(usual.language), (name, address), account)


def _ask_address(question: str, usual: str) -> str:
    while True:
        said: str = typer.prompt(question, default=usual, show_default=bool(usual)).strip()
        if said == usual or is_address(said):
            return said
        typer.echo("An address is written like anna@example.com.")


def _ask_account(usual: Account) -> Account:
    host = typer.prompt("Mail server", default=usual.host)
    port = typer.prompt("Its port", default=usual.port, type=int)
    security = "ssl" if port == 465 else "starttls"  # noqa: PLR2004 - the port of mail over TLS
    password = typer.prompt(
        "Password (not shown; empty = fill in later)", default="", show_default=False, hide_input=True
    )
    return Account(usual.address, host, port, security, password)


def _tell_proposal(proposal: Proposal) -> None:
    for table in proposal.tables:
        key = " + ".join(table.key) or "none found: rules can't watch it yet"
        typer.echo(f"{table.name}: {table.rows} rows, {len(table.columns)} columns, key: {key}")
    for name, reason in proposal.left_out:
        typer.echo(f"{name}: left out, {reason}")


def _tell_files(folder: Path, written: tuple[Path, ...]) -> None:
    typer.echo(f"\nWritten to {folder}:")
    for path in written:
        typer.echo(f"  {path.relative_to(folder)}")
    config = "" if folder == Path() else f" --config {folder / CONFIG}"
    typer.echo("\nNext: look at config.yaml, then")
    typer.echo(f"  rowcall check{config}\n  rowcall preview{config} --as-if-new")


def _tell_mistakes(folder: Path, now: datetime) -> int:
    """Read back what was written, because a guess may have gone wrong; return the exit code."""
    problems = read_back(folder, os.environ, now)
    if problems:
        typer.echo("\nThis is not right yet:", err=True)
        for problem in problems:
            typer.echo(f"  {problem}", err=True)
    return FOUND if problems else FINE
