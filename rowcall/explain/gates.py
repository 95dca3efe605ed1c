"""Which gates stand between a row that matters and what is done about it, and which of them are shut?"""

from collections.abc import Iterator
from datetime import datetime

from rowcall.episode import COLLECTING, Delivery, DeliveryState, Episode, Phase
from rowcall.evaluate.lines import LineResult
from rowcall.explain.case import Case, result_of
from rowcall.explain.gate import Gate
from rowcall.explain.label_gates import grace_gate, schedule_gate
from rowcall.explain.time_gates import clock_gates, holds_until
from rowcall.language.rule import FirstRun, Limit, LimitOf, State
from rowcall.plan.entries import is_outstanding
from rowcall.plan.limits import Budgets
from rowcall.plan.schedule_mail import permitted_from

MARKS = {True: "✓", False: "✗", None: "?"}
"""How the answer of a condition line is shown."""


def gates_of(case: Case) -> tuple[Gate, ...]:
    """Return every gate, in the order in which a row passes them."""
    return tuple(_gates(case))


def _gates(case: Case) -> Iterator[Gate]:
    yield _state(case)
    yield _held(case)
    yield _settle(case)
    yield _baseline(case)
    yield _episode(case)
    yield _for(case)
    yield from schedule_gate(case)
    yield from clock_gates(case)
    yield from grace_gate(case)
    yield _limit(case)
    yield _budget(case)
    yield _quiet_hours(case)
    yield from _digest(case)


def at_time(case: Case, moment: datetime) -> str:
    """Return a moment as the shop writes it."""
    return f"{moment.astimezone(case.given.house.zone):%Y-%m-%d %H:%M}"


def line_text(line: LineResult) -> str:
    """Return a condition line as the rule writes it: `Status: Paid`."""
    return f"{line.cell.name}: {line.text}" if line.cell is not None else line.text


def line_value(line: LineResult) -> str:
    """Return what a line saw: the cell, what it was before, and the values on its right."""
    seen = [f"{line.before} → {line.value}" if line.before is not None else line.value]
    seen += [f"{other.name} = {other}" for other in line.others]
    seen += [line.trouble] if line.trouble else []
    return ", ".join(part for part in seen if part)


def _state(case: Case) -> Gate:
    if case.rule.id in case.given.memory.paused:
        return Gate("state", False, f"paused by a person; `rowcall resume {case.rule.id}` lets it go on")
    match case.state:
        case State.OFF if case.rule.state is State.OFF:
            return Gate("state", False, "the rule says `state: off`")
        case State.OFF:
            return Gate("state", False, "off, because an optional tab that it reads does not exist")
        case State.WATCH:
            return Gate(
                "state", False, "the rule says `state: watch`: it plans and records, but does nothing"
            )
        case _:
            return Gate("state", True, "on")


def _held(case: Case) -> Gate:
    if case.held is not None:
        fix = f" ({case.held.fix})" if case.held.fix else ""
        return Gate("held", False, f"{case.held.what}{fix}")
    hold = case.hold
    if hold is None:
        return Gate("held", True, "nothing of the rule is held")
    told = f'since {at_time(case, hold.since)} because of "{hold.limit}"'
    way = f"`rowcall release {hold.rule}` or `rowcall drop {hold.rule}` decides"
    return Gate(
        "held",
        not case.is_held,
        f"{told}; {hold.count} {'row waits' if hold.count == 1 else 'rows wait'}, {way}",
    )


def _settle(case: Case) -> Gate:
    row = case.row
    if not case.settling or row is None or row.steady_since is None:
        return Gate("settle", True, "the row is not new" if row is None else "the row has settled")
    schema = case.given.snapshot.tables[case.rule.table].schema
    settle = schema.settle if schema.settle is not None else case.given.house.settle
    ready = (row.steady_since + settle).astimezone(case.given.house.zone)
    return Gate(
        "settle", False, f"the row is new; it acts once it has stayed the same until {ready:%H:%M:%S}"
    )


def _baseline(case: Case) -> Gate:
    episode = case.after
    if case.rule.schedule:
        return Gate("baseline", True, "a rule with a schedule has none")
    if case.rule.first_run is FirstRun.ACT and (episode is None or not episode.baseline):
        return Gate("baseline", True, "the rule says `first run: act on all`")
    if episode is None or not episode.baseline or episode.phase is not Phase.OPEN:
        return Gate("baseline", True, "the row did not matter yet when the rule first looked")
    found = f"it mattered already when the rule first looked ({at_time(case, episode.since)})"
    if case.rule.first_run is FirstRun.ASK and case.memory is not None and case.memory.asked:
        return Gate("baseline", False, f"{found}; `rowcall answer {case.rule.id} act` starts it")
    only = "only what hangs on its own dates" if case.has_dates_ahead else "nothing"
    return Gate("baseline", False, f"{found}, so {only} is done until it has stopped to matter once")


