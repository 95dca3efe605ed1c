"""How do schedules, deadlines, pauses and periods read inside an English sentence?"""

from collections.abc import Iterator, Sequence

from rowcall.language.asking import lines_of
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import AtDue, AtEnd, AtShare, Due, FromChange, FromStart, Rule
from rowcall.language.spoken import join_words, say_column, say_condition
from rowcall.language.spoken_values import say_value
from rowcall.language.value import Length
from rowcall.language.working import counts_working_time
from rowcall.schedule import Schedule


def say_opening(rule: Rule) -> str:
    """Return when a row matters, or when a rule without rows acts."""
    asked = bool(lines_of(rule.when))
    if not rule.table:
        only = f", if {say_condition(rule.when)}" if asked else ""
        return f"{_first_up(say_schedules(rule.schedule))}, it acts{only}."
    said = (
        f"A row of {rule.table} matters when {say_condition(rule.when)}"
        if asked
        else f"Every row of {rule.table} matters"
    )
    if rule.schedule:
        return f"{_first_up(say_schedules(rule.schedule))}, {said[0].lower()}{said[1:]}."
    held = f" This must hold for {rule.hold_for} without a break." if rule.hold_for is not None else ""
    return f"{said}.{held}"


def say_clocks(rule: Rule) -> Iterator[str]:
    """Yield what the times of a rule are counted from and in: period, deadline, pauses, working hours."""
    if rule.period is not None:
        compared = f", compared with {rule.compare_with.text}" if rule.compare_with else ""
        yield f"Its period is {rule.period.text}{compared}."
    if rule.due is not None:
        yield _say_due(rule.due)
    if rule.pause_while is not None:
        yield f"The clocks stand still while {say_condition(rule.pause_while)}."
    if rule.working_hours and counts_working_time(rule):
        yield f"Working time is that of {rule.working_hours}."


def say_due_timing(timing: AtDue | AtShare | AtEnd, *, first: bool) -> str:
    """Return a time of an entry that hangs on the deadline or on the end."""
    match timing:
        case AtShare(percent=percent):
            said = f"when {percent:g}% of the time to the deadline has passed"
        case AtDue(span=None):
            said = "at the deadline"
        case AtDue(span=span, back=back):
            said = f"{span} {'before' if back else 'after'} the deadline"
        case AtEnd():
            return "When it ends"
    return f"Then, {said}" if first else f"{said[0].upper()}{said[1:]}"


def say_schedules(schedules: Sequence[Schedule]) -> str:
    """Return when schedules strike: `every day at 05:30`, `on Mondays at 07:45 and on weekdays at 14:00`."""
    return join_words([_say_schedule(one) for one in schedules], "and")


def _say_schedule(schedule: Schedule) -> str:
    if schedule.cron:
        return f"at the times of the cron line `{schedule.cron}`"
    if schedule.every is not None or schedule.text.startswith("every day"):
        return schedule.text
    return f"on the {schedule.text}" if schedule.of else f"on {schedule.text}"


def _say_due(due: Due) -> str:
    if due.within is None:
        return f"The deadline is {_say_base(due.counted_from)}."
    if isinstance(due.within, Length):
        return f"The deadline comes {say_value(due.within)} after {_say_base(due.counted_from)}."
    return f"The deadline is counted from {_say_base(due.counted_from)}, by {say_value(due.within)}."


def _say_base(base: ColumnRef | FromStart | FromChange) -> str:
    match base:
        case FromStart():
            return "the moment at which it began to matter"
        case FromChange(ref=ref):
            return f"the last change of {say_column(ref)}"
        case ColumnRef():
            return say_column(base)


def _first_up(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
