"""Does the service see, send and survive: edits, mistakes, kills, slow servers, strange clocks?"""

import asyncio
import signal
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from openpyxl import Workbook
from typer.testing import CliRunner

from rowcall.cli import app
from rowcall.clock import SetClock
from rowcall.config import WorkbookConfig
from rowcall.duration import Span, Unit
from rowcall.mailbox import Mailbox
from rowcall.service import LogKind, Rhythm, set_up_log
from rowcall.service.looks import Looks
from rowcall.service.rhythm import look_intervals
from rowcall.service.said import Said
from rowcall.service.watch import Watch
from rowcall.shop import open_shop
from tests.mailbox import Manners, RudeMailbox
from tests.serving import CONFIG, RHYTHM, ROOT, RULE, Log, Process, Shopfloor, until


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shopfloor]:
    with Mailbox() as mailbox:
        yield Shopfloor(tmp_path, mailbox)


def test_an_order_brings_a_mail_and_old_ones_do_not(floor: Shopfloor) -> None:
    with floor.served() as log:
        at_work = log.wait("at work")
        floor.order("1")
        floor.arrives("Order 1")
        log.looks()
    assert floor.subjects() == ["Order 1"]
    assert (at_work["rules"], at_work["tables"]) == ({"on": 1}, 1)
    assert log.said("started")[0]["workbooks"] == {"shop": "0:00:00.200000"}
    assert not [line for line in log.lines() if "@" in str(line) or line["level"] != "info"]


def test_rules_are_edited_while_it_runs(floor: Shopfloor) -> None:
    with floor.served() as log:
        log.wait("at work")
        floor.write_rule(RULE.replace("Order {{", "Your order {{"))
        assert log.wait("rules taken over")["changed"] == ["new-order"]
        floor.order("1")
        floor.arrives("Your order 1")
        floor.write_rule(RULE.replace("  Status: New", "  Statos: New"))
        broken = log.wait("rule broken")
        assert broken["at"] == "rules/new-order.yaml:4:3"
        assert "Statos" in broken["what"]
        assert broken["meanwhile"] == "the rule works on as it was before"
        floor.order("2")
        floor.arrives("Your order 2")
        floor.write_rule(RULE)
        assert log.wait("rules mended")["rules"] == ["new-order"]
        log.wait("rules taken over", times=2)
    assert len(log.said("rule broken")) == 1
    assert floor.subjects() == ["Your order 1", "Your order 2"]


def test_the_config_is_edited_while_it_runs(floor: Shopfloor) -> None:
    with floor.served() as log:
        log.wait("at work")
        floor.write_config(more="stat: sqlite:///other.db\n")
        broken = log.wait("config broken")
        assert broken["at"] == "config.yaml:10:1"
        floor.order("1")
        floor.arrives("Order 1")
        floor.write_config(more="state: sqlite:///other.db\n")
        log.wait("config changed: another `state` needs a restart; the config stays as it was before")
        good = CONFIG.format(connector="csv_folder", path="book", port=floor.mailbox.port)
        floor.save("config.yaml", good.replace("Tea <tea@", "Harbour <harbour@"))
        log.wait("config taken over")
        floor.order("2")
        floor.arrives("Order 2")
        log.looks()
    assert len(log.said("config broken")) == 1
    assert [one.sender for one in floor.mailbox.received] == ["tea@shop.example", "harbour@shop.example"]


def test_the_shop_moves_from_csv_to_excel_while_it_runs(floor: Shopfloor) -> None:
    with floor.served() as log:
        log.wait("at work")
        (floor.folder / "book").rename(floor.folder / "away")
        assert "book" in log.wait("table in trouble")["what"]
        book = Workbook()
        orders = book.active
        assert orders is not None
        orders.title = "Orders"
        for row in (("No", "Email", "Status"), ("old", "old@example.com", "New")):
            orders.append(row)
        book.save(floor.folder / "shop.xlsx")
        floor.write_config(connector="xlsx", path="shop.xlsx")
        log.wait("config taken over")
        assert log.wait("table in order again")["at"] == "Orders"
        orders.append(("1", "1@example.com", "New"))
        book.save(floor.folder / "shop.xlsx")
        floor.arrives("Order 1")
    # Dora was told of the folder that was gone, and maybe of a file that was just being saved.
    assert [one.recipient for one in floor.mailbox.received if "dora" not in one.recipient] == [
        "1@example.com"
    ]


