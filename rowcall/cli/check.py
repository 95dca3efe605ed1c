"""The command `check`: what is wrong, and how do the rules read?"""

from pathlib import Path
from typing import Annotated

import typer

from rowcall.cli.failure import FINE, FOUND, problem_json
from rowcall.cli.findings import Findings, find_all, find_in, look_into, stored_tables
from rowcall.cli.opening import known_rule, open_here, state_copy, state_file
from rowcall.cli.screen import Page, count, print_json, working
from rowcall.cli.session import Session
from rowcall.errors import MistakesError, Severity, UsageError
from rowcall.shop import Shop
from rowcall.table import Table


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("check")
    def check(
        ctx: typer.Context,
        rules: Annotated[
            list[str] | None, typer.Argument(metavar="[RULE or FILE]...", help="Only these; all if left out.")
        ] = None,
    ) -> None:
        """Find all mistakes, and read each rule back as a sentence."""
        raise typer.Exit(_check(ctx.obj, rules or []))


def _check(session: Session, names: list[str]) -> int:
    try:
        shop = open_here(session)
    except MistakesError as error:
        found = Findings(error.problems, {})
    else:
        with working("reading the workbooks …"):
            found = _find(shop, names, session)
    if session.as_json:
        print_json(findings_json(found))
    else:
        _show(found)
    return FOUND if found.mistakes else FINE


def findings_json(found: Findings) -> dict[str, object]:
    """Return the findings as `check` prints them."""
    return {
        "problems": [problem_json(problem) for problem in found.problems],
        "rules": [{"id": name, "sentence": sentence} for name, sentence in found.sentences.items()],
    }


def _find(shop: Shop, names: list[str], session: Session) -> Findings:
    snapshot = look_into(shop, session.clock.now())
    stored: dict[str, Table] = {}
    if snapshot.broken and state_file(shop) is not None:
        with state_copy(shop) as store:
            stored = stored_tables(shop, store)
    if not names:
        return find_all(shop, snapshot, stored)
    ids = []
    files = []
    for name in names:
        path = Path(name)
        if path.suffix and path.is_file() and path.resolve().parent != shop.folder / "rules":
            files.append(path)
        elif path.suffix and path.suffix != ".yaml":
            raise UsageError(f'"{name}" is no rule file: a rule\'s name ends in .yaml')
        else:
            ids.append(known_rule(shop, name))
    return find_in(shop, snapshot, ids, files, stored)


def _show(found: Findings) -> None:
    page = Page()
    for problem in found.problems:
        page.problem(problem)
    for name, sentence in found.sentences.items():
        page.heading(name)
        page.line(sentence, indent=2)
    severities = [problem.severity for problem in found.problems]
    mistakes, warnings = severities.count(Severity.ERROR), severities.count(Severity.WARNING)
    page.line()
    rules = count(len(found.sentences), "rule")
    told = f"{count(mistakes, 'mistake')}, {count(warnings, 'warning')}; {rules} understood."
    page.line(told, "bold red" if mistakes else "bold green")
