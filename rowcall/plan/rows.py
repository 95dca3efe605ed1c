"""Which rows of a table are new, still being typed, renamed, missing or gone?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import polars as pl

from rowcall.change import Change, diff
from rowcall.memory import RowMemory, TableMemory
from rowcall.table import Table

SHRINK_AT_LEAST = 10
"""Fewer rows than this may vanish in one read without anybody being asked."""
SHRUNK_FOR = timedelta(days=1)
"""Rows gone for that long without another change are believed to be gone."""
REMEMBER_NEW_FOR = timedelta(days=1)
"""How long a settled row is still known as new, for rules that look less often than every tick."""
READS_UNTIL_GONE = 2

Written = Mapping[tuple[str, str], str]
"""Cells by (key, column) → the text that Rowcall wrote."""


@dataclass(frozen=True, slots=True)
class RowLife:
    """What became of the rows of one table since the last snapshot.

    settling: rows too new to act on. missing: rows not seen in this read, deleted or not.
    deleted: rows that count as deleted since this tick. returned: rows that are back, with their texts of before.
    shrunk: deletions and figures wait, because more than half of the rows are gone. rows: the memory to keep.
    """

    table: TableMemory
    change: Change
    settling: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    returned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    shrunk: bool = False
    rows: Mapping[str, RowMemory] = field(default_factory=dict)

    @property
    def gone(self) -> frozenset[str]:
        """Every row that counts as deleted, since this tick or before."""
        return frozenset(key for key, row in self.rows.items() if row.missing_reads > READS_UNTIL_GONE)

    def new_since(self, looked_at: datetime | None) -> frozenset[str]:
        """Return the rows that have settled since a rule last looked."""
        return frozenset(
            key
            for key, row in self.rows.items()
            if row.settled_at is not None and (looked_at is None or row.settled_at > looked_at)
        )


def follow_rows(
    before: Table | None,
    after: Table,
    known: Mapping[str, RowMemory],
    table: TableMemory | None,
    *,
    settle: timedelta,
    now: datetime,
    written: Written | None = None,
) -> RowLife:
    """Return what became of the rows; on first sight of a table (no `before`) every row has always been there.

    written: what Rowcall itself wrote since `before`, so that a row renamed at the same time is still known.
    """
    change = diff(before, after)
    if before is not None and written and change.added and change.removed:
        change = _with_renamed(change, diff(_as_written(before, written), after))
    table = table or TableMemory(after.schema.table)
    if before is None:
        return RowLife(_counted(table, after, known={}, shrunk=False, now=now), change)
    name = after.schema.table
    rows = dict(known)
    for old, new in change.renamed:
        rows.pop(new, None)  # what an earlier row of that name left behind
        if old in rows:
            rows[new] = replace(rows.pop(old), key=new)
    returned = _take_returned(rows, change, now)
    _follow_missing(rows, change, before, after, name, now)
    _follow_new(rows, change, returned, name, settle, now)
    missing = {key for key, row in rows.items() if row.missing_reads}
    waiting = {key for key in missing if rows[key].missing_reads <= READS_UNTIL_GONE}
    shrunk = len(waiting) >= SHRINK_AT_LEAST and len(waiting) * 2 > len(after) + len(waiting)
    memory = _counted(table, after, rows, shrunk=shrunk, now=now)
    believed = memory.accepted or (
        memory.shrunk_since is not None and now - memory.shrunk_since >= SHRUNK_FOR
    )
    deleted = _delete(rows, waiting) if not shrunk or believed else frozenset()
    settling = frozenset(key for key, row in rows.items() if row.steady_since is not None)
    return RowLife(
        memory,
        change,
        settling,
        frozenset(missing),
        deleted,
        returned={key: row.last for key, row in returned.items()},
        shrunk=shrunk and not believed,
        rows=rows,
    )


def _with_renamed(change: Change, seen_through: Change) -> Change:
    """Return the change with the renames that show once Rowcall's own writes are looked through."""
    old, new = {pair[0] for pair in seen_through.renamed}, {pair[1] for pair in seen_through.renamed}
    return replace(
        change,
        added=tuple(key for key in change.added if key not in new),
        removed=tuple(key for key in change.removed if key not in old),
        renamed=seen_through.renamed,
    )


