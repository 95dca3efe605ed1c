"""What must the responsible person be told, once for each occasion?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcall.actions.email import tell_payload
from rowcall.episode import Delivery, EffectKey, Ending, Firing, firing_id
from rowcall.errors import Problem
from rowcall.language.rule import Rule
from rowcall.memory import Hold, StateChange
from rowcall.message import message_id
from rowcall.plan.holds import Held
from rowcall.plan.inputs import TickInput
from rowcall.plan.labels import Struck, missed_problem
from rowcall.plan.needs import tables_needed
from rowcall.plan.notice_words import word_notice
from rowcall.plan.rows import RowLife
from rowcall.plan.rule_view import RuleStep
from rowcall.scene import Surroundings, responsible_addresses

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing to tell.

    kind: names its wording. about: makes it this one and no other, so that it is told once. values: fill the wording.
    """

    rule: Rule | None
    kind: str
    about: str
    values: Mapping[str, object]
    rows: tuple[tuple[str, str], ...] = ()


def tell(given: TickInput, around: Surroundings, occasions: Iterable[Occasion]) -> tuple[Firing, ...]:
    """Return the mails that tell the responsible people."""
    return tuple(firing for one in occasions if (firing := _firing(given, around, one)) is not None)


def gather_notices(
    given: TickInput,
    steps: Sequence[RuleStep],
    held: Held,
    clashes: Sequence[Problem],
    lives: Mapping[str, RowLife],
    cancelled: Sequence[StateChange] = (),
    waiting: Mapping[str, Problem] | None = None,
) -> Iterable[Occasion]:
    """Return everything that this tick has to tell.

    cancelled: writes that come too late for a deleted row. waiting: rule → why it can't be asked now.
    """
    rules = {rule.id: rule for rule in given.rules}
    yield from (first_sight(step) for step in steps if step.asks)
    yield from (too_many(rules[hold.rule], hold, firings) for hold, firings in held.begun)
    yield from (conflict(problem) for problem in clashes)
    for table, problem in given.snapshot.broken.items():
        stopped = [rule for rule in given.rules if table in tables_needed(rule, given)]
        known = given.memory.tables.get(table)
        # A workbook that is being saved can't be read for a moment: told only if the look before saw it as well.
        if stopped and known is not None and known.broken:
            yield broken_table(given, table, problem, stopped)
    yield from held_by_columns(given, waiting or {})
    for table, life in lives.items():
        if life.shrunk and life.table.shrunk_since is not None:
            yield shrunk(table, len(life.missing), life.table.shrunk_since)
    for step in steps:
        yield from failed_entries(step)
        if step.missed is not None:
            yield missed_labels(step, step.missed, given)
    yield from lost_and_dead(given)
    for change in cancelled:
        one = given.memory.open_deliveries[change.delivery]
        yield lost(given, one.delivery.effect, change.delivery, change.reason)


def first_sight(step: RuleStep) -> Occasion:
    """Ask what shall happen with rows that were there before the rule."""
    values = {**_about_rule(step.rule), "count": len(step.baseline)}
    rows = tuple((key, "") for key in step.baseline[:SAMPLES])
    return Occasion(step.rule, "first-run", step.rule.version, values, rows)


def too_many(rule: Rule, hold: Hold, firings: Sequence[Firing]) -> Occasion:
    """Ask what shall happen with more than a limit allows."""
    values = {**_about_rule(rule), "count": hold.count, "limit": hold.limit}
    rows = tuple((firing.key, _sample(firing)) for firing in firings[:SAMPLES])
    return Occasion(rule, "hold", hold.id, values, rows)


def held_by_columns(given: TickInput, waiting: Mapping[str, Problem]) -> Iterable[Occasion]:
    """Tell which columns are missing in tables that can be read, and which rules wait for them."""
    groups: dict[Problem, list[Rule]] = {}
    for rule in given.rules:
        problem = waiting.get(rule.id)
        if problem is not None and problem.place.header and problem.place.table not in given.snapshot.broken:
            groups.setdefault(problem, []).append(rule)
    for problem, rules in groups.items():
        yield broken_table(given, problem.place.table, problem, rules)


