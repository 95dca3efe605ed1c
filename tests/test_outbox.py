"""Is each delivery made once, tried again when it failed, and given up with a reason?"""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from rowcall.clock import SetClock, SystemClock
from rowcall.episode import Delivery, DeliveryState, Ending, WrittenCell
from rowcall.errors import (
    DeliveryError,
    DeliveryUncertain,
    StateBusy,
    TemplateError,
    WorkbookBusy,
    WorkbookError,
    WriteRefused,
)
from rowcall.memory import MemoryChange
from rowcall.outbox import Outbox, Pace
from rowcall.outbox.effect import Deliver
from rowcall.store import Outcome, Store, Worker
from rowcall.tools import Result, Tools
from tests.state import (
    MINUTE,
    NOW,
    TYPES,
    URL,
    Note,
    Notebook,
    commit,
    delivery,
    desk,
    open_store,
    state_of,
    tools,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Answer = Result | Exception


@dataclass(slots=True)
class Scripted:
    """An action that answers as it is told, by the text of the delivery; SENT when it is not told."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    states: list[DeliveryState] = field(default_factory=list)

    def __call__(self, deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
        payloads = [one.payload for one in deliveries]
        texts = [payload.text for payload in payloads if isinstance(payload, Note)]
        self.calls.append(texts)
        self.states += [one.state for one in deliveries]
        found = [
            self.answers[text].pop(0) if self.answers.get(text) else Result(Ending.SENT) for text in texts
        ]
        for answer in found:
            if isinstance(answer, Exception):
                raise answer
        return [answer for answer in found if isinstance(answer, Result)]


@dataclass(slots=True)
class Post:
    """A store and an outbox over it, with the shop's and the machine's clock in hand."""

    store: Store
    action: Scripted
    pace: Pace = field(default_factory=lambda: Pace(chance=lambda: 1.0))
    machine: SetClock = field(default_factory=lambda: SetClock(NOW))

    def deliver(self, at: datetime = NOW) -> list[tuple[str, str, int]]:
        outbox = Outbox(
            self.store,
            {"note": self.action},
            tools,
            SetClock(at),
            self.machine,
            Worker("w", MINUTE),
            self.pace,
        )
        names = {one.delivery.id: one.delivery.payload for one in self.store.deliveries()}
        texts = {id_: payload.text for id_, payload in names.items() if isinstance(payload, Note)}
        return [(texts[one.id], one.state.value, one.tries) for one in outbox.deliver_due(at)]


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(open_store(tmp_path), Scripted())


def told(post: Post, one: Delivery) -> list[Ending | None]:
    return [attempt.ending for attempt in post.store.attempts(one.id)]


class TestWhenItIsDue:
    def test_each_is_sent_once_in_the_order_planned(self, post: Post) -> None:
        commit(post.store, *[delivery(name) for name in "abc"])
        assert post.deliver() == [("a", "sent", 1), ("b", "sent", 1), ("c", "sent", 1)]
        assert post.deliver() == []
        assert post.action.calls == [["a"], ["b"], ["c"]]

    def test_not_before_its_time(self, post: Post) -> None:
        commit(post.store, delivery("a", send_after=NOW + HOUR))
        assert post.deliver(NOW + HOUR - MINUTE) == []
        assert post.deliver(NOW + HOUR) == [("a", "sent", 1)]

    def test_what_comes_after_goes_on_in_the_same_run(self, post: Post) -> None:
        first = delivery("a", lane="workbook:W")
        both = delivery("b", after=[first]), delivery("c", after=[first])
        commit(post.store, first, *both, delivery("d", after=both))
        assert [name for name, _, _ in post.deliver()] == ["a", "b", "c", "d"]

    def test_quiet_hours_hold_it_back_without_a_try(self, post: Post) -> None:
        post.pace = Pace(
            may_send=lambda one, now: NOW + HOUR if one.payload == Note("a") and now < NOW + HOUR else None
        )
        commit(post.store, delivery("a"), delivery("b"))
        assert post.deliver() == [("b", "sent", 1)]
        assert post.store.delivery(delivery("a").id).due_at == NOW + HOUR
        assert post.deliver(NOW + HOUR) == [("a", "sent", 1)]

    def test_the_daily_limit_of_the_account_counts_24_hours(self, post: Post) -> None:
        post.pace = Pace(daily_limit=2)
        commit(post.store, *[delivery(name) for name in "abc"], delivery("cell", lane="workbook:W"))
        assert sorted(name for name, _, _ in post.deliver()) == ["a", "b", "cell"]
        assert post.deliver(NOW + DAY - MINUTE) == []
        assert post.deliver(NOW + DAY + MINUTE) == [("c", "sent", 1)]

    def test_what_could_not_be_sent_in_time_expires_with_those_behind_it(self, post: Post) -> None:
        first = delivery("a", send_after=NOW, expires_at=NOW + HOUR)
        second = delivery("b", after=[first])
        commit(post.store, first, second)
        assert post.deliver(NOW + HOUR) == [("a", "expired", 0)]
        assert state_of(post.store, second) == "cancelled"
        (receipt,) = post.store.load().receipts
        assert (receipt.ending, receipt.detail) == (
            Ending.DEAD,
            "expired: it could not be done in time",
        )

    def test_cells_of_one_workbook_go_in_one_call_of_200(self, post: Post) -> None:
        commit(post.store, *[delivery(str(number), lane="workbook:W") for number in range(201)])
        post.deliver()
        assert [len(call) for call in post.action.calls] == [200, 1]


@pytest.mark.parametrize(
    ("answer", "state", "endings"),
    [
        (Result(Ending.SENT), "sent", [Ending.SENT]),
        (Result(Ending.RETRY, "451 later"), "ready", [Ending.RETRY]),
        (Result(Ending.UNCERTAIN), "uncertain", [Ending.UNCERTAIN]),
        (Result(Ending.DEAD, "550 no such user"), "dead", [Ending.DEAD]),
        (Result(Ending.LOST, "a person was faster"), "cancelled", [Ending.LOST]),
        (DeliveryError("421 bye"), "ready", [Ending.RETRY]),
        (DeliveryError("550 no", permanent=True), "dead", [Ending.DEAD]),
        (DeliveryUncertain("gone after DATA"), "uncertain", [Ending.UNCERTAIN]),
        (WorkbookBusy("open in Excel"), "ready", [Ending.RETRY]),
        (WorkbookError("unplugged"), "ready", [Ending.RETRY]),
        (WriteRefused("a formula stands there"), "dead", [Ending.DEAD]),
        (TemplateError("order.html:3"), "dead", [Ending.DEAD]),
        (KeyError("oops"), "ready", [Ending.RETRY]),
    ],
    ids=lambda value: f"{type(value).__name__}-{value}"[:40] if isinstance(value, Exception) else None,
)
def test_how_a_try_ends(post: Post, answer: Answer, state: str, endings: list[Ending]) -> None:
    first = delivery("a")
    second = delivery("b", after=[first])
    commit(post.store, first, second)
    post.action.answers["a"] = [answer]
    assert ("a", state, 1) in post.deliver()
    assert told(post, first) == [None, *endings]
    behind = {"sent": "sent", "ready": "waiting", "uncertain": "waiting"}.get(state, "cancelled")
    assert state_of(post.store, second) == behind
    assert [one.ending for one in post.store.load().receipts][: len(endings)] == endings


class TestTryingAgain:
    def test_the_wait_doubles_up_to_an_hour(self, post: Post) -> None:
        one = delivery("a", lane="other")
        commit(post.store, one)
        at, waits = NOW, []
        for _ in range(9):
            post.action.answers["a"] = [Result(Ending.RETRY)]
            post.deliver(at)
            due = post.store.delivery(one.id).due_at
            waits.append((due - at).total_seconds())
            at = max(due, at + HOUR)
        assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]

    def test_the_wait_is_drawn_from_nothing_to_all_of_it(self) -> None:
        drawn = {Pace(chance=lambda c=chance: c).next_try(NOW, 3) - NOW for chance in (0.0, 0.25, 1.0)}  # type: ignore[misc]
        assert drawn == {timedelta(seconds=1), timedelta(seconds=30), timedelta(seconds=120)}

    def test_it_is_given_up_by_age_not_by_count(self, post: Post) -> None:
        one = delivery("a", expires_at=NOW + 3 * DAY)
        commit(post.store, one)
        post.action.answers["a"] = [DeliveryError("421 try later")] * 1000
        at = NOW
        while state_of(post.store, one) == "ready":
            post.deliver(at)
            at += HOUR
        assert at - NOW == 3 * DAY + HOUR
        assert "421 try later" in post.store.delivery(one.id).reason

    def test_once_in_doubt_always_in_doubt(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        post.action.answers["a"] = [Result(Ending.UNCERTAIN), Result(Ending.RETRY), Result(Ending.SENT)]
        for hours in range(3):
            post.deliver(NOW + hours * HOUR)
        assert post.action.states == [DeliveryState.READY, DeliveryState.UNCERTAIN, DeliveryState.UNCERTAIN]
        assert told(post, one) == [None, Ending.UNCERTAIN, None, Ending.RETRY, None, Ending.SENT]

    def test_a_crash_is_logged_and_the_third_like_it_is_set_aside(self, post: Post) -> None:
        one = delivery("a", lane="other")
        commit(post.store, one)
        post.action.answers["a"] = [ZeroDivisionError("in a leaf")] * 3
        at = NOW
        for _ in range(3):
            with capture_logs() as logs:
                post.deliver(at)
            assert isinstance(logs[0]["exc_info"], ZeroDivisionError)
            at = post.store.delivery(one.id).due_at
        assert (at - NOW).total_seconds() == 30 + 60 + 3600
        assert post.deliver(at) == [("a", "sent", 4)]

    def test_one_that_spoils_a_call_does_not_stop_the_others(self, post: Post) -> None:
        commit(post.store, *[delivery(name, lane="workbook:W") for name in "abc"])
        post.action.answers["b"] = [WriteRefused("protected"), WriteRefused("protected")]
        assert sorted(post.deliver()) == [("a", "sent", 2), ("b", "dead", 2), ("c", "sent", 2)]

    def test_a_person_retries_a_dead_one_and_those_behind_it_go_too(self, post: Post) -> None:
        first = delivery("a")
        second = delivery("b", after=[first])
        third = delivery("c", after=[second])
        commit(post.store, first, second, third)
        post.action.answers["a"] = [Result(Ending.DEAD)]
        post.deliver()
        assert state_of(post.store, third) == "cancelled"
        post.store.retry(first.id, NOW)
        assert post.deliver() == [("a", "sent", 2), ("b", "sent", 1), ("c", "sent", 1)]


class TestLane:
    def test_a_mail_account_that_fails_5_times_is_left_in_peace_then_probed(self, post: Post) -> None:
        names = [f"m{number}" for number in range(30)]
        commit(post.store, *[delivery(name) for name in names], delivery("cell", lane="workbook:W"))
        post.action.answers = {name: [DeliveryError("connection refused")] * 2 for name in names}
        assert Counter(state for _, state, _ in post.deliver()) == {"ready": 5, "sent": 1}
        (lane,) = post.store.lanes_in_trouble()
        assert (lane.lane, lane.failures, lane.closed_until) == ("mail", 5, NOW + timedelta(seconds=30))
        assert post.deliver(NOW + timedelta(seconds=29)) == []
        assert len(post.deliver(NOW + timedelta(seconds=30))) == 1
        post.action.answers = {}
        assert len(post.deliver(NOW + HOUR)) == 30
        assert post.store.lanes_in_trouble() == []

    def test_an_open_workbook_is_asked_once_and_all_its_cells_wait_together(self, post: Post) -> None:
        names = [f"c{number}" for number in range(300)]
        commit(post.store, *[delivery(name, lane="workbook:W") for name in names])
        post.action.answers["c0"] = [WorkbookBusy("open in Excel")]
        post.deliver()
        assert len(post.action.calls) == 1
        post.deliver(NOW + MINUTE)
        assert [len(call) for call in post.action.calls] == [200, 200, 100]


def test_nothing_of_rows_or_addresses_stands_in_the_log(post: Post) -> None:
    commit(post.store, *[delivery(f"anna{number}", key="SECRET") for number in range(6)])
    failed: list[Answer] = [DeliveryError("450 anna@example.com is unknown")]
    post.action.answers = {f"anna{number}": list(failed) for number in range(6)}
    with capture_logs() as logs:
        post.deliver()
    assert {line["event"] for line in logs} == {"delivery tried", "lane rests"}
    assert "anna" not in str(logs)
    assert "SECRET" not in str(logs)


class TestClaims:
    def test_who_slept_too_long_may_not_begin(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        slow = desk(post.store, "slow")
        claims = slow.claim(NOW, NOW, "mail", 5)
        assert slow.start(claims, NOW, NOW + MINUTE) == []
        post.machine.set(NOW + 2 * MINUTE)
        assert post.deliver() == [("a", "sent", 1)]
        assert slow.start(claims, NOW, NOW) == []

    def test_who_shows_signs_of_life_keeps_its_claims(self, post: Post) -> None:
        commit(post.store, delivery("a"))
        slow = desk(post.store, "slow")
        claims = slow.claim(NOW, NOW, "mail", 5)
        slow.renew(claims, NOW + MINUTE / 2)
        post.machine.set(NOW + MINUTE)
        assert post.deliver() == []
        assert slow.start(claims, NOW, NOW + MINUTE) == claims

    def test_who_stopped_while_sending_leaves_it_uncertain_with_a_receipt(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        dead = desk(post.store, "dead")
        dead.start(dead.claim(NOW, NOW, "mail", 5), NOW, NOW)
        post.machine.set(NOW + 2 * MINUTE)
        assert post.deliver() == []
        assert state_of(post.store, one) == "uncertain"
        assert [receipt.ending for receipt in post.store.load().receipts] == [Ending.UNCERTAIN]
        assert post.deliver(NOW + MINUTE) == [("a", "sent", 2)]

    def test_a_leader_that_is_alone_need_not_wait_for_leases(self, post: Post) -> None:
        commit(post.store, delivery("a"), delivery("b"))
        dead = desk(post.store, "dead", DAY)
        dead.start(dead.claim(NOW, NOW, "mail", 2)[:1], NOW, NOW)
        outbox = Outbox(post.store, {"note": post.action}, tools, SetClock(NOW), post.machine, Worker("new"))
        outbox.recover(NOW)
        assert [state_of(post.store, delivery(name)) for name in "ab"] == ["uncertain", "ready"]

    def test_a_late_success_replaces_the_doubt_unless_another_has_begun(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        slow, other = desk(post.store, "slow"), desk(post.store, "other")
        claims = slow.start(slow.claim(NOW, NOW, "mail", 1), NOW, NOW)
        sent = [(claims[0], Outcome(Ending.SENT, "250 ok"))]
        other.tidy(NOW, NOW + 2 * MINUTE, again_at=NOW)
        again = other.claim(NOW, NOW + 2 * MINUTE, "mail", 1)
        assert slow.finish(sent, NOW, slow.lane("mail")) == [(claims[0], False)]
        assert [attempt.late for attempt in post.store.attempts(one.id)] == [False, False, True]
        other.give_back(again)
        other.start(other.claim(NOW, NOW, "mail", 1), NOW, NOW)
        other.tidy(NOW, NOW + 2 * MINUTE, again_at=NOW)
        assert state_of(post.store, one) == "uncertain"

    def test_what_a_person_drops_while_it_is_claimed_is_not_begun(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        worker = desk(post.store)
        claims = worker.claim(NOW, NOW, "mail", 1)
        post.store.drop(one.id, NOW)
        assert worker.start(claims, NOW, NOW) == []
        assert state_of(post.store, one) == "cancelled"

    def test_an_action_that_is_gone_ends_its_deliveries_with_a_reason(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        Outbox(post.store, {}, tools, SetClock(NOW), post.machine, Worker("w")).deliver_due(NOW)
        assert post.store.delivery(one.id).reason == 'there is no action "note" any more'
        assert state_of(post.store, one) == "dead"


@dataclass(slots=True)
class Slow:
    """An action that takes its time, and may do something in the middle of it."""

    book: Notebook
    meanwhile: Callable[[], object]

    def __call__(self, deliveries: Sequence[Delivery], tools: Tools) -> Sequence[Result]:
        self.meanwhile()
        return self.book(deliveries, tools)


class TestWhileWorking:
    def run(self, post: Post, action: Slow, lease: float = 60, stop: threading.Event | None = None) -> None:
        worker = Worker("slow", timedelta(seconds=lease))
        outbox = Outbox(post.store, {"note": action}, tools, SetClock(NOW), SystemClock(), worker, post.pace)
        if stop is None:
            outbox.deliver_due(NOW)
        else:
            outbox.work(stop)

    def test_claims_outlive_their_lease_while_the_worker_lives(self, post: Post, tmp_path: Path) -> None:
        book = Notebook(tmp_path / "sent.txt")
        commit(post.store, delivery("a"), delivery("b"))
        action = Slow(book, lambda: time.sleep(0.5))
        slow = threading.Thread(target=self.run, args=(post, action, 0.3))
        slow.start()
        other = Outbox(post.store, {"note": book}, tools, SetClock(NOW), SystemClock(), Worker("other"))
        while slow.is_alive():
            other.deliver_due(NOW)
            slow.join(timeout=0.05)
        assert sorted(book.lines()) == sorted(f"{name} {delivery(name).id}" for name in "ab")
        assert {one.tries for one in post.store.deliveries()} == {1}

    def test_a_stop_ends_what_was_begun_and_gives_the_rest_back(self, post: Post, tmp_path: Path) -> None:
        book, stop = Notebook(tmp_path / "sent.txt"), threading.Event()
        commit(post.store, *[delivery(name) for name in "abc"])
        self.run(post, Slow(book, stop.set), stop=stop)
        assert [state_of(post.store, delivery(name)) for name in "abc"] == ["sent", "ready", "ready"]
        assert [one.tries for one in post.store.deliveries([DeliveryState.READY])] == [0, 0]

    def test_what_was_done_is_written_down_although_the_state_is_busy(self, tmp_path: Path) -> None:
        store = Store.open(f"{URL}?timeout=0.1", tmp_path, TYPES)
        commit(store, delivery("a"))
        other = sqlite3.connect(tmp_path / "rowcall.db", isolation_level=None, check_same_thread=False)
        release = threading.Timer(0.25, lambda: other.execute("ROLLBACK"))

        def lock() -> None:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StateBusy, match="try again"):
                store.pause("r", NOW)
            release.start()

        self.run(Post(store, Scripted()), Slow(Notebook(tmp_path / "sent.txt"), lock))
        release.join()
        other.close()
        assert state_of(store, delivery("a")) == "sent"

    def test_an_action_that_answers_for_too_few_is_a_crash(self, post: Post) -> None:
        one = delivery("a")
        commit(post.store, one)
        broken: dict[str, Deliver] = {"note": lambda _deliveries, _tools: []}
        Outbox(post.store, broken, tools, SetClock(NOW), post.machine, Worker("w")).deliver_due(NOW)
        assert (
            post.store.delivery(one.id).reason == "crashed: ValueError: note gave 0 results for 1 deliveries"
        )
        assert state_of(post.store, one) == "ready"


def test_receipts_are_heard_once_with_the_cells_written(post: Post) -> None:
    one = delivery("a", lane="workbook:W")
    commit(post.store, one)
    cell = WrittenCell("Stock", "A-1", "Low since", "", "2025-03-03")
    post.action.answers["a"] = [Result(Ending.SENT, "", (cell,))]
    post.deliver()
    (receipt,) = post.store.load().receipts
    assert (receipt.effect, receipt.cells, receipt.at) == (one.effect, (cell,), NOW)
    assert post.store.undo_info(one.id) == (cell,)
    commit(post.store, change=MemoryChange(receipts_seen=receipt.number))
    assert post.store.load().receipts == ()


def _all_at_once(workers: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=worker) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_threads_share_the_work_and_nothing_is_sent_twice(post: Post, tmp_path: Path) -> None:
    commit(
        post.store,
        *[delivery(f"{lane} {n}", lane=lane) for n in range(250) for lane in ("mail", "workbook:W")],
    )
    book = Notebook(tmp_path / "sent.txt")
    workers = [
        Outbox(post.store, {"note": book}, tools, SetClock(NOW), SystemClock(), Worker(name))
        for name in ("x", "y")
    ]
    _all_at_once([lambda one=one: one.deliver_due(NOW) for one in workers])  # type: ignore[misc]
    assert max(Counter(book.lines()).values()) == 1
    assert len(book.lines()) == 500


def test_the_service_delivers_as_time_goes_by_and_stops_when_told(post: Post, tmp_path: Path) -> None:
    book, stop = Notebook(tmp_path / "sent.txt"), threading.Event()
    outbox = Outbox(post.store, {"note": book}, tools, SetClock(NOW), SystemClock(), Worker("w"))
    thread = threading.Thread(target=outbox.work, args=(stop,))
    thread.start()
    commit(post.store, delivery("a"))
    for _ in range(100):
        if state_of(post.store, delivery("a")) == "sent":
            break
        stop.wait(0.05)
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()
    assert len(book.lines()) == 1
