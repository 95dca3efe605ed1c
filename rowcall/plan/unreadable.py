"""What did a cell say before it became unreadable, so that a change across `N/A` is not lost?"""

from collections.abc import Iterable

import polars as pl

from rowcall.language.asking import lines_of
from rowcall.language.condition import Edge
from rowcall.language.rule import Rule
from rowcall.memory import CellText, RuleMemory
from rowcall.plan.inputs import TickInput
from rowcall.plan.looking import Own, Past
from rowcall.table import Table


def last_readable(memory: RuleMemory) -> Own:
    """Return the cells whose past the rule remembers because they can't be read now."""
    return {(one.table, one.key, one.column): one.text for one in memory.unreadable}


def note_unreadable(given: TickInput, rule: Rule, past: Past, memory: RuleMemory) -> tuple[CellText, ...]:
    """Return, for every cell that an edge of the rule asks of and that can't be read now, its last readable text."""
    table = given.snapshot.tables[rule.table]
    before = past.tables.get(rule.table)
    known = last_readable(memory)
    return tuple(
        CellText(rule.table, key, column, text)
        for column in sorted(_edge_columns(rule) & set(table.text.columns))
        for key in _unreadable_keys(table, column)
        if (text := known.get((rule.table, key, column), _readable_text(before, key, column))) is not None
    )


def _edge_columns(rule: Rule) -> frozenset[str]:
    edges: Iterable[Edge] = (line for line in lines_of(rule.when) if isinstance(line, Edge))
    return frozenset(edge.ref.column.name for edge in edges if not edge.ref.links)


def _unreadable_keys(table: Table, column: str) -> list[str]:
    keys: list[str] = table.keys.filter(_unreadable(table, column)).to_list()
    return keys


def _unreadable(table: Table, column: str) -> pl.Series:
    return table.typed[column].is_null() & table.text[column].is_not_null()


def _readable_text(before: Table | None, key: str, column: str) -> str | None:
    """Return the text that the cell had then, "" for an empty one; None if it was not there or unreadable."""
    row = before.keys.index_of(key) if before is not None else None
    if before is None or row is None or column not in before.text.columns:
        return None
    text: str | None = before.text[column][row]
    return None if text is not None and before.typed[column][row] is None else text or ""
