"""Do the times of a rule fit together: schedule and entries, pauses and conditions, periods?"""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from rowcall.calendar import CLOSED, Calendar, parse_hours
from rowcall.duration import Span, Unit
from rowcall.errors import Place, Problem, Severity
from rowcall.language.asking import has_edges, lines_of
from rowcall.language.condition import AllOf, Condition, Edge, RowNew
from rowcall.language.contradiction import find_contradiction
from rowcall.language.fingerprint import meaning
from rowcall.language.rule import AfterLast, AfterStart, AtEnd, Entry, Every, Rule
from rowcall.schedule import labels

_ZONE = ZoneInfo("UTC")
_ANY_WEEK = Calendar("any", _ZONE, (parse_hours("09:00-17:00"),) * 5 + (CLOSED,) * 2)
"""Stands for a calendar that a rule names but that can't be seen here."""
_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_SEEN = timedelta(days=800)
_MOST_LABELS = 400
_AT_LEAST_DAYS = {Unit.MONTH: 28, Unit.YEAR: 365}


def check_times(rule: Rule) -> Iterator[Problem]:
    """Yield what in the times of a rule can't work as its author will have meant it."""
    if rule.schedule:
        yield from _edges(rule)
        yield from _never_in_time(rule)
        yield from _end_of_label(rule)
    yield from _always_paused(rule)
    yield from _compared(rule)


def _edges(rule: Rule) -> Iterator[Problem]:
    if not has_edges(rule.when):
        return
    line = next(line for line in lines_of(rule.when) if isinstance(line, Edge | RowNew))
    what = (
        f"`{line.text}` asks what has changed, but a rule with a schedule acts on what is so when it strikes."
    )
    fix = "Leave `schedule` out (the rule then acts at the change), or ask what the cell holds."
    yield Problem(_place_of(line, rule.place), what, fix)


def _never_in_time(rule: Rule) -> Iterator[Problem]:
    gaps = _gaps(rule)
    if gaps is None:
        return
    shortest, longest = gaps
    for entry in rule.entries:
        span = _waits(entry)
        if span is None or _at_least(span) < shortest:
            continue
        often = "never" if _at_least(span) >= longest else "not always"
        what = f"`{entry.id.rpartition('#')[0]}` {often} comes: before that the schedule strikes and all begins anew."
        fix = "Leave `schedule` out (each row then has its own times), or let the schedule strike less often."
        yield Problem(entry.place, what, fix, severity=Severity.WARNING)


def _end_of_label(rule: Rule) -> Iterator[Problem]:
    for entry in rule.entries:
        if isinstance(entry.timing, AtEnd):
            what = "`at: end` acts only when `stop when` comes true before the schedule strikes again."
            if rule.stop_when is None:
                what = "`at: end` never comes: in a rule with a schedule nothing ends, each time begins anew."
            yield Problem(
                entry.place, what, "Leave `at: end` out, or the schedule.", severity=Severity.WARNING
            )


def _always_paused(rule: Rule) -> Iterator[Problem]:
    pause = rule.pause_while
    if pause is None:
        return
    clash = find_contradiction(pause)
    if clash is not None:
        yield Problem(
            clash.place, clash.what, "Change one of the two lines.", clash.suggestion, Severity.WARNING
        )
    if meaning(pause) == meaning(rule.when) or _is_part(pause, rule.when):
        what = "`pause while` is true of every row that matters: its clocks never run, and nothing ever falls due."
        fix = "Say in `pause while` what is otherwise: for example another Status than in `when`."
        yield Problem(_place_of(pause, rule.place), what, fix, severity=Severity.WARNING)


def _is_part(pause: Condition, when: Condition) -> bool:
    """Say whether all lines of the pause stand in `when` too."""
    pauses = pause.lines if isinstance(pause, AllOf) else (pause,)
    lines = when.lines if isinstance(when, AllOf) else (when,)
    known = [meaning(line) for line in lines]
    return bool(pauses) and all(meaning(line) in known for line in pauses)


def _compared(rule: Rule) -> Iterator[Problem]:
    if rule.compare_with is None or rule.period is None:
        return
    if not rule.figures:
        what = "`compare with` compares figures, and this rule has none."
        yield Problem(rule.place, what, "Add `figures:`, or leave the line out.", severity=Severity.WARNING)
    elif rule.period.back == 0 and not rule.period.rolling and rule.period.unit is not Unit.DAY:
        what = f"`{rule.period.text}` reaches only until today, and is compared with a whole one."
        yield Problem(rule.place, what, severity=Severity.NOTE)


def _waits(entry: Entry) -> Span | None:
    match entry.timing:
        case AfterStart(span=span) | AfterLast(span=span) | Every(span=span):
            return span
        case _:
            return None


def _at_least(span: Span) -> timedelta:
    """Return the shortest time on the clock that a duration can be."""
    days = _AT_LEAST_DAYS.get(span.unit)
    return timedelta(days=days * span.count) if days else span.exact


def _gaps(rule: Rule) -> tuple[timedelta, timedelta] | None:
    """Return the shortest and the longest time between two labels of a rule, as far as can be seen."""
    found = [labels(one, _FROM, _FROM + _SEEN, _ZONE, _ANY_WEEK) for one in rule.schedule]
    moments = sorted(set(islice(heapq.merge(*found), _MOST_LABELS)))
    gaps = [after - before for before, after in pairwise(moments)]
    return (min(gaps), max(gaps)) if gaps else None


def _place_of(condition: Condition, otherwise: Place) -> Place:
    return condition.place if condition.place.line else otherwise
