"""Mistakes in lexicon files are told with file and line."""

import pytest

from screener.detect.lexicon.store import read_folder
from screener.errors import RuleError


def message(folder):
    with pytest.raises(RuleError) as caught:
        read_folder(folder)
    assert caught.value.code == "E301"
    return str(caught.value)


def test_unknown_key_names_the_line(lexicon):
    folder = lexicon("en", "abuse", {"a": "terms: [x y]\nreplacment: z"})
    assert "abuse.yaml:9" in message(folder)


def test_unknown_set(lexicon):
    folder = lexicon("en", "abuse", {"a": 'patterns: ["{nowhere} x"]'})
    assert "{nowhere}" in message(folder)


def test_unreadable_pattern(lexicon):
    folder = lexicon("en", "abuse", {"a": 'patterns: ["x ..2"]'})
    assert "gap" in message(folder)


def test_label_must_be_the_file_name(lexicon, tmp_path):
    folder = lexicon("en", "abuse", {"a": "terms: [x y]"})
    (folder / "en" / "abuse.yaml").rename(folder / "en" / "threat.yaml")
    assert "threat.yaml:2" in message(folder)


def test_missing_examples(lexicon):
    folder = lexicon("en", "abuse", {"a": "terms: [x y]"})
    path = folder / "en" / "abuse.yaml"
    path.write_text(path.read_text().replace('bad: ["[[x y]]", "[[x y]]"]', 'bad: ["[[x y]]"]'))
    assert "examples" in message(folder)


def test_duplicate_key(lexicon):
    folder = lexicon("en", "abuse", {"a": "terms: [x y]\nterms: [z w]"})
    assert "given twice" in message(folder)


def test_broken_yaml(lexicon):
    folder = lexicon("en", "abuse", {"a": "terms: [x y"})
    assert "abuse.yaml:" in message(folder)
