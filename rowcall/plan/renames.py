"""How does the memory of a row follow it to a new key?"""

from collections.abc import Mapping
from dataclasses import replace

from rowcall.episode import Episode
from rowcall.memory import Memory, RuleMemory

Moved = tuple[tuple[str, str, str], ...]
"""Renamed rows as (table, old key, new key)."""


def move_memory(memory: Memory, moved: Moved, tables: Mapping[str, str]) -> Memory:
    """Return the memory with everything of a row's old key under its new one; tables: rule → its table."""
    if not moved:
        return memory
    names: dict[str, dict[str, str]] = {}
    for table, old, new in moved:
        names.setdefault(table, {})[old] = new
    episodes = {
        rule: _move_episodes(known, names.get(tables.get(rule, ""), {}))
        for rule, known in memory.episodes.items()
    }
    rules = {name: _move_rule(one, names) for name, one in memory.rules.items()}
    return replace(memory, episodes=episodes, rules=rules)


def _move_episodes(known: Mapping[str, Episode], names: Mapping[str, str]) -> Mapping[str, Episode]:
    if not names or not (names.keys() & known.keys()):
        return known
    return {names.get(key, key): replace(one, key=names.get(key, key)) for key, one in known.items()}


def _move_rule(memory: RuleMemory, names: Mapping[str, Mapping[str, str]]) -> RuleMemory:
    own = tuple(replace(one, key=names.get(one.table, {}).get(one.key, one.key)) for one in memory.own)
    mine = names.get(memory.table, {})
    wakes = {mine.get(key, key): moments for key, moments in memory.wakes.items()}
    return replace(memory, own=own, wakes=wakes)
