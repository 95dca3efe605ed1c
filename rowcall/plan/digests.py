"""Which lines of digests go out now, and as which mails?

A row that joins a digest is a line: a delivery that waits for its label. At the label the lines of one digest, to one
recipient and about one group, become one mail that shows the rows as they are now; the lines then wait for that mail.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime

from rowcall.episode import BUNDLED, COLLECTING, Delivery, DeliveryState, EffectKey, Firing, firing_id
from rowcall.errors import Problem, Severity, TemplateError
from rowcall.evaluate.row import read_row
from rowcall.language.rule import Rule, State
from rowcall.mailing import Payload, Wording
from rowcall.memory import Bundling, Memory, StateChange
from rowcall.plan.day import Day
from rowcall.plan.digest_mail import Digest, mail_of
from rowcall.plan.needs import state_of
from rowcall.plan.rule_view import RuleStep
from rowcall.table import Table

_WAITS = frozenset({DeliveryState.WAITING, DeliveryState.HELD})


@dataclass(slots=True)
class Digests:
    """What the digests of one tick come to.

    steps: of rules that did nothing else in this tick. bundled: lines from earlier ticks and their mails.
    orphans: lines whose digest was taken out of the rule.
    """

    steps: list[RuleStep] = field(default_factory=list)
    bundled: list[Bundling] = field(default_factory=list)
    orphans: list[StateChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line whose label has come; old: it was planned in an earlier tick."""

    delivery: Delivery
    payload: Payload
    label: datetime
    old: bool


def cut_digests(day: Day, steps: Sequence[RuleStep], held: AbstractSet[str]) -> Digests:
    """Plan the mails of all digests whose label has come, and put them into the rules' steps.

    held: rules that can't be asked now; their lines go on waiting, and so do those of rules that are not `on`.
    """
    result = Digests()
    by_rule = {step.rule.id: step for step in steps}
    waiting = _by_rule(day.given.memory)
    for rule in day.given.rules:
        digests = list(_digests_of(day, rule))
        step = by_rule.get(rule.id)
        if (
            rule.id in held
            or state_of(rule, day.given) is not State.ON
            or not (digests or rule.id in waiting)
        ):
            continue
        own = step or RuleStep(rule, day.memories[rule.id])
        lines = [*_old_lines(day, waiting.get(rule.id, ()), step), *_new_lines(day, own)]
        _sort_out(day, own, digests, lines, result)
        if step is None and (own.firings or own.failed):
            result.steps.append(own)
    return result


def cancel_lines(memory: Memory, over: Mapping[str, AbstractSet[str]], reason: str) -> list[StateChange]:
    """Cancel the lines of rows that no longer matter; over: rule → keys. What is bundled already goes out."""
    return [
        StateChange(one.id, DeliveryState.CANCELLED, reason)
        for one in memory.open_deliveries.values()
        if one.delivery.lane == COLLECTING
        and one.state in _WAITS
        and one.delivery.effect.key in over.get(one.delivery.effect.rule, ())
    ]


def next_cut(memory: Memory) -> datetime | None:
    """Return the next label for which a line waits; None when none does."""
    labels = [
        one.delivery.send_after
        for one in memory.open_deliveries.values()
        if one.delivery.lane == COLLECTING and one.delivery.send_after is not None
    ]
    return min(labels, default=None)


