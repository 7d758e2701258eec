# Two commands do everything on a fresh Linux machine with Python >= 3.11:
#   make demo    the embedded default (no download, no GPU) to tables, figures and a report
#   make test    the tests, but for those on Slurm, in a browser, with kills and on real data: make test-all
PYTHON ?= python3
SNAKEMAKE = .venv/bin/snakemake
CONFIG ?= config/paper.yaml
DATA_DIR ?= data
CORES ?= $(shell nproc)
# Several processes, each with whole modules of tests; what many modules need, the first of them makes.
PYTEST = .venv/bin/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
.DEFAULT_GOAL := help

help:  ## show the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

setup: .venv/installed  ## install the locked packages into .venv

# Compiled bytecode halves every import, and a small job is mostly imports.
.venv/installed: envs/bootstrap.txt envs/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r envs/bootstrap.txt
	.venv/bin/uv pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python envs/bootstrap.txt envs/requirements.txt
	touch $@

demo: setup  ## run the embedded default: tables, figures and a report in results/
	$(SNAKEMAKE) --cores all

test: setup  ## run the tests that need no Slurm, browser, kills or real data: about five minutes on two cores
	$(PYTEST) -m "not long" tests/workflow tests/unit

test-all: test  ## run all tests; those on Slurm and in Chromium are skipped where these are not installed
	$(PYTEST) -m long tests/slurm tests/faults tests/browser tests/workflow

check: setup  ## style of code and rules, no source that git ignores, and dry runs of every config
	@! git ls-files --others --ignored --exclude-standard -- scripts rules tests config resources | grep -v __pycache__
	.venv/bin/ruff check . && .venv/bin/ruff format --check .
	PYTHONPATH=scripts .venv/bin/lint-imports --no-cache
	.venv/bin/snakefmt --check Snakefile rules
	$(SNAKEMAKE) --lint
	$(SNAKEMAKE) -n --quiet rules
	$(SNAKEMAKE) -n --quiet rules --configfile config/paper.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/paper.yaml config/reduced.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/paper.yaml config/paper-mnist.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/paper.yaml config/cnn.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/cnn-reduced.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/sensitivity.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/settings.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/graphs.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/coactivation.yaml -- results/paper/coactivation/readings.csv
	$(SNAKEMAKE) -n --quiet rules --configfile config/measures.yaml
	$(SNAKEMAKE) -n --quiet rules --configfile config/intervention.yaml

plan: setup  ## what a run of CONFIG (one file or several) on CORES cores will take: jobs, hours, disk
	@PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.plan --configfile $(CONFIG) --cores $(CORES)

reproduction: setup  ## make docs/reproduction.md from a run of CONFIG, on the raw data in DATA_DIR
	$(SNAKEMAKE) --cores all --configfile $(CONFIG) --config data_dir=$(DATA_DIR) -- results/paper/reproduction.md
	PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.docs.reproduction results/paper/reproduction.md docs/reproduction.md

measures: setup  ## put what the runs of config/measures.yaml and config/intervention.yaml in results/ found into the docs
	PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.docs.measures docs/measures.md README.md .
	cp results/fashion-mnist-training/measures/figure1.svg docs/within.svg
	cp results/paper/measures/ranking.svg results/paper/measures/intervention.svg docs/

docs: setup  ## write what is generated: config/README.md, docs/results.md, the pipeline and the outputs in README.md
	PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.docs.keys config/schema.yaml config/README.md
	$(SNAKEMAKE) --rulegraph 2> /dev/null | PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.docs.pipeline rules README.md
	PYTHONPATH=scripts .venv/bin/python -m neurons.workflow.docs.outputs README.md docs/results.md

lock: setup  ## resolve envs/*.in again into the locked requirements
	for name in bootstrap requirements; do \
	  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links --upgrade envs/$$name.in -o envs/$$name.txt; \
	done

.PHONY: help setup demo test test-all check plan reproduction measures docs lock
