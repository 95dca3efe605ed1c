# Each command does its own set-up in .venv, from nothing but Python 3.11 (or newer) and make.
# `make PYTHON=/path/to/python …` chooses the interpreter.

PYTHON ?=
bin := .venv/bin
ready := .venv/.ready

.PHONY: help demo test coverage check format bench lock clean
help:
	@echo "make demo    the four rules at work on a sample shop, in a few seconds"
	@echo "make test    all tests"
	@echo "make coverage  all tests, and which branches none of them takes"
	@echo "make check   format, lint, types, floors"
	@echo "make format  put the code into the house's format"
	@echo "make bench   measure against other ways of doing it"
	@echo "make lock    write requirements.lock anew from pyproject.toml"
	@echo "make clean   remove everything that these commands made"

demo: $(ready)
	@$(bin)/rowcall demo

test: $(ready) absent
	POLARS_MAX_THREADS=1 $(bin)/python -m pytest -n 2

coverage: $(ready) absent
	POLARS_MAX_THREADS=1 $(bin)/python -m pytest -n 2 -o timeout=900 --cov=rowcall --cov=connectors --cov-branch \
		--cov-report=term-missing:skip-covered

# `make -k check` goes on after the first that fails.
.PHONY: formatted linted typed floors
check: formatted linted typed floors
formatted: $(ready)
	$(bin)/ruff format --check .
linted: $(ready)
	$(bin)/ruff check .
typed: $(ready)
	$(bin)/mypy
floors: $(ready)
	$(bin)/lint-imports --no-logo

format: $(ready)
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

bench: $(ready)
	$(bin)/python -m bench

lock: $(ready)
	@test -x $(bin)/uv || $(bin)/python -m pip install --quiet uv
	$(bin)/uv pip compile pyproject.toml --output-file requirements.lock --quiet --universal --generate-hashes \
		--all-extras --group dev --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean:
	rm -rf .venv dist build demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find rowcall connectors tests bench -name __pycache__ -prune -exec rm -rf {} +

# Names the parts that only Debian has and that are not here; their tests are skipped (with CI=true they fail).
.PHONY: absent
absent:
	@grep -v '^#' .ci/debian-parts | while read -r program package purpose; do \
		command -v $$program >/dev/null || echo "absent: $$program (Debian: apt-get install $$package): $$purpose"; \
	done

# A python3.11 on the path may be a stand-in that does not start: ask each candidate for its version.
$(bin)/python:
	@for python in "$(PYTHON)" python3.11 python3 python3.13 python3.12 python; do \
		[ -n "$$python" ] || continue; \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "setting up .venv with $$python"; \
		"$$python" -m venv .venv && exit 0; \
		echo "$$python can't make a virtual environment (Debian: apt-get install python3-venv)" >&2; \
		rm -rf .venv; \
	done; \
	echo "Rowcall needs Python 3.11 or newer; python3 here is: $$(python3 --version 2>&1 || echo none)." >&2; \
	echo "Install it, or name it: make PYTHON=/path/to/python3.11 …" >&2; \
	exit 1

$(ready): requirements.lock pyproject.toml | $(bin)/python
	$(bin)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(bin)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
