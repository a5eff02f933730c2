"""Weak candidates: handles, single words, amounts. They matter only beside a messenger or an offer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate

if TYPE_CHECKING:
    from screener.detect.message import Prepared

__all__ = ["amounts", "handles", "words"]

# "@name", or a token that mixes letters with digits, "_" or "." as account names do.
_HANDLE = re.compile(
    r"(?<![a-z0-9@._%+-])(?:@[a-z0-9][a-z0-9._]{1,29}|(?=[a-z0-9._-]{0,29}[0-9_])(?=[a-z0-9._-]{0,29}[a-z])[a-z0-9][a-z0-9._-]{2,29})(?![a-z0-9@])"
)
_WORD = re.compile(r"(?<![a-z0-9@._-])[a-z][a-z0-9._-]{2,29}(?![a-z0-9@])")
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
        if view.name == "leet":
            continue
        for match in pattern.finditer(view.text):
            start, end = view.span(*match.span())
            found.setdefault((start, end), Candidate(kind, start, end, match.group(), view.name))
    return list(found.values())


def handles(message: Prepared) -> list[Candidate]:
    """Account names such as ``@toko.maju`` or ``lily_shop88``."""
    return _find(message, _HANDLE, "handle")


def words(message: Prepared) -> list[Candidate]:
    """Latin words of three letters and more: an account name without digits looks like any word."""
    return _find(message, _WORD, "word")


def amounts(message: Prepared) -> list[Candidate]:
    """Sums of money and percentages."""
    if not message.has_digits:
        return []
    return _find(message, _AMOUNT, "amount")
