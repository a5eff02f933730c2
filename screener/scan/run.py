"""One scan from paths to output files."""

from __future__ import annotations

import glob
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from screener import __version__
from screener.errors import InputError, ScreenerError, Warned
from screener.readers.detect import iter_messages, read_export
from screener.scan.context import Before
from screener.scan.engine import Settings, run_batches
from screener.scan.state import RunState, input_mark
from screener.scan.summary import Summary
from screener.scan.tables import messages_batch
from screener.writers.atomic import whole_text

if TYPE_CHECKING:
    import pyarrow as pa

    from screener.readers.base import ReadOptions
    from screener.records import Message

__all__ = ["Scan", "ScanResult", "find_inputs"]

BATCH: Final = 1000
"""Messages in a batch: large enough that travel costs little, small enough that a kill loses little."""
ORDERED_BYTES: Final = 8 * 2**20
"""Files up to this size are held in memory, so that findings follow the conversation even where the export
begins with the newest message."""
_SKIPPED: Final = frozenset({".screener", "__MACOSX"})

Progress = Callable[[int, int, int], None]


def find_inputs(paths: Sequence[str]) -> list[Path]:
    """Files named by paths, folders (all files below, sorted) and globs, each once.

    Raises:
        InputError: E101 when a path names nothing.

    """
    found: dict[Path, None] = {}
    for text in paths:
        path = Path(text)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p.relative_to(path)))
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            matches = sorted(Path(match) for match in glob.glob(text, recursive=True))  # noqa: PTH207
            if not matches:
                raise InputError("E101", path=text, reason="no such file or folder")
            found.update(dict.fromkeys(p for p in matches if p.is_file()))
    unique: dict[Path, Path] = {}
    for path in found:
        unique.setdefault(path.resolve(), path)
    return list(unique.values())


def _hidden(relative: Path) -> bool:
    return any(part.startswith(".") or part in _SKIPPED for part in relative.parts)


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What came out: counts, warnings, and the files written."""

    summary: Summary
    warnings: tuple[Warned, ...]
    files: tuple[Path, ...]


@dataclass(slots=True)
class Scan:
    """A scan that can be interrupted and resumed.

    The output does not depend on ``workers``, nor on how often the run was interrupted.
    """

    inputs: Sequence[Path]
    output: Path
    settings: Settings
    options: ReadOptions
    input_format: str | None = None
    formats: Sequence[str] = ("jsonl", "html")
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    progress: Progress | None = None
    _summary: Summary = field(default_factory=Summary)
    _warnings: list[Warned] = field(default_factory=list)
    _batches: int = 0

    def run(self, *, resume: bool = False, force: bool = False) -> ScanResult:
        """Screen everything and write the outputs, each whole or not at all.

        Raises:
            ScreenerError: E4xx for the output folder, E1xx for inputs that cannot be read at all.

        """
        finished = self.output / "summary.json"
        fingerprint = self._fingerprint()
        if finished.exists() and not force:
            if resume and self._same_run(finished, fingerprint):
                return self._already(finished)
            raise ScreenerError("E401", path=finished)
        state = RunState(self.output)
        state.begin(fingerprint, resume=resume)
        with whole_text(self.output / "problems.jsonl") as problems:
            for number, raw in run_batches(self._todo(state, problems), self.settings, workers=self.workers):
                state.put(number, raw)
        self._summary.add_findings(state.batches(self._batches))
        files = [self._write(form, state) for form in self.formats]
        with whole_text(finished) as file:
            form = {"run": fingerprint, "screener": __version__, **self._summary.plain()}
            file.write(json.dumps(form, indent=1, ensure_ascii=False, default=str) + "\n")
        state.clear()
        problems_path = self.output / "problems.jsonl"
        return ScanResult(self._summary, tuple(self._warnings), (*files, finished, problems_path))

    def _fingerprint(self) -> dict[str, Any]:
        marks = [f"{path}#{input_mark(path)}" for path in self.inputs]
        return {
            "settings": {k: str(v) for k, v in asdict(self.settings).items()},
            "options": {k: str(v) for k, v in asdict(self.options).items()},
            "input_format": self.input_format or "detected",
            "inputs": marks,
            "version": __version__,
            "batch": BATCH,
        }

    def _same_run(self, finished: Path, fingerprint: Mapping[str, Any]) -> bool:
        try:
            before = json.loads(finished.read_text(encoding="utf-8")).get("run")
        except (OSError, ValueError):
            return False
        return bool(before == json.loads(json.dumps(fingerprint, default=str)))

    def _already(self, finished: Path) -> ScanResult:
        form = json.loads(finished.read_text(encoding="utf-8"))
        summary = Summary(
            messages=form["messages"],
            conversations=form["conversations"],
            findings=form["findings"],
            broken=form["broken_records"],
        )
        for name in (
            "by_effect",
            "by_label",
            "by_language",
            "by_speaker",
            "by_channel",
            "by_counts",
            "by_day",
        ):
            getattr(summary, name).update(form[name])
        existing = [self.output / _file_name(f) for f in self.formats if (self.output / _file_name(f)).exists()]
        return ScanResult(summary, (Warned.of("W108", reason="this scan was already complete"),), (*existing, finished))

    def _messages(self, problems: Any) -> Iterator[Message]:
        for index, path in enumerate(self.inputs):
            for item in self._read(path):
                if isinstance(item, Warned):
                    self._warn(item, problems)
                    continue
                self._summary.add_message(item)
                yield item
            if self.progress is not None:
                self.progress(self._summary.messages, index + 1, len(self.inputs))

    def _read(self, path: Path) -> Iterator[Message | Warned]:
        """Messages of a file: by conversation and time when it is small, else in the order of the file."""
        limit = ORDERED_BYTES // 8 if zipfile.is_zipfile(path) else ORDERED_BYTES
        if path.stat().st_size > limit:
            yield from iter_messages(path, self.options, self.input_format)
            return
        export = read_export(path, self.options, self.input_format)
        yield from (*export.warnings, *export.broken)
        for conversation in export.conversations:
            yield from conversation.messages

    def _warn(self, warned: Warned, problems: Any) -> None:
        if warned.code == "E107":
            self._summary.broken += 1
        if len(self._warnings) < 100:
            self._warnings.append(warned)
        line = {
            "code": warned.code,
            "problem": warned.problem,
            "fix": warned.fix,
            "place": str(warned.place or ""),
        }
        problems.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _todo(self, state: RunState, problems: Any) -> Iterator[tuple[int, pa.RecordBatch]]:
        before = Before()
        turns = ((message, before(message)) for message in self._messages(problems))
        while chunk := list(islice(turns, BATCH)):
            number = self._batches
            self._batches += 1
            if self.progress is not None:
                self.progress(self._summary.messages, 0, 0)
            if not state.done(number):
                yield number, messages_batch(chunk)

    def _write(self, form: str, state: RunState) -> Path:
        path = self.output / _file_name(form)
        batches = state.batches(self._batches)
        if form == "sarif":
            from screener.writers.sarif import write_sarif

            write_sarif(batches, path, version=__version__)
        elif form == "html":
            from screener.writers.html import write_html

            write_html(batches, path, summary=self._summary, settings=self.settings, version=__version__)
        else:
            from screener.writers import rows

            writers = {"jsonl": rows.write_jsonl, "csv": rows.write_csv, "parquet": rows.write_parquet}
            writers[form](batches, path)
        return path


def _file_name(form: str) -> str:
    return "report.html" if form == "html" else f"findings.{form}"
