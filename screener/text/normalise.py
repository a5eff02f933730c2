"""Raw text → comparable text, with an alignment back to the original.

One table decides what every character becomes (``tools/build_tables.py`` names its sources). Terms of
lexicons go through the same function, so a choice only has to be the same for both sides, not pretty:

* Traditional Chinese becomes simplified everywhere, in Japanese too: 時間 and 时间 are one and the same
  for comparison, whichever language wrote them, and no guess about the language is needed.
* Thai SARA AM stays whole; ``ํ`` + ``า`` and ``เ`` + ``เ`` become the one letter that they look like.
* Lookalike letters are mapped only inside a word that mixes scripts; Russian, Greek and the like survive.
* Two regional indicators that draw a flag stay a flag; any other run of them spells letters.

All offsets are code points of the original text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screener.text.tables import HARD_MARK, SLOW_MARK, Tables, tables

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["View", "extra_views", "fold", "fold_term", "identity"]

# Replacements on folded text whose result is one character: the end of a line, and two Thai spellings
# that cannot be told from the proper letter on any screen.
_PAIRS: Final = re.compile("\r\n?|\u0e40\u0e40|\u0e4d[\u0e48-\u0e4b]?\u0e32")
_THAI_MARKS: Final = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd]"
_THAI_FLOOD: Final = re.compile(f"({_THAI_MARKS}{{3}}){_THAI_MARKS}+")
_THAI_MARK_RUN: Final = re.compile(_THAI_MARKS * 4)
_INDICATORS: Final = re.compile("[\U0001f1e6-\U0001f1ff]+")
_MIXED_WORD: Final = re.compile(r"[^\W_]+")
_ACCENTED: Final = re.compile("[\u00c0-\u02ff\u1d00-\u1eff]")
_LONG: Final = 512
"""From this length on, floods of combining marks are cut before NFC, whose cost is quadratic in them."""


_IDENTITY: Final = array("I", range(4_097))


@dataclass(frozen=True, slots=True)
class View:
    """A comparable form of a message and where each of its characters comes from.

    ``bare`` has the length of ``text`` and lacks the accents of Latin letters. ``starts`` and ``ends`` hold,
    for each character of ``text``, the original code-point range it stands for; ``None`` means identity.
    """

    name: str
    text: str
    bare: str
    starts: array[int] | None
    ends: array[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original code-point range ``[start, end)`` behind ``text[start:end]``.

        A range that touches part of a composed cluster covers the whole cluster. An empty range gives the
        empty range at the place where its character starts.
        """
        if self.starts is None or self.ends is None:
            return start, end
        if end <= start:
            if start < len(self.starts):
                return self.starts[start], self.starts[start]
            last = self.ends[-1] if len(self.ends) else 0
            return last, last
        return self.starts[start], self.ends[end - 1]


