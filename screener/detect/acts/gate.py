"""The first stage: most chat asserts nothing and risks nothing, and need not be read by the encoder.

A linear model over the pieces of a message and their neighbours. It only clears: what it does not clear is read.
Its limit was chosen so that it clears next to nothing that the encoder would find (``models/CARD.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from screener.detect.acts.encoding import SPEAKERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["PAIRS", "SHORTEST", "Gate", "features"]

PAIRS: Final = 1 << 16
SHORTEST: Final = 4
"""Shorter answers mean what the question before them makes them mean; with context they are always read."""


def features(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of the neighbouring pairs of pieces, hashed to ``PAIRS`` places."""
    return (ids[:-1] * 1_000_003 + ids[1:] * 7_919) % PAIRS


@dataclass(frozen=True, slots=True)
class Gate:
    """Weights of pieces, of pairs and of speakers (by ``SPEAKERS``), and the score under which a message is cleared."""

    pieces: NDArray[np.float32]
    pairs: NDArray[np.float32]
    speakers: NDArray[np.float32]
    limit: float

    @classmethod
    def load(cls, path: Path) -> Gate:
        """Read a ``gate.npz``."""
        with np.load(path, allow_pickle=False) as arrays:
            pieces, pairs = (arrays[name].astype(np.float32) for name in ("pieces", "pairs"))
            return cls(pieces, pairs, arrays["speakers"].astype(np.float32), float(arrays["limit"]))

    def score(self, ids: Sequence[int], speaker: str) -> float:
        """Log odds, roughly, that the message carries any label."""
        numbers = np.asarray(ids, dtype=np.int64)
        if not len(numbers):
            return -np.inf
        total = self.pieces[numbers].sum() + self.pairs[features(numbers)].sum()
        return float(total / np.sqrt(len(numbers)) + self.speakers[SPEAKERS.index(speaker)])

    def clears(self, ids: Sequence[int], speaker: str, *, context: bool) -> bool:
        """True when the message need not be read."""
        if context and len(ids) < SHORTEST:
            return False
        return self.score(ids, speaker) < self.limit
