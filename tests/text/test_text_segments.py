from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from text_strategies import ANY_TEXT

from screener.text.segments import clauses, is_word_edge, safe_span, sentences, units


def cut(text, how=sentences):
    return [text[a:b].strip() for a, b in how(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It costs 3.50. See t.me/abc?id=1 ok", ["It costs 3.50.", "See t.me/abc?id=1 ok"]),
        ("thanks.Please reply", ["thanks.", "Please reply"]),
        ("no. 5 is bad. ok", ["no. 5 is bad.", "ok"]),
        ("add my v!ber now! ok", ["add my v!ber now!", "ok"]),
        ("好的。收到！谢谢", ["好的。", "收到！", "谢谢"]),
        ("متى يصل؟ شكرا", ["متى يصل؟", "شكرا"]),
        ("hi\r\nyou\nme", ["hi", "you", "me"]),
        ('He said "no." Then left', ['He said "no."', "Then left"]),
        ("", [""]),
    ],
)
def test_sentences(text, expected):
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing wrong, I just dislike it", ["nothing wrong,", "I just dislike it"]),
        ("没问题，就是不想要了", ["没问题，", "就是不想要了"]),
        ("1,500 and 12:30", ["1,500 and 12:30"]),
        ("لا، شكرا", ["لا،", "شكرا"]),
        ("good - but small", ["good -", "but small"]),
        ("two-piece set", ["two-piece set"]),
    ],
)
def test_clauses(text, expected):
    assert cut(text, clauses) == expected


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_segments_tile_the_text(text):
    for how in (sentences, clauses):
        found = how(text)
        assert found[0][0] == 0
        assert found[-1][1] == len(text)
        assert all(a[1] == b[0] for a, b in pairwise(found))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("two words", 2),
        ("don't stop", 2),
        ("加微信", 3),
        ("ขอบคุณ", 2),
        ("加wa聊 ok", 4),
        ("배송 언제", 2),
        ("ライン", 3),
        ("", 0),
    ],
)
def test_units(text, count):
    found = units(text)
    assert found[-1] == count
    assert len(found) == len(text) + 1


@pytest.mark.parametrize(
    ("text", "position", "edge"),
    [
        ("line up", 4, True),
        ("airline", 3, False),
        ("加wa聊", 1, True),
        ("wa0812", 2, True),
        ("ไลน์", 3, False),
        ("แอดไลน์", 3, True),
        ("แอดไลน์", 4, False),
        ("abc", 0, True),
        ("abc", 3, True),
    ],
)
def test_word_edges(text, position, edge):
    assert is_word_edge(text, position) is edge


def test_spans_never_part_a_thai_syllable():
    text = "น้ำดื่ม"
    assert safe_span(text, 1, 5) == (0, 6)
    assert safe_span("👍🏽 ok", 0, 1) == (0, 2)
