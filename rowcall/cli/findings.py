"""What is wrong in a shop, and what do its rules say: config, rules, templates, tables, all of it together?"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from rowcall.cli.sense import template_problems
from rowcall.cli.trouble import unreadable
from rowcall.errors import Place, Problem, Severity
from rowcall.kinds import action_words
from rowcall.language.circles import circles
from rowcall.language.crosscheck import conflicts
from rowcall.language.live import lint_live
from rowcall.language.rule import Rule
from rowcall.language.rule_file import read_rule
from rowcall.language.sentence import sentence
from rowcall.reading import table_of_text
from rowcall.shop import RuleSet, Shop, load_rules, scope_of
from rowcall.snapshots import take_snapshot
from rowcall.staff import calendars_of, unknown_holidays
from rowcall.store import Store
from rowcall.table import Snapshot, Table

NO_TABLES: Mapping[str, Table] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything `check` found. sentences: rule id → how it reads, for every rule without a mistake."""

    problems: tuple[Problem, ...]
    sentences: Mapping[str, str]

    @property
    def mistakes(self) -> int:
        """How many problems keep something from working."""
        return sum(problem.severity is Severity.ERROR for problem in self.problems)


def look_into(shop: Shop, now: datetime) -> Snapshot:
    """Read the workbooks, for headers, people, settings and live rows; remembers nothing."""
    about = shop.config.shop
    return take_snapshot(
        shop.workbooks, shop.config.tables.values(), now, language=about.language, zone=about.zone
    )


def stored_tables(shop: Shop, store: Store) -> dict[str, Table]:
    """Return every table as it was last read, for the headers, people and settings of one that can't be read now."""
    config = shop.config
    found = {}
    for name, one in store.load().tables.items():
        text = store.snapshot(name, one.snapshot) if name in config.tables else None
        if text is not None:
            found[name] = table_of_text(config.tables[name], text, config.shop.zone)
    return found


def find_all(shop: Shop, snapshot: Snapshot, stored: Mapping[str, Table] = NO_TABLES) -> Findings:
    """Check the whole shop. stored: tables as last read, where there are any."""
    rules = load_rules(shop, {**stored, **snapshot.tables})
    problems = [*shop.config.warnings, *_fair(shop, rules.problems, {**stored, **snapshot.tables})]
    problems += _about_rules(shop, rules.rules, snapshot.tables)
    problems += _about_tables(shop, snapshot, None)
    problems += about_calendars(shop, {**stored, **snapshot.tables}, snapshot.read_at)
    return Findings(tuple(_distinct(problems)), _sentences(shop, rules.rules))


def find_in(
    shop: Shop,
    snapshot: Snapshot,
    ids: Collection[str],
    files: Iterable[Path],
    stored: Mapping[str, Table] = NO_TABLES,
) -> Findings:
    """Check some rules of the shop by id, and rule files that lie elsewhere."""
    tables = {**stored, **snapshot.tables}
    rules = load_rules(shop, tables)
    chosen = [rule for rule in rules.rules if rule.id in ids]
    names = {f"rules/{name}.yaml" for name in ids}
    problems = [problem for problem in rules.problems if problem.place.file in names]
    for path in files:
        rule, found = _read_elsewhere(shop, path, tables)
        problems += found
        chosen += [rule] if rule is not None else []
    problems = _fair(shop, problems, tables)
    problems += _about_rules(shop, chosen, snapshot.tables, rules)
    looked_at = {rule.table for rule in chosen}
    problems += _about_tables(shop, snapshot, looked_at)
    return Findings(tuple(_distinct(problems)), _sentences(shop, chosen))


def _fair(shop: Shop, problems: Iterable[Problem], tables: Mapping[str, Table]) -> list[Problem]:
    """Make notes of mistakes in names that nobody can judge: the table with the people or settings is unknown."""
    config = shop.config
    unknown = {}
    if config.people_from is not None and config.people_from.table not in tables:
        unknown["person or role"] = config.people_from.table
    if config.settings_from is not None and config.settings_from.table not in tables:
        unknown["There is no setting"] = config.settings_from.table
    return [_doubted(problem, unknown) for problem in problems]


