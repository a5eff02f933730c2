"""Rows of digits in a message, also where letters and small words were mixed in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from screener.detect.contacts.reading import Reading, rewritten
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screener.detect.message import Prepared

__all__ = ["Run", "digit_readings", "enough_digits", "plain", "runs"]

_MAX_DIGITS: Final = 40
# What may stand between two digits of one number: any sign but those that make prices, times, lists and addresses.
_SEP: Final = r"(?:[^\w\n,:;%$€£¥₫₱฿₩=#@&<>?!\"+、。]|_|ー)"
_RUN: Final = re.compile(rf"(?<![0-9])(?:\(?\+\s?\(?|[(\[])?[0-9](?:{_SEP}{{0,3}}[0-9]){{5,{_MAX_DIGITS}}}+(?![0-9])")
_GROUP: Final = re.compile(r"[0-9]+")
_TOKEN: Final = re.compile(r"(?<![^\W_])[0-9oil|]{3,20}(?![^\W_])|(?<=[0-9][ .-])o(?=[ .-]?[0-9])")
# Parts of a number with blanks or signs between them: each part may be one letter only.
_ROW: Final = re.compile(
    rf"(?<![a-z0-9\u00df-\u024f])[0-9oil]{{1,11}}+(?:{_SEP}{{1,3}}+[0-9oil]{{1,11}}+){{2,14}}+(?![a-z0-9\u00df-\u024f])"
)
_LOOKS: Final = str.maketrans("oil|", "0111")
_GAP: Final = re.compile(r"[0-9]([^0-9\n]{1,20})(?=[0-9])")
_AROUND: Final = " ,.-_()[]/*~\u2026\u3001\u3002\u2192\u2022\u30fb\u2013\u2014\u2010:;|>"
_ENOUGH: Final = re.compile(r"(?:[0-9][^0-9\n]{0,24}+){6}")
_LEAST: Final = 6
_SHORTEST: Final = 7
_DIGITS: Final = "0123456789"


def plain(text: str) -> str:
    """The digits of ``text``."""
    return "".join(_GROUP.findall(text))


@dataclass(frozen=True, slots=True)
class Run:
    """Digits with at most three separators between neighbours, and the reading that holds them."""

    reading: Reading
    start: int
    end: int
    groups: tuple[tuple[int, int], ...]
    """Start and end of each unbroken row of digits in the text of the reading."""


@lru_cache(maxsize=1)
def _between() -> dict[str, str]:
    """What small words between digits stand for: ``0812 three 456``, ``0812 then 3456``.

    Rows of number words are read by ``screener.text``; here are those that stand alone.
    """
    import msgspec

    from screener.resources import resource_dir
    from screener.text.normalise import fold
    from screener.yamlfile import load

    class NumberWords(msgspec.Struct, frozen=True):
        digits: dict[str, dict[str, str]]

    form, _ = load(resource_dir("lexicons") / "number_words.yaml", NumberWords)
    meanings: dict[str, str] = {}
    for words in form.digits.values():
        for word, digit in words.items():
            meanings.setdefault(fold(word).bare, digit)
            meanings.setdefault(fold(word).text, digit)
    for word in vocabulary().fillers:
        meanings[word] = " "
        meanings[fold(word).bare] = " "
    return meanings


def _meaning(word: str) -> str | None:
    """What stands between two digits as a digit or a blank; ``None`` for other words."""
    known = _between()
    if (found := known.get(word)) is not None:
        return found
    parts = word.replace(",", " ").split()
    return " " if 1 < len(parts) <= 4 and all(known.get(part) == " " for part in parts) else None


@lru_cache(maxsize=1)
def _tens() -> dict[str, str]:
    """Number words above nine ("eighty one")."""
    import screener.text

    path = Path(screener.text.__file__).with_name("number_tens.json")
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["words"]
    return words


def _plus(text: str) -> Iterator[tuple[int, int, str]]:
    """The word for "+" in front of the code of a country: ``plus eighty one 90 …``."""
    for match in vocabulary().plus_number.finditer(text):
        code = match["code"]
        if not code.isdigit():
            code = _tens().get(code, "")
        if code:
            yield match.start(), match.end(), "+" + code


def _repaired(base: Reading) -> Reading | None:
    """Read letters that look like digits, and small words between digits, as what they stand for."""
    text = base.text
    edits: list[tuple[int, int, str]] = []
    for match in _TOKEN.finditer(text):
        found = match[0]
        if found.isdigit():
            continue
        digits = len(plain(found))
        if found == "o" or (digits < len(found) and digits * 2 >= len(found)):
            edits.append((match.start(), match.end(), found.translate(_LOOKS)))
    for match in _ROW.finditer(text):
        found = match[0]
        digits = len(plain(found))
        letters = sum(map(found.count, "oil"))
        if letters and digits + letters >= _SHORTEST and letters <= digits:
            edits.append((match.start(), match.end(), found.translate(_LOOKS)))
    edits.extend(_plus(text))
    for match in _GAP.finditer(text):
        word = match[1].strip(_AROUND)
        if word and (new := _meaning(word)) is not None:
            low = match.start(1) + match[1].index(word)
            edits.append((match.start(1), match.end(1), " ") if new == " " else (low, low + len(word), new))
    return rewritten(base, edits) if edits else None


def enough_digits(message: Prepared) -> bool:
    """True when some view has digits for a phone number or an account, a quick look before the rest."""
    for view in message.views:
        if view.name in ("folded", "digits"):
            text = view.text
            if sum(map(text.count, _DIGITS)) >= _LEAST and _ENOUGH.search(text) is not None:
                return True
    return False


def digit_readings(message: Prepared) -> list[Reading]:
    """The folded text, digits written as words, and what is left when disguises are undone."""
    found = [Reading(message.folded, message.folded.text)]
    found.extend(Reading(view, view.text, disguised=True) for view in message.views if view.name == "digits")
    if (repaired := _repaired(found[-1])) is not None:
        found.append(repaired)
    return found


def runs(readings: Sequence[Reading]) -> Iterator[Run]:
    """All rows of six digits and more, reading by reading."""
    for reading in readings:
        for match in _RUN.finditer(reading.text):
            groups = tuple(group.span() for group in _GROUP.finditer(reading.text, *match.span()))
            yield Run(reading, match.start(), match.end(), groups)
