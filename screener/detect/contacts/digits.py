"""Rows of digits in a message, also where letters and small words were mixed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.detect.contacts.reading import Reading, rewritten
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.detect.message import Prepared

__all__ = ["Run", "digit_readings", "plain", "runs"]

_MAX_DIGITS: Final = 40
# What may stand between two digits of one number: any sign but those that make prices, times, lists and addresses.
_SEP: Final = r"(?:[^\w\n,:;%$€£¥₫₱฿₩=#@&<>?!\"+、。]|_|ー)"
_RUN: Final = re.compile(rf"(?<![0-9])(?:\(?\+\s?\(?|[(\[])?[0-9](?:{_SEP}{{0,3}}[0-9]){{5,{_MAX_DIGITS}}}+(?![0-9])")
_GROUP: Final = re.compile(r"[0-9]+")
_TOKEN: Final = re.compile(r"(?<![^\W_])[0-9oil|]{3,20}(?![^\W_])|(?<=[0-9][ .-])o(?=[ .-]?[0-9])")
_LOOKS: Final = str.maketrans("oil|", "0111")
_BEFORE: Final = r"(?<=[0-9])[\s.,\-]{0,3}"
_AFTER: Final = r"[\s.,\-]{0,3}(?=[0-9])"
_ENOUGH: Final = re.compile(r"(?:[0-9][^0-9]{0,12}+){6}")


def plain(text: str) -> str:
    """The digits of ``text``."""
    return "".join(char for char in text if "0" <= char <= "9")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits with at most three separators between neighbours, and the reading that holds them."""

    reading: Reading
    start: int
    end: int
    groups: tuple[tuple[int, int], ...]
    """Start and end of each unbroken row of digits in the text of the reading."""


@lru_cache(maxsize=1)
def _number_words() -> tuple[re.Pattern[str], dict[str, str]]:
    """A single number word between digits (``0812 three 456``); rows of them are read by ``screener.text``."""
    import msgspec

    from screener.resources import resource_dir
    from screener.text.normalise import fold
    from screener.yamlfile import load

    class NumberWords(msgspec.Struct, frozen=True):
        digits: dict[str, dict[str, str]]

    form, _ = load(resource_dir("lexicons") / "number_words.yaml", NumberWords)
    values: dict[str, str] = {}
    for words in form.digits.values():
        for word, digit in words.items():
            values.setdefault(fold(word).bare, digit)
    names = "|".join(map(re.escape, sorted(values, key=lambda name: (-len(name), name))))
    return re.compile(rf"{_BEFORE}({names}){_AFTER}"), values


def _repaired(base: Reading) -> Reading | None:
    """Read letters that look like digits, and single words between digits, as what they stand for."""
    edits: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(base.text):
        token = match[0]
        digits = sum("0" <= char <= "9" for char in token)
        if token == "o" or (digits < len(token) and digits * 2 >= len(token)):
            edits.append((match.start(), match.end(), token.translate(_LOOKS)))
    edits.extend((m.start(), m.end(), " ") for m in vocabulary().filler.finditer(base.text))
    pattern, values = _number_words()
    bare = base.view.bare if base.starts is None else base.text
    edits.extend((m.start(1), m.end(1), values[m[1]]) for m in pattern.finditer(bare))
    return rewritten(base, edits) if edits else None


def digit_readings(message: Prepared) -> Iterator[Reading]:
    """The folded text, digits written as words, and what is left when disguises are undone."""
    best = Reading(message.folded, message.folded.text)
    yield best
    for view in message.views:
        if view.name == "digits":
            best = Reading(view, view.text, disguised=True)
            yield best
    if _ENOUGH.search(best.text.translate(_LOOKS)) is not None and (repaired := _repaired(best)) is not None:
        yield repaired


def runs(message: Prepared) -> Iterator[Run]:
    """All rows of six digits and more, reading by reading."""
    for reading in digit_readings(message):
        for match in _RUN.finditer(reading.text):
            groups = tuple(group.span() for group in _GROUP.finditer(reading.text, *match.span()))
            yield Run(reading, match.start(), match.end(), groups)
