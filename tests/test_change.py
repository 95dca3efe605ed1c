"""What changed between two readings: by key, never by position."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcall.change import NO_CHANGE, Change, diff
from rowcall.table import Column, Schema, Table

SCHEMA = Schema("Orders", "shop", "Orders", ("No",), (Column("No"), Column("Status"), Column("Note")))


def table(*rows: Sequence[str | None], columns: Sequence[str] = ("No", "Status", "Note")) -> Table:
    text = pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row")
    return Table(SCHEMA, text, text, text["No"].alias("key"))


START = table(("1", "New", None), ("2", "Paid", "x"), ("3", "New", None))

CHANGES: Mapping[str, tuple[Table, Change]] = {
    "nothing": (START, NO_CHANGE),
    "sorted": (table(("3", "New", None), ("1", "New", None), ("2", "Paid", "x")), NO_CHANGE),
    "columns moved": (
        table((None, "1", "New"), ("x", "2", "Paid"), (None, "3", "New"), columns=("Note", "No", "Status")),
        NO_CHANGE,
    ),
    "cell edited": (
        table(("1", "New", None), ("2", "Paid", None), ("3", "New", None)),
        Change(edited=("2",)),
    ),
    "cell edited and rows sorted": (
        table(("3", "New", "y"), ("2", "Paid", "x"), ("1", "New", None)),
        Change(edited=("3",)),
    ),
    "inserted in the middle": (
        table(("1", "New", None), ("9", "New", "z"), ("2", "Paid", "x"), ("3", "New", None)),
        Change(added=("9",)),
    ),
    "one deleted, another appended": (
        table(("1", "New", None), ("3", "New", None), ("4", "New", None)),
        Change(added=("4",), removed=("2",)),
    ),
    "key renamed": (
        table(("1", "New", None), ("2-b", "Paid", "x"), ("3", "New", None)),
        Change(renamed=(("2", "2-b"),)),
    ),
    "two alike gone: no telling which": (
        table(("2", "Paid", "x"), ("4", "New", None)),
        Change(added=("4",), removed=("1", "3")),
    ),
    "column added with cells": (
        table(
            ("1", "New", None, None),
            ("2", "Paid", "x", "u"),
            ("3", "New", None, None),
            columns=("No", "Status", "Note", "Extra"),
        ),
        Change(edited=("2",)),
    ),
    "column gone": (
        table(("1", "New"), ("2", "Paid"), ("3", "New"), columns=("No", "Status")),
        Change(edited=("2",)),
    ),
    "all gone": (table(), Change(removed=("1", "2", "3"))),
}


@pytest.mark.parametrize("name", CHANGES)
def test_diff(name: str) -> None:
    after, change = CHANGES[name]
    assert diff(START, after) == change
    assert diff(START, after).same == (change == NO_CHANGE)


def test_at_first_sight_every_row_is_added() -> None:
    assert diff(None, START) == Change(added=("1", "2", "3"))


def test_rows_with_nothing_but_a_key_are_never_taken_for_renamed() -> None:
    assert diff(table(("1", None, None)), table(("2", None, None))) == Change(added=("2",), removed=("1",))


def test_a_key_set_aside_is_never_half_of_a_renaming() -> None:
    doubled = replace(table(("9", "Paid", "x")), aside=frozenset({"2"}))
    before = table(("2", "Paid", "x"))
    assert diff(before, doubled) == Change(added=("9",), removed=("2",))
    assert diff(doubled, before) == Change(added=("2",), removed=("9",))


KEYS = st.sampled_from("abcdefgh")
CELLS = st.one_of(st.none(), st.sampled_from(["", "New", "Paid", "0"]))
ROWS = st.dictionaries(KEYS, st.tuples(CELLS, CELLS), max_size=8)


@given(old=ROWS, new=ROWS, seed=st.integers(0, 99))
def test_applying_the_change_to_before_gives_after(
    old: dict[str, tuple[str | None, str | None]], new: dict[str, tuple[str | None, str | None]], seed: int
) -> None:
    shuffled = list(new)
    Random(seed).shuffle(shuffled)
    change = diff(table(*((key, *old[key]) for key in old)), table(*((key, *new[key]) for key in shuffled)))
    names = dict(change.renamed)
    applied = {names.get(key, key): cells for key, cells in old.items() if key not in change.removed}
    assert not applied.keys() & set(change.added)
    assert all(old[key] != new[key] for key in change.edited)
    assert all(
        old[was] == new[now] and any(cell is not None for cell in new[now]) for was, now in names.items()
    )
    assert applied | {key: new[key] for key in (*change.added, *change.edited)} == new
