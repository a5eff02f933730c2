"""The public face of rule packs: find them, list them, describe them, test them."""

from __future__ import annotations

from screener.policy.describe import (
    ChannelDescription,
    RegionDescription,
    RuleDescription,
    describe_regions,
    describe_rule,
)
from screener.policy.examples import test_packs
from screener.policy.pack import RulePack
from screener.policy.registry import get_pack, list_packs

__all__ = [
    "ChannelDescription",
    "RegionDescription",
    "RuleDescription",
    "RulePack",
    "describe_regions",
    "describe_rule",
    "get_pack",
    "list_packs",
    "test_packs",
]
