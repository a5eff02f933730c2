"""The words of ``lexicons/contact_words.yaml`` as bounded patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from screener.resources import resource_dir
from screener.text.normalise import fold_term
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Vocabulary", "vocabulary"]


class _WordsFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    codes: list[str]
    links: list[str]
    measures: list[str]
    money: list[str]
    at: list[str]
    dot: list[str]
    slash: list[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Patterns over folded text; none can take more than linear time, because nothing in them repeats freely."""

    code_before: re.Pattern[str]
    """Matches at the end of the text in front of digits that name an order, a parcel or a model."""
    measure_after: re.Pattern[str]
    money_before: re.Pattern[str]
    spelt_at: re.Pattern[str]
    spelt_dot: re.Pattern[str]
    spelt_slash: re.Pattern[str]
    symbols: re.Pattern[str]
    """Any sign or word of an address: a quick look before the rest."""


def _any(words: Iterable[str]) -> str:
    folded = sorted({fold_term(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, folded))


def _spelt(words: list[str], sign: str) -> str:
    """A symbol in brackets, or its word standing alone, or (Chinese) its word between Latin letters."""
    return (
        rf"\s?[(\[{{<]\s?(?:{_any(words)}|{re.escape(sign)})\s?[)\]}}>]\s?"
        rf"|\s(?:{_any(words)})\s"
        rf"|(?<=[a-z0-9])(?:{_any(w for w in words if not w.isascii())})(?=[a-z0-9])"
    )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that come with the package.

    Raises:
        RuleError: E301 when the file is wrong.
    """
    form, _ = load(resource_dir("lexicons") / "contact_words.yaml", _WordsFile)
    edge = r"(?<![^\W\d_])"
    gap = r"[\s.:#°º()\[\]-]{0,4}"
    return Vocabulary(
        re.compile(
            rf"(?:{edge}(?:{_any(form.codes)})){gap}(?:(?:{_any(form.links)}){gap}){{0,2}}[a-z]{{0,4}}[\s.:#-]{{0,2}}$"
        ),
        re.compile(rf"\s?(?:{_any(form.measures)})(?![a-zà-ɏ0-9])"),
        re.compile(rf"(?:{_any(form.money)})\s?$"),
        re.compile(_spelt(form.at, "@")),
        # A full stop with spaces around is one only in front of an ending that cannot be a word.
        re.compile(_spelt(form.dot, ".") + r"|(?<=[a-z0-9])\s?\.\s?(?=(?:com|net|org|shop|store)(?![a-z]))"),
        re.compile(rf"\s(?:{_any(form.slash)})\s"),
        re.compile(rf"[.@]|{_any([*form.at, *form.dot])}"),
    )
