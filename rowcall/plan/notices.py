"""What must the responsible person be told, once for each occasion?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcall.actions.email import Notice, tell_payload
from rowcall.episode import Delivery, EffectKey, Ending, Firing, firing_id
from rowcall.errors import Problem
from rowcall.language.rule import Rule
from rowcall.memory import Hold
from rowcall.message import message_id
from rowcall.plan.holds import Held
from rowcall.plan.inputs import TickInput
from rowcall.plan.rows import RowLife
from rowcall.plan.rule_step import RuleStep
from rowcall.plan.wake import tables_read
from rowcall.scene import Surroundings, responsible_addresses

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing to tell: `about` makes it this one and no other, so that it is told once."""

    rule: Rule | None
    kind: str
    about: str
    notice: Notice


def tell(given: TickInput, around: Surroundings, occasions: Iterable[Occasion]) -> tuple[Firing, ...]:
    """Return the mails that tell the responsible people."""
    return tuple(firing for one in occasions if (firing := _firing(given, around, one)) is not None)


def gather_notices(
    given: TickInput,
    steps: Sequence[RuleStep],
    held: Held,
    clashes: Sequence[Problem],
    lives: Mapping[str, RowLife],
) -> Iterable[Occasion]:
    """Return everything that this tick has to tell."""
    rules = {rule.id: rule for rule in given.rules}
    yield from (first_sight(step) for step in steps if step.asks)
    yield from (too_many(rules[hold.rule], hold, firings) for hold, firings in held.begun)
    yield from (conflict(problem) for problem in clashes)
    for table, problem in given.snapshot.broken.items():
        waiting = [rule for rule in given.rules if table in tables_read(rule, given)]
        if waiting:
            yield broken_table(table, problem, waiting)
    for table, life in lives.items():
        if life.shrunk and life.table.shrunk_since is not None:
            yield shrunk(table, len(life.missing), life.table.shrunk_since)
    for step in steps:
        yield from failed_entries(step)
    yield from lost_and_dead(given)


def first_sight(step: RuleStep) -> Occasion:
    """Ask what shall happen with rows that were there before the rule."""
    rule, count = step.rule, len(step.baseline)
    return Occasion(
        rule,
        "first-run",
        f"{rule.version}",
        Notice(
            headline=f"{rule.title}: {count} rows matter already",
            sentences=_one(
                f'The rule "{rule.title}" looked at {rule.table} for the first time and found {count} rows that '
                "fit already. Nothing was done about them.",
            ),
            rows=tuple((key, "") for key in step.baseline[:SAMPLES]),
            remedies=(
                f"Start them now: rowcall answer {rule.id} act",
                f"Leave them as they are: rowcall answer {rule.id} leave",
            ),
        ),
    )


def too_many(rule: Rule, hold: Hold, firings: Sequence[Firing]) -> Occasion:
    """Ask what shall happen with more than a limit allows."""
    samples = tuple((firing.key, _sample(firing)) for firing in firings[:SAMPLES])
    return Occasion(
        rule,
        "hold",
        hold.id,
        Notice(
            headline=f"{rule.title}: {hold.count} rows wait for you",
            sentences=_one(
                f'The rule "{rule.title}" wants to act for {hold.count} rows at once. That is more than its limit '
                f'"{hold.limit}", so nothing was sent or written. What comes later joins the queue.',
            ),
            rows=samples,
            remedies=(
                f"Let them go: rowcall release {rule.id} (rows that no longer fit are left out)",
                f"Forget them: rowcall drop {rule.id}",
            ),
        ),
    )


def broken_table(table: str, problem: Problem, rules: Sequence[Rule]) -> Occasion:
    """Tell that a table can't be used, and which rules wait for it."""
    titles = ", ".join(f'"{rule.title}"' for rule in rules)
    return Occasion(
        None,
        "table",
        f"{table}\n{problem.what}",
        Notice(
            headline=f"{table} can't be read as it is now",
            sentences=(problem.what, f"Until that is mended these rules wait: {titles}. Nothing is lost."),
            remedies=tuple(part for part in (problem.suggestion, problem.fix) if part),
        ),
    )


def conflict(problem: Problem) -> Occasion:
    """Tell that two rules want different values in one cell."""
    return Occasion(
        None,
        "conflict",
        str(problem),
        Notice(f"Two rules disagree about {problem.place}", (problem.what,), remedies=(problem.fix,)),
    )


def shrunk(table: str, missing: int, since: datetime) -> Occasion:
    """Tell that more than half of a table's rows are gone."""
    return Occasion(
        None,
        "shrunk",
        f"{table}\n{since.isoformat()}",
        Notice(
            headline=f"{missing} rows of {table} are gone",
            sentences=_one(
                f"More than half of the rows of {table} are gone since the last look: {missing} rows. "
                "Reminders for them wait until you say that this is right, or until a day has passed. "
                "All other rows go on as usual.",
            ),
            remedies=(f"It is right: rowcall answer {table} act", "It is a mistake: put the rows back"),
        ),
    )


def failed_entries(step: RuleStep) -> Iterable[Occasion]:
    """Tell that the words of an entry can't be made, once for each text of the rule."""
    for entry, reason in {entry.id: (entry, why) for entry, why in step.failed}.values():
        yield Occasion(
            step.rule,
            "words",
            f"{step.rule.version}\n{entry.id}\n{reason}",
            Notice(
                headline=f"{step.rule.title}: a mail or cell can't be made",
                sentences=(reason, "It is tried again until the rule, the template or the cell is mended."),
                remedies=(f"See what is wrong: rowcall check {step.rule.id}",),
            ),
        )


def lost_and_dead(given: TickInput) -> Iterable[Occasion]:
    """Tell of deliveries that will never happen: refused for good, or because a person was faster."""
    rules = {rule.id: rule for rule in given.rules}
    for receipt in given.memory.receipts:
        if receipt.effect.entry.startswith("notice:"):
            continue
        if receipt.ending in (Ending.DEAD, Ending.LOST):
            rule = rules.get(receipt.effect.rule)
            what = (
                "could not be delivered" if receipt.ending is Ending.DEAD else "was left to a person's edit"
            )
            yield Occasion(
                rule,
                "dead",
                receipt.delivery,
                Notice(
                    headline=f"{rule.title if rule else receipt.effect.rule}: row {receipt.effect.key} {what}",
                    sentences=(receipt.detail,),
                    remedies=(f"Look at it: rowcall outbox show {receipt.delivery}",),
                ),
            )


def _firing(given: TickInput, around: Surroundings, one: Occasion) -> Firing | None:
    rule_id = one.rule.id if one.rule else ""
    entry = f"notice:{one.kind}"
    responsible = (one.rule.responsible if one.rule else "") or around.responsible
    recipients = responsible_addresses(around, responsible)
    deliveries = []
    for recipient in recipients:
        effect = EffectKey(rule_id, one.about, 0, entry, "email#1", recipient.email)
        own = message_id(effect.id, around.mail_domain)
        payload = tell_payload(one.notice, recipient, around, own)
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


def _one(sentences: str) -> tuple[str, ...]:
    return (sentences,)
