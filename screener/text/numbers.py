"""Digits written as words (``zero eight one two``, ``nol delapan satu dua``, 零八一二) read as digits.

The words are data: ``lexicons/number_words.yaml`` and, for pairs of digits, a generated table. Only a row of them
counts; one or two are prose ("one two-piece set").
"""

from __future__ import annotations

import json
import re
from array import array
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from screener.text.normalise import View

__all__ = ["digit_view"]

_MIN_WORDS: Final = 4
_MIN_MIXED: Final = 2
"""So many words are enough when digits stand beside them and all give at least :data:`_MIN_DIGITS`."""
_MIN_DIGITS: Final = 6
_MIN_UNSPACED: Final = 5
"""One-character words (四, 사, し) are also parts of other words: a row must give so many digits."""
_MAX_GAP: Final = 3
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_DIGITS: Final = re.compile("[0-9]+")
# Scripts written without spaces between words, where a number word may touch its neighbours.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class _Token(NamedTuple):
    start: int
    end: int
    digits: str
    """The digits it stands for; empty for a word that repeats the next one."""
    times: int
    word: bool


class _Words:
    """All number words in one automaton, over folded text without accents."""

    def __init__(self) -> None:
        import msgspec
        from ahocorasick_rs import AhoCorasick, MatchKind

        from screener.resources import resource_dir
        from screener.text.normalise import fold
        from screener.yamlfile import load

        class NumberWords(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
            digits: dict[str, dict[str, str]]
            repeat: dict[str, dict[str, int]]

        form, _ = load(resource_dir("lexicons") / "number_words.yaml", NumberWords)
        self.values: dict[str, str] = {}
        self.repeats: dict[str, int] = {}
        for words in form.digits.values():
            for word, digit in words.items():
                self.values.setdefault(fold(word).bare, digit)
        # Generated (tools/build_number_words.py): "forty-two", "quarante-deux", "zweiundvierzig".
        tens = json.loads(Path(__file__).with_name("number_tens.json").read_text(encoding="utf-8"))
        for word, digits in tens["words"].items():
            self.values.setdefault(word, digits)
        for repeats in form.repeat.values():
            for word, times in repeats.items():
                self.repeats[fold(word).bare] = times
        self.names = sorted({*self.values, *self.repeats})
        self.automaton = AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest)
        self.spaced = [_UNSPACED.match(name) is None for name in self.names]


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


def _tokens(text: str) -> list[_Token]:
    """Number words and runs of digits of ``text``, in order; nothing when there are too few words."""
    words = _words()
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)  # the automaton works on UTF-8
    found = words.automaton.find_matches_as_indexes(text)
    if len(found) < _MIN_MIXED:
        return []
    tokens: list[_Token] = []
    for number, start, end in found:
        if words.spaced[number]:
            before = start > 0 and text[start - 1].isalpha() and _UNSPACED.match(text[start - 1]) is None
            after = end < len(text) and text[end].isalpha() and _UNSPACED.match(text[end]) is None
            if before or after:
                continue
        name = words.names[number]
        tokens.append(_Token(start, end, words.values.get(name, ""), words.repeats.get(name, 1), True))
    if len(tokens) < _MIN_MIXED:
        return []
    tokens.extend(_Token(m.start(), m.end(), m[0], 1, False) for m in _DIGITS.finditer(text))
    return sorted(tokens)


def _counts(run: list[_Token]) -> bool:
    words = sum(token.word for token in run)
    digits = sum(len(token.digits) for token in run)
    if words < _MIN_MIXED or (words < _MIN_WORDS and digits < _MIN_DIGITS):
        return False
    return digits >= _MIN_UNSPACED or all(token.end - token.start > 1 for token in run if token.word)


def _runs(text: str) -> list[list[_Token]]:
    """The rows of number words and digits that are no prose."""
    runs: list[list[_Token]] = []
    last = -1
    for token in _tokens(text):
        between = text[last : token.start] if runs else ""
        if not runs or len(between) > _MAX_GAP or any(c.isalnum() or c == "\n" for c in between):
            runs.append([])
        runs[-1].append(token)
        last = token.end
    return [run for run in runs if _counts(run)]


def digit_view(folded: View) -> View | None:
    """The view ``digits`` of a folded text, or ``None`` when no digits are written as words."""
    from screener.text.normalise import View

    runs = _runs(folded.bare)
    if not runs:
        return None
    chars: list[str] = []
    bare: list[str] = []
    starts, ends = array("I"), array("I")

    def keep(low: int, high: int) -> None:
        chars.append(folded.text[low:high])
        bare.append(folded.bare[low:high])
        if folded.starts is None or folded.ends is None:
            starts.extend(range(low, high))
            ends.extend(range(low + 1, high + 1))
        else:
            starts.extend(folded.starts[low:high])
            ends.extend(folded.ends[low:high])

    position = 0
    for run in runs:
        keep(position, run[0].start)
        times, since = 1, -1
        for token in run:
            if not token.digits:
                times, since = token.times, token.start
                continue
            if token.word:
                digits = token.digits * times
                first, last = folded.span(since if times > 1 else token.start, token.end)
                chars.append(digits)
                bare.append(digits)
                starts.extend([first] * len(digits))
                ends.extend([last] * len(digits))
            else:
                keep(token.start, token.end)
            times = 1
        position = run[-1].end
    keep(position, len(folded.text))
    return View("digits", "".join(chars), "".join(bare), starts, ends)
