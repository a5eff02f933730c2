"""Text with markup as LanguageTool clients send it, and the way back from a place in the text to what was sent."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

import msgspec

__all__ = ["Annotated", "plain", "read_annotation"]


class _Piece(msgspec.Struct):
    text: str | None = None
    markup: str | None = None
    interpretAs: str | None = None  # noqa: N815 - the protocol's word


class _Data(msgspec.Struct):
    annotation: list[_Piece]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of what was sent: code points ``[start, start + length)`` of it, shown as ``shown`` code points."""

    start: int
    length: int
    shown: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Annotated:
    """``sent`` is text and markup as the client counts them, ``text`` what a person reads of it."""

    sent: str
    text: str
    runs: tuple[_Run, ...]
    _begins: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` (code points, not empty) stands in ``sent``; a replaced markup counts whole."""
        first, last = self._run(start), self._run(end - 1)
        begin = self._begins[first]
        from_ = self.runs[first].start + (start - begin if self.runs[first].exact else 0)
        run = self.runs[last]
        to = run.start + (end - self._begins[last] if run.exact else run.length)
        return from_, to

    def _run(self, place: int) -> int:
        # Runs that show nothing begin where the next one does: the last of those that begin there shows something.
        return bisect_right(self._begins, place) - 1


def plain(text: str) -> Annotated:
    """Text without markup."""
    return Annotated(text, text, (_Run(0, len(text), len(text), exact=True),), (0,))


def read_annotation(data: object) -> Annotated:
    """Decoded ``data`` of a request.

    Raises:
        ValueError: when it has not the form ``{"annotation": [{"text"} or {"markup", "interpretAs"?}]}``.

    """
    runs: list[_Run] = []
    sent: list[str] = []
    shown: list[str] = []
    start = 0
    for piece in msgspec.convert(data, _Data).annotation:
        if (piece.text is None) == (piece.markup is None):
            raise ValueError("each piece is either text or markup")
        given = piece.text if piece.text is not None else piece.markup or ""
        read = given if piece.text is not None else piece.interpretAs or ""
        runs.append(_Run(start, len(given), len(read), exact=piece.text is not None))
        start += len(given)
        sent.append(given)
        shown.append(read)
    begins = tuple(accumulate((run.shown for run in runs), initial=0))[:-1]
    return Annotated("".join(sent), "".join(shown), tuple(runs), begins)
