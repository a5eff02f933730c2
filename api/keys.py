"""API keys: random, hashed at rest, with scopes.

A key reads ``scr_<id>_<secret>``. The file keeps the id and the SHA-256 of the secret: with 256 random bits there is
nothing to guess, so no slow hash is needed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from screener.errors import ScreenerError

__all__ = ["Key", "KeyFile", "Scope", "default_path"]


class Scope(StrEnum):
    """What a key may be used for."""

    CHECK = "check"
    """Single messages: ``/v1/check`` and the LanguageTool protocol."""
    SCREEN = "screen"
    EVIDENCE = "evidence"
    METRICS = "metrics"


class Key(msgspec.Struct, frozen=True):
    """A key as the file keeps it. ``created`` is an ISO date."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    sha256: str
    created: str


class _Form(msgspec.Struct, forbid_unknown_fields=True):
    keys: list[Key]


_NOBODY: Final = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def default_path() -> Path:
    """Where keys lie when no other file is named."""
    from platformdirs import user_config_path

    return user_config_path("screener", appauthor=False) / "keys.json"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True)
class _State:
    stamp: tuple[int, int]
    keys: dict[str, Key]


class KeyFile:
    """The keys of one file; a change of the file, such as a revoked key, counts from the next request on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state = _State((-1, -1), {})

    def keys(self) -> dict[str, Key]:
        """All keys by id.

        Raises:
            ScreenerError: E203 when the file is no key file.

        """
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return {}
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._state.stamp:
            try:
                form = msgspec.json.decode(self.path.read_bytes(), type=_Form)
            except (OSError, msgspec.DecodeError) as error:
                raise ScreenerError("E206", path=self.path, reason=type(error).__name__) from None
            self._state = _State(stamp, {key.id: key for key in form.keys})
        return self._state.keys

    def find(self, given: str) -> Key | None:
        """The key that ``given`` is, or ``None``; takes the same time whichever part of it is wrong."""
        prefix, _, rest = given.partition("_")
        number, _, secret = rest.partition("_")
        key = self.keys().get(number) if prefix == "scr" else None
        right = hmac.compare_digest(_hash(secret), key.sha256 if key is not None else _NOBODY)
        return key if right else None

    def create(self, name: str, scopes: tuple[Scope, ...], created: str) -> str:
        """Add a key and return it: the only time that it can be seen."""
        number, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        self._write({**self.keys(), number: Key(number, name, scopes, _hash(secret), created)})
        return f"scr_{number}_{secret}"

    def revoke(self, number: str) -> bool:
        """Remove the key with this id; ``False`` when there is none."""
        keys = dict(self.keys())
        if keys.pop(number, None) is None:
            return False
        self._write(keys)
        return True

    def _write(self, keys: dict[str, Key]) -> None:
        content = msgspec.json.format(msgspec.json.encode(_Form(list(keys.values()))), indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # mkstemp: readable by its owner alone from the first byte on.
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content + b"\n")
                Path(name).replace(self.path)
            except OSError:
                with suppress(OSError):
                    Path(name).unlink()
                raise
        except OSError as error:
            raise ScreenerError("E403", path=self.path, reason=error.strerror or "failed") from None
