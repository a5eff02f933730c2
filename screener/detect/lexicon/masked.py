"""Names with a letter masked: ``L*NE``, ``テレグ〇ム``, ``wh*ts*pp``.

A mask may stand for any one letter, so only the few names that people mask (messengers, payment services) are
compared, and only around the mask.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MaskedNames", "may_be_masked"]

_MASK: Final = re.compile(r"(?<=[^\W\d_])[*＊○〇◯⭕●◎✕×_#]|[*＊○〇◯⭕●◎✕×_#](?=[^\W\d_])")
_MASKS: Final = frozenset("*＊○〇◯⭕●◎✕×_#")
_MAX_MASKS: Final = 12
_MIN_LITERAL: Final = 2


def may_be_masked(text: str) -> bool:
    """True when a mask stands beside a letter."""
    return _MASK.search(text) is not None


class MaskedNames:
    """Finds masked forms of ``atoms`` (folded, without accents)."""

    def __init__(self, atoms: Iterable[str]) -> None:
        self._atoms = tuple(atoms)

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """(atom, start, end) of every masked name in the folded ``text``.

        At least half of the letters, and two of them, must be there.
        """
        for count, mask in enumerate(_MASK.finditer(text)):
            if count >= _MAX_MASKS:
                return
            for atom in self._atoms:
                for offset in range(len(atom)):
                    start = mask.start() - offset
                    end = start + len(atom)
                    if start >= 0 and end <= len(text) and _agrees(text[start:end], atom):
                        yield atom, start, end


def _agrees(piece: str, atom: str) -> bool:
    literal = 0
    for seen, wanted in zip(piece, atom, strict=True):
        if seen in _MASKS:
            continue
        if seen != wanted:
            return False
        literal += 1
    return literal >= max(_MIN_LITERAL, (len(atom) + 1) // 2)
