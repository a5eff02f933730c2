"""Where a term may begin and end, by script.

Chinese, Japanese and Thai write no word boundaries; Korean and Arabic attach particles; elsewhere no
letter may touch a hit. A change of script (``加wa聊``) or from letter to digit (``wa0812``) is an edge.
"""

from __future__ import annotations

from typing import Final

__all__ = ["edges_hold"]

_OTHER, _LATIN, _ARABIC, _HANGUL, _THAI, _CJK, _DIGIT = range(7)
# Proclitics and pronouns that Arabic writes attached to the word (after folding of hamza and ta marbuta).
_ARABIC_BEFORE: Final = frozenset(
    [
        "و",
        "ف",
        "ب",
        "ك",
        "ل",
        "ال",
        "وال",
        "بال",
        "فال",
        "كال",
        "لل",
        "ولل",
        "ول",
        "وب",
        "فل",
        "ع",
        "عال",
        "ه",
        "هال",
        "م",
        "مال",
        "ح",
        "س",
        "ت",
        "ي",
        "ن",
        "ا",
    ]
)
_ARABIC_AFTER: Final = frozenset(
    ["ي", "ك", "ه", "ها", "نا", "كم", "هم", "ني", "ات", "ين", "وا", "ه", "و", "ا", "ش", "ون", "كي", "كو"]
)
_THAI_MARKS: Final = frozenset("ะัาำิีึืฺุูๅ็่้๊๋์ํ๎")


def _classify(char: str) -> int:
    if char.isascii():
        if char.isalpha():
            return _LATIN
        return _DIGIT if char.isdigit() else _OTHER
    code = ord(char)
    if code < 0x590:
        return _LATIN if char.isalpha() else _OTHER
    if 0x600 <= code <= 0x6FF:
        return _ARABIC if char.isalpha() else _OTHER
    if 0xE00 <= code <= 0xE7F:
        return _THAI
    if 0xAC00 <= code <= 0xD7A3:
        return _HANGUL
    if 0x1E00 <= code <= 0x1FFF:
        return _LATIN
    return _CJK if char.isalpha() else _OTHER


class _Kinds(dict[str, int]):
    """Kinds of characters, remembered: a look-up costs a tenth of the tests."""

    def __missing__(self, char: str) -> int:
        kind = _classify(char)
        if len(self) < 20_000:
            self[char] = kind
        return kind


_KINDS: Final = _Kinds()


def _run(text: str, position: int, step: int, limit: int) -> str:
    """Up to ``limit`` Arabic letters from ``position`` on in direction ``step``; longer runs give "?"."""
    letters = []
    while 0 <= position < len(text) and _KINDS[text[position]] == _ARABIC:
        letters.append(text[position])
        if len(letters) > limit:
            return "?"
        position += step
    return "".join(letters if step > 0 else reversed(letters))


def _left_holds(text: str, start: int, mode: str) -> bool:
    kind = _KINDS[text[start]]
    before = _KINDS[text[start - 1]]
    if kind == _ARABIC and before == _ARABIC and mode == "auto":
        return _run(text, start - 1, -1, 3) in _ARABIC_BEFORE
    if kind == _THAI:
        return text[start] not in _THAI_MARKS
    return before != kind or kind in (_CJK, _OTHER)


def _right_holds(text: str, end: int, mode: str) -> bool:
    kind = _KINDS[text[end - 1]]
    after = _KINDS[text[end]]
    if kind == _THAI:
        return text[end] not in _THAI_MARKS
    if kind == _ARABIC and after == _ARABIC and mode == "auto":
        return _run(text, end, 1, 2) in _ARABIC_AFTER
    if kind == _HANGUL and mode == "auto":
        return True
    return after != kind or kind in (_CJK, _OTHER)


def edges_hold(text: str, start: int, end: int, boundary: str) -> bool:
    """True when ``text[start:end]`` may be a term of its own under the ``boundary`` rule.

    ``part`` demands nothing but whole Thai clusters; ``prefix`` looks only at the left edge, ``suffix`` only at the
    right, ``word`` and ``auto`` at both. Where no boundaries are written (Chinese), ``word`` asks a word segmenter.
    """
    if boundary == "word" and _KINDS[text[start]] == _CJK and _KINDS[text[end - 1]] == _CJK:
        from screener.text.words import stands_alone

        return stands_alone(text, start, end)
    if boundary == "part":
        return not (end < len(text) and text[end] in _THAI_MARKS)
    if boundary != "suffix" and start and not _left_holds(text, start, boundary):
        return False
    return boundary == "prefix" or end >= len(text) or _right_holds(text, end, boundary)
