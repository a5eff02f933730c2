"""A text to search and the way back from its offsets to the message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screener.text.normalise import View

__all__ = ["Reading", "rewritten"]


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` and, where it differs from its view, for each character the range of the view it stands for."""

    view: View
    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None
    disguised: bool = False
    """True when somebody went out of the way to hide the digits."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original code points behind ``text[start:end]``, which must not be empty."""
        if self.starts is None or self.ends is None:
            return self.view.span(start, end)
        return self.view.span(self.starts[start], self.ends[end - 1])


def rewritten(base: Reading, edits: Iterable[tuple[int, int, str]], *, disguised: bool = True) -> Reading:
    """``base`` with the ranges of ``edits`` replaced; overlapping later edits are dropped.

    A replacement of the same length keeps the range of each character; of any other, each character
    stands for the whole range.
    """
    text = base.text
    old_starts = base.starts if base.starts is not None else range(len(text))
    old_ends = base.ends if base.ends is not None else range(1, len(text) + 1)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    for start, end, new in sorted(edits):
        if start < position or end <= start:
            continue
        parts += (text[position:start], new)
        starts += old_starts[position:start]
        ends += old_ends[position:start]
        if len(new) == end - start:
            starts += old_starts[start:end]
            ends += old_ends[start:end]
        else:
            starts += [old_starts[start]] * len(new)
            ends += [old_ends[end - 1]] * len(new)
        position = end
    parts.append(text[position:])
    starts += old_starts[position:]
    ends += old_ends[position:]
    return Reading(base.view, "".join(parts), starts, ends, disguised)
