from pathlib import Path
from textwrap import dedent

import pytest

from screener.detect.detector import Detector

ENTRY = """
  - id: {language}.{label}.{name}
    explanation: {{en: Because., zh: 因为。}}
    source: test
    examples: {{bad: ["[[x y]]", "[[x y]]"], good: ["a", "b"]}}
{body}
"""


@pytest.fixture
def lexicon(tmp_path: Path):
    """Write a lexicon folder: ``lexicon("en", "abuse", {"name": "yaml body"}, sets="...")``; returns its path."""

    def write(language: str, label: str, entries: dict[str, str], sets: str = "", head: str = "") -> Path:
        folder = tmp_path / "lexicons" / language
        folder.mkdir(parents=True, exist_ok=True)
        body = f"language: {language}\nlabel: {label}\n{dedent(head)}entries:\n"
        for name, text in entries.items():
            indented = "\n".join("    " + line for line in dedent(text).strip().splitlines())
            body += ENTRY.format(language=language, label=label, name=name, body=indented).lstrip("\n")
        (folder / f"{label}.yaml").write_text(body, encoding="utf-8")
        if sets:
            (folder / "sets.yaml").write_text(f"language: {language}\nsets:\n{sets}", encoding="utf-8")
        return tmp_path / "lexicons"

    return write


@pytest.fixture
def detector(lexicon, tmp_path, monkeypatch):
    """A detector over a lexicon written by the ``lexicon`` fixture."""
    monkeypatch.setenv("SCREENER_CACHE", str(tmp_path / "cache"))

    def build(*args, **kwargs) -> Detector:
        return Detector(lexicons=lexicon(*args, **kwargs), classifier=False)

    return build
