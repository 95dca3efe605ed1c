"""Does a rule wait for its schedule, or a lower kept value for its grace?"""

from collections.abc import Iterator
from datetime import datetime

from rowcall.duration import add
from rowcall.explain.case import Case
from rowcall.explain.gate import Gate
from rowcall.language.rule import State
from rowcall.language.value import FirstThatFits
from rowcall.plan.labels import next_of_rule


def schedule_gate(case: Case) -> Iterator[Gate]:
    """Return the gate of a rule with a schedule: it opens at its labels only."""
    if not case.rule.schedule:
        return
    house, now = case.given.house, case.given.now
    if case.label is not None and case.state is not State.OFF:
        yield Gate("schedule", True, f"its time of {_moment(case, case.label)} is acted on now")
        return
    coming = next_of_rule(case.rule, now, house.zone, house.calendars)
    told = "no next time is known" if coming is None else f"it acts next at {_moment(case, coming)}"
    memory = case.memory
    if memory is not None and memory.label is not None and memory.occasion:
        times = "once" if memory.occasion == 1 else f"{memory.occasion} times"
        told += f"; it has acted {times}, and every time up to {_moment(case, memory.label)} is settled"
    else:
        told += "; it has not acted yet"
    yield Gate("schedule", False, told)


def grace_gate(case: Case) -> Iterator[Gate]:
    """Return the gate of a kept column whose lower value waits until it was chosen for long enough."""
    mine = (one for one in case.wanted.change.clocks if (one.rule, one.key) == (case.rule.id, case.key))
    clock = next(mine, case.given.memory.clocks.get(case.rule.id, {}).get(case.key))
    for kept in case.rule.keep if clock is not None else ():
        lower = clock.lower.get(kept.ref.name) if clock is not None else None
        grace = kept.value.go_down_after if isinstance(kept.value, FirstThatFits) else None
        if lower is None or grace is None:
            continue
        until = add(lower.since, grace, case.given.house.zone)
        told = f"{kept.ref.name} would go down to {lower.text} since {_moment(case, lower.since)}"
        until_told = f"it does so if that is still chosen on {_moment(case, until)}"
        yield Gate("keep", False, f"{told}; {until_told} (`go down only after: {grace}`)")


def _moment(case: Case, moment: datetime) -> str:
    return f"{moment.astimezone(case.given.house.zone):%Y-%m-%d %H:%M}"
