"""The hash chain over the messages of a conversation, made so that a redacted copy still verifies.

Each private field of a message (``PRIVATE``) enters the chain as a commitment: SHA-256 over a salt and the value. A
message's leaf is the SHA-256 of its canonical JSON (RFC 8785) with commitments in the place of private fields; each
link is the SHA-256 of the link before it and the leaf. Whoever holds a field and its salt can check it; whoever holds
only the commitment learns nothing from it, and the chain is the same.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any, Final

import rfc8785

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GENESIS", "PRIVATE", "canonical", "commitment", "leaf", "link", "salts"]

PRIVATE: Final = ("sender", "text", "translation")
GENESIS: Final = hashlib.sha256(b"screener-evidence/1").digest()


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_EXACT: Final = 2**53
"""From here on RFC 8785 knows no integers."""


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785); a lone surrogate, which UTF-8 cannot carry, is written as U+FFFD."""
    try:
        # The standard encoder gives the same bytes for simple values, many times faster.
        return _encode(value).encode() if _simple(value) else rfc8785.dumps(value)
    except (UnicodeEncodeError, rfc8785.CanonicalizationError):
        return rfc8785.dumps(_valid(value))


def _simple(value: Any) -> bool:
    """True without fractions, large numbers and keys whose order depends on the encoding."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return bool(-_EXACT < value < _EXACT)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _simple(one) for key, one in value.items())
    return (kind is list or kind is tuple) and all(map(_simple, value))


def _valid(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_valid(key): _valid(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_valid(one) for one in value]
    return value


def salts(secret: bytes, number: int) -> dict[str, str]:
    """The salts of message ``number`` (from 0), as hexadecimal digits; ``secret`` never leaves the full pack."""
    return {field: hmac.new(secret, f"{number}/{field}".encode(), hashlib.sha256).hexdigest()[:32] for field in PRIVATE}


def commitment(salt: str, value: Any) -> str:
    """What stands for ``value`` in the chain."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical(value)).hexdigest()


def leaf(message: Mapping[str, Any], commitments: Mapping[str, str]) -> bytes:
    """The digest of one message: its public fields as they are, its private ones as ``commitments``."""
    public = {name: value for name, value in message.items() if name not in PRIVATE}
    return hashlib.sha256(canonical({**public, "commitments": dict(commitments)})).digest()


def link(before: bytes, own: bytes) -> bytes:
    """The next link of the chain."""
    return hashlib.sha256(before + own).digest()
