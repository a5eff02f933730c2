"""The first part of a WhatsApp line: date, time and the sign that ends them, in every shape of every locale.

Two signs (Android ``date, time - ``; iOS ``[date, time] ``) times two orders (Vietnamese writes the time
first). The date is left as three numbers: their order is known only for a whole file.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from screener.readers.dates import AM_PM, DateFields, hour24

__all__ = ["MARKS", "Header", "Shape", "parse", "plain", "unmark"]

_MARK: Final = "\u200e"
MARKS: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2060\u200b\ufeff"
"""Invisible marks that exports put around dates, names and markers."""
_SPACES: Final = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
_WINDOW: Final = 96
"""No header is longer, in code points."""

# One character for one, so that places in the translated text are places in the text itself.
_TRANSLATE: Final = str.maketrans(
    {
        **dict.fromkeys(MARKS, _MARK),
        **dict.fromkeys(_SPACES, " "),
        **{chr(zero + n): str(n) for zero in (0x660, 0x6F0, 0x966, 0xE50, 0xFF10) for n in range(10)},
        "،": ",", "，": ",", "：": ":", "／": "/", "．": ".", "－": "-", "‐": "-", "‑": "-", "［": "[", "］": "]",
    }
)  # fmt: skip
_UNMARK: Final = str.maketrans(dict.fromkeys(MARKS))

_Z: Final = rf"{_MARK}{{0,4}}"
_S: Final = rf"[ {_MARK}]{{0,4}}"
_WORDS: Final = "|".join(re.escape(word).replace(r"\ ", "[ ]?") for word in sorted(AM_PM, key=len, reverse=True))
_ERA: Final = r"令和|平成|昭和|民[國国]|[RHS]"
_DATE: Final = (
    rf"(?P<era>{_ERA})?{_S}(?P<a>\d{{1,4}}){_S}(?P<sep>[./\-年]){_S}(?P<b>\d{{1,2}}){_S}[./\-月]"
    rf"(?P<gap>{_S})(?P<c>\d{{1,4}})(?:{_S}(?P<end>日|\.|BE|B\.E\.|พ\.ศ\.|AD|AH|هـ|ه|[RHS](?![a-z])|令和))?"
)
_TIME: Final = (
    rf"(?:(?P<before>{_WORDS}){_S})?(?P<h>\d{{1,2}})(?:{_Z}[:.]{_Z}|[ ]?[hH時时시][ ]?)(?P<m>\d{{2}})"
    rf"(?:{_Z}(?:[:.]|[ ]min[ ])(?P<s>\d{{2}}))?"
    rf"(?:[ ]s(?=[\]])|{_S}(?P<after>{_WORDS})(?!\w))?(?:{_S}(?:น\.|Uhr|Uhr\.))?"
)
_BETWEEN: Final = rf"{_S},?{_S}(?:(?:à|at|um|às|kl\.?|lúc|pukul|alle|ore|a las)[ ])?{_S}"


class Shape(NamedTuple):
    """How a file writes its headers; all headers of one export have one shape."""

    bracket: bool
    time_first: bool
    separator: str
    seconds: bool


class Header(NamedTuple):
    """A header line taken apart; ``end`` is where the rest of the line begins, in code points."""

    shape: Shape
    date: DateFields
    hour: int
    minute: int
    second: int
    end: int


def _pattern(bracket: bool, time_first: bool) -> re.Pattern[str]:
    first, then = (_TIME, _DATE) if time_first else (_DATE, _TIME)
    inner = rf"{first}{_BETWEEN}{then}"
    text = rf"{_Z}\[{_S}{inner}{_S}\][ ]?" if bracket else rf"{_Z}{inner}{_S}[-–—][ ]"
    return re.compile(text, re.IGNORECASE)


_PATTERNS: Final = {
    (bracket, time_first): _pattern(bracket, time_first) for bracket in (False, True) for time_first in (False, True)
}
_START: Final = frozenset("0123456789[RHSrhs令平昭民上下午早清凌中晚오") | {_MARK}


def plain(text: str) -> str:
    """Text with invisible marks, odd spaces and foreign digits made plain, of the same length."""
    return text if text.isascii() else text.translate(_TRANSLATE)


def unmark(text: str) -> str:
    """Text without invisible marks."""
    return text if text.isascii() else text.translate(_UNMARK)


def parse(line: str, shape: Shape | None = None) -> Header | None:
    """The header of a line, or ``None``; with ``shape`` only a header of that shape counts.

    A message may quote another chat: its lines look like headers too, but rarely in the same shape.
    """
    window = plain(line[:_WINDOW])
    if not window or window[0] not in _START:
        return None
    if shape is not None:
        header = _match(window, shape.bracket, shape.time_first)
        return header if header is not None and header.shape == shape else None
    bracket = "[" in window[:6]
    return _match(window, bracket, False) or _match(window, bracket, True)


def _match(window: str, bracket: bool, time_first: bool) -> Header | None:
    found = _PATTERNS[bracket, time_first].match(window)
    if found is None:
        return None
    era, a, sep, b, gap, c, end, before, h, m, s, after = found.group(
        "era", "a", "sep", "b", "gap", "c", "end", "before", "h", "m", "s", "after"
    )
    hour, minute, second = hour24(int(h), before or after), int(m), int(s or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    separator = sep + " " if sep == "." and gap.strip(_MARK) else sep
    late = (end or "").upper()
    # An era after the year (English with the Japanese calendar) leaves day and month open: "R" becomes "-R".
    written = (era or "").upper() or ("-" + late if late in ("R", "H", "S", "令和") else "")
    if late in ("AH", "هـ", "ه"):
        written = "AH"
    return Header(
        Shape(bracket, time_first, separator, s is not None),
        DateFields(a, b, c, separator, written),
        hour, minute, second, found.end(),
    )  # fmt: skip
