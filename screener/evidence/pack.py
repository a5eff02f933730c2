"""Write a sealed evidence pack: a folder or a zip file that anyone can verify offline.

``docs/evidence.md`` describes the files. The same source and settings give the same bytes; nothing is dated by the
clock. A pack is written beside its final name and renamed when it is whole.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from screener import __version__
from screener.errors import ScreenerError
from screener.evidence.chain import GENESIS, PRIVATE, canonical, commitment, leaf, link, salts
from screener.writers.plain import message_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import IO

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from screener.evidence.redact import Redacted
    from screener.records import Message

__all__ = [
    "FORMAT",
    "MANIFEST",
    "MESSAGES",
    "SEAL",
    "SIGNATURE",
    "Contents",
    "chain_lines",
    "load_private_key",
    "write_pack",
    "zip_files",
]

FORMAT: Final = "screener-evidence/1"
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig.json"
SEAL: Final = "manifest.sha256"
MESSAGES: Final = "messages.jsonl"
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a pack. ``files`` maps names inside the pack to bytes or to a file to copy."""

    chain: Sequence[tuple[bytes, bytes]]
    """Of :func:`chain_lines`."""
    files: Mapping[str, bytes | Path]
    settings: Mapping[str, Any]
    versions: Mapping[str, Any]
    gaps: Sequence[Mapping[str, Any]] = ()
    redacted: Sequence[Redacted] | None = None
    profiles: Sequence[str] = ()


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """Read an unencrypted Ed25519 key in PEM form.

    Raises:
        ScreenerError: E501 without the extra ``evidence``, E203 when the file is no such key.

    """
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise ScreenerError("E501", feature="signing", package="cryptography", extra="evidence") from None
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise ScreenerError("E203", path=path, reason=str(error) or type(error).__name__) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ScreenerError("E203", path=path, reason="it is not an Ed25519 key")
    return key


def secret_of(source: bytes | Path) -> bytes:
    """The secret behind the salts, known to whoever holds the source."""
    digest = hashlib.sha256(b"screener-salt\0")
    if isinstance(source, Path):
        with source.open("rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                digest.update(block)
    else:
        digest.update(source)
    return digest.digest()


def chain_lines(
    messages: Sequence[Message], secret: bytes, redacted: Sequence[Redacted] | None = None
) -> Iterator[tuple[bytes, bytes]]:
    """For each message its line of ``messages.jsonl`` and the link of the chain that it ends.

    Of a ``redacted`` field the line holds what it was replaced by and its commitment, not its salt.
    """
    before = GENESIS
    for number, message in enumerate(messages):
        plain = message_dict(message)
        own = salts(secret, number)
        commitments = {name: commitment(own[name], plain[name]) for name in PRIVATE}
        before = link(before, leaf(plain, commitments))
        line: dict[str, Any] = {"number": number, "message": plain, "salts": own, "chain": before.hex()}
        if redacted is not None and (hidden := redacted[number].changed):
            line["message"] = message_dict(redacted[number].message)
            line["salts"] = {name: salt for name, salt in own.items() if name not in hidden}
            line["commitments"] = {name: commitments[name] for name in sorted(hidden)}
        yield canonical(line) + b"\n", before


class _Folder:
    """A pack that is being written into a folder, with the hash of each file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hashes: dict[str, dict[str, Any]] = {}

    def add(self, name: str, blocks: Iterator[bytes]) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as file:
            for block in blocks:
                file.write(block)
                digest.update(block)
                size += len(block)
            file.flush()
            os.fsync(file.fileno())
        self.hashes[name] = {"bytes": size, "sha256": digest.hexdigest()}


def _blocks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        yield from iter(lambda: file.read(1 << 20), b"")


def write_pack(contents: Contents, target: Path, *, key: Ed25519PrivateKey | None = None, force: bool = False) -> str:
    """Write ``target`` (a zip file when its name ends so, else a folder); returns the SHA-256 of its manifest.

    Raises:
        ScreenerError: E401 when ``target`` exists, E403 when it cannot be written.

    """
    if target.exists() and not force:
        raise ScreenerError("E401", path=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as name:
            folder = Path(name) / "pack"
            folder.mkdir()
            digest = _write(contents, folder, key)
            if target.suffix == ".zip":
                packed = Path(name) / "pack.zip"
                names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
                with packed.open("wb") as file:
                    zip_files(names, lambda inside: (folder / inside).open("rb"), file)
                    file.flush()
                    os.fsync(file.fileno())
                packed.replace(target)
            else:
                if target.exists():
                    shutil.rmtree(target)
                folder.rename(target)
            return digest
    except OSError as error:
        raise ScreenerError("E403", path=target, reason=error.strerror or str(error)) from None


def _write(contents: Contents, folder: Path, key: Ed25519PrivateKey | None) -> str:
    pack = _Folder(folder)
    pack.add(MESSAGES, (line for line, _ in contents.chain))
    for name, content in sorted(contents.files.items()):
        pack.add(name, _blocks(content))
    head = contents.chain[-1][1] if contents.chain else GENESIS
    manifest = {
        "format": FORMAT,
        "tool": {"name": "screener", "version": __version__, **contents.versions},
        "settings": dict(contents.settings),
        "files": pack.hashes,
        "chain": {"messages": len(contents.chain), "head": head.hex()},
        "gaps": [dict(gap) for gap in contents.gaps],
        "redaction": _redaction(contents),
        "signed_by": None if key is None else _public(key),
    }
    raw = canonical(manifest)
    (folder / MANIFEST).write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    (folder / SEAL).write_text(f"{digest}\n", encoding="ascii")
    if key is not None:
        signature = base64.b64encode(key.sign(raw)).decode()
        form = {"algorithm": "Ed25519", "public_key": _public(key), "signature": signature}
        (folder / SIGNATURE).write_bytes(canonical(form))
    return digest


def _redaction(contents: Contents) -> dict[str, Any] | None:
    """What was taken out, by message and field, for the manifest."""
    if contents.redacted is None:
        return None
    fields = {str(n): sorted(one.changed) for n, one in enumerate(contents.redacted) if one.changed}
    return {"profiles": sorted(contents.profiles), "fields": fields, "source": "left out"}


def _public(key: Ed25519PrivateKey) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def zip_files(names: Sequence[str], open_: Callable[[str], IO[bytes]], target: IO[bytes]) -> None:
    """Zip files so that the same files give the same bytes: sorted, undated, the same rights, not compressed.

    Compressed bytes would depend on the version of zlib, and could be changed without changing what they hold.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(names):
            info = zipfile.ZipInfo(name, _OLDEST)
            info.create_system = 3
            info.external_attr = 0o100644 << 16
            with open_(name) as file, archive.open(info, "w", force_zip64=True) as out:
                shutil.copyfileobj(file, out, 1 << 20)
