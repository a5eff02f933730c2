"""What the contact stage hands to the rules: things found in the text, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Candidate", "without_overlaps"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phone number, link, handle … at ``[start, end)`` code points of the original text.

    ``kind`` is one of :data:`screener.detect.lexicon.pattern.SLOTS`; ``value`` its normal form (E.164 phone
    number, host of a link, bare handle), never shown in logs; ``view`` names the view that revealed it.
    """

    kind: str
    start: int
    end: int
    value: str
    view: str = "folded"


def without_overlaps(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates in order of place; of overlapping ones the first, and of those that begin together the longest."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (c.start, -c.end)):
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return kept
