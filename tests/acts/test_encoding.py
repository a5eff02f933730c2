from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from screener.detect.acts.encoding import (
    BOS,
    CONTEXT_PIECES,
    EOS,
    OVERLAP,
    ROLES,
    TEXT_PIECES,
    pieces,
    printable,
    windows,
)
from screener.resources import resource_dir

TOKENIZER = Tokenizer.from_file(str(resource_dir("classifier") / "tokenizer.json"))
anything = st.text(st.characters(codec=None), max_size=200)  # lone surrogates too


@given(anything, st.lists(st.tuples(st.sampled_from(["buyer", "seller", "platform", "unknown"]), anything), max_size=5))
def test_windows_of_anything(text, context):
    encoded = pieces(TOKENIZER, text)
    made = windows(TOKENIZER, encoded, "buyer", context)
    for window in made:
        assert len(window.ids) == len(window.roles)
        assert window.ids[0] == BOS
        assert window.ids[1 + len(window.offsets)] == EOS
        assert len(window.offsets) <= TEXT_PIECES
        assert all(0 <= role < ROLES for role in window.roles)
        assert len(window.ids) <= TEXT_PIECES + 2 + CONTEXT_PIECES + 3
        assert all(0 <= start <= end <= len(text) for start, end in window.offsets)


@given(st.text(max_size=3000))
def test_windows_overlap_and_lose_nothing(text):
    encoded = pieces(TOKENIZER, text)
    made = windows(TOKENIZER, encoded, "seller")
    joined = list(made[0].offsets)
    for before, after in pairwise(made):
        assert before.offsets[-OVERLAP:] == after.offsets[:OVERLAP]
        joined += after.offsets[OVERLAP:]
    assert joined == encoded.offsets


@given(anything)
def test_printable_keeps_length_and_all_that_is_valid(text):
    clean = printable(text)
    clean.encode("utf-8")
    assert len(clean) == len(text)
    assert all(a == b or "\ud800" <= a <= "\udfff" for a, b in zip(text, clean, strict=True))


@pytest.mark.parametrize(
    "text", ["东西没问题", "ไม่มีปัญหา", "لا يوجد عيب", "불량 없어요", "Không lỗi", "ｗａ ok", "a\u200bb", "👍👍 ok"]
)
def test_offsets_point_at_the_original_text(text):
    encoded = pieces(TOKENIZER, text)
    covered = {i for start, end in encoded.offsets for i in range(start, end)}
    assert covered >= {i for i, c in enumerate(text) if c.isalnum()}


def test_the_newest_context_comes_first_and_questions_are_kept():
    long = "blah " * 100 + "is anything broken?"
    (window,) = windows(TOKENIZER, pieces(TOKENIZER, "no"), "buyer", [("buyer", "hello"), ("seller", long)])
    after = window.ids[2 + len(window.offsets) :]
    tokens = [TOKENIZER.id_to_token(i) for i in after[: after.index(EOS)]]
    assert tokens[-1].endswith("?")
    assert len(after) <= CONTEXT_PIECES + 2
