"""Which workbooks and tables could a tick or a preview not read, and what is the exit code then?"""

from collections.abc import Iterable, Mapping

from rowcall.cli.failure import FINE, FOUND, OUTSIDE
from rowcall.config import Config
from rowcall.errors import Problem
from rowcall.memory import Plan

_TABLE_NOTICE = "notice:table"


def unreadable(config: Config, broken: Mapping[str, Problem]) -> list[str]:
    """Return the workbooks of which nothing can be read: all their tables are broken for one reason."""
    found = []
    for name in config.workbooks:
        theirs = [schema.table for schema in config.tables.values() if schema.workbook == name]
        whats = {broken[table].what if table in broken else "" for table in theirs}
        if theirs and len(whats) == 1 and "" not in whats:
            found.append(name)
    return found


def code_of(config: Config, plan: Plan) -> int:
    """Return 3 when a workbook could not be read, 1 when a table of one could not be used, else 0."""
    broken = _broken(plan.problems)
    if unreadable(config, broken):
        return OUTSIDE
    told = any(notice.entry == _TABLE_NOTICE for notice in plan.notices)
    return FOUND if broken or told else FINE


def _broken(problems: Iterable[Problem]) -> dict[str, Problem]:
    """Return what is wrong with whole tables; what is wrong in one has a header or a key."""
    found: dict[str, Problem] = {}
    for problem in problems:
        place = problem.place
        if place.table and not (place.file or place.header or place.key):
            found.setdefault(place.table, problem)
    return found
