"""Phone numbers, payment accounts and bare numbers.

``phonenumbers`` decides whether digits can be a phone number of the message's region or of the countries
where its languages are spoken; ``python-stdnum`` checks account and card numbers. What stands inside
longer codes, dates, prices or measures is left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.detect.message import Prepared
    from screener.text.normalise import View

__all__ = ["accounts", "numbers", "phones"]

_MIN_DIGITS: Final = 7
_MAX_DIGITS: Final = 15  # ITU-T E.164
# Digits with at most two separators between neighbours; bounded, so linear.
_DIGITS = re.compile(r"(?<![0-9a-z_.,/#=-])\+?\(?\d(?:[ ().\-/*]{0,2}\d){4,23}(?![0-9_])")
_NUMBER = re.compile(r"(?<![0-9.,:/-])\d{4,20}(?![0-9]|[.,:/-]\d)")
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])")
_CARD = re.compile(r"(?<![0-9a-z.-])\d(?:[ -]?\d){12,18}(?![0-9-])")
_WALLET = re.compile(r"(?<![a-z0-9])(?:0x[a-f0-9]{40}|bc1[a-z0-9]{25,59}|t[a-z0-9]{33})(?![a-z0-9])")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d[-/. ]{1,2}[01]?\d[-/. ]{1,2}[0-3]?\d|[0-3]?\d[-/. ]{1,2}[0-3]?\d[-/. ]{1,2}(?:19|20)?\d\d)"
    r"(?:[ -]{1,2}[0-2]?\d(?:[.: ]?[0-5]\d){0,2})?"
)
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}[.,]\d{1,2}")
_CODE_WINDOW: Final = 40

# Where a language's speakers are likely to have their phone.
_COUNTRIES: Final[dict[str, tuple[str, ...]]] = {
    "zh": ("CN", "TW", "HK"), "en": ("US", "GB"), "id": ("ID",), "ms": ("MY", "SG"), "vi": ("VN",),
    "th": ("TH",), "tl": ("PH",), "es": ("ES", "MX"), "pt": ("BR", "PT"), "de": ("DE",), "fr": ("FR",),
    "it": ("IT",), "ar": ("SA", "AE", "EG"), "ja": ("JP",), "ko": ("KR",),
}  # fmt: skip
_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "UK": ("GB",), "EU": ("DE", "FR", "IT", "ES", "IE"), "SEA": ("ID", "MY", "TH", "VN", "PH", "SG"),
    "GCC": ("SA", "AE"), "LATAM": ("MX", "BR"),
}  # fmt: skip


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _countries(message: Prepared) -> tuple[str, ...]:
    region = (message.region or "").upper()
    own = _GROUPS.get(region, (region,) if len(region) == 2 else ())
    spoken = [country for language in message.languages.codes for country in _COUNTRIES.get(language, ())]
    return tuple(dict.fromkeys([*own, *spoken]))


@lru_cache(maxsize=8192)
def _valid(digits: str, country: str | None) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


def _is_phone(raw: str, digits: str, countries: tuple[str, ...]) -> bool:
    if raw.startswith("+") or digits.startswith("00"):
        return _valid("+" + digits.lstrip("0"), None)
    # People leave out "+" before the country's code and "0" before the rest.
    return any(_valid(digits, country) for country in countries) or any(
        _valid("+" + digits, None) and digits.startswith(str(_code(country))) for country in countries
    )


@lru_cache(maxsize=256)
def _code(country: str) -> int:
    import phonenumbers

    return int(phonenumbers.country_code_for_region(country))


def _is_code(text: str, start: int) -> bool:
    """True when the words in front of ``start`` say that an order, parcel or model number follows."""
    return vocabulary().code_before.search(text, max(0, start - _CODE_WINDOW), start) is not None


def _looks_like_something_else(raw: str, text: str, start: int, end: int) -> bool:
    """True for dates, prices, measures and codes."""
    words = vocabulary()
    if _DATE.fullmatch(raw) or _GROUPED.fullmatch(raw) or words.measure_after.match(text, end):
        return True
    return words.money_before.search(text, max(0, start - 5), start) is not None or _is_code(text, start)


def _runs(message: Prepared) -> Iterator[tuple[View, re.Match[str]]]:
    for view in message.views:
        if view.name in ("folded", "digits", "squeezed"):
            for match in _DIGITS.finditer(view.text):
                yield view, match


def phones(message: Prepared) -> list[Candidate]:
    """Phone numbers that are valid where the message comes from; ``value`` holds the digits."""
    found: dict[tuple[int, int], Candidate] = {}
    for view, match in _runs(message):
        raw, digits = match.group(), _plain(match.group())
        if not _MIN_DIGITS <= len(digits) <= _MAX_DIGITS or len(set(digits)) == 1:
            continue
        if _looks_like_something_else(raw, view.text, match.start(), match.end()):
            continue
        if _is_phone(raw, digits, _countries(message)):
            start, end = view.span(*match.span())
            found.setdefault((start, end), Candidate("phone", start, end, digits, view.name))
    return _outermost(found)


def _outermost(found: dict[tuple[int, int], Candidate]) -> list[Candidate]:
    kept: list[Candidate] = []
    for candidate in sorted(found.values(), key=lambda c: (c.start, -c.end)):
        if not kept or candidate.start >= kept[-1].end:
            kept.append(candidate)
    return kept


def accounts(message: Prepared) -> list[Candidate]:
    """Payment accounts: ``account`` (IBAN, crypto wallet) and ``card`` (card number with a right check digit)."""
    from stdnum import iban, luhn

    found: dict[tuple[int, int], Candidate] = {}
    view = message.folded
    checks = (
        (_IBAN, "account", lambda raw: iban.is_valid(raw.upper())),
        (_WALLET, "account", lambda raw: any(c.isdigit() for c in raw)),
        (
            _CARD,
            "card",
            lambda raw: raw[0] in "3456" and len(set(_plain(raw))) > 3 and luhn.is_valid(_plain(raw)),
        ),
    )
    for pattern, kind, holds in checks:
        for match in pattern.finditer(view.text):
            if not holds(match.group()) or (kind == "card" and _is_code(view.text, match.start())):
                continue
            start, end = view.span(*match.span())
            found.setdefault((start, end), Candidate(kind, start, end, match.group(), view.name))
    return _outermost(found)


def numbers(message: Prepared) -> list[Candidate]:
    """Bare numbers of four to twenty digits that are no price, date, measure or code."""
    if not message.has_digits:
        return []
    found: dict[tuple[int, int], Candidate] = {}
    for view in message.views:
        if view.name not in ("folded", "digits", "squeezed"):
            continue
        for match in [*_NUMBER.finditer(view.text), *_DIGITS.finditer(view.text)]:
            if _looks_like_something_else(match.group(), view.text, match.start(), match.end()):
                continue
            start, end = view.span(*match.span())
            found.setdefault((start, end), Candidate("number", start, end, _plain(match.group()), view.name))
    return _outermost(found)
