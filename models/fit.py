"""The training loop of teacher and student."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

from models.batches import Batch, Example, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from torch import Tensor

    from models.network import Classifier, Output

__all__ = ["Plan", "device", "fit", "supervised", "taught"]

PIECE_SHARE = 1.0
# Most labels are absent from most messages: what is present weighs more, or the first epochs only learn absence.
# Calibration (calibrate.py) undoes what this does to the probabilities.
MESSAGE_WEIGHT = 5.0
PIECE_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast to train; ``seconds`` ends training early, at the end of an epoch."""

    epochs: int
    rate: float
    batch: int = 32
    warm_up: float = 0.06
    layer_decay: float = 1.0
    seed: int = 20261122


def device() -> torch.device:
    """The GPU when there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _on(batch: Batch, where: torch.device) -> Batch:
    fields = ("ids", "roles", "attend", "text", "message", "pieces", "known", "marked")
    return Batch(*(getattr(batch, field).to(where) for field in fields))


def _mean(loss: Tensor, mask: Tensor) -> Tensor:
    return (loss * mask).sum() / mask.sum().clamp(min=1)


def supervised(out: Output, batch: Batch) -> Tensor:
    """Cross entropy of both heads against the labels, where they are known; pieces only of the text itself."""
    message = functional.binary_cross_entropy_with_logits(out.message, batch.message, reduction="none")
    message = message * (1 + (MESSAGE_WEIGHT - 1) * batch.message)
    pieces = functional.binary_cross_entropy_with_logits(out.pieces, batch.pieces, reduction="none")
    pieces = pieces * (1 + (PIECE_WEIGHT - 1) * batch.pieces)
    known = batch.known[:, : batch.pieces.shape[-1]]
    inside = batch.text.unsqueeze(-1) * known.unsqueeze(1) * batch.marked.reshape(-1, 1, 1)
    # Sums per message rather than means over labels: with 22 labels, most of them absent, a mean is all zeros.
    return _mean(message, batch.known) * 4 + PIECE_SHARE * _mean(pieces, inside) * 4


def taught(teacher: Classifier) -> Callable[[Output, Batch], Tensor]:
    """The loss of a student: the teacher's probabilities and hidden states, and the labels besides."""

    def loss(out: Output, batch: Batch) -> Tensor:
        with torch.no_grad():
            goal = teacher(batch.ids, batch.roles, batch.attend, batch.text)
        inside = batch.text.unsqueeze(-1).expand_as(goal.pieces).float()
        message = functional.binary_cross_entropy_with_logits(out.message, torch.sigmoid(goal.message))
        pieces = functional.binary_cross_entropy_with_logits(
            out.pieces, torch.sigmoid(goal.pieces), weight=inside, reduction="sum"
        ) / inside.sum().clamp(min=1)
        hidden = 1 - functional.cosine_similarity(out.hidden, goal.hidden, dim=-1)
        soft = message * 4 + pieces * 4 + _mean(hidden, batch.attend)
        return soft + 0.3 * supervised(out, batch)

    return loss


def _groups(model: Classifier, plan: Plan) -> list[dict[str, object]]:
    """Parameters with their rates: lower layers move less (``layer_decay`` per layer)."""
    depth = model.encoder.config.num_hidden_layers
    groups: list[dict[str, object]] = []
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        rate = plan.rate
        if name.startswith("encoder.encoder.layer."):
            rate *= plan.layer_decay ** (depth - 1 - int(name.split(".")[3]))
        elif name.startswith("encoder."):
            rate *= plan.layer_decay**depth
        else:
            rate *= 10  # the heads start from nothing
        decay = 0.01 if parameter.ndim > 1 and not name.startswith("encoder.embeddings") else 0.0
        groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    return groups


def fit(
    model: Classifier,
    examples: Callable[[int], Sequence[Example]],
    loss: Callable[[Output, Batch], Tensor],
    plan: Plan,
    *,
    after: Callable[[int, Classifier], None] | None = None,
    checkpoint: Path | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Train ``model`` in place.

    ``examples(epoch)`` gives the examples of an epoch (augmentation differs from one to the next); ``after`` is
    called at the end of each. The rate rises over the first ``warm_up`` of all steps and falls to zero. With a
    ``checkpoint`` file training goes on after the last epoch that was finished.
    """
    where = device()
    model.to(where).train()
    torch.manual_seed(plan.seed)
    steps = plan.epochs * -(-len(examples(0)) // plan.batch)
    optimiser = torch.optim.AdamW(_groups(model, plan))
    rise = max(1, int(steps * plan.warm_up))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / rise, max(0.0, (steps - step) / max(1, steps - rise)))
    )
    first = 0
    if checkpoint is not None and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["epochs"]
    for epoch in range(first, plan.epochs):
        begin = time.monotonic()
        total = count = 0.0
        for batch in batches(examples(epoch), plan.batch, random.Random(plan.seed + epoch)):  # noqa: S311
            moved = _on(batch, where)
            value = loss(model(moved.ids, moved.roles, moved.attend, moved.text), moved)
            value.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            schedule.step()
            total += float(value.detach()) * len(batch.ids)
            count += len(batch.ids)
        say(f"epoch {epoch + 1}/{plan.epochs}: loss {total / max(1, count):.4f}, {time.monotonic() - begin:.0f} s")
        if checkpoint is not None:
            partial = checkpoint.with_suffix(".part")
            parts: dict[str, Any] = {"model": model, "optimiser": optimiser, "schedule": schedule}
            torch.save({"epochs": epoch + 1, **{name: part.state_dict() for name, part in parts.items()}}, partial)
            partial.rename(checkpoint)
        if after is not None:
            after(epoch, model)
            model.train()
