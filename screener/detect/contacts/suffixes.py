"""The public suffix list, read once and only when something looks like a host."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

__all__ = ["registered"]


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # The list that comes with the library; no network, no cache folder.
    return PublicSuffixList(accept_unknown=False, only_icann=True)


@lru_cache(maxsize=8192)
def registered(host: str) -> tuple[str, str]:
    """(registered domain, public suffix) of a host, both empty when it has none."""
    try:
        domain = _suffixes().privatesuffix(host)
    except UnicodeError:  # a label that cannot be an internationalised name
        return "", ""
    if not domain:
        return "", ""
    return domain, domain.partition(".")[2]
