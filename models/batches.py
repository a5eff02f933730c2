"""Labelled messages to padded tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from models.dataset import LABELS, MANNERS, OUTPUTS
from screener.detect.acts.encoding import PAD, pieces, windows

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from tokenizers import Tokenizer
    from torch import Tensor

    from models.dataset import Item

__all__ = ["Batch", "Example", "batches", "collate", "example"]

_INDEX = {name: i for i, name in enumerate(OUTPUTS)}


@dataclass(frozen=True, slots=True)
class Example:
    """One sequence with its targets.

    ``labels`` are numbers of ``OUTPUTS``, ``spans`` (label, first piece, end). ``known`` tells the outputs that its
    source speaks of at all, ``marked`` whether it tells places.
    """

    ids: tuple[int, ...]
    roles: tuple[int, ...]
    pieces: int
    labels: frozenset[int]
    spans: tuple[tuple[int, int, int], ...]
    known: frozenset[int] | None = None
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step: see ``network.Classifier.forward``; targets and their masks besides."""

    ids: Tensor
    roles: Tensor
    attend: Tensor
    text: Tensor
    message: Tensor
    pieces: Tensor
    known: Tensor
    marked: Tensor


def example(tokenizer: Tokenizer, item: Item, known: frozenset[str] | None = None, *, marked: bool = True) -> Example:
    """The first window of a message; training messages are shorter than a window."""
    window = windows(tokenizer, pieces(tokenizer, item.text), item.speaker, item.context)[0]
    spans: list[tuple[int, int, int]] = []
    for mark in item.marks:
        inside = [i for i, (a, b) in enumerate(window.offsets) if a < mark.end and b > mark.start and b > a]
        if inside:
            spans.append((_INDEX[mark.label], inside[0], inside[-1] + 1))
    said = frozenset(label for label, _, _ in spans)
    return Example(
        window.ids,
        window.roles,
        len(window.offsets),
        said | {_INDEX[item.kind]} if item.kind in MANNERS else said,
        tuple(spans),
        None if known is None else frozenset(_INDEX[label] for label in known),
        marked,
    )


def collate(examples: Sequence[Example]) -> Batch:
    """Pad to the longest of ``examples``."""
    length = max(len(e.ids) for e in examples)
    shape = (len(examples), length)
    ids = np.full(shape, PAD, dtype=np.int64)
    roles = np.zeros(shape, dtype=np.int64)
    attend = np.zeros(shape, dtype=np.int64)
    text = np.zeros(shape, dtype=np.int64)
    message = np.zeros((len(examples), len(OUTPUTS)), dtype=np.float32)
    pieces = np.zeros((*shape, len(LABELS)), dtype=np.float32)
    known = np.ones((len(examples), len(OUTPUTS)), dtype=np.float32)
    marked = np.array([e.marked for e in examples], dtype=np.float32)
    for row, e in enumerate(examples):
        ids[row, : len(e.ids)] = e.ids
        roles[row, : len(e.ids)] = e.roles
        attend[row, : len(e.ids)] = 1
        # An empty text still has its opening piece to attend to.
        text[row, : 1 + e.pieces] = 1
        message[row, list(e.labels)] = 1
        for label, start, end in e.spans:
            pieces[row, 1 + start : 1 + end, label] = 1
        if e.known is not None:
            known[row] = 0
            known[row, list(e.known)] = 1
    return Batch(*(torch.from_numpy(a) for a in (ids, roles, attend, text, message, pieces, known, marked)))


def batches(examples: Sequence[Example], size: int, generator: random.Random | None = None) -> Iterator[Batch]:
    """Batches of about equal length; shuffled when a ``generator`` is given, else in order of length."""
    order = sorted(range(len(examples)), key=lambda i: len(examples[i].ids))
    if generator is not None:
        # Length with a little noise, then whole batches shuffled: little padding, yet no fixed company.
        noise = {i: len(examples[i].ids) + generator.uniform(0, 6) for i in order}
        order.sort(key=noise.__getitem__)
    chunks = [order[i : i + size] for i in range(0, len(order), size)]
    if generator is not None:
        generator.shuffle(chunks)
    for chunk in chunks:
        yield collate([examples[i] for i in chunk])
