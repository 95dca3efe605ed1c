"""What do the due entries of one episode send and write, word for word?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from rowcall.duration import add
from rowcall.episode import COLLECTING, Delivery, DeliveryState, EffectKey, Episode, Firing, firing_id
from rowcall.errors import Problem, TemplateError
from rowcall.evaluate.figures import Figures
from rowcall.evaluate.row import Row
from rowcall.kinds import ActionKind
from rowcall.language.asking import refs_of
from rowcall.language.ref import ColumnRef
from rowcall.language.rule import Act, Entry, Rule
from rowcall.mailing import Payload
from rowcall.plan.entries import Due
from rowcall.plan.inputs import EXPIRES_AFTER, TickInput
from rowcall.plan.missed import Made, chain, collapse
from rowcall.plan.reports import is_empty_report
from rowcall.scene import Added, Draft, Scene, Surroundings, Turns
from rowcall.table import CellValue, Kind
from rowcall.template import names_of_figures, names_of_period, reasons_of


@dataclass(frozen=True, slots=True)
class Occasion:
    """One row for which entries of a rule are due.

    because: texts of the columns that the rule's conditions read. before: the row as the rule last saw it.
    added: table → rows that this tick adds. due: the row's deadline: a day, a moment, or None where it is not known.
    counted_from: the moment from which the time to the deadline runs, None without one.
    figures: the rule's. turns: whose turn it is. label: of its schedule. kept: columns that `keep` has chosen, as
    (value, text): what the row says once they are written.
    """

    given: TickInput
    around: Surroundings
    rule: Rule
    episode: Episode
    row: Row
    because: Mapping[str, str] = field(default_factory=dict)
    before: Row | None = None
    added: Added = field(default_factory=dict)
    due: date | datetime | None = None
    counted_from: datetime | None = None
    figures: Figures | None = None
    turns: Turns = field(default_factory=Turns)
    label: datetime | None = None
    kept: Mapping[ColumnRef, tuple[CellValue, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Fired:
    """What came of the due entries: firings with deliveries, and entries that could not be made yet."""

    firings: list[Firing] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    failed: list[tuple[Entry, str]] = field(default_factory=list)


def fire(occasion: Occasion, due: Iterable[Due]) -> Fired:
    """Return the firings of the due entries; an entry whose words can't be made is left outstanding and named.

    due: in the order they fell due; a later one sees what an earlier one writes.
    """
    result = Fired()
    made: list[tuple[Due, list[Made]]] = []
    occasion = replace(occasion, before=occasion.before or occasion.row)
    row = left = occasion.row.with_values(occasion.kept) if occasion.kept else occasion.row
    moment: datetime | None = None
    for one in due:
        if one.due_at != moment:
            row, moment = left, one.due_at
        try:
            parts, after = _perform(replace(occasion, row=row, kept={}), one, result.problems)
        except TemplateError as error:
            result.failed.append((one.entry, str(error)))
            continue
        made.append((one, parts))
        left = replace(left, written={**left.written, **after.written})
    actions = occasion.given.house.actions
    for one, parts in collapse(chain(made, actions), actions):
        result.firings.append(_firing(occasion, one, [part.delivery for part in parts]))
    return result


def because_of(rule: Rule, row: Row, figures: Figures | None = None) -> Mapping[str, str]:
    """Return the columns and figures that a rule's `when` reads, with the texts they hold for this row."""
    found = {}
    for ref in refs_of(rule.when):
        if ref.figure and figures is not None and ref.column.name in figures.values:
            found[ref.name] = figures.shown(ref.column.name, _say, row.key)
        elif not ref.figure and row.reaches(ref):
            found[ref.name] = row.text(ref)
    return found


def _say(value: CellValue, kind: Kind, show_as: str) -> str:  # noqa: ARG001 - one way of saying a figure
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _perform(occasion: Occasion, due: Due, problems: list[Problem]) -> tuple[list[Made], Row]:
    """Plan the actions of one entry in order; each waits for all deliveries of the one before it.

    Returns also the row as it is once everything is written.
    """
    made: list[Made] = []
    before: tuple[str, ...] = ()
    scene = _scene(occasion, due)
    for number, act in enumerate(due.entry.acts, 1):
        if is_empty_report(occasion.rule, act, scene):
            continue
        kind = occasion.given.house.actions[act.kind]
        effect = replace(scene.effect, action=_action(act, number))
        planned = kind.plan(act.params, replace(scene, effect=effect, place=act.place))
        problems.extend(planned.problems)
        parts = [_delivery(occasion, effect, act, draft, before) for draft in planned.drafts]
        made += parts
        before = tuple(part.delivery.id for part in parts) or before
        scene = scene.with_writes(planned.writes)
    return made, scene.row


