"""From logits to decisions: probabilities, thresholds and span limits, fitted on the dev split alone.

A few hundred messages a label cannot carry many free numbers, so what labels share is fitted together: the slope per
group (statements, risks), and per label an offset and the weight of a rule, both drawn towards the group's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from models.dataset import MANNERS
from models.measure import span_f1
from screener.detect.acts.artefact import Decision
from screener.detect.acts.combine import probability
from screener.records import STATEMENTS, Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.dataset import Item
    from screener.detect.acts.classifier import Reading

__all__ = ["Observed", "calibration_error", "fit_decisions"]

# What is called sure must be likelier than not by far more than the luck of the rarest label's few messages.
GRID = np.round(np.arange(0.40, 0.96, 0.02), 2)
# A wrong `no_defect` costs a seller more than a missed one, a wrong risk annoys: both lean to precision. The other
# statements mostly speak against the seller, or end a statement: missing them flatters.
BETA = {"no_defect": 0.5, "statements": 1.0, "risks": 0.8, "manners": 0.5}
_POOLED = 0.35
_PULL = 2.0
_UNSURE = 0.55
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Observed:
    """A message with what the encoder read, which labels rules spoke of, and whether the gate clears it."""

    item: Item
    reading: Reading
    ruled: frozenset[str]
    cleared: bool = False


def _group(label: str) -> str:
    if label in MANNERS:
        return "manners"
    return "statements" if Label(label) in STATEMENTS else "risks"


def _fit(
    logits: NDArray[np.float32], rules: NDArray[np.float32], wanted: NDArray[np.float32]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Slope of one group, and by label the weight of a rule and the offset; arguments are (messages, labels)."""
    z, r, y = (torch.from_numpy(a).double() for a in (logits, rules, wanted))
    slope = torch.zeros((), dtype=torch.double, requires_grad=True)
    weight = torch.zeros((), dtype=torch.double, requires_grad=True)
    common = torch.zeros((), dtype=torch.double, requires_grad=True)
    own = torch.zeros(z.shape[1], dtype=torch.double, requires_grad=True)
    own_weight = torch.zeros(z.shape[1], dtype=torch.double, requires_grad=True)
    free = [slope, weight, common, own, own_weight]
    optimiser = torch.optim.LBFGS(free, max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        score = torch.exp(slope) * z + functional.softplus(weight + own_weight) * r + common + own
        loss = functional.binary_cross_entropy_with_logits(score, y, reduction="sum")
        loss = loss + _PULL * ((own**2).sum() + (own_weight**2).sum())
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    with torch.no_grad():
        weights = functional.softplus(weight + own_weight).numpy().copy()
        return float(torch.exp(slope)), weights, (common + own).numpy().copy()


def _counts(p: NDArray[np.float64], y: NDArray[np.float32]) -> NDArray[np.float64]:
    """True and false positives and false negatives at each threshold of the grid: (grid, 3)."""
    found = p[:, None] >= GRID[None, :]
    truth = y[:, None] > 0
    return np.stack([(found & truth).sum(0), (found & ~truth).sum(0), (~found & truth).sum(0)], axis=1).astype(float)


def _best(counts: NDArray[np.float64], beta: float) -> float:
    tp, fp, fn = counts.T
    weight = beta * beta
    score = (1 + weight) * tp / np.maximum(1e-9, (1 + weight) * tp + weight * fn + fp)
    # Of a plateau its middle: the edges are the luck of single messages.
    top = np.flatnonzero(score >= score.max() - 1e-9)
    return float(GRID[top[len(top) // 2]])


def fit_decisions(observed: Sequence[Observed], labels: Sequence[str]) -> dict[str, Decision]:
    """A decision for each label or manner; ``labels`` are what the encoder answers, in its order."""
    logits = np.stack([o.reading.logits for o in observed])
    rules = np.array([[label in o.ruled for label in labels] for o in observed], dtype=np.float32)
    wanted = np.array([[label in o.item.outputs for label in labels] for o in observed], dtype=np.float32)
    made: dict[str, Decision] = {}
    for group in sorted({_group(label) for label in labels}):
        columns = [i for i, label in enumerate(labels) if _group(label) == group]
        slope, weights, offsets = _fit(logits[:, columns], rules[:, columns], wanted[:, columns])
        p = 1 / (1 + np.exp(-(slope * logits[:, columns] + weights * rules[:, columns] + offsets)))
        counts = [_counts(p[:, k], wanted[:, i]) for k, i in enumerate(columns)]
        pooled = np.sum(counts, axis=0) / len(columns)
        for k, i in enumerate(columns):
            sure = _best(counts[k] + _POOLED * pooled, BETA.get(labels[i], BETA[group]))
            made[labels[i]] = Decision(
                round(slope, 4),
                round(float(weights[k]), 4),
                round(float(offsets[k]), 4),
                sure,
                round(max(_LEAST, sure * _UNSURE), 3),
            )
    limits = _pieces(observed, labels)
    return {
        label: Decision(d.slope, d.rule, d.bias, d.sure, d.unsure, limits.get(_group(label), 0.0))
        for label, d in made.items()
    }


def _pieces(observed: Sequence[Observed], labels: Sequence[str]) -> dict[str, float]:
    """Per group the piece logit that gives the best spans."""
    best: dict[str, float] = {}
    for group in ("statements", "risks"):
        scores = {}
        for limit in np.arange(-3.0, 1.6, 0.5):
            overlaps = []
            for o in observed:
                for label in o.item.labels:
                    if _group(label) != group:
                        continue
                    spans = [(m.start, m.end) for m in o.item.marks if m.label == label]
                    found = o.reading.span(o.item.text, labels.index(label), float(limit))
                    overlaps.append(span_f1(found, spans, o.item.text))
            scores[float(limit)] = float(np.mean(overlaps))
        best[group] = max(scores, key=lambda limit: scores[limit])
    return best


def calibration_error(
    observed: Sequence[Observed], labels: Sequence[str], decisions: dict[str, Decision], bins: int = 10
) -> float:
    """Expected calibration error over all labels: mean distance of confidence and hit rate, by bins of equal width.

    Pairs under 1% probability are left out: they are almost all pairs, and would hide everything else.
    """
    pairs = [
        (probability(decisions[label], float(o.reading.logits[i]), label in o.ruled), label in o.item.labels)
        for o in observed
        for i, label in enumerate(labels)
    ]
    p = np.array([a for a, _ in pairs])
    y = np.array([b for _, b in pairs], dtype=float)
    keep = p >= 0.01
    p, y = p[keep], y[keep]
    which = np.minimum((p * bins).astype(int), bins - 1)
    total = 0.0
    for number in range(bins):
        inside = which == number
        if inside.any():
            total += inside.sum() * abs(p[inside].mean() - y[inside].mean())
    return float(total / max(1, len(p)))
