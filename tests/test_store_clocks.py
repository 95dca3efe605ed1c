"""Does the state keep the clocks of rows, turns and presses, and does an older state become this version's?"""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from rowcall.duration import Span, Unit
from rowcall.episode import DeliveryState, Episode, Phase, Progress
from rowcall.errors import StateConflict
from rowcall.memory import (
    Answer,
    Bundling,
    Hold,
    Lift,
    Lower,
    MemoryChange,
    OwnCell,
    Pause,
    Plan,
    Press,
    RowClock,
    RowMemory,
    RuleMemory,
)
from rowcall.remember import remember
from rowcall.store import Store
from rowcall.store.schema import META
from tests.state import MINUTE, NOW, commit, delivery, open_store, plan

OLD_STATE = Path(__file__).parent / "state_0001.sql"
CLOCK = RowClock(
    "r",
    "k",
    (Pause(NOW - MINUTE, NOW), Pause(NOW)),
    {"Status": NOW, "状态": NOW - MINUTE},
    {"Tier": Lower("Silver", NOW)},
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def test_clocks_turns_and_labels_come_back_and_both_ways_agree(store: Store) -> None:
    first = plan(
        change=MemoryChange(clocks=(CLOCK, RowClock("r", "gone")), turns={"packers": "ben", "owners": "dora"})
    )
    label = RuleMemory("r", label=NOW, occasion=7)
    then = plan(
        change=MemoryChange(rules=(label,), forgotten_clocks=(("r", "gone"),), turns={"packers": "anna"})
    )
    memory = store.load()
    for one in (first, then):
        store.commit(one, store.tick_number())
        memory = remember(store.load_news(memory), one)
    assert memory == store.load()
    assert memory.clocks == {"r": {"k": CLOCK}}
    assert memory.turns == {"packers": "anna", "owners": "dora"}
    assert memory.rules["r"] == label


class TestPress:
    def test_it_counts_once_and_until_it_is_carried_out(self, store: Store) -> None:
        number = store.tick_number()
        later = Span(2, Unit.HOUR, working=True)
        assert store.press("abc", ("r", "k", 1), "Later", NOW, snooze=later)
        assert not store.press("abc", ("r", "k", 1), "Later", NOW + MINUTE, snooze=later)
        assert store.press("def", ("r", "k", 1), "Done", NOW + MINUTE, stop=True)
        with pytest.raises(StateConflict):
            store.commit(Plan(NOW), number)
        presses = store.load().presses
        assert presses == (
            Press(1, "r", "k", 1, "Later", NOW, later),
            Press(2, "r", "k", 1, "Done", NOW + MINUTE, stop=True),
        )
        commit(store, change=MemoryChange(presses_seen=1))
        assert [one.number for one in store.load().presses] == [2]
        commit(store)
        assert [one.number for one in store.load().presses] == [2]


def test_a_renamed_row_takes_its_clock_and_presses_along(store: Store) -> None:
    rule = RuleMemory("r", table="T")
    other = RuleMemory("s", table="Other")
    episodes = Episode("r", "b", 4, Phase.ARMED, NOW), Episode("r", "a", 2, Phase.OPEN, NOW)
    clocks = RowClock("r", "a", (Pause(NOW),)), RowClock("r", "b"), RowClock("s", "a")
    commit(store, change=MemoryChange(rules=(rule, other), episodes=episodes, clocks=clocks))
    store.press("1", ("r", "a", 2), "Later", NOW)
    store.press("2", ("s", "a", 1), "Later", NOW)
    memory = store.load()
    moved = plan(change=MemoryChange(moved=(("T", "a", "b"),), lifts=(Lift("r", "a", 2, 5),)))
    store.commit(moved, store.tick_number())
    found = store.load()
    assert found.clocks == {"r": {"b": RowClock("r", "b", (Pause(NOW),))}, "s": {"a": RowClock("s", "a")}}
    assert [(one.rule, one.key, one.n) for one in found.presses] == [("r", "b", 5), ("s", "a", 1)]
    assert remember(memory, moved).clocks == found.clocks
    assert remember(memory, moved).presses == found.presses


def test_rows_that_swap_their_keys_swap_their_clocks(store: Store) -> None:
    clocks = RowClock("r", "a", (Pause(NOW),)), RowClock("r", "b", changed={"Status": NOW})
    commit(store, change=MemoryChange(rules=(RuleMemory("r", table="T"),), clocks=clocks))
    memory = store.load()
    swap = plan(change=MemoryChange(moved=(("T", "a", "b"), ("T", "b", "a"))))
    store.commit(swap, store.tick_number())
    found = store.load().clocks
    assert found == {
        "r": {"b": RowClock("r", "b", (Pause(NOW),)), "a": RowClock("r", "a", changed={"Status": NOW})}
    }
    assert remember(memory, swap).clocks == found


def test_a_line_of_a_digest_waits_for_its_mails(store: Store) -> None:
    line, mail = delivery("line"), delivery("mail")
    commit(store, line)
    store.commit(
        plan(mail, change=MemoryChange(bundled=(Bundling(line.id, (mail.id,)),))), store.tick_number()
    )
    assert store.load().open_deliveries[line.id].delivery.after == (mail.id,)


class TestOlderState:
    """state_0001.sql is a state written by the first version: a rule that has begun to act, asked, was answered."""

    @pytest.fixture
    def upgraded(self, tmp_path: Path) -> Store:
        raw = sqlite3.connect(tmp_path / "rowcall.db")
        raw.executescript(OLD_STATE.read_text())
        raw.close()
        return open_store(tmp_path)

    def test_nothing_is_lost(self, upgraded: Store) -> None:
        memory = upgraded.load()
        own = OwnCell("Stock", "K-1", "Low since", "", "2025-03-03")
        place = {"Stock": 3}
        assert memory.rules["low_stock"] == RuleMemory(
            "low_stock", "v1", place, looked_at=NOW, asked=2, own=(own,), wakes={"K-1": (NOW,)}, table="Stock", used={"K-0": 4}
        )  # fmt: skip
        progress = (
            Progress("start#1", 1, NOW),
            Progress("1 day after start#1", due_at=NOW + timedelta(days=1)),
        )
        assert memory.episodes["low_stock"] == {
            "K-1": Episode("low_stock", "K-1", 2, Phase.OPEN, NOW, NOW, progress=progress),
            "K-2": Episode("low_stock", "K-2", 1, Phase.OPEN, NOW, NOW, baseline=True),
        }
        assert memory.rows == {"Stock": {"K-9": RowMemory("Stock", "K-9", NOW, steady_since=NOW)}}
        assert memory.holds == {"h1": Hold("h1", "low_stock", "50 emails an hour", NOW, 3)}
        assert memory.answers == {"low_stock": Answer.LEAVE}
        assert memory.paused == {"other"}
        assert [(one.delivery.payload, one.state) for one in memory.open_deliveries.values()] == [
            (delivery("b").payload, DeliveryState.READY)
        ]
        assert [receipt.detail for receipt in memory.receipts] == ["250 ok"]
        assert (memory.clocks, memory.turns, memory.presses) == ({}, {}, ())
        assert upgraded.next_timer() == NOW + timedelta(days=1)

    def test_it_goes_on_and_keeps_what_is_new(self, upgraded: Store) -> None:
        upgraded.press("abc", ("low_stock", "K-1", 2), "Later", NOW)
        commit(upgraded, change=MemoryChange(clocks=(CLOCK,)))
        assert upgraded.load().clocks == {"r": {"k": CLOCK}}
        assert len(upgraded.load().presses) == 1

    def test_its_tables_are_those_that_the_code_knows(self, upgraded: Store) -> None:
        with upgraded.database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), META) == []
