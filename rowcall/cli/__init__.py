"""The command line: `rowcall`, and `python runner.py` in a clone."""

import sys
from io import TextIOWrapper

from rowcall.cli.app import app


def main() -> int:
    """Run the command that was typed and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a page that can't show ✓ shows ?
    try:
        app(prog_name="rowcall")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


__all__ = ["app", "main"]
