# make run    serve the demonstration on http://127.0.0.1:8000 (PORT=… changes it)
# make test   the whole test suite; DATABASE_URL=postgres://… runs it on PostgreSQL
# make check  everything that must hold before a change is taken
# make bench  measurements, each beside its yardstick in the same run; ARGS=--full for the long sizes
# make growth the same actions at one, ten and a hundred times the rows; ARGS="--rows 10000"
# make load   a million persons and keys, and a country at the door (LOAD=--short: a minute; PEOPLE=… the size)
# make faults breaks what can break under a running portal and counts what is lost; ROWS=kills,mails SCALE=0.1
# make flood  five times more log-ins than can be checked, and what everybody else meets (FLOOD=--short)
# make scaling  bytes of a row, nodes for a rate of log-ins, divided events, a replica's lag (ARGS=--keep)
# make lock   pin the dependencies again, with hashes (needs uv)
# make messages  compile locale/ after a change (needs gettext)

PORT ?= 8000
# How many processes the tests run in: auto is one a core; 0 is this one, for a debugger. Handed out by eights: the
# slow ones stand together at the end, and otherwise one process gets them all while the other waits.
WORKERS ?= auto
# Of `make load`; LOAD and FLOOD pass --short or --keep.
PEOPLE ?= 1000000
PYTHON := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test check fix bench growth load flood scaling faults lock messages screenshots setup-run setup-dev

setup-run:
	@scripts/setup.sh run

setup-dev:
	@scripts/setup.sh dev

run: setup-run
	@PORTAL_DEMO=1 PORT=$(PORT) scripts/serve_demo.sh

test: setup-dev
	@$(PYTHON) -m pytest -n $(WORKERS) --maxschedchunk 8

# A hundred thousand requests as no browser makes them; `make test` sends 5,000.
HOSTILE ?= 100000
.PHONY: hostile
hostile: setup-dev
	@HOSTILE=$(HOSTILE) $(PYTHON) -m pytest tests/hostile -n $(WORKERS) --maxschedchunk 1

check: setup-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy clave_portal operation journeys backoffice forms_usi07 accounts identity offices guards
	.venv/bin/lint-imports
	.venv/bin/bandit -q -r -ll -c pyproject.toml accounts backoffice clave_portal forms_usi07 guards identity journeys offices operation
	.venv/bin/djlint --quiet --check templates
	.venv/bin/djlint --quiet --lint templates
	$(PYTHON) scripts/lint_spanish.py
	$(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) -m pytest -n $(WORKERS) --maxschedchunk 8

fix: setup-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
	.venv/bin/djlint --quiet --reformat templates

bench: setup-dev
	@$(PYTHON) bench/run.py $(ARGS)

growth: setup-dev
	@$(PYTHON) bench/growth.py $(ARGS)

load: setup-dev
	@$(PYTHON) bench/load.py --people $(PEOPLE) $(LOAD)

faults: setup-dev
	@$(PYTHON) -m tests.faults.run $(FLAGS)

flood: setup-dev
	@$(PYTHON) bench/flood.py $(FLOOD)

scaling: setup-dev
	@$(PYTHON) bench/scaling.py $(ARGS)

screenshots: setup-dev
	@$(PYTHON) scripts/screenshots.py

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links pyproject.toml --group dev --output-file requirements-dev.txt

messages:
	msgfmt --check -o locale/es_AR/LC_MESSAGES/django.mo locale/es_AR/LC_MESSAGES/django.po
