"""How well the rules do on messages that their authors never saw (``benchmarks/heldout``), per language.

``python -m benchmarks.quality`` prints the table and writes ``benchmarks/results/quality.json``; ``--errors FILE``
lists every miss and false alarm, for reading kinds of mistakes, not for adding single sentences to the rules.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from screener.detect.detector import Detector
from screener.records import STATEMENTS, Speaker

HELDOUT = Path(__file__).parent / "heldout"
RESULTS = Path(__file__).parent / "results"
INNOCENT = ("refusal", "lookalike", "benign")
COUNTRIES = {
    "zh": "CN", "en": "US", "id": "ID", "ms": "MY", "vi": "VN", "th": "TH", "tl": "PH", "es": "MX", "pt": "BR",
    "de": "DE", "fr": "FR", "it": "IT", "ar": "SA", "ja": "JP", "ko": "KR",
}  # fmt: skip


@dataclass
class Score:
    """Counts of one language; ``hit``/``total`` by kind, and labels found, wrong and missed."""

    total: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, kind: str, gold: set[str], found: set[str]) -> None:
        """Count one message: for innocent kinds a hit is a false alarm, else that the kind's label was found."""
        self.total[kind] += 1
        wanted = "off_platform_contact" if kind == "disguised_contact" else kind
        self.hit[kind] += bool(found) if kind in INNOCENT else wanted in found
        self.right += len(gold & found)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    def row(self) -> dict[str, Any]:
        """Shares, as numbers between 0 and 1."""
        others = [kind for kind in self.total if kind not in (*INNOCENT, "disguised_contact")]
        precision = self.right / max(1, self.right + self.wrong)
        recall = self.right / max(1, self.right + self.missed)
        return {
            "disguised_contact": self.hit["disguised_contact"] / max(1, self.total["disguised_contact"]),
            "other_risks": sum(self.hit[k] for k in others) / max(1, sum(self.total[k] for k in others)),
            **{kind: self.hit[kind] / max(1, self.total[kind]) for kind in INNOCENT},
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / max(1e-9, precision + recall),
            "by_kind": {kind: f"{self.hit[kind]}/{self.total[kind]}" for kind in sorted(self.total)},
        }


def evaluate(detector: Detector, path: Path, errors: IO[str] | None) -> Score:
    """Score one language's file (``<language>.jsonl``)."""
    language = path.stem
    score = Score()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        findings = detector.find(
            row["text"], speaker=Speaker(row["speaker"]), region=COUNTRIES.get(language), hints=(language,)
        )
        risks = {f.label.value: f for f in findings if f.label not in STATEMENTS}
        gold = set(row["labels"])
        score.add(row["kind"], gold, set(risks))
        if errors is not None and gold != set(risks):
            spoken = [(f.rule_id, row["text"][f.span.start : f.span.end]) for f in risks.values()]
            errors.write(f"{language}\t{row['kind']}\twanted {sorted(gold)}\tfound {spoken}\t{row['text']}\n")
    return score


def kinds_table(scores: dict[str, Score]) -> list[str]:
    """Lines of ``hits/total`` per kind; for innocent kinds a hit is a false alarm."""
    lines = [f"{'kind':21}" + "".join(f"{language:>8}" for language in scores)]
    for kind in sorted({kind for score in scores.values() for kind in score.total}):
        cells = (f"{score.hit[kind]}/{score.total[kind]}" for score in scores.values())
        lines.append(f"{kind:21}" + "".join(f"{cell:>8}" for cell in cells))
    return lines


def main() -> None:
    """Evaluate every language that has a file; print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=argparse.FileType("w", encoding="utf-8"))
    given = parser.parse_args()
    detector = Detector()
    scores = {p.stem: evaluate(detector, p, given.errors) for p in sorted(HELDOUT.glob("*.jsonl"))}
    rows = {language: score.row() for language, score in scores.items()}
    columns = ("disguised_contact", "other_risks", "refusal", "lookalike", "benign", "precision", "recall", "f1")
    titles = ("contacts", "other", "refusals", "lookalikes", "benign", "precision", "recall", "F1")
    rows["mean"] = {c: sum(row[c] for row in rows.values()) / max(1, len(rows)) for c in columns}
    print("language  " + "".join(f"{title:>11}" for title in titles))
    for language, row in rows.items():
        print(f"{language:10}" + "".join(f"{100 * row[c]:>10.1f}%" for c in columns))
    print("", *kinds_table(scores), sep="\n")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
