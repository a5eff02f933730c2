"""What the base encoder alone can do: nearest prototypes, and a linear head on its frozen output.

Both learn from the train split and choose a threshold a label on the dev split, as the classifier does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from models.calibrate import GRID
from models.dataset import LABELS
from screener.detect.acts.encoding import pieces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from models.dataset import Item
    from models.measure import Prediction
    from models.network import Classifier

__all__ = ["embed", "frozen_head", "prototypes"]

_LONGEST = 128


def embed(model: Classifier, tokenizer: Tokenizer, items: Sequence[Item]) -> NDArray[np.float32]:
    """Mean-pooled, normalised output of the base encoder: (messages, width). ``model`` must be untrained."""
    made = np.zeros((len(items), model.encoder.config.hidden_size), dtype=np.float32)
    ids = [pieces(tokenizer, f"query: {item.text}").ids[:_LONGEST] for item in items]
    order = sorted(range(len(items)), key=lambda i: len(ids[i]))
    model.eval()
    for start in range(0, len(order), 32):
        chunk = order[start : start + 32]
        length = max(1, *(len(ids[i]) for i in chunk))
        batch = torch.ones((len(chunk), length), dtype=torch.long)
        attend = torch.zeros((len(chunk), length), dtype=torch.long)
        for row, i in enumerate(chunk):
            batch[row, : len(ids[i])] = torch.tensor(ids[i], dtype=torch.long)
            attend[row, : len(ids[i])] = 1
        with torch.no_grad():
            hidden = model.encoder(input_ids=batch, attention_mask=attend).last_hidden_state
        mask = attend.unsqueeze(-1)
        pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1)
        made[chunk] = functional.normalize(pooled, dim=-1).numpy()
    return made


def _wanted(items: Sequence[Item]) -> NDArray[np.float32]:
    return np.array([[label in item.labels for label in LABELS] for item in items], dtype=np.float32)


def _thresholds(scores: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float32]:
    """Per label the threshold with the best F1."""
    best = np.ones(scores.shape[1], dtype=np.float32)
    for column in range(scores.shape[1]):
        grid = np.unique(np.quantile(scores[:, column], [*GRID.tolist(), 0.97, 0.98, 0.99, 0.995]))
        found = scores[:, column][:, None] >= grid[None, :]
        truth = wanted[:, column][:, None] > 0
        f1 = 2 * (found & truth).sum(0) / np.maximum(1, found.sum(0) + truth.sum(0))
        best[column] = grid[int(np.argmax(f1))]
    return best


def _predict(items: Sequence[Item], scores: NDArray[np.float32], limits: NDArray[np.float32]) -> list[Prediction]:
    return [
        {LABELS[j]: (0, len(item.text)) for j in np.flatnonzero(row >= limits)}
        for item, row in zip(items, scores, strict=True)
    ]


Split = tuple["Sequence[Item]", "NDArray[np.float32]"]


def prototypes(train: Split, dev: Split, test: Split) -> list[Prediction]:
    """A label is found when a message lies nearer to the mean of its messages than to that of all others."""
    wanted = _wanted(train[0])
    middles = []
    for column in range(wanted.shape[1]):
        inside = wanted[:, column] > 0
        middles.append(train[1][inside].mean(0) - train[1][~inside].mean(0))
    matrix = np.stack(middles, axis=1)
    limits = _thresholds(dev[1] @ matrix, _wanted(dev[0]))
    return _predict(test[0], test[1] @ matrix, limits)


def frozen_head(train: Split, dev: Split, test: Split, *, steps: int = 400) -> list[Prediction]:
    """Logistic regression on the frozen encoder's output."""
    torch.manual_seed(1)
    x, y = torch.from_numpy(train[1]), torch.from_numpy(_wanted(train[0]))
    head = torch.nn.Linear(x.shape[1], y.shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), lr=0.05, weight_decay=1e-4)
    for _ in range(steps):
        optimiser.zero_grad()
        loss = functional.binary_cross_entropy_with_logits(head(x), y)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    with torch.no_grad():
        on_dev, on_test = (head(torch.from_numpy(part[1])).numpy() for part in (dev, test))
    return _predict(test[0], on_test, _thresholds(on_dev, _wanted(dev[0])))
