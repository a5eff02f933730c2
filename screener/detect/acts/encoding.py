"""Text to the encoder's numbers, the same in training and at run time.

A sequence is ``<s> text </s>`` and then, newest first, up to three earlier messages, each closed by ``</s>``. Who
speaks, and whether a piece belongs to the text or to its context, is a role number per piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.records import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Encoding, Tokenizer

__all__ = [
    "BOS",
    "CONTEXT_CHARACTERS",
    "CONTEXT_MESSAGES",
    "EOS",
    "PAD",
    "ROLES",
    "SPEAKERS",
    "Window",
    "pieces",
    "printable",
    "windows",
]

BOS, PAD, EOS = 0, 1, 2
SPEAKERS = (Speaker.BUYER.value, Speaker.SELLER.value, Speaker.PLATFORM.value, Speaker.UNKNOWN.value)
ROLES = 2 * len(SPEAKERS)
TEXT_PIECES = 96
OVERLAP = 32
CONTEXT_MESSAGES = 3
CONTEXT_EACH = 16
CONTEXT_PIECES = 24
CONTEXT_CHARACTERS = 12 * CONTEXT_EACH
"""Of an earlier message so many of its last characters are read at most, before they are cut into pieces."""


@dataclass(frozen=True, slots=True)
class Window:
    """One sequence: piece and role numbers, and for each piece of the text its ``[start, end)`` code points.

    The text's pieces are ``ids[1 : 1 + len(offsets)]``.
    """

    ids: tuple[int, ...]
    roles: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]


def printable(text: str) -> str:
    """``text`` with each lone surrogate as U+FFFD, as long as before: a tokenizer only takes valid Unicode."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _role(speaker: str, *, context: bool) -> int:
    return SPEAKERS.index(speaker) + (len(SPEAKERS) if context else 0)


def pieces(tokenizer: Tokenizer, text: str) -> Encoding:
    """The pieces of a text (``ids``) with their ``offsets`` in code points."""
    return tokenizer.encode(printable(text), add_special_tokens=False)


def windows(
    tokenizer: Tokenizer, encoded: Encoding, speaker: str, context: Sequence[tuple[str, str]] = ()
) -> list[Window]:
    """The sequences for one message; more than one when it is longer than ``TEXT_PIECES`` pieces.

    ``encoded`` is what :func:`pieces` made of the text. ``context`` is (speaker, text), oldest first. Of each message
    the last ``CONTEXT_EACH`` pieces count, because questions stand at the end, and ``CONTEXT_PIECES`` in all, newest
    first: an encoder's time grows with each.
    """
    after_ids: list[int] = []
    after_roles: list[int] = []
    left = CONTEXT_PIECES
    for who, said in reversed(context[-CONTEXT_MESSAGES:]):
        ids = pieces(tokenizer, said[-CONTEXT_CHARACTERS:]).ids
        ids = ids[-min(CONTEXT_EACH, left) :]
        after_ids += [*ids, EOS]
        after_roles += [_role(who, context=True)] * (len(ids) + 1)
        left -= len(ids)
        if left <= 0:
            break
    ids, offsets = encoded.ids, encoded.offsets
    role = _role(speaker, context=False)
    made: list[Window] = []
    start = 0
    while True:
        stop = min(len(ids), start + TEXT_PIECES)
        made.append(
            Window(
                (BOS, *ids[start:stop], EOS, *after_ids),
                (*[role] * (stop - start + 2), *after_roles),
                tuple(offsets[start:stop]),
            )
        )
        if stop == len(ids):
            return made
        start = stop - OVERLAP
