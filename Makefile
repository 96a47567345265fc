# Two commands do everything: make serve, make test.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup serve test check docs clean

setup: $(VENV)/.serve

serve: $(VENV)/.serve
	@$(BIN)/chinaspace serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test
	$(BIN)/python -m pytest

# All that a pull request must pass, tests apart.
check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/chinaspace format --check
	$(BIN)/chinaspace validate

# The page of the vocabulary: docs/vocabulary.html.
docs: $(VENV)/.test
	$(BIN)/python docs/build.py

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "chinaspace needs Python 3.11 or newer; name one with PYTHON=, for example make serve PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

# Each step leaves a mark, so that nothing is installed twice; the versions are those of constraints.txt.
$(VENV)/.serve: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[charts,notebook]'
	@touch $@

$(VENV)/.test: $(VENV)/.serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

clean:
	rm -rf $(VENV) docs/*.html dist
