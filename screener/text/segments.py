"""Sentences, clauses, edges of words, and the units in which gaps between words are measured.

All offsets are code points of the text that is passed in.
"""

from __future__ import annotations

import re
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["clauses", "is_word_edge", "safe_span", "sentences", "units"]

# A mark that ends a sentence, with quotes and brackets that close behind it. A Latin full stop ends one only
# before a blank or the end, or between a small letter and a capital ("thanks.Please"): not in 3.5, t.me, v1.2.
# "!" inside a word may be a letter in disguise (v!ber), "?" inside a link starts its parameters.
_CLOSE: Final = "[\"'”’»)\\]）】」』]*"
_TIGHT: Final = r"!+(?=[A-ZÀ-Þ])|\?+!*(?=[^\W\d_])(?!\w{1,20}=)|(?<=[a-zà-ÿ]{2})\.(?=[A-ZÀ-Þ][a-zà-ÿ])"
_SENTENCE: Final = re.compile(rf"[.!?]+{_CLOSE}(?=\s|$)|{_TIGHT}|[…。！？｡؟۔]+{_CLOSE}|[\r\n\u2028\u2029]+")
_DASH: Final = "-–—"
_CLAUSE: Final = re.compile(
    rf"[.!?,;:]+{_CLOSE}(?=\s|$)|[,;]+(?=[^\W\d_])|{_TIGHT}"
    rf"|[…。！？｡؟۔，、；：،؛･]+{_CLOSE}|[\r\n\u2028\u2029]+|\s[{_DASH}]+(?=\s)|[—]{{1,2}}|\.{{2,}}"
)
# "z.B.", "e.g. ", "no. 5", "Mr. X": a stop after these ends nothing. Lower case; the longest has five letters.
_ABBREVIATIONS: Final = frozenset({
    "mr", "mrs", "ms", "dr", "sr", "sra", "st", "no", "nr", "núm", "nº", "vs", "etc", "approx", "e.g", "i.e", "z.b",
    "u.a", "d.h", "bzw", "ca", "inkl", "max", "min", "p.ex", "p.s", "tel", "tlp", "ext", "art", "hp", "yg", "dll",
    "dsb", "jl", "ltd", "inc", "co",
})  # fmt: skip
_LAST_WORD: Final = re.compile(r"[^\W\d_](?:\.?[^\W\d_]){0,5}$")

# Thai and Lao: what is written above, below or after a consonant and cannot begin a span; what is written
# before its consonant and cannot end one.
_FOLLOWS: Final = frozenset("ะัาำิีึืฺุูๅ็่้๊๋์ํ๎ະັາຳິີຶືຸູົຼ່້໊໋໌ໍ")
_LEADS: Final = frozenset("เแโใไເແໂໃໄ")


def _abbreviated(text: str, stop: int) -> bool:
    if text[stop] != ".":
        return False
    word = _LAST_WORD.search(text, max(0, stop - 8), stop)
    if word is None or (word.start() and (text[word.start() - 1].isalpha() or text[word.start() - 1] == ".")):
        return False
    return word[0].lower() in _ABBREVIATIONS


def _split(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces: list[tuple[int, int]] = []
    start = 0
    for match in pattern.finditer(text):
        end = match.end()
        if match[0] == "." and end < len(text) and _abbreviated(text, match.start()):
            continue
        pieces.append((start, end))
        start = end
    if start < len(text) or not pieces:
        pieces.append((start, len(text)))
    return pieces


def sentences(text: str) -> list[tuple[int, int]]:
    """Sentences as ranges that cover the text without gaps; a full stop in a number or an address ends none."""
    return _split(text, _SENTENCE)


def clauses(text: str) -> list[tuple[int, int]]:
    """Clauses as ranges that cover the text: sentences, split again at commas, colons and dashes."""
    return _split(text, _CLAUSE)


def is_word_edge(text: str, pos: int) -> bool:
    """True when a term of an alphabetic script may start or end at ``pos``.

    No letter may touch it on both sides; in Thai and Lao it must not part a consonant from its signs.
    """
    if pos <= 0 or pos >= len(text):
        return True
    before, after = text[pos - 1], text[pos]
    if after in _FOLLOWS or before in _LEADS:
        return False
    if not (before.isalpha() and after.isalpha()):
        return not (before.isdigit() and after.isdigit())
    return _unspaced(before) or _unspaced(after)


def _unspaced(char: str) -> bool:
    return (
        "\u0e00" <= char <= "\u0eff" or "\u3005" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or char >= "\uf900"
        or "\uac00" <= char <= "\ud7a3"
    )  # fmt: skip


def safe_span(text: str, start: int, end: int) -> tuple[int, int]:
    """``[start, end)`` widened so that it neither begins nor ends inside a written syllable of Thai or Lao.

    Also never between a base and its combining mark, nor between an emoji and its joiner or variation selector.
    """
    while 0 < start < len(text) and (text[start] in _FOLLOWS or _extends(text[start])):
        start -= 1
    while 0 < end < len(text) and (text[end] in _FOLLOWS or text[end - 1] in _LEADS or _extends(text[end])):
        end += 1
    return start, end


def _extends(char: str) -> bool:
    return (
        "\u0300" <= char <= "\u036f" or "\ufe00" <= char <= "\ufe0f" or "\u20d0" <= char <= "\u20ff"
        or "\U0001f3fb" <= char <= "\U0001f3ff" or char in "\u3099\u309a\u200d"
    )  # fmt: skip


_HAN_KANA: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_UNIT: Final = re.compile(
    rf"[{_HAN_KANA}]|[\u0e00-\u0e7f]{{1,3}}|[^\W\u0e00-\u0e7f{_HAN_KANA}](?:[^\W\u0e00-\u0e7f{_HAN_KANA}]|[\u0300-\u036f'’])*"
)


def units(text: str) -> Sequence[int]:
    """For each offset of ``text``, and its end, how many units begin before it (docs/lexicons.md).

    A unit is one word of a spaced script, one character of Chinese or Japanese, three characters of Thai.
    """
    begins = array("I", bytes(4 * (len(text) + 1)))
    for match in _UNIT.finditer(text):
        begins[match.start() + 1] = 1
    return array("I", accumulate(begins))
