"""What is remembered after a plan was committed?"""

from collections.abc import Mapping
from dataclasses import replace

from rowcall.episode import Episode
from rowcall.memory import Memory, MemoryChange, Plan, RowClock, RowMemory
from rowcall.plan.renames import move_memory


def remember(memory: Memory, plan: Plan) -> Memory:
    """Return the memory with what a committed plan changes in rules, tables, rows, episodes, clocks and turns.

    Deliveries, receipts, holds and words of people live in the state and are read there at every tick.
    """
    change = plan.change
    tables = {name: one.table for name, one in memory.rules.items()}
    moved = move_memory(memory, change.moved, tables)
    return replace(
        moved,
        rules={**moved.rules, **{one.rule: one for one in change.rules}},
        tables={**moved.tables, **{one.table: one for one in change.tables}},
        rows=_rows(moved.rows, change),
        episodes=_episodes(moved.episodes, change),
        clocks=_clocks(moved.clocks, change),
        turns={**moved.turns, **change.turns},
        last_tick=plan.at,
    )


def _rows(
    known: Mapping[str, Mapping[str, RowMemory]], change: MemoryChange
) -> Mapping[str, Mapping[str, RowMemory]]:
    if not change.rows and not change.forgotten_rows:
        return known
    rows = {table: dict(by_key) for table, by_key in known.items()}
    for table, key in change.forgotten_rows:
        rows.get(table, {}).pop(key, None)
    for row in change.rows:
        rows.setdefault(row.table, {})[row.key] = row
    return rows


def _episodes(
    known: Mapping[str, Mapping[str, Episode]], change: MemoryChange
) -> Mapping[str, Mapping[str, Episode]]:
    touched = {one.rule for one in change.episodes} | {rule for rule, _ in change.forgotten_episodes}
    if not touched:
        return known
    # Only the rules that changed are copied: most of a shop's episodes rest.
    fresh = {rule: dict(known.get(rule, {})) for rule in touched}
    for rule, key in change.forgotten_episodes:
        fresh[rule].pop(key, None)
    for episode in change.episodes:
        fresh[episode.rule][episode.key] = episode
    return {**known, **fresh}


def _clocks(
    known: Mapping[str, Mapping[str, RowClock]], change: MemoryChange
) -> Mapping[str, Mapping[str, RowClock]]:
    touched = {one.rule for one in change.clocks} | {rule for rule, _ in change.forgotten_clocks}
    if not touched:
        return known
    fresh = {rule: dict(known.get(rule, {})) for rule in touched}
    for rule, key in change.forgotten_clocks:
        fresh[rule].pop(key, None)
    for clock in change.clocks:
        fresh[clock.rule][clock.key] = clock
    return {**known, **fresh}
