"""Sentences, clauses and the units in which gaps are measured."""

from __future__ import annotations

import re
from itertools import accumulate

__all__ = ["clauses", "sentences", "units"]

_SENTENCE = re.compile(r"[.!?]+(?=\s|$)|[…。！？｡؟\n]+")
_CLAUSE = re.compile(r"[.!?,;]+(?=\s|$)|[…。！？｡؟،؛，；、\n]+|\s[-–—]\s")


def _split(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces = []
    start = 0
    for match in pattern.finditer(text):
        pieces.append((start, match.end()))
        start = match.end()
    if start < len(text) or not pieces:
        pieces.append((start, len(text)))
    return pieces


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentences as ranges of code points that cover the text."""
    return _split(text, _SENTENCE)


def clauses(text: str) -> list[tuple[int, int]]:
    """Clauses as ranges of code points that cover the text."""
    return _split(text, _CLAUSE)


_UNIT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[\u0e00-\u0e7f]{1,3}|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def units(text: str) -> list[int]:
    """For each offset (and the end) how many units begin before it (docs/lexicons.md, Patterns)."""
    begins = [0] * (len(text) + 1)
    for match in _UNIT.finditer(text):
        begins[match.start() + 1] = 1
    return list(accumulate(begins))
