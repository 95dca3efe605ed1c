"""How does a user learn that a command failed, and with which exit code?"""

import json
import sys
from collections.abc import Iterable

from rowcall.errors import (
    DeliveryError,
    MistakesError,
    Problem,
    RowcallError,
    TemplateError,
    UsageError,
    WorkbookError,
)

FINE = 0
FOUND = 1
WRONG_USE = 2
OUTSIDE = 3


def exit_code(error: RowcallError) -> int:
    """Return the exit code of a failure: 1 mistakes in the shop's files, 2 wrong use, 3 the outside world."""
    if isinstance(error, UsageError):
        return WRONG_USE
    if isinstance(error, MistakesError | TemplateError):
        return FOUND
    return OUTSIDE


def tell_failure(error: RowcallError, *, as_json: bool) -> int:
    """Print a failure to the error output, and return its exit code."""
    problems = error.problems if isinstance(error, MistakesError) else ()
    fix = error.fix if isinstance(error, WorkbookError | DeliveryError) else ""
    if as_json:
        told = {"error": str(error), "fix": fix, "problems": [problem_json(problem) for problem in problems]}
        sys.stderr.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stderr.write("\n".join(_lines(error, problems, fix)) + "\n")
    return exit_code(error)


def _lines(error: RowcallError, problems: Iterable[Problem], fix: str) -> Iterable[str]:
    if not problems:
        yield f"rowcall: {error}"
        if fix:
            yield f"  → {fix}"
        return
    for problem in problems:
        yield f"{problem.place}: {problem.severity}: {problem.what}"
        if problem.excerpt:
            yield f"    {problem.excerpt}"
        if problem.suggestion or problem.fix:
            yield f"  → {problem.suggestion or problem.fix}"


def problem_json(problem: Problem) -> dict[str, object]:
    """Return a problem as `check` prints it; file, line and column are null where there is no file."""
    place = problem.place
    where = "" if place.file or not str(place) else f"{place}: "
    return {
        "file": place.file or None,
        "line": place.line or None,
        "column": place.column or None,
        "severity": problem.severity.value,
        "what": where + problem.what,
        "suggestion": problem.suggestion,
    }
