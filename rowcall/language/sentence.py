"""What was understood? A rule read back in whole sentences, so that its author can say: that is what I meant."""

import dataclasses
from collections.abc import Iterator

from rowcall.duration import Span, Unit
from rowcall.language.asking import lines_of, while_open
from rowcall.language.chinese.rule import say_rule
from rowcall.language.rule import (
    Act,
    AfterColumn,
    AfterLast,
    AfterStart,
    AtDue,
    AtEnd,
    AtShare,
    AtStart,
    Entry,
    Every,
    FirstRun,
    Limit,
    LimitOf,
    Rule,
    State,
    Window,
)
from rowcall.language.spoken import join_words, say_column, say_condition
from rowcall.language.spoken_figures import say_figures, say_kept
from rowcall.language.spoken_mails import say_mail
from rowcall.language.spoken_times import say_clocks, say_due_timing, say_opening
from rowcall.language.spoken_values import say_targets, say_value
from rowcall.language.value import Cells, Recipients, RowValues, Unless

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS = frozenset(range(5))
_WEEKENDS = frozenset({5, 6})
_FIRST_RUN = {
    FirstRun.ASK: "Rows that match already when the rule first looks wait until the responsible person decides.",
    FirstRun.ONLY_NEW: "Rows that match already when the rule first looks are left alone.",
    FirstRun.ACT: "Rows that match already when the rule first looks are acted on as well.",
}
_STATES = {
    State.OFF: "The rule is switched off.",
    State.WATCH: "The rule only watches: it plans and records, but sends and writes nothing.",
}


def sentence(rule: Rule, language: str) -> str:
    """Return everything that a rule does, in whole sentences, in the order of reading: when, what, how long."""
    if language == "zh":
        return say_rule(rule)
    return " ".join(part for part in _sentences(rule) if part)


def _sentences(rule: Rule) -> Iterator[str]:
    yield _STATES.get(rule.state, "")
    yield say_opening(rule)
    yield from say_clocks(rule)
    yield from say_figures(rule.figures)
    yield from say_kept(rule.keep)
    for number, entry in enumerate(rule.entries):
        yield _say_entry(entry, first=number == 0)
    yield from _endings(rule)
    yield from _bounds(rule)
    if not rule.schedule:
        yield _FIRST_RUN[rule.first_run]


def _say_entry(entry: Entry, *, first: bool) -> str:
    when = f", if {say_condition(entry.when)}" if entry.when is not None else ""
    acts = ", and after that ".join(_say_act(act) for act in entry.acts)
    return f"{_say_timing(entry, first=first)}{when}, {acts}."


def _say_timing(entry: Entry, *, first: bool) -> str:
    match entry.timing:
        case AtStart():
            return "Then, at once" if first else "Also at once"
        case AfterStart(span=span):
            return f"{span} after it began to matter"
        case AfterLast(span=span):
            return f"{span} after the entry before was done"
        case AfterColumn(span=span, ref=ref, back=back):
            return f"{span} {'before' if back else 'after'} {say_column(ref)}"
        case Every(span=span, at_most=at_most, until=until):
            times = "" if at_most is None else f", at most {at_most} time{'' if at_most == 1 else 's'}"
            end = "" if until is None else f", until {say_condition(until)}"
            return f"Every {_each(span)}{times}{end}"
        case AtDue() | AtShare() | AtEnd():
            return say_due_timing(entry.timing, first=first)


def _say_act(act: Act) -> str:
    parts = _parts(act.params)
    if any(isinstance(value, Recipients) for _, value in parts):
        return say_mail(parts)
    for _, value in parts:
        if isinstance(value, Cells):
            return f"set {say_targets(value.targets)}"
        if isinstance(value, RowValues):
            unless = next((one for _, one in parts if isinstance(one, Unless)), None)
            there = "" if unless is None else f", unless there is one where {say_condition(unless.condition)}"
            cells = join_words(
                [f"{one.ref.column.name} {say_value(one.value)}" for one in value.targets], "and"
            )
            return f"add a row to {value.table} with {cells}{there}"
    return f"do `{act.kind.replace('_', ' ')}`"


def _parts(params: object) -> list[tuple[str, object]]:
    if not dataclasses.is_dataclass(params):
        return []
    named = [(one.name, getattr(params, one.name)) for one in dataclasses.fields(params)]
    return [(name, value) for name, value in named if value is not None]


def _endings(rule: Rule) -> Iterator[str]:
    if not rule.table:
        return
    reasons = [] if rule.stop_when is None else [say_condition(rule.stop_when)]
    waits = any(not isinstance(entry.timing, AtStart) for entry in rule.entries)
    if waits and rule.again_only_when is not None:
        reasons.append(say_condition(rule.again_only_when))
    elif waits and _can_end(rule):
        reasons.append("the row no longer matters")
    if reasons:
        yield f"What is still to come is dropped when {', or when '.join(reasons)}."
    if rule.once_per_row:
        yield "No row is acted on twice."
    elif rule.again_only_when is not None:
        yield f"A row can start anew only after this was true: {say_condition(rule.again_only_when)}."
    elif rule.schedule:
        yield "Each time begins anew."
    elif lines_of(rule.when):
        yield "A row can start anew once this was no longer true."


def _can_end(rule: Rule) -> bool:
    left = while_open(rule.when)
    return left is not None and bool(lines_of(left))


def _bounds(rule: Rule) -> Iterator[str]:
    if rule.send_only is not None:
        yield _say_window(rule.send_only)
    for limit in rule.limits:
        yield _say_limit(limit)
    if rule.check_every is not None:
        yield f"It looks at most once every {rule.check_every}."
    if rule.expires_after is not None:
        yield f"A mail that could not be sent within {rule.expires_after} is dropped and reported."
    if rule.responsible:
        yield f"Responsible is {rule.responsible}."


def _say_window(window: Window) -> str:
    days = sorted(window.days)
    if window.days == frozenset(range(7)):
        named = "every day"
    elif window.days == _WEEKDAYS:
        named = "on weekdays"
    elif window.days == _WEEKENDS:
        named = "at weekends"
    else:
        named = "on " + join_words([f"{_DAYS[day]}s" for day in days], "and")
    other = "a mail that misses these hours is dropped" if window.drop else "other mails wait"
    return f"Mails go out {named} between {window.start:%H:%M} and {window.end:%H:%M}; {other}."


def _say_limit(limit: Limit) -> str:
    held = "held, and the responsible person is asked"
    match limit.of:
        case LimitOf.ROWS:
            return f"If more than {limit.count:g} rows act at once, they are {held}."
        case LimitOf.SHARE:
            least = "" if limit.not_below == 0 else f" (and at least {limit.not_below})"
            return f"If more than {limit.count:g}% of the rows{least} act at once, they are {held}."
        case LimitOf.EMAILS:
            return f"More than {limit.count:g} emails {_per(limit.span)} are {held}."
        case LimitOf.PER_CUSTOMER:
            over = f"the rules {join_words(limit.rules, 'and')}" if limit.rules else "all rules"
            mails = "1 email" if limit.count == 1 else f"{limit.count:g} emails"
            return (
                f"A customer gets at most {mails} {_per(limit.span)}, counted over {over}; the others wait."
            )


def _each(span: Span) -> str:
    return str(span).removeprefix("1 ")


def _per(span: Span | None) -> str:
    if span is None or span.count != 1:
        return f"in {span}"
    return f"an {span.unit}" if span.unit is Unit.HOUR else f"a {span.unit}"
