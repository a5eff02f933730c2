import shutil

import pytest

from screener.detect.acts.artefact import ENCODER, MANIFEST, TOKENIZER, open_artefact
from screener.detect.acts.classifier import Classifier
from screener.errors import ScreenerError
from screener.resources import resource_dir


@pytest.fixture
def folder(tmp_path):
    """A copy of the shipped artefact."""
    return shutil.copytree(resource_dir("classifier"), tmp_path / "classifier")


def fails(folder) -> ScreenerError:
    with pytest.raises(ScreenerError) as caught:
        Classifier(open_artefact(folder)).read("the kettle works, nothing is wrong with it", "buyer")
    assert caught.value.code == "E305"
    return caught.value


def test_the_shipped_artefact_opens():
    manifest = open_artefact().manifest
    assert manifest.files.keys() >= {ENCODER, TOKENIZER}
    assert sum(file.bytes for file in manifest.files.values()) <= 48_000_000


def test_a_changed_byte_is_told_with_the_expected_hash(folder):
    path = folder / ENCODER
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    expected = open_artefact().manifest.files[ENCODER].sha256
    problem = fails(folder).problem
    assert str(path) in problem
    assert expected in problem


def test_a_missing_file_is_told_with_the_expected_hash(folder):
    (folder / TOKENIZER).unlink()
    problem = fails(folder).problem
    assert TOKENIZER in problem
    assert open_artefact().manifest.files[TOKENIZER].sha256 in problem


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": "\\ud800"}'])
def test_a_broken_manifest_is_told(folder, content):
    (folder / MANIFEST).write_text(content, encoding="utf-8")
    assert MANIFEST in fails(folder).problem


def test_a_missing_folder_is_told(tmp_path):
    assert "nowhere" in fails(tmp_path / "nowhere").problem


def test_another_format_is_refused(folder):
    path = folder / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 99', 1), encoding="utf-8")
    assert "99" in fails(folder).problem
