"""Bare numbers: nothing by themselves, something beside a messenger or a bank."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate, without_overlaps
from screener.detect.contacts.context import is_called, is_code, looks_like_something_else
from screener.detect.contacts.digits import digit_readings, plain
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from screener.detect.message import Prepared

__all__ = ["numbers"]

_NUMBER = re.compile(r"(?<![0-9.,:/-])\d{4,20}(?![0-9]|[.,:/-]\d)")
_DIGITS = re.compile(r"(?<![0-9a-z_.,/#=-])\+?\(?\d(?:[ ().\-/*]{0,2}\d){4,23}(?![0-9_])")

# Two or three digits, or a few short groups, behind "starts with" or "and then".
_PART = re.compile(r"(?<![0-9a-z.,:/#-])\d{1,4}(?:[ .-]\d{1,4}){0,5}(?![0-9a-z]|[.,:/-]\d)")
_PART_WINDOW: Final = 48
_PART_DIGITS: Final = 3


def _is_part(text: str, start: int) -> bool:
    return vocabulary().number_part.search(text, max(0, start - _PART_WINDOW), start) is not None


def numbers(message: Prepared) -> list[Candidate]:
    """Bare numbers of four to twenty digits that are no price, date, measure or code."""
    if not message.has_digits:
        return []
    found: dict[tuple[int, int], Candidate] = {}
    for reading in digit_readings(message):
        text = reading.text
        parts = [m for m in _PART.finditer(text) if len(plain(m[0])) >= _PART_DIGITS and _is_part(text, m.start())]
        for match in [*_NUMBER.finditer(text), *_DIGITS.finditer(text), *parts]:
            if looks_like_something_else(match[0], text, *match.span()):
                continue
            if is_code(text, match.start()) and not is_called(text, match.start()):
                continue
            start, end = reading.span(*match.span())
            found.setdefault((start, end), Candidate("number", start, end, plain(match[0]), reading.view.name))
    return without_overlaps(found.values())
