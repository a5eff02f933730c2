"""``screener rules``: what the rules are, why, and whether they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screener.errors import RuleError

if TYPE_CHECKING:
    from screener.detect.lexicon.store import Loaded, RuleSource


@click.group("rules")
def command() -> None:
    """List, show and test the rules of lexicons and packs."""


_lexicons = click.option(
    "--lexicons",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder to use instead of the package's own.",
)


def _load(folder: Path | None) -> Loaded:
    from screener.detect.lexicon.store import read_folder
    from screener.resources import resource_dir

    return read_folder(folder or resource_dir("lexicons"))


@command.command("list")
@_lexicons
@click.option("--language", help="Only this language.")
@click.option("--label", help="Only this label.")
def list_(lexicons: Path | None, language: str | None, label: str | None) -> None:
    """One line a rule: id, status, explanation."""
    for rule in _load(lexicons).rules:
        if language not in (None, rule.file.language) or label not in (None, rule.file.label):
            continue
        status = rule.entry.status or rule.file.defaults.status or "stable"
        click.echo(f"{rule.entry.id}  [{status}]  {rule.entry.explanation['en']}")


@command.command("show")
@click.argument("rule_id", metavar="ID")
@_lexicons
@click.option("--locale", type=click.Choice(["en", "zh"]), default="en")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def show(rule_id: str, lexicons: Path | None, locale: str, form: str) -> None:
    """Why a rule exists, what it matches, where it comes from. ID is of a lexicon or of a rule pack."""
    page = _act_page(rule_id, lexicons, locale) or _rule_page(rule_id, lexicons, locale)
    if form == "json":
        click.echo(json.dumps(page, ensure_ascii=False, indent=1))
        return
    for name, value in page.items():
        if isinstance(value, list):
            click.echo(f"{name}:")
            for item in value:
                click.echo(f"  - {item}")
        elif value not in ("", None):
            click.echo(f"{name}: {value}")


def _act_page(rule_id: str, lexicons: Path | None, locale: str) -> dict[str, Any] | None:
    """The page of a label as the classifier finds it, e.g. ``acts.no_defect``; ``None`` for any other id."""
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


def _rule_page(rule_id: str, lexicons: Path | None, locale: str) -> dict[str, Any]:
    rule = next((r for r in _load(lexicons).rules if r.entry.id == rule_id), None)
    return _pack_page(rule_id, locale) if rule is None else _lexicon_page(rule, locale)


def _lexicon_page(rule: RuleSource, locale: str) -> dict[str, Any]:
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


def _pack_page(rule_id: str, locale: str) -> dict[str, Any]:
    from dataclasses import asdict

    from screener.policy.packs import describe_rule

    described = describe_rule(rule_id, locale)
    if described is None:
        raise RuleError("E303", rule=rule_id)
    return json.loads(json.dumps(asdict(described), default=str))  # type: ignore[no-any-return]


@command.command("test")
@_lexicons
@click.option("--language", "languages", multiple=True, help="Only rules of this language (repeatable).")
def test(lexicons: Path | None, languages: tuple[str, ...]) -> None:
    """Run the examples of every rule: exact findings on the bad ones, silence on the good ones and replacements."""
    from screener.detect.detector import Detector
    from screener.detect.lexicon.examples import check_examples
    from screener.detect.lexicon.schema import CUES
    from screener.evidence.cues import failing_examples
    from screener.policy.packs import test_packs

    loaded = _load(lexicons)
    detector = Detector(lexicons=lexicons, classifier=False)
    failures = [str(f) for f in check_examples(loaded, detector, languages=languages)]
    packs, pack_failures = (0, []) if languages else test_packs()
    cue_failures = list(failing_examples(lexicons / CUES if lexicons else None, languages))
    for failure in (*failures, *cue_failures, *pack_failures):
        click.echo(failure)
    counted = sum(1 for r in loaded.rules if not languages or r.file.language in languages)
    total = len(failures) + len(cue_failures) + len(pack_failures)
    click.echo(f"{counted} lexicon rules, {packs} pack rules, {total} failures")
    if total:
        raise click.exceptions.Exit(1)
