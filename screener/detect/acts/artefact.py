"""The trained classifier on disk: a folder whose manifest names every file with its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from screener.errors import ScreenerError
from screener.records import Label, Manner
from screener.resources import resource_dir

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ENCODER", "FORMAT", "GATE", "MANIFEST", "TOKENIZER", "Artefact", "Decision", "Manifest", "open_artefact"]

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
ENCODER: Final = "encoder.onnx"
TOKENIZER: Final = "tokenizer.json"
GATE: Final = "gate.npz"


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one label is decided from the encoder's logit ``z`` and whether a rule spoke (``r``, 0 or 1).

    The probability is ``1 / (1 + exp(-(slope * z + rule * r + bias)))``; from ``sure`` on it is a finding, from
    ``unsure`` on it is shown as unsure, below it is nothing. ``piece`` is the logit at which a piece of text
    belongs to a span.
    """

    slope: float
    rule: float
    bias: float
    sure: float
    unsure: float
    piece: float = 0.0


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Size in bytes and SHA-256 of one file."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the artefact is, and what its files must be.

    The encoder answers for ``labels`` and then for ``manners``, in this order; ``decisions`` holds one for each.
    """

    format: int
    version: str
    labels: list[str]
    files: dict[str, File]
    decisions: dict[str, Decision]
    trained: dict[str, str | int | float]
    manners: list[str] = []


@dataclass(frozen=True, slots=True)
class Artefact:
    """A folder with its manifest. A file is checked when it is asked for: most messages need only the small ones."""

    folder: Path
    manifest: Manifest

    def path(self, name: str) -> Path:
        """Where the file ``name`` lies, after checking its hash.

        Raises:
            ScreenerError: E305 when it is missing, cannot be read or is not what the manifest says.

        """
        path = self.folder / name
        _check(path, self.manifest.files[name])
        return path

    def check(self) -> None:
        """Check every file.

        Raises:
            ScreenerError: E305 for the first that is not what the manifest says.

        """
        for name in self.manifest.files:
            self.path(name)


def open_artefact(folder: Path | None = None) -> Artefact:
    """The artefact in ``folder``, or the one that comes with the package.

    Raises:
        ScreenerError: E305 when the folder or its manifest is missing or cannot be read.

    """
    if folder is None:
        try:
            folder = resource_dir("classifier")
        except FileNotFoundError:
            raise ScreenerError("E305", path="the classifier's folder", reason="it is missing") from None
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise ScreenerError("E305", path=path, reason=error.strerror or "unreadable") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ScreenerError("E305", path=path, reason=str(error)) from None
    if manifest.format != FORMAT:
        raise ScreenerError("E305", path=path, reason=f"format is {manifest.format}, this version reads {FORMAT}")
    known = {label.value for label in Label} | {manner.value for manner in Manner}
    answered = {*manifest.labels, *manifest.manners}
    if not answered <= known or not answered <= set(manifest.decisions):
        raise ScreenerError("E305", path=path, reason="its labels are not those of this version")
    for name in (ENCODER, TOKENIZER):
        if name not in manifest.files:
            raise ScreenerError("E305", path=path, reason=f"it does not name {name}")
    return Artefact(folder, manifest)


def _check(path: Path, expected: File) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = f"{error.strerror or 'unreadable'}; expected sha256 {expected.sha256}"
        raise ScreenerError("E305", path=path, reason=reason) from None
    if found != expected.sha256:
        raise ScreenerError("E305", path=path, reason=f"sha256 is {found}, expected {expected.sha256}")
