"""Does the state keep what it is given, all of it or nothing, and say plainly what is wrong with it?"""

import os
import sqlite3
import stat
import string
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rowcall.episode import DeliveryState, Episode, Phase, Progress
from rowcall.errors import Place, StateBusy, StateConflict, StateError, UsageError
from rowcall.memory import (
    Answer,
    Hold,
    Memory,
    MemoryChange,
    OwnCell,
    Plan,
    RowMemory,
    RuleMemory,
    StateChange,
    TableMemory,
)
from rowcall.store import LostPayload, Store, lead, migrate
from rowcall.store.schema import META
from rowcall.table import Schema, Table
from tests.state import MINUTE, NOW, TYPES, URL, commit, delivery, firing, open_store, plan, state_of


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


words = st.text(string.ascii_letters + "é中 '\"%_-|", min_size=1, max_size=6)
moments = st.integers(0, 10**7).map(lambda minutes: NOW + timedelta(minutes=minutes, microseconds=minutes))
maybe = st.none() | moments
texts = st.dictionaries(words, st.text(max_size=5), max_size=2)
progress = st.lists(
    st.builds(Progress, words, st.integers(0, 9), maybe, maybe, maybe),
    max_size=3,
    unique_by=lambda one: one.entry,
).map(tuple)
episodes = st.lists(
    st.builds(
        Episode,
        words,
        words,
        st.integers(1, 9),
        st.sampled_from(Phase),
        moments,
        maybe,
        st.booleans(),
        progress,
    ),
    max_size=6,
    unique_by=lambda one: (one.rule, one.key),
)
own = st.builds(OwnCell, words, words, words, st.text(max_size=3), st.text(max_size=3), st.booleans())
rules = st.lists(
    st.builds(
        RuleMemory,
        rule=words,
        version=words,
        place=st.dictionaries(words, st.integers(0, 99), max_size=2),
        looked_at=maybe,
        asked=st.integers(0, 9),
        own=st.lists(own, max_size=2).map(tuple),
        wakes=st.dictionaries(words, st.lists(moments, max_size=2).map(tuple), max_size=2),
        table=words,
    ),
    max_size=3,
    unique_by=lambda one: one.rule,
)
tables = st.lists(
    st.builds(TableMemory, words, st.integers(0, 9), st.integers(0, 9), maybe, st.booleans(), words),
    max_size=3,
    unique_by=lambda one: one.table,
)
rows = st.lists(
    st.builds(RowMemory, table=words, key=words, first_seen=moments, steady_since=maybe, last=texts),
    max_size=4,
    unique_by=lambda one: (one.table, one.key),
)
holds = st.lists(
    st.builds(Hold, words, words, words, moments, st.integers(0, 9)), max_size=3, unique_by=lambda one: one.id
)
changes = st.builds(
    MemoryChange,
    rules=rules.map(tuple),
    tables=tables.map(tuple),
    rows=rows.map(tuple),
    episodes=episodes.map(tuple),
    holds=holds.map(tuple),
)


def _merged(memory: Memory, change: MemoryChange) -> Memory:
    """Apply a change the slow and obvious way."""
    kept_rows = {table: dict(found) for table, found in memory.rows.items()}
    for row in change.rows:
        kept_rows.setdefault(row.table, {})[row.key] = row
    kept_episodes = {rule: dict(found) for rule, found in memory.episodes.items()}
    for episode in change.episodes:
        kept_episodes.setdefault(episode.rule, {})[episode.key] = episode
    return Memory(
        rules={**memory.rules, **{one.rule: one for one in change.rules}},
        tables={**memory.tables, **{one.table: one for one in change.tables}},
        rows=kept_rows,
        episodes=kept_episodes,
        holds={**memory.holds, **{one.id: one for one in change.holds}},
        last_tick=NOW,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(changes, min_size=1, max_size=3))
def test_memory_comes_back_as_it_was_committed(some: list[MemoryChange]) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        expected = Memory()
        for change in some:
            store.commit(Plan(NOW, change=change), store.tick_number())
            expected = _merged(expected, change)
            assert store.load() == expected
        store.close()


