# Two commands do everything: make serve, make test.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup serve test check web clean

setup: $(VENV)/.serve $(VENV)/.web

serve: $(VENV)/.serve $(VENV)/.web
	@$(BIN)/chinaspace serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test $(VENV)/.axe
	$(BIN)/python -m pytest -n logical --dist loadfile

# All that a pull request must pass, tests apart.
check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/chinaspace format --check
	$(BIN)/chinaspace validate

# The editor of the query page. Unlike make setup, this fails where it cannot be built.
web: $(VENV)/bin/python
	cd web && npm install --no-save && npm run build
	@touch $(VENV)/.web

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "chinaspace needs Python 3.11 or newer; name one with PYTHON=, for example make serve PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

# Each step leaves a mark, so that nothing is installed twice; the versions are those of constraints.txt.
$(VENV)/.serve: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[charts,mcp,notebook]'
	@touch $@

$(VENV)/.test: $(VENV)/.serve
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

# Without Node, or the packages, the query page has a plain form, and a later change of web/ or make web tries again.
$(VENV)/.web: $(VENV)/bin/python $(wildcard web/package.json web/src/*)
	@if command -v npm >/dev/null; then \
	  (cd web && npm install --omit=dev --no-save --fetch-retries=1 --fetch-timeout=30000 --loglevel=error \
	    && npm run --silent build) >&2 \
	    || echo "The editor of the query page could not be built, so the page has a plain form; make web tries again." >&2; \
	else \
	  echo "There is no npm, so the query page has a plain form; install Node 18 or newer and run make web for its editor." >&2; \
	fi
	@touch $@

# What finds barriers in pages; without it these tests are skipped.
$(VENV)/.axe: $(VENV)/bin/python $(VENV)/.web web/package.json
	@if command -v npm >/dev/null; then \
	  (cd web && npm install --no-save --fetch-retries=1 --fetch-timeout=30000 --loglevel=error) >&2 \
	    || echo "axe-core could not be installed, so pages are not tested in a browser." >&2; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) dist chinaspace/built web/node_modules
