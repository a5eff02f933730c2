"""Screen one file of drafts."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from screener.drafts.segments import format_of, segments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from screener.pipeline import Judged, Screener

__all__ = ["DraftFinding", "Lines", "check_file"]

_ALLOW: Final = re.compile(r"screener:\s{0,4}allow(?:[ :]{1,4}([a-z0-9_., -]{1,400}))?")


class Lines:
    """Offsets of a text to lines and columns, both from 1, columns in code points; and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def byte_column(self, offset: int) -> int:
        """Column of an offset, counted in bytes of UTF-8."""
        line, _ = self.place(offset)
        return len(self.text[self._starts[line - 1] : offset].encode("utf-8", "surrogatepass")) + 1

    def line(self, number: int) -> str:
        """The text of a line, without its break; empty for a line that is not there."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """A finding with its place in a file: offsets in code points, lines and columns from 1, the end exclusive."""

    path: str
    judged: Judged
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    column_bytes: int
    """The columns again, counted in bytes of UTF-8."""
    end_column_bytes: int
    text: str
    """The segment that it stands in."""
    fingerprint: str
    """Stays the same when the file around it changes: of path, rule and quoted words."""

    @property
    def quote(self) -> str:
        """The words in question, as a buyer would read them."""
        span = self.judged.finding.span
        return self.text[span.start : span.end]


def _allowed(lines: Lines, line: int, judged: Judged) -> bool:
    """Whether a comment on this line or the one before lets the finding pass."""
    for number in (line, line - 1):
        found = _ALLOW.search(lines.line(number))
        if found is None:
            continue
        names = (found[1] or "").replace("-->", "").strip(" -")
        if not names or {judged.finding.label.value, judged.finding.rule_id} & set(re.split(r"[ ,]+", names)):
            return True
    return False


def check_file(
    source: str, path: str, screener: Screener, *, form: str | None = None, fields: Collection[str] = ()
) -> Iterator[DraftFinding]:
    """The findings of a file, in order of place.

    A comment ``screener: allow LABEL`` on the same line or the one before lets findings of that label (or rule) pass.

    Raises:
        InputError: E103 when the file is not what its format promises.

    """
    lines = Lines(source)
    seen: dict[str, int] = {}
    for segment in segments(source, form or format_of(path), path=path, fields=fields):
        for judged in screener.check(segment.text).judged:
            span = judged.finding.span
            start, end = segment.source(span.start, span.end)
            line, column = lines.place(start)
            if _allowed(lines, line, judged):
                continue
            quote = segment.text[span.start : span.end]
            identity = f"{path}\0{judged.finding.rule_id}\0{quote}"
            seen[identity] = seen.get(identity, 0) + 1
            digest = hashlib.sha256(f"{identity}\0{seen[identity]}".encode("utf-8", "replace")).hexdigest()
            yield DraftFinding(
                path, judged, start, end, line, column, *lines.place(end), lines.byte_column(start),
                lines.byte_column(end), segment.text, digest,
            )  # fmt: skip
