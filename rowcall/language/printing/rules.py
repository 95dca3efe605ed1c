"""How is a whole rule written down again?"""

from collections.abc import Iterator, Mapping

from rowcall.language.asking import lines_of
from rowcall.language.printing.blocks import Listed, text_of
from rowcall.language.printing.bounds import print_limit, print_window
from rowcall.language.printing.conditions import print_column, print_conditions
from rowcall.language.printing.entries import print_entry
from rowcall.language.printing.figures import print_figure
from rowcall.language.printing.schedules import print_comparison, print_period, print_schedule
from rowcall.language.printing.tongue import Tongue
from rowcall.language.printing.values import print_value
from rowcall.language.rule import (
    Due,
    FirstRun,
    FromChange,
    FromStart,
    Rule,
    State,
)
from rowcall.language.words import Choice, CountedFrom, DueKey, Key


def print_rule(rule: Rule, words: Mapping[str, str], *, chinese: bool = False) -> str:
    """Return the text of a file that says this rule.

    words: the kind of each action → its word in a rule. Texts, names and templates stay as they are.
    """
    tongue = Tongue(chinese)
    return text_of([pair for pair in _pairs(rule, dict(words), tongue) if pair[1]])


def _pairs(rule: Rule, words: dict[str, str], tongue: Tongue) -> Iterator[tuple[str, object]]:
    yield tongue(Key.RULE), rule.title
    yield tongue(Key.ABOUT), rule.about
    yield tongue(Key.RESPONSIBLE), rule.responsible
    yield tongue(Key.LOOK_AT), rule.table
    yield tongue(Key.SCHEDULE), Listed(print_schedule(one, tongue) for one in rule.schedule)
    yield tongue(Key.PERIOD), print_period(rule.period, tongue) if rule.period else ""
    yield tongue(Key.COMPARE_WITH), print_comparison(rule.compare_with, tongue) if rule.compare_with else ""
    yield tongue(Key.WORKING_HOURS), rule.working_hours
    yield from _conditions(rule, tongue)
    yield tongue(Key.DUE), _due(rule.due, tongue) if rule.due else ""
    figures = sorted(rule.figures, key=lambda one: one.place.line)  # they stand in the order of computing
    yield tongue(Key.FIGURES), [(one.name, print_figure(one, tongue)) for one in figures]
    yield (
        tongue(Key.KEEP),
        [(print_column(one.ref, tongue), print_value(one.value, tongue)) for one in rule.keep],
    )
    yield tongue(Key.THEN), Listed(print_entry(one, words, tongue) for one in rule.entries)
    yield from _bounds(rule, tongue)


def _conditions(rule: Rule, tongue: Tongue) -> Iterator[tuple[str, object]]:
    if lines_of(rule.when):
        yield tongue(Key.WHEN), print_conditions(rule.when, tongue)
    yield tongue(Key.FOR), tongue.span(rule.hold_for) if rule.hold_for else ""
    for key, condition in (
        (Key.PAUSE_WHILE, rule.pause_while),
        (Key.AGAIN_ONLY_WHEN, rule.again_only_when),
        (Key.STOP_WHEN, rule.stop_when),
    ):
        if condition is not None:
            yield tongue(key), print_conditions(condition, tongue)
    yield tongue(Key.ONCE_PER_ROW), tongue(Choice.YES) if rule.once_per_row else ""


def _bounds(rule: Rule, tongue: Tongue) -> Iterator[tuple[str, object]]:
    yield tongue(Key.SEND_ONLY), print_window(rule.send_only, tongue) if rule.send_only else ""
    yield tongue(Key.LIMITS), Listed(print_limit(one, tongue) for one in rule.limits)
    first = {FirstRun.ONLY_NEW: Choice.ONLY_NEW, FirstRun.ACT: Choice.ACT_ON_ALL}.get(rule.first_run)
    yield tongue(Key.FIRST_RUN), tongue(first) if first else ""
    yield tongue(Key.CHECK_EVERY), tongue.span(rule.check_every) if rule.check_every else ""
    yield tongue(Key.EXPIRES_AFTER), tongue.span(rule.expires_after) if rule.expires_after else ""
    state = {State.OFF: Choice.OFF, State.WATCH: Choice.WATCH}.get(rule.state)
    yield tongue(Key.STATE), tongue(state) if state else ""


def _due(due: Due, tongue: Tongue) -> object:
    match due.counted_from:
        case FromStart():
            base = tongue(CountedFrom.START)
        case FromChange(ref=ref):
            base = tongue(CountedFrom.LAST_CHANGE, column=print_column(ref, tongue))
        case ref:
            base = print_column(ref, tongue)
    if due.within is None:
        return base
    return [(tongue(DueKey.COUNTED_FROM), base), (tongue(DueKey.WITHIN), print_value(due.within, tongue))]
