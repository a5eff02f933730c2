from __future__ import annotations

import importlib.util
import json
import sys
import time
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "screener" / "text" / "fold_table.json"


def test_the_committed_table_is_what_the_script_makes():
    pytest.importorskip("opencc", reason="the table is made with OpenCC")
    pytest.importorskip("confusable_homoglyphs")
    recorded = json.loads(TABLE.read_text("utf-8"))["sources"]
    if unicodedata.unidata_version not in recorded.values():
        pytest.skip("the table was made with another Unicode version")
    spec = importlib.util.spec_from_file_location("build_tables", ROOT / "tools" / "build_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
        assert module.text() == TABLE.read_text("utf-8"), "run tools/build_tables.py"
    finally:
        sys.path[:] = before


def test_the_table_is_closed():
    from screener.text.tables import tables

    full = tables().full
    for char, value in full.items():
        again = "".join(full.get(c, c) for c in value)
        assert again == value, hex(ord(char))


def test_loading_is_fast():
    from screener.text.tables import tables

    best = 1.0
    for _ in range(5):
        tables.cache_clear()
        started = time.perf_counter()
        tables()
        best = min(best, time.perf_counter() - started)
    assert best < 0.05
    print(f"table loads in {best * 1e3:.1f} ms")
