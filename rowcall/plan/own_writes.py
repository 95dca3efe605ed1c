"""Which cells did a rule write itself, so that it does not take them for a person's edit?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rowcall.cells import Unreadable, parse_cell
from rowcall.episode import Episode, Phase, WrittenCell
from rowcall.language.rule import Rule
from rowcall.memory import Memory, OwnCell, RuleMemory
from rowcall.plan.conflicts import cells_of
from rowcall.plan.episodes import Masks
from rowcall.plan.inputs import TickInput
from rowcall.plan.looking import Own, look_at_rules, past_of, with_texts
from rowcall.table import Snapshot, Table


def remember_own(given: TickInput, memory: RuleMemory) -> RuleMemory:
    """Return the rule's memory with the cells it has written since the last tick."""
    own = {(one.table, one.key, one.column): one for one in memory.own}
    for receipt in given.memory.receipts:
        if receipt.effect.rule == memory.rule:
            for cell in receipt.cells:
                own[cell.table, cell.key, cell.column] = _merged(own, cell)
    return replace(memory, own=tuple(own.values()))


def written_cells(memory: Memory, table: str) -> Mapping[tuple[str, str], str]:
    """Return (key, column) → text of what all rules wrote into a table, as far as it is remembered."""
    own = {
        (one.key, one.column): one.after
        for rule in memory.rules.values()
        for one in rule.own
        if one.table == table
    }
    fresh = {
        (cell.key, cell.column): cell.after
        for receipt in memory.receipts
        for cell in receipt.cells
        if cell.table == table
    }
    return {**own, **fresh}


def unseen_cells(given: TickInput, memory: RuleMemory) -> Own:
    """Return the own writes that the rule has not evaluated yet: what its edges must look through.

    A write whose receipt is not there yet counts as well, if the cell already holds what it wanted.
    """
    found = {(one.table, one.key, one.column): one.after for one in memory.own if not one.seen}
    for waiting in given.memory.open_deliveries.values():
        if waiting.delivery.effect.rule != memory.rule:
            continue
        for cell in cells_of(waiting.delivery, given.house.actions):
            text = _text(given.snapshot, cell)
            if text is not None and _same_value(given, cell, text):
                found[cell.table, cell.key, cell.column] = text
    return found


def forget_own(
    memory: RuleMemory, rule: Rule, episodes: Mapping[str, Episode], changed: Mapping[str, Episode]
) -> RuleMemory:
    """Return the memory after the rule has looked: its writes are seen, those of ended episodes forgotten."""
    kept = []
    for one in memory.own:
        episode = changed.get(one.key) or episodes.get(one.key)
        if one.table == rule.table and episode is not None and episode.phase is Phase.OPEN:
            kept.append(replace(one, seen=True))
    return replace(memory, own=tuple(kept))


def own_view(
    given: TickInput, rule: Rule, memory: RuleMemory, keys: Iterable[str]
) -> tuple[Masks, Mapping[str, int]] | None:
    """Return the rule's masks for some rows as they would be without its own writes, None if it wrote none there.

    Only cells that still hold what the rule wrote are taken back: a person's edit stands.
    """
    wanted = set(keys)
    cells = {
        (one.table, one.key, one.column): one.before
        for one in memory.own
        if one.key in wanted and _still(given.snapshot, one)
    }
    if not cells:
        return None
    table = given.snapshot.tables[rule.table]
    rows = table.keys.is_in(sorted(wanted))
    part = replace(
        table, text=table.text.filter(rows), typed=table.typed.filter(rows), keys=table.keys.filter(rows)
    )
    snapshot = replace(given.snapshot, tables={**given.snapshot.tables, rule.table: part})
    without = with_texts(replace(given, snapshot=snapshot), cells)
    masks = look_at_rules(
        replace(given, snapshot=without), [rule], {rule.id: past_of(given, memory, (), {})}
    )[rule.id]
    if not isinstance(masks, Masks):
        return None
    return masks, {key: row for row, key in enumerate(part.keys.to_list())}


def _merged(own: Mapping[tuple[str, str, str], OwnCell], cell: WrittenCell) -> OwnCell:
    """Keep what stood there before the first write of the episode."""
    earlier = own.get((cell.table, cell.key, cell.column))
    before = cell.before if earlier is None else earlier.before
    return OwnCell(cell.table, cell.key, cell.column, before, cell.after)


def _still(snapshot: Snapshot, one: OwnCell) -> bool:
    cell = WrittenCell(one.table, one.key, one.column, one.before, one.after)
    return _text(snapshot, cell) == one.after


def _text(snapshot: Snapshot, cell: WrittenCell) -> str | None:
    table = snapshot.tables.get(cell.table)
    if table is None or cell.column not in table.text.columns:
        return None
    row = _row(table, cell.key)
    return None if row is None else table.text[cell.column][row] or ""


def _row(table: Table, key: str) -> int | None:
    found = table.keys.index_of(key)
    return found if found is not None else None


def _same_value(given: TickInput, cell: WrittenCell, text: str) -> bool:
    column = given.snapshot.tables[cell.table].schema.column(cell.column)
    values = [
        parse_cell(column, one, language=given.house.language, zone=given.house.zone)
        for one in (cell.after, text)
    ]
    return cell.after == text or (values[0] == values[1] and not isinstance(values[0], Unreadable))
