"""The encoder at run time: onnxruntime, one thread, one message a call.

Messages are not batched: on a CPU the int8 products of one chat message already fill a core (measured by
``benchmarks/classifier.py``), and so what is found never depends on which messages came together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from screener.detect.acts.artefact import ENCODER, GATE, TOKENIZER, open_artefact
from screener.detect.acts.decode import span_of
from screener.detect.acts.encoding import CONTEXT_MESSAGES, pieces, windows
from screener.detect.acts.gate import Gate
from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from screener.detect.acts.artefact import Artefact
    from screener.detect.acts.encoding import Window

__all__ = ["CACHED", "Classifier", "Reading", "classifier"]

CACHED = 4096
_MAX_CACHED = 400


@dataclass(frozen=True, slots=True)
class _Part:
    """One window: logits of the message (labels) and of its pieces (pieces, labels)."""

    offsets: tuple[tuple[int, int], ...]
    message: NDArray[np.float32]
    pieces: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder makes of one message; ``logits`` has one number a label, the highest over all windows."""

    logits: NDArray[np.float32]
    parts: tuple[_Part, ...]

    def span(self, text: str, label: int, piece: float) -> tuple[int, int]:
        """The clause (code points of ``text``) that asserts label number ``label``."""
        part = max(self.parts, key=lambda p: float(p.message[label]))
        return span_of(text, part.offsets, part.pieces[:, label] - piece)


class Classifier:
    """Reads messages. Thread-safe; share one per process.

    Args:
        artefact: the opened artefact.
        cached: how many answers to keep for messages that come again.

    Raises:
        ScreenerError: E305 when the artefact is missing or not what it should be.

    """

    def __init__(self, artefact: Artefact, *, cached: int = CACHED) -> None:
        from tokenizers import Tokenizer

        self.manifest = artefact.manifest
        self._artefact = artefact
        path = artefact.path(TOKENIZER)
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:
            raise ScreenerError("E305", path=path, reason=type(error).__name__) from None
        self._gate = Gate.load(artefact.path(GATE)) if GATE in artefact.manifest.files else None
        self._cached = lru_cache(maxsize=cached)(self._read)

    @cached_property
    def _session(self) -> InferenceSession:
        # With the first message that the gate does not clear: it takes a third of a second.
        import onnxruntime

        path = self._artefact.path(ENCODER)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ScreenerError("E305", path=path, reason=type(error).__name__) from None

    def read(
        self, text: str, speaker: str, context: Sequence[tuple[str, str]] = (), *, gated: bool = False
    ) -> Reading | None:
        """Read one message of any length; ``context`` is (speaker, text) of earlier ones, oldest first.

        ``None`` when it is ``gated`` and the first stage clears it.
        """
        before = tuple(context[-CONTEXT_MESSAGES:])
        if len(text) > _MAX_CACHED:
            return self._read(text, speaker, before, gated)
        return self._cached(text, speaker, before, gated)

    def _run(self, window: Window) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Logits of a window: (labels,) and (pieces, labels)."""
        ids = np.array([window.ids], dtype=np.int64)
        inside = np.zeros_like(ids)
        inside[0, : 1 + len(window.offsets)] = 1
        roles = np.array([window.roles], dtype=np.int64)
        given = {"ids": ids, "roles": roles, "attend": np.ones_like(ids), "text": inside}
        message, per_piece = self._session.run(None, given)
        return message[0], per_piece[0]

    def _read(self, text: str, speaker: str, context: tuple[tuple[str, str], ...], gated: bool) -> Reading | None:
        encoded = pieces(self._tokenizer, text)
        if gated and self._gate is not None and self._gate.clears(encoded.ids, speaker, context=bool(context)):
            return None
        parts = []
        # A text that repeats itself gives the same window again and again.
        read: dict[tuple[int, ...], tuple[NDArray[np.float32], NDArray[np.float32]]] = {}
        for window in windows(self._tokenizer, encoded, speaker, context):
            if window.ids not in read:
                read[window.ids] = self._run(window)
            message, per_piece = read[window.ids]
            parts.append(_Part(window.offsets, message, per_piece[1 : 1 + len(window.offsets)]))
        logits = parts[0].message if len(parts) == 1 else np.max([part.message for part in parts], axis=0)
        return Reading(logits, tuple(parts))


@lru_cache(maxsize=4)
def classifier(folder: Path | None = None) -> Classifier:
    """The classifier of ``folder`` or of the package, loaded once a process."""
    return Classifier(open_artefact(folder))
