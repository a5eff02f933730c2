"""One message as all detectors see it: views computed once, the rest only when somebody asks."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from screener.records import Speaker
from screener.text.language import Languages, detect
from screener.text.normalise import View, extra_views, fold
from screener.text.segments import clauses, sentences, units

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Prepared"]

_DIGIT = re.compile(r"\d")


class Prepared:
    """A message prepared for detection.

    All offsets of its methods are code points of the original text.
    """

    def __init__(
        self,
        text: str,
        *,
        speaker: Speaker = Speaker.UNKNOWN,
        region: str | None = None,
        marketplace: str | None = None,
        hints: Sequence[str] = (),
        detector: str = "eldc",
    ) -> None:
        self.text = text
        self.speaker = speaker
        self.region = region
        self.marketplace = marketplace
        self.hints = tuple(hints)
        self.detector = detector
        self.folded = fold(text)
        self.views: tuple[View, ...] = (self.folded, *extra_views(text, self.folded))

    @cached_property
    def languages(self) -> Languages:
        """The languages of the text; computed only for messages in which something was found."""
        return detect(self.text, hints=self.hints, detector=self.detector)

    @cached_property
    def has_digits(self) -> bool:
        """True when any view holds a decimal digit."""
        return any(_DIGIT.search(view.text) is not None for view in self.views)

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [end for _, end in sentences(self.text)]

    @cached_property
    def _clause_ends(self) -> list[int]:
        return [end for _, end in clauses(self.text)]

    @cached_property
    def _units(self) -> Sequence[int]:
        return units(self.text)

    def same(self, scope: str, start: int, end: int) -> bool:
        """True when no ``clause`` or ``sentence`` boundary lies between two offsets."""
        if scope == "message":
            return True
        ends = self._sentence_ends if scope == "sentence" else self._clause_ends
        return bisect_right(ends, start) == bisect_right(ends, max(start, end - 1))

    def gap(self, start: int, end: int) -> int:
        """Number of units (docs/lexicons.md) that lie between two offsets."""
        return self._units[end] - self._units[start] if end > start else 0