def broken_table(given: TickInput, table: str, problem: Problem, rules: Sequence[Rule]) -> Occasion:
    """Tell that a table can't be used, and which rules wait for it: once until one of them could look again."""
    titles = ", ".join(f'"{rule.title}"' for rule in rules)
    looks = [known.looked_at for rule in rules if (known := given.memory.rules.get(rule.id)) is not None]
    last = max((look for look in looks if look is not None), default=None)
    return Occasion(
        None,
        "table",
        f"{table}\n{problem.what}\n{last.isoformat() if last else ''}",
        {**_about_problem(problem), "table": table, "titles": titles},
    )


def conflict(problem: Problem) -> Occasion:
    """Tell that two rules want different values in one cell."""
    return Occasion(None, "conflict", str(problem), _about_problem(problem))


def shrunk(table: str, missing: int, since: datetime) -> Occasion:
    """Tell that more than half of a table's rows are gone."""
    return Occasion(None, "shrunk", f"{table}\n{since.isoformat()}", {"table": table, "count": missing})


def missed_labels(step: RuleStep, struck: Struck, given: TickInput) -> Occasion:
    """Tell that runs of a schedule were missed: once a day at most, however often it strikes."""
    problem = missed_problem(step.rule, struck, given)
    last = struck.last.astimezone(given.house.zone).date() if struck.last else None
    values = {**_about_rule(step.rule), "what": problem.what if problem else ""}
    return Occasion(step.rule, "missed", f"{step.rule.id}\n{last}", values)


def failed_entries(step: RuleStep) -> Iterable[Occasion]:
    """Tell that the words of an entry can't be made, once for each text of the rule."""
    for entry, reason in {entry.id: (entry, why) for entry, why in step.failed}.values():
        about = f"{step.rule.version}\n{entry.id}\n{reason}"
        yield Occasion(step.rule, "words", about, {**_about_rule(step.rule), "what": reason})


def lost_and_dead(given: TickInput) -> Iterable[Occasion]:
    """Tell of deliveries that will never happen: refused for good, or because a person was faster."""
    for receipt in given.memory.receipts:
        effect = receipt.effect
        if effect.entry.startswith("notice:") or receipt.ending not in (Ending.DEAD, Ending.LOST):
            continue
        yield lost(given, effect, receipt.delivery, receipt.detail, dead=receipt.ending is Ending.DEAD)


def lost(given: TickInput, effect: EffectKey, delivery: str, why: str, *, dead: bool = False) -> Occasion:
    """Tell of one delivery that will never happen."""
    rule = next((one for one in given.rules if one.id == effect.rule), None)
    title = rule.title if rule else effect.rule
    values = {"title": title, "key": effect.key, "what": why, "delivery": delivery}
    return Occasion(rule, "dead" if dead else "lost", delivery, values)


def _firing(given: TickInput, around: Surroundings, one: Occasion) -> Firing | None:
    rule_id = one.rule.id if one.rule else ""
    entry = f"notice:{one.kind}"
    responsible = (one.rule.responsible if one.rule else "") or around.responsible
    recipients = responsible_addresses(around, responsible)
    notice = word_notice(one.kind, around.language, one.values, one.rows)
    deliveries = []
    for recipient in recipients:
        effect = EffectKey(rule_id, one.about, 0, entry, "email#1", recipient.email)
        own = message_id(effect.id, around.mail_domain)
        payload = tell_payload(notice, recipient, around, own)
        deliveries.append(Delivery(effect.id, effect, "email", "mail", payload))
    if not deliveries:
        return None
    return Firing(
        firing_id(rule_id, one.about, 0, entry, 1),
        rule_id,
        "",
        one.about,
        0,
        entry,
        1,
        given.now,
        {},
        tuple(deliveries),
    )


def _sample(firing: Firing) -> str:
    return ", ".join(f"{name} = {text}" for name, text in firing.because.items())


def _about_rule(rule: Rule) -> Mapping[str, object]:
    return {"title": rule.title, "rule": rule.id, "table": rule.table}


def _about_problem(problem: Problem) -> Mapping[str, object]:
    return {
        "place": problem.place,
        "what": problem.what,
        "fix": problem.fix,
        "suggestion": problem.suggestion,
    }
