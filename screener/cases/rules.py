"""``policies/case_rules.yaml``: what the tracker warns of, and how long it keeps a case."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations at run time
from typing import TYPE_CHECKING

import msgspec

from screener.policy.schema import Text  # noqa: TC001 - msgspec again
from screener.records import Confidence  # noqa: TC001
from screener.resources import resource_dir
from screener.yamlfile import load

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Retention", "Rules", "Warning_", "When", "read_rules"]


class When(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Events of a kind: at least so many of a severity within so many days, or a last score below a number."""

    event: str
    severity: str | None = None
    within_days: int = 30
    at_least: int | None = None
    below: float | None = None


class _Sourced(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    source: str
    seen: dt.date
    confidence: Confidence


class Warning_(_Sourced, frozen=True, kw_only=True):  # noqa: N801 - `Warning` is Python's
    """One warning."""

    id: str
    when: When
    text: Text


class Retention(_Sourced, frozen=True, kw_only=True):
    """After how many days a case is listed for removal."""

    days: int


class Rules(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The file."""

    warnings: list[Warning_]
    retention: Retention


def read_rules(path: Path | None = None) -> Rules:
    """The rules of ``path``, by default those that come with the package.

    Raises:
        ScreenerError: E101 or E301 with file and line.

    """
    rules, _ = load(path or resource_dir("policies") / "case_rules.yaml", Rules)
    return rules