class _Aligned:
    """Text under work: its characters and, for each, the original range."""

    __slots__ = ("chars", "ends", "starts")

    def __init__(self, chars: list[str], starts: list[int], ends: list[int]) -> None:
        self.chars = chars
        self.starts = starts
        self.ends = ends

    @classmethod
    def of(cls, text: str) -> _Aligned:
        return cls(list(text), list(range(len(text))), list(range(1, len(text) + 1)))

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def replace(self, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> None:
        """Replace each match; every character of the replacement stands for the whole match."""
        text = self.text
        done = 0
        chars: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in pattern.finditer(text):
            low, high = match.span()
            new = make(match)
            if low == high or new == match[0]:
                continue
            chars += self.chars[done:low]
            starts += self.starts[done:low]
            ends += self.ends[done:low]
            chars += new
            starts += [self.starts[low]] * len(new)
            ends += [self.ends[high - 1]] * len(new)
            done = high
        if done:
            self.chars = chars + self.chars[done:]
            self.starts = starts + self.starts[done:]
            self.ends = ends + self.ends[done:]

    def cut(self, pattern: re.Pattern[str]) -> None:
        """Drop what follows group 1 of each match; the character before the cut keeps its range."""
        keep = bytearray(b"\x01") * len(self.chars)
        for match in pattern.finditer(self.text):
            first, last = match.end(1), match.end()
            keep[first:last] = bytes(last - first)
            self.ends[first - 1] = self.ends[last - 1]
        self.chars = [c for c, k in zip(self.chars, keep, strict=True) if k]
        self.starts = [s for s, k in zip(self.starts, keep, strict=True) if k]
        self.ends = [e for e, k in zip(self.ends, keep, strict=True) if k]


def _nfc(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def _pair(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "\r":
        return "\n"
    if found == "\u0e40\u0e40":
        return "\u0e41"
    return found[1:-1] + "\u0e33"


def _letters_of_flags(known: frozenset[str]) -> Callable[[re.Match[str]], str]:
    def make(match: re.Match[str]) -> str:
        run = match[0]
        letters = "".join(chr(ord(c) - 0x1F1E6 + ord("a")) for c in run)
        flags = len(run) % 2 == 0 and all(letters[i : i + 2] in known for i in range(0, len(run), 2))
        return run if flags else letters

    return make


def _spell(work: _Aligned, pattern: re.Pattern[str], make: Callable[[re.Match[str]], str]) -> None:
    """As ``replace`` for a replacement of the same length: characters keep their own ranges."""
    for match in pattern.finditer(work.text):
        new = make(match)
        if new != match[0]:
            work.chars[match.start() : match.end()] = new


def _map(work: _Aligned, table: Tables) -> list[str]:
    """Apply the table in place; returns for each new character the one it was made from."""
    full = table.full
    extenders = table.extenders
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    origin: list[str] = []
    for char, start, end in zip(work.chars, work.starts, work.ends, strict=True):
        new = full.get(char, char)
        if len(new) == 1:
            if "\U0001f1e6" <= char <= "\U0001f1ff":
                new = char  # what is left of them are flags
            chars.append(new)
            starts.append(start)
            ends.append(end)
            origin.append(char)
        elif new:
            chars += new
            starts += [start] * len(new)
            ends += [end] * len(new)
            origin += [char] * len(new)
        elif char in extenders and ends and ends[-1] == start:
            ends[-1] = end
    work.chars, work.starts, work.ends = chars, starts, ends
    return origin


def _is_latin(char: str) -> bool:
    return "a" <= char <= "z" or "\u00df" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff"


def _is_foreign(char: str) -> bool:
    """A letter of a script that lends lookalikes (Cyrillic, Greek, Armenian, Cherokee, …)."""
    code = ord(char)
    return (
        0x370 <= code <= 0x58F
        or 0x10A0 <= code <= 0x10FF
        or 0x13A0 <= code <= 0x167F
        or 0x1C80 <= code <= 0x1CBF
        or 0x1F00 <= code <= 0x1FFF
        or 0x2C80 <= code <= 0x2D7F
        or 0xA4D0 <= code <= 0xA4FF
        or 0xA640 <= code <= 0xA69F
        or 0xAB70 <= code <= 0xABBF
        or 0x10300 <= code <= 0x1034F
        or 0x10400 <= code <= 0x1052F
        or 0x118A0 <= code <= 0x118FF
    )


def _unmask(work: _Aligned, origin: list[str], table: Tables) -> None:
    """Turn lookalike letters into the script of their word, where a word mixes scripts."""
    strong, weak, cyrillic = table.latin, table.latin_weak, table.cyrillic
    for match in _MIXED_WORD.finditer(work.text):
        latin: list[int] = []
        foreign: list[int] = []
        for index in range(*match.span()):
            char = work.chars[index]
            if _is_latin(char):
                latin.append(index)
            elif _is_foreign(char):
                foreign.append(index)
        if not latin or not foreign:
            continue
        looks = [strong.get(origin[i]) or strong.get(work.chars[i]) for i in foreign]
        if len(latin) >= len(foreign):
            for index, letter in zip(foreign, looks, strict=True):
                work.chars[index] = letter or weak.get(work.chars[index]) or work.chars[index]
        elif all(looks):
            for index, letter in zip(foreign, looks, strict=True):
                work.chars[index] = letter or work.chars[index]
        elif all(work.chars[i] in cyrillic for i in latin) and all(
            "\u0400" <= work.chars[i] <= "\u04ff" for i in foreign
        ):
            for index in latin:
                work.chars[index] = cyrillic[work.chars[index]]


def _fold_slowly(text: str, table: Tables) -> _Aligned:
    """Every rule, with alignment."""
    work = _Aligned.of(text)
    current = text
    for _ in range(4):  # once, and again where a result joins with its neighbour (half-width ｶ + ﾞ)
        if len(current) > _LONG and table.mark_flood.search(current):
            work.cut(table.mark_flood)
            current = work.text
        if not unicodedata.is_normalized("NFC", current):
            work.replace(table.cluster, _nfc)
            current = work.text
        if _INDICATORS.search(current):
            _spell(work, _INDICATORS, _letters_of_flags(table.regions))
        origin = _map(work, table)
        current = work.text
        if table.latin_pattern.search(current):
            _unmask(work, origin, table)
            current = work.text
        if _PAIRS.search(current):
            work.replace(_PAIRS, _pair)
            current = work.text
        if _THAI_MARK_RUN.search(current):
            work.cut(_THAI_FLOOD)
            current = work.text
        if unicodedata.is_normalized("NFC", current):
            break
    return work


def _bare(text: str, table: Tables) -> str:
    return text.translate(table.bare) if _ACCENTED.search(text) is not None else text


def _settled(folded: str) -> bool:
    """True when no rule about neighbours applies to text that has been through the table."""
    return "\u0e40\u0e40" not in folded and _THAI_MARK_RUN.search(folded) is None


def identity(length: int) -> array[int]:
    """The offsets 0 to ``length`` - 1; slices of it are alignments of unchanged text."""
    return _IDENTITY[:length] if length <= len(_IDENTITY) else array("I", range(length))


def _fold_gaps(text: str, quick: str, table: Tables) -> View | None:
    """Fold composed ``text`` in which some characters vanish or become several; ``quick`` marks them.

    ``None`` when the result needs the rules about neighbours.
    """
    whole = identity(len(text) + 1)
    full, extenders = table.full, table.extenders
    parts: list[str] = []
    starts, ends = array("I"), array("I")
    done = 0
    at = quick.find(SLOW_MARK)
    while at >= 0:
        if at > done:
            parts.append(quick[done:at])
            starts += whole[done:at]
            ends += whole[done + 1 : at + 1]
        char = text[at]
        new = full.get(char, char)
        if new:
            parts.append(new)
            starts.extend([at] * len(new))
            ends.extend([at + 1] * len(new))
        elif ends and ends[-1] == at and char in extenders:
            ends[-1] = at + 1
        done = at + 1
        at = quick.find(SLOW_MARK, done)
    parts.append(quick[done:])
    starts += whole[done:-1]
    ends += whole[done + 1 :]
    folded = "".join(parts)
    if not _settled(folded) or not unicodedata.is_normalized("NFC", folded):
        return None
    return View("folded", folded, _bare(folded, table), starts, ends)


def fold(text: str) -> View:
    """The ``folded`` view of ``text``. Folding its result again changes nothing."""
    if text.isascii() and text.replace("\n", "").isprintable():
        lower = text.lower()
        return View("folded", lower, lower, None, None)
    table = tables()
    if len(text) <= _LONG or table.mark_flood.search(text) is None:
        quick = text.translate(table.quick)
        if HARD_MARK not in quick and unicodedata.is_normalized("NFC", text):
            if SLOW_MARK not in quick:
                if _settled(quick):
                    return View("folded", quick, _bare(quick, table), None, None)
            else:
                view = _fold_gaps(text, quick, table)
                if view is not None:
                    return view
    work = _fold_slowly(text, table)
    folded = work.text
    bare = _bare(folded, table)
    whole = identity(len(text) + 1)
    starts, ends = array("I", work.starts), array("I", work.ends)
    if starts == whole[:-1] and ends == whole[1:]:
        return View("folded", folded, bare, None, None)
    return View("folded", folded, bare, starts, ends)


def fold_term(term: str) -> str:
    """The folded text of a lexicon term."""
    return fold(term).text


def extra_views(text: str, folded: View) -> tuple[View, ...]:
    """Further views of ``text``, each only where its trigger is met (see ``screener.text.views``)."""
    from screener.text.views import further

    return further(text, folded)
