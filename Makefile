# Every target does its own set-up in .venv. A set-up that is done already costs a
# second.
#
#   PYTHON=python3.12         use this Python (3.10 to 3.13)
#   TORCH_SPEC=torch==X.Y.Z   use this torch instead of the one in constraints.txt
#   TORCH_INDEX_URL=...       take torch from this package index
#   OPS=1                     `make test` compiles mmcv's ops first
#   PHOTO=...                 what `make predict` segments
#   N=100000                  number of inputs of `make fuzz`
#   DATA_DIR=...              real datasets for the tests; by default ../shared/data
#
# The default torch of most package indexes is a CUDA build, with gigabytes of CUDA
# libraries. For a CPU build, or for another CUDA version, give as TORCH_INDEX_URL the
# address that pytorch.org's page "Get started" shows after `--index-url`. A choice
# holds until `make clean`.

SHELL := /bin/bash
# As a variable of the environment, PHOTO may have any character.
export PYTHON TORCH_SPEC TORCH_INDEX_URL PHOTO

PY := .venv/bin/python

.PHONY: help venv venv-tests demo predict ops test test-fast test-cuda test-stack fuzz chaos mutation lint \
	docs clean
.DEFAULT_GOAL := help
# `make -j` must not let two targets write to .venv at once.
.NOTPARALLEL:

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-11s %s\n", $$1, $$2 }' Makefile

venv: ## Install epsnet_mm and what it needs into .venv (5 minutes, no compiler)
	@bash scripts/setup_venv.sh

venv-tests:
	@bash scripts/setup_venv.sh tests

demo: venv ## Make a dataset, train a small EPSNet on it, evaluate it, draw pictures
	@$(PY) demo/shapes_demo.py

predict: venv ## Segment the image, folder or video PHOTO=... with the weights in the box
	@$(PY) -m epsnet_runtime predict "$${PHOTO:?give an image: make predict PHOTO=street.jpg}"

ops: venv ## Compile mmcv's ops (5 minutes, once for all clones)
	@bash scripts/build_ops.sh

test: venv-tests $(if $(OPS),ops) ## Run all tests, the slow ones last; OPS=1: with mmcv's compiled ops
	@$(PY) -m pytest tests

test-fast: venv-tests ## Run the tests but the slow ones
	@$(PY) -m pytest tests -m 'not slow'

test-cuda: venv-tests ## Run the tests that need a GPU
	@$(PY) -m pytest tests -m cuda

# FAMILY and NEWEST concern this target alone.
test-stack: ## Test FAMILY=openmmlab (or onedl; NEWEST=1 for newest versions)
	@FAMILY='$(FAMILY)' NEWEST='$(NEWEST)' TESTS='$(TESTS)' \
		bash scripts/test_stack.sh

# FIRST=100000 takes other inputs than a run before.
fuzz: venv-tests ## Feed N=10000 damaged and odd inputs to all that reads files
	@$(PY) -m tests.fuzz --inputs $(or $(N),10000) --first $(or $(FIRST),0)

chaos: venv-tests ## Stop a tiny training at every write and at random moments
	@$(PY) -m tests.chaos

mutation: venv-tests ## Measure whether the tests notice changes of the code (25 minutes)
	@$(PY) -m tests.mutation

lint: venv-tests ## Check the style
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .

docs: .venv-docs/.stamp ## Build the documentation site into site/
	@NO_MKDOCS_2_WARNING=1 .venv-docs/bin/mkdocs build --quiet --strict
	@echo '== The documentation site is in site/'

# A small environment of its own: the site is built without torch and MMDetection.
.venv-docs/.stamp: requirements/docs.txt constraints.txt
	@bash scripts/setup_docs_venv.sh

clean: ## Remove .venv and the links of the editable installation
	rm -rf .venv .venv-* site build *.egg-info epsnet_mm/.mim
