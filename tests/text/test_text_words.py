from __future__ import annotations

import pytest

from screener.errors import ScreenerError
from screener.text.words import stands_alone, words


@pytest.mark.parametrize("cutter", ["rjieba", "jieba"])
def test_words_tile_the_text(cutter):
    pytest.importorskip(cutter)
    for text in ("质量没问题", "加wa聊 ok\ud800", "", "😀 好的"):
        found = words(text, cutter)
        assert [a for a, _ in found] == [0, *(b for _, b in found)][: len(found)]
        assert (found[-1][1] if found else 0) == len(text)


def test_a_hit_inside_words_does_not_stand_alone():
    assert stands_alone("质量没问题", 0, 2)
    text = "发展中国家很多"
    assert not stands_alone(text, 2, 4)


def test_unknown_cutter_is_told():
    with pytest.raises(ScreenerError, match="E201"):
        words("好", "other")
