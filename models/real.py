"""False alarms on real talk, and seed phrases in 15 languages: ``python -m models.real --data DIR``.

Bank requests, service requests and product reviews that carry no risk: every one that raises a sure risk counts as a
false alarm (among reviews a few are none). Of sets that training reads, only messages that it did not take are
measured. ``phrases.jsonl`` holds short phrases of known meaning. Prints a table and writes ``models/real.json``.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from models import public
from models.observe import COUNTRIES
from models.train import GATE_HEARD, UNLABELLED
from screener.detect.detector import Detector
from screener.records import Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.records import Finding

__all__ = ["false_alarms", "phrases"]

RESULT = Path(__file__).parent / "real.json"
SETS = {
    "bitext8k_en": "service requests",
    "nlupp_banking_en": "bank and hotel requests",
    "banking77_en": "bank requests",
    "clinc150_en": "requests to an assistant",
    "shopee_tl_train": "product reviews",
    "nusax": "posts and reviews, Indonesian and two of its languages, English",
}
COUNT = 1_500
_LANGUAGES = {"english": "en", "indonesian": "id", "javanese": "id", "sundanese": "id"}
MEANINGS = {
    "ADM_NODEFECT": ("no_defect", True),
    "ADM_CHANGE_OF_MIND": ("change_of_mind", True),
    "NM_ACK": ("no_defect", False),
    "NM_NEGATED": ("no_defect", False),
    "NM_QUESTION": ("no_defect", False),
    "NM_HYPOTHETICAL": ("no_defect", False),
    "NM_SARCASM": ("no_defect", False),
    "S_DIVERT": ("off_platform_contact", True),
    "S_PAID_REVIEW": ("review_manipulation", True),
    "S_BENIGN": ("any risk", False),
}
"""What each group of phrases carries (true) or must not raise (false)."""


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield _LANGUAGES.get(row["lang"], row["lang"]), row["text"]


def _unseen(data: Path, name: str) -> list[tuple[str, str]]:
    """Messages of a set that training did not take, the same ones every time."""
    taken: set[str] = set()
    for chosen in public.SETS:
        if chosen.file == f"{name}.jsonl":
            samples = ((chosen.negatives, 1), (UNLABELLED, 2), (GATE_HEARD, 3))
            taken = {item.text for count, seed in samples for item in public.sample(data, chosen, count, seed)}
    rest = sorted({row for row in _rows(data / f"{name}.jsonl") if row[1].strip() and row[1] not in taken})
    return random.Random(11).sample(rest, min(COUNT, len(rest)))  # noqa: S311


def _risks(found: list[Finding]) -> set[str]:
    return {one.label.value for one in found if not one.is_statement and not one.unsure}


def false_alarms(data: Path, detector: Detector) -> dict[str, dict[str, Any]]:
    """By set: messages, how many raise a sure risk, and which."""
    made: dict[str, dict[str, Any]] = {}
    for name, what in SETS.items():
        raised: Counter[str] = Counter()
        messages = _unseen(data, name)
        alarms = 0
        for language, text in messages:
            risks = _risks(
                detector.find(text, speaker=Speaker.BUYER, region=COUNTRIES.get(language), hints=(language,))
            )
            alarms += bool(risks)
            raised.update(risks)
        made[name] = {"what": what, "messages": len(messages), "alarms": alarms, "labels": dict(raised.most_common())}
    return made


def phrases(data: Path, detector: Detector) -> dict[str, dict[str, int]]:
    """By group of phrases: how many there are and in how many the label that it is about was found."""
    made: dict[str, dict[str, int]] = {}
    with (data / "phrases.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["label"] not in MEANINGS:
                continue
            label, _ = MEANINGS[row["label"]]
            found = detector.find(row["text"], speaker=Speaker(row["role"]), hints=(row["lang"],))
            sure = {one.label.value for one in found if not one.unsure}
            counts = made.setdefault(row["label"], {"phrases": 0, "found": 0})
            counts["phrases"] += 1
            counts["found"] += bool(_risks(found)) if label == "any risk" else label in sure
    return made


@click.command()
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
def main(data: Path) -> None:
    """Measure rules alone and rules with classifier."""
    systems = {"rules": Detector(classifier=False), "served": Detector()}
    alarms = {name: false_alarms(data, detector) for name, detector in systems.items()}
    click.echo(f"{'raises a sure risk':24}{'messages':>10}" + "".join(f"{name:>10}" for name in systems))
    for name in SETS:
        total = alarms["served"][name]["messages"]
        shares = "".join(f"{100 * alarms[system][name]['alarms'] / max(1, total):>9.1f}%" for system in systems)
        click.echo(f"{name:24}{total:>10}{shares}  {alarms['served'][name]['labels']}")
    said = {name: phrases(data, detector) for name, detector in systems.items()}
    click.echo(f"\n{'phrases':24}{'wanted':>10}" + "".join(f"{name:>10}" for name in systems))
    for group, (label, present) in MEANINGS.items():
        cells = "".join(f"{said[system][group]['found']:>7}/{said[system][group]['phrases']}" for system in systems)
        click.echo(f"{group:24}{'all' if present else 'none':>10}{cells}  {label}")
    RESULT.write_text(json.dumps({"real_talk": alarms, "phrases": said}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
