"""The command line: `rowcall`, and `python runner.py` in a clone."""

import codecs
import sys
from io import TextIOWrapper

from rowcall.cli.app import app

_PLAIN = {"✓": "+", "█": "#", "✗": "x", "→": "->", "…": "...", "–": "-", "“": '"', "”": '"'}
"""How a page that knows no such letters shows them: never as ?, which means unknown."""


def main() -> int:
    """Run the command that was typed and return its exit code."""
    codecs.register_error("rowcall", _in_plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="rowcall")
    try:
        app(prog_name="rowcall")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _in_plain_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "_") for letter in error.object[error.start : error.end]), error.end


__all__ = ["app", "main"]
