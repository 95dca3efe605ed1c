"""Which moment do `now` and `today` mean in a write that waits for a mail: that at which the mail goes out.

A mail may wait for days, for a customer's budget, quiet hours or its digest. What is written behind it, such as
`Asked on: today`, is planned with the moment at which the mail may go; where that moves, the words of the write are
brought up to it as long as the mail has not been tried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from rowcall.cells import format_cell
from rowcall.episode import COLLECTING, Delivery, DeliveryState
from rowcall.memory import NewPayload
from rowcall.plan.holds import RELEASE
from rowcall.plan.inputs import TickInput
from rowcall.plan.rule_view import RuleStep
from rowcall.scene import NOW, Say, fit
from rowcall.table import CellValue

_MAILS = frozenset({"mail", COLLECTING})
_RESTS = frozenset({DeliveryState.READY, DeliveryState.WAITING})


def foresee_writes(given: TickInput, steps: Iterable[RuleStep]) -> None:
    """Let the writes that are planned now say when the mails before them may go, where that is later."""
    steps = list(steps)
    known = _open(given)
    known |= {one.id: one for step in steps for firing in step.firings for one in firing.deliveries}
    for step in steps:
        step.firings = [
            replace(firing, deliveries=tuple(_foreseen(given, known, one) for one in firing.deliveries))
            for firing in step.firings
        ]


def bring_up_writes(given: TickInput) -> tuple[NewPayload, ...]:
    """Return the writes whose mail goes out at another moment than they say."""
    known = _open(given)
    found = []
    for one in known.values():
        moment = _goes_at(given, known, one) if one.after and one.state is DeliveryState.WAITING else None
        payload = None if moment is None else _retimed(given, one, moment)
        if payload is not None and payload != one.payload:
            found.append(NewPayload(one.id, payload))
    return tuple(found)


def _open(given: TickInput) -> dict[str, Delivery]:
    """Return what is on its way; what a person has just let go goes out after this tick."""
    let_go = {hold.id for hold in given.memory.holds.values() if hold.decision == RELEASE}
    known = {}
    for one in given.memory.open_deliveries.values():
        is_free = one.state is DeliveryState.HELD and one.delivery.hold in let_go
        known[one.id] = replace(one.delivery, state=DeliveryState.WAITING if is_free else one.state)
    return known


def _foreseen(given: TickInput, known: Mapping[str, Delivery], one: Delivery) -> Delivery:
    moment = _goes_at(given, known, one) if one.after else None
    if moment is None or moment <= given.now:
        return one
    payload = _retimed(given, one, moment)
    return one if payload is None else replace(one, payload=payload)


def _goes_at(given: TickInput, known: Mapping[str, Delivery], one: Delivery) -> datetime | None:
    """Return when a delivery has its turn as far as mails decide it; None if it waits for none, or for a person."""
    before = [known[name] for name in one.after if name in known]
    if not before:
        if one.lane not in _MAILS or one.state not in _RESTS:
            return None
        return max(one.send_after or given.now, given.now)
    moments = [_goes_at(given, known, each) for each in before]
    sure = [each for each in moments if each is not None]
    return max(sure) if len(sure) == len(moments) else None


def _retimed(given: TickInput, one: Delivery, moment: datetime) -> object | None:
    kind = given.house.actions.get(one.kind)
    if kind is None or kind.retime is None:
        return None
    return kind.retime(one.payload, _say(given, moment))


def _say(given: TickInput, moment: datetime) -> Say:
    house = given.house

    def say(table: str, column: str, word: str, seen: str) -> tuple[CellValue, str]:
        column_of = house.schemas[table].column(column)
        value = moment if word == NOW else moment.astimezone(house.zone).date()
        fitted = fit(value, column_of, house.zone)
        return fitted, format_cell(column_of, fitted, language=house.language, zone=house.zone, like=seen)

    return say
