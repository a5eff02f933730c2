"""Which languages a text is in: script first, then a detector for Latin scripts."""

from __future__ import annotations

import re
from functools import lru_cache
from dataclasses import dataclass
from typing import TYPE_CHECKING

from screener.records import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Languages", "detect"]

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_VIETNAMESE = re.compile(r"[ơưđăạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_LATIN = re.compile(r"[a-zà-ɏḀ-ỿ][a-zà-ɏḀ-ỿ' ]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages of a text, likeliest first; ``reliable`` is false when they are little more than a guess."""

    codes: tuple[str, ...]
    reliable: bool


@lru_cache(maxsize=1)
def _init() -> None:
    import eldc

    eldc.init()


def detect(text: str, *, hints: Sequence[str] = (), detector: str = "eldc") -> Languages:
    """The languages of ``text`` among :data:`screener.records.LANGUAGES`; ``hints`` come first when it is unsure."""
    found = [code for code, pattern in _SCRIPTS if pattern.search(text)]
    if "ja" not in found and _HAN.search(text):
        found.append("zh")
    reliable = bool(found)
    latin = " ".join(_LATIN.findall(text))
    if len(latin.split()) >= 2 or (latin and not found):
        if _VIETNAMESE.search(latin):
            return Languages(tuple(dict.fromkeys([*found, "vi"])), True)
        import eldc

        _init()
        details = eldc.detect_details(latin)
        code, sure = details.language, details.reliable
        codes = ["id", "ms"] if code == "ms" else [code] if code in LANGUAGES else []
        if not sure:
            codes = [*hints, *codes]
        found += codes
        reliable = reliable or sure
    return Languages(tuple(dict.fromkeys(found or hints)), reliable)
