"""Code-point offsets → UTF-16 offsets, for JavaScript, the language-server protocol and LanguageTool."""

from __future__ import annotations

from array import array

from screener.records import Span

__all__ = ["Utf16Map", "span_of"]

_BMP_END = "\uffff"


class Utf16Map:
    """Converts code-point offsets of one text into UTF-16 unit offsets.

    Text of the basic plane costs nothing more than one look at its greatest character. A lone surrogate
    counts as one unit, as it does in JavaScript.
    """

    __slots__ = ("_units",)

    def __init__(self, text: str) -> None:
        self._units: array[int] | None = None
        if text and not text.isascii() and max(text) > _BMP_END:
            units = array("I", [0])
            total = 0
            for char in text:
                total += 2 if char > _BMP_END else 1
                units.append(total)
            self._units = units

    def unit(self, offset: int) -> int:
        """The UTF-16 unit offset of the code-point ``offset`` (0 to the length of the text).

        Raises:
            IndexError: when ``offset`` lies outside the text (only checked beyond the basic plane).

        """
        return offset if self._units is None else self._units[offset]


def span_of(text: str, start: int, end: int) -> Span:
    """The span ``[start, end)``, given in code points, in both units."""
    tail = text[:end]
    if tail.isascii():
        return Span(start, end, start, end)
    before = sum(1 for char in tail[:start] if char > _BMP_END)
    within = sum(1 for char in tail[start:] if char > _BMP_END)
    return Span(start, end, start + before, end + before + within)
