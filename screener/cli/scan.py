"""``screener scan``: chat exports in, findings and a report out."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from screener.cli.options import classifier_option, cores, fail_on_option, fails, fallback_note, policy_options
from screener.records import Effect

if TYPE_CHECKING:
    import datetime as dt

    from screener.readers.base import ReadOptions
    from screener.scan.run import ScanResult


class _Progress:
    """A line on standard error, at most four times a second: messages, rate, and time left by files done."""

    def __init__(self, total_bytes: int, sizes: list[int]) -> None:
        self.started = time.monotonic()
        self.shown = 0.0
        self.done_bytes = 0
        self.total = total_bytes
        self.sizes = sizes

    def __call__(self, messages: int, files_done: int, files: int) -> None:
        now = time.monotonic()
        if files_done:
            self.done_bytes = sum(self.sizes[:files_done])
        if now - self.shown < 0.25 and files_done != files:
            return
        self.shown = now
        passed = max(now - self.started, 1e-9)
        left = ""
        if 0 < self.done_bytes < self.total:
            seconds = passed * (self.total - self.done_bytes) / self.done_bytes
            left = f", about {seconds:.0f} s left"
        click.echo(f"\r{messages:,} messages, {messages / passed:,.0f}/s{left}   ", nl=False, err=True)


def _columns(pairs: tuple[str, ...]) -> dict[str, str]:
    columns = {}
    for pair in pairs:
        name, equals, header = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r}: give FIELD=HEADER, e.g. text=Message", param_hint="--column")
        columns[name.strip()] = header.strip()
    return columns


def _mapping(given: dict[str, Any]) -> dict[str, str]:
    columns = _columns(given["columns"])
    if given["profile"] is not None:
        from screener.readers.columns import load_profile

        columns = {**load_profile(given["profile"]), **columns}
    return columns


def _save_profile(given: dict[str, Any], options: ReadOptions) -> None:
    """Keep the mapping that the first input is read with, guessed columns included."""
    from screener.readers.columns import save_profile
    from screener.readers.table import guess_columns
    from screener.scan.run import find_inputs

    save_profile(given["save_profile"], guess_columns(find_inputs(given["paths"])[0], options))


@click.command("scan")
@click.argument("paths", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder for findings and report."
)
@click.option(
    "--format", "forms", multiple=True, type=click.Choice(["jsonl", "csv", "parquet", "sarif", "html"]),
    help="What to write into the folder (repeatable) [jsonl and html].",
)  # fmt: skip
@policy_options
@classifier_option
@fail_on_option
@click.option("--seller", "sellers", multiple=True, help="The shop's name or account in the chat (repeatable).")
@click.option("--buyer", "buyers", multiple=True, help="The buyer's name or account (repeatable).")
@click.option("--timezone", help="Zone of times that have none, e.g. Asia/Jakarta.")
@click.option("--date-order", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of ambiguous dates.")
@click.option("--encoding", help="Text encoding, if it is known.")
@click.option("--input-format", help="Format of the export, if detection fails.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=HEADER", help="Column of a table (repeatable).")
@click.option("--profile", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Column mapping to use.")
@click.option("--save-profile", type=click.Path(dir_okay=False, path_type=Path), help="Keep the column mapping used.")
@click.option("--strict", is_flag=True, help="Stop at the first broken record.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes [all cores].")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run.")
@click.option("--force", is_flag=True, help="Overwrite results of an earlier run.")
@click.option("--quiet", is_flag=True, help="No progress, no list of findings.")
def command(**given: Any) -> None:
    r"""Screen chat exports: PATHS are files, folders or globs in any format that `docs/readers.md` lists.

    \b
    screener scan chat.zip --region ID --seller "Toko Maju" --timezone Asia/Jakarta
    screener scan exports/ -o out --format csv --format html --region US
    """
    from screener.readers.base import ReadOptions

    options = ReadOptions(
        seller=given["sellers"],
        buyer=given["buyers"],
        timezone=given["timezone"],
        date_order=given["date_order"],
        encoding=given["encoding"],
        columns=_mapping(given),
        strict=given["strict"],
        marketplace=given["marketplace"],
    )
    if given["save_profile"] is not None:
        _save_profile(given, options)
    result, output = _scan(given, options)
    _report(result, output, quiet=given["quiet"])
    worst = max((Effect(name) for name in result.summary.by_effect), key=lambda e: e.rank, default=Effect.ALLOW)
    if fails(worst, given["fail_on"]):
        raise click.exceptions.Exit(1)


def _scan(given: dict[str, Any], options: Any) -> tuple[ScanResult, Path | None]:
    import tempfile

    output: Path | None = given["output"]
    if output is not None:
        return _run(given, options, output, given["forms"] or ("jsonl", "html")), output
    with tempfile.TemporaryDirectory(prefix="screener-") as folder:
        target = Path(folder)
        result = _run(given, options, target, ("jsonl",))
        if not given["quiet"]:
            _print_findings(target / "findings.jsonl")
        return result, None


def _run(given: dict[str, Any], options: Any, output: Path, forms: tuple[str, ...]) -> ScanResult:
    from screener.scan.engine import Settings
    from screener.scan.run import Scan, find_inputs

    today: dt.date | None = given["as_of"]
    inputs = find_inputs(given["paths"])
    sizes = [path.stat().st_size for path in inputs]
    # A small export is done before a second process has started.
    small = sum(sizes) < 2_000_000
    settings = Settings(
        region=given["region"],
        marketplace=given["marketplace"],
        as_of=today or _today(),
        locale=given["locale"],
        languages=given["languages"],
        detector=given["detector"],
        classifier=given["classifier"],
    )
    # Built here as well, so that a wrong region or lexicon is told before any work begins.
    if note := fallback_note(settings.screener()):
        click.echo(f"screener: {note}", err=True)
    scan = Scan(
        inputs=inputs,
        output=output,
        settings=settings,
        options=options,
        # Whoever names columns says that the file is a table.
        input_format=given["input_format"] or ("table" if options.columns else None),
        formats=forms,
        workers=given["workers"] or (1 if small else cores()),
        progress=None if given["quiet"] or not sys.stderr.isatty() else _Progress(sum(sizes), sizes),
    )
    try:
        result = scan.run(resume=given["resume"], force=given["force"])
    except KeyboardInterrupt:
        where = f"; run the same command with --resume to go on in {output}" if given["output"] else ""
        click.echo(f"\nstopped{where}", err=True)
        raise click.exceptions.Exit(130) from None
    if scan.progress is not None:
        click.echo("", err=True)
    return result


def _today() -> dt.date:
    import datetime as dt

    return dt.datetime.now(dt.UTC).date()


def _print_findings(path: Path) -> None:
    from screener.writers.listing import listing

    with path.open(encoding="utf-8") as lines:
        for line in listing(lines, colour=sys.stdout.isatty()):
            click.echo(line)


def _report(result: ScanResult, output: Path | None, *, quiet: bool) -> None:
    from screener.writers.listing import summary_lines

    for warned in result.warnings if not quiet else ():
        click.echo(str(warned), err=True)
    for line in summary_lines(result.summary):
        click.echo(line)
    if output is not None:
        click.echo("written: " + ", ".join(str(path) for path in result.files))
