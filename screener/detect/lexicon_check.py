"""Development aid: ``python -m screener.detect.lexicon_check [LANGUAGE…]`` runs lexicon examples."""

from __future__ import annotations

import sys

from screener.detect.detector import Detector
from screener.detect.lexicon.examples import check_examples
from screener.detect.lexicon.store import read_folder
from screener.errors import RuleError
from screener.resources import resource_dir


def main(languages: list[str]) -> int:
    """Print every failing example; returns 1 when there are any."""
    try:
        loaded = read_folder(resource_dir("lexicons"))
        detector = Detector(classifier=False)
    except RuleError as error:
        print(error)  # noqa: T201
        return 2
    failures = list(check_examples(loaded, detector, languages=languages))
    for failure in failures:
        print(failure)  # noqa: T201
    counted = [r for r in loaded.rules if not languages or r.file.language in languages]
    print(f"{len(counted)} rules, {len(failures)} failures")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
