"""The matching engine against small lexicons made for one question each."""

import time

import pytest

from screener.records import Speaker


def spans(detector, text, **kwargs):
    return [text[f.span.start : f.span.end] for f in detector.find(text, **kwargs)]


def test_span_reaches_from_first_to_last_item(detector):
    d = detector("en", "off_platform_contact", {"a": 'patterns: ["(add|text) ..2 (whatsapp|telegram)"]'})
    assert spans(d, "pls add me on WhatsApp now") == ["add me on WhatsApp"]
    assert spans(d, "add one two three whatsapp") == []
    assert spans(d, "add it. whatsapp") == []


def test_word_edges_by_script(detector):
    d = detector("en", "abuse", {"a": 'terms: ["wa", "微信", "ไลน์", "카톡"]\nboundary: auto'})
    assert spans(d, "加wa聊") == ["wa"]
    assert spans(d, "wa0812") == ["wa"]
    assert spans(d, "want") == []
    assert spans(d, "我的微信号") == ["微信"]
    assert spans(d, "카톡으로 주세요") == ["카톡"]
    assert spans(d, "새카톡") == []
    assert spans(d, "แอดไลน์มา") == ["ไลน์"]


def test_accents_may_lack_but_not_differ(detector):
    d = detector("vi", "abuse", {"a": 'terms: ["kết bạn"]'})
    assert spans(d, "ket ban voi shop") == ["ket ban"]
    assert spans(d, "Kết Bạn nhé") == ["Kết Bạn"]
    assert spans(d, "kết bán") == []


def test_strict_accents(detector):
    d = detector("vi", "abuse", {"a": 'terms: ["kết bạn"]\naccents: strict'})
    assert spans(d, "ket ban") == []
    assert spans(d, "kết bạn") == ["kết bạn"]


def test_disguises_need_no_terms(detector):
    d = detector("en", "abuse", {"a": 'terms: ["whatsapp"]'})
    for text in (
        "w.h.a.t.s.a.p.p",
        "w h a t s a p p",
        "ｗｈａｔｓａｐｐ",
        "wh4ts4pp",
        "WhatsApp",
        "what​sapp",
    ):
        assert spans(d, f"my {text} ok") == [text], text


def test_unless_needs_and_allow(detector):
    d = detector(
        "en",
        "personal_data",
        {
            "a": """
            terms: ["your phone"]
            unless: [{any: [courier], scope: sentence}]
            needs: [{any: [send, give], within: 3, side: before}]
            allow: ["your phone case"]
            """
        },
    )
    assert spans(d, "please give me your phone") == ["your phone"]
    assert spans(d, "your phone please") == []
    assert spans(d, "send your phone, the courier will call") == []
    assert spans(d, "send your phone case back") == []
    assert spans(d, "give us if at all possible today your phone") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("add my whatsapp", True),
        ("please do not add my whatsapp", False),
        ("add my whatsapp is not possible", False),
        ("why not add my whatsapp", True),
        ("it is not big, so add my whatsapp", True),
    ],
)
def test_refusals(detector, text, found):
    d = detector(
        "en",
        "off_platform_contact",
        {"a": 'patterns: ["add ..2 whatsapp"]'},
        sets='  refusal_before: ["not"]\n  refusal_after: ["not possible"]\n  refusal_except: ["why not"]\n',
    )
    assert bool(spans(d, text)) is found


def test_speaker_and_longest_wins(detector):
    d = detector(
        "en",
        "absolute_claim",
        {"short": 'terms: ["best quality"]', "long": 'patterns: ["the best quality ..2 world"]'},
        head="defaults: {speaker: [seller]}\n",
    )
    found = d.find("the best quality in the world", speaker=Speaker.SELLER)
    assert [f.rule_id for f in found] == ["en.absolute_claim.long"]
    assert d.find("the best quality in the world", speaker=Speaker.BUYER) == []


def test_contacts_are_slots(detector):
    d = detector("id", "off_platform_contact", {"a": 'patterns: ["(wa|hubungi) ..2 <phone>", "ig ..1 <handle>"]'})
    assert spans(d, "wa ke 0812-3456-7890 ya", region="ID") == ["wa ke 0812-3456-7890"]
    assert spans(d, "ig kami @toko.maju", region="ID") == ["ig kami @toko.maju"]
    assert spans(d, "wa nomor pesanan 081234567890", region="ID") == []


def test_a_message_of_nothing_but_terms_takes_bounded_time(detector):
    d = detector("en", "abuse", {"a": 'patterns: ["add ..9 add ..9 whatsapp"]'})
    text = "add " * 20_000 + "whatsapp"
    started = time.perf_counter()
    d.find(text)
    assert time.perf_counter() - started < 5


def test_lone_surrogates_and_offsets(detector):
    d = detector("en", "abuse", {"a": 'terms: ["idiot"]'})
    text = "\ud83d 😀 you idiot"
    (finding,) = d.find(text)
    assert text[finding.span.start : finding.span.end] == "idiot"
    units = text.encode("utf-16-le", "surrogatepass")
    assert units[finding.span.start_utf16 * 2 : finding.span.end_utf16 * 2].decode("utf-16-le") == "idiot"


def test_chinese_word_boundaries_by_segmenter(detector):
    d = detector("zh", "abuse", {"part": 'terms: ["产品和"]', "word": 'terms: ["和服", "最高"]\nboundary: word'})
    assert spans(d, "我们的质量最高") == ["最高"]
    assert spans(d, "产品和服务都好") == ["产品和"]
