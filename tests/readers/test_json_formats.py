"""Each JSON format against a small export written for these tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from screener.readers import ReadOptions, read_export
from screener.readers.detect import _installed, open_source
from screener.records import Channel, Speaker

DATA = Path(__file__).parent / "data" / "json"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "chat_exports"
FORMAT = {path.name: path.name.split("_")[0].split(".")[0] for path in DATA.iterdir()} | {
    "whatsapp_cloud.jsonl": "whatsapp_cloud"
}


def one(name, options=None):
    export = read_export(DATA / name, options)
    assert len(export.conversations) == 1
    return export, export.conversations[0]


def by_id(conversation):
    return {message.id: message for message in conversation.messages}


def codes(export):
    return {warned.code for warned in export.warnings}


@pytest.mark.parametrize("name", sorted(FORMAT))
def test_every_file_is_claimed_by_its_own_reader_only(name):
    with open_source(DATA / name) as source:
        head = source.head()
        scores = {each.name: each.sniff(head) for each in _installed()}
    sure = {form for form, score in scores.items() if score >= 0.7}
    best = max(scores, key=scores.get)
    assert best == FORMAT[name]
    assert sure <= {FORMAT[name]}
    # A table is a fallback: no format that knows the file may be beaten by it.
    assert sorted(scores.values())[-2] < scores[best]


@pytest.mark.parametrize("name", sorted(FORMAT))
def test_every_message_has_an_id_a_place_and_a_conversation(name):
    export = read_export(DATA / name)
    assert export.format == FORMAT[name]
    assert not export.broken
    for conversation in export.conversations:
        ids = [message.id for message in conversation.messages]
        assert len(set(ids)) == len(ids)
        for message in conversation.messages:
            assert message.place is not None
            assert message.place.line is not None or message.place.pointer or message.place.index is not None
            assert message.conversation_id == conversation.id


def test_tiktok_pages():
    _, conversation = one("tiktok_pages.json")
    found = by_id(conversation)
    assert [m.id[-2:] for m in conversation.messages] == ["64", "65", "67", "68", "69", "70"]
    assert found["7494560109732334270"].text == "Barangnya bagus kak, tidak ada cacat"
    assert found["7494560109732334270"].speaker is Speaker.BUYER
    assert found["7494560109732334270"].sent_at == datetime(2023, 11, 14, 22, 18, 20, tzinfo=UTC)
    robot = found["7494560109732334268"]
    assert (robot.speaker, robot.automated) == (Speaker.SELLER, True)
    assert found["7494560109732334265"].speaker is Speaker.SELLER
    system = found["7494560109732334267"]
    assert (system.speaker, system.visible, system.kind) == (Speaker.PLATFORM, False, "system")
    assert conversation.order_ids == ("576461413038785752",)
    assert {gap.kind for gap in conversation.gaps} == {"hidden", "index_hole"}
    assert str(found["7494560109732334264"].place).endswith("tiktok_pages.json [1].data.messages[1]")


def test_tiktok_page_that_names_a_next_one_is_a_gap(tmp_path):
    page = json.loads((DATA / "tiktok_pages.json").read_text(encoding="utf-8"))[0]
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    assert "page_missing" in {gap.kind for gap in read_export(path).conversations[0].gaps}


def test_tiktok_lines_equal_array():
    def plain(name):
        return [(m.id, m.text, m.speaker, m.sent_at) for m in read_export(DATA / name).conversations[0].messages]

    assert plain("tiktok_pages.jsonl") == plain("tiktok_pages.json")


def test_tiktok_webhooks():
    export = read_export(DATA / "tiktok_webhooks.jsonl")
    messages = {m.id: m for c in export.conversations for m in c.messages}
    assert set(messages) == {"722323407926368819", "722323407926368820", "m8"}
    assert messages["722323407926368819"].text == "ได้รับของแล้วค่ะ"
    assert messages["722323407926368820"].text == "Hello"
    assert messages["722323407926368820"].sent_at == datetime(2023, 11, 14, 22, 13, 22, tzinfo=UTC)
    assert (messages["m8"].speaker, messages["m8"].conversation_id) == (Speaker.BUYER, "7001")
    assert any("return-status" in w.problem for w in export.warnings)


def test_lazada_marks():
    _, conversation = one("lazada_page.json")
    order, blocked, recalled = conversation.messages
    assert (recalled.deleted, recalled.speaker, recalled.text) == (True, Speaker.BUYER, "Saya tarik balik")
    assert (blocked.visible, blocked.automated, blocked.speaker) == (False, True, Speaker.SELLER)
    assert (order.kind, order.order_id, order.automated) == ("order", "351001", False)
    assert [gap.kind for gap in conversation.gaps] == ["deleted", "blocked", "page_missing"]


def test_shopee_roles_follow_from_a_sub_account_or_the_webhook():
    export, conversation = one("shopee_page.json")
    assert [m.speaker.value for m in conversation.messages] == ["buyer", "buyer", "seller"]
    assert conversation.order_ids == ("2311150ABCDEF",)
    assert "E109" not in codes(export)
    _, hook = one("shopee_webhook.jsonl")
    assert hook.messages[0].speaker is Speaker.BUYER


def test_shopee_without_a_sign_of_the_shop_stays_open_until_the_user_says(tmp_path):
    page = json.loads((DATA / "shopee_page.json").read_text(encoding="utf-8"))
    for message in page["response"]["messages"]:
        message["sub_account_id"] = 0
    path = tmp_path / "page.json"
    path.write_text(json.dumps(page), encoding="utf-8")
    export = read_export(path)
    assert {m.speaker for m in export.conversations[0].messages} == {Speaker.UNKNOWN}
    assert "E109" in codes(export)
    export = read_export(path, ReadOptions(seller=("18148233",)))
    assert [m.speaker.value for m in export.conversations[0].messages] == ["buyer", "buyer", "seller"]


def test_telegram_single():
    _, conversation = one("telegram_single.json", ReadOptions(seller=("user12",)))
    call, first, second, photo = conversation.messages
    assert call.speaker is Speaker.PLATFORM
    assert first.text == "收到了，没有问题。"
    assert (first.speaker, second.speaker) == (Speaker.BUYER, Speaker.SELLER)
    assert (second.edited, second.reply_to) == (True, "2")
    assert first.sent_at == datetime(2024, 3, 5, 10, 1, tzinfo=UTC)
    assert {gap.kind for gap in conversation.gaps if gap.message_id == photo.id} == {"forwarded", "media_omitted"}


def test_telegram_old_batch_has_local_times_only():
    export = read_export(DATA / "telegram_batch.json")
    assert [c.id for c in export.conversations] == ["91", "92"]
    message = export.conversations[0].messages[0]
    assert (message.sent_at, message.local_time) == (None, "2021-03-05T10:00:00")
    assert "W103" in codes(export)
    export = read_export(DATA / "telegram_batch.json", ReadOptions(timezone="Asia/Jakarta"))
    assert export.conversations[0].messages[0].sent_at == datetime(2021, 3, 5, 3, 0, tzinfo=UTC)


def test_messenger_repairs_each_string():
    export, conversation = one("messenger_1.json", ReadOptions(seller=("Green Cup Store",)))
    first, unsent, thanks = conversation.messages
    assert conversation.id == "inbox/nguyenthao_123"
    assert (first.text, first.sender) == ("Hàng đẹp, không lỗi gì", "Nguyễn Thảo")
    assert thanks.text == "Cảm ơn bạn 🙂"
    assert (unsent.deleted, first.speaker, thanks.speaker) == (True, Speaker.BUYER, Speaker.SELLER)
    assert conversation.channel is Channel.UNKNOWN
    assert "W108" in codes(export)


def test_zalo_and_whatsapp_cloud():
    _, zalo = one("zalo.jsonl")
    assert [m.speaker.value for m in zalo.messages] == ["buyer", "seller", "buyer"]
    assert zalo.channel is Channel.ZALO
    assert zalo.messages[2].kind == "image"
    _, cloud = one("whatsapp_cloud.jsonl")
    assert [m.text for m in cloud.messages] == ["O produto chegou perfeito", "olha", ""]
    assert {m.speaker for m in cloud.messages} == {Speaker.BUYER}
    assert {gap.kind for gap in cloud.gaps} == {"forwarded", "unsupported", "one_sided"}


def test_mercadolibre():
    _, conversation = one("mercadolibre.json")
    kept, rejected = conversation.messages
    assert (kept.speaker, rejected.speaker, rejected.visible) == (Speaker.BUYER, Speaker.SELLER, False)
    assert {gap.kind for gap in conversation.gaps} == {"blocked", "closed"}


@pytest.mark.parametrize("name", ["zendesk.json", "gorgias.json", "intercom.json"])
def test_internal_notes_never_enter(name):
    export = read_export(DATA / name)
    written = repr(export)
    assert "INTERN" not in written
    assert any(w.code == "W108" and "internal note" in w.problem for w in export.warnings)


def test_helpdesk_texts_and_roles():
    _, zendesk = one("zendesk.json")
    assert zendesk.messages[0].text == "Die Lampe ist in Ordnung\nDanke"
    assert zendesk.messages[0].sender == "9007199254740993"
    assert [m.speaker.value for m in zendesk.messages] == ["buyer", "seller", "seller"]
    assert zendesk.messages[2].automated
    _, gorgias = one("gorgias.json")
    assert [m.text for m in gorgias.messages] == ["Le vase est parfait", "Merci !"]
    assert (gorgias.channel, gorgias.messages[1].automated) == (Channel.EMAIL, True)
    _, intercom = one("intercom.json")
    opening, bot, gone = intercom.messages
    assert (opening.text, opening.speaker) == ("Il vaso è arrivato intero", Speaker.BUYER)
    assert (bot.speaker, bot.automated, gone.deleted) == (Speaker.SELLER, True, True)


@pytest.mark.parametrize("missing", [None, "yes", 1, "true"])
def test_zendesk_comment_that_is_not_clearly_public_stays_out(tmp_path, missing):
    ticket = json.loads((DATA / "zendesk.json").read_text(encoding="utf-8"))
    ticket["comments"][2]["public"] = missing
    path = tmp_path / "z.json"
    path.write_text(json.dumps(ticket), encoding="utf-8")
    assert [m.id for m in read_export(path).conversations[0].messages] == ["1", "4"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared exports are not here")
@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("instagram/test_export.json", "messenger"),
        ("telegram/test_single_export.json", "telegram"),
        ("telegram/test_batch_export.json", "telegram"),
    ],
)
def test_shared_exports(name, form):
    path = SHARED / name
    expected = json.loads((path.parent / "target.json").read_text(encoding="utf-8"))
    export = read_export(path)
    assert export.format == form
    found = [m for c in export.conversations for m in c.messages]
    assert sorted((m.sent_at.strftime("%Y-%m-%dT%H:%M:%S"), m.sender) for m in found) == sorted(
        (each["timestamp"], each["author"]) for each in expected
    )

    def squeezed(text):
        return "".join(text.split())

    assert sorted(squeezed(m.text) for m in found) == sorted(squeezed(each["message"]) for each in expected)
