"""``screener check --files``: files of drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from screener.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.drafts.check import DraftFinding
    from screener.pipeline import Screener

__all__ = ["check_files"]

_MAX_FILE = 32 << 20


def _paths(given: Sequence[str]) -> list[Path]:
    """Files as named, and in folders all files whose name tells a format."""
    from screener.drafts.segments import format_of

    paths: list[Path] = []
    for name in given:
        path = Path(name)
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and not any(s.startswith(".") for s in p.parts))
            paths += sorted(p for p in inside if format_of(p.name) != "text" or p.suffix == ".txt")
        else:
            paths.append(path)
    return paths


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InputError("E103", path=path, format="draft", reason=f"it is larger than {_MAX_FILE >> 20} MB")
        # newline="" keeps \r\n: places must be those of the file.
        with path.open(encoding="utf-8", newline="") as file:
            return file.read().removeprefix("\ufeff")
    except OSError as error:
        raise InputError("E101", path=path, reason=error.strerror or "unreadable") from None
    except UnicodeDecodeError as error:
        raise InputError("E103", path=path, format="draft", reason=f"not UTF-8 (byte {error.start})") from None


def check_files(
    given: Sequence[str],
    screener: Screener,
    *,
    form: str,
    input_format: str | None,
    fields: Sequence[str],
    baseline: Path | None,
    write: bool,
) -> list[DraftFinding]:
    """Screen files and print the report; returns what is not in the baseline.

    Raises:
        InputError: E101 or E103 for a file that cannot be read; nothing is printed then.

    """
    from screener.drafts.baseline import read_baseline, write_baseline
    from screener.drafts.check import check_file
    from screener.drafts.reports import REPORTS
    from screener.records import Effect

    if write and baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE")
    known = read_baseline(baseline) if baseline is not None and not write else frozenset[str]()
    found: list[DraftFinding] = []
    paths = [path for path in _paths(given) if baseline is None or path.resolve() != baseline.resolve()]
    for path in paths:
        found += check_file(_read(path), path.as_posix(), screener, form=input_format, fields=fields)
    found = [f for f in found if f.judged.verdict.effect is not Effect.ALLOW and f.fingerprint not in known]
    if write and baseline is not None:
        write_baseline(found, baseline)
        click.echo(f"{len(found)} finding(s) written to {baseline}", err=True)
        return []
    click.echo(REPORTS[form](found, [path.as_posix() for path in paths]), nl=False)
    return found
