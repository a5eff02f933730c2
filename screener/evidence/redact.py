"""A shareable copy of messages: private things replaced, the chain untouched."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec

from screener.detect.contacts import extract
from screener.detect.message import Prepared
from screener.evidence.chain import PRIVATE
from screener.records import Speaker
from screener.resources import resource_dir
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from screener.records import Message

__all__ = ["Profile", "Redacted", "redact"]


class Profile(StrEnum):
    """What a redaction takes out."""

    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    ACCOUNT = "account"
    ADDRESS = "address"
    NAMES = "names"
    """Senders' names, wherever they stand; the shop and the buyer become ``[seller]`` and ``[buyer]``."""


_KINDS: Final[dict[str, Profile]] = {
    "phone": Profile.PHONE,
    "email": Profile.EMAIL,
    "link": Profile.LINK,
    "contact_link": Profile.LINK,
    "handle": Profile.ACCOUNT,
    "account": Profile.ACCOUNT,
    "card": Profile.ACCOUNT,
}
_AROUND: Final = 40
"""An address is taken out with so many characters on either side of its word, within its line."""


class _Words(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    words: list[str]
    parts: list[str]


@cache
def _address() -> re.Pattern[str]:
    """Words of addresses (``lexicons/address_words.yaml``): ``words`` stand alone, ``parts`` inside other letters."""
    form, _ = load(resource_dir("lexicons") / "address_words.yaml", _Words)
    words = "|".join(re.escape(word) for word in sorted(form.words, key=len, reverse=True))
    parts = "|".join(re.escape(part) for part in sorted(form.parts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)|(?:{parts})", re.IGNORECASE)


def _addresses(text: str) -> list[tuple[int, int]]:
    """Stretches around a word of an address that hold a number too."""
    found = []
    for match in _address().finditer(text):
        start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - _AROUND)
        stop = text.find("\n", match.end())
        end = min(len(text) if stop < 0 else stop, match.end() + _AROUND)
        if any(character.isdigit() for character in text[start:end]):
            found.append((start, end))
    return found


def _spans(text: str, profiles: Collection[Profile], names: Iterable[str]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for candidate in extract(Prepared(text)):
        profile = _KINDS.get(candidate.kind)
        if profile is not None and profile in profiles:
            found.append((candidate.start, candidate.end, profile.value))
    if Profile.ADDRESS in profiles:
        found += [(start, end, "address") for start, end in _addresses(text)]
    if Profile.NAMES in profiles:
        for name in names:
            at = text.find(name)
            while at >= 0:
                found.append((at, at + len(name), "name"))
                at = text.find(name, at + len(name))
    return sorted(found, key=lambda span: (span[0], -span[1]))


@dataclass(frozen=True, slots=True)
class Redacted:
    """A message with private things replaced.

    ``changed`` are the fields (``chain.PRIVATE``) in which that changed something, ``cuts`` the places in the
    original text: start, end and length of what stands there now.
    """

    message: Message
    changed: frozenset[str]
    cuts: tuple[tuple[int, int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the original text lies now, widened to whole replacements."""
        shift_start = shift_end = 0
        new_start, new_end = start, end
        for a, b, length in self.cuts:
            if b <= start:
                shift_start += length - (b - a)
            elif a < start:
                new_start = a
            if b <= end:
                shift_end += length - (b - a)
            elif a < end:
                new_end, shift_end = a, shift_end + length
        return new_start + shift_start, new_end + shift_end


def _replaced(text: str, profiles: Collection[Profile], names: Iterable[str]) -> tuple[str, list[tuple[int, int, int]]]:
    parts: list[str] = []
    cuts: list[tuple[int, int, int]] = []
    done = 0
    for start, end, what in _spans(text, profiles, names):
        if end <= done:
            continue
        begin = max(start, done)
        mark = f"[{what}]" if start >= done else ""
        parts += [text[done:begin], mark]
        cuts.append((begin, end, len(mark)))
        done = end
    parts.append(text[done:])
    return "".join(parts), cuts


def redact(messages: Sequence[Message], profiles: Collection[Profile]) -> list[Redacted]:
    """Each message with what the ``profiles`` name replaced, in the same order."""
    names = sorted({m.sender for m in messages if m.sender and len(m.sender) > 1}, key=len, reverse=True)
    made: list[Redacted] = []
    for message in messages:
        text, cuts = _replaced(message.text, profiles, names)
        translation = None if message.translation is None else _replaced(message.translation, profiles, names)[0]
        sender = message.sender
        if Profile.NAMES in profiles and sender:
            sender = f"[{message.speaker.value if message.speaker is not Speaker.UNKNOWN else 'sender'}]"
        after = replace(message, text=text, translation=translation, sender=sender)
        changed = frozenset(name for name in PRIVATE if getattr(message, name) != getattr(after, name))
        made.append(Redacted(after, changed, tuple(cuts)))
    return made