def _scene(occasion: Occasion, due: Due) -> Scene:
    rule, episode = occasion.rule, occasion.episode
    effect = EffectKey(rule.id, episode.key, episode.n, due.entry.id, "", "", due.occurrence)
    return Scene(
        around=occasion.around,
        effect=effect,
        row=occasion.row,
        responsible=rule.responsible or occasion.around.responsible,
        place=due.entry.place,
        names=_names(occasion, due),
        added=occasion.added,
        first_mail=_first_mail(rule, occasion.given.house.actions, effect),
        figures=occasion.figures,
        turns=occasion.turns,
        working_hours=rule.working_hours,
    )


def _names(occasion: Occasion, due: Due) -> Mapping[str, object]:
    around = occasion.around
    before = occasion.before or occasion.row
    since = occasion.counted_from or occasion.episode.opened_at or around.now
    return {
        **_names_of_figures(occasion),
        "because": reasons_of(occasion.because),
        "before": before.names(),
        "rule": {"title": occasion.rule.title, "id": occasion.rule.id, "about": occasion.rule.about},
        "shop": {"name": around.shop_name},
        "now": around.now,
        "today": around.today,
        "due": occasion.due,
        "elapsed": around.now - since,
        "occurrence": due.occurrence,
    }


def _names_of_figures(occasion: Occasion) -> Mapping[str, object]:
    """Return the figures and the period as texts name them: those of the label, also in what follows later."""
    rule, around = occasion.rule, occasion.around
    names: dict[str, object] = {}
    if occasion.figures is not None:
        names |= names_of_figures(occasion.figures, occasion.episode.key, around.templates.speech)
    if rule.period is not None:
        names["period"] = names_of_period(rule.period, occasion.label or around.now, around.zone)
    return names


def _first_mail(rule: Rule, actions: Mapping[str, ActionKind], effect: EffectKey) -> EffectKey | None:
    """Return the mail that later ones of an episode answer; a digest is about many rows, so nothing answers it."""
    for entry in rule.entries:
        for number, act in enumerate(entry.acts, 1):
            kind = actions[act.kind]
            wording = kind.wording(act.params) if kind.wording is not None else None
            if kind.payload is Payload and (wording is None or wording.digest is None):
                return replace(effect, entry=entry.id, action=_action(act, number), occurrence=1)
    return None


def _action(act: Act, number: int) -> str:
    return f"{act.kind}#{number}"


def _delivery(occasion: Occasion, effect: EffectKey, act: Act, draft: Draft, after: tuple[str, ...]) -> Made:
    own = replace(effect, target=draft.target)
    expires = add(occasion.given.now, occasion.rule.expires_after or EXPIRES_AFTER, occasion.given.house.zone)
    delivery = Delivery(
        id=own.id,
        effect=own,
        kind=act.kind,
        lane=draft.lane,
        payload=draft.payload,
        after=after,
        send_after=draft.send_after,
        expires_at=expires if draft.mail else None,
        state=DeliveryState.WAITING if after or draft.lane == COLLECTING else DeliveryState.READY,
        customer=draft.customer,
        urgent=draft.urgent,
    )
    return Made(delivery, draft)


def _firing(occasion: Occasion, due: Due, deliveries: Sequence[Delivery]) -> Firing:
    episode = occasion.episode
    return Firing(
        id=firing_id(occasion.rule.id, episode.key, episode.n, due.entry.id, due.occurrence),
        rule=occasion.rule.id,
        table=occasion.rule.table,
        key=episode.key,
        n=episode.n,
        entry=due.entry.id,
        occurrence=due.occurrence,
        at=occasion.given.now,
        because=occasion.because,
        deliveries=tuple(deliveries),
    )
