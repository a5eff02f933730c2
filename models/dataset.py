"""The labelled messages of ``models/data`` and how they are split.

Format and rules: ``models/data/GUIDE.md``. A file is one writer's; the split is by writer, so that no way of
putting things is both learnt and measured.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from screener.records import Label, Manner, Speaker

__all__ = ["DATA", "LABELS", "MANNERS", "OUTPUTS", "Item", "Mark", "load", "parse"]

DATA = Path(__file__).parent / "data"
LABELS: tuple[str, ...] = tuple(label.value for label in Label)
MANNERS: tuple[str, ...] = tuple(manner.value for manner in Manner)
OUTPUTS = LABELS + MANNERS
"""What the message head answers, in order; places are known of labels only."""
KINDS = frozenset({
    "standing", "negation", "question", "condition", "wish", "quotation", "sarcasm", "partial", "other_item",
    "politeness", "package_only", "shop_claim", "guess", "worked_then_failed", "retracted", "other_speaker", "refusal",
    "lookalike", "everyday",
})  # fmt: skip
_MARK = re.compile(r"⟦([^⟦⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Mark:
    """A label asserted in ``text[start:end]`` (code points)."""

    label: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled message; ``context`` holds (speaker, text), oldest first."""

    id: str
    language: str
    writer: str
    speaker: str
    kind: str
    goods: str
    text: str
    context: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]

    @property
    def outputs(self) -> frozenset[str]:
        """The labels, and the manner in which the goods are spoken of without asserting anything."""
        return self.labels | {self.kind} if self.kind in MANNERS else self.labels

    @property
    def labels(self) -> frozenset[str]:
        """The labels that the message carries."""
        return frozenset(mark.label for mark in self.marks)


def parse(marked: str) -> tuple[str, tuple[Mark, ...]]:
    """Split text with ``⟦label⟧ … ⟦/⟧`` marks into the plain text and its marks.

    Raises:
        ValueError: an unknown label, or marks that nest or do not close.

    """
    text: list[str] = []
    marks: list[Mark] = []
    opened: tuple[str, ...] = ()
    start = length = 0
    for number, part in enumerate(_MARK.split(marked)):
        if number % 2 == 0:
            text.append(part)
            length += len(part)
        elif part == "/":
            if not opened:
                raise ValueError("a mark closes that was not opened")
            marks += [Mark(label, start, length) for label in opened]
            opened = ()
        else:
            if opened:
                raise ValueError("marks nest")
            opened = tuple(part.split(","))
            unknown = set(opened) - set(LABELS)
            if unknown:
                raise ValueError(f"unknown label {min(unknown)!r}")
            start = length
    if opened:
        raise ValueError("a mark is not closed")
    plain = "".join(text)
    if "⟦" in plain or "⟧" in plain:
        raise ValueError("a broken mark")
    return plain, tuple(marks)


def _item(row: dict[str, object], language: str, writer: str) -> Item:
    text, marks = parse(str(row["text"]))
    speaker = Speaker(str(row["speaker"])).value
    kind = str(row["kind"])
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}")
    context = tuple((Speaker(who).value, said) for who, said in row["context"])  # type: ignore[attr-defined]
    return Item(str(row["id"]), language, writer, speaker, kind, str(row["goods"]), text, context, marks)


def load(folder: Path = DATA) -> list[Item]:
    """All items, in order of language, writer and line.

    Raises:
        ValueError: a line is not as the guide says; the message names file and line.

    """
    items: list[Item] = []
    for path in sorted(folder.glob("*/*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                items.append(_item(json.loads(line), path.parent.name, path.stem))
            except (KeyError, TypeError, ValueError) as error:
                message = f"{path}:{number}: {error}"
                raise ValueError(message) from error
    return items