class TestCommit:
    def test_a_plan_made_on_an_older_state_is_refused_whole(self, store: Store) -> None:
        number = store.tick_number()
        store.commit(plan(delivery("a")), number)
        with pytest.raises(StateConflict, match="nothing was changed"):
            store.commit(plan(delivery("b")), number)
        assert [one.delivery.payload for one in store.deliveries()] == [delivery("a").payload]

    def test_a_failing_commit_leaves_nothing_behind(self, store: Store) -> None:
        unknown = delivery("b", kind="fax")
        with pytest.raises(StateError, match='no action "fax"'):
            commit(store, delivery("a"), unknown)
        assert store.tick_number() == 0
        assert store.load() == Memory()

    def test_an_effect_that_was_planned_before_is_not_planned_again(self, store: Store) -> None:
        commit(store, delivery("a"))
        store.drop(delivery("a").id, NOW)
        commit(store, delivery("a"))
        assert state_of(store, delivery("a")) == "cancelled"
        assert store.load().open_deliveries == {}

    def test_open_deliveries_come_back_with_their_state(self, store: Store) -> None:
        first = delivery("a", send_after=NOW + MINUTE, expires_at=NOW + 9 * MINUTE)
        second = delivery("b", after=[first])
        commit(store, first, second)
        found = store.load().open_deliveries
        assert found[first.id].delivery == first
        assert found[second.id].state is DeliveryState.WAITING
        assert found[second.id].delivery.after == (first.id,)

    def test_a_delivery_after_an_unknown_one_is_cancelled_and_says_so(self, store: Store) -> None:
        second = delivery("b", after=[delivery("never planned")])
        commit(store, second)
        assert store.delivery(second.id).reason.endswith("is not known")
        assert state_of(store, second) == "cancelled"

    def test_the_next_timer_is_the_earliest_that_is_known(self, store: Store) -> None:
        assert store.next_timer() is None
        ahead = Progress("a", due_at=NOW + 2 * MINUTE), Progress("b", due_at=NOW + MINUTE), Progress("c")
        fired = Progress("d", 1, NOW, NOW, NOW - MINUTE)
        steps = (*ahead, fired)
        commit(store, change=MemoryChange(episodes=(Episode("r", "k", 1, Phase.OPEN, NOW, progress=steps),)))
        assert store.next_timer() == NOW + MINUTE

    def test_forgotten_rows_and_episodes_are_gone(self, store: Store) -> None:
        row, episode = (
            RowMemory("T", "k", NOW),
            Episode("r", "k", 1, Phase.PENDING, NOW, None, False, (Progress("e"),)),
        )
        commit(store, change=MemoryChange(rows=(row,), episodes=(episode,)))
        commit(store, change=MemoryChange(forgotten_rows=(("T", "k"),), forgotten_episodes=(("r", "k"),)))
        assert (store.load().rows, store.load().episodes) == ({}, {})

    def test_planned_mails_count_in_limits_until_they_are_cancelled(self, store: Store) -> None:
        commit(
            store, delivery("a"), delivery("b", send_after=NOW + MINUTE), delivery("cell", lane="workbook:W")
        )
        assert [(one.address, one.at) for one in store.load().mails] == [
            ("a@example.com", NOW),
            ("b@example.com", NOW + MINUTE),
        ]
        store.drop(delivery("a").id, NOW)
        assert [one.address for one in store.load().mails] == ["b@example.com"]


@pytest.mark.parametrize(
    ("to", "after"),
    [
        (DeliveryState.CANCELLED, ["cancelled", "cancelled"]),
        (DeliveryState.HELD, ["held", "waiting"]),
        (DeliveryState.READY, ["ready", "waiting"]),
    ],
)
def test_a_plan_moves_an_open_delivery_and_those_behind_it(
    store: Store, to: DeliveryState, after: list[str]
) -> None:
    first = delivery("a")
    second = delivery("b", after=[first])
    commit(store, first, second)
    commit(store, change=MemoryChange(states=(StateChange(first.id, to, "told"),)))
    assert [state_of(store, first), state_of(store, second)] == after


