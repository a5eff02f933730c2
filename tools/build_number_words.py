"""Build ``screener/text/number_tens.json``: the number words from ten to ninety-nine, for digits dictated in pairs.

French and Italian phone numbers are spoken in pairs ("quarante-deux"), and so are parts of numbers elsewhere. The words
come from ``num2words`` (LGPL, used here at build time only); its version is written into the table. Run
``python tools/build_number_words.py``; ``--check`` compares.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "screener" / "text" / "number_tens.json"
LANGUAGES = {"en": "en", "fr": "fr", "es": "es", "pt": "pt_BR", "de": "de", "it": "it", "id": "id"}


def build() -> dict[str, object]:
    """The table: word as it is compared (folded, without accents) to its two digits."""
    from num2words import num2words

    sys.path.insert(0, str(TARGET.parents[2]))
    from screener.text.normalise import fold

    words: dict[str, str] = {}
    for code in LANGUAGES.values():
        for number in range(10, 100):
            spoken = fold(num2words(number, lang=code)).bare
            for form in {spoken, spoken.replace("-", " "), spoken.replace(" ", "-")}:
                words.setdefault(form, str(number))
    return {"num2words": importlib.metadata.version("num2words"), "words": dict(sorted(words.items()))}


def main() -> int:
    """Write or check the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; exit code 1 when it differs")
    given = parser.parse_args()
    text = json.dumps(build(), ensure_ascii=False, indent=0) + "\n"
    if given.check:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        print("the table is what its source gives" if same else "the table differs from its source")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"written: {TARGET.name}, {len(text):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