def _episode(case: Case) -> Gate:
    episode = case.after
    if episode is not None and episode.phase is Phase.OPEN:
        return _open_episode(case, episode)
    if episode is not None and episode.phase is Phase.ENDED:
        why = f": `again only when` {_told(case.again)}" if case.again else " yet"
        told = f"episode {episode.n} ended {at_time(case, episode.since)}; not armed again{why}"
        return Gate("episode", False, told)
    if episode is not None and episode.phase is Phase.ARMED and case.rule.once_per_row:
        return Gate("episode", False, f"episode {episode.n} is over, and the rule acts once per row")
    stop = result_of(case.stop) if case.stop else False
    if stop is not False:
        word = "is true" if stop else "is unknown"
        return Gate("episode", False, f"`stop when` {word}: {_told(case.stop)}")
    if episode is None or (episode.phase is Phase.PENDING and episode.n == 1):
        return Gate("episode", True, "the rule has not acted for this row yet")
    return Gate("episode", True, f"the last one (number {episode.n}) is over; it may start anew")


def _open_episode(case: Case, episode: Episode) -> Gate:
    number = f"episode {episode.n}"
    more = is_outstanding(case.rule, episode) or bool(case.firings) or bool(case.waiting)
    if episode.baseline:
        return Gate("episode", more, f"{number} was there at the first look")
    if case.before is None or case.before.n != episode.n or case.before.phase is not Phase.OPEN:
        return Gate("episode", True, f"{number} opens now")
    told = "with more to come" if more else "all of it is done; it acts again after it has ended"
    return Gate("episode", more, f"{number}, open since {at_time(case, episode.since)}, {told}")


def _for(case: Case) -> Gate:
    wait = case.rule.hold_for
    if wait is None:
        return Gate("for", True, "the rule has no `for`")
    episode = case.after
    if episode is None or episode.phase is not Phase.PENDING:
        opened = episode is not None and episode.phase is Phase.OPEN
        return Gate("for", opened or case.matches is not True, f"it must hold for {wait}")
    until = holds_until(case)
    told = "not counted while its clocks stand still" if until is None else f"until {at_time(case, until)}"
    since = at_time(case, episode.since)
    return Gate("for", False, f"true since {since}; it must hold for {wait}, {told}")


def _limit(case: Case) -> Gate:
    limits = [limit for limit in _limits(case) if limit.of is not LimitOf.PER_CUSTOMER]
    new = next((hold for hold in case.wanted.held if hold.rule == case.rule.id), None)
    if new is not None:
        return Gate("limit", False, f'{new.count} rows at once are more than "{new.limit}"')
    texts = ", ".join(f'"{limit.text}"' for limit in limits)
    return Gate("limit", True, f"within {texts}" if texts else "there is none")


def _limits(case: Case) -> tuple[Limit, ...]:
    own = [limit for limit in case.rule.limits if limit.of is not LimitOf.PER_CUSTOMER]
    customer = [limit for limit in case.rule.limits if limit.of is LimitOf.PER_CUSTOMER]
    return (*(own or case.given.house.limits), *customer)


def _budget(case: Case) -> Gate:
    limits = [
        limit for limit in (*case.rule.limits, *case.given.house.limits) if limit.of is LimitOf.PER_CUSTOMER
    ]
    if not limits:
        return Gate("budget", True, "there is none")
    texts = ", ".join(f'"{limit.text}"' for limit in limits)
    now = case.given.now
    budgets = Budgets(case.given.memory.mails, case.given.house.zone)
    for customer in dict.fromkeys(
        one.customer for firing in case.firings for one in firing.deliveries if one.customer
    ):
        free = budgets.earliest(customer, limits, now)
        if free > now:
            return Gate(
                "budget", False, f"{customer} has had {texts}; the next mail may go {at_time(case, free)}"
            )
    for one in case.ahead:
        start = one.delivery.send_after
        if one.delivery.customer and start is not None and start > _permitted(case, one.delivery):
            told = f"{one.delivery.customer} has had {texts}; the mail waits until {at_time(case, start)}"
            return Gate("budget", False, told)
    return Gate("budget", True, f"within {texts}")


def _permitted(case: Case, delivery: Delivery) -> datetime:
    """Return from when the windows alone would let a mail go."""
    return permitted_from(case.given, case.rule, case.given.now, urgent=delivery.urgent)


def _quiet_hours(case: Case) -> Gate:
    now = case.given.now
    urgent = all(
        one.urgent for firing in case.firings for one in firing.deliveries if one.lane == "mail"
    ) and any(one.lane == "mail" for firing in case.firings for one in firing.deliveries)
    start = permitted_from(case.given, case.rule, now, urgent=urgent)
    name = "the rule's `send only`" if case.rule.send_only else "the quiet hours"
    if start <= now:
        return Gate("quiet hours", True, "mails may go out now")
    waits = any(one.state is not DeliveryState.HELD for one in case.waiting) or bool(case.firings)
    told = "its mails wait" if waits else "mails wait"
    return Gate("quiet hours", False, f"{told} until {at_time(case, start)}, because of {name}")


def _digest(case: Case) -> Iterator[Gate]:
    """Tell of a digest only where the row waits for one: most rules have none."""
    planned = [one for firing in case.firings for one in firing.deliveries if one.lane == COLLECTING]
    lines = [one.delivery for one in case.waiting if one.delivery.lane == COLLECTING] or planned
    labels = [one.send_after for one in lines if one.send_after is not None]
    if labels:
        label = at_time(case, min(labels))
        yield Gate("digest", False, f"waits for the digest of {label[-5:]} ({label[:10]})")


def _told(lines: tuple[LineResult, ...]) -> str:
    return "; ".join(
        f"{line_text(line)} {MARKS[line.result]} ({line_value(line)})"
        if line_value(line)
        else line_text(line)
        for line in lines
    )
