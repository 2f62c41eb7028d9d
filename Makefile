# `make` alone installs what the bot needs into .venv; every other command does that by itself.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
RUNS := $(VENV)/.installed
TESTS := $(VENV)/.installed-dev

.DEFAULT_GOAL := install
.NOTPARALLEL:
.PHONY: install demo preview test lint check bench clean help

install: $(RUNS)  ## install what the bot needs
	@echo "All is installed. Go on with: make demo, make test or $(PYTHON) main.py"

demo: $(RUNS)  ## try the bot on this machine, without Telegram
	@$(BIN)/python main.py --demo

preview: $(RUNS)  ## show dialogues as they are being written; STUDY=folder: other ones than ours
	@$(BIN)/python data/gamesInfo/preview.py $(if $(STUDY),"$(STUDY)")

test: $(TESTS)  ## run the tests
	@$(BIN)/python -m pytest -n 3

lint: $(TESTS)  ## check form and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --no-error-summary .

check: lint test  ## lint, then test

bench: $(TESTS)  ## measure; QUICK=1: some three minutes
	@[ .venv-bench/.installed -nt tests/benchmarks/requirements.txt ] || { \
	echo "Installing what the benchmarks need into .venv-bench …" && $(BIN)/python -m venv .venv-bench \
	&& .venv-bench/bin/python -m pip --disable-pip-version-check --quiet install -r tests/benchmarks/requirements.txt \
	&& touch .venv-bench/.installed; }
	@$(BIN)/python -m tests.benchmarks.run $(if $(QUICK),--quick)

clean:  ## remove what was installed and cached; never data, logs or keys
	rm -rf $(VENV) .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:  ## show this list
	@sed -n 's/^\([a-z]*\):.*## /make \1: /p' Makefile

$(RUNS): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "Python 3.11 or newer is needed; $(PYTHON) is older or missing. Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo "Python's venv is missing. Type: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing what the bot needs into $(VENV) …"
	@$(PIP) install -r requirements.txt
	@touch $@

$(TESTS): $(RUNS) requirements-dev.txt
	@echo "Installing what the tests need into $(VENV) …"
	@$(PIP) install -r requirements-dev.txt
	@touch $@
