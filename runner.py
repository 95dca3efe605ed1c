"""Run Rowcall from a clone: `python runner.py …` is the same program as `rowcall …`."""

from rowcall.cli import main

raise SystemExit(main())
