from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_strategies import ANY_TEXT

from screener.text.normalise import extra_views, fold, fold_term
from screener.text.tables import tables


def all_views(text):
    folded = fold(text)
    return (folded, *extra_views(text, folded))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WhatsApp", "whatsapp"),
        ("ＷｈａｔｓＡｐｐ", "whatsapp"),
        ("ⓦⓗⓐⓣⓢⓐⓟⓟ", "whatsapp"),
        ("🅦🅗🅐🅣🅢🅐🅟🅟", "whatsapp"),
        ("🆆🅷🅰🆃🆂🅰🅿🅿", "whatsapp"),
        ("🄻🄸🄽🄴", "line"),
        ("⒲⒠⒞⒣⒜⒯", "wechat"),
        ("𝖂𝖊𝕮𝖍𝖆𝖙 𝗹𝗶𝗻𝗲 𝒵𝒶𝓁𝑜", "wechat line zalo"),
        ("ᴡʜᴀᴛꜱᴀᴘᴘ", "whatsapp"),
        ("ᵗᵉˡᵉᵍʳᵃᵐ", "telegram"),
        ("🇱 🇮 🇳 🇪", "l i n e"),
        ("🇼🇦", "wa"),
        ("w\u200bh\u200da\u00adt\u2060s", "whats"),
        ("w̷h̷a̷t̷s̶a̲p̲p", "whatsapp"),
        ("1️⃣3️⃣8️⃣", "138"),
        ("⓿❶➁➌④⑸⒍⓻𝟠₉⁰", "01234567890"),
        ("➕６２", "+62"),
        ("٠١٢٣ ۴۵۶ ๗๘๙ १२", "0123 456 789 12"),
        ("🔟 🆎 🆗", "10 ab ok"),
        ("薇❤信", "薇❤信"),
        ("聯繫我們，請加微信號", "联系我们,请加微信号"),
        ("ｶﾞｷﾞｸﾞ", "ガギグ"),
        ("ﾗｲﾝ らいん", "ライン らいん"),
        ("ㅋㅌ ㅋㅋ", "ㅋㅌ ㅋㅋ"),
        ("น้ำ นํ้า นำ้", "น้ำ น้ำ นำ้"),
        ("เเอดไลน์", "แอดไลน์"),
        ("واتـــساب وَاتس", "واتساب واتس"),
        ("أإآٱ ى ة ک ی", "اااا ي ه ك ي"),
        ("“quote” ‘q’ – — ‑", "\"quote\" 'q' - - -"),
        ("a\u3000b\u00a0c\td", "a b c d"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Straße", "strasse"),
        ("wechat™ ok", "wechat™ ok"),
        ("e\u0301 Đ", "é đ"),
        ("", ""),
    ],
)
def test_known_forms(text, expected):
    assert fold(text).text == expected
    assert fold_term(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wһаtѕарр", "whatsapp"),  # mostly Cyrillic, every letter a lookalike
        ("WhatsАpp", "whatsapp"),
        ("ТЕLЕGRАМ", "telegram"),
        ("ｗнαтѕαρρ", "whatsapp"),
        ("vіbеr", "viber"),
        ("instаgrаm.", "instagram."),
        ("加wеchаt聊", "加wechat聊"),
        ("Привет, как дела?", "привет, как дела?"),
        ("ѕсам", "ѕсам"),  # all Cyrillic: left alone
        ("Καλημέρα σας", "καλημέρα σασ"),
        ("кaжется", "кажется"),  # a Latin a in a Russian word
        ("Iphone для вас", "iphone для вас"),
    ],
)
def test_lookalike_letters_only_in_mixed_words(text, expected):
    assert fold(text).text == expected


@pytest.mark.parametrize("flags", ["🇮🇩", "🇹🇼🇺🇸", "🇮🇩 🇲🇾"])
def test_flags_stay_flags(flags):
    assert fold(flags).text == flags


def test_bare_strips_latin_accents_only():
    view = fold("Đồng ý, ça va, Müller, peut-être ñ")
    assert view.bare == "dong y, ca va, muller, peut-etre n"
    for text in ("ไลน์ น้ำ", "واتس", "ガギ", "한글", "微信", "йё"):
        assert fold(text).bare == fold(text).text


