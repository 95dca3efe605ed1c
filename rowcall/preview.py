"""What would happen, or has happened, as plain values: the JSON of `preview`, `run` and of a back-test's steps?

The one place of these shapes; docs/reference/json holds a schema of each.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rowcall.episode import BUNDLED, COLLECTING, Delivery, DeliveryState, Firing
from rowcall.errors import Problem
from rowcall.kinds import ActionKind
from rowcall.memory import Hold, Plan

Json = dict[str, object]
NOTICE = "notice:"
"""The beginning of the entry of a mail by which Rowcall itself tells the responsible person something."""


def plan_json(plan: Plan, actions: Mapping[str, ActionKind], zone: ZoneInfo) -> Json:
    """Return a plan as `preview` prints it; notices to responsible people stand among the firings."""
    return {
        "at": moment_json(plan.at, zone),
        "firings": [firing_json(firing, actions, zone) for firing in (*plan.firings, *plan.notices)],
        "baseline": [
            {"rule": rule, "count": len(keys), "keys": list(keys)} for rule, keys in plan.baseline.items()
        ],
        "held": [hold_json(hold) for hold in plan.held],
        "problems": [problem_json(problem) for problem in plan.problems],
    }


def firing_json(firing: Firing, actions: Mapping[str, ActionKind], zone: ZoneInfo) -> Json:
    """Return one firing; what will never be done (a rule on `watch`, a missed window) is not among its deliveries."""
    return {
        "rule": firing.rule or None,
        "table": firing.table or None,
        "key": (firing.key or None) if firing.table else None,
        "episode": firing.n,
        "entry": firing.entry,
        "because": dict(firing.because),
        "deliveries": [
            delivery_json(one, firing, actions, zone)
            for one in firing.deliveries
            if one.state is not DeliveryState.CANCELLED
        ],
    }


def delivery_json(
    delivery: Delivery, firing: Firing, actions: Mapping[str, ActionKind], zone: ZoneInfo
) -> Json:
    """Return one delivery: a mail with its words, cells from → to, or the values of a new row."""
    shown: Json = {"id": delivery.id, **shown_payload(delivery, actions)}
    if delivery.lane in ("mail", COLLECTING, BUNDLED):
        shown["send_after"] = moment_json(delivery.send_after, zone)
        shown.setdefault("keys", [firing.key] if firing.table and firing.key else [])
    return shown


def shown_payload(delivery: Delivery, actions: Mapping[str, ActionKind]) -> Mapping[str, object]:
    """Return what a delivery sends or writes, as its action shows it."""
    kind = actions.get(delivery.kind)
    if kind is None or not isinstance(delivery.payload, kind.payload):
        return {"action": delivery.kind}
    return kind.show(delivery.payload)


def hold_json(hold: Hold) -> Json:
    """Return what waits for a person."""
    return {"id": hold.id, "rule": hold.rule, "count": hold.count, "limit": hold.limit}


def problem_json(problem: Problem) -> Json:
    """Return a problem as where, what and fix."""
    fix = problem.suggestion or problem.fix
    return {"where": str(problem.place), "what": problem.what, "fix": fix}


def moment_json(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """Return a moment in the shop's time, to the second, with its offset."""
    return None if moment is None else moment.astimezone(zone).isoformat(timespec="seconds")


def only_rule(plan: Plan, rule: str, tables: Iterable[str]) -> Plan:
    """Return the part of a plan that one rule has in it; tables: those that it reads."""
    theirs = frozenset(tables)
    return Plan(
        at=plan.at,
        firings=tuple(firing for firing in plan.firings if firing.rule == rule),
        notices=tuple(notice for notice in plan.notices if notice.rule == rule),
        baseline={one: keys for one, keys in plan.baseline.items() if one == rule},
        held=tuple(hold for hold in plan.held if hold.rule == rule),
        problems=tuple(problem for problem in plan.problems if _concerns(problem, rule, theirs)),
    )


def _concerns(problem: Problem, rule: str, tables: frozenset[str]) -> bool:
    place = problem.place
    return place.file == f"rules/{rule}.yaml" if place.file else place.table in tables
