from __future__ import annotations

import pytest
from hypothesis import given, settings
from text_strategies import ANY_TEXT

from screener.text.offsets import Utf16Map, span_of


def units_of(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_units_are_those_of_the_encoding(text):
    to_units = Utf16Map(text)
    for offset in range(len(text) + 1):
        assert to_units.unit(offset) == units_of(text[:offset])


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_span_of_agrees_with_the_map(text):
    to_units = Utf16Map(text)
    low, high = len(text) // 3, len(text)
    span = span_of(text, low, high)
    assert (span.start, span.end) == (low, high)
    assert (span.start_utf16, span.end_utf16) == (to_units.unit(low), to_units.unit(high))


def test_beyond_the_text_is_an_error():
    with pytest.raises(IndexError):
        Utf16Map("😀").unit(5)
