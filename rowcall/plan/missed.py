"""What of entries that fell due at different times, and are seen in one tick, is still sent and written?

All writes happen, in the order in which they fell due; of the mails to one recipient only the latest goes out.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rowcall.episode import COLLECTING, Delivery, DeliveryState
from rowcall.kinds import ActionKind
from rowcall.language.rule import AtStart
from rowcall.plan.conflicts import cells_of
from rowcall.plan.entries import Due
from rowcall.scene import Draft


@dataclass(frozen=True, slots=True)
class Made:
    """One delivery with the draft it was made from."""

    delivery: Delivery
    draft: Draft


Entries = list[tuple[Due, list[Made]]]
"""What the due entries of one row make, in the order in which they fell due."""
Actions = Mapping[str, ActionKind]


def chain(made: Entries, actions: Actions) -> Entries:
    """Let a write wait for an earlier entry's write of the same cell: it was planned on what that one leaves."""
    writers: dict[tuple[str, str, str], tuple[datetime, str]] = {}
    chained: Entries = []
    for due, parts in made:
        mine = [_after_writers(part, due.due_at, writers, actions) for part in parts]
        for part in mine:
            for place in _places(part, actions):
                writers[place] = (due.due_at, part.delivery.id)
        chained.append((due, mine))
    return chained


def _after_writers(
    part: Made,
    due_at: datetime,
    writers: Mapping[tuple[str, str, str], tuple[datetime, str]],
    actions: Actions,
) -> Made:
    found = [writers[place] for place in _places(part, actions) if place in writers]
    earlier = [name for at, name in found if at != due_at and name not in part.delivery.after]
    if not earlier:
        return part
    return _waiting_for(part, (*part.delivery.after, *dict.fromkeys(earlier)))


def _places(part: Made, actions: Actions) -> list[tuple[str, str, str]]:
    return [(cell.table, cell.key, cell.column) for cell in cells_of(part.delivery, actions)]


def collapse(made: Entries, actions: Actions) -> Entries:
    """Of entries that fell due while nobody looked, leave each recipient only the latest mail.

    It says which ones it replaces. All writes happen; their order makes the last one stand.
    """
    late = sorted(
        ((due.due_at, index) for index, (due, _) in enumerate(made) if _is_timed(due)), reverse=True
    )
    if len({at for at, _ in late}) < 2:  # noqa: PLR2004 - one moment: nothing was missed
        return made
    merged = [(due, list(parts)) for due, parts in made]
    latest: dict[str, tuple[int, datetime]] = {}
    for at, index in late:
        for part in list(merged[index][1]):
            if not part.draft.mail:
                continue
            newest = latest.setdefault(part.draft.target, (index, at))
            if newest[1] > at:
                merged[index][1].remove(part)
                _replace_mail(actions, merged[newest[0]][1], part)
    there = {part.delivery.id for _, parts in merged for part in parts}
    return [(due, [_rewired(part, there) for part in parts]) for due, parts in merged]


def _is_timed(due: Due) -> bool:
    return not isinstance(due.entry.timing, AtStart)


def _replace_mail(actions: Actions, parts: list[Made], earlier: Made) -> None:
    """Let the latest mail to a recipient say that it stands for an earlier one."""
    for index, part in enumerate(parts):
        if part.draft.mail and part.draft.target == earlier.draft.target:
            kind = actions[part.delivery.kind]
            payload = _merged(kind, part.delivery.payload, earlier.delivery.payload)
            parts[index] = Made(replace(part.delivery, payload=payload), part.draft)
            return


def _merged(kind: ActionKind, latest: object, earlier: object) -> object:
    merge: Callable[[object, object], object] | None = kind.merge
    return latest if merge is None else merge(latest, earlier)


def _rewired(part: Made, there: Collection[str]) -> Made:
    """Let no delivery wait for one that was replaced."""
    return _waiting_for(part, tuple(name for name in part.delivery.after if name in there))


def _waiting_for(part: Made, after: tuple[str, ...]) -> Made:
    waits = bool(after) or part.draft.lane == COLLECTING
    state = DeliveryState.WAITING if waits else DeliveryState.READY
    return Made(replace(part.delivery, after=after, state=state), part.draft)
