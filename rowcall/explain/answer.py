"""What is the answer to "why" and "why not" for one rule and one row?

A pure function over what a tick would look at: rules × snapshot × memory × now. It runs the same plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rowcall.episode import BUNDLED, COLLECTING, Delivery, DeliveryState, Firing, Phase
from rowcall.errors import Place, UsageError
from rowcall.evaluate.lines import LineResult
from rowcall.explain.case import Case, gather
from rowcall.explain.gate import Gate
from rowcall.explain.gates import at_time, gates_of, line_text, line_value
from rowcall.explain.time_gates import holds_until, stands_still
from rowcall.language.near import did_you_mean
from rowcall.language.rule import Rule, State
from rowcall.plan import TickInput
from rowcall.plan.labels import next_of_rule
from rowcall.preview import Json, moment_json, shown_payload
from rowcall.store import Listed


@dataclass(frozen=True, slots=True)
class Done:
    """One delivery that was planned for the row, and how it stands; id "": the entry had nothing to do."""

    at: datetime
    entry: str
    occurrence: int
    id: str = ""
    what: str = ""
    state: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next; at: None when no clock decides it."""

    at: datetime | None
    what: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, or why not. conditions: the lines of `when` with what they saw."""

    rule: str
    key: str
    outcome: str
    conditions: tuple[LineResult, ...]
    gates: tuple[Gate, ...]
    done: tuple[Done, ...]
    next: Next | None


def explain(
    given: TickInput,
    rule: Rule,
    key: str,
    history: Sequence[Firing] = (),
    listed: Mapping[str, Listed] | None = None,
) -> Explanation:
    """Return the answer for one row.

    history: what the rule has done about it. listed: those deliveries by id, as the outbox lists them.
    Raises UsageError when neither the table nor the memory knows the row.
    """
    case = gather(given, rule, key)
    known = listed or {}
    if not case.there and case.before is None and not history and case.held is None:
        _refuse_stranger(case)
    return Explanation(
        rule=rule.id,
        key=key,
        outcome=_outcome(case, known),
        conditions=case.when,
        gates=gates_of(case),
        done=tuple(_done(case, history, known)),
        next=_next(case, known),
    )


def explanation_json(found: Explanation, zone: ZoneInfo) -> Json:
    """Return the answer as `explain` prints it."""
    return {
        "rule": found.rule,
        "key": found.key,
        "outcome": found.outcome,
        "conditions": [
            {
                "place": str(line.place),
                "text": line_text(line),
                "value": line_value(line),
                "result": line.result,
            }
            for line in found.conditions
        ],
        "gates": [{"gate": gate.gate, "open": gate.open, "detail": gate.detail} for gate in found.gates],
        "done": [
            {
                "at": moment_json(one.at, zone),
                "entry": one.entry,
                "occurrence": one.occurrence,
                "delivery": one.id or None,
                "what": one.what,
                "state": one.state or None,
                "detail": one.detail,
            }
            for one in found.done
        ],
        "next": None
        if found.next is None
        else {"at": moment_json(found.next.at, zone), "what": found.next.what},
    }


def _refuse_stranger(case: Case) -> None:
    name = case.rule.table
    table = case.given.snapshot.tables.get(name)
    aside = next((one for one in table.problems if one.place.key == case.key), None) if table else None
    if case.row is not None or aside is not None:
        return
    keys = [str(key) for key in table.keys] if table else []
    near = did_you_mean(case.key, keys)
    hint = f' (did you mean "{near}"?)' if near else ""
    raise UsageError(f'{name} has no row "{case.key}"{hint}')


def _outcome(case: Case, listed: Mapping[str, Listed]) -> str:
    """Return the answer in one sentence: the first reason that decides."""
    if case.state is State.OFF:
        return "Nothing happens: the rule is off."
    if case.held is not None:
        return f"The rule waits: {case.held.what}"
    if not case.there:
        return _why_absent(case)
    if case.firings:
        return _acting(case)
    failed = next(
        (one.what for one in case.wanted.problems if _is_mine(case, one.place.file, one.place.key)), ""
    )
    if failed:
        return f"It should act, but can't: {failed}"
    return _resting(case, listed)


def _why_absent(case: Case) -> str:
    table = case.given.snapshot.tables[case.rule.table]
    aside = next((one for one in table.problems if one.place.key == case.key), None)
    if aside is not None:
        return f"The row is set aside: {aside.what}"
    since = case.row.missing_since if case.row is not None else None
    when = f" since {at_time(case, since)}" if since is not None else ""
    return f"The row is not in {case.rule.table} any more{when}."


def _acting(case: Case) -> str:
    entries = ", ".join(dict.fromkeys(firing.entry.partition("#")[0] for firing in case.firings))
    if case.state is State.WATCH:
        return f"It would act now ({entries}), but the rule only watches."
    if not any(firing.deliveries for firing in case.firings):
        why = next(
            (one.what for one in case.wanted.problems if _is_of_row(case, one.place)),
            "there is nothing to do",
        )
        return f"It matters ({entries}), but {why}."
    if case.is_held:
        return f"It matters ({entries}), but what it does waits for a person."
    return f"It acts at the next look: {entries}."


def _resting(case: Case, listed: Mapping[str, Listed]) -> str:
    episode = case.after
    match episode.phase if episode is not None else None:
        case Phase.OPEN if episode is not None and episode.baseline:
            only = (
                "only what hangs on its own dates is to come"
                if case.has_dates_ahead
                else "nothing is done about it"
            )
            return f"It matters, but it did so already when the rule first looked; {only}."
        case Phase.OPEN:
            ahead = _next(case, listed)
            return "It matters and has been acted on" + (
                "; more is to come." if ahead else "; nothing more is to come."
            )
        case Phase.PENDING:
            return "It matters, but not yet for as long as `for` asks."
        case Phase.ENDED if case.matches is True:
            return "It matters, but was acted on before and has not been armed again."
        case _:
            return _not_opened(case)


def _not_opened(case: Case) -> str:
    matches = case.matches
    if matches is not True:
        wanted: bool | None = False if matches is False else None
        decides = next((line for line in case.when if line.result is wanted and line.depth == 0), None)
        told = f": {line_text(decides)} ({line_value(decides) or 'see below'})" if decides is not None else ""
        word = (
            "It does not matter"
            if matches is False
            else "It is unknown whether it matters, so nothing is done"
        )
        return f"{word}{told}."
    shut = next((one for one in gates_of(case) if not one.open and one.gate != "schedule"), None)
    if shut is not None:
        return f"It matters, but {shut.gate} keeps it back: {shut.detail}."
    if case.rule.schedule:
        word = "It matters; the" if case.rule.table else "The"
        return f"{word} rule acts at the next time of its schedule."
    return "It matters; the rule looks at it again when something changes."


def _is_of_row(case: Case, place: Place) -> bool:
    return (place.table, place.key) == (case.rule.table, case.key)


def _is_mine(case: Case, file: str, key: str) -> bool:
    return key == case.key and file == case.rule.place.file


def _done(case: Case, history: Sequence[Firing], listed: Mapping[str, Listed]) -> Iterator[Done]:
    for firing in history:
        if not firing.deliveries:
            yield Done(firing.at, firing.entry, firing.occurrence, what="nothing to do")
        for one in firing.deliveries:
            yield Done(
                firing.at,
                firing.entry,
                firing.occurrence,
                one.id,
                what_of(case, one),
                one.state.value,
                listed[one.id].reason if one.id in listed else "",
            )


def what_of(case: Case, delivery: Delivery) -> str:
    """Return what a delivery does, in one line."""
    match shown_payload(delivery, case.given.house.actions):
        case {"to": str(to), "subject": str(subject)}:
            way = "digest" if delivery.lane in (COLLECTING, BUNDLED) else "mail"
            return f'{way} to {to}: "{subject}"'
        case {"table": str(table), "key": str(key), "cells": dict(cells)}:
            return f"set {table} {key}: " + ", ".join(
                f"{name} → {cell['to']}" for name, cell in cells.items()
            )
        case {"table": str(table), "values": dict()}:
            return f"add a row to {table}"
        case shown:
            return str(shown.get("action", delivery.kind))


def _next(case: Case, listed: Mapping[str, Listed]) -> Next | None:
    """Return what comes next and when, as far as a clock decides it."""
    if case.firings and case.state is not State.WATCH:
        first = [one for firing in case.firings for one in firing.deliveries]
        what = "; ".join(what_of(case, one) for one in first) or "nothing to do"
        if case.is_held:
            return Next(None, f"once a person lets it go: {what}")
        later = [one.send_after for one in first if one.send_after is not None]
        return Next(min(later) if len(later) == len(first) and later else case.given.now, what)
    if case.settling and case.matches is True:
        return Next(None, "once the row has settled")
    return _sooner(_next_of_episode(case, listed), _next_label(case))


def _next_label(case: Case) -> Next | None:
    """Return when the rule's schedule strikes next: every label is a fresh occasion."""
    house = case.given.house
    label = next_of_rule(case.rule, case.given.now, house.zone, house.calendars)
    return None if label is None or case.state is State.OFF else Next(label, "the next time of its schedule")


