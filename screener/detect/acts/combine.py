"""What rules and classifier say together about one message.

Per label one probability is made of the encoder's logit and of whether a rule spoke (``Decision``): a rule
supports what the encoder half sees, and a rule against which the encoder is sure enough is vetoed. Both weights
were fitted on messages that neither was made from. The trace of a finding says who spoke.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.records import STATEMENTS, Label, Manner, Speaker, Trace
from screener.resources import resource_dir
from screener.yamlfile import load

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from screener.detect.acts.artefact import Decision, Manifest
    from screener.detect.acts.classifier import Reading
    from screener.records import Finding

__all__ = ["Act", "combine", "explanations", "manner_of", "may_say", "probabilities_of", "probability"]


@dataclass(frozen=True, slots=True)
class Act:
    """A label that the classifier sees and no rule does: ``[start, end)`` code points."""

    label: Label
    start: int
    end: int
    probability: float
    unsure: bool
    trace: Trace


@lru_cache(maxsize=8)
def explanations(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """What a classifier's finding says, by label and locale (``lexicons/acts.yaml``)."""
    entries, _ = load((folder or resource_dir("lexicons")) / "acts.yaml", dict[str, dict[str, str]])
    return entries


_BUYERS: Final = STATEMENTS - {Label.LIABILITY}
_SELLERS: Final = frozenset({Label.LIABILITY, Label.AMBIGUOUS, Label.ABSOLUTE_CLAIM, Label.REGULATED_CLAIM})


def may_say(label: str, speaker: str) -> bool:
    """Whether a speaker can assert a label at all (docs/labels.md): buyers state, shops are liable and claim."""
    if speaker == Speaker.UNKNOWN:
        return True
    if label in _BUYERS:
        return speaker == Speaker.BUYER
    return label not in _SELLERS or speaker == Speaker.SELLER


def probability(decision: Decision, logit: float, rule: bool) -> float:
    """The calibrated probability that a message carries a label."""
    score = decision.slope * logit + decision.rule * rule + decision.bias
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, score))))


def probabilities_of(reading: Reading, ruled: Collection[str], speaker: str, manifest: Manifest) -> dict[str, float]:
    """The probability of every label that the artefact knows, given who speaks and which labels rules spoke of."""
    return {
        label: probability(manifest.decisions[label], float(reading.logits[number]), label in ruled)
        if may_say(label, speaker)
        else 0.0
        for number, label in enumerate(manifest.labels)
    }


def manner_of(reading: Reading, speaker: str, manifest: Manifest) -> Manner | None:
    """How a buyer speaks of the goods without asserting that they are fine: the likeliest manner that is sure."""
    if speaker not in (Speaker.BUYER, Speaker.UNKNOWN):
        return None
    best: tuple[float, Manner] | None = None
    for number, name in enumerate(manifest.manners, len(manifest.labels)):
        decision = manifest.decisions[name]
        p = probability(decision, float(reading.logits[number]), rule=False)
        if p >= decision.sure and (best is None or p > best[0]):
            best = p, Manner(name)
    return best[1] if best is not None else None


def combine(
    text: str,
    findings: Sequence[Finding],
    reading: Reading,
    probabilities: Mapping[str, float],
    manifest: Manifest,
    make: Callable[[Act], Finding],
) -> list[Finding]:
    """Findings of rules and classifier as one list, in order of place.

    ``probabilities`` are those of :func:`probabilities_of`. ``make`` turns an :class:`Act` into a finding. Where a rule
    spoke its span and words are kept.
    """
    merged: list[Finding] = []
    by_label: dict[str, list[Finding]] = {}
    for finding in findings:
        by_label.setdefault(finding.label.value, []).append(finding)
    for number, label in enumerate(manifest.labels):
        decision = manifest.decisions[label]
        spoken = by_label.pop(label, [])
        p = probabilities[label]
        if p < decision.unsure:
            continue
        unsure = p < decision.sure
        trace = Trace("classifier", f"{p:.3f}, {'unsure below' if unsure else 'sure from'} {decision.sure:.3f}")
        if spoken:
            merged += [replace(f, probability=p, unsure=unsure, trace=(*f.trace, trace)) for f in spoken]
        else:
            start, end = reading.span(text, number, decision.piece)
            merged.append(make(Act(Label(label), start, end, p, unsure, trace)))
    # Labels that this artefact does not know stay what the rules say.
    merged += [finding for rest in by_label.values() for finding in rest]
    return sorted(merged, key=lambda f: (f.span.start, f.span.end, f.rule_id))
