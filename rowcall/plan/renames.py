"""How does the memory of a row follow it to a new key?

An effect is known by rule, key and the number of its episode. A key that goes from one row to another must not bring
the first one's numbers with it, or what the second row is owed would count as done: so every rule remembers the
highest number `used` under a key, and an episode that comes to such a key is lifted above it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rowcall.episode import EffectKey, Episode, Receipt
from rowcall.kinds import ActionKind
from rowcall.memory import Lift, Memory, NewPayload, Press, RowClock, RuleMemory
from rowcall.table import Snapshot

Moved = tuple[tuple[str, str, str], ...]
"""Renamed rows as (table, old key, new key)."""
_Names = Mapping[str, str]


def move_memory(memory: Memory, moved: Moved, tables: Mapping[str, str]) -> Memory:
    """Return the memory with everything of a row's old key under its new one; tables: rule → its table."""
    if not moved:
        return memory
    names = _by_table(moved)
    rules, episodes = dict(memory.rules), dict(memory.episodes)
    for rule, one in memory.rules.items():
        rules[rule] = _move_rule(one, names)
    for rule, known in memory.episodes.items():
        mine = names.get(tables.get(rule, ""), {})
        used = _used(memory, rule, mine)
        if rule in rules:
            rules[rule] = replace(rules[rule], used=used)
        episodes[rule] = _move_episodes(known, mine, used)

    def moved_effect(effect: EffectKey) -> EffectKey:
        mine = names.get(tables.get(effect.rule, ""), {})
        if effect.key not in mine:
            return effect
        before = memory.episodes.get(effect.rule, {}).get(effect.key)
        key = mine[effect.key]
        n = episodes[effect.rule][key].n if before is not None and before.n == effect.n else effect.n
        return replace(effect, key=key, n=n)

    deliveries = {
        id_: replace(one, delivery=replace(one.delivery, effect=moved_effect(one.delivery.effect)))
        for id_, one in memory.open_deliveries.items()
    }
    receipts = tuple(_move_receipt(one, moved_effect(one.effect), names) for one in memory.receipts)
    presses = tuple(
        _of_press(one, moved_effect(EffectKey(one.rule, one.key, one.n, "", "", "")))
        for one in memory.presses
    )
    clocks = {
        rule: _move_clocks(known, names.get(tables.get(rule, ""), {}))
        for rule, known in memory.clocks.items()
    }
    return replace(
        memory,
        episodes=episodes,
        rules=rules,
        open_deliveries=deliveries,
        receipts=receipts,
        clocks=clocks,
        presses=presses,
    )


def lifts(memory: Memory, moved: Moved, tables: Mapping[str, str]) -> tuple[Lift, ...]:
    """Return which episodes get a new number with their row's new key; memory: as it was before."""
    names = _by_table(moved)
    found = []
    for rule, known in memory.episodes.items() if moved else ():
        mine = names.get(tables.get(rule, ""), {})
        used = _used(memory, rule, mine)
        for old, new in mine.items():
            if old in known and (to := _number(known[old], new, used)) != known[old].n:
                found.append(Lift(rule, old, known[old].n, to))
    return tuple(found)


def move_payloads(
    memory: Memory, moved: Moved, snapshot: Snapshot, actions: Mapping[str, ActionKind]
) -> tuple[NewPayload, ...]:
    """Return what deliveries on their way to a renamed row write instead: the same, under its new key."""
    found = []
    for table, names in _by_table(moved).items():
        parts = {old: _parts(snapshot, table, new) for old, new in names.items()}
        for one in memory.open_deliveries.values():
            follow = actions[one.delivery.kind].follow if one.delivery.kind in actions else None
            payload = follow(one.delivery.payload, table, parts) if follow is not None else None
            if payload is not None:
                found.append(NewPayload(one.id, payload))
    return tuple(found)


def with_payloads(memory: Memory, payloads: Iterable[NewPayload]) -> Memory:
    """Return the memory with these payloads in its open deliveries."""
    deliveries = dict(memory.open_deliveries)
    for one in payloads:
        before = deliveries[one.delivery]
        deliveries[one.delivery] = replace(before, delivery=replace(before.delivery, payload=one.payload))
    return replace(memory, open_deliveries=deliveries)


def _by_table(moved: Moved) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for table, old, new in moved:
        names.setdefault(table, {})[old] = new
    return names


def _used(memory: Memory, rule: str, names: _Names) -> Mapping[str, int]:
    """Return the highest numbers used under each key by rows that do not have it any more."""
    known = memory.episodes.get(rule, {})
    used = dict(memory.rules[rule].used) if rule in memory.rules else {}
    for key in {*names, *names.values()} & known.keys():
        used[key] = max(used.get(key, 0), known[key].n)
    return used


def _number(episode: Episode, key: str, used: Mapping[str, int]) -> int:
    return max(episode.n, used.get(key, 0) + 1)


def _move_episodes(
    known: Mapping[str, Episode], names: _Names, used: Mapping[str, int]
) -> Mapping[str, Episode]:
    """Move the episodes; what an earlier row of a new key left behind is forgotten, but for its number."""
    if not (names.keys() | set(names.values())) & known.keys():
        return known
    kept = {key: one for key, one in known.items() if key not in names and key not in names.values()}
    moved = {
        new: replace(known[old], key=new, n=_number(known[old], new, used))
        for old, new in names.items()
        if old in known
    }
    return {**kept, **moved}


def _move_clocks(known: Mapping[str, RowClock], names: _Names) -> Mapping[str, RowClock]:
    """Move the clocks; what an earlier row of a new key left behind is forgotten."""
    kept = {key: one for key, one in known.items() if key not in names and key not in names.values()}
    return {**kept, **{new: replace(known[old], key=new) for old, new in names.items() if old in known}}


def _of_press(press: Press, effect: EffectKey) -> Press:
    return replace(press, key=effect.key, n=effect.n)


def _move_rule(memory: RuleMemory, names: Mapping[str, _Names]) -> RuleMemory:
    own = tuple(replace(one, key=_new_key(names, one.table, one.key)) for one in memory.own)
    unreadable = tuple(replace(one, key=_new_key(names, one.table, one.key)) for one in memory.unreadable)
    wakes = {_new_key(names, memory.table, key): moments for key, moments in memory.wakes.items()}
    return replace(memory, own=own, unreadable=unreadable, wakes=wakes)


def _move_receipt(receipt: Receipt, effect: EffectKey, names: Mapping[str, _Names]) -> Receipt:
    cells = tuple(replace(cell, key=_new_key(names, cell.table, cell.key)) for cell in receipt.cells)
    return replace(receipt, effect=effect, cells=cells)


def _new_key(names: Mapping[str, _Names], table: str, key: str) -> str:
    return names.get(table, {}).get(key, key)


def _parts(snapshot: Snapshot, table: str, key: str) -> tuple[str, ...]:
    """Return the texts of a row's key columns."""
    now = snapshot.tables[table]
    row = now.keys.index_of(key)
    return tuple((now.text[name][row] or "").strip() for name in now.schema.key)
