"""The trained student as one ONNX file: int8 matrix products, int8 embeddings with a scale per row."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

if TYPE_CHECKING:
    from models.network import Classifier

__all__ = ["RowQuantised", "export"]

INPUTS = ("ids", "roles", "attend", "text")
OUTPUTS = ("message", "pieces")


class RowQuantised(nn.Module):
    """An embedding table as int8 with one scale per row: a quarter of the size, 0.4% of a row's range off."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        scale = weight.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("table", torch.round(weight / scale).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Rows of the table, as float32."""
        return self.table[ids].float() * self.scale[ids]  # type: ignore[index]


class _Served(nn.Module):
    """The classifier's forward pass written out, with nothing that an exporter could stumble over."""

    def __init__(self, model: Classifier) -> None:
        super().__init__()
        encoder = model.encoder
        self.words = RowQuantised(encoder.embeddings.word_embeddings.weight.detach())
        self.positions = encoder.embeddings.position_embeddings
        self.types = encoder.embeddings.token_type_embeddings
        self.norm = encoder.embeddings.LayerNorm
        self.layers = encoder.encoder.layer
        self.heads = int(encoder.config.num_attention_heads)
        width = int(encoder.config.hidden_size)
        self.width = width // self.heads
        # One product for the message head's scores and values and for the pieces.
        outputs = model.query.shape[0]
        self.parts = [outputs, outputs, model.pieces.out_features]
        self.out = nn.Linear(width, sum(self.parts))
        with torch.no_grad():
            self.out.weight.copy_(torch.cat([model.query, model.weight, model.pieces.weight]))
            zeros = torch.zeros(2 * outputs)
            self.out.bias.copy_(torch.cat([zeros, model.pieces.bias]))
        self.bias = nn.Parameter(model.bias.detach().clone())

    def forward(self, ids: Tensor, roles: Tensor, attend: Tensor, text: Tensor) -> tuple[Tensor, Tensor]:
        batch, length = ids.shape[0], ids.shape[1]
        at = torch.arange(length, device=ids.device).unsqueeze(0)
        x = self.norm(self.words(ids) + self.types(roles) + self.positions(at))
        hidden_away = (1.0 - attend.float()).reshape(batch, 1, 1, length) * -1e4
        layer: Any
        for layer in self.layers:
            own = layer.attention.self
            q, k, v = (
                part(x).reshape(batch, length, self.heads, self.width).transpose(1, 2)
                for part in (own.query, own.key, own.value)
            )
            weights = torch.softmax(q @ k.transpose(-1, -2) * (self.width**-0.5) + hidden_away, dim=-1)
            mixed = (weights @ v).transpose(1, 2).reshape(batch, length, self.heads * self.width)
            after = layer.attention.output
            x = after.LayerNorm(after.dense(mixed) + x)
            wide = nn.functional.gelu(layer.intermediate.dense(x))
            x = layer.output.LayerNorm(layer.output.dense(wide) + x)
        scores, values, pieces = self.out(x).split(self.parts, dim=-1)
        scores = scores + (1.0 - text.float()).unsqueeze(-1) * -1e4
        message = (torch.softmax(scores, dim=1) * values).sum(dim=1) + self.bias
        return message, pieces


def export(model: Classifier, target: Path, *, quantise: bool = True) -> None:
    """Write ``target``; inputs are int64 (batch, length), outputs are logits."""
    served = _Served(model.eval().cpu()).eval()
    # One tensor each: the exporter would take the same object for one and the same input.
    examples = tuple(torch.ones((2, 7), dtype=torch.int64) for _ in INPUTS)
    shape = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("length", min=2, max=510)}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            served,
            examples,
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_shapes=dict.fromkeys(INPUTS, shape),
            dynamo=True,
            external_data=False,
            opset_version=18,
            verbose=False,
        )
        if quantise:
            # AVX2 without VNNI adds pairs of 8-bit products in 16 bits; seven-bit weights cannot overflow there.
            quantize_dynamic(
                plain,
                target,
                op_types_to_quantize=["MatMul", "Gemm"],
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=True,
            )
        else:
            onnx.save(onnx.load(plain), target)
