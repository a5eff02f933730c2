"""What the operator of the service decides."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screener.errors import ScreenerError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LOOPBACK_HOSTS", "MAX_BODY", "MAX_EVIDENCE_BODY", "MAX_TEXT", "Settings", "is_loopback"]

MAX_TEXT: Final = 100_000
"""Longest text of one message, in code points."""
MAX_BODY: Final = 2 << 20
MAX_EVIDENCE_BODY: Final = 64 << 20
LOOPBACK_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]", "::1")


def is_loopback(host: str) -> bool:
    """True for a name or address that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that ``screener serve`` can be told; times are seconds.

    Raises:
        ScreenerError: E205 when the service would be open to the network without keys, E202 for a wrong number.

    """

    host: str = "127.0.0.1"
    port: int = 8765
    marketplace: str = "tiktok_shop"
    """Assumed where a request names none."""
    region: str = "global"
    locale: str = "en"
    classifier: bool = True
    lexicons: Path | None = None
    """Folders to use instead of the package's own."""
    policies: Path | None = None
    keys: Path | None = None
    """File of API keys; with one, every request but health checks needs a key."""
    origins: tuple[str, ...] = ()
    """Origins of web pages that may call the service (CORS); none by default."""
    hosts: tuple[str, ...] = ()
    """Names under which the service is called (header Host); loopback names are always right."""
    rate: int = 0
    """Requests a minute for each key, or each address without one; 0: no limit."""
    threads: int = 0
    """Messages screened at the same time; 0: one for each core."""
    waiting: int = 64
    """Requests that may wait for a thread; more get 503."""
    timeout: float = 20.0
    """For a whole request body to arrive, and for an answer to be made."""
    watch: bool = True
    """Reload lexicons and packs when their files change."""

    def __post_init__(self) -> None:
        for name in ("rate", "threads", "waiting"):
            if getattr(self, name) < 0:
                raise ScreenerError("E202", option=f"--{name}", reason="it must not be negative")
        if self.timeout <= 0:
            raise ScreenerError("E202", option="--timeout", reason="it must be positive")
        if not is_loopback(self.host) and self.keys is None:
            raise ScreenerError("E205", host=self.host)

    @property
    def workers(self) -> int:
        """How many threads screen messages."""
        return self.threads or os.cpu_count() or 1
