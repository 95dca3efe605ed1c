"""When may each mail of this tick go out?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rowcall.duration import add
from rowcall.episode import Delivery, DeliveryState, Firing
from rowcall.language.rule import LimitOf, Rule, Window
from rowcall.plan.inputs import EXPIRES_AFTER, TickInput
from rowcall.plan.limits import Budgets
from rowcall.plan.rule_view import RuleStep
from rowcall.plan.windows import next_permitted


def time_mails(given: TickInput, steps: Iterable[RuleStep]) -> None:
    """Give every mail its earliest moment: the rule's window, quiet hours, and the customer's budget.

    A rule with `otherwise: drop` loses what misses its window: such a delivery is cancelled from the start.
    """
    budgets = Budgets(given.memory.mails, given.house.zone)
    for step in steps:
        step.firings = [_timed(given, step, firing, budgets) for firing in step.firings]


def permitted_from(given: TickInput, rule: Rule | None, moment: datetime, *, urgent: bool) -> datetime:
    """Return the first moment from `moment` on at which a mail of the rule may go out."""
    if urgent:
        return moment
    window = rule.send_only if rule else None
    return next_permitted(moment, window, _quiet(given, window), given.house.zone)


def _timed(given: TickInput, step: RuleStep, firing: Firing, budgets: Budgets) -> Firing:
    deliveries = tuple(
        _mail(given, step, firing, one, budgets) if one.lane == "mail" else one for one in firing.deliveries
    )
    return replace(firing, deliveries=deliveries)


def _mail(given: TickInput, step: RuleStep, firing: Firing, one: Delivery, budgets: Budgets) -> Delivery:
    rule, now = step.rule, given.now
    start = permitted_from(given, rule, now, urgent=one.urgent)
    if start > now and rule.send_only is not None and rule.send_only.drop:
        return replace(one, state=DeliveryState.CANCELLED)
    if one.customer:
        if not _follows_up(step, firing):
            limits = [
                limit for limit in (*rule.limits, *given.house.limits) if limit.of is LimitOf.PER_CUSTOMER
            ]
            start = budgets.earliest(one.customer, limits, start)
            start = permitted_from(given, rule, start, urgent=one.urgent)
        budgets.count(one.customer, rule.id, start)
    if one.state is DeliveryState.HELD:
        return replace(one, send_after=start if start > now else None)
    expires = add(start, rule.expires_after or EXPIRES_AFTER, given.house.zone)
    return replace(one, send_after=start if start > now else None, expires_at=expires)


def _follows_up(step: RuleStep, firing: Firing) -> bool:
    """Say whether the firing continues an episode that has acted: its mails count but are never delayed."""
    episode = step.known.get(firing.key)
    return episode is not None and episode.n == firing.n and any(one.fired for one in episode.progress)


def _quiet(given: TickInput, window: Window | None) -> Window | None:
    """Return the shop's quiet hours; a rule's own window stands instead of them."""
    return None if window is not None else given.house.quiet
