"""What the words around digits say about them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from screener.detect.contacts.vocabulary import vocabulary

__all__ = ["is_called", "is_code", "looks_like_something_else", "near", "role"]

_CODE_WINDOW: Final = 40
_WORD_WINDOW: Final = 45
_AFTER_WINDOW: Final = 25
_NAME_AFTER: Final = 16
_SIGN: Final = 6

_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-/. ]{1,2}[01]?\d[-/. ]{1,2}[0-3]?\d|[0-3]?\d[-/. ]{1,2}[0-3]?\d[-/. ]{1,2}(?:19|20)?\d\d)"
    r"(?:[ -]{1,3}[0-2]?\d(?:[.: ]?[0-5]\d){0,2})?"
)
_COMPACT_DATE = re.compile(
    r"20[12]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[- ]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}[.,]\d{1,2}|[1-9]\d{0,2}(?: 000){1,3}")
_DECIMAL = re.compile(r"(?:0|[1-9]\d{0,2})\.\d{4,10}")
_TIMES = re.compile(r"[0-2]?\d[.]?[0-5]\d\s?[-~]\s?[0-2]?\d[.]?[0-5]\d")
_YEARS = re.compile(r"(?:19|20)\d\d(?:\s?[-/ ~]\s?(?:19|20)\d\d){1,3}")
_SLASHES = re.compile(r"\d{1,3}(?:/\d{1,3}){2,}")
_NUMBERS = re.compile(r"\d+")
_DECIMALS = re.compile(r"\d+\.\d{1,2}|\d+")


def _steps(raw: str) -> bool:
    """True for a row such as sizes: ``36-37-38-39-40``, ``100 200 300``."""
    for pattern in (_NUMBERS, _DECIMALS):
        found = [round(float(number) * 100) for number in pattern.findall(raw)]
        if len(found) < 3 or max(found) < 1000:
            continue
        step = found[1] - found[0]
        if step != 0 and all(b - a == step for a, b in pairwise(found)):
            return True
        if all(a and b == 2 * a for a, b in pairwise(found)):  # memory sizes
            return True
    return False


def is_code(text: str, start: int) -> bool:
    """True when the words in front of ``start`` say that an order, parcel or model number follows."""
    return vocabulary().code_before.search(text, max(0, start - _CODE_WINDOW), start) is not None


def is_called(text: str, start: int) -> bool:
    """True when the words right in front of ``start`` say that a number to call or write to follows."""
    return vocabulary().phone_before.search(text, max(0, start - _CODE_WINDOW), start) is not None


def near(pattern: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """True when ``pattern`` is found shortly before ``start`` or after ``end``."""
    return (
        pattern.search(text, max(0, start - _WORD_WINDOW), start) is not None
        or pattern.search(text, end, end + _AFTER_WINDOW) is not None
    )


def _distance(pattern: re.Pattern[str], text: str, start: int, end: int, after: int) -> int | None:
    last = None
    for match in pattern.finditer(text, max(0, start - _WORD_WINDOW), start):
        last = match
    before = start - last.end() if last is not None else None
    behind = pattern.search(text, end, end + after)
    distance = behind.start() - end if behind is not None else None
    return min((d for d in (before, distance) if d is not None), default=None)


def role(text: str, start: int, end: int) -> str:
    """``call`` when words nearby say so, ``code`` when the number of an order is spoken of, else nothing."""
    words = vocabulary()
    called = _distance(words.phone_word, text, start, end, _AFTER_WINDOW)
    code = _distance(words.code_name, text, start, end, _NAME_AFTER)
    if code is not None and (called is None or code < called):
        return "code"
    return "call" if called is not None else ""


def looks_like_something_else(raw: str, text: str, start: int, end: int) -> bool:
    """True for dates, times, prices, sizes, coordinates and measures."""
    raw = raw.strip("()[] ")
    if (
        _DATE.fullmatch(raw)
        or _COMPACT_DATE.fullmatch(raw)
        or _GROUPED.fullmatch(raw)
        or _DECIMAL.fullmatch(raw)
        or _TIMES.fullmatch(raw)
        or _YEARS.fullmatch(raw)
        or _SLASHES.fullmatch(raw)
        or _steps(raw)
    ):
        return True
    words = vocabulary()
    if words.measure_after.match(text, end) is not None:
        return True
    return words.money_before.search(text, max(0, start - _SIGN), start) is not None