def test_killed_and_started_again_sends_each_mail_once(floor: Shopfloor) -> None:
    with floor.start("first") as first:
        first.log.wait("at work")
        floor.order(*[f"a{number}" for number in range(30)])
        until(lambda: len(floor.subjects()) >= 5, "the first mails")
        first.end(signal.SIGKILL)
    floor.order("b")
    with floor.served() as log:
        floor.arrives("Order b")
        until(lambda: states(floor.folder).keys() <= {"sent", "uncertain"}, "an outbox without work")
        log.looks()
    # Only of the mail that was under way when it was killed nobody can know: it is tried again a little later.
    found = states(floor.folder)
    assert found["sent"] + found.get("uncertain", 0) == 31
    assert found.get("uncertain", 0) <= 1
    times = Counter(floor.subjects())
    assert found["sent"] <= len(times) <= 31
    assert sum(times.values()) - len(times) <= 1
    assert len({one.message()["Message-ID"] for one in floor.mailbox.received}) == len(times)


def test_one_leads_and_the_next_takes_over_at_once(floor: Shopfloor) -> None:
    with floor.start("first") as first:
        first.log.wait("at work")
        with floor.start("second", "--wait") as second:
            reason = second.log.wait("waiting to take over")["reason"]
            assert f"already running for this shop (process {first.running.pid})" in reason
            first.end(signal.SIGKILL)
            died = datetime.now(UTC)
            taken = datetime.fromisoformat(second.log.wait("taking over")["timestamp"])
            assert taken - died < timedelta(seconds=1)
            floor.order("1")
            floor.arrives("Order 1")
            assert second.end(signal.SIGINT) == 0
            assert second.log.said("stopped")[0]["reason"] == "SIGINT"


def test_the_command_line(floor: Shopfloor) -> None:
    (floor.folder / "broken.yaml").write_text("shop: {nam: Tea}\n")

    def run(name: str, config: str = "config.yaml") -> Process:
        command = [sys.executable, "runner.py", "serve", "--config", str(floor.folder / config)]
        return Process.start(command, Log(path=floor.folder / f"{name}.log"))

    with run("one") as one:
        one.log.wait("at work")
        assert one.log.said("started")[0]["workbooks"] == {"shop": "0:01:00"}
        with run("two") as two, run("broken", "broken.yaml") as broken:
            assert two.running.wait(60) == 3
            assert f"already running for this shop (process {one.running.pid}); stop it" in two.errors()
            assert broken.running.wait(60) == 1
            assert "broken.yaml:1:8" in broken.errors()
        assert one.end(signal.SIGTERM) == 0
        assert one.errors() == ""


class SlowMailbox(RudeMailbox):
    """Takes its time after the final dot, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.holding = threading.Event()
        self.let_go = threading.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.holding.set()
        while not self.let_go.is_set():  # noqa: ASYNC110 (the other side is a thread)
            await asyncio.sleep(0.02)
        return await super().handle_DATA(server, session, envelope)


def test_stopped_while_a_slow_server_holds_a_mail(tmp_path: Path) -> None:
    with SlowMailbox() as mailbox:
        floor = Shopfloor(tmp_path, mailbox)
        with floor.start("first") as first:
            first.log.wait("at work")
            floor.order("1", "2")
            assert mailbox.holding.wait(30)
            first.running.send_signal(signal.SIGTERM)
            first.log.wait("stopping")
            mailbox.let_go.set()
            assert first.running.wait(30) == 0
            assert first.log.said("stopped")[0]["all_ended"]
        assert len(floor.subjects()) == 1
        assert states(tmp_path) == {"sent": 1, "ready": 1}
        with floor.served() as log:
            until(lambda: len(floor.subjects()) == 2, "the second mail")
            log.looks()
        assert sorted(floor.subjects()) == ["Order 1", "Order 2"]


@pytest.mark.parametrize("second_signal", [False, True], ids=["in time", "at once"])
def test_stopped_while_a_server_never_answers(tmp_path: Path, second_signal: bool) -> None:
    with SlowMailbox() as mailbox:
        floor = Shopfloor(tmp_path, mailbox)
        with floor.start("first", stop_s=60 if second_signal else 0.5) as first:
            first.log.wait("at work")
            floor.order("1")
            assert mailbox.holding.wait(30)
            first.running.send_signal(signal.SIGTERM)
            first.log.wait("stopping")
            if second_signal:
                assert first.end(signal.SIGTERM) == -signal.SIGTERM
            else:
                assert first.running.wait(30) == 0
                assert not first.log.said("stopped")[0]["all_ended"]
        assert states(tmp_path) == {"sending": 1}
        if second_signal:
            return
        with floor.served() as log:
            log.wait("at work")
            assert states(tmp_path) == {"uncertain": 1}


def states(folder: Path) -> dict[str, int]:
    with sqlite3.connect(folder / "rowcall.db") as database:
        found = dict(database.execute("select state, count(*) from delivery group by state").fetchall())
    database.close()
    return found


def test_a_clock_behind_the_last_look_waits_and_says_so_once(floor: Shopfloor) -> None:
    clock = SetClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    with floor.served(clock) as log:
        log.wait("at work")
        clock.set(clock.at - timedelta(hours=2))
        trouble = log.wait("look in trouble")
        assert "the shop's clock can't go back" in trouble["reason"]
        floor.order("1")
        clock.set(clock.at + timedelta(hours=3))
        floor.arrives("Order 1")
        assert log.wait("look in order again")["after"] == trouble["reason"]
    assert log.said("look in trouble")[0] == trouble


CRASHING = '''"""A workbook of the shop's own, with a fault."""

