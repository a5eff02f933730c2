"""Guess an old encoding.

East Asian ones by how common the characters are that a reading yields, others by charset-normalizer, which is
good at those and weak on short East Asian text. In every national character set the common characters come
first (level 1, ordered by sound or strokes), so a wrong reading shows as characters of the later rows.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["guess"]


class _Table(NamedTuple):
    base: str
    """The national set itself; the codec that reads files is its larger successor."""
    low: int
    high: int
    """Lead bytes of the common characters (of syllables for Korean, of level 1 otherwise)."""
    kana: bool = False


_TABLES: Final = {
    "cp949": _Table("euc_kr", 0xB0, 0xC8),
    "cp932": _Table("shift_jis", 0x88, 0x97, kana=True),
    "euc_jp": _Table("euc_jp", 0xB0, 0xCF, kana=True),
    "gb18030": _Table("gb2312", 0xB0, 0xD7),
    "big5": _Table("big5", 0xA4, 0xC6),
}
_SINGLE: Final = ["cp1252", "cp1250", "cp1251", "cp1256", "cp1258", "cp874"]
_MAX_CHARS: Final = 4000
_FLOOR: Final = 0.8


def _score(text: str, table: _Table) -> float:
    """Share of common characters among the letters beyond Latin."""
    good = seen = 0
    for char in text[:_MAX_CHARS]:
        point = ord(char)
        if point < 0x2E80 or 0xFF00 <= point <= 0xFFEF or 0x3000 <= point <= 0x3020:
            # Latin, marks and punctuation say nothing, save for bytes that no text of this kind holds.
            seen += 0x80 <= point < 0xA0
            continue
        seen += 1
        if 0x3041 <= point <= 0x30FF:
            good += table.kana
            continue
        try:
            raw = char.encode(table.base)
        except UnicodeEncodeError:
            continue
        good += len(raw) == 2 and table.low <= raw[0] <= table.high
    return good / seen if seen else 0.0


def _strict(sample: bytes, codec: str) -> str | None:
    # The sample may end inside a character.
    for end in (len(sample), len(sample) - 1, len(sample) - 2, len(sample) - 3):
        try:
            return sample[: max(end, 0)].decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(sample) - 4:
                return None
    return None


def guess(sample: bytes) -> str:
    """The likeliest codec of bytes that are neither UTF-8 nor UTF-16."""
    scores: dict[str, float] = {}
    for codec, table in _TABLES.items():
        text = _strict(sample, codec)
        if text is not None:
            scores[codec] = _score(text, table)
    # Korean syllables are common Chinese characters to the Chinese reading, not the other way round.
    if scores.get("cp949", 0.0) >= 0.97:
        return "cp949"
    best = max(scores, key=lambda codec: scores[codec], default="")
    if best and scores[best] >= _FLOOR and _pairs(sample) > 0.6:
        return best
    from charset_normalizer import from_bytes

    found = from_bytes(sample, cp_isolation=_SINGLE, steps=5, chunk_size=512).best()
    if found is not None:
        return found.encoding
    return best if best and scores[best] >= 0.5 else "cp1252"


def _pairs(sample: bytes) -> float:
    """Share of high bytes that stand next to another byte of a pair; accents of Latin text stand alone."""
    high = [index for index, byte in enumerate(sample[:8192]) if byte >= 0x80]
    if not high:
        return 0.0
    places = set(high)
    together = {index for index in high if index + 1 in places or index - 1 in places}
    return len(together) / len(high)
