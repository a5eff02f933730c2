"""Weak candidates: handles, single words, amounts. They matter only beside a messenger or an offer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate, without_overlaps
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from screener.detect.message import Prepared

__all__ = ["amounts", "handles", "words"]

_MENTION = re.compile(r"(?<![a-z0-9@._%+-])@(?P<name>[a-z0-9_][a-z0-9._]{1,29})(?![a-z0-9@])")
# A token that mixes letters with digits, "_" or "." as account names do.
_TOKEN = re.compile(
    r"(?<![a-z0-9@._%+/-])(?=[a-z0-9._-]{0,29}[0-9_])(?=[a-z0-9._-]{0,29}[a-z])(?P<name>[a-z0-9][a-z0-9._-]{3,28}[a-z0-9_])(?![a-z0-9@/%])"
)
_WORD = re.compile(r"(?<![a-z0-9@._-])[a-z][a-z0-9._-]{2,29}(?![a-z0-9@])")
# As forums write a member's name.
_MEMBER = re.compile(r"(?<![a-z0-9/._-])u/(?P<name>[a-z0-9_-]{3,20})(?![a-z0-9/])")
_LETTERS: Final = re.compile(r"[a-z]")
_CURRENCY: Final = (
    r"\$|us\$|usd|€|eur|euros?|£|gbp|pounds?|rp\.?|idr|rm|myr|฿|thb|baht|บาท|₫|đ|vnd|vnđ|dong|đồng|₱|php|pesos?|sgd|s\$|sar|riyals?|ريال|aed|dirhams?|درهم|جنيه|egp|mxn|r\$|brl|"
    r"reais|¥|￥|jpy|yen|円|cny|rmb|元|块|塊|刀|円|원|won|krw|twd|nt\$?|hkd|hk\$|bucks?"
)
_AMOUNT = re.compile(
    rf"(?:(?<![a-z])(?:{_CURRENCY})\s?\d[\d.,]{{0,14}}(?:\s?(?:k|rb|ribu|jt|juta|tr|triệu|nghìn|ngàn|mil))?(?![a-z])"
    rf"|\d[\d.,]{{0,14}}\s?(?:{_CURRENCY}|k|rb|ribu|jt|juta|tr|triệu|nghìn|ngàn)(?![a-z0-9])"
    rf"|\d{{1,3}}(?:[.,]\d)?\s?(?:%|percent|persen|phần trăm|por ?ciento|prozent|折|割))"
)


def _find(message: Prepared, pattern: re.Pattern[str], kind: str) -> list[Candidate]:
    found: dict[tuple[int, int], Candidate] = {}
    for view in message.views:
        if "leet" in view.name:
            continue
        for match in pattern.finditer(view.text):
            start, end = view.span(*match.span())
            found.setdefault((start, end), Candidate(kind, start, end, match.group(), view.name))
    return list(found.values())


def _is_name(name: str, *, marked: bool) -> bool:
    """False for numbers with units, sizes, product names and words that address somebody."""
    words = vocabulary()
    name = name.rstrip("._")
    if _LETTERS.search(name) is None or name in words.not_handles:
        return False
    if marked:
        return words.no_handle.fullmatch(name) is None or not (name[0].isdigit() or len(name) < 4)
    return words.no_handle.fullmatch(name) is None


def handles(message: Prepared) -> list[Candidate]:
    """Account names such as ``@toko.maju``, ``lily_shop88`` or, behind the name of an app, ``ig: lily``."""
    found: dict[tuple[int, int], Candidate] = {}
    labelled = vocabulary().labelled_handle
    for view in message.views:
        if "leet" in view.name or view.name == "digits":
            continue
        text = view.text
        patterns: list[tuple[re.Pattern[str], bool]] = []
        if "@" in text:
            patterns.append((_MENTION, True))
        if "u/" in text:
            patterns.append((_MEMBER, True))
        if message.has_digits or "_" in text:
            patterns.append((_TOKEN, False))
        if ":" in text or "=" in text or "→" in text:
            patterns.append((labelled, True))
        for pattern, marked in patterns:
            for match in pattern.finditer(text):
                name = match["name"].removeprefix("@")
                if not _is_name(name, marked=marked):
                    continue
                low = match.start("name") - {_MENTION: 1, _MEMBER: 2}.get(pattern, 0)
                high = match.end("name") - (len(match["name"]) - len(match["name"].rstrip(".-")))
                start, end = view.span(low, high)
                found.setdefault((start, end), Candidate("handle", start, end, name, view.name))
    return without_overlaps(found.values())


def words(message: Prepared) -> list[Candidate]:
    """Latin words of three letters and more: an account name without digits looks like any word."""
    return _find(message, _WORD, "word")


def amounts(message: Prepared) -> list[Candidate]:
    """Sums of money and percentages."""
    if not message.has_digits:
        return []
    return _find(message, _AMOUNT, "amount")
