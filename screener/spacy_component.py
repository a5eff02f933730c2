"""The detectors as a spaCy pipeline component: ``nlp.add_pipe("screener")``.

Findings are written to ``doc.spans["screener"]``, one span a finding, with the label as span label and the rule
as span id. Tokens of a blank pipeline do not always end where a finding does (Chinese, Thai); such spans are
widened to whole tokens, and the exact offsets stand in ``doc._.screener`` as :class:`screener.records.Finding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screener.detect.detector import Detector
from screener.records import Speaker

try:
    from spacy.language import Language
    from spacy.tokens import Doc
except ImportError as error:  # pragma: no cover - depends on the installation
    from screener.errors import ScreenerError

    raise ScreenerError("E501", feature="the spaCy component", package="spacy", extra="spacy") from error

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline

__all__ = ["ScreenerComponent"]

KEY = "screener"


class ScreenerComponent:
    """Screens each document as one message of ``speaker`` (``doc.user_data["speaker"]`` overrides it)."""

    def __init__(self, *, speaker: str, region: str | None, locale: str) -> None:
        self.speaker = Speaker(speaker)
        self.region = region
        self._detector = Detector(locale=locale)
        if not Doc.has_extension(KEY):
            Doc.set_extension(KEY, default=())

    def __call__(self, doc: Doc) -> Doc:
        """Add findings to ``doc``."""
        speaker = Speaker(doc.user_data.get("speaker", self.speaker))
        findings = self._detector.find(doc.text, speaker=speaker, region=self.region)
        spans = []
        for finding in findings:
            span = doc.char_span(
                finding.span.start,
                finding.span.end,
                label=finding.label.value,
                span_id=finding.rule_id,
                alignment_mode="expand",
            )
            if span is not None:
                spans.append(span)
        doc.spans[KEY] = spans
        doc._.set(KEY, tuple(findings))
        return doc


@Language.factory(
    "screener",
    default_config={"speaker": "seller", "region": None, "locale": "en"},
    assigns=["doc.spans", "doc._.screener"],
)
def create_screener(nlp: Pipeline, name: str, speaker: str, region: str | None, locale: str) -> Any:  # noqa: ARG001
    """Build the component (spaCy calls this for ``nlp.add_pipe("screener")``)."""
    return ScreenerComponent(speaker=speaker, region=region, locale=locale)
