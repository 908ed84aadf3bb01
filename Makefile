# Jinqiu on one machine. It needs Python 3.11–3.13 and make, nothing else: PostgreSQL, a Java runtime and
# Kafka's jars come from packages (deploy/local). `make` alone says what there is.

# A stack ends with the make that started it, however that ends: setpriv.

# The Python to make .venv with; without it the first usable one is taken.
PYTHON ?=
# How many tests run at once.
WORKERS ?= 2
export PYTHON

BIN := .venv/bin
MEMBERS := contracts kit bus registry scoring stack
SERVICES := registry scoring
SOURCES := libs services deploy tests
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header

.DEFAULT_GOAL := help
.PHONY: help install demo stack setpriv check lint test bench lock clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

# A pyenv shim may be there and fail, so what runs the installer is tried first.
install: ## .venv from the hashed lock; nothing to do takes a tenth of a second
	@for python in $$PYTHON python3 python3.13 python3.12 python3.11 /usr/bin/python3; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 7))' 2>/dev/null; then exec $$python deploy/local/bootstrap.py; fi; \
	done; echo "bootstrap: no Python runs here: install Python 3.11, 3.12 or 3.13." >&2; exit 1

demo: install setpriv ## the whole system with Taoyuan's story, then serve until Ctrl-C; ONCE=1 ends after printing
	@setpriv --pdeathsig TERM $(BIN)/python -m stack demo $(if $(ONCE),--once)

stack: install setpriv ## the same without a story, for working on a service
	@setpriv --pdeathsig TERM $(BIN)/python -m stack serve

setpriv:
	@command -v setpriv >/dev/null || { echo "stack: setpriv is missing: install util-linux." >&2; exit 1; }

check: lint test ## what must pass before anything lands: lint, then every test

# In this order because each is slower than the one before.
lint: install ## format, lint, types, import rules, contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/python -m contracts check

test: install ## every test, on a real PostgreSQL and a real Kafka of its own in .local/test-*
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(ARGS)

bench: install ## how many events a second
	$(BIN)/pytest -n 0 -s tests/bench $(ARGS)

# One lock for everything at the root; each service's own is cut from it, for its image. Versions and hashes,
# no addresses, third parties only.
lock: install ## write every lock again after a pyproject.toml changed; UPGRADE=1 takes newer versions
	$(COMPILE) $(if $(UPGRADE),--upgrade) --group dev --group build $(addprefix --no-emit-package ,$(MEMBERS)) \
		-o requirements.lock libs/*/pyproject.toml services/*/pyproject.toml deploy/local/pyproject.toml
	for service in $(SERVICES); do \
		$(COMPILE) --group pyproject.toml:build $(addprefix --no-emit-package ,$(MEMBERS)) \
			-c requirements.lock -o services/$$service/requirements.lock services/$$service/pyproject.toml || exit 1; \
	done
	echo uv | $(COMPILE) $(if $(UPGRADE),--upgrade) -o deploy/local/bootstrap.lock -

clean: ## remove what was installed and cached; the data in .local stay
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
