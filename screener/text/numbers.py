"""Digits written as words (``zero eight one two``, ``nol delapan satu``, 零八一二) read as digits."""

from __future__ import annotations

import unicodedata
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from screener.resources import resource_dir
from screener.yamlfile import load

if TYPE_CHECKING:
    from screener.text.normalise import View

__all__ = ["digit_view"]

_MIN_WORDS: Final = 4
"""Fewer number words in a row are prose ("one two-piece set")."""
_MAX_GAP: Final = 3
_SCRIPT_WITHOUT_SPACES: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI")


class _NumberWords(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    digits: dict[str, dict[str, str]]
    repeat: dict[str, dict[str, int]]


class _Words:
    """All number words in one automaton, over text without accents."""

    def __init__(self) -> None:
        from screener.text.normalise import fold

        form, _ = load(resource_dir("lexicons") / "number_words.yaml", _NumberWords)
        self.values: dict[str, str] = {}
        self.repeats: dict[str, int] = {}
        for words in form.digits.values():
            for word, digit in words.items():
                self.values[fold(word).bare] = digit
        for repeats in form.repeat.values():
            for word, times in repeats.items():
                self.repeats[fold(word).bare] = times
        self.names = sorted({*self.values, *self.repeats})
        self.automaton = AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest)
        self.spaced = [
            not unicodedata.name(name[0], "").startswith(_SCRIPT_WITHOUT_SPACES) for name in self.names
        ]


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


def _tokens(text: str) -> list[tuple[int, int, str]]:
    """Number words and digit runs of ``text`` as (start, end, digits or "*2")."""
    words = _words()
    try:
        found = words.automaton.find_matches_as_indexes(text)
    except UnicodeEncodeError:
        return []
    if len(found) < _MIN_WORDS:
        return []
    tokens = []
    for number, start, end in found:
        name = words.names[number]
        if words.spaced[number] and (
            (start and text[start - 1].isalpha()) or (end < len(text) and text[end].isalpha())
        ):
            continue
        tokens.append((start, end, words.values.get(name) or f"*{words.repeats[name]}"))
    if len(tokens) < _MIN_WORDS:
        return []
    taken = {i for start, end, _ in tokens for i in range(start, end)}
    tokens.extend((i, i + 1, c) for i, c in enumerate(text) if c.isascii() and c.isdigit() and i not in taken)
    return sorted(tokens)


def _runs(text: str) -> list[list[tuple[int, int, str]]]:
    """Groups of at least four number words in a row, with the digits among them."""
    runs: list[list[tuple[int, int, str]]] = [[]]
    for token in _tokens(text):
        between = text[runs[-1][-1][1] : token[0]] if runs[-1] else ""
        if len(between) > _MAX_GAP or any(c.isalnum() or c == "\n" for c in between):
            runs.append([])
        runs[-1].append(token)
    return [run for run in runs if sum(end - start > 1 or not text[start].isascii() for start, end, _ in run) >= _MIN_WORDS]  # fmt: skip


def digit_view(folded: View) -> View | None:
    """The view ``digits`` of a folded text, or ``None`` when no digits are written as words."""
    from screener.text.normalise import View

    runs = _runs(folded.bare)
    if not runs:
        return None
    chars: list[str] = []
    starts, ends = array("I"), array("I")

    def add(digits: str, start: int, end: int) -> None:
        first, last = folded.span(start, end)
        for digit in digits:
            chars.append(digit)
            starts.append(first)
            ends.append(last)

    position = 0
    for run in runs:
        for i in range(position, run[0][0]):
            add(folded.text[i], i, i + 1)
        times, since = 1, -1
        for start, end, value in run:
            if value.startswith("*"):
                times, since = int(value[1:]), start
                continue
            add(value * times, since if times > 1 else start, end)
            times = 1
        position = run[-1][1]
    for i in range(position, len(folded.text)):
        add(folded.text[i], i, i + 1)
    text = "".join(chars)
    return View("digits", text, text, starts, ends)