def test_a_held_delivery_is_released_with_a_new_date_of_expiry(store: Store) -> None:
    one = delivery("a", expires_at=NOW + MINUTE)
    commit(store, one)
    commit(store, change=MemoryChange(states=(StateChange(one.id, DeliveryState.HELD, "limit"),)))
    later = StateChange(one.id, DeliveryState.READY, "released", NOW + 5 * MINUTE)
    commit(store, change=MemoryChange(states=(later,)))
    assert store.delivery(one.id).delivery.expires_at == NOW + 5 * MINUTE
    assert state_of(store, one) == "ready"


class TestRename:
    def test_everything_of_the_old_key_belongs_to_the_new(self, store: Store) -> None:
        episode = Episode("low_stock", "old", 2, Phase.OPEN, NOW, NOW, False, (Progress("e", 1, NOW),))
        rule = RuleMemory(
            "low_stock", table="Stock", wakes={"old": (NOW,)}, own=(OwnCell("Stock", "old", "C", "", "x"),)
        )
        row = RowMemory("Stock", "old", NOW)
        commit(
            store, delivery("a", key="old"), change=MemoryChange((rule,), rows=(row,), episodes=(episode,))
        )
        commit(store, change=MemoryChange(moved=(("Stock", "old", "new"),)))
        memory = store.load()
        assert memory.episodes["low_stock"] == {
            "new": Episode("low_stock", "new", 2, Phase.OPEN, NOW, NOW, False, episode.progress)
        }
        assert memory.rows["Stock"]["new"].key == "new"
        assert memory.rules["low_stock"].wakes == {"new": (NOW,)}
        assert memory.rules["low_stock"].own[0].key == "new"
        assert [one.delivery.effect.key for one in memory.open_deliveries.values()] == ["new"]
        assert [one.key for one in store.firings_of("low_stock", "new")] == ["new"]

    def test_rows_may_swap_keys_and_other_tables_keep_theirs(self, store: Store) -> None:
        episodes = [
            Episode(rule, key, n, Phase.OPEN, NOW) for rule in ("r", "other") for n, key in enumerate("ab", 1)
        ]
        tables = (RuleMemory("r", table="T"), RuleMemory("other", table="U"))
        commit(store, change=MemoryChange(rules=tables, episodes=tuple(episodes)))
        commit(store, change=MemoryChange(moved=(("T", "a", "b"), ("T", "b", "a"))))
        found = store.load().episodes
        assert {key: one.n for key, one in found["r"].items()} == {"b": 1, "a": 2}
        assert {key: one.n for key, one in found["other"].items()} == {"a": 1, "b": 2}

    def test_a_key_once_used_by_another_row_is_taken_over(self, store: Store) -> None:
        both = Episode("r", "a", 5, Phase.OPEN, NOW), Episode("r", "b", 1, Phase.ARMED, NOW)
        commit(store, change=MemoryChange(rules=(RuleMemory("r", table="T"),), episodes=both))
        commit(store, change=MemoryChange(moved=(("T", "a", "b"),)))
        assert {key: one.n for key, one in store.load().episodes["r"].items()} == {"b": 5}


class TestSnapshots:
    def table(self, *cells: str | None) -> Table:
        keys = [str(number) for number in range(len(cells))]
        text = pl.DataFrame({"SKU": keys, "备注": cells}, schema={"SKU": pl.String, "备注": pl.String})
        return Table(Schema("T", "w", "T"), text, text, text["SKU"])

    def test_a_snapshot_stays_as_long_as_a_rule_has_its_place_there(self, store: Store) -> None:
        for number in (1, 2, 3):
            place = {"T": 1 if number < 3 else 3}
            change = MemoryChange((RuleMemory("r", place=place),), (TableMemory("T", number),))
            table = self.table("x", None, str(number))
            store.commit(Plan(NOW, change=change, snapshots={"T": (number, table)}), store.tick_number())
            kept = [n for n in (1, 2, 3) if store.snapshot("T", n) is not None]
            assert kept == {1: [1], 2: [1, 2], 3: [3]}[number]
        found = store.snapshot("T", 3)
        assert found is not None
        assert found.equals(self.table("x", None, "3").text)

    def test_an_empty_table_comes_back_with_its_columns(self, store: Store) -> None:
        change = MemoryChange(tables=(TableMemory("T", 1),))
        store.commit(Plan(NOW, change=change, snapshots={"T": (1, self.table())}), 0)
        found = store.snapshot("T", 1)
        assert found is not None
        assert found.schema == {"SKU": pl.String, "备注": pl.String}


