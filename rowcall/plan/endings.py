"""Which deliveries on their way are no longer wanted?"""

from collections.abc import Iterable, Mapping

from rowcall.episode import DeliveryState, Firing, Phase
from rowcall.kinds import ActionKind
from rowcall.language.asking import while_open
from rowcall.language.rule import AtEnd, AtStart, Rule
from rowcall.memory import Memory, OpenDelivery, StateChange
from rowcall.plan.conflicts import cells_of, increased
from rowcall.plan.rows import RowLife

_STOPPABLE = frozenset(
    {DeliveryState.WAITING, DeliveryState.READY, DeliveryState.HELD, DeliveryState.UNCERTAIN}
)


_UNBEGUN = (_STOPPABLE - {DeliveryState.UNCERTAIN}) | {DeliveryState.LEASED}
"""What can still be stopped for good: a claim that has not begun yet loses it."""


_UNTIMED = frozenset({"start", "end", "keep"})
"""What the names of entries that have no time of their own begin with."""


def cancel_timed(
    memory: Memory, rules: Mapping[str, Rule], over: Mapping[str, frozenset[str]], reason: str
) -> list[StateChange]:
    """Cancel what timed entries had queued for rows whose episode is over; what went off at the start goes out.

    over: rule → keys.
    """
    return [
        StateChange(one.id, DeliveryState.CANCELLED, reason)
        for one in memory.open_deliveries.values()
        if one.state in _UNBEGUN
        and one.delivery.effect.key in over.get(one.delivery.effect.rule, frozenset())
        and _is_timed(rules.get(one.delivery.effect.rule), one.delivery.effect.entry)
    ]


def cancel_late(memory: Memory, rules: Mapping[str, Rule], reason: str) -> list[StateChange]:
    """Cancel what timed entries of an episode that ended before could not be stopped then, because it was being tried.

    A rule whose episodes end with their last entry is left out: what that entry sends belongs to the end.
    """
    return [
        StateChange(one.id, DeliveryState.CANCELLED, reason)
        for one in memory.open_deliveries.values()
        if one.state in _UNBEGUN and _is_late(memory, rules.get(one.delivery.effect.rule), one)
    ]


def _is_late(memory: Memory, rule: Rule | None, one: OpenDelivery) -> bool:
    effect = one.delivery.effect
    if rule is None or rule.schedule or while_open(rule.when) is None or not _is_timed(rule, effect.entry):
        return False
    episode = memory.episodes.get(rule.id, {}).get(effect.key)
    over = (Phase.ENDED, Phase.ARMED)
    return episode is not None and (effect.n < episode.n or (effect.n == episode.n and episode.phase in over))


def cancel_writes(
    memory: Memory, lives: Mapping[str, RowLife], actions: Mapping[str, ActionKind]
) -> list[StateChange]:
    """Cancel what was still to be written into rows that are deleted by now."""
    gone = {name: life.gone for name, life in lives.items()}
    return [
        StateChange(
            one.id, DeliveryState.CANCELLED, f"{cell.table}, row {cell.key} was deleted before it was written"
        )
        for one in memory.open_deliveries.values()
        if one.state in _STOPPABLE
        for cell in cells_of(one.delivery, actions)[:1]
        if cell.key in gone.get(cell.table, ())
    ]


def replace_writes(
    memory: Memory, firings: Iterable[Firing], actions: Mapping[str, ActionKind]
) -> list[StateChange]:
    """Let a newer write stand for an undelivered older one that sets nothing but the same cells.

    The older counts as sent, so that what waits for it goes on.
    """
    newer = {
        (cell.table, cell.key, cell.column)
        for firing in firings
        for delivery in firing.deliveries
        for cell in cells_of(delivery, actions)
        if cell.column not in increased(delivery, actions)  # it adds to what the older one leaves
    }
    return [
        StateChange(one.id, DeliveryState.SENT, "replaced by a newer write of the same cells")
        for one in memory.open_deliveries.values()
        if newer and one.state in _STOPPABLE and _is_covered(one, newer, actions)
    ]


def _is_covered(
    one: OpenDelivery, newer: set[tuple[str, str, str]], actions: Mapping[str, ActionKind]
) -> bool:
    cells = {(cell.table, cell.key, cell.column) for cell in cells_of(one.delivery, actions)}
    return bool(cells) and cells <= newer


def _is_timed(rule: Rule | None, entry: str) -> bool:
    if rule is None:
        return False
    found = next((one for one in rule.entries if one.id == entry), None)
    if found is None:  # an edit took the entry away, or gave it another time: its name tells what it was
        return entry.partition("#")[0] not in _UNTIMED
    return not isinstance(found.timing, AtStart | AtEnd)
