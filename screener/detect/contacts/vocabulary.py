"""The words of ``lexicons/contact_words.yaml`` as bounded patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from screener.resources import resource_dir
from screener.text.normalise import fold, fold_term
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["EDGE", "Vocabulary", "vocabulary"]

EDGE = r"(?<![^\W\d_])"
"""No letter in front."""
_GAP = r"[\s.:#°º()\[\]'，,=>\-]{0,4}"
# Scripts that put no space between words, where a word may touch its neighbours.
_UNSPACED = re.compile("[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class _WordsFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    codes: list[str]
    code_names: list[str]
    links: list[str]
    phone_words: list[str]
    tails: list[str]
    fillers: list[str]
    measures: list[str]
    money: list[str]
    at: list[str]
    dot: list[str]
    slash: list[str]
    plain_at: list[str]
    mail_services: list[str]
    not_names: list[str]
    spelt_endings: list[str]
    weak_endings: dict[str, list[str]]
    spaced_endings: list[str]
    sure_endings: list[str]
    short_hosts: list[str]
    link_words: list[str]
    handle_labels: list[str]
    not_handles: list[str]
    units: list[str]
    models: list[str]
    card_words: list[str]
    pix_words: list[str]
    clabe_words: list[str]
    countries: dict[str, list[str]]
    others: list[str]
    regions: dict[str, list[str]]
    language_endings: dict[str, list[str]]
    word_endings: list[str]
    file_endings: list[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Patterns over folded text; none can take more than linear time, because nothing in them repeats freely."""

    code_before: re.Pattern[str]
    """Matches at the end of the text in front of digits that name an order, a parcel or a model."""
    code_name: re.Pattern[str]
    phone_before: re.Pattern[str]
    """As ``code_before`` for digits to call or to write to."""
    phone_word: re.Pattern[str]
    glued_word: re.Pattern[str]
    """A whole Latin word that may touch the digits of a phone number in front (``wa0812…``)."""
    tails: frozenset[str]
    filler: re.Pattern[str]
    measure_after: re.Pattern[str]
    money_before: re.Pattern[str]
    spelt_at: re.Pattern[str]
    spelt_dot: re.Pattern[str]
    spelt_slash: re.Pattern[str]
    spaced_words: frozenset[str]
    """Words for "dot" and "at" that stand between spaces, and …"""
    unspaced_words: tuple[str, ...]
    """… those that need not."""
    plain_at: frozenset[str]
    mail_services: frozenset[str]
    not_names: frozenset[str]
    spelt_endings: frozenset[str]
    weak_endings: dict[str, frozenset[str]]
    short_hosts: frozenset[str]
    spaced_dot: re.Pattern[str]
    link_word: re.Pattern[str]
    labelled_handle: re.Pattern[str]
    not_handles: frozenset[str]
    no_handle: re.Pattern[str]
    """Numbers with units, sizes and product names."""
    card_word: re.Pattern[str]
    pix_word: re.Pattern[str]
    clabe_word: re.Pattern[str]
    countries: dict[str, tuple[str, ...]]
    regions: dict[str, tuple[str, ...]]
    known: tuple[str, ...]
    """All countries of ``countries`` and ``others``."""
    language_endings: dict[str, frozenset[str]]
    word_endings: frozenset[str]
    file_endings: frozenset[str]


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_term(word) for word in words)


def _any(words: Iterable[str]) -> str:
    folded = sorted(_set(words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, folded)) or r"(?!)"


def _whole(words: Iterable[str]) -> str:
    """Any of the words; those of spaced scripts only where no letter touches them."""
    # People leave accents out: "ma don hang" is "mã đơn hàng".
    words = {form for word in words for form in (fold_term(word), fold(word).bare)}
    unspaced = {word for word in words if _UNSPACED.search(word)}
    return rf"(?:{EDGE}(?:{_any(words - unspaced)})(?![^\W\d_])|{_any(unspaced)})"


