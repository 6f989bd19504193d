# install run test lint lock bench bench-growth: the words CI uses too.
# PYTHON=python3.13 chooses another Python, PORT=8017 another port for run.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
NEED = command -v $(1) >/dev/null || { echo "$(1) is missing; install it first (Debian: apt install $(1))." >&2; exit 1; }

.PHONY: install run test lint lock bench bench-growth

install: .venv/installed

run: install
	$(BIN)/coursewright serve --demo --port $(PORT)

test: .venv/installed-test lint
	$(BIN)/python -m pytest -q -n 2
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n 2

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/installed-test
	$(BIN)/python -m benchmarks.run

bench-growth: .venv/installed-test
	$(BIN)/python -m benchmarks.growth

# The locks name exact versions with their hashes, for every Python from 3.11 on.
LOCK = uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-header --no-annotate

lock:
	@$(call NEED,uv)
	$(LOCK) --extra build -o requirements.txt
	$(LOCK) --extra test -c requirements.txt -o requirements-test.txt

.venv/installed: requirements.txt pyproject.toml
	@$(call NEED,git)
	@$(call NEED,curl)
	@command -v $(PYTHON) >/dev/null || \
	  { echo "$(PYTHON) is missing; install Python 3.11 or newer (Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$$($(PYTHON) --version) is too old; install Python 3.11 or newer, and run: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "The venv module of $(PYTHON) is missing; install it first (Debian: apt install python3-venv)." >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-test: .venv/installed requirements-test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@