def _as_written(table: Table, written: Written) -> Table:
    """Return the table as it stood once Rowcall had written its cells."""
    text = table.text
    keys = table.keys.to_list()
    for name in {column for _, column in written} & set(text.columns):
        texts = [
            written.get((key, name), now) or None for key, now in zip(keys, text[name].to_list(), strict=True)
        ]
        text = text.with_columns(pl.Series(name, texts, dtype=pl.String))
    return replace(table, text=text)


def _take_returned(rows: dict[str, RowMemory], change: Change, now: datetime) -> dict[str, RowMemory]:
    """Take out the rows that are back: their memory goes on as if they had never been away."""
    back = {key: rows.pop(key) for key in change.added if key in rows and rows[key].missing_reads}
    for key, row in back.items():
        if row.steady_since is not None:  # it had never settled: it starts to settle anew
            rows[key] = RowMemory(row.table, key, row.first_seen, steady_since=now)
        elif row.settled_at is not None:
            rows[key] = RowMemory(row.table, key, row.first_seen, settled_at=row.settled_at)
    return back


def _follow_missing(
    rows: dict[str, RowMemory], change: Change, before: Table, after: Table, table: str, now: datetime
) -> None:
    for key, row in list(rows.items()):
        if row.missing_reads and row.missing_reads < READS_UNTIL_GONE:
            rows[key] = _missing(row, row.missing_reads + 1, row.missing_since or now, row.last)
    gone = [key for key in change.removed if key not in after.aside]
    if not gone:
        return
    texts = _texts(before, gone)
    for key in gone:
        row = rows.get(key) or RowMemory(table, key, now)
        rows[key] = _missing(row, 1, now, texts[key])


def _missing(row: RowMemory, reads: int, since: datetime, last: Mapping[str, str]) -> RowMemory:
    return RowMemory(row.table, row.key, row.first_seen, row.steady_since, row.settled_at, since, reads, last)


def _follow_new(
    rows: dict[str, RowMemory],
    change: Change,
    returned: Mapping[str, RowMemory],
    table: str,
    settle: timedelta,
    now: datetime,
) -> None:
    edited = set(change.edited)
    for key in change.added:
        if key not in rows and key not in returned:
            rows[key] = RowMemory(table, key, now, steady_since=now)
    for key, row in list(rows.items()):
        if row.steady_since is not None and not row.missing_reads:
            steady = now if key in edited else row.steady_since
            settled = now - steady >= settle
            rows[key] = RowMemory(
                table, key, row.first_seen, None if settled else steady, now if settled else None
            )
        elif row.settled_at is not None and not row.missing_reads and now - row.settled_at > REMEMBER_NEW_FOR:
            del rows[key]


def _delete(rows: dict[str, RowMemory], waiting: set[str]) -> frozenset[str]:
    """Count rows that were missing often enough as deleted, once."""
    gone = frozenset(key for key in waiting if rows[key].missing_reads >= READS_UNTIL_GONE)
    for key in gone:
        row = rows[key]
        rows[key] = _missing(row, READS_UNTIL_GONE + 1, row.missing_since or row.first_seen, row.last)
    return gone


def _counted(
    table: TableMemory, after: Table, known: Mapping[str, RowMemory], *, shrunk: bool, now: datetime
) -> TableMemory:
    since = (table.shrunk_since or now) if shrunk else None
    return TableMemory(
        table=after.schema.table,
        snapshot=table.snapshot,
        rows=len(after) + sum(1 for row in known.values() if row.missing_reads),
        shrunk_since=since,
        accepted=table.accepted and shrunk,
    )


def _texts(table: Table, keys: list[str]) -> dict[str, dict[str, str]]:
    rows = table.text.filter(table.keys.is_in(keys)).to_dicts()
    names = table.keys.filter(table.keys.is_in(keys)).to_list()
    return {
        key: {column: text for column, text in row.items() if text is not None}
        for key, row in zip(names, rows, strict=True)
    }
