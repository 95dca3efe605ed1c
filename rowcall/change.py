"""What is different between two readings of a table?

Rows are known by key: sorting rows, moving columns or inserting blank lines is no change.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from rowcall.table import Table

_NEW, _OLD = "\x00new", "\x00old"


@dataclass(frozen=True, slots=True)
class Change:
    """The keys of the rows that differ; a renamed row stands in `renamed` only.

    added, edited: in the order of the later reading. removed: in the order of the earlier one.
    renamed: (old key, new key) of rows whose other cells are all the same.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not (self.added or self.removed or self.edited or self.renamed)


NO_CHANGE = Change()
"""The change between two readings that hold the same rows."""


def diff(before: Table | None, after: Table) -> Change:
    """Return what changed from one reading to the next; without an earlier reading every row is added."""
    if before is None:
        return Change(added=tuple(after.keys))
    if before.keys.equals(after.keys):
        return _diff_in_place(before, after)
    return _diff_by_key(before, after)


def _diff_in_place(before: Table, after: Table) -> Change:
    """Compare row by row: far cheaper than by key, and most readings find every row where it was."""
    moved = _differing(before.text, after.text)
    return NO_CHANGE if moved is None else Change(edited=tuple(after.keys.filter(moved)))


def _diff_by_key(before: Table, after: Table) -> Change:
    old = pl.DataFrame({"key": before.keys}).with_row_index(_OLD)
    new = pl.DataFrame({"key": after.keys}).with_row_index(_NEW)
    both = new.join(old, on="key", how="left", maintain_order="left")
    added = both[_OLD].is_null()
    stayed = both.filter(~added)
    gone = pl.Series([True]).new_from_index(0, len(old)).scatter(stayed[_OLD], values=False)
    edited: tuple[str, ...] = ()
    if len(stayed):
        then, now = before.text[stayed[_OLD]], after.text[stayed[_NEW]] if added.any() else after.text
        moved = _differing(then, now)
        edited = () if moved is None else tuple(stayed["key"].filter(moved))
    # A key that stands twice is set aside, not gone, and was not new when it stood twice before.
    left = gone & ~before.keys.is_in(sorted(after.aside))
    came = added & ~after.keys.is_in(sorted(before.aside))
    renamed = _renamed(before, after, left, came)
    old_names, new_names = {pair[0] for pair in renamed}, {pair[1] for pair in renamed}
    return Change(
        added=tuple(key for key in after.keys.filter(added) if key not in new_names),
        removed=tuple(key for key in before.keys.filter(gone) if key not in old_names),
        edited=edited,
        renamed=renamed,
    )


def _differing(then: pl.DataFrame, now: pl.DataFrame) -> pl.Series | None:
    """Return which of the rows, equally many and in the same order, differ; None = none does."""
    found: pl.Series | None = None
    for name in [*now.columns, *(name for name in then.columns if name not in now.columns)]:
        # A column that only one reading has is an empty one in the other.
        if name not in then.columns or name not in now.columns:
            cells = (now if name in now.columns else then)[name]
            differs = cells.is_not_null()
        elif then[name].equals(now[name], null_equal=True):
            continue
        else:
            differs = then[name].ne_missing(now[name])
        if differs.any():
            found = differs if found is None else found | differs
    return found


def _renamed(before: Table, after: Table, gone: pl.Series, added: pl.Series) -> tuple[tuple[str, str], ...]:
    """Return the pairs of one key gone and one new whose other cells are all equal, and equal to no third."""
    names = sorted((set(before.text.columns) | set(after.text.columns)) - set(after.schema.key))
    if not (after.schema.key and names and gone.any() and added.any()):
        return ()
    old = _loners(before.text.filter(gone), before.keys.filter(gone), names, _OLD)
    new = _loners(after.text.filter(added), after.keys.filter(added), names, _NEW)
    pairs = new.join(old, on=names, how="inner", nulls_equal=True, maintain_order="left")
    return tuple(zip(pairs[_OLD], pairs[_NEW], strict=True))


def _loners(text: pl.DataFrame, keys: pl.Series, names: Sequence[str], label: str) -> pl.DataFrame:
    """Return the rows that hold something beside their key and share it with no other row."""
    absent = [pl.lit(None, pl.String).alias(name) for name in names if name not in text.columns]
    rows = text.with_columns(*absent, keys.alias(label)).select(label, *names)
    filled = rows.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    return filled.filter(filled.select(names).is_unique())
