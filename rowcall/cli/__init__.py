"""The command line: `rowcall`, and `python runner.py` in a clone."""

from rowcall.cli.app import app


def main() -> int:
    """Run the command that was typed and return its exit code."""
    try:
        app(prog_name="rowcall")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


__all__ = ["app", "main"]
