#!/usr/bin/env bash
# Install what the tests need into .venv and run them all.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/screener rules test
.venv/bin/python -m pytest -n auto "$@"
