from __future__ import annotations

import pytest
from hypothesis import given, settings
from text_strategies import ANY_TEXT

from screener.errors import ScreenerError
from screener.records import LANGUAGES
from screener.text import language
from screener.text.language import detect

CASES = [
    ("东西收到了，质量很好", "zh"),
    ("收到東西了，謝謝", "zh"),
    ("商品が届きました", "ja"),
    ("対応可能", "ja"),
    ("배송 언제 오나요", "ko"),
    ("ได้รับของแล้วค่ะ", "th"),
    ("متى يوصل الطلب", "ar"),
    ("Shop ơi khi nào giao hàng ạ", "vi"),
    ("barangnya sudah sampai ya kak", "id"),
    ("where is my order, please check it", "en"),
    ("¿cuándo llega mi pedido? gracias", "es"),
    ("quando chega o meu pedido? obrigado", "pt"),
    ("wann kommt meine Bestellung an?", "de"),
    ("quand est-ce que ma commande arrive ?", "fr"),
    ("quando arriva il mio ordine? grazie", "it"),
    ("kailan po darating ang order ko", "tl"),
]


@pytest.mark.parametrize(("text", "code"), CASES)
@pytest.mark.parametrize("detector", ["eldc", "py3langid"])
def test_languages(text, code, detector):
    pytest.importorskip(detector)
    assert detect(text, detector=detector).codes[0] == code


def test_twins_come_together_the_hinted_first():
    text = "barang sudah sampai terima kasih"
    assert detect(text).codes == ("id", "ms")
    assert detect(text, hints=("ms",)).codes == ("ms", "id")


def test_mixed_scripts_give_a_set():
    found = detect("我的 order 什么时候到 please check it for me thanks")
    assert set(found.codes) == {"zh", "en"}
    assert detect("加wa聊 iphone").codes == ("zh",)


@pytest.mark.parametrize("text", ["ok", "", "123", "😀", "hm"])
def test_too_short_gives_the_hints(text):
    found = detect(text, hints=("vi", "en"))
    assert found.codes[:2] == ("vi", "en")
    assert not found.reliable


def test_unknown_languages_are_not_forced():
    assert not detect("het artikel is kapot en ik wil mijn geld terug").reliable


def test_kana_as_ornament_is_no_japanese():
    assert "ja" not in detect("¯\\_(ツ)_/¯ where is my order please").codes


def test_langdetect_is_seeded():
    pytest.importorskip("langdetect")
    assert len({detect("good quality thanks seller", detector="langdetect") for _ in range(5)}) == 1


def test_unknown_detector_is_told():
    with pytest.raises(ScreenerError, match="E201"):
        detect("hello there", detector="other")


def test_eldc_missing_falls_back(monkeypatch):
    pytest.importorskip("py3langid")

    def missing():
        raise ImportError

    monkeypatch.setattr(language, "_with_eldc", missing)
    language._detector.cache_clear()
    try:
        assert detect("where is my order, please check it").codes[0] == "en"
    finally:
        language._detector.cache_clear()


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_never_fails(text):
    assert set(detect(text, hints=("en", "xx")).codes) <= set(LANGUAGES)
