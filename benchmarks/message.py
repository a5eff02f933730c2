"""Milliseconds a message for the text stack with lexicons and contacts, against two alternatives in the same run.

``python -m benchmarks.message`` prints the table and writes ``benchmarks/results/message.json``. The alternatives
do less (Presidio finds personal data, the alternation finds terms), so the ratio says what the same message
costs there, not that the answers compare.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.mix import messages
from screener.detect.detector import Detector
from screener.detect.lexicon.registry import compiled_lexicon
from screener.records import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).parent / "results"


def measure(work: Callable[[str], Any], texts: list[str]) -> dict[str, float]:
    """Median, mean and 99th percentile in milliseconds; each text once, after a warm-up."""
    for text in texts[:200]:
        work(text)
    taken = []
    for text in texts:
        started = time.perf_counter_ns()
        work(text)
        taken.append((time.perf_counter_ns() - started) / 1e6)
    taken.sort()
    return {
        "median_ms": round(statistics.median(taken), 4),
        "mean_ms": round(statistics.fmean(taken), 4),
        "p99_ms": round(taken[int(len(taken) * 0.99)], 4),
    }


def _screener() -> Callable[[str], Any]:
    detector = Detector(classifier=False)
    return lambda text: detector.find(text, speaker=Speaker.SELLER, region="ID")


def _alternation() -> Callable[[str], Any]:
    terms = sorted(compiled_lexicon().anchor_atoms, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, terms)), re.IGNORECASE)
    return lambda text: pattern.findall(text)


def _presidio() -> Callable[[str], Any] | None:
    try:
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
    except ImportError:
        return None

    class NoModel(NlpEngine):  # type: ignore[misc]
        """Presidio without a statistical model: its fastest form."""

        def load(self) -> None: ...
        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            return NlpArtifacts([], [], [], [], self, language)

        def process_batch(self, texts: Any, language: str, **_: Any) -> Any:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:
            return False

        def is_punct(self, word: str, language: str) -> bool:
            return False

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=NoModel())
    engine = AnalyzerEngine(registry=registry, nlp_engine=NoModel(), supported_languages=["en"])
    return lambda text: engine.analyze(text, language="en")


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--slow-count", type=int, default=1_500, help="messages for the alternatives")
    given = parser.parse_args()
    texts = [text for _, text in messages(given.count)]
    rows: dict[str, dict[str, float]] = {"screener": measure(_screener(), texts)}
    rows["regular-expression alternation"] = measure(_alternation(), texts[: given.slow_count])
    if (presidio := _presidio()) is not None:
        rows["presidio-analyzer (no model)"] = measure(presidio, texts[: given.slow_count])
    base = rows["screener"]["median_ms"]
    print(f"{'':34}{'median ms':>10}{'mean ms':>10}{'p99 ms':>10}{'ratio':>8}")
    for name, row in rows.items():
        row["ratio"] = round(row["median_ms"] / base, 2)
        print(f"{name:34}{row['median_ms']:>10.3f}{row['mean_ms']:>10.3f}{row['p99_ms']:>10.3f}{row['ratio']:>8.1f}")
    RESULTS.mkdir(exist_ok=True)
    result = {
        "messages": len(texts),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rows": rows,
    }
    (RESULTS / "message.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
