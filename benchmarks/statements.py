"""How well the buyer's statements are followed through conversations: ``python -m benchmarks.statements``.

``benchmarks/conversations/<language>.jsonl`` holds conversations in the form of ``screener statements`` with what a
careful reader finds in them: ``expected`` statements with state and taints, and what is ``not_asserted``. They were
written by people who did not see the rules and are not used to make them. Prints, and writes to
``benchmarks/results/statements.json``, how many statements have the right state (one that is not found has none), how
many are found that are none, and how well taints are told.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import msgspec

from screener.evidence.assemble import statement_dict, unasserted_dict
from screener.evidence.intake import read_line
from screener.evidence.statements import follow, unasserted
from screener.pipeline import Screener

FOLDER: Final = Path(__file__).parent / "conversations"
RESULT: Final = Path(__file__).parent / "results" / "statements.json"


class Expected(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A statement that a careful reader finds."""

    message_id: str
    label: str
    state: str
    taints: list[str] = []


class Unasserted(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A message that speaks of the goods without asserting that they are fine."""

    message_id: str
    reason: str


class Labelled(msgspec.Struct):
    """What is expected of a conversation, beside its messages."""

    id: str
    expected: list[Expected]
    not_asserted: list[Unasserted] = []


def compare(
    wanted: Labelled, statements: list[dict[str, Any]], never: list[dict[str, Any]]
) -> tuple[Counter[str], list[str]]:
    """Counts of one conversation, and a line for each difference."""
    count: Counter[str] = Counter()
    told: list[str] = []
    found = {(one["message_id"], one["label"]): one for one in statements}
    for want in wanted.expected:
        count["statements"] += 1
        got = found.pop((want.message_id, want.label), None)
        state = got["state"] if got is not None else "not found"
        count["found"] += got is not None
        count["right"] += state == want.state
        if state != want.state:
            told.append(f"{want.message_id} {want.label}: {state}, expected {want.state}")
        taints = set(got["taints"]) if got is not None else set()
        count["taints_right"] += len(taints & set(want.taints))
        count["taints_wrong"] += len(taints - set(want.taints))
        count["taints_missed"] += len(set(want.taints) - taints)
        if taints != set(want.taints):
            told.append(f"{want.message_id} {want.label}: taints {sorted(taints)}, expected {sorted(want.taints)}")
    count["extra"] += len(found)
    told += [f"{message} {label}: not expected" for message, label in found]
    reasons = {(one["message_id"], one["reason"]) for one in never if one["reason"] != "unsure"}
    hoped = {(one.message_id, one.reason) for one in wanted.not_asserted}
    count["reasons"] += len(hoped)
    count["reasons_right"] += len(reasons & hoped)
    count["reasons_wrong"] += len(reasons - hoped)
    return count, told


def measure(path: Path, *, classifier: bool, show: bool) -> Counter[str]:
    """Counts over the conversations of a file."""
    total: Counter[str] = Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        form, conversation = read_line(line, str(path), number)
        screener = Screener(
            form.region or "global", form.marketplace or "tiktok_shop", as_of=form.day, classifier=classifier
        )
        screened = screener.screen(conversation)
        wanted = msgspec.json.decode(line, type=Labelled)
        never = [unasserted_dict(one) for one in unasserted(screened)]
        count, told = compare(wanted, [statement_dict(one) for one in follow(screened)], never)
        total += count
        for difference in told if show else ():
            print(f"{wanted.id} {difference}")
    return total


def figures(count: Counter[str]) -> dict[str, float]:
    """Shares of the counts."""
    taints = 2 * count["taints_right"] + count["taints_wrong"] + count["taints_missed"]
    return {
        "statements": count["statements"],
        "state_right": count["right"] / max(1, count["statements"]),
        "state_right_of_found": count["right"] / max(1, count["found"]),
        "extra": count["extra"],
        "taint_f1": 2 * count["taints_right"] / max(1, taints),
        "reasons": count["reasons"],
        "reasons_recall": count["reasons_right"] / max(1, count["reasons"]),
        "reasons_precision": count["reasons_right"] / max(1, count["reasons_right"] + count["reasons_wrong"]),
    }


def main() -> None:
    """Measure all languages, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-classifier", action="store_true")
    parser.add_argument("--show", action="store_true", help="tell each difference")
    options = parser.parse_args()
    paths = sorted(FOLDER.glob("*.jsonl"))
    counts = {path.stem: measure(path, classifier=not options.no_classifier, show=options.show) for path in paths}
    rows = {name: figures(count) for name, count in counts.items()}
    rows["all"] = figures(sum(counts.values(), Counter()))
    print(
        f"{'':10}{'statements':>11}{'state':>7}{'of found':>10}{'extra':>7}{'taint F1':>10}{'reasons':>9}{'recall':>8}"
    )
    for name, row in rows.items():
        print(
            f"{name:10}{row['statements']:>11}{row['state_right']:>7.0%}{row['state_right_of_found']:>10.0%}"
            f"{row['extra']:>7}{row['taint_f1']:>10.0%}{row['reasons']:>9}{row['reasons_recall']:>8.0%}"
        )
    if not options.no_classifier:
        RESULT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
