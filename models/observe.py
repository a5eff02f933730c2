"""What the served classifier and the rules make of labelled messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.calibrate import Observed
from screener.detect.acts.artefact import open_artefact
from screener.detect.acts.classifier import Classifier
from screener.detect.detector import Detector
from screener.records import Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from models.dataset import Item

__all__ = ["COUNTRIES", "observe"]

COUNTRIES = {
    "zh-Hans": "CN", "zh-Hant": "TW", "en": "US", "id": "ID", "ms": "MY", "vi": "VN", "th": "TH", "tl": "PH",
    "es": "MX", "pt": "BR", "de": "DE", "fr": "FR", "it": "IT", "ar": "SA", "ja": "JP", "ko": "KR",
}  # fmt: skip


def observe(items: Sequence[Item], folder: Path | None = None) -> list[Observed]:
    """Read every item with the artefact in ``folder``, one message a call, as when serving."""
    rules = Detector(classifier=False)
    reader = Classifier(open_artefact(folder))
    seen = []
    for item in items:
        findings = rules.find(
            item.text,
            speaker=Speaker(item.speaker),
            region=COUNTRIES.get(item.language),
            hints=(item.language.partition("-")[0],),
        )
        reading = reader.read(item.text, item.speaker, item.context)
        assert reading is not None  # only a gated message may not be read
        ruled = frozenset(f.label.value for f in findings)
        cleared = not ruled and reader.read(item.text, item.speaker, item.context, gated=True) is None
        seen.append(Observed(item, reading, ruled, cleared))
    return seen
