"""Public data sets whose licence lets weights be shipped, read in place: real talk that raises no risk.

They only say what is absent: their messages carry no risk label (the sets hold bank and service requests,
reviews and posts), while nothing is claimed about statements, so those stay unknown to the loss. A student
also learns the teacher's answers on them.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.dataset import Item
from screener.records import RISKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SETS", "PublicSet", "negatives", "sample", "texts"]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One file, its licence, and how many of its messages serve as negatives (0: only for the student)."""

    file: str
    licence: str
    negatives: int


SETS = (
    PublicSet("banking77_en.jsonl", "CC BY 4.0", 250),
    PublicSet("clinc150_en.jsonl", "CC BY 4.0", 250),
    PublicSet("prdect_id.jsonl", "MIT", 300),
    PublicSet("smsa_id.jsonl", "Apache-2.0", 0),
    PublicSet("wisesight_th.jsonl", "CC0", 0),
    PublicSet("cold_zh.jsonl", "Apache-2.0", 0),
    PublicSet("germeval2018_de.jsonl", "CC BY 4.0", 0),
)
_KNOWN = frozenset(label.value for label in RISKS - {"ambiguous", "culture"})
_LONGEST = 300


def texts(folder: Path, chosen: PublicSet) -> Iterator[tuple[str, str]]:
    """(language, text) of every message of a set that is no longer than a chat message."""
    with (folder / chosen.file).open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("text")
            if isinstance(text, str) and 0 < len(text.strip()) <= _LONGEST:
                yield row["lang"], text


def sample(folder: Path, chosen: PublicSet, count: int, seed: int) -> list[Item]:
    """``count`` messages of a set as unlabelled buyer messages; the same seed gives the same ones."""
    found = list(texts(folder, chosen))
    rng = random.Random(seed)  # noqa: S311
    stem = chosen.file.partition(".")[0]
    return [
        Item(f"{stem}-{n}", language, "public", "buyer", "everyday", "", text, (), ())
        for n, (language, text) in enumerate(rng.sample(found, min(count, len(found))))
    ]


def negatives(folder: Path, seed: int = 1) -> tuple[list[Item], frozenset[str]]:
    """Messages without risks, and the labels that this is known of."""
    found = [item for chosen in SETS if chosen.negatives for item in sample(folder, chosen, chosen.negatives, seed)]
    return found, _KNOWN
