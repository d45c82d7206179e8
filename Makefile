# mentor-cities knowledge base. `make app` and `make test` need only Python >= 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.PHONY: app index setup test check fix unit texts eval gate clean

app: index ## Install, index the corpus, open the web app
	$(BIN)/mentorkb serve

index: setup ## Index the corpus
	$(BIN)/mentorkb ingest || test $$? -eq 1

setup: $(VENV)/.setup ## Install what the app needs

test: $(VENV)/.test ## Run every test
	$(BIN)/python -m pytest

check: $(VENV)/.dev ## Format, lint, types, corpus
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

clean: ## Remove the environment, the index and caches
	rm -rf $(VENV) .index build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed.") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --upgrade pip

$(VENV)/.setup: $(VENV)/bin/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	touch $@

$(VENV)/.test: $(VENV)/.setup
	$(INSTALL) --editable '.[test]'
	touch $@

$(VENV)/.dev: $(VENV)/.test
	$(INSTALL) --editable '.[dev,test]'
	touch $@
