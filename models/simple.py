"""What is learnt beside ``models/data``: simple messages in great number.

Four sources, all ours: the examples of the lexicons' rules (found and innocent), ``models/short/<language>.jsonl``,
short messages that tell which risks they carry but not where, and nothing of statements, ``models/bare.yaml``,
answers without their question, and ``models/everyday/<language>.yaml``, shop talk that carries nothing; the labels that
a message is known to carry or to lack travel with it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from models.dataset import LABELS, Item, Mark
from screener.detect.lexicon.examples import unmark
from screener.detect.lexicon.schema import COMMON, Example
from screener.detect.lexicon.store import read_folder
from screener.records import RISKS, STATEMENTS, Speaker
from screener.resources import resource_dir

__all__ = ["Source", "bare_answers", "everyday", "everything", "examples_of_rules", "short_risks"]

FOLDER: Final = Path(__file__).parent / "short"
BARE: Final = Path(__file__).parent / "bare.yaml"
EVERYDAY: Final = Path(__file__).parent / "everyday"
_RISKS: Final = frozenset(label.value for label in RISKS)
_LABELS: Final = frozenset(LABELS)


@dataclass(frozen=True, slots=True)
class Source:
    """A message, the outputs that are known of it, and whether its marks tell their places."""

    item: Item
    known: frozenset[str] | None
    marked: bool


def _speaker(given: str | None, label: str) -> str:
    if given is not None:
        return given
    return Speaker.BUYER.value if label in STATEMENTS and label != "liability" else Speaker.SELLER.value


def examples_of_rules() -> list[Source]:
    """Every example and replacement of every rule.

    Examples are made to show one label or none, so whatever is not marked is absent; a replacement is what a shop
    should say instead, and shows nothing.
    """
    made: list[Source] = []
    better: dict[str, Source] = {}
    for rule in read_folder(resource_dir("lexicons")).rules:
        label = rule.file.label
        language = "und" if rule.file.language == COMMON else rule.file.language
        examples = rule.entry.examples
        for group, bad in ((examples.bad, True), (examples.good, False)):
            for number, given in enumerate(group):
                form = given if isinstance(given, Example) else Example(text=given)
                text, spans = unmark(form.text)
                marks = tuple(Mark(label, start, end) for start, end in spans) if bad else ()
                name = f"{rule.entry.id}-{'bad' if bad else 'good'}-{number}"
                item = Item(name, language, "rules", _speaker(form.speaker, label), "", "", text, (), marks)
                made.append(Source(item, _LABELS, marked=True))
        for text in rule.entry.replacements:
            name = f"better-{len(better)}"
            item = Item(name, language, "rules", Speaker.SELLER.value, "", "", text, (), ())
            better.setdefault(text, Source(item, _LABELS, marked=True))
    return [*made, *better.values()]


def short_risks(folder: Path = FOLDER) -> list[Source]:
    """The messages of ``models/short``: their risks are known, the places are not."""
    made: list[Source] = []
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            marks = tuple(Mark(label, 0, len(row["text"])) for label in row["labels"])
            item = Item(row["id"], path.stem, "simple", row["speaker"], row["kind"], "", row["text"], (), marks)
            made.append(Source(item, _RISKS, marked=False))
    return made


def bare_answers(path: Path = BARE) -> list[Source]:
    """Answers without their question, by the buyer: whatever they might affirm, alone they assert nothing."""
    by_language = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - `no` must stay a word
    return [
        Source(Item(f"bare-{language}-{number}", language, "bare", "buyer", "", "", text, (), ()), None, marked=True)
        for language, texts in by_language.items()
        for number, text in enumerate(texts)
    ]


def everyday(folder: Path = EVERYDAY) -> list[Source]:
    """Shop talk by buyer and seller that carries no label."""
    made = []
    for path in sorted(folder.glob("*.yaml")):
        by_speaker = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - all of it is text
        for speaker, texts in by_speaker.items():
            for number, text in enumerate(texts):
                name = f"everyday-{path.stem}-{speaker}-{number}"
                item = Item(name, path.stem, "simple", speaker, "everyday", "", text, (), ())
                made.append(Source(item, None, marked=True))
    return made


def everything() -> list[Source]:
    """All simple messages."""
    return examples_of_rules() + short_risks() + bare_answers() + everyday()
