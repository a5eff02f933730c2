"""Loads ``fold_table.json`` (made by ``tools/build_tables.py``) once, in a few milliseconds."""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

__all__ = ["HARD_MARK", "SLOW_MARK", "Tables", "tables"]

SLOW_MARK: Final = "\uffff"
"""What :attr:`Tables.quick` gives for a character that vanishes or becomes several (a noncharacter)."""
HARD_MARK: Final = "\ufffe"
"""What it gives for a character whose fate depends on its neighbours (a noncharacter)."""

_PATH = Path(__file__).with_name("fold_table.json")


class _Learning(dict[int, str]):
    """A translation table that remembers the characters it has nothing for: a hit costs less than a miss."""

    __slots__ = ()

    def __missing__(self, code: int) -> str:
        char = chr(code)
        # Bounded: unassigned planes and rare text must not fill the memory of a long-running process.
        if len(self) < 60_000:
            self[code] = char
        return char


def _pairs(columns: list[str]) -> dict[str, str]:
    return dict(zip(columns[0], columns[1], strict=True))


class Tables:
    """The folding table in the forms that the folding code needs."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.sources: dict[str, str] = raw["sources"]
        single = _pairs(raw["single"])
        several: dict[str, str] = raw["several"]
        self.full: dict[str, str] = {**single, **several, **dict.fromkeys(raw["drop"], "")}
        self.full.update(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", strict=True))
        self.full.update(dict.fromkeys("\t\x0b\x0c\x1c\x1d\x1e\x1f", " "))
        quick = _Learning({ord(char): value for char, value in self.full.items() if len(value) == 1})
        quick.update(dict.fromkeys(map(ord, raw["drop"]), SLOW_MARK))
        quick.update(dict.fromkeys(map(ord, several), SLOW_MARK))
        quick.update(dict.fromkeys(map(ord, raw["slow"]), HARD_MARK))
        self.quick: dict[int, str] = quick
        self.bare: dict[int, str] = _Learning(dict(zip(map(ord, raw["bare"][0]), raw["bare"][1], strict=True)))
        self.extenders = frozenset(raw["extenders"])
        self._raw = raw

    @cached_property
    def latin(self) -> dict[str, str]:
        """Foreign letter → the Latin letter that looks the same (Unicode confusables)."""
        return _pairs(self._raw["latin"])

    @cached_property
    def latin_weak(self) -> dict[str, str]:
        """Looser likenesses, for words that are mostly Latin."""
        return _pairs(self._raw["latin_weak"])

    @cached_property
    def cyrillic(self) -> dict[str, str]:
        """Latin letter → the Cyrillic letter that looks the same."""
        return _pairs(self._raw["cyrillic"])

    @cached_property
    def latin_pattern(self) -> re.Pattern[str]:
        """Finds a letter that could stand for a Latin one."""
        return re.compile("[" + "".join(map(re.escape, (*self.latin, *self.latin_weak))) + "]")

    @cached_property
    def regions(self) -> frozenset[str]:
        """Two-letter codes (small letters) that are drawn as a flag."""
        return frozenset(self._raw["regions"].lower().split())

    @cached_property
    def mark_flood(self) -> re.Pattern[str]:
        """More combining marks in a row than any language writes (Unicode's stream-safe limit is 30)."""
        return re.compile(f"([{self._raw['marks']}]{{30}})[{self._raw['marks']}]+")

    @cached_property
    def cluster(self) -> re.Pattern[str]:
        """A character with everything after it that NFC may join to it."""
        return re.compile(f"(?s:.)[{self._raw['joining']}]*")


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The table, loaded on first use."""
    return Tables(json.loads(_PATH.read_text("utf-8")))
