"""What a run leaves behind so that it can be resumed: its settings and the batches that are done."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from screener.errors import ScreenerError
from screener.writers.atomic import whole_bytes, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["RunState"]

_FOLDER: Final = ".screener"
_SETTINGS: Final = "run.json"


class RunState:
    """The folder ``OUT/.screener``: ``run.json`` and one Arrow file a finished batch.

    Batches are numbered from 0 in the order of reading, which depends on the inputs and the settings alone;
    a batch file appears under its name only when it is complete.
    """

    def __init__(self, output: Path) -> None:
        self.folder = output / _FOLDER
        self._settings = self.folder / _SETTINGS

    def begin(self, settings: Mapping[str, Any], *, resume: bool) -> None:
        """Start a run, or take up one with the same settings.

        Raises:
            ScreenerError: E402 when the folder holds a run with other settings or inputs; E403 when it cannot be
                written.

        """
        wanted = json.loads(json.dumps(dict(settings), default=str))
        if resume and self._settings.exists():
            try:
                before = json.loads(self._settings.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                before = {}
            different = sorted(k for k in {*before, *wanted} if before.get(k) != wanted.get(k))
            if different:
                raise ScreenerError("E402", path=self.folder, reason=f"{', '.join(different)} changed")
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        with whole_text(self._settings) as file:
            file.write(json.dumps(wanted, indent=1, sort_keys=True))

    def _part(self, number: int) -> Path:
        return self.folder / f"{number:08d}.arrow"

    def done(self, number: int) -> bool:
        """True when the batch has been screened."""
        return self._part(number).exists()

    def put(self, number: int, raw: bytes) -> None:
        """Keep the findings of one batch (Arrow IPC bytes)."""
        with whole_bytes(self._part(number)) as file:
            file.write(raw)

    def batches(self, count: int) -> Iterator[pa.RecordBatch]:
        """The findings of batches ``0 … count-1`` in order."""
        for number in range(count):
            with pa.ipc.open_stream(self._part(number).read_bytes()) as reader:
                yield reader.read_next_batch()

    def clear(self) -> None:
        """Remove the batches of a finished run; ``run.json`` stays, marked as finished by the caller's outputs."""
        shutil.rmtree(self.folder, ignore_errors=True)


def input_mark(path: Path) -> str:
    """A mark that changes when a file does: size and time of change, hashed with its name."""
    stat = path.stat()
    return hashlib.blake2b(f"{path} {stat.st_size} {stat.st_mtime_ns}".encode(), digest_size=8).hexdigest()