def _doubted(problem: Problem, unknown: Mapping[str, str]) -> Problem:
    table = next((table for words, table in unknown.items() if words in problem.what), "")
    if not table:
        return problem
    what = f"{table} can't be read now, so this could not be checked: {problem.what}"
    return replace(problem, what=what, severity=Severity.NOTE, fix="", suggestion="")


def _read_elsewhere(
    shop: Shop, path: Path, tables: Mapping[str, Table]
) -> tuple[Rule | None, tuple[Problem, ...]]:
    actions = {word: kind.params for word, kind in action_words().items()}
    names = shop.templates.folder.names
    return read_rule(path.read_bytes(), path.as_posix(), scope_of(shop, tables), actions, templates=names)


def _about_rules(
    shop: Shop, rules: Collection[Rule], tables: Mapping[str, Table], among: RuleSet | None = None
) -> Iterator[Problem]:
    """Yield what only shows with live rows, with the templates, or with the other rules at hand."""
    for rule in rules:
        yield from template_problems(rule, shop, tables)
        yield from (_with_excerpt(shop, problem) for problem in lint_live(rule, tables))
    ids = {rule.id for rule in rules}
    everyone = list(rules) + [rule for rule in (among.rules if among else ()) if rule.id not in ids]
    for problem in [*conflicts(everyone), *circles(everyone)]:
        if among is None or any(_speaks_of(problem, name) for name in ids):
            yield _with_excerpt(shop, problem)


def _speaks_of(problem: Problem, rule: str) -> bool:
    return Path(problem.place.file).stem == rule or f"`{rule}`" in problem.what


def about_calendars(shop: Shop, tables: Mapping[str, Table], now: datetime) -> Iterator[Problem]:
    """Yield what is wrong in the tables of holidays, and which years' holidays are not known."""
    calendars, problems = calendars_of(shop.config, tables)
    yield from problems
    yield from unknown_holidays(calendars, now)


def _about_tables(shop: Shop, snapshot: Snapshot, only: Collection[str] | None) -> Iterator[Problem]:
    """Yield what is wrong in the sheets; a workbook that can't be read is only noted: the files may be fine."""
    whole = unreadable(shop.config, snapshot.broken)
    for name in whole:
        problem = next(
            one for table, one in snapshot.broken.items() if shop.config.tables[table].workbook == name
        )
        what = (
            f"workbook {name} can't be read now, so the rules were checked without its rows: {problem.what}"
        )
        yield Problem(Place(), what, problem.fix, severity=Severity.NOTE)
    for table, problem in snapshot.broken.items():
        if shop.config.tables[table].workbook not in whole and (only is None or table in only):
            yield problem
    for table, found in snapshot.tables.items():
        if only is None or table in only:
            yield from (_as_warning(problem) for problem in found.problems)


def _as_warning(problem: Problem) -> Problem:
    """A row that can't be used harms no other: it stops nothing."""
    return replace(problem, severity=Severity.WARNING) if problem.severity is Severity.ERROR else problem


def _with_excerpt(shop: Shop, problem: Problem) -> Problem:
    place = problem.place
    path = shop.folder / place.file
    if problem.excerpt or not place.file or not place.line or not path.is_file():
        return problem
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    return replace(problem, excerpt=lines[place.line - 1] if place.line <= len(lines) else "")


def _sentences(shop: Shop, rules: Iterable[Rule]) -> dict[str, str]:
    return {rule.id: sentence(rule, shop.config.shop.language) for rule in rules}


def _distinct(problems: Iterable[Problem]) -> list[Problem]:
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    found = list(dict.fromkeys(problems))
    return sorted(
        found,
        key=lambda one: (
            one.place.file == "",
            one.place.file,
            one.place.line,
            one.place.column,
            order[one.severity],
        ),
    )
