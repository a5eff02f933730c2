"""Find phone numbers, addresses, links, accounts and handles; rules decide what they mean.

Nothing here judges: a phone number is a candidate, and whether it is an invitation, the courier's number
or the buyer's own is for the lexicons (``lexicons/_common``) to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.detect.contacts.accounts import accounts
from screener.detect.contacts.addresses import addresses
from screener.detect.contacts.digits import digit_readings, enough_digits
from screener.detect.contacts.handles import amounts, handles, words
from screener.detect.contacts.loose import loose_contacts
from screener.detect.contacts.numbers import numbers
from screener.detect.contacts.phones import phones
from screener.detect.contacts.spelt import hinted

if TYPE_CHECKING:
    from screener.detect.candidates import Candidate
    from screener.detect.message import Prepared

__all__ = ["extract", "extract_weak"]


def extract(message: Prepared) -> list[Candidate]:
    """Candidates that may matter on their own: accounts, phones, e-mail addresses and links."""
    text = message.folded.text
    loose = loose_contacts(message)
    if not loose and not message.has_digits and "." not in text and "@" not in text and not hinted(text):
        return []
    found = addresses(message, loose)
    if message.has_digits and enough_digits(message):
        readings = digit_readings(message)
        taken = [(c.start, c.end) for c in found]
        its_accounts = accounts(readings)
        taken += [(c.start, c.end) for c in its_accounts]
        found += its_accounts
        found += [c for c in phones(message, readings) if all(c.end <= s or c.start >= e for s, e in taken)]
    return found


def extract_weak(message: Prepared) -> list[Candidate]:
    """Candidates that mean nothing alone (any word, any number); computed only where a rule may need them."""
    return [*handles(message), *words(message), *numbers(message), *amounts(message)]
