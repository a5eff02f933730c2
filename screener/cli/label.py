"""``screener label``: messages in, labels with spans out, both as JSON lines."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from screener.cli.jsonlines import numbered_lines, open_source
from screener.cli.options import classifier_option
from screener.errors import InputError, ScreenerError
from screener.records import Label, Speaker

if TYPE_CHECKING:
    from screener.detect.detector import Detector


class _Turn(msgspec.Struct):
    text: str
    speaker: str = "unknown"


class _Row(msgspec.Struct):
    id: str | int
    text: str
    speaker: str = "unknown"
    context: list[_Turn] = []
    lang: str | None = None


def _read(line: str, path: str, number: int) -> _Row:
    try:
        # The standard library reads lone surrogates, which msgspec's own decoder refuses.
        row = msgspec.convert(json.loads(line), _Row)
        Speaker(row.speaker)
        for turn in row.context:
            Speaker(turn.speaker)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not a JSON object of the expected form"
        raise InputError("E107", path=path, place=f"line {number}", reason=reason) from None
    return row


def _answer(row: _Row, detector: Detector, region: str | None) -> dict[str, Any]:
    hints = (row.lang.split("-")[0].lower(),) if row.lang else ()
    context = [(turn.speaker, turn.text) for turn in row.context]
    read = detector.read(row.text, speaker=Speaker(row.speaker), region=region, hints=hints, context=context)
    spans: dict[str, list[list[int]]] = {}
    for finding in read.findings:
        if not finding.unsure:
            spans.setdefault(finding.label.value, []).append([finding.span.start, finding.span.end])
    probabilities = {label.value: round(read.probabilities.get(label.value, 0.0), 4) for label in Label}
    return {"id": row.id, "labels": probabilities, "decided": sorted(spans), "spans": spans}


@click.command("label")
@click.argument("source", metavar="IN.jsonl", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file [standard output].")
@click.option("--region", help="Country for local phone numbers, e.g. ID.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line instead of reporting it.")
@classifier_option
@click.option(
    "--detector",
    type=click.Choice(["eldc", "py3langid", "langdetect"]),
    default="eldc",
    help="Language detector.",
)
def command(
    source: str, output: Path | None, region: str | None, strict: bool, classifier: bool, detector: str
) -> None:
    r"""Label messages for evaluation and annotation.

    \b
    In:  {"id", "speaker", "context": [{"speaker", "text"}], "text", "lang"?}
    Out: {"id", "labels": {label: probability}, "decided": [label], "spans": {label: [[start, end]]}}

    Offsets are code points. Bad lines are reported with their number; exit code 2 if there were any.
    """
    from screener.detect.detector import Detector
    from screener.writers.atomic import whole_text

    labeller = Detector(language_detector=detector, classifier=classifier)
    bad = 0
    target: Any = nullcontext(sys.stdout) if output is None else whole_text(output)
    with open_source(source) as lines, target as out:
        for number, line in numbered_lines(lines, source):
            try:
                answer = _answer(_read(line, source, number), labeller, region)
            except ScreenerError as error:
                if strict:
                    raise
                bad += 1
                click.echo(f"screener: {error}", err=True)
                continue
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    if bad:
        raise click.exceptions.Exit(2)
