"""How does a command show what it found, on a terminal and in a pipe?"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from rowcall.errors import Problem, Severity

WIDTH = 80
"""Where nobody says how wide the page is."""

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_json(value: Mapping[str, object]) -> None:
    """Print a JSON document to the output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


class Page:
    """Where a command's text goes: lines of readable width, with colours on a terminal only."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Print a text, wrapped at the page's width, each line of it indented."""
        self._wrapped(Text(text, style), indent)

    def parts(self, *parts: tuple[str, str], indent: int = 0) -> None:
        """Print a line made of texts in different styles."""
        self._wrapped(Text.assemble(*parts), indent)

    def heading(self, text: str) -> None:
        """Print a heading after an empty line."""
        self._console.print()
        self._console.print(Text(text, "bold"))

    def raw(self, text: str) -> None:
        """Print a line as it is, however long: what stands in a file is not broken."""
        self._console.print(Text(text), soft_wrap=True)

    def side_by_side(self, left: tuple[str, Text], right: tuple[str, Text], indent: int = 0) -> None:
        """Print two texts beside each other, each under its heading and in half of the page."""
        grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, expand=False)
        width = max((self._console.width - indent - 4) // 2, 20)
        for heading, _ in (left, right):
            grid.add_column(Text(heading, "dim"), width=width, overflow="fold")
        grid.add_row(left[1], right[1])
        self._console.print(Padding(grid, (0, 0, 0, indent)))

    def raw_parts(self, *parts: tuple[str, str]) -> None:
        """Print a line made of texts in different styles as it is: columns stay under each other."""
        self._console.print(Text.assemble(*parts), soft_wrap=True)

    def problem(self, problem: Problem, indent: int = 0) -> None:
        """Print a problem: place, words, the line as it stands with a caret, the line as it should be."""
        place = f"{problem.place}: " if str(problem.place) else ""
        severity = problem.severity
        self.parts((place, "bold"), (f"{severity}: ", _COLOURS[severity]), (problem.what, ""), indent=indent)
        if problem.excerpt.strip():
            self._excerpt(problem, indent + 4)
        if problem.suggestion:
            self.parts(("→ ", "green"), (problem.suggestion.strip(), "green"), indent=indent + 4)
        elif problem.fix:
            self.line(problem.fix, indent=indent + 4)

    def _wrapped(self, text: Text, indent: int) -> None:
        for line in text.wrap(self._console, max(self._console.width - indent, 20)) or [Text()]:
            line.rstrip()
            self._console.print(Text(" " * indent if line.plain else "") + line, soft_wrap=True)

    def _excerpt(self, problem: Problem, indent: int) -> None:
        stripped = problem.excerpt.lstrip()
        moved = len(problem.excerpt) - len(stripped)
        room = max(self._console.width - indent - 1, 20)
        start = max(problem.place.column - 1 - moved, 0)
        left = max(start - room + 10, 0)
        shown = stripped[left : left + room].rstrip()
        self.raw(" " * indent + shown)
        if problem.place.column and start <= len(stripped):
            width = Text(shown[: start - left]).cell_len
            self.raw(" " * (indent + width) + "^")


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something takes a while; in a pipe say nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how much of something is done; in a pipe say nothing. Yields what is told the number."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _done: None
        return
    with Progress(console=console, transient=True) as bar:
        line = bar.add_task(what, total=total)
        yield lambda done: bar.update(line, completed=done)


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 mail`, `2 mails`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shop_time(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a moment as people in the shop read it: `2026-03-02 09:00`; "" for none."""
    return "" if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
