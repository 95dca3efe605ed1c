"""How do kept cells come into the sheet: written first, and what else the rule does for the row after it?"""

from dataclasses import replace

from rowcall.actions import set_cells
from rowcall.episode import Delivery, DeliveryState, EffectKey, Firing, firing_id
from rowcall.errors import TemplateError
from rowcall.evaluate.row import read_row
from rowcall.language.condition import Literal
from rowcall.language.value import Cells, EmptyValue, Target
from rowcall.plan.episodes import EpisodeStep
from rowcall.plan.firing import because_of
from rowcall.plan.keeping import ENTRY
from rowcall.plan.rule_view import RuleStep, RuleView
from rowcall.scene import Draft, Scene

_KIND = "set_cells"
_ACTION = f"{_KIND}#1"


def write_kept(view: RuleView, step: RuleStep, followed: EpisodeStep) -> None:
    """Put a write in front of what the rule does for each row whose kept cells differ."""
    writes: dict[str, Firing] = {}
    for episode in followed.opened:
        if view.keeping is not None and view.keeping.of(episode.key):
            firing = _firing(view, step, episode.key, episode.n)
            if firing is not None:
                writes[episode.key] = firing
    later = [_after(firing, writes.get(firing.key)) for firing in step.firings]
    step.firings = [*writes.values(), *later]


def _firing(view: RuleView, step: RuleStep, key: str, n: int) -> Firing | None:
    effect = EffectKey(view.rule.id, key, n, ENTRY, _ACTION, "")
    row = read_row(view.table, key, view.given.snapshot, view.sight.position.get(key))
    place = view.rule.keep[0].place
    scene = Scene(
        around=view.around,
        effect=effect,
        row=row,
        responsible=view.rule.responsible or view.around.responsible,
        place=place,
    )
    try:
        planned = set_cells.plan(set_cells.Params(Cells(_targets(view, key), place)), scene)
    except TemplateError as error:
        step.failed.append((view.rule.entries[0], str(error))) if view.rule.entries else None
        return None
    step.problems += planned.problems
    return Firing(
        id=firing_id(view.rule.id, key, n, ENTRY, 1),
        rule=view.rule.id,
        table=view.rule.table,
        key=key,
        n=n,
        entry=ENTRY,
        occurrence=1,
        at=view.given.now,
        because={**because_of(view.rule, row, view.figures), **_chosen_by(view, key)},
        deliveries=tuple(_delivery(effect, draft) for draft in planned.drafts),
    )


def _targets(view: RuleView, key: str) -> tuple[Target, ...]:
    places = {kept.ref: kept.place for kept in view.rule.keep}
    cells = view.keeping.of(key) if view.keeping is not None else {}
    return tuple(
        Target(ref, EmptyValue() if value is None else Literal(text, value), places[ref])
        for ref, (value, text) in cells.items()
    )


def _chosen_by(view: RuleView, key: str) -> dict[str, str]:
    """Return the figures that stood behind the choice."""
    if view.figures is None:
        return {}
    return {name: view.figures.shown(name, lambda value, *_: str(value), key) for name in view.figures.values}


def _delivery(effect: EffectKey, draft: Draft) -> Delivery:
    own = replace(effect, target=draft.target)
    return Delivery(id=own.id, effect=own, kind=_KIND, lane=draft.lane, payload=draft.payload)


def _after(firing: Firing, write: Firing | None) -> Firing:
    """Let everything that waits for nothing else wait for the write."""
    if write is None or not write.deliveries:
        return firing
    first = tuple(one.id for one in write.deliveries)
    deliveries = (
        one if one.after else replace(one, after=first, state=DeliveryState.WAITING)
        for one in firing.deliveries
    )
    return replace(firing, deliveries=tuple(deliveries))
