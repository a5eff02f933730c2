"""All detectors over one message: contacts first, then the rules that may name what they found, then the classifier."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from screener.detect.acts.combine import combine, explanations, manner_of, probabilities_of
from screener.detect.contacts import extract, extract_weak
from screener.detect.lexicon.registry import matcher
from screener.detect.lexicon.schema import COMMON
from screener.detect.message import Prepared
from screener.records import Finding, Label, Manner, Span, Speaker, Trace
from screener.text.offsets import Utf16Map
from screener.yamlfile import localised

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from screener.detect.acts.classifier import Classifier
    from screener.detect.acts.combine import Act
    from screener.detect.lexicon.match import LexiconMatcher, Match

__all__ = ["Detector", "Read"]


class Read(NamedTuple):
    """What was read in one message; a label that is not in ``probabilities`` has 0.

    ``manner`` tells how a buyer speaks of the goods where nothing is asserted of them.
    """

    findings: list[Finding]
    probabilities: dict[str, float]
    manner: Manner | None = None


class Detector:
    """Finds sensitive wording and statements in single messages. Share one per process.

    Args:
        locale: language of explanations, ``en`` or ``zh``.
        language_detector: ``eldc`` (default), ``py3langid`` or ``langdetect``.
        lexicons: folder of lexicon files; by default those that come with the package.
        classifier: whether to ask the classifier besides the rules; it is loaded with the first message
            that needs it.
        artefact: folder of a classifier to use instead of the package's own.

    """

    def __init__(
        self,
        *,
        locale: str = "en",
        language_detector: str = "eldc",
        lexicons: Path | None = None,
        classifier: bool = True,
        artefact: Path | None = None,
    ) -> None:
        self.locale = locale
        self.language_detector = language_detector
        self._lexicons = lexicons
        self._matcher: LexiconMatcher = matcher(lexicons)
        self._classifies = classifier
        self._artefact = artefact

    def find(
        self,
        text: str,
        *,
        speaker: Speaker = Speaker.UNKNOWN,
        region: str | None = None,
        marketplace: str | None = None,
        hints: Sequence[str] = (),
        message_id: str | None = None,
        context: Sequence[tuple[str, str]] = (),
    ) -> list[Finding]:
        """All findings in ``text``, in order of their place.

        ``region`` (country code) tells how local phone numbers are written; ``hints`` are languages to
        assume when the text is too short to tell; ``context`` are (speaker, text) of the messages before it,
        oldest first. Any string is accepted.

        Raises:
            ScreenerError: E305 when the classifier is asked for and cannot be used.

        """
        return self.read(
            text,
            speaker=speaker,
            region=region,
            marketplace=marketplace,
            hints=hints,
            message_id=message_id,
            context=context,
        ).findings

    def read(
        self,
        text: str,
        *,
        speaker: Speaker = Speaker.UNKNOWN,
        region: str | None = None,
        marketplace: str | None = None,
        hints: Sequence[str] = (),
        message_id: str | None = None,
        context: Sequence[tuple[str, str]] = (),
    ) -> Read:
        """The findings as :meth:`find` gives them, the probability of every label, found or not, and the manner."""
        message = Prepared(
            text,
            speaker=speaker,
            region=region,
            marketplace=marketplace,
            hints=hints,
            detector=self.language_detector,
        )
        matches = self._matcher.find(message, extract, extract_weak)
        offsets = Utf16Map(text) if matches else None
        found = [self._finding(match, message, offsets, message_id) for match in matches] if offsets else []
        if not self._classifies or not text.strip():
            # A rule has no calibrated probability: 1 says that one holds, 0 that none does.
            return Read(found, {finding.label.value: 1.0 for finding in found})
        return self._classified(message, found, context, message_id)

    @property
    def classifier_version(self) -> str | None:
        """The version of the classifier that is asked, or ``None``."""
        return self._classifier.manifest.version if self._classifies else None

    @cached_property
    def _classifier(self) -> Classifier:
        # Here, because numpy and onnxruntime take longer to import than most messages take to be cleared.
        from screener.detect.acts.classifier import classifier

        return classifier(self._artefact)

    def _classified(
        self, message: Prepared, found: list[Finding], context: Sequence[tuple[str, str]], message_id: str | None
    ) -> Read:
        """Join what rules ``found`` with what the classifier reads."""

        def make(act: Act) -> Finding:
            offsets = Utf16Map(message.text)
            language = next(iter(message.languages.codes), "und")
            return Finding(
                rule_id=f"acts.{act.label.value}",
                label=act.label,
                span=Span(act.start, act.end, offsets.unit(act.start), offsets.unit(act.end)),
                language=language,
                explanation=localised(explanations(self._lexicons)[act.label.value], self.locale),
                suggestions=self._matcher.suggestions(act.label.value, language),
                probability=act.probability,
                trace=(act.trace,),
                message_id=message_id,
                unsure=act.unsure,
            )

        # What a rule sees is always read: the encoder may have to veto it.
        reading = self._classifier.read(message.text, message.speaker.value, context, gated=not found)
        if reading is None:
            return Read(found, {})
        manifest = self._classifier.manifest
        probabilities = probabilities_of(
            reading, {finding.label.value for finding in found}, message.speaker.value, manifest
        )
        findings = combine(message.text, found, reading, probabilities, manifest, make)
        asserted = any(f.label is Label.NO_DEFECT and not f.unsure for f in findings)
        manner = None if asserted else manner_of(reading, message.speaker.value, manifest)
        return Read(findings, probabilities, manner)

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
