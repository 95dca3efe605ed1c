"""When is the row due, and do its clocks run or stand still?"""

from collections.abc import Iterator
from datetime import datetime

from rowcall.calendar import CalendarError
from rowcall.episode import Phase
from rowcall.explain.case import Case
from rowcall.explain.gate import Gate
from rowcall.plan.entries import deadline_of
from rowcall.plan.timekeeper import joined, lasting


def clock_gates(case: Case) -> Iterator[Gate]:
    """Return the gates of a rule with `pause while` or buttons that move its times, and of one with a deadline."""
    if case.clocks is None:
        return
    pauses = case.clocks.row_time(case.key).pauses
    if case.rule.pause_while is not None or pauses:
        yield _pause(case)
    if case.rule.due is not None and case.after is not None and case.after.phase is Phase.OPEN:
        yield _due(case)


def stands_still(case: Case) -> bool:
    """Say whether the row's clocks stand still, nobody knows until when."""
    return case.clocks is not None and lasting(case.clocks.row_time(case.key).pauses) is not None


def holds_until(case: Case) -> datetime | None:
    """Return when the row will have mattered for as long as `for` asks; None when no clock decides it."""
    episode, wait = case.after, case.rule.hold_for
    if case.clocks is None or episode is None or wait is None:
        return None
    row = case.clocks.row_time(case.key)
    try:
        return row.keeper.run(episode.since, wait, row.pauses)
    except (CalendarError, OverflowError):
        return None


def _pause(case: Case) -> Gate:
    now = case.given.now
    pauses = joined(case.clocks.row_time(case.key).pauses) if case.clocks is not None else []
    last = pauses[-1] if pauses else None
    if last is None or (last.until is not None and last.until <= now):
        stays = f"; they stood still {len(pauses)} times before" if len(pauses) > 1 else ""
        stays = "; they stood still once before" if len(pauses) == 1 else stays
        return Gate("pause", True, f"the clocks run{stays}")
    if last.until is None:
        told = f"the clocks stand still since {_moment(case, last.since)}, because `pause while` is true"
        return Gate("pause", False, told)
    return Gate(
        "snooze", False, f"a button was pressed: the clocks stand still until {_moment(case, last.until)}"
    )


def _due(case: Case) -> Gate:
    assert case.after is not None and case.clocks is not None  # noqa: S101, PT018 - the caller has looked
    deadline = deadline_of(case.rule, case.after, case.clocks.row_time(case.key))
    if deadline is None:
        return Gate(
            "due",
            False,
            "no deadline is known: what it is counted from, or the time given, is empty or unreadable",
        )
    if deadline.at is None:
        return Gate("due", False, "the deadline is not known while the clocks stand still")
    day = f" (the end of {deadline.day})" if deadline.day is not None else ""
    moved = f", without pauses {_moment(case, deadline.planned)}" if deadline.at != deadline.planned else ""
    word = "it was due" if deadline.at <= case.given.now else "due"
    return Gate("due", True, f"{word} {_moment(case, deadline.at)}{day}{moved}")


def _moment(case: Case, moment: datetime) -> str:
    return f"{moment.astimezone(case.given.house.zone):%Y-%m-%d %H:%M}"
