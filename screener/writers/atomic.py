"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["whole_bytes", "whole_text"]


@contextmanager
def whole_text(path: Path) -> Iterator[IO[str]]:
    """Open a temporary UTF-8 file beside ``path`` that takes its name when the block ends without an error.

    Raises:
        ScreenerError: E403 when the folder cannot be written.

    """
    with _replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        yield file
        _sync(file)


@contextmanager
def whole_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The same as :func:`whole_text` for bytes."""
    with _replacing(path) as temporary, temporary.open("wb") as file:
        yield file
        _sync(file)


def _sync(file: IO[str] | IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ScreenerError("E403", path=path, reason=error.strerror or str(error)) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
