# Tidegate. `make run` plays the story, `make test` checks the house. Everything is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: run install test bench soak clean lint types walls

.venv/.node-stamp: requirements/node.txt pyproject.toml setup.py
	@sh tools/install.sh $(PYTHON) node

.venv/.test-stamp: requirements/test.txt pyproject.toml setup.py
	@sh tools/install.sh $(PYTHON) test

install: .venv/.test-stamp

run: .venv/.node-stamp
	@$(BIN)/tidegate demo $(ARGS)

test: install
	@sh tools/test.sh

bench: install
	@sh tools/bench.sh

soak: install
	@sh tools/soak.sh

lint: install
	@$(BIN)/ruff check src tests bench tools && $(BIN)/ruff format --check src tests bench tools

types: install
	@$(BIN)/mypy

walls: install
	@$(BIN)/lint-imports

clean:
	rm -rf .venv build src/*.egg-info src/tidegate/*.so .mypy_cache .ruff_cache .pytest_cache .hypothesis
