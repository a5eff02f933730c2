"""From a decoded value back to its source, character by character."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["align", "json_string"]

_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_UNIT: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


def json_string(source: str, start: int, end: int) -> tuple[str, list[int]]:
    """Decode ``source[start:end]``, the inside of a valid JSON string.

    Returns the text and, for each of its code points and its end, the offset in ``source``.
    """
    text: list[str] = []
    places: list[int] = []
    at = start
    while at < end:
        places.append(at)
        char = source[at]
        if char != "\\":
            text.append(char)
            at += 1
            continue
        escape = _UNIT.match(source, at)
        if escape is None:
            text.append(_ESCAPES.get(source[at + 1], source[at + 1]))
            at += 2
            continue
        unit = int(escape[1], 16)
        at = escape.end()
        low = _UNIT.match(source, at)
        if 0xD800 <= unit < 0xDC00 and low is not None and 0xDC00 <= int(low[1], 16) < 0xE000:
            unit = 0x10000 + ((unit - 0xD800) << 10) + int(low[1], 16) - 0xDC00
            at = low.end()
        text.append(chr(unit))
    return "".join(text), [*places, end]


def align(value: str, source: str, start: int, end: int) -> list[int] | None:
    """For each code point of ``value`` and its end, its offset in ``source[start:end]``, which wrote it.

    Whatever the format's quoting, folding and escapes are, a value's characters stand in its source in order, with
    other signs between them; an escaped one stands where its escape begins. ``None`` when more than a few
    characters cannot be found, which means that the two do not belong together.
    """
    places: list[int] = []
    at = start
    lost = 0
    for char in value:
        found = _next(char, source, at, end)
        if found < 0:
            lost += 1
            places.append(min(at, end))
            continue
        places.append(found)
        at = found + 1
    if lost * 10 > len(value) + 10:
        return None
    return [*places, min(at, end)]


_NEAR: Final = 200


def _next(char: str, source: str, at: int, end: int) -> int:
    limit = min(end, at + _NEAR)
    if char.isspace():
        # A fold writes a space as a line break, an escape as \n.
        while at < limit and not (source[at].isspace() or source[at] == "\\"):
            at += 1
        return at if at < limit else -1
    if char.isascii():
        return source.find(char, at, limit)
    code = ord(char)
    written = (char, f"\\u{code:04x}", f"\\u{code:04X}", f"\\x{code:02X}", f"\\x{code:02x}", f"\\U{code:08X}")
    return min((place for form in written if (place := source.find(form, at, limit)) >= 0), default=-1)