from dataclasses import dataclass
from pathlib import Path

from rowcall.kinds import connector_kind
from rowcall.ports import Opening, Workbook


@dataclass(frozen=True, slots=True)
class Params:
    path: str


def open_workbook(params: Params, opening: Opening) -> Workbook:
    return Faulty(opening)


@dataclass(frozen=True, slots=True)
class Faulty:
    opening: Opening

    def read(self, wanted):
        if (self.opening.folder / "fault").exists():
            raise ZeroDivisionError("a fault of the connector")
        kind = connector_kind("csv_folder", self.opening.folder)
        return kind.open_workbook(kind.params("book"), self.opening).read(wanted)
'''


def test_a_fault_ends_nothing_and_is_told_with_its_traceback(floor: Shopfloor) -> None:
    (floor.folder / "connectors").mkdir()
    (floor.folder / "connectors" / "faulty.py").write_text(CRASHING)
    floor.write_config(connector="faulty")
    with floor.served() as log:
        log.wait("at work")
        (floor.folder / "fault").touch()
        crash = log.wait("look crashed")
        assert crash["reason"] == "ZeroDivisionError: a fault of the connector"
        assert "faulty.py" in crash["exception"]
        floor.order("1")
        (floor.folder / "fault").unlink()
        log.wait("look in order again")
        floor.arrives("Order 1")
    assert len(log.said("look crashed")) == 1


def test_a_state_that_is_busy_is_tried_again(floor: Shopfloor) -> None:
    floor.write_config(more="state: sqlite:///rowcall.db?timeout=0.05\n")
    with floor.served() as log:
        log.wait("at work")
        other = sqlite3.connect(floor.folder / "rowcall.db", isolation_level=None)
        other.execute("begin immediate")
        floor.order("1")
        log.wait("look in trouble")
        other.execute("rollback")
        other.close()
        log.wait("look in order again")
        floor.arrives("Order 1")


def test_a_mail_server_in_trouble_is_told_once_without_addresses(tmp_path: Path) -> None:
    with RudeMailbox(Manners(rcpt="451 1@example.com: later")) as mailbox:
        floor = Shopfloor(tmp_path, mailbox)
        with floor.served() as log:
            log.wait("at work")
            floor.order("1")
            trouble = log.wait("lane mail in trouble")
            log.looks()
    assert "later" in trouble["reason"]
    assert "1@example.com" not in str(log.lines())
    assert len({line["reason"] for line in log.said("lane mail in trouble")}) == 1


def test_a_jump_of_the_clock_brings_a_look_at_once() -> None:
    machine = SetClock(datetime.now(UTC))
    looks = Looks(machine)
    looks.start({"shop": timedelta(hours=1), "stock": timedelta(hours=2)})
    try:
        assert looks.take() == {"shop", "stock"}
        planned = looks.next_look()
        assert planned is not None
        machine.set(machine.at + timedelta(seconds=50))
        looks.check_clock()
        assert looks.next_look() == planned
        machine.set(machine.at + timedelta(hours=3))
        looks.check_clock()
        assert looks.take() == {"shop", "stock"}
        assert looks.next_look() == machine.at + timedelta(hours=1)
    finally:
        looks.close()
    assert looks.take() == frozenset()


def test_an_entry_that_falls_due_between_two_looks_brings_one_forward() -> None:
    machine = SetClock(datetime.now(UTC))
    looks = Looks(machine)
    looks.start({"shop": timedelta(hours=1)})
    try:
        looks.take()
        looks.ask_at(datetime.now(UTC) + timedelta(hours=9))
        looks.ask_at(datetime.now(UTC) + timedelta(milliseconds=50))
        assert looks.take() == {"shop"}
        assert looks.next_look() == machine.at + timedelta(hours=1)
    finally:
        looks.close()


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (Span(1, Unit.MINUTE), 60),
        (Span(2, Unit.HOUR), 7200),
        (Span(0, Unit.MINUTE), 5),
        (Span(9, Unit.DAY), 86400),
        (Span(1, Unit.MONTH), 86400),
    ],
    ids=str,
)
def test_how_often_a_workbook_is_looked_at(floor: Shopfloor, span: Span, seconds: int) -> None:
    config = open_shop(floor.folder / "config.yaml", {}).config
    config = replace(config, workbooks={"shop": WorkbookConfig("shop", "csv_folder", None, span)})
    assert look_intervals(config, Rhythm()) == {"shop": timedelta(seconds=seconds)}


def test_the_same_trouble_is_told_once_then_counted() -> None:
    stream = StringIO()
    set_up_log(LogKind.JSON, stream)
    said = Said()
    for _ in range(12):
        said.trouble("look", "no disk")
    said.trouble("look", "no memory")
    said.over("look")
    said.over("look")
    assert [(one["message"], one["times"]) for one in Log(stream).lines()] == [
        ("look in trouble", 1),
        ("look in trouble", 10),
        ("look in trouble", 1),
        ("look in order again", 1),
    ]


def test_the_text_log_tells_a_fault_without_values() -> None:
    stream = StringIO()
    set_up_log(LogKind.TEXT, stream)
    try:
        secret = "very-secret"
        int("x" if secret else "")
    except ValueError as error:
        Said().trouble("look", "a fault", error)
    text = stream.getvalue()
    assert "look crashed" in text
    assert "Traceback" in text
    assert "very-secret'" not in text.replace('secret = "very-secret"', "")


def test_a_log_that_nobody_reads_any_more_harms_nothing() -> None:
    stream = StringIO()
    set_up_log(LogKind.JSON, stream)
    stream.close()
    Said().trouble("look", "no disk")


def test_the_unit_file_starts_the_service() -> None:
    text = (ROOT / "docs" / "how-to" / "rowcall.service").read_text()
    unit = ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # keys are case-sensitive there
    unit.read_string(text)
    program, command, *words = unit["Service"]["ExecStart"].split()
    assert (Path(program).name, command) == ("rowcall", "serve")
    shown = CliRunner().invoke(app, ["serve", "--help"]).output
    own = [word for word in words if word.startswith("--") and word != "--config"]
    assert own
    assert all(word in shown for word in own)
    # systemd must not kill what the service itself still allows to end.
    assert int(unit["Service"]["TimeoutStopSec"]) > Rhythm().stop_s


@pytest.mark.parametrize("noticed", [True, False], ids=["with notices", "without notices"])
def test_changed_files_are_found(tmp_path: Path, noticed: bool) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "config.yaml").write_text("a")
    found: list[str] = []
    watch = Watch(folder, "config.yaml", found.extend, RHYTHM)
    if not noticed:
        folder = folder.rename(tmp_path / "away")  # nothing to be noticed in a folder that is not there
    stop = threading.Event()
    thread = threading.Thread(target=watch.work, args=(stop,))
    thread.start()
    try:
        if not noticed:
            until(lambda: found == ["config.yaml"], "the loss of the config")
            folder = folder.rename(tmp_path / "shop")
            until(lambda: found == ["config.yaml"] * 2, "its return")
            found.clear()
        (folder / "rowcall.db").write_text("not ours")
        (folder / "rules").mkdir()
        file = folder / "rules" / "a.yaml"
        changes: dict[str, Callable[[], object]] = {
            "a rule in a new folder": lambda: file.write_text("1"),
            "an edited rule": lambda: file.write_text("2"),
            "a rule taken away": file.unlink,
        }
        for what, change in changes.items():
            found.clear()
            change()
            until(lambda: "rules/a.yaml" in found, what)
        assert set(found) == {"rules/a.yaml"}
    finally:
        stop.set()
        thread.join(30)
