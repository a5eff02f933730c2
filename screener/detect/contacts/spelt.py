"""Addresses with their signs written as words: ``shop dot example dot com``, ``name（at）mail点com``.

The words are everyday words too, so each is read as a sign only where its neighbours make an address:
"um ponto com defeito" (a dot with a fault) and "vải chấm bi" (polka dots) stay prose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from screener.detect.contacts.reading import Reading, rewritten
from screener.detect.contacts.vocabulary import vocabulary

if TYPE_CHECKING:
    from screener.detect.message import Prepared

__all__ = ["hinted", "spelt_out"]

_NAME_BEFORE: Final = re.compile(r"[a-z0-9](?:[a-z0-9._%+-]{0,40})$")
_LABEL_AFTER: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,40})")
_CLAUSE_END: Final = re.compile(r"\s*(?:$|[^\w\s@]|\n)")
_SHORTEST: Final = 5  # "ab点cn"; below, the word lists need not be loaded
_WORD_WINDOW: Final = 40


class _Mark(NamedTuple):
    start: int
    end: int
    symbol: str
    word: str
    """The word or sign as written."""
    certain: bool
    """In brackets, where nobody writes prose."""


def hinted(text: str) -> bool:
    """Whether there can be a spelt-out sign at all; a quick look."""
    if len(text) < _SHORTEST:
        return False
    words = vocabulary()
    if "(" in text or "[" in text or "{" in text:
        return True
    if text.isascii():
        spaced, phrases = words.ascii_words
    else:
        spaced, phrases = words.spaced_words, words.phrases
        if words.unspaced_words.search(text) is not None:
            return True
    if any(phrase in text for phrase in phrases):
        return True
    if "@ " in text or " @" in text:
        return True
    if "." in text and words.spaced_dot.search(text) is not None:
        return True
    tokens = text.split()
    if spaced.isdisjoint(tokens):
        return False
    signs = spaced.intersection(tokens)
    return not signs <= words.plain_at or any(service in text for service in words.mail_services)


def _marks(text: str) -> list[_Mark]:
    words = vocabulary()
    found: list[_Mark] = []
    for pattern, symbol in ((words.spelt_at, "@"), (words.spelt_dot, "."), (words.spelt_slash, "/")):
        for match in pattern.finditer(text):
            inner = match[0].strip()
            certain = inner[:1] in ("(", "[", "{", "<")
            found.append(_Mark(match.start(), match.end(), symbol, inner.strip("()[]{}<> "), certain))
    found.sort()
    return found


def _name_before(text: str, mark: _Mark) -> str:
    match = _NAME_BEFORE.search(text, max(0, mark.start - _WORD_WINDOW), mark.start)
    return match[0] if match else ""


def _is_at(text: str, mark: _Mark, marks: list[_Mark]) -> bool:
    words = vocabulary()
    name = _name_before(text, mark)
    label = _LABEL_AFTER.match(text, mark.end)
    if not name or label is None:
        return False
    if mark.certain:
        return True
    if name in words.not_names:
        return False
    host = label[0].rstrip("-")
    if host in words.mail_services:
        return True
    if mark.word == "@" and not text[mark.end - 1].isspace():
        return False  # "thanks @user": a mention
    if mark.word in words.plain_at:
        return any(other.symbol == "." and other.word != "." and other.start == label.end() for other in marks)
    return True


def _is_dot(message: Prepared, text: str, mark: _Mark, marks: list[_Mark]) -> bool:
    words = vocabulary()
    name = _name_before(text, mark)
    label = _LABEL_AFTER.match(text, mark.end)
    if not name or label is None:
        return False
    behind = any(
        other.end <= mark.start and other.end >= mark.start - len(name) for other in marks if other is not mark
    )
    if name in words.not_names and not mark.certain and not behind:
        return False
    chained = any(other.symbol == "." and other is not mark and label.end() == other.start for other in marks)
    if chained or (text[label.end() : label.end() + 1] == "." and text[label.end() + 1 : label.end() + 2].isalnum()):
        return True
    ending = label[0]
    if mark.certain:
        return True
    slash = any(other.symbol == "/" and other.start == label.end() for other in marks) or text[label.end() :][:1] == "/"
    if name in words.short_hosts and ending == "me":
        return True
    if ending not in words.spelt_endings or len(name) < 2:
        return False
    weak = words.weak_endings.get(mark.word, words.weak_endings.get("*", frozenset()))
    if mark.word == "." and any(ending in words.language_endings.get(code, ()) for code in message.languages.codes):
        weak = weak | {ending}
    if ending not in weak or behind or slash:
        return True
    if any(char.isdigit() or char == "-" for char in name):
        return True
    if _CLAUSE_END.match(text, label.end()) is not None:
        return len(name) > 3
    return (
        words.link_word.search(text, max(0, mark.start - len(name) - _WORD_WINDOW), mark.start - len(name)) is not None
    )


def spelt_out(message: Prepared) -> Reading | None:
    """The folded text with spelt-out signs written as signs, or ``None`` when it has none."""
    view = message.folded
    text = view.text
    if not hinted(text):
        return None
    marks = _marks(text)[:200]
    edits = []
    for mark in marks:
        holds = (
            _is_at(text, mark, marks)
            if mark.symbol == "@"
            else _is_dot(message, text, mark, marks)
            if mark.symbol == "."
            else True
        )
        if holds:
            edits.append((mark.start, mark.end, mark.symbol))
    if not any(symbol != "/" for *_, symbol in edits) and "." not in text:
        return None
    return rewritten(Reading(view, text), edits) if edits else None
