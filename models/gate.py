"""Fit the gate: a linear model that tells messages in which the classifier finds something from all others.

It learns from the classifier's own answers, on far more messages than are labelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from screener.detect.acts.encoding import SPEAKERS, pieces
from screener.detect.acts.gate import PAIRS, SHORTEST, Gate, features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from tokenizers import Tokenizer

    from models.dataset import Item

__all__ = ["fit_gate", "limit_for", "save"]

EPOCHS = 60
UNSEEN = 2.0
"""Weight of a piece that no training message holds."""
_ALLOWED_LOSS = 0.005
_MARGIN = 1.0
"""The dev split has a handful of some labels: the limit stays so far below what it allows."""


def fit_gate(tokenizer: Tokenizer, items: Sequence[tuple[Item, bool]], seed: int = 5) -> Gate:
    """Weights from items and whether something is found in each; the limit is still open."""
    rows = [
        (pieces(tokenizer, item.text).ids, SPEAKERS.index(item.speaker), float(found))
        for item, found in items
        if item.text.strip()
    ]
    size = tokenizer.get_vocab_size()
    generator = torch.Generator().manual_seed(seed)
    flat = [np.concatenate([np.array(ids), size + features(np.array(ids))]) for ids, _, _ in rows]
    offsets = torch.tensor(np.concatenate([[0], np.cumsum([len(f) for f in flat])[:-1]]))
    numbers = torch.from_numpy(np.concatenate(flat))
    scale = torch.tensor([max(1, len(ids)) ** -0.5 for ids, _, _ in rows])
    who = torch.tensor([speaker for _, speaker, _ in rows])
    wanted = torch.tensor([label for _, _, label in rows])
    weights = torch.zeros((size + PAIRS, 1)).normal_(0, 1e-3, generator=generator).requires_grad_(True)
    speakers = torch.zeros(len(SPEAKERS), requires_grad=True)
    optimiser = torch.optim.Adam([weights, speakers], lr=0.05)
    for _ in range(EPOCHS):
        optimiser.zero_grad()
        bags = functional.embedding_bag(numbers, weights, offsets, mode="sum")[:, 0]
        loss = functional.binary_cross_entropy_with_logits(bags * scale + speakers[who], wanted)
        (loss + 2e-5 * (weights**2).sum()).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    learnt = weights.detach().numpy()[:, 0].copy()
    unseen = np.ones(size, dtype=bool)
    unseen[np.concatenate([np.array(ids, dtype=np.int64) for ids, _, _ in rows])] = False
    # What was never seen proves nothing: it speaks for reading the message.
    learnt[:size][unseen] = UNSEEN
    return Gate(learnt[:size], learnt[size:], speakers.detach().numpy(), -np.inf)


def limit_for(gate: Gate, tokenizer: Tokenizer, found: Sequence[tuple[Item, AbstractSet[str]]]) -> float:
    """A margin below the highest limit at which no label loses more than half a percent of what is ``found``.

    Messages in which a rule spoke are not to be among them: they are always read.
    """
    scores: dict[str, list[float]] = {}
    for item, labels in found:
        ids = pieces(tokenizer, item.text).ids
        safe = bool(item.context) and len(ids) < SHORTEST
        score = np.inf if safe else gate.score(ids, item.speaker)
        for label in labels:
            scores.setdefault(label, []).append(score)
    limits = [sorted(values)[int(_ALLOWED_LOSS * len(values))] for values in scores.values()]
    return float(min(limits)) - _MARGIN


def save(gate: Gate, limit: float, path: Path) -> None:
    """Write ``gate.npz``, weights as half precision."""
    halves = {"pieces": gate.pieces.astype(np.float16), "pairs": gate.pairs.astype(np.float16)}
    np.savez_compressed(path, **halves, speakers=gate.speakers, limit=np.float32(limit))  # type: ignore[arg-type]
