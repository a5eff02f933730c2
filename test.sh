#!/usr/bin/env bash
# Install what the tests need into .venv and run them all.
set -euo pipefail
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
# The extension is tested in the distribution's Chromium, printing with its fonts. Where they cannot be installed, those
# tests are skipped and say so.
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  for package in chromium fontconfig libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  if [ -n "${missing+some}" ]; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 ||
      echo "not installed, their tests are skipped: ${missing[*]}" >&2
  fi
fi
.venv/bin/ruff check .
.venv/bin/ruff format --check .
.venv/bin/mypy
.venv/bin/screener rules test
.venv/bin/python -m pytest -n auto "$@"
