.DEFAULT_GOAL := help
.PHONY: help setup demo test check migrate migration bench faults lock diagrams styles pictures

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
# Two workers, each whole files: more gains nothing on two cores, and a file's fixtures are made once. The longest
# begin first (tests/spreading.py); by themselves the workers would begin with those of the most tests.
TEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
DEMO_ARGS ?=
BENCH_ARGS ?=

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## make or refresh the environment in .venv from the locked requirements

demo: setup  ## run the main job on real reviews as a story, then serve it (DEMO_ARGS="--out DIR", or --no-serve)
	@echo "==> Running the demonstration in a throw-away database"
	@$(BIN)/tracker demo $(DEMO_ARGS)

test: setup  ## run every test on SQLite, PostgreSQL and in a browser (REQUIRE=all: leaving out is a failure)
	@echo "==> Looking for a PostgreSQL for the tests"
	@$(BIN)/python -m tests.postgres
	@echo "==> Looking for a browser for the tests"
	@$(BIN)/python -m tests.browser
	@echo "==> Running every test"
	@$(BIN)/python -m pytest $(TEST_ARGS)

check: setup  ## format, lint, types, import rule, migrations, diagrams and locks, without changing anything
	@echo "==> Format";        $(BIN)/ruff format --check .
	@echo "==> Lint";          $(BIN)/ruff check .
	@echo "==> Types";         $(BIN)/mypy
	@echo "==> Import rule";   $(BIN)/lint-imports
	@echo "==> Migrations on both databases"; $(BIN)/python -m pytest -q -p no:randomly tests/repository/test_migrations.py
	@echo "==> Diagrams";      $(BIN)/python -m workflows.diagram --check README.md docs/processes.md
	@echo "==> Locks";         $(BIN)/python -m pytest -q -p no:randomly tests/repository/test_locks.py

migrate: setup  ## bring the database of TRACKER_DATABASE_URL up to date
	@echo "==> Bringing the tables up to date"
	@$(BIN)/tracker upgrade

migration: setup  ## write a migration for what has changed in the models (WHAT="what it adds")
	@$(BIN)/python -m tests.repository.revision "$(WHAT)"

bench: setup  ## measure deeds and pages beside programs that do the bare work (BENCH_ARGS="pages --rounds 3")
	@echo "==> Measuring; nothing else should run beside it"
	@$(BIN)/python -m tests.bench $(BENCH_ARGS)

faults: setup  ## the long trials: many processes at once, kills, full disks, hostile forms
	@echo "==> Running the long trials"
	@$(BIN)/python -m pytest $(TEST_ARGS) --override-ini "norecursedirs=.*" tests/faults

lock:  ## write requirements/*.txt anew from pyproject.toml, with hashes and without any address
	@echo "==> Resolving dependencies"
	@rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet 'uv==0.13.8'
	@for name in run test dev; do \
		extra=$$(test $$name = run || echo "--extra $$name"); \
		build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-annotate $(LOCK_ARGS) $$extra pyproject.toml --output-file requirements/$$name.txt || exit 1; \
		echo "    requirements/$$name.txt"; \
	done

styles:  ## compile the style sheet of the pages anew (needs Node; running the service does not)
	@echo "==> Compiling the style sheet"
	@rm -rf build/styles && mkdir -p build && cp -r tracker/web/styles build/styles
	@cd build/styles && npm ci --no-audit --no-fund --silent
	@cd build/styles && npx sass --style=compressed --no-source-map --quiet-deps \
		--load-path=. --load-path=node_modules tracker.scss ../../tracker/web/static/tracker.css
	@cp build/styles/node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js tracker/web/static/
	@sed -i 's%//[#] sourceMappingURL=.*%%' tracker/web/static/govuk-frontend.min.js

diagrams: setup  ## draw the processes into README.md and docs/processes.md anew
	@echo "==> Drawing the process"
	@$(BIN)/python -m workflows.diagram --write README.md docs/processes.md

pictures: setup  ## draw the pictures of the README anew from the demonstration (needs a browser)
	@echo "==> Drawing the pictures of the README"
	@$(BIN)/python -m tests.pictures

$(READY): requirements/dev.txt pyproject.toml
	@echo "==> Setting up the environment in .venv (only when the locked requirements have changed)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	@echo "    installing the locked packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
