from __future__ import annotations

import pytest

from screener.text.normalise import extra_views, fold


def views(text):
    folded = fold(text)
    return {view.name: view for view in (folded, *extra_views(text, folded))}


@pytest.mark.parametrize(
    ("text", "view", "expected"),
    [
        ("whaaatsapp", "collapsed", "whatsapp"),
        ("whatsapppp", "doubled", "whatsapp"),
        ("加微微微信", "collapsed", "加微信"),
        ("ไลนนนน์", "collapsed", "ไลน์"),
        ("wh4ts4pp", "leet", "whatsapp"),
        ("t3l3gr4m me", "leet", "telegram me"),
        ("wh@tsapp", "leet", "whatsapp"),
        ("v1ber", "leet", "viber"),
        ("v!ber", "leet", "viber"),
        ("1nsta", "leet", "insta"),
        ("te1egram", "leet_l", "telegram"),
        ("|ine id", "leet", "line id"),
        ("$hopee", "leet", "shopee"),
        ("z4l0", "leet", "zalo"),
        ("wh4t$app", "leet", "whatsapp"),
        ("my w h a t s a p p please", "squeezed", "my whatsapp please"),
        ("w.h.a.t.s", "squeezed", "whats"),
        ("w-e-c-h-a-t", "squeezed", "wechat"),
        ("w_e_c_h_a_t", "squeezed", "wechat"),
        ("w  e  c  h  a  t", "squeezed", "wechat"),
        ("l i n e", "squeezed", "line"),
        ("🇱 🇮 🇳 🇪", "squeezed", "line"),
        ("z😀a😀l😀o", "squeezed", "zalo"),
        ("a d d   w e c h a t", "squeezed", "add wechat"),
        ("加 微 信", "squeezed", "加微信"),
        ("微-信-号", "squeezed", "微信号"),
        ("加❤️微❤️信", "squeezed", "加微信"),
        ("ラ イ ン", "squeezed", "ライン"),
        ("카 카 오 톡", "squeezed", "카카오톡"),
        ("ไ ล น์", "squeezed", "ไลน์"),
        ("w 3 c h 4 t", "squeezed_leet", "wechat"),
        ("te.le.gram", "joined", "telegram"),
        ("whats.app", "joined", "whatsapp"),
        ("what's-app", "joined", "whatsapp"),
        ("Tele_gram", "joined", "telegram"),
        ("微❤信", "joined", "微信"),
        ("微.信", "joined", "微信"),
        ("ไล-น์", "joined", "ไลน์"),
        ("we~chat", "joined", "wechat"),
        ("zero eight one two three", "digits", "08123"),
        ("oh eight one 234567", "digits", "081234567"),
        ("double five six triple seven", "digits", "556777"),
        ("nol delapan satu dua tiga", "digits", "08123"),
        ("không chín một hai ba bốn", "digits", "091234"),
        ("khong chin mot hai ba bon", "digits", "091234"),
        ("零幺三八零零幺三八", "digits", "013800138"),
        ("壹叁捌零零", "digits", "13800"),
        ("ศูนย์แปดหนึ่งสองสาม", "digits", "08123"),
        ("공일공 일이삼사 오육칠팔", "digits", "01012345678"),
        ("ぜろ きゅう ぜろ いち に さん", "digits", "090123"),
        ("〇九〇一二三四", "digits", "0901234"),
        ("cero uno dos tres cuatro", "digits", "01234"),
        ("zero um dois três quatro", "digits", "01234"),
        ("null eins zwei drei vier fünf", "digits", "012345"),
        ("zéro un deux trois quatre", "digits", "01234"),
        ("zero uno due tre quattro", "digits", "01234"),
        ("صفر خمسة خمسة سبعة تمانية", "digits", "05578"),
        ("sero siyam isa dalawa tatlo", "digits", "09123"),
        ("sifar satu lapan tujuh enam", "digits", "01876"),
        ("\ud800 one two three four", "digits", "\ud800 1234"),
    ],
)
def test_disguises(text, view, expected):
    assert views(text)[view].text == expected


@pytest.mark.parametrize(
    "text",
    [
        "hello, when will my order arrive?",
        "one two-piece set",
        "I bought one for two of us, three in total",
        "don't worry, it's fine, we'll wait",
        "l'article n'est pas arrivé",
        "size M or L, 2 pcs of iphone13 500ml",
        "亲，东西收到了，质量很好",
        "三四天就到了",
        "ได้รับของแล้วค่ะ ขอบคุณค่ะ",
        "الطلب وصل والحمد لله",
        "배송 언제 오나요?",
        "I am a buyer",
        "www shop",
    ],
)
def test_plain_text_has_no_reading_that_invents_words(text):
    for name, view in views(text).items():
        assert name in ("folded", "joined"), name
        if name == "joined":
            assert sum(c.isalnum() for c in view.text) == sum(c.isalnum() for c in text)


@pytest.mark.parametrize(
    ("text", "needle", "covered"),
    [
        ("add W h a t s A p p ok", "whatsapp", "W h a t s A p p"),
        ("my t3l3gr4m!", "telegram", "t3l3gr4m"),
        ("so te.le.gram ok", "telegram", "te.le.gram"),
        ("加❤️微❤️信吧", "加微信", "加❤️微❤️信"),
        ("call zero eight double one five now", "08115", "zero eight double one five"),
        ("x whaaaatsapp y", "whatsapp", "whaaaatsapp"),
        ("ß w\u200b.e.c.h.a.t", "wechat", "w\u200b.e.c.h.a.t"),
    ],
)
def test_spans_lead_back(text, needle, covered):
    spans = {
        text[slice(*view.span(at, at + len(needle)))]
        for view in views(text).values()
        if (at := view.text.find(needle)) >= 0
    }
    assert spans == {covered}


def test_one_digit_of_a_number_word_maps_to_the_word():
    text = "one two three four five"
    view = views(text)["digits"]
    assert [text[slice(*view.span(i, i + 1))] for i in range(5)] == text.split()
