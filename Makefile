# The README's two commands are `make run` and `make test`; the others are for people who work on this code.
PYTHON ?= python3
BIN := .venv/bin
DEMO ?= demo
SET ?= run
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
PARALLEL := -n $(WORKERS) --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup dev run test check lint types arch unit domain journeys generated messages bench torture cover vendor pictures

help: ## show these lines
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 18

setup: ## make .venv with the command accordant (SET=dev adds what the tests need)
	@$(PYTHON) tools/setup.py $(SET)

dev:
	@$(PYTHON) tools/setup.py dev

run: ## set up and start the worked example: three agencies on this machine
	@$(PYTHON) tools/setup.py run
	@$(BIN)/accordant demo --dir $(DEMO)

test: dev lint types ## set up, then every check and test but torture and long fuzzing
	$(PYTEST) $(PARALLEL) -m "not torture"

check: dev lint types ## style, types, contracts, architecture, translations, unit tests
	$(PYTEST) $(PARALLEL) -m "$(FAST)" --ignore=tests/journeys

lint: dev
	$(BIN)/ruff check --output-format=concise .
	$(BIN)/ruff format --check --quiet .

types: dev
	$(BIN)/mypy

arch: dev ## contracts and architecture tests alone
	$(PYTEST) tests/architecture

# What runs on every save: no browser, no real server, no torture.
FAST := not (slow or carrier or postgres or crash or torture or access or fuzz or journey)

unit: dev ## the fast suite
	$(PYTEST) $(PARALLEL) -m "$(FAST)" --ignore=tests/journeys --ignore=tests/architecture

domain: dev ## the domains' tests
	$(PYTEST) $(PARALLEL) tests/domains tests/regulations

journeys: dev ## whole stories in a browser
	$(PYTEST) -m journey

generated: dev ## write what is generated: kind catalogue, schemas, vectors
	$(BIN)/python -m tools.generated
	@for file in tests/*/make_vectors.py; do $(BIN)/python -m $$(echo $${file%.py} | tr / .); done

messages: dev ## add messages that have no translation yet to the catalogues
	$(BIN)/python -m tools.messages

bench: dev ## measure on this machine (NAME=exchange)
	$(BIN)/accordant bench $(or $(NAME),exchange) --json

torture: dev ## the long runs for a release
	$(PYTEST) -m "torture or fuzz or crash"

cover: dev ## branch coverage of the trust core, lines of the whole
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -p no:randomly -m "$(FAST)" --ignore=tests/journeys --ignore=tests/architecture
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --include="src/accordant/tlog/*,src/accordant/seal/*,src/accordant/entries/*" --fail-under=100
	$(BIN)/coverage report --fail-under=92

pictures: dev ## walk through a served demo and write the pictures of docs/use anew
	$(BIN)/python -m tools.pictures

vendor: dev ## fetch and build the front-end parts again (maintainers; needs npm)
	$(BIN)/python -m tools.vendor
