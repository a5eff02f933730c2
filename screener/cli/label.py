"""``screener label``: messages in, labels with spans out, both as JSON lines."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click
import msgspec

from screener.errors import InputError, ScreenerError
from screener.records import Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.detect.detector import Detector

_MAX_LINE = 16_000_000


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
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not a JSON object of the expected form"
        raise InputError("E107", path=path, place=f"line {number}", reason=reason) from None
    return row


def _answer(row: _Row, detector: Detector, region: str | None) -> dict[str, Any]:
    hints = (row.lang.split("-")[0].lower(),) if row.lang else ()
    findings = detector.find(row.text, speaker=Speaker(row.speaker), region=region, hints=hints)
    spans: dict[str, list[list[int]]] = {}
    for finding in findings:
        spans.setdefault(finding.label.value, []).append([finding.span.start, finding.span.end])
    return {
        "id": row.id,
        # Rules have no calibrated probability: 1 says that a rule holds, 0 that none does.
        "labels": {label.value: 1.0 if label.value in spans else 0.0 for label in Label},
        "decided": sorted(spans),
        "spans": spans,
    }


def _lines(stream: IO[bytes], path: str) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := stream.readline(_MAX_LINE + 1):
        number += 1
        if len(raw) > _MAX_LINE:
            raise InputError("E107", path=path, place=f"line {number}", reason=f"longer than {_MAX_LINE} bytes")
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise InputError("E107", path=path, place=f"line {number}", reason="not UTF-8") from None
        if line.strip():
            yield number, line


@contextmanager
def _open(source: str) -> Iterator[IO[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; only opening may fail as E101
    except OSError as error:
        raise InputError("E101", path=source, reason=error.strerror or "unreadable") from None
    with file:
        yield file


@click.command("label")
@click.argument("source", metavar="IN.jsonl", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Output file [standard output].")
@click.option("--region", help="Country for local phone numbers, e.g. ID.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line instead of reporting it.")
@click.option(
    "--detector",
    type=click.Choice(["eldc", "py3langid", "langdetect"]),
    default="eldc",
    help="Language detector.",
)
def command(source: str, output: Path | None, region: str | None, strict: bool, detector: str) -> None:
    r"""Label messages for evaluation and annotation.

    \b
    In:  {"id", "speaker", "context": [{"speaker", "text"}], "text", "lang"?}
    Out: {"id", "labels": {label: probability}, "decided": [label], "spans": {label: [[start, end]]}}

    Offsets are code points. Bad lines are reported with their number; exit code 2 if there were any.
    """
    from screener.detect.detector import Detector
    from screener.writers.atomic import whole_text

    labeller = Detector(language_detector=detector)
    bad = 0
    target: Any = nullcontext(sys.stdout) if output is None else whole_text(output)
    with _open(source) as lines, target as out:
        for number, line in _lines(lines, source):
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
