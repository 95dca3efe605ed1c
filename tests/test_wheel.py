"""Does the wheel hold everything, and does it work from a folder that has nothing to do with the clone?"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from rowcall import __version__

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(ROOT, "build", "--wheel", "--no-isolation", "--outdir", str(folder), ".")
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone; what it depends on is taken from the environment of the tests."""
    folder = tmp_path_factory.mktemp("installed")
    run(ROOT, "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(folder), str(wheel))
    return folder


def run(folder: Path, module: str, *arguments: str, path: Path | None = None) -> str:
    """Run a module of this Python in a folder; `path` is looked into before the installed packages."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_wheel_holds_both_packages_and_the_starter_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = [
        path
        for folder in ("rules", "templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(shipped) >= 8
    expected = {f"rowcall/starter/{path.relative_to(ROOT).as_posix()}" for path in shipped}
    expected |= {"rowcall/starter/config.example.yaml", "rowcall/starter/config.example.zh.yaml"}
    expected |= {"rowcall/py.typed", "rowcall/sample/workbook.py"}
    expected |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "connectors").glob("*.py")}
    assert expected <= names, sorted(expected - names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"rowcall", "connectors", f"rowcall-{__version__}.dist-info"}


def test_it_is_the_wheel_that_runs(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "where.py").write_text(
        "import rowcall, connectors; print(rowcall.__file__, connectors.__file__)"
    )
    said = run(tmp_path, "where", path=installed).split()
    assert all(Path(place).is_relative_to(installed) for place in said)


def test_shipped_files_are_found(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "find.py").write_text(
        "from rowcall.home import shipped\n"
        "for name in ('rules', 'templates', 'config.example.yaml', 'config.example.zh.yaml'):\n"
        "    print(shipped(name))\n"
    )
    said = run(tmp_path, "find", path=installed).split()
    assert all(Path(place).is_relative_to(installed / "rowcall" / "starter") for place in said)


def test_the_version_from_another_folder(installed: Path, tmp_path: Path) -> None:
    assert __version__ in run(tmp_path, "rowcall", "--version", path=installed)


def test_the_demo_from_another_folder(installed: Path, tmp_path: Path) -> None:
    said = run(tmp_path, "rowcall", "demo", path=installed)
    assert "HT-" in said  # an order of the sample shop is spoken of
