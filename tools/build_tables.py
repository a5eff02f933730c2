"""Write ``screener/text/fold_table.json``: what each code point becomes in comparable text.

Sources, each recorded with its version in the output:

* ``unicodedata`` of the running Python: compatibility decompositions, case folding, digits, categories;
* OpenCC (PyPI ``opencc``): traditional → simplified, one character at a time;
* Unicode confusables (PyPI ``confusable-homoglyphs``): used at run time in mixed-script words only;
* ``tools/fold_additions.py``: our own reviewed additions.

Usage: ``python tools/build_tables.py [--check]`` (``--check`` compares and exits 1 on a difference).
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import fold_additions as own

TARGET = Path(__file__).parent.parent / "screener" / "text" / "fold_table.json"
_LAST = 0x110000
_HAN = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_SCRIPTS = (
    "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU", "DESERET", "OSAGE", "CANADIAN SYLLABICS",
    "WARANG CITI", "TIFINAGH", "GOTHIC", "OLD ITALIC", "ELBASAN", "GEORGIAN",
)  # fmt: skip
# Accents that are left when everything that can be composed is composed, and marks drawn over or around a letter.
_DIACRITICS = (
    (0x300, 0x36F), (0x483, 0x489), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
)  # fmt: skip


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _is_extender(code: int) -> bool:
    """Dropped characters that belong to the character before them (marks, variation selectors, skin tones)."""
    return unicodedata.category(chr(code)) in ("Mn", "Me") or _within(code, (*own.VARIATION_SELECTORS, own.SKIN_TONES))


def _is_dropped(code: int) -> bool:
    char = chr(code)
    category = unicodedata.category(char)
    if char in own.KEEP:
        return False
    if char in own.DROP or _within(code, own.DROP_RANGES) or _within(code, _DIACRITICS):
        return True
    if category == "Cc":
        return char not in own.SPACES and char not in "\n\r"
    return category == "Cf"


def _decomposed(char: str) -> str:
    """One level of decomposition, except where it would do harm; ``char`` itself when there is none."""
    if char in own.KEEP or _within(ord(char), own.KEEP_RANGES):
        return char
    fields = unicodedata.decomposition(char).split()
    if not fields:
        return char
    if not fields[0].startswith("<"):
        return unicodedata.normalize("NFC", char)
    parts = "".join(chr(int(f, 16)) for f in fields[1:])
    # Spacing accents decompose to a blank and a mark: that would invent a word boundary.
    if parts[0] == " " and len(parts) > 1:
        return "" if _within(ord(char), own.ARABIC_PRESENTATION) else char
    return parts


class Folder:
    """Folds one character completely: its result is folded again until nothing changes."""

    def __init__(self) -> None:
        import opencc

        self._opencc = opencc.OpenCC("t2s")
        self._known: dict[str, str] = {}

    def _simplified(self, char: str) -> str:
        if not _within(ord(char), _HAN):
            return char
        result = own.SIMPLIFIED.get(char) or self._opencc.convert(char)
        return result if len(result) == 1 else char

    def _step(self, char: str) -> str:
        if char in own.MAP:
            return own.MAP[char]
        if _is_dropped(ord(char)):
            return ""
        if char in own.SPACES or unicodedata.category(char) == "Zs":
            return " "
        if unicodedata.category(char) == "Nd":
            return str(unicodedata.decimal(char))
        letter = unicodedata.name(char, "").removeprefix("LATIN LETTER SMALL CAPITAL ")
        if len(letter) == 1:
            return letter.lower()
        parts = _decomposed(char)
        if parts != char:
            return parts
        folded = unicodedata.normalize("NFC", char.casefold())
        if folded != char:
            return folded
        return self._simplified(char)

    def fold(self, char: str) -> str:
        """What ``char`` becomes."""
        if char in self._known:
            return self._known[char]
        value = self._step(char)
        for _ in range(8):
            after = unicodedata.normalize("NFC", "".join(c if c == char else self._step(c) for c in value))
            if after == value:
                break
            value = after
        else:
            raise AssertionError(f"U+{ord(char):04X} does not settle")
        self._known[char] = value
        return value


def _composing() -> tuple[set[int], set[int]]:
    """Code points that may join the one before them in NFC, and those that never stand in NFC."""
    may, never = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3)), set()
    for code in range(_LAST):
        fields = unicodedata.decomposition(chr(code)).split()
        if fields and not fields[0].startswith("<"):
            if unicodedata.normalize("NFC", chr(code)) != chr(code):
                never.add(code)
            elif len(fields) == 2:
                may.add(int(fields[1], 16))
    return may, never


def _confusables(folder: Folder) -> tuple[dict[str, str], dict[str, str]]:
    """(foreign letter → Latin letter, Latin letter → Cyrillic letter that looks like it)."""
    import confusable_homoglyphs

    raw = json.loads((Path(confusable_homoglyphs.__file__).parent / "confusables.json").read_text("utf-8"))
    latin: dict[str, str] = {}
    for char in sorted(raw):
        if len(char) != 1 or not unicodedata.category(char).startswith("L"):
            continue
        if not unicodedata.name(char, "").startswith(_SCRIPTS):
            continue
        looks = [entry["c"] for entry in raw[char] if len(entry["c"]) == 1]
        found = {folder.fold(look) for look in looks if look.isascii() and look.isalpha()}
        if len(found) == 1:
            latin[char] = found.pop()
    # A capital that looks Latin speaks for its small letter, unless that has a look of its own.
    for char, letter in list(latin.items()):
        small = folder.fold(char)
        if len(small) == 1 and small not in latin:
            latin[small] = letter
    latin.update(own.CONFUSABLE)
    # Accented letters follow their base where Latin has the same accented letter.
    for code in range(0x370, 0x530):
        parts = unicodedata.normalize("NFD", chr(code))
        if chr(code) not in latin and len(parts) == 2 and parts[0] in latin:
            joined = unicodedata.normalize("NFC", latin[parts[0]] + parts[1])
            if len(joined) == 1:
                latin[chr(code)] = joined
    ordered = sorted(latin.items(), reverse=True)
    return latin, {letter: char for char, letter in ordered if "а" <= char <= "я" and letter.isascii()}


def _bare() -> dict[str, str]:
    """Latin letters with an accent → the letter alone, same length."""
    table = dict(own.BARE)
    for code in range(0xC0, 0x1F00):
        char = chr(code)
        if not unicodedata.name(char, "").startswith("LATIN") or char in table:
            continue
        base = unicodedata.normalize("NFD", char)[0]
        base = own.BARE.get(base, base)
        if base != char and base.isalpha():
            table[char] = base
    return table


def _ranges(codes: set[int]) -> str:
    """The inside of a regular-expression character class."""
    parts: list[str] = []
    ordered = sorted(codes)
    start = previous = ordered[0]
    for code in [*ordered[1:], -1]:
        if code == previous + 1:
            previous = code
            continue
        parts.append(chr(start) if start == previous else f"{chr(start)}-{chr(previous)}")
        start = previous = code
    return "".join(parts)


def build() -> dict[str, Any]:
    """The whole table as it is written to disk."""
    folder = Folder()
    may, never = _composing()
    latin, cyrillic = _confusables(folder)
    single: dict[str, str] = {}
    several: dict[str, str] = {}
    drop = [chr(code) for code in range(0x80) if not folder.fold(chr(code))]
    extenders: list[str] = []
    for code in range(0x80, _LAST):
        if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3:
            continue
        char = chr(code)
        if unicodedata.category(char) in ("Cn", "Co") and not _within(code, (*own.DROP_RANGES, *_HAN)):
            continue
        value = folder.fold(char)
        if not value:
            drop.append(char)
            if _is_extender(code):
                extenders.append(char)
        elif value == char:
            continue
        elif len(value) == 1:
            single[char] = value
        else:
            several[char] = value
    slow = {code for code in (*may, *never) if code >= 0x80}
    slow |= {ord(c) for c, v in single.items() if ord(v) in may or unicodedata.combining(v)}
    lookalikes = {*latin, *own.CONFUSABLE_WEAK}
    slow |= {ord(c) for c, v in (*single.items(), *several.items()) if not lookalikes.isdisjoint(v)}
    slow |= {ord(c) for c in (*latin, *own.CONFUSABLE_WEAK, *own.SLOW)}
    slow |= {ord(c) for c, v in single.items() if v in own.SLOW}
    marks = {code for code in range(0x300, _LAST) if unicodedata.combining(chr(code))}
    bare = _bare()
    return {
        "about": "generated by tools/build_tables.py; do not edit",
        "sources": {
            "unicodedata (compatibility decompositions, case folding, digits)": unicodedata.unidata_version,
            "OpenCC t2s, per character (Apache-2.0)": version("opencc"),
            "confusable-homoglyphs: Unicode confusables (MIT)": version("confusable-homoglyphs"),
            "tools/fold_additions.py": own.VERSION,
        },
        "single": ["".join(single), "".join(single.values())],
        "several": several,
        "drop": "".join(drop),
        "extenders": "".join(extenders),
        "slow": "".join(map(chr, sorted(slow))),
        "latin": ["".join(latin), "".join(latin.values())],
        "latin_weak": ["".join(own.CONFUSABLE_WEAK), "".join(own.CONFUSABLE_WEAK.values())],
        "cyrillic": ["".join(cyrillic), "".join(cyrillic.values())],
        "bare": ["".join(bare), "".join(bare.values())],
        "regions": own.REGIONS,
        "marks": _ranges(marks),
        "joining": _ranges(marks | may),
    }


def text() -> str:
    """The file's content. ASCII only, so that no editor or diff stumbles over marks and invisible characters."""
    return json.dumps(build(), ensure_ascii=True, indent=1) + "\n"


def main() -> int:
    """Write or check the table; returns the exit status."""
    parser = argparse.ArgumentParser(description="Write screener/text/fold_table.json.")
    parser.add_argument("--check", action="store_true", help="only compare with the file on disk")
    if parser.parse_args().check:
        same = TARGET.read_text("utf-8") == text()
        print("up to date" if same else f"{TARGET.name} differs: run tools/build_tables.py")
        return 0 if same else 1
    TARGET.write_text(text(), "utf-8")
    print(f"wrote {TARGET.name}: {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