def _spelt(words: list[str], sign: str) -> str:
    """A symbol in brackets, or its word standing alone, or (unspaced scripts) its word between Latin letters."""
    return (
        rf"\s?[(\[{{<]\s?(?:{_any(words)}|{re.escape(sign)})\s?[)\]}}>]\s?"
        rf"|\s(?:{_any(words)})\s"
        rf"|(?<=[a-z0-9])\s?(?:{_any(w for w in words if not w.isascii() and _UNSPACED.search(w))}|。)\s?(?=[a-z0-9])"
    )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words that come with the package.

    Raises:
        RuleError: E301 when the file is wrong.

    """
    form, _ = load(resource_dir("lexicons") / "contact_words.yaml", _WordsFile)
    after = rf"{_GAP}(?:(?:{_any(form.links)})(?![a-z]){_GAP}){{0,3}}"
    symbols = _set([*form.dot, *form.at])
    unspaced = {word for word in symbols if _UNSPACED.search(word) or word == "。" or " " in word}
    countries = {name: tuple(codes) for name, codes in form.countries.items()}
    known = dict.fromkeys([code for codes in countries.values() for code in codes] + form.others)
    spaced_endings = _any(form.spaced_endings)
    return Vocabulary(
        code_before=re.compile(rf"{_whole(form.codes)}{after}[a-z]{{0,4}}[\s.:#-]{{0,2}}$"),
        code_name=re.compile(_whole(form.code_names)),
        phone_before=re.compile(rf"{_whole(form.phone_words)}{after}$"),
        phone_word=re.compile(_whole(form.phone_words)),
        glued_word=re.compile(rf"{EDGE}(?:{_any(form.phone_words)})[_./=-]?$"),
        tails=_set(form.tails),
        filler=re.compile(rf"(?<=\d)[\s,.\-]{{0,3}}(?:{_any(form.fillers)})[\s,.\-]{{0,3}}(?=\d)"),
        measure_after=re.compile(rf"\s?(?:{_any(form.measures)})(?![a-zà-ɏ0-9])"),
        money_before=re.compile(rf"{EDGE}(?:{_any(form.money)})\s?[:.=]?\s?$"),
        spelt_at=re.compile(_spelt(form.at, "@") + r"|(?<=[a-z0-9])\s@\s?(?=[a-z])|(?<=[a-z0-9])@\s(?=[a-z])"),
        # A full stop with spaces around is one only in front of an ending that cannot be a word.
        spelt_dot=re.compile(
            _spelt(form.dot, ".")
            + rf"|(?<=[a-z0-9])(?:\s\.\s?(?=(?:{spaced_endings})(?![a-z]))|\.\s(?=(?:{_any(form.sure_endings)})(?![a-z])))"
            + rf"|(?<=[a-z0-9])\s\.\s(?=[a-z0-9-]{{2,40}}\s?\.\s?(?:{spaced_endings})(?![a-z]))"
            + rf"|{_short(form.short_hosts)}\s?\.\s?(?=me(?![a-z]))"
            + r"|(?<=www)\s?\.\s?(?=[a-z0-9])"
        ),
        spelt_slash=re.compile(rf"\s(?:{_any(form.slash)})\s|(?<=[a-z])\s/\s(?=[a-z0-9])"),
        spaced_words=frozenset(symbols - unspaced),
        unspaced_words=tuple(sorted(unspaced)),
        plain_at=_set(form.plain_at),
        mail_services=_set(form.mail_services),
        not_names=_set(form.not_names),
        spelt_endings=_set(form.spelt_endings),
        weak_endings={fold_term(word): _set(endings) for word, endings in form.weak_endings.items()},
        short_hosts=_set(form.short_hosts),
        spaced_dot=re.compile(rf"[a-z0-9](?:\s\.\s?|\.\s)(?:{spaced_endings}|me)(?![a-z])|www\s?\.\s"),
        link_word=re.compile(_whole(form.link_words)),
        labelled_handle=re.compile(
            rf"{_whole(form.handle_labels)}\s?(?:id)?\s?[:=→]\s?(?P<name>@?[a-z0-9][a-z0-9._-]{{2,29}})(?![a-z0-9@])"
        ),
        not_handles=_set(form.not_handles),
        no_handle=re.compile(
            rf"\d[\d.,:x×/*-]{{0,15}}(?:{_any(form.units)})?"
            rf"|(?:{_any(form.models)})[-_.]?\d{{1,5}}(?:\.\d{{1,2}})?[a-z]{{0,5}}"
            r"|[a-z]{1,3}[-.]?\d{1,5}[a-z]{0,2}(?:[-/]\d{1,4}[a-z]{0,2})?"
            r"|[a-z]{0,5}[-_]?\d{9,}[a-z]{0,3}"
            r"|\d{1,4}[-x][a-z]{1,8}(?:-[a-z0-9]{1,8})?"
            r"|\d+(?:st|nd|rd|th|er|em)"
        ),
        card_word=re.compile(_whole(form.card_words)),
        pix_word=re.compile(_whole(form.pix_words)),
        clabe_word=re.compile(_whole(form.clabe_words)),
        countries=countries,
        regions={name: tuple(codes) for name, codes in form.regions.items()},
        known=tuple(known),
        language_endings={name: _set(endings) for name, endings in form.language_endings.items()},
        word_endings=_set(form.word_endings),
        file_endings=_set(form.file_endings),
    )


def _short(hosts: Iterable[str]) -> str:
    """A zero-width test for one of the short hosts in front; look-behinds need a fixed width each."""
    return "(?:" + "|".join(rf"(?<={re.escape(host)})(?<![a-z0-9]{re.escape(host)})" for host in hosts) + ")"
