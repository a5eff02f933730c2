"""Contacts written loosely: ``wa/me/33…``, ``t me slash name``, ``live:name.x``, ``name☆docomo.ne.jp``.

These are no addresses yet; each form is taken only where its parts leave no other reading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from screener.detect.candidates import Candidate
from screener.detect.contacts.reading import Reading
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.detect.message import Prepared

__all__ = ["loose_contacts"]

_NAME_WINDOW: Final = 42
_NAME_BEFORE: Final = re.compile(r"(?<![\w.%+-])[^\W_][\w.%+-]{1,40}\s?$")
_LATIN_NAME_BEFORE: Final = re.compile(r"(?<![a-z0-9._%+-])[a-z0-9][a-z0-9._%+-]{1,40}\s?$")
_ACCOUNT: Final = re.compile(
    r"(?<![a-z0-9:/])live:(?:\.cid\.[a-f0-9]{8,20}|(?=[a-z0-9._-]{0,30}[0-9._])[a-z][a-z0-9._-]{4,30}[a-z0-9])"
)
_MARKED: Final = re.compile(r"[0-9._]")
_LETTER: Final = re.compile(r"[a-z]")


def _links(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Messenger links with another sign for the dot: ``wa/me/62…``, ``wa,me/62…``, ``t me slash name``."""
    if "me" not in text:
        return
    for match in vocabulary().loose_link.finditer(text):
        path = match["path"].rstrip(".-")
        clear = any(char.isdigit() for char in path) or "_" in path
        if match["dot"].isspace() and not clear and match["sign"].strip() in ("/", "\\"):
            continue  # "for t me / thanks"
        if len(path) > 4:
            yield "contact_link", match.start(), match.start("path") + len(path), f"{match['host']}.me"


def _accounts(text: str) -> Iterator[tuple[str, int, int, str]]:
    if "live:" in text:
        yield from (("contact_link", m.start(), m.end(), m[0]) for m in _ACCOUNT.finditer(text))


def _spoken_mail(text: str) -> Iterator[tuple[str, int, int, str]]:
    """A word for "@" and a mail service behind it, also in the letters of the language."""
    words = vocabulary()
    for match in words.spoken_mail.finditer(text):
        if match["ending"] is None and match["at"].strip() in words.doubtful_at:
            continue
        low = max(0, match.start() - _NAME_WINDOW)
        name = _LATIN_NAME_BEFORE.search(text, low, match.start()) or _NAME_BEFORE.search(text, low, match.start())
        if name is not None and name[0].strip() not in words.not_names:
            yield "email", name.start(), match.end(), match[0]


def _signed_mail(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Another sign in place of "@", or none at all, in front of a well-known mail host."""
    words = vocabulary()
    for match in words.signed_mail.finditer(text):
        name = _LATIN_NAME_BEFORE.search(text, max(0, match.start() - _NAME_WINDOW), match.start())
        if name is None or _LETTER.search(name[0]) is None or len(name[0].strip()) < 3:
            continue
        word = name[0].strip()
        if word in words.not_names:
            continue
        if not match["sign"].strip() and (
            _MARKED.search(word.strip("._")) is None or len(word) < 5 or words.no_handle.fullmatch(word) is not None
        ):
            continue  # "my gmail.com", "iphone15 gmail"
        yield "email", name.start(), match.end(), match[0]


def loose_contacts(message: Prepared) -> list[Candidate]:
    """Candidates ``contact_link`` and ``email`` in the folded text; may overlap those of ``addresses``."""
    reading = Reading(message.folded, message.folded.text)
    text = reading.text
    if len(text) < 8:
        return []
    found: list[Candidate] = []
    finders = [_links, _accounts]
    words = vocabulary()
    if words.mail_hint.search(text) is not None:
        finders += [_spoken_mail, _signed_mail]
    for finder in finders:
        for kind, low, high, value in finder(text):
            start, end = reading.span(low, high)
            found.append(Candidate(kind, start, end, value, reading.view.name))
    return found
