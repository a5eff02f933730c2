"""``screener rules``: what the rules are, why, and whether they hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from screener.detect.lexicon.store import Loaded


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
    from screener.rulepage import rule_page

    page = rule_page(rule_id, lexicons=lexicons, locale=locale)
    if form == "json":
        click.echo(json.dumps(page, ensure_ascii=False, indent=1, default=str))
        return
    for name, value in page.items():
        if isinstance(value, (list, tuple)):
            click.echo(f"{name}:")
            for item in value:
                click.echo(f"  - {item}")
        elif value not in ("", None):
            click.echo(f"{name}: {value}")


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
