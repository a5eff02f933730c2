"""Screener: a multilingual compliance screener for seller-buyer chat on online marketplaces.

    from screener import Screener
    Screener(region="ID").check("kak wa aja ya")

Everything here is imported on first use, so that ``import screener`` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from screener.errors import ScreenerError, Warned
    from screener.pipeline import Checked, Judged, Screened, Screener
    from screener.readers.base import ReadOptions
    from screener.readers.detect import iter_messages, read_export
    from screener.records import (
        Admissibility,
        Channel,
        Conversation,
        Effect,
        Export,
        Finding,
        Label,
        Message,
        Span,
        Speaker,
        Verdict,
    )

__version__ = "0.1.0"

_HOMES: Final = {
    "ScreenerError": "errors",
    "Warned": "errors",
    "Checked": "pipeline",
    "Judged": "pipeline",
    "Screened": "pipeline",
    "Screener": "pipeline",
    "ReadOptions": "readers.base",
    "iter_messages": "readers.detect",
    "read_export": "readers.detect",
    "Admissibility": "records",
    "Channel": "records",
    "Conversation": "records",
    "Effect": "records",
    "Export": "records",
    "Finding": "records",
    "Label": "records",
    "Message": "records",
    "Span": "records",
    "Speaker": "records",
    "Verdict": "records",
}

__all__ = [
    "Admissibility",
    "Channel",
    "Checked",
    "Conversation",
    "Effect",
    "Export",
    "Finding",
    "Judged",
    "Label",
    "Message",
    "ReadOptions",
    "Screened",
    "Screener",
    "ScreenerError",
    "Span",
    "Speaker",
    "Verdict",
    "Warned",
    "iter_messages",
    "read_export",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'screener' has no attribute {name!r}")
    return getattr(importlib.import_module(f"screener.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
