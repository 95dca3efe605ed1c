"""Which label of a rule's schedule is to be acted on in this tick, and which were missed?"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rowcall.calendar import Calendar, CalendarError
from rowcall.errors import Problem, Severity
from rowcall.language.rule import Rule, State
from rowcall.memory import RuleMemory
from rowcall.plan.inputs import TickInput
from rowcall.plan.needs import state_of, version_of
from rowcall.schedule import labels, next_label

LATE = timedelta(days=1)
"""A label that nobody was there for is made up for within this time."""
_INSTANT = timedelta(microseconds=1)
_LOOK_BACK = timedelta(days=400)
"""Labels further back than this are not counted one by one."""


@dataclass(frozen=True, slots=True)
class Struck:
    """What a schedule means for one tick.

    label: the one to act on now, None = none. seen: up to when labels are settled; what RuleMemory.label becomes.
    missed: how many labels were passed over, the first and the last of them. trouble: why labels can't be told.
    """

    seen: datetime
    label: datetime | None = None
    missed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    trouble: str = ""


def strike(rule: Rule, given: TickInput) -> Struck:
    """Return which label of a scheduled rule is due: the latest since the last one, if not older than a day.

    On first sight, and when the rule was off, only a label at this very moment counts; after an edit only those
    since the last tick, so that a new time of day that has passed already waits for its next turn.
    """
    memory = given.memory.rules.get(rule.id)
    start = _start(rule, memory, given)
    calendar = given.house.calendars.get(rule.working_hours)
    try:
        found = _between(rule, start, given, calendar)
    except CalendarError as error:
        return Struck(start, trouble=str(error))
    if not found:
        # Nothing moves, so that a sleeping rule writes no memory; another start than before is written down.
        return Struck(start if memory is not None and start == memory.label else given.now)
    count, first, before_last, last = found
    if last + LATE >= given.now:
        return Struck(last, last, count - 1, first if count > 1 else None, before_last)
    return Struck(last, None, count, first, last)


def next_of_rule(
    rule: Rule, after: datetime, zone: ZoneInfo, calendars: Mapping[str, Calendar]
) -> datetime | None:
    """Return the rule's first label after a moment; None without a schedule, or when its calendar knows none."""
    if not rule.schedule or rule.state is State.OFF:
        return None
    try:
        return next_label(rule.schedule, after, zone, calendars.get(rule.working_hours))
    except CalendarError:
        return None


def missed_problem(rule: Rule, struck: Struck, given: TickInput) -> Problem | None:
    """Return what people are told of labels that were passed over, or of a schedule that can't be told."""
    if struck.trouble:
        return Problem(rule.place, struck.trouble, fix="mend the calendar or the schedule of the rule")
    if not struck.missed or struck.first is None or struck.last is None:
        return None
    zone = given.house.zone
    times = [f"{one.astimezone(zone):%Y-%m-%d %H:%M}" for one in (struck.first, struck.last)]
    span = times[0] if struck.missed == 1 else f"{times[0]} to {times[1]}"
    word = "time" if struck.missed == 1 else "times"
    made_up = (
        f"the one of {struck.label.astimezone(zone):%Y-%m-%d %H:%M} was made up for"
        if struck.label is not None
        else "nothing was made up for, because the last one is more than a day ago"
    )
    what = f'"{rule.title}" did not run {struck.missed} {word} ({span}), because nobody could look; {made_up}'
    fix = "nothing needs to be done, unless one of those runs is wanted: `rowcall preview` shows what it would say"
    return Problem(rule.place, what, fix=fix, severity=Severity.WARNING)


def _start(rule: Rule, memory: RuleMemory | None, given: TickInput) -> datetime:
    """Return the moment after which labels count."""
    just_now = given.now - _INSTANT
    if memory is None or memory.label is None:
        return just_now
    if memory.state == State.OFF and state_of(rule, given) is not State.OFF:
        return just_now
    if memory.version != version_of(rule, given):
        return max(memory.label, given.memory.last_tick or just_now)
    return memory.label


def _between(
    rule: Rule, start: datetime, given: TickInput, calendar: Calendar | None
) -> tuple[int, datetime, datetime | None, datetime] | None:
    """Return how many labels lie between, the first one, the last but one and the last one."""
    start = max(start, given.now - _LOOK_BACK)
    moments = sorted(
        {one for line in rule.schedule for one in labels(line, start, given.now, given.house.zone, calendar)}
    )
    if not moments:
        return None
    latest = deque(moments, maxlen=2)
    return len(moments), moments[0], latest[0] if len(moments) > 1 else None, moments[-1]
