# `make demo` and `make test` install what they need: Python packages into .venv and build/, native libraries by apt.
.DELETE_ON_ERROR:
.PHONY: help setup demo up down deploy test lint types unit stack-tests infrastructure collected long format lock clean

PYTHON ?= python3
PY := .venv/bin/python
# Work in the project's own environment, whatever the caller's is. Compiled modules are kept: every process of the tests and of the
# stack would compile all of them anew.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PYTHONUTF8 := 1
export SAM_CLI_TELEMETRY := 0

help:
	@echo 'make demo    the main job from end to end, on the embedded stack; leaves the files in out/'
	@echo 'make up      keep the embedded stack up and say how to use it (Ctrl-C stops it)'
	@echo 'make test    lint, types and all tests'
	@echo 'make long    what takes too long for every run: 200 decisions with workers killed meanwhile, attacks on all forms'
	@echo 'make clean   stop the embedded stack and remove its data and everything built'

setup: build/installed

build/system-packages: scripts/system-packages
	@mkdir -p build
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	@PYTHON="$(PYTHON)" sh scripts/system-packages
	@touch build/system-packages

build/uv: requirements/bootstrap.txt build/system-packages
	@rm -rf build/envs/bootstrap
	@echo 'installing (the first time takes a minute)'
	@$(PYTHON) -m venv build/envs/bootstrap
	@build/envs/bootstrap/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch build/uv

UV := build/envs/bootstrap/bin/uv
# uv's own cache may lie on another file system: linking then only warns.
export UV_LINK_MODE := copy
INSTALL := $(UV) pip install --quiet --require-hashes

build/installed: requirements/project.txt pyproject.toml build/uv build/envs/stack/installed
	@test -x $(PY) || $(PYTHON) -m venv --without-pip .venv
	@$(INSTALL) --python $(PY) -r requirements/project.txt
	@$(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .
	@touch build/installed

build/envs/stack/installed: requirements/stack.txt build/uv
	@test -x build/envs/stack/bin/python || $(PYTHON) -m venv --without-pip build/envs/stack
	@$(INSTALL) --python build/envs/stack/bin/python -r requirements/stack.txt
	@touch build/envs/stack/installed

build/envs/tools/installed: requirements/tools.txt build/uv
	@test -x build/envs/tools/bin/python || $(PYTHON) -m venv --without-pip build/envs/tools
	@$(INSTALL) --python build/envs/tools/bin/python -r requirements/tools.txt
	@touch build/envs/tools/installed

demo: build/installed
	@$(PY) -m infra.local ensure
	@$(PY) -m infra.local.demo

up: build/installed
	@exec $(PY) -m infra.local up

down: build/installed
	@$(PY) -m infra.local down

deploy: build/installed
	@$(PY) -m infra.local deploy

# Each process has whole files, and the longest begin (tests/conftest.py, tests/integration/conftest.py). The stack's tests wait most of
# the time, for queues and for workers that were killed: the other tests run meanwhile, behind them where both want a processor.
SIDE_BY_SIDE := -n 2 --dist loadfile --no-loadscope-reorder
UNIT := tests --ignore tests/integration --ignore tests/infrastructure
STACKS := -n 4 --dist loadfile --no-loadscope-reorder

test: build/installed
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types infrastructure lint collected
	@echo 'all other tests, side by side: about ten minutes; what they say comes when they are through'
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target unit stack-tests

lint: build/installed
	$(PY) -m ruff check
	$(PY) -m ruff format --check

types: build/installed
	$(PY) -m mypy

unit: build/installed
	nice -n 5 $(PY) -m pytest -q $(SIDE_BY_SIDE) $(UNIT)

# Compiles all tests once, before six processes do so side by side; a test that cannot be imported is told here.
collected: build/installed
	@for tests in '$(UNIT)' tests/integration; do \
		$(PY) -m pytest -qq --collect-only $$tests >build/collected || { tail -n 60 build/collected; exit 1; }; \
	done

infrastructure: build/installed build/envs/tools/installed
	$(PY) -m pytest -q tests/infrastructure

# What takes too long for every run: two hundred decisions under one authorisation with workers killed meanwhile, the shadow attacks
# on the results of all forms, and what lasts in great numbers: among it a thousand files after an outage of all authorities.
long: build/installed
	CHAUBAN_LONG=1 $(PY) -m pytest -q $(SIDE_BY_SIDE) tests/conformance/test_shadow.py tests/conformance/test_thirty_years.py tests/unit/preservation/test_many_renewals.py tests/chaos
	CHAUBAN_DECISIONS=200 $(PY) -m pytest -q tests/integration/test_many_decisions.py
	CHAUBAN_LONG=1 $(PY) -m pytest -q tests/integration/test_what_was_issued.py
	CHAUBAN_LONG=1 $(PY) -m pytest -q tests/integration/test_lasting.py

stack-tests: build/installed
	$(PY) -m pytest -q $(STACKS) tests/integration

format: build/installed
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

COMPILE := $(UV) pip compile --quiet --no-header --no-emit-index-url --python-version 3.11

lock: build/uv
	$(COMPILE) --upgrade --universal --generate-hashes --all-extras --build-isolation pyproject.toml requirements/build.in -o requirements/project.txt
	$(COMPILE) --upgrade --universal --generate-hashes requirements/stack.in -o requirements/stack.txt
	$(COMPILE) --upgrade --universal --generate-hashes requirements/tools.in -o requirements/tools.txt
	$(COMPILE) --upgrade --universal --generate-hashes requirements/bootstrap.in -o requirements/bootstrap.txt
	$(UV) pip compile --quiet --no-header --no-emit-index-url --python-version 3.13 --python-platform x86_64-manylinux_2_28 \
		--constraints requirements/project.txt pyproject.toml -o functions/requirements.txt

clean:
	@if [ -x $(PY) ]; then $(PY) -m infra.local clean; fi
	rm -rf .stack out build .aws-sam .pytest_cache .mypy_cache .ruff_cache
