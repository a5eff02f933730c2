"""What the contact stage hands to the rules: things found in the text, not yet judged."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Candidate"]


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
