"""The page of a rule: why it exists, what it finds, where it comes from. For command line, HTTP and editors."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from screener.errors import RuleError

if TYPE_CHECKING:
    from pathlib import Path

    from screener.detect.lexicon.store import RuleSource

__all__ = ["rule_page"]


def rule_page(
    rule_id: str, *, lexicons: Path | None = None, policies: Path | None = None, locale: str = "en"
) -> dict[str, Any]:
    """What there is to tell about a rule of a lexicon, of a pack, or of the classifier (``acts.no_defect``).

    Raises:
        RuleError: E303 when no rule has this id.

    """
    return (
        _act_page(rule_id, lexicons, locale)
        or _lexicon_page(rule_id, lexicons, locale)
        or _pack_page(rule_id, policies, locale)
    )


def _act_page(rule_id: str, lexicons: Path | None, locale: str) -> dict[str, Any] | None:
    from screener.detect.acts.artefact import open_artefact
    from screener.detect.acts.combine import explanations

    family, _, label = rule_id.partition(".")
    entries = explanations(lexicons)
    if family != "acts" or label not in entries:
        return None
    manifest = open_artefact().manifest
    decision = manifest.decisions[label]
    return {
        "id": rule_id,
        "label": label,
        "why": entries[label][locale],
        "found by": f"the classifier, version {manifest.version}",
        "sure from": decision.sure,
        "unsure from": decision.unsure,
        "source": "models/CARD.md, docs/labels.md",
    }


def _lexicon_page(rule_id: str, lexicons: Path | None, locale: str) -> dict[str, Any] | None:
    from screener.detect.lexicon.store import find_rule
    from screener.resources import resource_dir

    rule = find_rule(lexicons or resource_dir("lexicons"), rule_id)
    return None if rule is None else _describe(rule, locale)


def _describe(rule: RuleSource, locale: str) -> dict[str, Any]:
    entry, file = rule.entry, rule.file
    return {
        "id": entry.id,
        "label": file.label,
        "language": file.language,
        "status": entry.status or file.defaults.status or "stable",
        "why": entry.explanation[locale],
        "instead": entry.replacements,
        "patterns": [*entry.terms, *entry.patterns],
        "found": [e if isinstance(e, str) else e.text for e in entry.examples.bad],
        "left alone": [e if isinstance(e, str) else e.text for e in entry.examples.good],
        "source": entry.source or file.source or file.defaults.source or "",
        "file": f"lexicons/{file.language}/{file.label}.yaml, line {rule.document.line('entries', rule.index, 'id')}",
    }


def _pack_page(rule_id: str, policies: Path | None, locale: str) -> dict[str, Any]:
    from screener.policy.packs import describe_rule

    described = describe_rule(rule_id, locale, folder=policies)
    if described is None:
        raise RuleError("E303", rule=rule_id)
    return asdict(described)
