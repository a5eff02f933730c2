"""How well predictions fit the labels: per label, per language, per kind of near miss, and per span."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.dataset import LABELS
from screener.detect.acts.combine import may_say, probability

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from models.calibrate import Observed
    from models.dataset import Item
    from screener.detect.acts.artefact import Decision

__all__ = ["Counts", "Prediction", "Report", "decided", "report", "span_f1"]

# What a message is found to assert: label to span (code points).
Prediction = dict[str, tuple[int, int]]


@dataclass
class Counts:
    """True and false positives and false negatives."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @property
    def precision(self) -> float:
        """Of the found, how many are right; 1 when nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Of the labelled, how many were found; 1 when there are none."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.tp / max(1, 2 * self.tp + self.fp + self.fn)

    def add(self, wanted: bool, found: bool) -> None:
        """Count one message."""
        self.tp += wanted and found
        self.fp += found and not wanted
        self.fn += wanted and not found


@dataclass
class Report:
    """Counts by label and by (language, label); span overlaps by label; flagged messages by (kind, label)."""

    labels: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_language: dict[tuple[str, str], Counts] = field(default_factory=lambda: defaultdict(Counts))
    overlap: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    kinds: Counter[str] = field(default_factory=Counter)
    flagged: Counter[tuple[str, str]] = field(default_factory=Counter)

    def json(self) -> dict[str, Any]:
        """Figures for a results file."""
        return {
            "labels": {
                label: {
                    "precision": round(c.precision, 4),
                    "recall": round(c.recall, 4),
                    "f1": round(c.f1, 4),
                    "messages": c.tp + c.fn,
                    "span_f1": round(sum(self.overlap[label]) / max(1, len(self.overlap[label])), 4),
                }
                for label, c in sorted(self.labels.items())
            },
            "languages": {
                f"{language}/{label}": {"f1": round(c.f1, 4), "tp": c.tp, "fp": c.fp, "fn": c.fn}
                for (language, label), c in sorted(self.by_language.items())
            },
            "kinds": {
                kind: {"messages": n, "flagged": {lab: v for (k, lab), v in sorted(self.flagged.items()) if k == kind}}
                for kind, n in sorted(self.kinds.items())
            },
        }


def span_f1(found: tuple[int, int], wanted: Iterable[tuple[int, int]], text: str) -> float:
    """Overlap of a span with the best of the ``wanted``, as F1 over characters other than white space."""

    def size(start: int, end: int) -> int:
        return sum(not c.isspace() for c in text[start:end])

    best = 0.0
    for start, end in wanted:
        common = size(max(start, found[0]), min(end, found[1])) if found[0] < end and start < found[1] else 0
        best = max(best, 2 * common / max(1, size(start, end) + size(*found)))
    return best


def report(
    items: Iterable[Item], predictions: Iterable[Mapping[str, tuple[int, int]]], labels: Iterable[str]
) -> Report:
    """Compare predictions with the labels of ``items`` (in the same order)."""
    made = Report()
    names = list(labels)
    for item, found in zip(items, predictions, strict=True):
        made.kinds[item.kind] += 1
        for label in names:
            wanted = label in item.labels
            made.labels[label].add(wanted, label in found)
            made.by_language[item.language, label].add(wanted, label in found)
            if label in found and not wanted:
                made.flagged[item.kind, label] += 1
            if label in found and wanted:
                spans = [(m.start, m.end) for m in item.marks if m.label == label]
                made.overlap[label].append(span_f1(found[label], spans, item.text))
    return made


def decided(observed: Observed, decisions: dict[str, Decision]) -> Prediction:
    """The labels that count as found, with the classifier's spans; what the gate clears is not read."""
    found: Prediction = {}
    if observed.cleared:
        return found
    for number, label in enumerate(LABELS):
        decision = decisions[label]
        if not may_say(label, observed.item.speaker):
            continue
        if probability(decision, float(observed.reading.logits[number]), label in observed.ruled) >= decision.sure:
            found[label] = observed.reading.span(observed.item.text, number, decision.piece)
    return found