def _sooner(one: Next | None, other: Next | None) -> Next | None:
    if one is None or other is None:
        return one or other
    return one if one.at is None or other.at is None or one.at <= other.at else other


def _next_of_episode(case: Case, listed: Mapping[str, Listed]) -> Next | None:
    episode = case.after
    if episode is None or case.state is State.OFF:
        return None
    if episode.phase is Phase.PENDING and case.rule.hold_for is not None:
        ready = holds_until(case)
        return Next(ready, "it acts, if it still matters" if ready else "once its clocks run again")
    return _next_of_open(case, listed)


def _next_of_open(case: Case, listed: Mapping[str, Listed]) -> Next | None:
    waiting = [
        (_due_at(case, one.delivery, listed), what_of(case, one.delivery))
        for one in case.ahead
        if one.state is not DeliveryState.HELD
    ]
    held = [what_of(case, one.delivery) for one in case.ahead if one.state is DeliveryState.HELD]
    episode = case.after
    timed = [
        (one.waits_until, one.entry.partition("#")[0])
        for one in (episode.progress if episode is not None and episode.phase is Phase.OPEN else ())
        if one.waits_until is not None
    ]
    if waiting or timed:
        at, what = min([*waiting, *timed])
        return Next(at, what)
    if held:
        return Next(None, f"once a person lets it go: {held[0]}")
    return Next(None, "once its clocks run again") if stands_still(case) else None


def _due_at(case: Case, delivery: Delivery, listed: Mapping[str, Listed]) -> datetime:
    due = listed[delivery.id].due_at if delivery.id in listed else delivery.send_after
    return max(due or case.given.now, case.given.now)
