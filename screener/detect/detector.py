"""All detectors over one message: contacts first, then the rules that may name what they found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.detect.contacts import extract, extract_weak
from screener.detect.lexicon.registry import matcher
from screener.detect.lexicon.schema import COMMON
from screener.detect.message import Prepared
from screener.records import Finding, Label, Span, Speaker, Trace
from screener.text.offsets import Utf16Map
from screener.yamlfile import localised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screener.detect.lexicon.match import LexiconMatcher, Match

__all__ = ["Detector"]


class Detector:
    """Finds sensitive wording and statements in single messages. Share one per process.

    Args:
        locale: language of explanations, ``en`` or ``zh``.
        language_detector: ``eldc`` (default), ``py3langid`` or ``langdetect``.
        lexicons: folder of lexicon files; by default those that come with the package.

    """

    def __init__(self, *, locale: str = "en", language_detector: str = "eldc", lexicons: Path | None = None) -> None:
        self.locale = locale
        self.language_detector = language_detector
        self._matcher: LexiconMatcher = matcher(lexicons)

    def find(
        self,
        text: str,
        *,
        speaker: Speaker = Speaker.UNKNOWN,
        region: str | None = None,
        marketplace: str | None = None,
        hints: Sequence[str] = (),
        message_id: str | None = None,
    ) -> list[Finding]:
        """All findings in ``text``, in order of their place.

        ``region`` (country code) tells how local phone numbers are written; ``hints`` are languages to
        assume when the text is too short to tell. Any string is accepted.
        """
        message = Prepared(
            text,
            speaker=speaker,
            region=region,
            marketplace=marketplace,
            hints=hints,
            detector=self.language_detector,
        )
        matches = self._matcher.find(message, extract, extract_weak)
        if not matches:
            return []
        offsets = Utf16Map(text)
        return [self._finding(match, message, offsets, message_id) for match in matches]

    def _finding(self, match: Match, message: Prepared, offsets: Utf16Map, message_id: str | None) -> Finding:
        rule = self._matcher.rule(match)
        language = rule.language
        if language == COMMON:
            language = next(iter(message.languages.codes), "und")
        return Finding(
            rule_id=rule.id,
            label=Label(rule.label),
            span=Span(match.start, match.end, offsets.unit(match.start), offsets.unit(match.end)),
            language=language,
            explanation=localised(rule.explanation, self.locale),
            suggestions=rule.suggestions,
            status=rule.status,
            trace=(Trace("lexicon", f"{rule.id}: {len(match.items)} item(s)"),),
            message_id=message_id,
        )
