# `make help` lists what there is. Works with GNU make 4.3 and newer.

PYTHON ?= python3
MODEL_URL ?= $(PLATEWISE_MODEL_URL)

BIN := .venv/bin
# The installer reads no answers, and what is typed or piped in is meant for the assistant.
SETUP := $(PYTHON) -m tools.setup
QUIET_MAKE := $(MAKE) --no-print-directory

.DEFAULT_GOAL := help
.SILENT:
.PHONY: help setup demo check checks test e2e bench clean

help: ## List these targets.
	sed -nE 's/^([a-z0-9]+):[^#]*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

setup: ## Install everything: .venv, .venv-serve, the embedded model. Does nothing the second time.
	$(SETUP) --all </dev/null

demo: ## Install, prepare and start everything, then talk. MODEL_URL=http://… for a model server of yours, PORT=….
ifeq ($(strip $(MODEL_URL)),)
	$(SETUP) --all </dev/null
	$(BIN)/platewise demo $(if $(PORT),--port '$(PORT)')
else
	$(SETUP) --bot </dev/null
	PLATEWISE_MODEL_URL='$(strip $(MODEL_URL))' $(BIN)/platewise demo
endif

check: ## Check style, types, import rules, sizes, and that the generated pages are fresh.
	$(SETUP) --bot </dev/null
	$(QUIET_MAKE) checks

checks:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.check_sizes
	$(BIN)/python -m tools.check_catalogue
	$(BIN)/python tools/make_docs.py --check

test: ## Run the checks, then the unit, integration and end-to-end tests (the last with the real vLLM).
	$(SETUP) --all </dev/null
	$(QUIET_MAKE) checks
	$(BIN)/pytest tests/unit tests/integration -n auto --dist worksteal
	$(BIN)/pytest tests/e2e

e2e: ## Run only the end-to-end tests, with the real vLLM.
	$(SETUP) --all </dev/null
	$(BIN)/pytest tests/e2e

bench: ## Measure every published figure; each script prints its table.
	$(SETUP) --all </dev/null
	for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit; done

clean: ## Delete the virtual environments and caches. What is in var/ (data, models, logs) stays.
	rm -rf .venv .venv-serve .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage dist
