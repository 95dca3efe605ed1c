"""Which firings wait for a person because there are too many, and what happens once the person has decided?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from rowcall.duration import add
from rowcall.episode import COLLECTING, DeliveryState, EffectKey, Firing
from rowcall.language.rule import LimitOf
from rowcall.mailing import Payload
from rowcall.memory import Hold, Memory, OpenDelivery, StateChange
from rowcall.plan.inputs import EXPIRES_AFTER, TickInput
from rowcall.plan.limits import Load, exceeded
from rowcall.plan.loops import note_wakes
from rowcall.plan.rule_view import RuleStep

RELEASE = "release"
DROP = "drop"


@dataclass(frozen=True, slots=True)
class Held:
    """The holds after one tick: those that are open, those that just began, and what the decided ones change."""

    open: tuple[Hold, ...] = ()
    begun: tuple[tuple[Hold, tuple[Firing, ...]], ...] = ()
    closed: tuple[str, ...] = ()
    states: tuple[StateChange, ...] = ()


def hold_back(steps: Iterable[RuleStep], given: TickInput) -> Held:
    """Put the firings of every rule that passes a limit, or is held already, into its hold."""
    memory, now = given.memory, given.now
    holds = {hold.rule: hold for hold in memory.holds.values() if not hold.decision}
    begun = []
    for step in steps:
        if not step.firings:
            continue
        hold = holds.get(step.rule.id)
        if hold is None:
            text = note_wakes(step, given) or _limit_text(step, given)
            if not text:
                continue
            hold = Hold(_hold_id(step, now), step.rule.id, text, now, 0)
            begun.append((hold, tuple(step.firings)))
        holds[step.rule.id] = replace(hold, count=hold.count + len(step.firings))
        step.firings = [_held(firing, hold.id) for firing in step.firings]
    known = memory.holds
    changed = tuple(hold for hold in holds.values() if known.get(hold.id) != hold)
    return Held(open=changed, begun=tuple((holds[hold.rule], firings) for hold, firings in begun))


def decide(
    memory: Memory, still_matters: Mapping[tuple[str, str], bool | None], now: datetime, zone: ZoneInfo
) -> Held:
    """Carry out what people said: a release lets go what still matters, a drop cancels everything.

    still_matters: (rule, key) → `when` as it is now; unknown is not released, it stays held.
    """
    states: list[StateChange] = []
    closed = []
    for hold in memory.holds.values():
        if not hold.decision:
            continue
        waiting = [one for one in memory.open_deliveries.values() if one.delivery.hold == hold.id]
        if hold.decision == DROP:
            states += [StateChange(one.id, DeliveryState.CANCELLED, "dropped by a person") for one in waiting]
        else:
            states += [_released(one, still_matters, now, zone) for one in waiting]
        closed.append(hold.id)
    return Held(closed=tuple(closed), states=tuple(states))


def _limit_text(step: RuleStep, given: TickInput) -> str:
    mails = sum(delivery.lane == "mail" for firing in step.firings for delivery in firing.deliveries)
    rows = len({firing.key for firing in step.firings if firing.key})
    load = Load(rows, step.table_rows, mails)
    sent = [mail for mail in given.memory.mails if mail.rule == step.rule.id]
    own = [limit for limit in step.rule.limits if limit.of is not LimitOf.PER_CUSTOMER]
    passed = exceeded(own or given.house.limits, load, sent, given.now, given.house.zone)
    return passed.text if passed else ""


def _held(firing: Firing, hold: str) -> Firing:
    deliveries = tuple(
        replace(one, state=DeliveryState.HELD, hold=hold, expires_at=None) for one in firing.deliveries
    )
    return replace(firing, deliveries=deliveries)


def _released(
    one: OpenDelivery, still_matters: Mapping[tuple[str, str], bool | None], now: datetime, zone: ZoneInfo
) -> StateChange:
    effect, payload = one.delivery.effect, one.delivery.payload
    is_bundle = isinstance(payload, Payload) and bool(payload.keys)
    if not is_bundle and not still_matters.get((effect.rule, effect.key)):
        return StateChange(one.id, DeliveryState.CANCELLED, "released, but the row no longer matters")
    waits = bool(one.delivery.after) or one.delivery.lane == COLLECTING
    state = DeliveryState.WAITING if waits else DeliveryState.READY
    expires = add(now, EXPIRES_AFTER, zone) if one.delivery.lane == "mail" else None
    return StateChange(one.id, state, "released by a person", expires)


def _hold_id(step: RuleStep, now: datetime) -> str:
    return EffectKey(step.rule.id, "", 0, "hold", "hold", now.isoformat()).id
