"""Files of one JSON object a line, read with bounded memory."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from screener.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["numbered_lines", "open_source"]

_MAX_LINE: Final = 16_000_000


def numbered_lines(stream: IO[bytes], path: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their number from 1.

    Raises:
        InputError: E107 for a line that is too long or not UTF-8.

    """
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
def open_source(source: str) -> Iterator[IO[bytes]]:
    """Standard input for ``-``, else the file.

    Raises:
        InputError: E101 when it cannot be read.

    """
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 - closed below; only opening may fail as E101
    except OSError as error:
        raise InputError("E101", path=source, reason=error.strerror or "unreadable") from None
    with file:
        yield file
