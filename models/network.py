"""The encoder with its two heads: what the message asserts, and which pieces assert it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from models.dataset import LABELS, OUTPUTS
from screener.detect.acts.encoding import PAD, ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.base import Base

__all__ = ["Classifier", "Output", "from_base", "shallow"]


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: ``message`` (batch, outputs), ``pieces`` (batch, length, labels); ``hidden`` (batch, length, width)."""

    message: Tensor
    pieces: Tensor
    hidden: Tensor


class Classifier(nn.Module):
    """A BERT-type encoder whose token types are the roles of ``encoding.py``.

    The message head attends to the text's pieces once per output, so that a short clause in a long message
    is weighed by itself; the piece head is a linear layer over labels.
    """

    def __init__(self, config: BertConfig, outputs: int = len(OUTPUTS), labels: int = len(LABELS)) -> None:
        super().__init__()
        self.encoder = BertModel(config, add_pooling_layer=False)
        width = config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.query = nn.Parameter(torch.randn(outputs, width) * 0.02)
        self.weight = nn.Parameter(torch.randn(outputs, width) * 0.02)
        self.bias = nn.Parameter(torch.full((outputs,), -3.0))
        self.pieces = nn.Linear(width, labels)
        nn.init.constant_(self.pieces.bias, -3.0)

    def forward(self, ids: Tensor, roles: Tensor, attend: Tensor, text: Tensor) -> Output:
        """``ids``, ``roles``, ``attend`` (not padding) and ``text`` (a piece of the text itself): (batch, length)."""
        hidden = self.encoder(input_ids=ids, token_type_ids=roles, attention_mask=attend).last_hidden_state
        hidden = self.dropout(hidden)
        scores = (hidden @ self.query.T).masked_fill(text.unsqueeze(-1) == 0, -1e4)
        share = torch.softmax(scores, dim=1)
        # weight · (sum of share · hidden) = sum of share · (weight · hidden): no (batch, outputs, width) tensor.
        message = (share * (hidden @ self.weight.T)).sum(dim=1) + self.bias
        return Output(message, self.pieces(hidden), hidden)


def _config(base: Base, vocabulary: int, layers: int) -> BertConfig:
    return BertConfig(
        vocab_size=vocabulary,
        hidden_size=base.hidden,
        num_hidden_layers=layers,
        num_attention_heads=base.heads,
        intermediate_size=base.intermediate,
        max_position_embeddings=base.positions,
        type_vocab_size=ROLES,
        layer_norm_eps=base.epsilon,
        pad_token_id=PAD,
        hidden_act="gelu",
    )


def from_base(base: Base, keep: Sequence[int]) -> Classifier:
    """The full-depth classifier with the base's weights, its embeddings cut to the pieces ``keep``.

    The word embeddings are frozen: most pieces never occur in the training data and must stay in line.
    """
    model = Classifier(_config(base, len(keep), base.layers))
    tensors = dict(base.tensors)
    tensors["embeddings.word_embeddings.weight"] = tensors["embeddings.word_embeddings.weight"][list(keep)]
    types = tensors["embeddings.token_type_embeddings.weight"][:1]
    tensors["embeddings.token_type_embeddings.weight"] = np.repeat(types, ROLES, axis=0)
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in tensors.items()}
    missing, unexpected = model.encoder.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if not name.endswith(("position_ids", "token_type_ids"))]:
        message = f"the base does not fit: missing {missing}, unexpected {unexpected}"
        raise ValueError(message)
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return model


def shallow(teacher: Classifier, layers: Sequence[int]) -> Classifier:
    """A student made of the teacher's embeddings, heads and the given ``layers`` (from 0)."""
    config = BertConfig.from_dict(teacher.encoder.config.to_dict())
    config.num_hidden_layers = len(layers)
    student = Classifier(config)
    wanted = {}
    for name, value in teacher.state_dict().items():
        if not name.startswith("encoder.encoder.layer."):
            wanted[name] = value
            continue
        number, rest = name.removeprefix("encoder.encoder.layer.").split(".", 1)
        if int(number) in layers:
            wanted[f"encoder.encoder.layer.{list(layers).index(int(number))}.{rest}"] = value
    student.load_state_dict(wanted)
    student.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return student
