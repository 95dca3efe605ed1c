"""What came of an effect: how do an action's results and exceptions end its deliveries?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from rowcall.episode import Delivery, Ending
from rowcall.errors import DeliveryError, DeliveryUncertain, TemplateError, WorkbookBusy, WorkbookError
from rowcall.outbox.pace import Pace
from rowcall.store import Claimed, Desk, LostPayload, Outcome
from rowcall.tools import Result, Tools

Deliver = Callable[[Sequence[Delivery], Tools], Sequence[Result]]
"""An action's `deliver`: makes the effects of deliveries of one kind and lane; one result each, in order."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of one call of an action.

    failure: why the lane as a whole did not work, "" = it worked. alone: these must be tried one by one, because
    one of them spoils the call for the others.
    """

    outcomes: tuple[Outcome, ...]
    failure: str = ""
    alone: frozenset[str] = frozenset()


def make_effect(
    claims: Sequence[Claimed], leaves: Mapping[str, Deliver], tools: Tools, pace: Pace, desk: Desk
) -> Effect:
    """Call the action of these deliveries, all of one kind, and judge what came of it; raises nothing of it."""
    kind, payload = claims[0].delivery.kind, claims[0].delivery.payload
    if isinstance(payload, LostPayload):
        return _all(claims, Outcome(Ending.DEAD, payload.why))
    if kind not in leaves:
        return _all(claims, Outcome(Ending.DEAD, f'there is no action "{kind}" any more'))
    try:
        results = leaves[kind]([claimed.delivery for claimed in claims], tools)
    except (DeliveryError, WorkbookError, TemplateError) as error:
        return _refused(claims, error, pace, tools.now)
    except Exception as error:  # noqa: BLE001 - an action's bug ends in a retry and a traceback, never in silence
        return _crashed(claims, error, pace, tools.now, desk)
    if len(results) != len(claims):
        wrong = ValueError(f"{kind} gave {len(results)} results for {len(claims)} deliveries")
        return _crashed(claims, wrong, pace, tools.now, desk)
    return _judged(claims, results, pace, tools.now)


def _all(claims: Sequence[Claimed], outcome: Outcome, failure: str = "") -> Effect:
    return Effect((outcome,) * len(claims), failure)


def _judged(claims: Sequence[Claimed], results: Sequence[Result], pace: Pace, now: datetime) -> Effect:
    outcomes = tuple(
        Outcome(result.ending, result.detail, result.cells, pace.next_try(now, claimed.tries + 1))
        for claimed, result in zip(claims, results, strict=True)
    )
    # An action that answers for each delivery has reached its lane: only an exception speaks against the lane.
    return Effect(outcomes)


def _refused(
    claims: Sequence[Claimed], error: DeliveryError | WorkbookError | TemplateError, pace: Pace, now: datetime
) -> Effect:
    text = _in_words(error)
    if isinstance(error, TemplateError) or error.permanent:
        return _one_by_one(claims, text, now) or _all(claims, Outcome(Ending.DEAD, text))
    # One draw for the whole call: cells that wait for one file are written in one go again.
    tries = min(claimed.tries for claimed in claims) + 1
    again = pace.next_try(now, tries, busy=isinstance(error, WorkbookBusy))
    ending = Ending.UNCERTAIN if isinstance(error, DeliveryUncertain) else Ending.RETRY
    return _all(claims, Outcome(ending, text, (), again), text)


def _in_words(error: DeliveryError | WorkbookError | TemplateError) -> str:
    """Return what went wrong with its remedy: it is told to the responsible person and shown in the outbox."""
    fix = "" if isinstance(error, TemplateError) else error.fix
    return f"{error} ({fix})" if fix else str(error)


def _crashed(claims: Sequence[Claimed], error: Exception, pace: Pace, now: datetime, desk: Desk) -> Effect:
    text = f"crashed: {type(error).__name__}: {error}"
    ids = [claimed.delivery.id for claimed in claims]
    _log.error("action crashed", kind=claims[0].delivery.kind, deliveries=ids, exc_info=error)
    if single := _one_by_one(claims, text, now):
        return single
    claimed = claims[0]
    same = desk.same_endings(claimed.delivery.id, text)
    return _all(claims, Outcome(Ending.RETRY, text, (), pace.after_crash(now, claimed.tries + 1, same)))


def _one_by_one(claims: Sequence[Claimed], text: str, now: datetime) -> Effect | None:
    """Return an effect that tries each alone at once, when there are several; else None."""
    if len(claims) == 1:
        return None
    again = Outcome(Ending.RETRY, f"{text} (tried again one by one)", (), now)
    return Effect((again,) * len(claims), alone=frozenset(claimed.delivery.id for claimed in claims))
