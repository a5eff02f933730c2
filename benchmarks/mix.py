"""A deterministic mix of shop chat: mostly everyday talk, some risky wording, in the languages of the lexicons.

``python -m benchmarks.mix 1000000 -o mix.jsonl`` writes a table that ``screener scan`` reads.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from screener.detect.lexicon.examples import unmark
from screener.detect.lexicon.schema import Example
from screener.detect.lexicon.store import read_folder
from screener.resources import resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

RISKY_SHARE = 0.08
"""Share of messages taken from the lexicons' own examples, bad and good alike; the rest is everyday talk."""


def everyday() -> list[tuple[str, str]]:
    """(language, text) of innocent messages."""
    form = yaml.safe_load((Path(__file__).parent / "everyday.yaml").read_text(encoding="utf-8"))
    return [(language, text) for language, texts in form.items() for text in texts]


def risky() -> list[tuple[str, str]]:
    """(language, text) of the examples of all lexicon rules."""
    found = []
    for rule in read_folder(resource_dir("lexicons")).rules:
        for example in (*rule.entry.examples.bad, *rule.entry.examples.good):
            text = example.text if isinstance(example, Example) else example
            found.append((rule.file.language, unmark(text)[0]))
    return found


def messages(count: int, seed: int = 20261122) -> Iterator[tuple[str, str]]:
    """``count`` messages as (language, text); the same seed gives the same messages."""
    choose = random.Random(seed)
    plain, special = everyday(), risky()
    for _ in range(count):
        if choose.random() < RISKY_SHARE:
            yield choose.choice(special)
        else:
            language, text = choose.choice(plain)
            yield language, text.replace("{n}", str(choose.randrange(10**9, 10**10)))


def main() -> None:
    """Write the mix as JSON lines with conversation, speaker and time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    given = parser.parse_args()
    with given.output.open("w", encoding="utf-8") as file:
        for number, (_, text) in enumerate(messages(given.count)):
            row = {
                "id": f"m{number}",
                "conversation_id": f"c{number // 12}",
                "speaker": "seller" if number % 3 == 0 else "buyer",
                "sent_at": f"2026-10-{1 + number % 28:02d}T08:{number % 60:02d}:00Z",
                "text": text,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
