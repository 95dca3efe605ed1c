"""A shop at work for the tests of the service: its folder, its log, and the service in a thread or a process.

Called as `python -m tests.serving FOLDER STOP_S [--wait]`: a service that looks every fifth of a second.
"""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

from rowcall.cli.serve import stop_on_signals
from rowcall.clock import Clock, SystemClock
from rowcall.mailbox import Mailbox
from rowcall.service import LogKind, Rhythm, serve, set_up_log

ROOT = Path(__file__).parents[1]
PATIENCE_S = 30
RHYTHM = Rhythm(look_every_s=0.2, settle_s=0.05, hash_s=0.2, retry_s=0.2, stop_s=10, pulse_s=0.1, lead_s=0.05)

CONFIG = """\
shop: {{name: Harbour Tea, timezone: Europe/Berlin, responsible: dora}}
workbooks:
  shop: {{connector: {connector}, path: {path}}}
tables:
  Orders: {{key: No, columns: {{No: text, Email: email, Status: [New, Paid]}}}}
people:
  dora: {{email: dora@shop.example}}
email: {{from: "Tea <tea@shop.example>", host: 127.0.0.1, port: {port}, security: none}}
settle: 0
"""
RULE = """\
rule: New order
look at: Orders
when:
  Status: New
first run: only new ones
then:
  - email: {to: Email, subject: "Order {{ no }}", text: "Thank you."}
"""
HEADER = "No,Email,Status\n"


def until(claim: Callable[[], Any], what: str) -> Any:
    """Wait until a claim holds, and return what it gave."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if found := claim():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {what}")


@dataclass(slots=True)
class Log:
    """What a service says, as JSON lines."""

    stream: StringIO | None = None
    path: Path | None = None

    def lines(self) -> list[dict[str, Any]]:
        text = self.stream.getvalue() if self.stream else self.path.read_text() if self.path else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def said(self, message: str, after: int = 0) -> list[dict[str, Any]]:
        return [line for line in self.lines()[after:] if line["message"] == message]

    def wait(self, message: str, after: int = 0, times: int = 1) -> dict[str, Any]:
        found = until(
            lambda: len(self.said(message, after)) >= times and self.said(message, after),
            f"{message} in {self.lines()}",
        )
        line = found[times - 1]
        assert isinstance(line, dict)
        return line

    def looks(self, number: int = 2) -> None:
        """Wait until so many more looks are over: the last of them began after now."""
        self.wait("tick", after=len(self.lines()), times=number)


@dataclass(slots=True)
class Shopfloor:
    """A shop folder with one CSV file of orders, and a mailbox."""

    folder: Path
    mailbox: Mailbox
    log: Log = field(default_factory=Log)

    def __post_init__(self) -> None:
        (self.folder / "rules").mkdir()
        (self.folder / "book").mkdir()
        self.write_config()
        self.write_rule(RULE)
        (self.folder / "book" / "Orders.csv").write_text(HEADER)
        self.order("old")

    def write_config(self, *, connector: str = "csv_folder", path: str = "book", more: str = "") -> None:
        text = CONFIG.format(connector=connector, path=path, port=self.mailbox.port)
        self.save("config.yaml", text + more)

    def write_rule(self, text: str, name: str = "new-order") -> None:
        self.save(f"rules/{name}.yaml", text)

    def save(self, path: str, text: str) -> None:
        """Save a file in one go, as good editors do: a look in the middle sees the old one or the new one."""
        (self.folder / ".saving").write_text(text)
        (self.folder / ".saving").replace(self.folder / path)

    def order(self, *numbers: str) -> None:
        """Append orders as a person would."""
        with (self.folder / "book" / "Orders.csv").open("a") as file:
            file.write("".join(f"{number},{number}@example.com,New\n" for number in numbers))

    def subjects(self) -> list[str]:
        return [str(one.message()["Subject"]) for one in self.mailbox.received]

    def arrives(self, subject: str) -> None:
        until(lambda: subject in self.subjects(), f"{subject} in {self.subjects()}, {self.log.lines()}")

    @contextmanager
    def served(self, clock: Clock | None = None) -> Iterator[Log]:
        """Run the service in a thread, from its first look on; its log is that of the block."""
        self.log = Log(StringIO())
        assert self.log.stream is not None
        set_up_log(LogKind.JSON, self.log.stream)
        stop: SimpleQueue[str] = SimpleQueue()
        thread = threading.Thread(
            target=serve,
            args=(self.folder / "config.yaml", {}, stop),
            kwargs={"rhythm": RHYTHM, "clock": clock or SystemClock()},
            name="service",
        )
        thread.start()
        try:
            self.log.wait("started")
            yield self.log
        finally:
            stop.put("test over")
            thread.join(PATIENCE_S)
        assert not thread.is_alive()
        assert self.log.said("stopped")[0]["reason"] == "test over"

    def start(self, name: str, *options: str, stop_s: float = 10) -> "Process":
        """Run the service in a process of its own; its log is a file of that name."""
        self.log = Log(path=self.folder / f"{name}.log")
        command = [sys.executable, "-m", "tests.serving", str(self.folder), str(stop_s), *options]
        return Process.start(command, self.log)


@dataclass(slots=True)
class Process:
    """A process with its log; killed at the end of a `with`, whatever happened."""

    running: subprocess.Popen[str]
    log: Log

    @classmethod
    def start(cls, command: list[str], log: Log) -> "Process":
        assert log.path is not None
        with log.path.open("w") as out, log.path.with_suffix(".err").open("w") as errors:
            running = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=errors, text=True)
        return cls(running, log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.running.kill()
        self.running.wait(PATIENCE_S)

    def end(self, number: signal.Signals) -> int:
        """Send a signal and return the exit code."""
        self.running.send_signal(number)
        return self.running.wait(PATIENCE_S)

    def errors(self) -> str:
        assert self.log.path is not None
        return self.log.path.with_suffix(".err").read_text()


def main(folder: Path, stop_s: float, *, wait: bool) -> None:
    """Serve as the command line does, in the tests' rhythm."""
    set_up_log(LogKind.JSON, sys.stdout)
    stop: SimpleQueue[str] = SimpleQueue()
    stop_on_signals(stop)
    rhythm = Rhythm(
        RHYTHM.look_every_s,
        RHYTHM.settle_s,
        RHYTHM.hash_s,
        RHYTHM.retry_s,
        stop_s,
        RHYTHM.pulse_s,
        RHYTHM.lead_s,
    )
    serve(folder / "config.yaml", {}, stop, wait=wait, rhythm=rhythm)


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), wait="--wait" in sys.argv)
