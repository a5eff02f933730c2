"""Check an evidence pack offline, and name the first thing that differs.

A pack comes from a stranger: nothing of it is trusted. Archives are read without unpacking, member by member, within
limits; names that leave the pack, links, doubles and bombs are refused before anything is read.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import stat
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from screener.evidence.chain import GENESIS, PRIVATE, canonical, commitment, leaf, link
from screener.evidence.pack import FORMAT, MANIFEST, MESSAGES, SEAL, SIGNATURE, zip_files

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Verified", "manifest_of", "verify_pack"]

_MAX_FILES: Final = 10_000
_MAX_BYTES: Final = 8 << 30
_MAX_MANIFEST: Final = 64 << 20
_MAX_LINE: Final = 32 << 20


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome. ``problem`` names the first difference, empty when there is none.

    ``public_key`` is the signer's key (base64) or ``None`` when the pack is not signed.
    """

    problem: str
    messages: int = 0
    files: int = 0
    public_key: str | None = None
    redacted: bool = False

    @property
    def ok(self) -> bool:
        """True when everything fits."""
        return not self.problem


class _BadError(Exception):
    """The first thing that differs."""


class _Store(Protocol):
    def names(self) -> list[str]: ...
    def open(self, name: str) -> IO[bytes]: ...
    def check_container(self, names: list[str]) -> None: ...


class _FolderStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        found = []
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode):
                raise _BadError(f"{name} is a link or a special file")
            found.append(name)
        return found

    def open(self, name: str) -> IO[bytes]:
        return (self.folder / name).open("rb")

    def check_container(self, names: list[str]) -> None:
        """A folder has nothing beside its files."""


class _ZipStore:
    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self.archive = archive
        self.path = path

    def names(self) -> list[str]:
        infos = self.archive.infolist()
        if len(infos) > _MAX_FILES:
            raise _BadError(f"the archive has more than {_MAX_FILES} members")
        total = 0
        seen: set[str] = set()
        for info in infos:
            if info.filename in seen:
                raise _BadError(f"the archive holds {info.filename!r} twice")
            seen.add(info.filename)
            if info.flag_bits & 0x1:
                raise _BadError(f"{info.filename!r} is encrypted")
            kind = info.external_attr >> 16
            if kind and not stat.S_ISREG(kind):
                raise _BadError(f"{info.filename!r} is no plain file")
            if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
                raise _BadError(f"{info.filename!r} is compressed, which packs never are")
            total += info.file_size
            if total > _MAX_BYTES:
                raise _BadError("the archive holds more than is read")
        return sorted(seen)

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(name)

    def check_container(self, names: list[str]) -> None:
        """The archive must be, byte for byte, the one that its files make: nothing hides between them."""
        with tempfile.TemporaryFile() as again, self.path.open("rb") as given:
            zip_files(names, self.open, again)
            again.seek(0)
            while True:
                one, other = again.read(1 << 20), given.read(1 << 20)
                if one != other:
                    raise _BadError("the archive was changed outside of its files")
                if not one:
                    return


def _safe(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        bool(name)
        and not path.is_absolute()
        and ".." not in path.parts
        and "\\" not in name
        and "\0" not in name
        and ":" not in name
    )


@contextmanager
def _store(path: Path) -> Iterator[_Store]:
    if path.is_dir() and not path.is_symlink():
        yield _FolderStore(path)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _BadError(f"{path.name} is neither a folder nor a whole zip file ({type(error).__name__})") from None
    with archive:
        yield _ZipStore(archive, path)


def verify_pack(path: Path, *, public_key: bytes | None = None) -> Verified:
    """Check every file, the chain and the signature of the pack at ``path``.

    Args:
        path: a folder or a zip file.
        public_key: the 32 bytes of the Ed25519 key that must have signed it; without it any signature that fits is
            accepted, and the caller is told whose it is.

    """
    try:
        with _store(path) as store:
            return _verify(store, public_key)
    except _BadError as bad:
        return Verified(str(bad))
    except (
        OSError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        RecursionError,
    ) as error:
        # Damage that the archive reader meets before any of our checks can name it better.
        return Verified(f"the pack cannot be read ({type(error).__name__})")


def manifest_of(path: Path) -> bytes:
    """The manifest of a pack that was verified.

    Raises:
        OSError: when there is none.

    """
    with _store(path) as store, store.open(MANIFEST) as file:
        return file.read(_MAX_MANIFEST)


