"""A baseline: findings that were there when a project began to screen its drafts, to be mended in its own time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from screener.errors import InputError
from screener.writers.atomic import whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from screener.drafts.check import DraftFinding

__all__ = ["read_baseline", "write_baseline"]

_FORMAT: Final = "screener-baseline/1"


def read_baseline(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline.

    Raises:
        InputError: E101 or E103 when it cannot be used.

    """
    try:
        form = json.loads(path.read_text(encoding="utf-8"))
        if form["format"] != _FORMAT:
            raise InputError("E103", path=path, format="baseline", reason="it is of another version")
        return frozenset(one["fingerprint"] for one in form["findings"])
    except OSError as error:
        raise InputError("E101", path=path, reason=error.strerror or "unreadable") from None
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("E103", path=path, format="baseline", reason=type(error).__name__) from None


def write_baseline(found: Iterable[DraftFinding], path: Path) -> None:
    """Write the findings' fingerprints, with what a person needs to find them, but not their words."""
    rows = [{"fingerprint": f.fingerprint, "path": f.path, "rule": f.judged.finding.rule_id} for f in found]
    rows.sort(key=lambda row: (row["path"], row["rule"], row["fingerprint"]))
    with whole_text(path) as file:
        file.write(json.dumps({"format": _FORMAT, "findings": rows}, indent=1) + "\n")
