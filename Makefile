# Everything from a fresh clone: needs Python 3.11 or newer with pip, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A file of exact versions for the development dependencies, such as .ci/requirements.txt; empty: what pyproject.toml allows.
LOCK ?=
# The virtual environment has no pip of its own: some systems cannot give it one, and the system's is enough.
PIP := $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help decks check test lint bench clean

help: ## Show these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

decks: $(VENV)/installed ## Build every deck: decks/*.yaml → decks/*.apkg
	@$(BIN)/primer-anki build

check: $(VENV)/installed ## Say whether the committed decks are what the content gives, and whether the cards are good
	@$(BIN)/primer-anki build --check
	@$(BIN)/primer-anki lint --strict

test: $(VENV)/installed-dev ## Run the tests
	@$(BIN)/python -m pytest $(PYTEST)

lint: $(VENV)/installed-dev ## Check style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/installed-dev ## Measure builds of 100, 1,000 and 10,000 cards; others: make bench CARDS="100 100000"
	@$(BIN)/python -m tests.bench.run $(CARDS)

clean: ## Remove the virtual environment and all caches
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Installed anew when the dependencies change, and only then.
$(VENV)/installed: pyproject.toml | $(BIN)/python
	@$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml $(LOCK) | $(BIN)/python
	@$(if $(LOCK),$(PIP) install --quiet --require-hashes --requirement $(LOCK))
	@$(PIP) install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.x" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv --without-pip $(VENV)
