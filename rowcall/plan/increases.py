"""What does a cell come to, when several rules add to it, or a person changes it in between?

An increase is written as the value that it leads to, over the text that it saw. So those of one cell form a chain:
each sees what the one before leaves. Where a person has changed the cell since, or one of the chain was stopped, the
rest is counted anew from what stands there now, before it is tried: one does not wait for another's end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rowcall.cells import Unreadable, format_cell, parse_cell
from rowcall.episode import Delivery, DeliveryState, Firing
from rowcall.memory import NewPayload
from rowcall.plan.conflicts import cells_of, increased
from rowcall.plan.inputs import TickInput
from rowcall.plan.rule_view import RuleStep
from rowcall.scene import total

Place = tuple[str, str, str]
"""A cell: table, key, column."""

_RESTING = frozenset({DeliveryState.WAITING, DeliveryState.READY})


def rebase_open(given: TickInput) -> tuple[NewPayload, ...]:
    """Return increases on their way whose cell a person has changed, counted from what stands there now."""
    found = []
    for place, chain in _open_chains(given).items():
        text = _text_now(given, place)
        if text is None:
            continue
        left = _left(given, chain, place, text)
        for one in left:
            seen, wanted = _seen_and_wanted(given, one, place)
            if seen != text and one.state in _RESTING:
                payload = _from(given, one, place, text)
                if payload is None:
                    break
                found.append(NewPayload(one.id, payload))
                wanted = _wanted(given, replace(one, payload=payload), place)
            text = wanted
    return tuple(found)


def chain_increases(given: TickInput, steps: Iterable[RuleStep]) -> None:
    """Let each increase of this tick begin where the one before it ends."""
    texts = {place: _wanted(given, chain[-1], place) for place, chain in _open_chains(given).items()}
    for step in steps:
        step.firings = [_chained(given, firing, texts) for firing in step.firings]


def _chained(given: TickInput, firing: Firing, texts: dict[Place, str]) -> Firing:
    made = []
    for delivery in firing.deliveries:
        one = delivery
        if one.state not in (DeliveryState.HELD, DeliveryState.CANCELLED):
            for place in _places(given, one):
                one = _continued(given, one, place, texts)
        made.append(one)
    return replace(firing, deliveries=tuple(made))


def _continued(given: TickInput, one: Delivery, place: Place, texts: dict[Place, str]) -> Delivery:
    if place in texts:
        payload = _from(given, one, place, texts[place])
        one = one if payload is None else replace(one, payload=payload)
    texts[place] = _wanted(given, one, place)
    return one


def _open_chains(given: TickInput) -> Mapping[Place, list[Delivery]]:
    """Return the open deliveries that add to a cell, by cell, in the order in which they were planned."""
    found: dict[Place, list[Delivery]] = {}
    for one in given.memory.open_deliveries.values():
        if one.state is DeliveryState.HELD:
            continue
        for place in _places(given, one.delivery):
            found.setdefault(place, []).append(replace(one.delivery, state=one.state))
    return found


def _left(given: TickInput, chain: list[Delivery], place: Place, text: str) -> list[Delivery]:
    """Return what of a chain is still to be written: what leads to the text that stands there is done."""
    done = [number for number, one in enumerate(chain, 1) if _wanted(given, one, place) == text]
    if done and not any(_seen_and_wanted(given, one, place)[0] == text for one in chain[: done[-1]]):
        return chain[done[-1] :]
    return chain


def _places(given: TickInput, one: Delivery) -> list[Place]:
    columns = increased(one, given.house.actions)
    if not columns:
        return []
    cells = cells_of(one, given.house.actions)
    return [(cell.table, cell.key, cell.column) for cell in cells if cell.column in columns]


def _seen_and_wanted(given: TickInput, one: Delivery, place: Place) -> tuple[str, str]:
    cells = cells_of(one, given.house.actions)
    return next((cell.before, cell.after) for cell in cells if cell.column == place[2])


def _wanted(given: TickInput, one: Delivery, place: Place) -> str:
    return _seen_and_wanted(given, one, place)[1]


def _from(given: TickInput, one: Delivery, place: Place, text: str) -> object | None:
    """Return the payload counted from a text; None when that is no amount."""
    table, _, name = place
    house = given.house
    column = house.schemas[table].column(name)
    kind = house.actions[one.kind]
    base = parse_cell(column, text, language=house.language, zone=house.zone)
    by = increased(one, house.actions)[name]
    value = None if isinstance(base, Unreadable) else total(base, by)
    if value is None or kind.rebase is None:
        return None
    shown = format_cell(column, value, language=house.language, zone=house.zone, like=text)
    return kind.rebase(one.payload, name, text, value, shown)


def _text_now(given: TickInput, place: Place) -> str | None:
    table, key, name = place
    found = given.snapshot.tables.get(table)
    if found is None or name not in found.text.columns:
        return None
    row = found.keys.index_of(key)
    return None if row is None else found.text[name][row] or ""