class TestWords:
    def test_an_answer_is_heard_by_the_next_plan_only(self, store: Store) -> None:
        commit(store, change=MemoryChange(rules=(RuleMemory("r", asked=3),)))
        assert store.say_answer("r", Answer.ACT, NOW) == 3
        assert store.say_answer("r", Answer.LEAVE, NOW) == 3
        assert store.load().answers == {"r": Answer.LEAVE}
        commit(store, change=MemoryChange(taken_answers=("r",)))
        assert store.load().answers == {}

    def test_a_plan_that_did_not_hear_a_word_is_refused(self, store: Store) -> None:
        number = store.tick_number()
        store.pause("r", NOW)
        with pytest.raises(StateConflict):
            store.commit(plan(), number)

    def test_paused_until_resumed(self, store: Store) -> None:
        store.pause("a", NOW)
        store.pause("b", NOW)
        store.resume("a", NOW)
        assert store.load().paused == {"b"}

    def test_a_hold_is_released_and_then_closed(self, store: Store) -> None:
        commit(store, change=MemoryChange(holds=(Hold("h", "r", "40 rows at once", NOW, 50),)))
        assert store.say_hold("r", "release", NOW) == 50
        assert store.load().holds["h"].decision == "release"
        commit(store, change=MemoryChange(closed_holds=("h",)))
        assert store.load().holds == {}

    @pytest.mark.parametrize(
        ("ask", "message"),
        [
            (lambda s: s.say_answer("low_stok", Answer.ACT, NOW), 'did you mean "low_stock"'),
            (lambda s: s.say_answer("low_stock", Answer.ACT, NOW), "no open question"),
            (lambda s: s.say_hold("low_stock", "drop", NOW), "nothing of rule low_stock is held"),
            (lambda s: s.retry("ffff", NOW), "outbox list"),
            (
                lambda s: (s.drop(delivery("a").id, NOW), s.drop(delivery("a").id, NOW)),
                "is cancelled; it can't",
            ),
            (
                lambda s: (s.drop(delivery("a").id, NOW), s.retry(delivery("a").id, NOW)),
                "is cancelled; only one",
            ),
            (lambda s: s.delivery("ffff"), 'no delivery begins with "ffff"'),
            (lambda s: s.delivery(""), "more than one delivery"),
            (lambda s: s.undo_info(delivery("a").id), "written no cell"),
        ],
    )
    def test_a_word_that_fits_nothing_is_refused_plainly(
        self, store: Store, ask: object, message: str
    ) -> None:
        change = MemoryChange(rules=(RuleMemory("low_stock"),))
        commit(store, delivery("a"), delivery("b"), change=change)
        assert callable(ask)
        with pytest.raises(UsageError, match=message):
            ask(store)


class TestLedger:
    def test_deliveries_are_listed_newest_first_by_state_and_rule(self, store: Store) -> None:
        commit(store, delivery("a"), delivery("b"))
        store.drop(delivery("a").id, NOW)
        assert [one.delivery.id for one in store.deliveries()] == [delivery("b").id, delivery("a").id]
        assert [one.delivery.id for one in store.deliveries([DeliveryState.CANCELLED])] == [delivery("a").id]
        assert store.deliveries(rule="other") == []
        assert store.delivery(delivery("a").id[:8]).reason == "dropped by a person"
        assert store.delivery(delivery("a").id).table == "Stock"

    def test_the_firings_of_a_row_hold_the_deliveries_as_they_stand(self, store: Store) -> None:
        commit(store, delivery("a"))
        store.drop(delivery("a").id, NOW)
        (found,) = store.firings_of("low_stock", "a")
        assert found.because == firing().because
        assert [one.state for one in found.deliveries] == [DeliveryState.CANCELLED]

    def test_a_payload_that_the_action_no_longer_understands_says_so(
        self, store: Store, tmp_path: Path
    ) -> None:
        commit(store, delivery("a"))
        store.close()
        (found,) = Store.open(URL, tmp_path, {"note": Place}).load().open_deliveries.values()
        assert isinstance(found.delivery.payload, LostPayload)
        assert "Place has no field text" in found.delivery.payload.why

    def test_a_payload_of_an_action_that_is_gone_does_not_stop_the_rest(
        self, store: Store, tmp_path: Path
    ) -> None:
        commit(store, delivery("a"))
        store.close()
        (found,) = Store.open(URL, tmp_path, {}).load().open_deliveries.values()
        assert found.delivery.payload == LostPayload(
            "note", '{"text":"a"}', 'there is no action "note" any more'
        )


