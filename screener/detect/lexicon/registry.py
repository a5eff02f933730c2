"""The lexicon that a process works with: read once, compiled once, kept in a cache file.

Reading some two hundred YAML files takes seconds; the compiled form loads in milliseconds. The cache is
keyed by the content of every file and by the code's format number, so it can never be stale; when it
cannot be written, everything works, only slower.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec

from screener.detect.lexicon.compiled import Compiled, compile_rules
from screener.detect.lexicon.match import LexiconMatcher
from screener.resources import resource_dir

__all__ = ["PRECOMPILED", "compiled_lexicon", "fingerprint", "matcher", "precompile"]

_FORMAT: Final = 7
PRECOMPILED: Final = "compiled.msgpack"
"""File in an installed lexicon folder that holds the compiled form, made when the wheel was built."""


def fingerprint(folder: Path) -> str:
    """Digest over names and content of all lexicon files and of the folding table; identifies a lexicon version."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(f"format {_FORMAT}".encode())
    tables = [path for path in sorted((Path(__file__).parents[2] / "text").iterdir()) if path.suffix != ".pyc"]
    for path in [*(p for p in tables if p.is_file()), *sorted(folder.glob("*/*.yaml"))]:
        content = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _cache_file(key: str) -> Path:
    from platformdirs import user_cache_path

    base = os.environ.get("SCREENER_CACHE")
    return (Path(base) if base else user_cache_path("screener", appauthor=False)) / f"lexicon-{key}.msgpack"


def _read(path: Path) -> Compiled | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Compiled)
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, compiled: Compiled) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(msgspec.msgpack.encode(compiled))
        Path(file.name).replace(path)
        for old in path.parent.glob("lexicon-*.msgpack"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError:
        return


def precompile() -> None:
    """Put the compiled form beside the installed lexicons (called when a wheel is built)."""
    from screener.detect.lexicon.store import read_folder

    folder = resource_dir("lexicons")
    (folder / PRECOMPILED).write_bytes(msgspec.msgpack.encode(compile_rules(read_folder(folder))))


def compiled_lexicon(folder: Path | None = None) -> Compiled:
    """The compiled form of ``folder`` (default: the lexicons that come with the package).

    Raises:
        RuleError: E301 with file and line when a lexicon file is wrong.

    """
    from screener.detect.lexicon.store import read_folder

    folder = folder or resource_dir("lexicons")
    if (found := _read(folder / PRECOMPILED)) is not None:
        return found
    cache = _cache_file(fingerprint(folder))
    if (found := _read(cache)) is not None:
        return found
    compiled = compile_rules(read_folder(folder))
    _write(cache, compiled)
    return compiled


@lru_cache(maxsize=4)
def matcher(folder: Path | None = None) -> LexiconMatcher:
    """A matcher over ``folder``; one per process and folder."""
    return LexiconMatcher(compiled_lexicon(folder))
