"""Is nothing lost, and nothing done twice without a trace, when the process is killed at any moment?"""

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from rowcall.clock import SetClock, SystemClock
from rowcall.episode import Ending
from rowcall.memory import Memory
from rowcall.outbox import Outbox, Pace
from rowcall.store import Store, Worker
from tests.state import MINUTE, NOW, Notebook, commit, delivery, open_store, state_of, tools

ROOT = Path(__file__).parents[2]


def start(folder: Path, point: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.victim", str(folder), point]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def recover(store: Store, folder: Path) -> None:
    """Go on as the next leader does, and later once more for what was tried again."""
    book = Notebook(folder / "sent.txt")
    outbox = Outbox(
        store, {"note": book}, tools, SetClock(NOW), SystemClock(), Worker("next"), Pace(chance=lambda: 1.0)
    )
    outbox.recover(NOW)
    outbox.deliver_due(NOW)
    outbox.deliver_due(NOW + MINUTE)


@pytest.mark.parametrize(
    ("point", "found", "times"),
    [
        ("before the claim is committed", "ready", 1),
        ("after the claim", "leased", 1),
        ("before the effect", "sending", 1),
        ("after the effect", "sending", 2),
    ],
)
def test_killed_at_one_point(tmp_path: Path, point: str, found: str, times: int) -> None:
    store = open_store(tmp_path)
    one = delivery("a")
    commit(store, one)
    code, output = finish(start(tmp_path, point))
    assert (code, output) == (-signal.SIGKILL, "")
    assert state_of(store, one) == found
    recover(store, tmp_path)
    assert state_of(store, one) == "sent"
    assert Notebook(tmp_path / "sent.txt").lines() == [f"a {one.id}"] * times
    doubtful = [attempt.ending for attempt in store.attempts(one.id)].count(Ending.UNCERTAIN)
    assert doubtful == (found == "sending")


def test_killed_while_a_plan_is_written_down_nothing_of_it_stands(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    number = commit(store, delivery("a"))
    memory = store.load()
    code, output = finish(start(tmp_path, "before the plan is committed"))
    assert (code, output) == (-signal.SIGKILL, "")
    assert (store.load(), store.tick_number()) == (memory, number)
    recover(store, tmp_path)
    assert [one.state.value for one in store.deliveries()] == ["sent"]


def test_killed_at_any_moment_nothing_is_lost_and_a_double_has_its_trace(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    all_of_them = [delivery(str(number)) for number in range(200)]
    commit(store, *all_of_them)
    book = Notebook(tmp_path / "sent.txt")
    for _ in range(4):
        before = len(book.lines())
        process = start(tmp_path, "")
        for _ in range(500):
            if len(book.lines()) >= before + 20 or process.poll() is not None:
                break
            time.sleep(0.01)
        process.kill()
        finish(process)
        tidy = Outbox(store, {}, tools, SetClock(NOW), SystemClock(), Worker("tidy"))
        tidy.recover(NOW - MINUTE)
    recover(store, tmp_path)
    assert {state_of(store, one) for one in all_of_them} == {"sent"}
    sent = Counter(book.lines())
    assert sent.keys() == {f"{number} {one.id}" for number, one in enumerate(all_of_them)}
    for line, times in sent.items():
        endings = [attempt.ending for attempt in store.attempts(line.split()[1])]
        assert times <= 1 + endings.count(Ending.UNCERTAIN)


def test_two_processes_of_two_threads_share_the_work(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    mails = [delivery(f"mail {number}") for number in range(400)]
    cells = [delivery(f"cell {number}", lane="workbook:W") for number in range(1600)]
    commit(store, *mails, *cells)
    processes = [start(tmp_path, "two threads") for _ in range(2)]
    assert {finish(process)[0] for process in processes} == {0}
    sent = Counter(Notebook(tmp_path / "sent.txt").lines())
    assert (len(sent), set(sent.values())) == (2000, {1})


def test_a_full_disk_is_told_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    code, output = finish(start(tmp_path, "disk full"))
    assert code == 0
    assert output.startswith("StateError: state: rowcall.db could not be read or written")
    assert "Is the disk full" in output
    again = open_store(tmp_path)
    assert (again.load(), again.tick_number(), again.deliveries()) == (Memory(), 0, [])
