"""Run Rowcall as a module: `python -m rowcall …` is the same program as `rowcall …`."""

from rowcall.cli import main

raise SystemExit(main())
