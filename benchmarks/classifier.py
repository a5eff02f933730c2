"""Milliseconds a message for the classifier on one core, with and without its gate, and for the full-depth model.

``python -m benchmarks.classifier`` prints the table and writes ``benchmarks/results/classifier.json``; with
``--teacher DIR`` (a folder that ``models.train`` made) the full-depth model is timed in the same run. The cache of
repeated messages, which serves real scans, is off except in the row of the whole detector.
"""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.message import measure
from benchmarks.mix import messages
from screener.detect.acts.artefact import open_artefact
from screener.detect.acts.classifier import Classifier
from screener.detect.detector import Detector
from screener.records import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RESULTS = Path(__file__).parent / "results"
CONTEXT = (("seller", "Hello dear, thank you for your order, is everything all right with it?"),)


def _distinct(count: int) -> list[str]:
    """``count`` different messages of the everyday mix."""
    found: dict[str, None] = {}
    for _, text in messages(40 * count):
        found.setdefault(text)
        if len(found) == count:
            break
    return list(found)


def _reading(reader: Classifier, *, gated: bool, context: Sequence[tuple[str, str]] = ()) -> Callable[[str], Any]:
    return lambda text: reader.read(text, "buyer", context, gated=gated)


def _row(work: Callable[[str], Any], texts: list[str]) -> dict[str, float]:
    started = time.perf_counter()
    row = measure(work, texts)
    row["messages_per_second"] = round((len(texts) + 200) / (time.perf_counter() - started), 1)
    return row


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--teacher", type=Path, help="folder of the full-depth model")
    given = parser.parse_args()
    texts = _distinct(given.count)

    def fresh(folder: Path | None = None) -> Classifier:
        return Classifier(open_artefact(folder), cached=0)

    detector = Detector()
    rows: dict[str, dict[str, float]] = {
        "encoder": _row(_reading(fresh(), gated=False), texts),
        "encoder, with context": _row(_reading(fresh(), gated=False, context=CONTEXT), texts),
        "with gate": _row(_reading(fresh(), gated=True), texts),
        "with gate and context": _row(_reading(fresh(), gated=True, context=CONTEXT), texts),
        "rules and classifier, served": _row(
            lambda text: detector.find(text, speaker=Speaker.BUYER, region="ID"), texts
        ),
    }
    if given.teacher is not None:
        rows["full depth"] = _row(_reading(fresh(given.teacher), gated=False), texts)
    reader = fresh()
    cleared = sum(reader.read(text, "buyer", gated=True) is None for text in texts) / len(texts)
    print(f"{'':30}{'median ms':>10}{'p99 ms':>10}{'per second':>12}{'ratio':>8}")
    base = rows["encoder"]["median_ms"]
    for name, row in rows.items():
        row["ratio"] = round(row["median_ms"] / base, 2)
        print(
            f"{name:30}{row['median_ms']:>10.2f}{row['p99_ms']:>10.2f}"
            f"{row['messages_per_second']:>12.0f}{row['ratio']:>8.2f}"
        )
    print(f"the gate clears {100 * cleared:.0f}% of {len(texts)} different messages of the everyday mix")
    RESULTS.mkdir(exist_ok=True)
    result = {
        "messages": len(texts),
        "cleared_by_gate": round(cleared, 4),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": rows,
    }
    (RESULTS / "classifier.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
