"""Does a text still read as people agreed it should? Compared with files in tests/golden, none left over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "golden"


@dataclass(slots=True)
class Used:
    """Which golden files this run has asked for, and which test modules it went through in full."""

    files: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)

    def unused(self) -> list[Path]:
        """Return the files of these modules that no test has asked for."""
        files = [file for module in sorted(self.modules) for file in sorted((FOLDER / module).rglob("*"))]
        return [
            file for file in files if file.is_file() and file.relative_to(FOLDER).as_posix() not in self.files
        ]


@dataclass(frozen=True, slots=True)
class Golden:
    """The golden files of one test module; `update` writes them instead of comparing."""

    module: str
    used: Used
    update: bool

    def check(self, name: str, text: str) -> None:
        """Compare a text with its golden file; `pytest --update-golden` accepts the new one."""
        file = FOLDER / self.module / name
        self.used.files.add(file.relative_to(FOLDER).as_posix())
        if self.update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
            return
        if not file.is_file():
            pytest.fail(f"no golden file {self.module}/{name}; pytest --update-golden writes it")
        assert text.splitlines() == file.read_text(encoding="utf-8").splitlines()


def modules_in_full(config: pytest.Config, items: Iterable[pytest.Item]) -> set[str]:
    """Return the modules of which nothing was left out; a part of a module proves nothing."""
    chosen = config.option.keyword or config.option.markexpr or any("::" in arg for arg in config.args)
    return set() if chosen else {item.path.stem for item in items}
