"""Do the commands of the tutorial work, in the order in which a reader types them?"""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TUTORIAL = ROOT / "docs" / "tutorial" / "first-shop.md"
STEP = re.compile(
    r"(?:Save this as `(?P<file>[^`]+)`:\n\n)?```(?P<kind>sh|yaml)\n(?P<text>.*?)```", re.DOTALL
)
SERVES_S = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Put a `rowcall` on the path, as an activated environment does."""
    program = tmp_path / "bin" / "rowcall"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m rowcall "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def type_in(command: str, folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["/bin/sh", "-ec", command],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def serve_a_while(command: str, folder: Path, environment: dict[str, str]) -> None:
    """Start the service, wait for its first sign of life, and press Ctrl+C."""
    with subprocess.Popen(
        command.split(),
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as service:
        assert service.stdout is not None
        late = threading.Timer(SERVES_S, service.kill)
        late.start()
        first = service.stdout.readline()
        service.send_signal(signal.SIGINT)
        rest = service.stdout.read()
        late.cancel()
    assert first, "the service said nothing"
    assert service.returncode == 0, first + rest


def test_every_command_works(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    said: dict[str, str] = {}
    for step in STEP.finditer(TUTORIAL.read_text(encoding="utf-8")):
        if step["kind"] == "yaml":
            (folder / step["file"]).write_text(step["text"], encoding="utf-8")
            continue
        for command in step["text"].strip().splitlines():
            if command.startswith("rowcall serve"):
                serve_a_while(command, folder, environment)
            else:
                said[" ".join(command.split()[:2])] = type_in(command, folder, environment)
    assert "All four rules did what they should" in said["rowcall demo"]
    assert "0 mistakes" in said["rowcall check"]
    assert "2 rules understood" in said["rowcall check"]
    assert "HT-1036" in said["rowcall preview"]
    assert "large-orders: 1 row" in said["rowcall run"]
    assert "HT-1036" in said["rowcall explain"]
