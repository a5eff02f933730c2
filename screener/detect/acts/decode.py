"""The encoder's logits to probabilities and spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["best_run", "sigmoid", "span_of"]

_TRIM = " \t\r\n,.!?;:…~。，！？；：、،؛؟\"'“”‘’«»()（）-–—"


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logistic function without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def best_run(scores: NDArray[np.float32]) -> tuple[int, int]:
    """The contiguous ``[start, end)`` with the greatest sum; the single best piece when all are negative.

    >>> best_run(np.array([-1, 2, -0.5, 3, -4], dtype=np.float32))
    (1, 4)
    """
    best = start = 0
    end = 1
    highest = -np.inf
    running = 0.0
    for index, score in enumerate(scores.tolist()):
        if running <= 0:
            running, best = 0.0, index
        running += score
        if running > highest:
            highest, start, end = running, best, index + 1
    return start, end


def span_of(text: str, offsets: Sequence[tuple[int, int]], scores: NDArray[np.float32]) -> tuple[int, int]:
    """The span (code points) that a label's piece ``scores`` (logits above their threshold are positive) point at.

    Whole words: a span never begins or ends inside a run of letters or digits of an alphabet; white space and
    punctuation at its ends are cut off.
    """
    if not offsets:
        return 0, len(text)
    first, last = best_run(scores[: len(offsets)])
    start, end = offsets[first][0], offsets[last - 1][1]
    while start > 0 and _joined(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and end > start and _joined(text[end - 1], text[end]):
        end += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    while start < end and text[start] in _TRIM:
        start += 1
    return (start, end) if start < end else (offsets[first][0], offsets[last - 1][1])


def _joined(left: str, right: str) -> bool:
    """True when two characters stand in one word of a script that puts blanks between words."""
    return left.isalnum() and right.isalnum() and left < "\u0e00" and right < "\u0e00"
