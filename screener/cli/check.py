"""``screener check``: one text, one verdict."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screener.cli.options import (
    channel_option,
    classifier_option,
    fail_on_option,
    fails,
    fallback_note,
    policy_options,
    speaker_option,
)

if TYPE_CHECKING:
    import datetime as dt

    from screener.pipeline import Checked, Screener

_MAX_INPUT = 4_000_000


def _stdin_text() -> str:
    raw = sys.stdin.buffer.read(_MAX_INPUT + 1)
    if len(raw) > _MAX_INPUT:
        raise click.UsageError(f"standard input is longer than {_MAX_INPUT} bytes; use `screener scan` for files")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"standard input is not UTF-8 (byte {error.start})") from None


def _json(screener: Screener, checked: Checked, text: str) -> str:
    from screener.writers.plain import checked_dict

    answer = {
        "marketplace": screener.marketplace,
        "region": screener.region,
        "pack": screener.pack.id,
        "fallback": fallback_note(screener),
        "as_of": screener.as_of.isoformat(),
        **checked_dict(checked, text),
    }
    # Lone surrogates cannot be written as UTF-8: JSON escapes carry them.
    return json.dumps(answer, ensure_ascii=any("\ud800" <= c <= "\udfff" for c in text))


@click.command("check")
@click.argument("text", nargs=-1)
@policy_options
@classifier_option
@speaker_option
@channel_option
@fail_on_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "rdjson", "gitlab", "junit"]),
    default="text",
    show_default=True,
    help="Beyond text and json only with --files.",
)
@click.option(
    "--files", is_flag=True, help="TEXT names files or folders of drafts: Markdown, JSON, YAML, CSV, PO, text."
)
@click.option(
    "--input-format",
    type=click.Choice(["text", "markdown", "json", "jsonl", "yaml", "csv", "po"]),
    help="Format of all --files [by their names].",
)
@click.option("--field", "fields", multiple=True, help="With --files: only values of this key or column (repeatable).")
@click.option(
    "--baseline", type=click.Path(dir_okay=False, path_type=Path), help="With --files: leave out its findings."
)
@click.option("--write-baseline", is_flag=True, help="Write the findings to --baseline instead of reporting them.")
def command(
    text: tuple[str, ...],
    region: str,
    marketplace: str,
    as_of: dt.date | None,
    locale: str,
    languages: tuple[str, ...],
    detector: str,
    classifier: bool,
    speaker: str,
    channel: str,
    fail_on: str,
    form: str,
    files: bool,
    input_format: str | None,
    fields: tuple[str, ...],
    baseline: Path | None,
    write_baseline: bool,
) -> None:
    r"""Screen TEXT, or standard input when no TEXT is given, as a draft that is about to be sent.

    With --files, screen files of templates and macros; see docs/drafts.md.

    \b
    screener check --region ID "kak wa aja ya 0812-3456-7890"
    echo "5 stars and I'll send you $5" | screener check --region US --format json
    screener check --files templates/ --region US --format github
    """
    from functools import partial

    from screener.pipeline import Screener
    from screener.writers.text import paint, render

    if form not in ("text", "json") and not files:
        raise click.UsageError(f"--format {form} needs --files")
    if files and not text:
        raise click.UsageError("--files needs at least one file or folder")
    draft = "" if files else " ".join(text) if text else _stdin_text().rstrip("\r\n")
    screener = Screener(
        region,
        marketplace,
        as_of=as_of,
        locale=locale,
        languages=languages,
        detector=detector,
        classifier=classifier,
    )
    if files:
        from screener.cli.drafts import check_files

        found = check_files(
            text, screener, form=form, input_format=input_format, fields=fields, baseline=baseline, write=write_baseline
        )
        if any(fails(one.judged.verdict.effect, fail_on) for one in found):
            raise click.exceptions.Exit(1)
        return
    checked = screener.check(draft, speaker=speaker, channel=channel)
    if (note := fallback_note(screener)) and form == "text":
        click.echo(f"screener: {note}", err=True)
    if form == "json":
        click.echo(_json(screener, checked, draft))
    else:
        for line in render(checked, draft, partial(paint, on=sys.stdout.isatty())):
            click.echo(line)
        if not checked.judged:
            click.echo(f"ok: nothing found for {screener.pack.id}")
    if fails(checked.effect, fail_on):
        raise click.exceptions.Exit(1)
