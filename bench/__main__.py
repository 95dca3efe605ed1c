"""Which numbers do all the measurements of this folder give, one after the other?

Each is a module with a `main()`; one that needs a missing package says so and the others go on.
Run: python -m bench [name …]
"""

import importlib
import pkgutil
import sys
import time

import bench


def main(wanted: list[str]) -> None:
    """Run the measurements of these names, or all."""
    names = wanted or [
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    ]
    sys.argv[1:] = []  # the measurements read their own options from there
    for name in names:
        print(f"\n== {name}", flush=True)
        start = time.perf_counter()
        try:
            importlib.import_module(f"bench.{name}").main()
        except ModuleNotFoundError as error:
            print(f"not measured: {error}")
        print(f"({time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
