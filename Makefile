# Every target sets up what it needs: Rust, Python 3.11 or later and make are all that a machine must have.
# The tools go into .venv, from requirements.txt (exact versions, each with its hash).

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PY     := $(BIN)/python
OUT    ?= out

# One stamp for the tools, one for the rivals of `make bench`, one for the compiled package: each is redone only
# when what it is made from is newer.
TOOLS   := $(VENV)/.tools
RIVALS  := $(VENV)/.rivals
PACKAGE := $(VENV)/.package
RUST    := Cargo.toml .cargo/config.toml pyproject.toml $(wildcard Cargo.lock) $(shell find src -type f 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-rust test-python test-notebooks lint format bench bench-docs validation docs notebooks schema clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-15s %s\n", $$1, $$2 }'

demo: $(PACKAGE) ## plan a real service, print the plan and a comparison, write charts, a page and tables into out/
	$(PY) -m skillmix.demo --out $(OUT)

test: lint test-rust test-python test-notebooks docs ## everything that must pass: lint, Rust, Python, notebooks, docs

test-rust: ## the Rust tests alone, with no Python
	cargo test --locked

test-python: $(PACKAGE) ## the Python tests and the examples in docstrings
	$(PY) -m pytest

test-notebooks: $(PACKAGE) ## run every notebook from top to bottom and keep nothing
	$(PY) -m pytest --nbmake --nbmake-timeout=300 notebooks

lint: $(PACKAGE) ## formatting, clippy, ruff, mypy, stubs against the compiled module, floors of the core
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --features python -- -D warnings
	$(PY) .ci/floors.py
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/stubtest skillmix._core --mypy-config-file pyproject.toml

format: $(TOOLS) ## format Rust and Python in place
	cargo fmt
	$(BIN)/ruff format
	$(BIN)/ruff check --select I --fix

bench: $(PACKAGE) $(RIVALS) ## time every run against SimPy, Ciw and numpy; QUICK=1 only shows that all of it works
	cargo bench --locked --quiet --bench sc_ref --no-run
	OUT=$(OUT) $(PY) benches/run.py $(if $(QUICK),--quick) $(BENCH)

bench-docs: ## the same, and write the tables of README.md and docs/performance.md
	$(MAKE) bench BENCH=--write-docs

validation: $(PACKAGE) ## compare with every independent case: out/validation.json and docs/validation.md
	$(PY) .ci/validation.py $(OUT)

docs: $(PACKAGE) ## build the documentation into docs/_build/html
	$(PY) -m sphinx --fail-on-warning --keep-going --quiet -b html docs docs/_build/html

notebooks: $(PACKAGE) ## run the notebooks again and write what they show into them
	$(PY) .ci/notebooks.py

schema: $(PACKAGE) ## write the JSON Schema of a scenario again
	$(PY) -c 'import skillmix.reference as r; print(r.json_schema())' > docs/skillmix-scenario-1.json

clean: ## remove what the commands made, the tools included
	rm -rf $(VENV) $(OUT) target docs/_build docs/generated docs/notebooks dist python/skillmix/*.so
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(TOOLS): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "skillmix needs Python 3.11 or later: try make PYTHON=python3.11"; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(RIVALS): requirements-bench.txt $(TOOLS)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

# Editable: a change in Python is seen at once, only a change in Rust compiles again.
$(PACKAGE): $(TOOLS) $(RUST)
	VIRTUAL_ENV=$(abspath $(VENV)) $(BIN)/maturin develop --release --locked --quiet
	touch $@