def _by_rule(memory: Memory) -> Mapping[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {}
    for one in memory.open_deliveries.values():
        if one.delivery.lane == COLLECTING and one.state is DeliveryState.WAITING:
            found.setdefault(one.delivery.effect.rule, []).append(one.delivery)
    return found


def _digests_of(day: Day, rule: Rule) -> Iterator[Digest]:
    for entry in rule.entries:
        for number, act in enumerate(entry.acts, 1):
            kind = day.given.house.actions[act.kind]
            wording = kind.wording(act.params) if kind.wording is not None else None
            if wording is not None and wording.digest is not None:
                yield Digest(rule, entry, act, f"{act.kind}#{number}", wording)


def _old_lines(day: Day, lines: Iterable[Delivery], step: RuleStep | None) -> Iterator[_Line]:
    """Yield the lines whose label has come, whose row still matters, and for which nothing else is to wait."""
    under_way = day.given.memory.open_deliveries
    ended = frozenset(step.ended) if step is not None else frozenset()
    for one in lines:
        payload = one.payload
        if not isinstance(payload, Payload) or payload.line is None or payload.line.label > day.given.now:
            continue
        if one.effect.key not in ended and not any(before in under_way for before in one.after):
            yield _Line(one, payload, payload.line.label, old=True)


def _new_lines(day: Day, step: RuleStep) -> Iterator[_Line]:
    """Yield the lines of this very tick, where their label is now."""
    for firing in step.firings:
        for one in firing.deliveries:
            payload = one.payload
            if (
                one.lane != COLLECTING
                or one.after
                or not isinstance(payload, Payload)
                or payload.line is None
            ):
                continue
            if payload.line.label <= day.given.now:
                yield _Line(one, payload, payload.line.label, old=False)


def _sort_out(
    day: Day, step: RuleStep, digests: Sequence[Digest], lines: Sequence[_Line], result: Digests
) -> None:
    """Give every line its digest, and make the mails of each."""
    by_digest: dict[int, list[_Line]] = {}
    for line in lines:
        place = _place_of(line.delivery.effect, digests)
        if place is None:
            reason = "the rule has no such digest any more"
            result.orphans.append(StateChange(line.delivery.id, DeliveryState.CANCELLED, reason))
        else:
            by_digest.setdefault(place, []).append(line)
    table = day.given.snapshot.tables.get(step.rule.table)
    if table is not None:
        for place, some in by_digest.items():
            _cut(day, step, digests[place], _Rows(day, step.rule, table, some), result)


def _place_of(effect: EffectKey, digests: Sequence[Digest]) -> int | None:
    """Return which digest a line belongs to; after an edit of the rule its only one, else none."""
    names = [(one.entry.id, one.action) for one in digests]
    if (effect.entry, effect.action) in names:
        return names.index((effect.entry, effect.action))
    return 0 if len(names) == 1 else None


class _Rows:
    """The lines of one digest with their rows as they are now, in the order of the table."""

    def __init__(self, day: Day, rule: Rule, table: Table, lines: Iterable[_Line]) -> None:
        self.day, self.rule, self.table = day, rule, table
        places = {line.delivery.effect.key: table.keys.index_of(line.delivery.effect.key) for line in lines}
        # A row that is missing from this read may be back at the next, or is deleted then.
        there = [(place, line) for line in lines if (place := places[line.delivery.effect.key]) is not None]
        self.lines = [line for _, line in sorted(there, key=lambda pair: pair[0])]
        self.rows = {
            line.delivery.effect.key: read_row(table, line.delivery.effect.key, day.given.snapshot)
            for line in self.lines
        }

    def groups(self, wording: Wording) -> Mapping[tuple[str, str], list[_Line]]:
        """Return the lines by recipient and group, the first group of the table first."""
        found: dict[tuple[str, str], list[_Line]] = {}
        for line in self.lines:
            row = self.rows[line.delivery.effect.key]
            group = "" if wording.group_by is None else row.text(wording.group_by.ref).strip()
            found.setdefault((line.delivery.effect.target, group), []).append(line)
        return found


def _cut(day: Day, step: RuleStep, digest: Digest, rows: _Rows, result: Digests) -> None:
    """Make the mails of one digest, and let its lines wait for them."""
    mails: list[Delivery] = []
    number = _number(day, rows.lines)
    for (target, group), lines in rows.groups(digest.wording).items():
        effect = EffectKey(digest.rule.id, group, number, digest.entry.id, digest.action, target)
        try:
            there = {line.delivery.effect.key: rows.rows[line.delivery.effect.key] for line in lines}
            mail = mail_of(day, digest, effect, there, lines[0].delivery)
        except TemplateError as error:
            step.failed.append((digest.entry, str(error)))
            step.problems.append(Problem(digest.entry.place, str(error), severity=Severity.ERROR))
            continue
        mails.append(mail)
        result.bundled += [Bundling(line.delivery.id, (mail.id,)) for line in lines if line.old]
        _bundle_new(step, {line.delivery.id for line in lines if not line.old}, mail.id)
    if mails:
        step.firings.append(_firing(day, digest, number, mails))


def _number(day: Day, lines: Sequence[_Line]) -> int:
    """Return the label's minute; what waited beyond its label (held, or its row away) counts by the second of now.

    So what is late never takes the name of a mail that went out at the label itself.
    """
    label = max((line.label for line in lines), default=day.given.now)
    last = day.given.memory.last_tick
    on_time = last is None or label > last
    return int(label.timestamp() // 60) if on_time else int(day.given.now.timestamp())


def _firing(day: Day, digest: Digest, number: int, mails: Sequence[Delivery]) -> Firing:
    rule, entry = digest.rule, digest.entry
    return Firing(
        id=firing_id(rule.id, "", number, f"{entry.id} {digest.action}", 1),
        rule=rule.id,
        table=rule.table,
        key="",
        n=number,
        entry=entry.id,
        occurrence=1,
        at=day.given.now,
        deliveries=tuple(mails),
    )


def _bundle_new(step: RuleStep, ids: AbstractSet[str], mail: str) -> None:
    """Let lines of this very tick wait for their mail."""
    if not ids:
        return

    def bundled(one: Delivery) -> Delivery:
        return replace(one, lane=BUNDLED, after=(mail,)) if one.id in ids else one

    step.firings = [
        replace(firing, deliveries=tuple(map(bundled, firing.deliveries))) for firing in step.firings
    ]
