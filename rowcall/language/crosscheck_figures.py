"""Do the figures and kept columns of a rule fit together with the rest of it?"""

from collections.abc import Iterator

from rowcall.errors import Problem, Severity
from rowcall.language.condition import AllOf
from rowcall.language.contradiction import find_contradiction
from rowcall.language.figure import Figure, ShareWith
from rowcall.language.keep import kept_and_set
from rowcall.language.rule import Rule
from rowcall.language.value_walk import conditions_in


def check_figures(rule: Rule) -> Iterator[Problem]:
    """Yield what in the figures and kept columns of a rule can never work as its author will have meant it."""
    yield from kept_and_set(rule)
    for figure in rule.figures:
        yield from _nothing_counted(figure)
    for kept in rule.keep:
        for condition in conditions_in(kept.value):
            found = find_contradiction(condition)
            if found is not None:
                what = found.what.replace("so this rule never acts", "so this value is never chosen")
                yield Problem(
                    found.place, what, "Change one of the two lines.", found.suggestion, Severity.WARNING
                )


def _nothing_counted(figure: Figure) -> Iterator[Problem]:
    where = figure.where if figure.where is not None else AllOf((), figure.place)
    share = figure.measure.condition if isinstance(figure.measure, ShareWith) else AllOf((), figure.place)
    alone = find_contradiction(where)
    found = alone or find_contradiction(AllOf((where, share), figure.place))
    if found is None:
        return
    empty = "the figure has no rows" if alone is not None else "the share is always 0"
    what = found.what.replace("so this rule never acts", f"so {empty}")
    yield Problem(found.place, what, "Change one of the two lines.", found.suggestion, Severity.WARNING)
