"""The command `test`: do the rules do what their tests say?"""

from typing import Annotated

import typer

from rowcall.cli.failure import FINE, FOUND, problem_json
from rowcall.cli.opening import open_here
from rowcall.cli.screen import Page, count, print_json, working
from rowcall.cli.session import Session
from rowcall.cli.test_text import show_failure
from rowcall.errors import Problem
from rowcall.ruletest.play import Played
from rowcall.ruletest.run import Report, find_tests, report_json, run_tests


def register(app: typer.Typer) -> None:
    """Declare the command."""

    @app.command("test")
    def test(
        ctx: typer.Context,
        paths: Annotated[
            list[str] | None,
            typer.Argument(metavar="[PATH]...", help="Test files, rules or folders; all tests if left out."),
        ] = None,
    ) -> None:
        """Play the tests of the rules on a virtual shop with a virtual clock."""
        raise typer.Exit(_test(ctx.obj, paths or []))


def _test(session: Session, names: list[str]) -> int:
    shop = open_here(session)
    files = find_tests(shop.folder, names)
    with working("playing the tests …"):
        report = run_tests(shop, files, session.clock.now())
    if session.as_json:
        problems = [problem_json(problem) for problem in _problems(report)]
        print_json({**report_json(report, shop), "problems": problems})
    else:
        _show(report)
    return FINE if report.passed else FOUND


def _problems(report: Report) -> list[Problem]:
    return [*report.problems, *(problem for one in report.played for problem in one.problems)]


def _show(report: Report) -> None:
    page = Page()
    for problem in report.problems:
        page.problem(problem)
    for one in report.played:
        _show_test(page, one)
    if report.unreached:
        page.heading("Never reached by any test")
        for rule, unreached in report.unreached:
            place = f"{unreached.place.file or rule}:{unreached.place.line}"
            page.parts(
                (f"{place}: ", "bold"), (unreached.text, ""), (f"  {unreached.why}", "yellow"), indent=2
            )
    page.line()
    failed = sum(not one.passed for one in report.played)
    if not report.played and not report.problems:
        page.line("There are no tests: write rules/RULE.test.yaml beside a rule.", "bold")
        return
    told = f"{count(len(report.played) - failed, 'test')} passed, {failed} failed."
    page.line(told, "bold green" if report.passed else "bold red")


def _show_test(page: Page, one: Played) -> None:
    mark = ("✓ ", "green") if one.passed else ("✗ ", "bold red")
    page.parts(mark, (f"{one.test.rule}: ", "bold"), (one.test.title, ""))
    for problem in one.problems:
        page.problem(problem, indent=2)
    for number, failure in enumerate(one.failures, 1):
        # What else happened is the same for all failures of one step: told once, behind the last of them.
        told_later = any(other.others == failure.others for other in one.failures[number:])
        show_failure(page, failure, with_others=not told_later)
