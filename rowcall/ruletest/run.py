"""Which tests are there in a shop, and how did all of them end?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rowcall.errors import Place, Problem, UsageError
from rowcall.language.near import did_you_mean
from rowcall.preview import Json, moment_json
from rowcall.ruletest.coverage import Coverage, Unreached
from rowcall.ruletest.names import Names
from rowcall.ruletest.play import Played, play
from rowcall.ruletest.read import read_tests
from rowcall.ruletest.story import Test
from rowcall.ruletest.world import Backdrop
from rowcall.shop import RuleSet, RuleShelf, Shop, load_rules, rule_files
from rowcall.snapshots import take_snapshot

SUFFIX = ".test.yaml"


@dataclass(frozen=True, slots=True)
class Report:
    """How a run of tests ended. problems: mistakes in test files. unreached: rule → what no test reached."""

    played: tuple[Played, ...]
    problems: tuple[Problem, ...]
    unreached: tuple[tuple[str, Unreached], ...]

    @property
    def passed(self) -> bool:
        """Whether every file could be read and every test passed."""
        return not self.problems and all(one.passed for one in self.played)


def find_tests(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the test files of a shop, or those that are named by file, rule or folder; raises UsageError."""
    every = sorted((folder / "rules").glob(f"*{SUFFIX}"))
    if not names:
        return every
    found: dict[Path, None] = {}
    for name in names:
        found |= dict.fromkeys(_named(folder, name, every))
    return list(found)


def run_tests(
    shop: Shop, files: Sequence[Path], now: datetime, tell: Callable[[str], None] = lambda _file: None
) -> Report:
    """Play every test of these files; tell: is told of each file before it begins."""
    backdrop = _backdrop(shop, now)
    rules = load_rules(shop, backdrop.live, backdrop.shelf)
    watched = {one.id: one.table for one in rules.rules}
    headers = {name: tuple(table.text.columns) for name, table in backdrop.live.items()}
    played: list[Played] = []
    problems: list[Problem] = []
    covered: dict[str, Coverage] = {}
    for path in files:
        tell(path.name)
        rule = path.name.removesuffix(SUFFIX)
        names = Names(shop.config.tables, headers, watched.get(rule, ""))
        tests, found = (
            _tests(shop, path, rule, names) if rule not in rules.broken else ((), _broken(rules, rule))
        )
        problems += found
        played += [play(backdrop, test, covered) for test in tests]
    unreached = [(name, one) for name, coverage in covered.items() for one in coverage.unreached()]
    return Report(tuple(played), tuple(problems), tuple(unreached))


def report_json(report: Report, shop: Shop) -> Json:
    """Return a report as `test --format json` prints it, but for the problems of test files."""
    zone = shop.config.shop.zone
    return {
        "passed": sum(one.passed for one in report.played),
        "failed": sum(not one.passed for one in report.played),
        "tests": [
            {
                "rule": one.test.rule,
                "test": one.test.title,
                "file": one.test.place.file,
                "line": one.test.place.line,
                "passed": one.passed,
                "failures": [
                    {
                        "file": failure.place.file,
                        "line": failure.place.line,
                        "at": moment_json(failure.at, zone),
                        "what": failure.what,
                        "expected": failure.expected,
                        "actual": failure.actual,
                        "happened": list(failure.others),
                    }
                    for failure in one.failures
                ],
            }
            for one in report.played
        ],
        "never reached": [
            {"rule": rule, "file": one.place.file, "line": one.place.line, "text": one.text, "why": one.why}
            for rule, one in report.unreached
        ],
    }


def _named(folder: Path, name: str, every: Sequence[Path]) -> list[Path]:
    path = Path(name)
    for where in (folder / path, folder / "rules" / path, path):
        if where.is_dir():
            return sorted(where.glob(f"*{SUFFIX}"))
        if where.is_file() and where.name.endswith(SUFFIX):
            return [where.resolve()]
    rule = path.name.removesuffix(".yaml").removesuffix(".test")
    beside = folder / "rules" / f"{rule}{SUFFIX}"
    if beside.is_file():
        return [beside]
    near = did_you_mean(rule, [one.name.removesuffix(SUFFIX) for one in every])
    hint = f'did you mean "{near}"?' if near else f"write rules/{rule}{SUFFIX} beside the rule"
    raise UsageError(f'there are no tests for "{name}"; {hint}')


def _backdrop(shop: Shop, now: datetime) -> Backdrop:
    """Read the workbooks as far as they can be read: only for headers, people and settings."""
    about, config = shop.config.shop, shop.config
    snapshot = take_snapshot(
        shop.workbooks, config.tables.values(), now, language=about.language, zone=about.zone
    )
    return Backdrop(shop, snapshot.tables, RuleShelf())


def _broken(rules: RuleSet, rule: str) -> tuple[Problem, ...]:
    """Return why the tests of a rule that can't be understood are not played: its own mistakes."""
    file = f"rules/{rule}.yaml"
    what = f'the rule "{rule}" has mistakes, so its tests were not played'
    mistakes = [one for one in rules.mistakes if one.place.file == file]
    return (
        Problem(Place(file=file), what, fix=f"mend them; `rowcall check {rule}` shows them too"),
        *mistakes,
    )


def _tests(shop: Shop, path: Path, rule: str, names: Names) -> tuple[tuple[Test, ...], tuple[Problem, ...]]:
    inside = path.parent == shop.folder / "rules"
    shown = f"rules/{path.name}" if inside else path.as_posix()
    ids = [one.stem for one in rule_files(shop.folder)]
    if rule not in ids:
        near = did_you_mean(rule, ids)
        what = f'there is no rule "{rule}" that these tests could be of' + (
            f' (did you mean "{near}"?)' if near else ""
        )
        return (), (Problem(Place(file=shown), what, fix=f"name the file RULE{SUFFIX} after its rule"),)
    return read_tests(path.read_bytes(), shown, rule, names, shop.config.shop.zone)
