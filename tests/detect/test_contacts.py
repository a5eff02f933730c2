"""The contact stage: what it finds, what it leaves alone, that it never fails and never slows down."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.detect.contacts import extract, extract_weak
from screener.detect.message import Prepared

TABLE = yaml.safe_load((Path(__file__).parent / "contacts.yaml").read_text(encoding="utf-8"))
MARK = re.compile(r"\[\[(.+?)\]\](?!\])")


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """``a [[b]]`` as text and spans."""
    text, spans, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        spans.append((len(text), len(text) + len(match[1])))
        text += match[1]
        position = match.end()
    return text + marked[position:], spans


def handles(text: str) -> list[tuple[int, int]]:
    return [(c.start, c.end) for c in extract_weak(Prepared(text)) if c.kind == "handle"]


def test_table_is_large_enough():
    assert len(TABLE["found"]) >= 120
    assert len(TABLE["silent"]) >= 150


@pytest.mark.parametrize(("region", "kinds", "marked"), TABLE["found"])
def test_found(region, kinds, marked):
    text, spans = unmark(marked)
    found = sorted((c.start, c.end, c.kind) for c in extract(Prepared(text, region=region)))
    assert found == [(*span, kind) for span, kind in zip(spans, kinds.split(), strict=True)]


@pytest.mark.parametrize(("region", "text"), TABLE["silent"])
def test_silent(region, text):
    assert [(c.kind, text[c.start : c.end]) for c in extract(Prepared(text, region=region))] == []


@pytest.mark.parametrize("marked", TABLE["handles"])
def test_handles(marked):
    text, spans = unmark(marked)
    assert handles(text) == spans


@pytest.mark.parametrize("text", TABLE["no_handles"])
def test_no_handles(text):
    assert [text[s:e] for s, e in handles(text)] == []


SNIPPETS = st.sampled_from(
    [
        "0812",
        " 3456",
        "+62",
        "one ",
        "two",
        "零",
        "八",
        "dot ",
        "com",
        " at ",
        "@",
        ".",
        "(",
        "\ud800",
        "٣",
        "ＡＢ",
        "❤",
        "www.",
        "://",
        "\n",
        "o",
        "l",
        " ",
        "pix",
    ]
)


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(st.text(max_size=60), st.lists(SNIPPETS, max_size=20).map("".join)),
    st.sampled_from([None, "ID", "EU", "US", "ZZ"]),
)
def test_any_text(text, region):
    message = Prepared(text, region=region)
    for candidate in [*extract(message), *extract_weak(message)]:
        assert 0 <= candidate.start < candidate.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        ".",
        "@",
        " ",
        "1 ",
        "0812 3456 7890 ",
        "a.",
        "a@",
        "1.",
        "-1",
        "(",
        "dot ",
        " at a",
        "o1",
        "+1",
        "4 ",
        "a-",
        "０",
        "零",
        "http://",
        "/",
        "1/",
        "x:",
        "l ",
        "o 1 ",
        "1の",
        "plus one ",
        "t me /",
        "gmail ",
        "a gmail",
        "あっと",
        "a☆gmail",
        "live:",
        "and then 1 ",
    ],
)
def test_long_text_takes_linear_time(piece):
    message = Prepared("hi")
    extract(message)
    extract_weak(message)
    message = Prepared((piece * (100_000 // len(piece)))[:100_000], region="ID")
    message.languages  # noqa: B018 - not what is measured
    start = time.perf_counter()
    extract(message)
    assert time.perf_counter() - start < 1


def test_number_parts_are_the_same_in_rules_and_words():
    folder = Path(__file__).parents[2] / "lexicons"
    words = yaml.safe_load((folder / "contact_words.yaml").read_text(encoding="utf-8"))["number_parts"]
    sets = yaml.safe_load((folder / "_common" / "sets.yaml").read_text(encoding="utf-8"))["sets"]
    assert sets["number_part"] == words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("mine ends in 762", "762"),
        ("下4桁は4471です", "4471"),
        ("il commence par 06 44", "0644"),
        ("đuôi là 4471", "4471"),
    ],
)
def test_parts_of_numbers(text, value):
    assert value in [c.value for c in extract_weak(Prepared(text)) if c.kind == "number"]


@pytest.mark.parametrize("text", ["it ends in 7 days", "starts with 150 ml", "mine ends in $762"])
def test_no_parts_of_numbers(text):
    assert [c.value for c in extract_weak(Prepared(text)) if c.kind == "number"] == []


def test_nothing_heavy_is_loaded_for_plain_chat():
    code = (
        "import sys\nfrom screener.detect.message import Prepared\nfrom screener.detect.contacts import extract\n"
        "extract(Prepared('hi, size 42, order 123456789012345678, thanks. ok?'))\n"
        "heavy = {'phonenumbers', 'stdnum', 'publicsuffixlist', 'tldextract', 'requests'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
