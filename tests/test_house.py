"""Does the house look as CONTRIBUTING says? What linters can't see: sizes, names, clocks, hosts, floors."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rowcall import __version__
from tests.debian import need

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = {"build", "dist", "demo", "__pycache__"}
BINARY = {".xlsx", ".png", ".ico", ".woff2", ".gz", ".db", ".pyc"}

# Put together here, so that this file does not name what it looks for.
INDEX_HOSTS = re.compile(
    r"\b[\w.-]*(?:" + "|".join(("python" + "hosted", "py" + "pi", "npm" + "js")) + r")\.(?:org|com|io)",
    re.IGNORECASE,
)
MACHINE_PATHS = re.compile(
    r"(?<![\w.:/-])/(?:" + "|".join(("wo" + "rk", "tm" + "p", "ro" + "ot", "ho" + "me")) + r")/\w"
)
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
NOT_OUR_WORDS = ("Event", "Job", "Task", "Alert", "Item", "Record", "Data", "Manager", "Helper", "Utils")
TELLS_TIME = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
}
AIM, STOP, LONGEST_FUNCTION = 350, 500, 60


def project_files() -> list[Path]:
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in SKIPPED and (name == ".ci" or name[0] != ".")]
        found += [Path(folder) / name for name in files]
    return sorted(path for path in found if path.suffix not in BINARY)


def engine_files() -> list[Path]:
    return [
        ROOT / "runner.py",
        *sorted(ROOT.glob("rowcall/**/*.py")),
        *sorted(ROOT.glob("connectors/**/*.py")),
    ]


def parsed(paths: list[Path]) -> Iterator[tuple[str, ast.Module]]:
    for path in paths:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def told(findings: list[str]) -> str:
    return "\n" + "\n".join(findings)


@pytest.mark.parametrize(
    "pattern", [INDEX_HOSTS, MACHINE_PATHS], ids=["package index hosts", "paths of one machine"]
)
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    findings = [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in project_files()
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        )
        for match in pattern.finditer(line)
    ]
    assert not findings, told(findings)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (INDEX_HOSTS, "https://files." + "python" + "hosted.org/x"),
        (INDEX_HOSTS, "index-url = https://py" + "pi.org/simple"),
        (MACHINE_PATHS, '"/wo' + 'rk/main/x"'),
        (MACHINE_PATHS, "see /ho" + "me/me/shop"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_modules_are_short() -> None:
    findings = []
    for path in engine_files():
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        reason = "long because" in (ast.get_docstring(ast.parse(text)) or "").lower()
        if lines > STOP or (lines > AIM and not reason):
            findings.append(
                f"{path.relative_to(ROOT)}: {lines} lines; split it, or say in its docstring 'long because …'"
            )
    assert not findings, told(findings)


def test_functions_are_short() -> None:
    findings = [
        f"{name}:{node.lineno}: {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for name, tree in parsed(engine_files())
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not findings, told(findings)


def test_names_say_something() -> None:
    findings = [str(path.relative_to(ROOT)) for path in engine_files() if path.stem in SAYS_NOTHING]
    findings += [
        f"{name}:{node.lineno}: class {node.name} (the words of this house are in CONTRIBUTING)"
        for name, tree in parsed(engine_files())
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.endswith(NOT_OUR_WORDS)
    ]
    assert not findings, told(findings)


def time_tellers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if node.attr in TELLS_TIME.get(owner, ()):
                yield node.lineno, f"{owner}.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            for alias in node.names:
                if alias.name in TELLS_TIME["time"]:
                    yield node.lineno, f"from time import {alias.name}"


def test_only_the_clock_asks_for_the_time() -> None:
    findings = [
        f"{name}:{line}: {call}; take a Clock as an argument"
        for name, tree in parsed(engine_files())
        if name != "rowcall/clock.py"
        for line, call in time_tellers(tree)
    ]
    assert not findings, told(findings)


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("datetime.now(UTC)", 1),
        ("datetime.datetime.utcnow()", 1),
        ("date.today()", 1),
        ("time.time()", 1),
        ("from time import time", 1),
        ("clock.now()", 0),
        ("self._clock.now()", 0),
        ("time.monotonic()", 0),
    ],
)
def test_the_clock_test_can_fail(code: str, count: int) -> None:
    assert len(list(time_tellers(ast.parse(code)))) == count


def test_no_exception_is_swallowed() -> None:
    def swallows(handler: ast.ExceptHandler) -> bool:
        wide = handler.type is None or getattr(handler.type, "id", "") in ("Exception", "BaseException")
        empty = all(
            isinstance(line, ast.Pass | ast.Continue)
            or (isinstance(line, ast.Return) and (line.value is None or isinstance(line.value, ast.Constant)))
            for line in handler.body
        )
        return wide and empty

    findings = [
        f"{name}:{node.lineno}: unknown is not false: say what went wrong"
        for name, tree in parsed(engine_files())
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and swallows(node)
    ]
    assert not findings, told(findings)


def test_annotations_are_read_at_run_time() -> None:
    findings = [
        name
        for name, tree in parsed(engine_files())
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    ]
    assert not findings, told(findings)


def test_tests_use_real_parts() -> None:
    doubles = re.compile("unittest" + r"\.mock|Magic" + "Mock|monkey" + r"patch\.setattr|mock" + "er")
    findings = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sorted((ROOT / "tests").glob("**/*.py"))
        for match in doubles.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not findings, told(findings)


def test_runner_only_starts_the_command_line() -> None:
    body = ast.parse((ROOT / "runner.py").read_text(encoding="utf-8")).body
    assert ast.get_docstring(ast.Module(body, []))
    assert [ast.unparse(line) for line in body[1:]] == [
        "from rowcall.cli import main",
        "raise SystemExit(main())",
    ]


def test_the_connectors_package_holds_a_docstring_only() -> None:
    assert len(ast.parse((ROOT / "connectors" / "__init__.py").read_text(encoding="utf-8")).body) == 1


def project() -> dict[str, Any]:  # as nested as the file
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_module_has_a_floor() -> None:
    contracts = project()["tool"]["importlinter"]["contracts"]
    floors = next(contract for contract in contracts if contract["type"] == "layers")
    named = {name for layer in floors["layers"] for name in re.findall(r"rowcall\.(\w+)", layer)}
    there = {path.stem for path in (ROOT / "rowcall").iterdir() if path.suffix == ".py"}
    there |= {path.parent.name for path in (ROOT / "rowcall").glob("*/__init__.py")}
    homeless = sorted(there - named - {"__init__"})
    assert not homeless, f"give them a floor in pyproject.toml, [tool.importlinter]: {', '.join(homeless)}"


def test_the_lock_pins_everything_with_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([A-Za-z0-9._-]+)==\S+(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    names = {name.lower().replace("_", "-") for name, _ in pins}
    assert all("--hash=sha256:" in rest for _, rest in pins)
    asked = project()
    wanted = asked["project"]["dependencies"] + asked["dependency-groups"]["dev"]
    wanted += [one for extra in asked["project"]["optional-dependencies"].values() for one in extra]
    for requirement in wanted:
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert match
        assert match.group().lower().replace("_", "-") in names, f"{requirement}: run make lock"
    assert {"hatchling", "editables"} <= names  # the editable install builds without fetching anything


def test_the_version_is_told_once_the_same() -> None:
    assert project()["project"]["version"] == __version__


def test_make_help_names_every_command() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"^\.PHONY: help (.*)$", text, re.MULTILINE)
    assert commands
    told_of = set(re.findall(r'@echo "make (\w+)', text))
    assert told_of == set(commands.group(1).split())


def test_debian_parts_can_be_read() -> None:
    lines = (ROOT / ".ci" / "debian-parts").read_text(encoding="utf-8").splitlines()
    parts = [line.split(maxsplit=2) for line in lines if line and not line.startswith("#")]
    assert parts
    assert all(len(part) == 3 for part in parts)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_a_missing_part_skips_here_and_fails_on_the_build_server(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no-such-program is not installed"):
        need("no-such-program")
