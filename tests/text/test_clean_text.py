"""Ordinary sentences of every language go through folding undamaged."""

from __future__ import annotations

import re

import pytest

from screener.text.normalise import extra_views, fold

CLEAN = {
    "en": [
        "Hi, I received the parcel yesterday and everything works fine.",
        "Could you tell me when order 88213 will be shipped?",
        "The colour isn't what I expected, but the size fits well.",
    ],
    "id": [
        "Kak, barangnya sudah sampai tadi siang, terima kasih ya.",
        "Ukurannya kekecilan, bisa tukar yang L tidak?",
        "Packingnya rapi dan teman-teman saya juga suka.",
    ],
    "ms": [
        "Barang dah sampai semalam, kualiti memang bagus.",
        "Boleh saya tukar warna lain tak, hitam tu tak sesuai.",
        "Terima kasih, penghantaran cepat sangat.",
    ],
    "vi": [
        "Shop ơi, em nhận được hàng rồi nhưng áo hơi chật.",
        "Giao hàng nhanh, đóng gói cẩn thận, cảm ơn shop nhiều.",
        "Cho mình hỏi khi nào thì có màu xanh đậm ạ?",
    ],
    "th": [
        "ได้รับสินค้าแล้วค่ะ คุณภาพดีมาก ขอบคุณนะคะ",
        "เสื้อตัวเล็กไปหน่อย ขอเปลี่ยนเป็นไซซ์ใหญ่ได้ไหมครับ",
        "น้ำหอมกลิ่นดี แต่กล่องบุบนิดหน่อยค่ะ",
    ],
    "tl": [
        "Natanggap ko na po kahapon, maganda ang tela.",
        "Pwede po bang palitan ng mas malaking size?",
        "Salamat po sa mabilis na pagpapadala.",
    ],
    "es": [
        "¡Hola! El paquete llegó ayer y todo está perfecto.",
        "¿Me podría decir cuándo envían el pedido? Mañana salgo de viaje.",
        "La talla es pequeña, pero el color es precioso.",
    ],
    "pt": [
        "Olá, recebi o produto hoje e está tudo certo.",
        "Não gostei da cor; posso trocar pela azul?",
        "A entrega foi rápida e a embalagem, ótima.",
    ],
    "de": [
        "Guten Tag, das Gerät läuft einwandfrei, vielen Dank.",
        "Können Sie mir sagen, wann die Bestellung ankommt?",
        "Leider gefällt mir die Farbe überhaupt nicht.",
    ],
    "fr": [
        "Bonjour, j'ai bien reçu le colis, tout fonctionne.",
        "Où en est ma commande ? Elle devait arriver à Noël.",
        "La taille ne convient pas, peut-être la prochaine fois.",
    ],
    "it": [
        "Buongiorno, il pacco è arrivato ieri ed è tutto a posto.",
        "Perché non è ancora stato spedito? C'è un problema?",
        "La qualità è buona, però è un po' piccolo.",
    ],
    "ko": [
        "상품 잘 받았습니다. 품질이 아주 좋네요.",
        "색상이 사진과 조금 다른데 교환할 수 있을까요?",
        "ㅎㅎ 배송이 정말 빨라요 감사합니다 ㅠㅠ",
    ],
}
CJK = {
    "zh": [
        ("东西收到了，质量没问题。", "东西收到了,质量没问题。"),
        ("最近天气热，请尽快发货！", "最近天气热,请尽快发货!"),
        ("颜色和图片不一样，可以换吗？", "颜色和图片不一样,可以换吗?"),
    ],
    "zh-Hant": [
        ("東西收到了，質量沒問題。", "东西收到了,质量没问题。"),
        ("請問什麼時候會發貨？", "请问什么时候会发货?"),
        ("顏色跟圖片不一樣，可以換嗎？", "颜色跟图片不一样,可以换吗?"),
    ],
    "ja": [
        ("商品が届きました。とても気に入りました。", "商品が届きました。とても気に入りました。"),
        ("サイズが小さいので、交換できますか？", "サイズが小さいので、交换できますか?"),
        ("ありがとうございます、コーヒーも美味しかったです！", "ありがとうございます、コーヒーも美味しかったです!"),
    ],
    "ar": [
        ("السلام عليكم، وصلني الطلب أمس والحمد لله.", "السلام عليكم, وصلني الطلب امس والحمد لله."),
        ("متى يوصل الطلب؟ شكراً جزيلاً", "متي يوصل الطلب? شكرا جزيلا"),
        ("الجودة ممتازة لكن المقاس صغير", "الجوده ممتازه لكن المقاس صغير"),
    ],
}
OTHERS = [
    "Привет, когда придёт мой заказ?",
    "Πότε θα έρθει η παραγγελία;",
    "Дякую, все їде чудово",
    "मेरा ऑर्डर कब आएगा?",
    "שלום, מתי יגיע",
]


@pytest.mark.parametrize(("language", "text"), [(k, t) for k, ts in CLEAN.items() for t in ts])
def test_only_case_changes(language, text):
    view = fold(text)
    assert view.text == text.casefold()
    assert view.starts is None
    assert len(view.bare) == len(text)


@pytest.mark.parametrize(("language", "text", "expected"), [(k, *t) for k, ts in CJK.items() for t in ts])
def test_only_what_the_table_says_changes(language, text, expected):
    assert fold(text).text == expected
    assert len(re.findall(r"\w+", expected)) == len(re.findall(r"\w+", re.sub("[\u064b-\u065f]", "", text)))


@pytest.mark.parametrize("text", OTHERS)
def test_other_scripts_survive(text):
    assert fold(text).text == text.lower().replace("ς", "σ")


@pytest.mark.parametrize("text", [t for ts in CLEAN.values() for t in ts] + [t[0] for ts in CJK.values() for t in ts])
def test_clean_sentences_trigger_no_view_but_joined(text):
    assert {v.name for v in extra_views(text, fold(text))} <= {"joined"}