class TestForm:
    def test_the_steps_lead_to_the_tables_that_the_code_knows(self, store: Store) -> None:
        with store.database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection), META) == []

    def test_the_newest_step_is_the_one_that_opening_asks_for(self) -> None:
        script = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations"))
        assert script.get_current_head() == migrate.NEWEST

    def test_opening_again_keeps_everything(self, store: Store, tmp_path: Path) -> None:
        commit(store, delivery("a"))
        memory = store.load()
        store.close()
        assert open_store(tmp_path).load() == memory

    def test_many_may_open_a_new_one_at_the_same_time(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            stores = list(pool.map(open_store, [tmp_path] * 8))
        assert {one.tick_number() for one in stores} == {0}

    def test_only_the_owner_may_read_it(self, store: Store, tmp_path: Path) -> None:
        commit(store, delivery("a"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert modes["rowcall.db"] == 0o600
        assert set(modes.values()) == {0o600}

    def test_a_folder_with_odd_signs_is_fine(self, tmp_path: Path) -> None:
        folder = tmp_path / "100% 中文 #1?"
        folder.mkdir()
        commit(open_store(folder), delivery("a"))
        assert (folder / "rowcall.db").exists()


class TestTrouble:
    def test_a_damaged_file_is_named_with_the_way_out(self, tmp_path: Path) -> None:
        (tmp_path / "rowcall.db").write_bytes(b"this is no database" * 100)
        with pytest.raises(StateError, match=r"rowcall.db is damaged .* move it away"):
            open_store(tmp_path)

    def test_a_file_of_which_a_part_was_overwritten_is_damaged(self, tmp_path: Path) -> None:
        store = open_store(tmp_path)
        commit(store, *[delivery(str(number)) for number in range(300)])
        store.close()
        path = tmp_path / "rowcall.db"
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xff" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(StateError, match="damaged"):
            open_store(tmp_path).load()

    def test_the_database_of_another_program_is_left_alone(self, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "rowcall.db")
        other.execute("CREATE TABLE recipes (name TEXT)")
        other.close()
        with pytest.raises(StateError, match="not Rowcall's"):
            open_store(tmp_path)

    def test_a_newer_form_is_refused(self, store: Store, tmp_path: Path) -> None:
        store.close()
        raw = sqlite3.connect(tmp_path / "rowcall.db")
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
        raw.close()
        with pytest.raises(StateError, match=r"newer Rowcall .*9999"):
            open_store(tmp_path)

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            ("rowcall.db", "no database address"),
            ("sqlite://", "the state is a file"),
            ("mysql://shop/db", "the state is a file"),
            ("sqlite:///missing/rowcall.db", "does not exist"),
        ],
    )
    def test_an_address_that_can_not_be_used(self, tmp_path: Path, url: str, message: str) -> None:
        with pytest.raises(StateError, match=message):
            Store.open(url, tmp_path, TYPES)

    def test_a_path_that_is_a_folder_is_not_writable(self, tmp_path: Path) -> None:
        (tmp_path / "rowcall.db").mkdir()
        with pytest.raises(StateError, match="can't be opened for writing"):
            open_store(tmp_path)


def test_only_one_process_leads(tmp_path: Path) -> None:
    state = tmp_path / "rowcall.db"
    with lead(state), pytest.raises(StateBusy, match=f"process {os.getpid()}"), lead(state):
        pass
    with lead(state):
        pass
    with pytest.raises(StateError, match="can't be made"), lead(tmp_path / "missing" / "rowcall.db"):
        pass
