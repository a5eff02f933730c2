"""Payment accounts and card numbers; ``python-stdnum`` checks their check digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.context import is_code, near
from screener.detect.contacts.digits import plain
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screener.detect.contacts.reading import Reading

__all__ = ["accounts"]

_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?(?![a-z0-9])")
_CARD = re.compile(r"(?<![0-9a-z._-])\d(?:[ .\-]{0,2}\d){12,18}+(?![0-9a-z_-]|[ .\-]\d)")
_WALLET = re.compile(
    r"(?<![a-z0-9])(?:0x[a-f0-9]{40}|bc1[a-z0-9]{25,59}|[t13][a-z0-9]{25,33}|ltc1[a-z0-9]{25,59})(?![a-z0-9])"
)
_CLABE = re.compile(r"(?<![0-9a-z._-])\d(?:[ -]?\d){17}(?![0-9a-z_-])")
_TAX = re.compile(r"(?<![0-9a-z_.-])(?:\d{3}\.?\d{3}\.?\d{3}-?\d{2}|\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2})(?![0-9a-z_-])")
_KEY = re.compile(r"(?<![0-9a-z_-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z_-])")
# First digits of the large schemes and their lengths (ISO/IEC 7812 issuer ranges as the schemes publish them).
_SCHEMES = re.compile(
    r"4\d{12}(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|35\d{14}|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}"
    r"|62\d{14,17}"
)
_CLABE_WEIGHTS: Final = (3, 7, 1)
_DISTINCT: Final = 2
_TAX_DIGITS: Final = 11


def _is_iban(raw: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(raw.upper()))


def _is_wallet(raw: str) -> bool:
    """Lengths and alphabet only for the newer forms; folding has lost the capitals that base58 checks need."""
    if raw.startswith("0x"):
        return len(set(raw)) > 8
    return sum(char.isdigit() for char in raw) > 2 and sum(char.isalpha() for char in raw) > 8


def _is_clabe(raw: str) -> bool:
    """Mexican account number: the last digit checks the others (Banco de México, weights 3-7-1)."""
    digits = [int(char) for char in plain(raw)]
    total = sum(digit * _CLABE_WEIGHTS[i % 3] % 10 for i, digit in enumerate(digits[:17]))
    return (10 - total % 10) % 10 == digits[17]


def _is_tax_number(raw: str) -> bool:
    from stdnum.br import cnpj, cpf

    digits = plain(raw)
    return bool(cpf.is_valid(digits) if len(digits) == 11 else cnpj.is_valid(digits))


def _is_card(text: str, match: re.Match[str]) -> bool:
    digits = plain(match[0])
    if _SCHEMES.fullmatch(digits) is None or len(set(digits)) < _DISTINCT:
        return False
    from stdnum import luhn

    if not luhn.is_valid(digits) or is_code(text, match.start()):
        return False
    words = vocabulary()
    if near(words.card_word, text, match.start(), match.end()):
        return True
    # Every tenth order number has a right check digit too.
    return len(digits) in (15, 16) and words.code_name.search(text, max(0, match.start() - 45), match.start()) is None


def _found(reading: Reading) -> Iterator[tuple[str, re.Match[str]]]:
    text = reading.text
    words = vocabulary()
    if not reading.disguised:
        yield from (("account", m) for m in _IBAN.finditer(text) if _is_iban(m[0]))
        yield from (("account", m) for m in _WALLET.finditer(text) if _is_wallet(m[0]))
        if text.count("-") > 3:
            yield from (("account", m) for m in _KEY.finditer(text) if near(words.pix_word, text, *m.span()))
    if sum(map(text.count, "0123456789")) < _TAX_DIGITS:
        return
    for match in _TAX.finditer(text):
        if near(words.pix_word, text, *match.span()) and _is_tax_number(match[0]):
            yield "account", match
    for match in _CLABE.finditer(text):
        if near(words.clabe_word, text, *match.span()) and not is_code(text, match.start()) and _is_clabe(match[0]):
            yield "account", match
    yield from (("card", m) for m in _CARD.finditer(text) if _is_card(text, m))


def accounts(readings: Sequence[Reading]) -> list[Candidate]:
    """Payment accounts: ``account`` (IBAN, CLABE, Pix key, crypto wallet) and ``card`` (right check digit)."""
    kept: list[Candidate] = []
    for reading in readings:
        for kind, match in _found(reading):
            start, end = reading.span(*match.span())
            if all(end <= other.start or start >= other.end for other in kept):
                kept.append(Candidate(kind, start, end, match[0], reading.view.name))
    return kept
