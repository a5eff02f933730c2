"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: Path, mode: str = "w") -> Iterator[IO[str] | IO[bytes]]:  # type: ignore[type-arg]
    """Open a temporary file beside ``path`` that takes its name when the block ends without an error.

    Raises:
        ScreenerError: E403 when the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    text = "b" not in mode
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = temporary.open(mode, encoding="utf-8" if text else None, newline="" if text else None)
    except OSError as error:
        raise ScreenerError("E403", path=path, reason=error.strerror or str(error)) from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ScreenerError("E403", path=path, reason=error.strerror or str(error)) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
