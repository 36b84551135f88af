# What CI sees is what anyone sees at home: .ci/run calls `make test` and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
PYTEST := $(PY) -m pytest -q
PARALLEL := -n 2
# these wait about a third of their time: four files at a time on two cores, a lab of its own name for each;
# their folder's name is short, for a socket's path has no more than 107 bytes
LAB_PARALLEL := -n 4 --dist loadfile
# suite FOLDER OPTIONS: its tests, or the plain word that there are none
suite = if [ -n "$$(find $(1) -name 'test_*.py' 2>/dev/null)" ]; then $(PYTEST) $(2) $(1); else echo "$(1): not there yet"; fi
ROOT_USER := $(shell [ "$$(id -u)" = 0 ] && echo yes)
READY := .venv/.project-installed

.PHONY: help bootstrap system ready check lint types layers unit cases contracts docs docs-check counts run test acceptance lab-tests \
	test-repeat test-all accessibility bench crash security dist lock format clean environments

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# --- machine and environment
bootstrap: ## .venv from requirements.lock, hashes checked (WHEELS=DIR: from a folder, without network)
	@tools/bootstrap

system: ## Debian packages for every level; as root installs what is missing, else prints the line
	@/usr/bin/python3 tools/system.py base lab-full test

# As root the machine is completed first; everybody gets the virtual environment.
ready:
	@$(if $(ROOT_USER),/usr/bin/python3 tools/system.py base lab-full test,true)
	@tools/bootstrap

environments: ready ## virtual environments of the other ansible-core lines and of the validators of exports
	@tools/bootstrap ansible-2.18
	@tools/bootstrap ansible-2.14
	@tools/bootstrap ubl
	@tools/bootstrap focus

lock: ## requirements.lock and its kin from the .in files (names, versions and hashes; no addresses)
	@tools/lock

format: ## ruff's formatter and its safe fixes over everything
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format --quiet .

# --- check: no lab, network off, at most three minutes on two cores
check: ready ## lint types layers unit cases contracts docs; all speak, also when one fails
	@$(MAKE) -k -j2 --output-sync=target lint types layers unit cases contracts docs-check counts

lint: $(READY) ## ruff, spelling, YAML, shell, playbooks, dead code, traces of machines
	@tools/lint

types: $(READY) ## mypy, strict
	@$(PY) -m mypy
	@$(PY) -m mypy --config-file pyproject.toml tools/*.py

layers: $(READY) ## imports run one way; rooms and model touch nothing outside
	@.venv/bin/lint-imports --no-logo
	@$(PY) tools/pure.py

unit: $(READY) ## pure behaviour, network off
	@$(PYTEST) $(PARALLEL) tests/unit
	@$(PYTEST) --doctest-modules samdrift --ignore=samdrift/store/migrations -p no:randomly

cases: $(READY) ## observed to expected, as data
	@for folder in tests/cases tests/inventory; do $(call suite,$$folder,$(PARALLEL)); done

contracts: $(READY) ## every new thing has all that belongs to it
	@$(PYTEST) $(PARALLEL) tests/contracts

docs: $(READY) ## write docs/reference from what the program says of itself
	@$(PY) tools/docs.py
	@$(PY) tools/inventory_schemas.py

docs-check: $(READY) ## docs/reference is what the program says of itself
	@$(PY) tools/docs.py --check
	@$(PY) tools/inventory_schemas.py --check

counts: $(READY) ## Any, type: ignore, noqa, no cover and broad excepts; may fall, not rise
	@$(PY) tools/counts.py

# --- the main job and the whole test
run: ready ## the service's day on real parts (KEEP=1 leaves it up, STEP=7 goes there)
	@$(PY) tests/lab/run $(if $(KEEP),--keep) $(if $(STEP),--step $(STEP)) $(if $(SEED),--seed $(SEED))

test: check acceptance lab-tests ## check, command line, lab, playbooks, a short crash and security sample, leftovers
	@$(MAKE) -j2 --output-sync=target accessibility crash security SAMPLE=1
	@$(PYTEST) -p no:randomly tests/lab -k leftovers || [ $$? = 5 ] # 5: there is none yet

acceptance: ready ## by the command line alone, with the real restic (ALL=1: the slow ones too)
	@$(PYTEST) -n 3 --dist worksteal tests/acceptance $(if $(ALL),,-m "not slow")

lab-tests: environments
	@mkdir -p build/test
	@base=$$(mktemp -d /tmp/lab.XXXX); trap 'rm -rf "$$base"' EXIT; \
	$(PYTEST) -p no:randomly $(LAB_PARALLEL) --basetemp="$$base/t" $(wildcard tests/lab tests/playbooks) -m "not slow" -k "not leftovers" --durations=40

accessibility: ready ## axe over every page
	@tools/axe
	@$(call suite,tests/accessibility,-p no:randomly)

test-all: ready environments ## all playbooks, three ansible-core lines, all faults, twelve hosts
	@$(MAKE) check
	@$(MAKE) acceptance ALL=1
	@$(MAKE) accessibility crash security
	@$(PYTEST) -p no:randomly $(wildcard tests/lab tests/playbooks)

test-repeat: ready ## the lab's tests ten times, each alone and in any order
	@for n in 1 2 3 4 5 6 7 8 9 10; do $(PYTEST) -p randomly tests/lab -m "not slow" || exit; done

crash: ready ## kills and full disks at every write (SAMPLE=1: a few)
	@export SAMDRIFT_SAMPLE=$(SAMPLE); $(call suite,tests/crash,-p no:randomly $(PARALLEL))

security: ready ## hostile input, secrets, members apart (SAMPLE=1: a few)
	@export SAMDRIFT_SAMPLE=$(SAMPLE); $(call suite,tests/security,-p no:randomly $(PARALLEL))

bench: ready ## figures beside their peers in one run
	@$(if $(ROOT_USER),/usr/bin/python3 tools/system.py bench,true)
	@$(PY) tests/bench/run.py

dist: ready ## the wheel, twice, byte-equal
	@tools/dist

clean: ## build/ and caches; never the lab's layers nor .venv
	@rm -rf build/test build/run build/dist build/lib .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(READY):
	@tools/bootstrap
