# Everything runs in .venv, which the targets make and bring up to date by themselves.
# PYTHON chooses the interpreter, PORT the demo's port; DEMO_ONCE=1 ends the demo by itself;
# WORKERS=2 runs the tests in two processes, SECONDS=300 fuzzes each target for so long.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
WORKERS ?= 0
SECONDS ?= 60

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
INSTALL := $(PIP) install --require-hashes
INSTALL_SELF := $(PIP) install --no-index --no-deps --no-build-isolation --editable .

# A stamp is named by the content of what it stands for: another lock file is another stamp.
hash_of = $(shell cat $(1) | cksum | tr -s ' \t' '-')
RUNTIME := $(VENV)/.runtime-$(call hash_of,pyproject.toml requirements.lock requirements-build.lock)
DEV := $(VENV)/.dev-$(call hash_of,pyproject.toml requirements-dev.lock)

UV_COMPILE := $(BIN)/uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate

.PHONY: help demo test unit lint format golden docs fuzz peers lock build sbom audit bench bench-peers clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(if $(TRACKER),$(DEV),$(RUNTIME)) ## Play a two-week sprint and leave the service running (DEMO_ONCE=1: end by itself; PORT=8080; TRACKER=azure)
	@$(if $(TRACKER),PYTHONPATH=tests) $(BIN)/trainboard demo $(if $(filter 1,$(DEMO_ONCE)),--once) \
		$(if $(PORT),--port $(PORT)) $(if $(TRACKER),--tracker $(TRACKER))

test: lint ## Check the code, then run every test under coverage
	@rm -f .coverage .coverage.*
	$(BIN)/python -m coverage run -m pytest -n $(WORKERS) --dist worksteal
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report

unit: $(DEV) ## Run the fast tests only, without coverage
	$(BIN)/python -m pytest -q tests/unit -m "not peer"

lint: $(DEV) ## Check style, types and the arrows between packages
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## Write the code in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: $(DEV) ## Write the golden files and the generated parts of the docs anew; look at the diff
	TRAINBOARD_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q --ignore=tests/e2e -m "not peer"

docs: $(DEV) ## Build the documentation as a site, in dist/site; a link that leads nowhere ends it
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

fuzz: $(DEV) ## Give each reader of strangers' bytes SECONDS=60 of fuzzing, and keep what reaches something new
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP) install --group fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(SECONDS) --keep

peers: ## Install the real programs that some tests talk to, below .peers
	@PYTHON=$(PYTHON) sh tests/peers/install.sh

bench-peers: ## Install the programs that the benchmarks measure beside ours, below .peers/bench
	@PYTHON=$(PYTHON) sh benchmarks/install.sh

lock: | $(BIN)/python ## Write the lock files anew from pyproject.toml
	@$(PIP) install uv
	$(UV_COMPILE) pyproject.toml --group dev -o requirements-dev.lock
	$(UV_COMPILE) pyproject.toml --extra postgresql --extra entra --extra traces --constraint requirements-dev.lock -o requirements.lock
	$(UV_COMPILE) --group build --constraint requirements-dev.lock -o requirements-build.lock

build: $(DEV) ## Build the source distribution and the wheel into dist/
	$(BIN)/python -m build --no-isolation

sbom: $(DEV) ## Write what the service is made of, as CycloneDX, to dist/trainboard.cdx.json
	@mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible \
		--output-file dist/trainboard.cdx.json

audit: $(DEV) ## Ask whether anything in requirements.lock has a known weakness (needs the network)
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.lock

bench: $(DEV) ## Measure, beside a peer or a limit of the same run
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/durability.py
	$(BIN)/python benchmarks/crash_points.py
	$(BIN)/python benchmarks/fault_matrix.py
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/coalesce.py
	$(BIN)/python benchmarks/api_calls.py
	$(BIN)/python benchmarks/alert_storm.py
	$(BIN)/python benchmarks/budget.py
	$(BIN)/python benchmarks/removal.py
	$(BIN)/python benchmarks/soak.py --minutes 5 --burst 10000
	$(BIN)/python benchmarks/commands.py
	$(BIN)/python benchmarks/report.py
	$(BIN)/python benchmarks/mlflow_reader.py
	$(BIN)/python benchmarks/sweep.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/first_item.py
	$(BIN)/python benchmarks/api.py

clean: ## Remove what the other targets made, peers apart
	rm -rf $(VENV) dist htmlcov .coverage .coverage.* .demo
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find bot webhooks tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "make: Python 3.11 or newer is needed and $(PYTHON) is not: name one with make PYTHON=python3.12" >&2; exit 1; }
	@echo "make: creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): | $(BIN)/python
	@if [ ! -e $(DEV) ]; then \
		echo "make: installing what the service needs"; \
		$(INSTALL) -r requirements.lock -r requirements-build.lock && $(INSTALL_SELF); \
	fi
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEV): | $(BIN)/python
	@echo "make: installing what the tests need"
	@$(INSTALL) -r requirements-dev.lock
	@$(INSTALL_SELF)
	@rm -f $(VENV)/.dev-* && touch $@
