"""What is new about the rules and tables since the last look, so that the log says it once?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import structlog

from rowcall.errors import Problem, Severity
from rowcall.language.rule import State
from rowcall.shop import RuleSet

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class News:
    """What the log has said of rules and tables.

    versions: by rule, None before the first look. mistakes, broken: as told. tables: problems of whole tables.
    """

    versions: dict[str, str] | None = None
    mistakes: frozenset[tuple[str, str]] = frozenset()
    broken: frozenset[str] = frozenset()
    tables: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def tell_rules(self, rules: RuleSet) -> None:
        """Tell which rules came, changed, went, broke and were mended."""
        for problem in rules.problems:
            if (str(problem.place), problem.what) not in self.mistakes:
                _tell_mistake(problem, rules)
        self.mistakes = frozenset((str(problem.place), problem.what) for problem in rules.problems)
        if mended := sorted(self.broken & {rule.id for rule in rules.rules} - set(rules.broken)):
            _log.info("rules mended", rules=mended)
        self.broken = frozenset(rules.broken)
        versions = {rule.id: rule.version for rule in rules.rules}
        if self.versions is not None and versions != self.versions:
            before = self.versions
            _log.info(
                "rules taken over",
                new=sorted(versions.keys() - before),
                changed=sorted(name for name in versions.keys() & before if versions[name] != before[name]),
                gone=sorted(before.keys() - versions),
            )
        self.versions = versions

    def tell_tables(self, problems: Iterable[Problem], looked_at: Collection[str]) -> None:
        """Tell which tables can't be used, and which can again. Problems of single rows may hold their contents.

        looked_at: the tables that were read.
        """
        now = {
            (problem.place.table, problem.what): problem
            for problem in problems
            if problem.place.table and not problem.place.key and problem.severity is Severity.ERROR
        }
        for about in now.keys() - self.tables:
            problem = now[about]
            _log.warning("table in trouble", at=str(problem.place), what=problem.what, fix=problem.fix)
        still = {about: problem for about, problem in self.tables.items() if about[0] not in looked_at}
        for about in self.tables.keys() - now.keys() - still.keys():
            _log.info("table in order again", at=str(self.tables[about].place), after=about[1])
        self.tables = still | now


def count_rules(rules: RuleSet) -> dict[str, object]:
    """Return how many rules are on, off and on watch, and the names of those with mistakes."""
    states = [rule.state for rule in rules.rules if rule.id not in rules.broken]
    counts: dict[str, object] = {state.value: states.count(state) for state in State if state in states}
    if rules.broken:
        counts["broken"] = list(rules.broken)
    return counts


def _tell_mistake(problem: Problem, rules: RuleSet) -> None:
    name = problem.place.file.removeprefix("rules/").removesuffix(".yaml")
    kept = any(rule.id == name for rule in rules.rules)
    if problem.severity is Severity.ERROR:
        meanwhile = "the rule works on as it was before" if kept else "the rule does nothing"
        _log.warning(
            "rule broken",
            at=str(problem.place),
            what=problem.what,
            fix=(problem.suggestion or problem.fix).strip(),
            meanwhile=meanwhile,
        )
    else:
        _log.info(
            "rule doubtful",
            at=str(problem.place),
            what=problem.what,
            fix=(problem.suggestion or problem.fix).strip(),
        )