def _verify(store: _Store, public_key: bytes | None) -> Verified:
    names = store.names()
    for name in names:
        if not _safe(name):
            raise _BadError(f"{name!r} points outside the pack")
    if MANIFEST not in names:
        raise _BadError(f"{MANIFEST} is missing")
    with store.open(MANIFEST) as file:
        raw = file.read(_MAX_MANIFEST + 1)
    _check_seal(store, names, raw)
    signer = _check_signature(store, names, raw, public_key)
    manifest = _manifest(raw)
    if manifest.get("signed_by") != signer:
        raise _BadError(f"{MANIFEST} names another signer than the signature")
    files = manifest["files"]
    for name in sorted(set(files) - set(names)):
        raise _BadError(f"{name} is missing")
    for name in sorted(set(names) - set(files) - {MANIFEST, SEAL, SIGNATURE}):
        raise _BadError(f"{name} does not belong to the pack")
    for name in sorted(files):
        _check_file(store, name, files[name])
    count = _check_chain(store, manifest)
    store.check_container(names)
    return Verified("", count, len(files), signer, manifest.get("redaction") is not None)


def _check_seal(store: _Store, names: list[str], raw: bytes) -> None:
    if SEAL not in names:
        raise _BadError(f"{SEAL} is missing")
    with store.open(SEAL) as file:
        seal = file.read(1 << 10)
    if seal != hashlib.sha256(raw).hexdigest().encode() + b"\n":
        raise _BadError(f"{MANIFEST} differs from its hash in {SEAL}")


def _manifest(raw: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(raw)
    except (ValueError, RecursionError):
        raise _BadError(f"{MANIFEST} is not JSON") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _BadError(f"{MANIFEST} is not of the form {FORMAT}")
    if canonical(manifest) != raw:
        raise _BadError(f"{MANIFEST} was changed: it is not in canonical form")
    files, chain = manifest.get("files"), manifest.get("chain")
    whole = (
        isinstance(files, dict)
        and all(isinstance(f, dict) and isinstance(f.get("sha256"), str) for f in files.values())
        and isinstance(chain, dict)
        and isinstance(chain.get("messages"), int)
        and isinstance(chain.get("head"), str)
    )
    if not whole or MESSAGES not in manifest["files"]:
        raise _BadError(f"{MANIFEST} lacks a part")
    return manifest


def _check_file(store: _Store, name: str, expected: dict[str, Any]) -> None:
    digest, size = hashlib.sha256(), 0
    with store.open(name) as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
            if size > _MAX_BYTES:
                raise _BadError(f"{name} is larger than is read")
    if size != expected.get("bytes") or digest.hexdigest() != expected["sha256"]:
        raise _BadError(f"{name} differs from its hash in {MANIFEST}")


def _check_chain(store: _Store, manifest: dict[str, Any]) -> int:
    before = GENESIS
    number = 0
    with store.open(MESSAGES) as file:
        while line := file.readline(_MAX_LINE + 1):
            where = f"{MESSAGES} line {number + 1}"
            if len(line) > _MAX_LINE:
                raise _BadError(f"{where} is too long")
            before = _check_line(line, number, before, where)
            number += 1
    if number != manifest["chain"]["messages"]:
        raise _BadError(f"{MESSAGES} holds {number} messages, {MANIFEST} says {manifest['chain']['messages']}")
    if before.hex() != manifest["chain"]["head"]:
        raise _BadError(f"the chain over the messages does not end as {MANIFEST} says")
    return number


def _check_line(line: bytes, number: int, before: bytes, where: str) -> bytes:
    try:
        form = json.loads(line)
        message, own = form["message"], form["salts"]
        hidden = form.get("commitments", {})
        commitments = {}
        for name in PRIVATE:
            if name in hidden:
                commitments[name] = hidden[name]
                bytes.fromhex(hidden[name])
            else:
                commitments[name] = commitment(own[name], message[name])
        if form["number"] != number:
            raise _BadError(f"{where} is message {form['number']}, expected {number}")
        after = link(before, leaf(message, commitments))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _BadError(f"{where} cannot be read ({type(error).__name__})") from None
    if after.hex() != form.get("chain"):
        raise _BadError(f"{where} does not fit the chain")
    return after


def _check_signature(store: _Store, names: list[str], raw: bytes, wanted: bytes | None) -> str | None:
    if SIGNATURE not in names:
        if wanted is not None:
            raise _BadError("the pack is not signed")
        return None
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise _BadError("the signature cannot be checked: pip install 'marketplace-screener[evidence]'") from None
    with store.open(SIGNATURE) as file:
        text = file.read(1 << 16)
    try:
        form = json.loads(text)
        if canonical(form) != text or form["algorithm"] != "Ed25519":
            raise ValueError
        public = base64.b64decode(form["public_key"], validate=True)
        signature = base64.b64decode(form["signature"], validate=True)
        exact = all(
            base64.b64encode(raw_).decode() == form[name]
            for raw_, name in ((public, "public_key"), (signature, "signature"))
        )
        if not exact or form.keys() != {"algorithm", "public_key", "signature"}:
            raise ValueError
        key = Ed25519PublicKey.from_public_bytes(public)
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError):
        raise _BadError(f"{SIGNATURE} cannot be read") from None
    if wanted is not None and wanted != public:
        raise _BadError("the pack is signed with a different key")
    try:
        key.verify(signature, raw)
    except InvalidSignature:
        raise _BadError(f"the signature does not fit {MANIFEST}") from None
    return base64.b64encode(public).decode()
