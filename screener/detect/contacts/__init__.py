"""Find phone numbers, addresses, links, accounts and handles; rules decide what they mean.

Nothing here judges: a phone number is a candidate, and whether it is an invitation, the courier's number
or the buyer's own is for the lexicons (``lexicons/_common``) to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from screener.detect.contacts.accounts import accounts
from screener.detect.contacts.addresses import addresses
from screener.detect.contacts.handles import amounts, handles, words
from screener.detect.contacts.numbers import numbers
from screener.detect.contacts.phones import phones

if TYPE_CHECKING:
    from screener.detect.candidates import Candidate
    from screener.detect.message import Prepared

__all__ = ["extract", "extract_weak"]

# Six digits in some view, however far apart, are the least that an account or a phone number has.
_SOME_DIGITS = re.compile(r"(?:[0-9oil|][^0-9oil|]{0,24}+){6}")


def extract(message: Prepared) -> list[Candidate]:
    """Candidates that may matter on their own: accounts, phones, e-mail addresses and links."""
    found = addresses(message)
    if message.has_digits and any(_SOME_DIGITS.search(view.text) is not None for view in message.views):
        taken = [(c.start, c.end) for c in found]
        its_accounts = accounts(message)
        taken += [(c.start, c.end) for c in its_accounts]
        found += its_accounts
        found += [c for c in phones(message) if all(c.end <= s or c.start >= e for s, e in taken)]
    return found


def extract_weak(message: Prepared) -> list[Candidate]:
    """Candidates that mean nothing alone (any word, any number); computed only where a rule may need them."""
    return [*handles(message), *words(message), *numbers(message), *amounts(message)]
