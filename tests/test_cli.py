"""What holds for every command: global options anywhere, exit codes, failures in plain words, a quick help?"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rowcall import __version__
from rowcall.cli.app import COMMANDS
from tests.json_schema import fits
from tests.shop_folder import NINE, ShopFolder, make_shop

ROOT = Path(__file__).resolve().parent.parent


def run_program(
    *words: str, folder: Path = ROOT, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rowcall", *words],
        cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
    )  # fmt: skip


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFolder:
    return make_shop(tmp_path_factory.mktemp("cli") / "shop")


def test_version_and_help_of_the_real_program() -> None:
    assert run_program("--version").stdout == f"rowcall {__version__}\n"
    told = run_program("--help")
    assert told.returncode == 0
    for name in ("check", "preview", "run", "explain", "answer", "outbox", "undo", "doctor", "schema"):
        assert re.search(rf"^  {name} +\S", told.stdout, re.MULTILINE), name


def test_runner_is_the_same_program() -> None:
    told = subprocess.run(
        [sys.executable, str(ROOT / "runner.py"), "--version"], capture_output=True, check=True, timeout=60
    )
    assert told.stdout.decode() == f"rowcall {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['rowcall', '--help']\n"
        "from rowcall.cli import main; main()\n"
        "heavy = {'polars', 'sqlalchemy', 'yagmail', 'jinja2', 'gspread', 'structlog', 'rich', 'fastexcel'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert time.monotonic() - begun < 3  # 0.2 s on a machine with nothing else to do


def test_every_command_says_the_same_of_itself_as_the_list(shop: ShopFolder) -> None:
    told = shop.call("--help").text
    for name, (_, about) in COMMANDS.items():
        if f"  {name} " not in told:
            continue  # not there yet
        own = " ".join(shop.call(name, "--help").text.split())
        assert about in own, name


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "json", "check", "low-stock"),
        ("check", "--format", "json", "low-stock"),
        ("check", "low-stock", "--format=json"),
    ],
    ids=["before", "between", "behind"],
)
def test_global_options_stand_anywhere(shop: ShopFolder, words: tuple[str, ...]) -> None:
    ran = shop.call(*words)
    assert ran.code == 0
    assert [rule["id"] for rule in ran.fitting("check")["rules"]] == ["low-stock"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("chek",), 'There is no command "chek". Did you mean "check"?'),
        (("check", "low-stok"), 'there is no rule "low-stok" in rules/; did you mean "low-stock"?'),
        (("preview", "--at", "nine"), '--at "nine" is no moment; write it like "2026-03-02 09:00"'),
        (("run",), "needs --once"),
        (("explain", "new-order", "HT-103", "--at", NINE), 'Orders has no row "HT-103" (did you mean "HT-10'),
        (("answer", "new-order", "perhaps"), "perhaps"),
        (("answer", "new-order", "act"), "nothing has run in this shop yet"),
        (("undo", "abc"), "nothing has run in this shop yet"),
        (("outbox", "show", "abc"), 'no delivery begins with "abc"'),
        (("preview", "--format", "yaml"), "yaml"),
        (("preview", "--format"), "--format"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_told_and_exits_with_2(shop: ShopFolder, words: tuple[str, ...], told: str) -> None:
    ran = shop.call(*words)
    assert (ran.code, ran.text) == (2, "")
    assert told in " ".join(ran.errors.split())
    assert "Traceback" not in ran.errors


def test_no_config_names_the_way_out(tmp_path: Path) -> None:
    done = run_program("preview", folder=tmp_path)
    assert done.returncode == 2
    assert "`rowcall init` makes a new one" in done.stderr
    assert "Traceback" not in done.stderr


def test_failures_as_json_go_to_the_error_output(shop: ShopFolder) -> None:
    ran = shop.call("check", "nothing-like-it", "--format", "json")
    assert (ran.code, ran.text) == (2, "")
    assert "nothing-like-it" in fits(ran.errors, "failure")["error"]


def test_mistakes_in_the_config_stop_every_command_with_their_places(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=())
    shop.config("timezone: Europe/Berlin", "timezone: Europe/Berlim")
    shop.config("connector: xlsx ", "connector: xslx ")
    ran = shop.call("preview")
    assert ran.code == 1
    assert "config.yaml:7:13: error: There is no time zone `Europe/Berlim`" in ran.errors
    assert "timezone: Europe/Berlin" in ran.errors
    assert "xslx" in ran.errors
    found = shop.json("check", "check", code=1)
    assert {problem["file"] for problem in found["problems"]} == {"config.yaml"}
    assert found["rules"] == []


def test_a_state_that_is_none_is_the_outside_world_s_failure(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=())
    (shop.path / "rowcall.db").write_text("this is no database, and it is long enough to be read as one" * 20)
    ran = shop.call("run", "--once", "--at", NINE)
    assert ran.code == 3
    assert "rowcall.db" in ran.errors
    assert "Traceback" not in ran.errors


def test_a_page_without_marks_never_shows_them_as_unknown(tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop", rules=("overdue-ticket",))
    done = run_program("explain", "overdue-ticket", "T-311", "--at", NINE, folder=shop.path, encoding="ascii")
    assert done.returncode == 0, done.stderr
    assert "+ Status: one of New, Open" in done.stdout
