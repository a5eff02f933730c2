"""Hosts whose meaning is known (``lexicons/hosts.yaml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec

from screener.resources import resource_dir
from screener.yamlfile import load

__all__ = ["HostLists", "host_lists"]

Kind = Literal["own", "contact_link", "carrier_link", "link"]


class _HostsFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    marketplaces: dict[str, list[str]]
    carriers: list[str]
    contacts: list[str]


@dataclass(frozen=True, slots=True)
class HostLists:
    """The lists as sets; hosts are compared whole and by their registered domain."""

    marketplaces: dict[str, frozenset[str]]
    carriers: frozenset[str]
    contacts: frozenset[str]

    def kind(self, host: str, domain: str, marketplace: str | None) -> Kind:
        """What a link to ``host`` is; without a marketplace the links of all marketplaces are ``own``."""
        names = {host.removeprefix("www."), domain}
        if marketplace in self.marketplaces:
            if names & self.marketplaces[marketplace]:
                return "own"
        elif any(names & hosts for hosts in self.marketplaces.values()):
            return "own"
        if names & self.contacts:
            return "contact_link"
        return "carrier_link" if names & self.carriers else "link"


@lru_cache(maxsize=1)
def host_lists() -> HostLists:
    """The lists that come with the package.

    Raises:
        RuleError: E301 when the file is wrong.

    """
    form, _ = load(resource_dir("lexicons") / "hosts.yaml", _HostsFile)
    return HostLists(
        {name: frozenset(hosts) for name, hosts in form.marketplaces.items()},
        frozenset(form.carriers),
        frozenset(form.contacts),
    )