def test_keycaps_and_clusters_map_to_the_whole_cluster():
    text = "no 1️⃣2️⃣!"
    view = fold(text)
    assert view.text == "no 12!"
    assert text[slice(*view.span(3, 5))] == "1️⃣2️⃣"
    text = "xe\u0301y"
    assert text[slice(*fold(text).span(1, 2))] == "e\u0301"
    text = "Straße"
    assert text[slice(*fold(text).span(4, 5))] == "ß"
    text = "นํ้า"
    view = fold(text)
    assert text[slice(*view.span(1, 3))] == "ํ้า"


def test_dropped_characters_inside_are_covered():
    text = "x w\u200be\u200bchat y"
    view = fold(text)
    at = view.text.index("wechat")
    assert text[slice(*view.span(at, at + 6))] == "w\u200be\u200bchat"


def test_mark_floods_are_cut():
    assert fold("z" + "\u0301\u0335\u0489" * 200 + "a").text == "źa"
    assert len(fold("ก" + "็" * 500).text) <= 4


def test_identity_costs_no_arrays():
    for text in ("plain text", "好的，谢谢", "Đồng ý", "ขอบคุณค่ะ", "ｗｉｄｅ", "聯繫"):
        assert fold(text).starts is None


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_folding_is_idempotent(text):
    once = fold(text)
    twice = fold(once.text)
    assert twice.text == once.text
    assert twice.bare == once.bare


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_folded_text_is_composed_and_lower(text):
    folded = fold(text).text
    assert unicodedata.is_normalized("NFC", folded)
    assert folded.translate(dict.fromkeys(range(ord("A"), ord("Z") + 1))) == folded


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT)
def test_spans_of_all_views_lie_in_order_in_the_text(text):
    for view in all_views(text):
        assert len(view.bare) == len(view.text)
        if view.starts is None:
            assert len(view.text) == len(text)
            continue
        assert view.ends is not None
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert all(0 <= s < e <= len(text) for s, e in zip(view.starts, view.ends, strict=True))
        assert list(view.starts) == sorted(view.starts)
        assert list(view.ends) == sorted(view.ends)


@settings(max_examples=100, deadline=None)
@given(ANY_TEXT, st.data())
def test_the_span_of_a_range_folds_to_that_range(text, data):
    # Flags and lookalikes depend on their neighbours, so a slice of them alone may fold differently.
    view = fold(text)
    letters = {*tables().latin, *tables().latin_weak}
    if not view.text or any("\U0001f1e6" <= c <= "\U0001f1ff" or c in letters for o in text for c in o + fold(o).text):
        return
    low = data.draw(st.integers(0, len(view.text) - 1))
    high = data.draw(st.integers(low + 1, len(view.text)))
    start, end = view.span(low, high)
    assert view.text[low:high] in fold(text[start:end]).text


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_quick_and_slow_ways_agree(text):
    from screener.text.normalise import _fold_slowly

    assert _fold_slowly(text, tables()).text == fold(text).text


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "á" * 100_000,
        "a" + "\u0301\u0323" * 50_000,
        "e\u0301" * 50_000,
        "ß" * 100_000,
        "😀\ufe0f" * 50_000,
        "w " * 50_000,
        "w.e" * 33_000,
        "一" * 100_000,
        "one " * 25_000,
        "1a" * 50_000,
        "็" * 100_000,
        "เ" * 100_000,
        "🇮" * 100_000,
        "wа" * 50_000,
        "wа " * 33_000,
        "\ud800" * 100_000,
        "\u1112\u1161\u11ab" * 33_000,
        "'a" * 50_000,
        "\r\n" * 50_000,
    ],
    ids=range(20),
)
def test_long_messages_take_bounded_time(text):
    started = time.perf_counter()
    all_views(text)
    assert time.perf_counter() - started < 3


def test_import_is_cheap_and_lazy():
    code = (
        "import sys; import screener.text.normalise, screener.text.language, screener.text.words;"
        "heavy = {'rjieba', 'jieba', 'eldc', 'langdetect', 'py3langid', 'yaml', 'ahocorasick_rs'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
