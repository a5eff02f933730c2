# ruff: noqa: E501
"""What stands behind the header: names, system lines, media, edits, deletions."""

import zipfile

import pytest
import yaml

from screener.readers import ReadOptions, read_export
from screener.readers.whatsapp_markers import _DATA, markers
from screener.records import Speaker

LANGUAGES = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
LRM = "\u200e"


def read(tmp_path, text, options=None, name="chat.txt"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_export(path, options)


def android(tmp_path, *bodies, options=None):
    text = "".join(f"2022-03-27, 10:{n:02} - {body}\n" for n, body in enumerate(bodies))
    return read(tmp_path, text, options)


def ios(tmp_path, *bodies, options=None):
    return read(tmp_path, "".join(f"[2022-03-27, 10:00:{n:02}] {body}\n" for n, body in enumerate(bodies)), options)


def messages(export):
    return export.conversations[0].messages


def test_first_colon_only_and_no_space(tmp_path):
    got = messages(android(tmp_path, "Ann: a: b", "Bob: x", "Bob:Hi", "Bob:", "Bob: ", "Ann: https://x.example/a: b"))
    assert [(m.sender, m.text) for m in got] == [
        ("Ann", "a: b"), ("Bob", "x"), ("Bob", "Hi"), ("Bob", ""), ("Bob", ""), ("Ann", "https://x.example/a: b"),
    ]  # fmt: skip


def test_given_name_with_a_colon(tmp_path):
    got = messages(android(tmp_path, "Toko: Jaya: halo", "Ann: hi", options=ReadOptions(seller=("Toko: Jaya",))))
    assert [(m.sender, m.text, m.speaker.value) for m in got] == [
        ("Toko: Jaya", "halo", "seller"),
        ("Ann", "hi", "buyer"),
    ]


def test_names_of_unsaved_contacts(tmp_path):
    got = messages(ios(tmp_path, "~\u202fAnn Lee: a", "\u202a+62\u00a0812\u20113456\u20117890\u202c: b"))
    assert got[0].sender == "Ann Lee"
    export = ios(
        tmp_path,
        "\u202a+62\u00a0812\u20113456\u20117890\u202c: b",
        "Me: c",
        options=ReadOptions(seller=("6281234567890",)),
    )
    assert messages(export)[0].speaker is Speaker.SELLER


def test_identical_messages_of_the_same_second_are_both_kept(tmp_path):
    got = messages(read(tmp_path, "[2022-03-27, 10:00:00] Ann: ok\n" * 3))
    assert len(got) == 3
    assert len({m.id for m in got}) == 3


def test_android_system_lines(tmp_path):
    got = messages(
        android(
            tmp_path,
            "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
            'Ann created group "Sale"',
            "Ann changed the group description to: visit us at 10:00",
            "Ann: hello",
        )
    )
    assert [(m.kind, m.sender, m.speaker.value) for m in got] == [
        ("system", None, "platform"), ("system", None, "platform"), ("system", None, "platform"), ("text", "Ann", "unknown"),
    ]  # fmt: skip


def test_ios_group_name_is_not_a_person(tmp_path):
    export = ios(
        tmp_path,
        f"Sale group: {LRM}Messages and calls are end-to-end encrypted.",
        f"Sale group: {LRM}Ann created group “Sale group”",
        "Ann: hi",
        "Toko: hello",
        options=ReadOptions(seller=("Toko",)),
    )
    assert [m.speaker.value for m in messages(export)] == ["platform", "platform", "buyer", "seller"]
    assert export.roles["Sale group"].startswith("platform")


def test_typed_markers_are_not_believed_where_the_export_marks_its_own(tmp_path):
    got = messages(ios(tmp_path, f"Ann: {LRM}image omitted", "Bob: image omitted", "Bob: This message was deleted."))
    assert [(m.kind, m.text, m.deleted) for m in got] == [
        ("image", "", False), ("text", "image omitted", False), ("text", "This message was deleted.", False),
    ]  # fmt: skip


def test_tombstone_must_be_the_whole_body(tmp_path):
    got = messages(android(tmp_path, "Ann: This message was deleted", "Ann: This message was deleted by me, why?"))
    assert [(m.text, m.deleted) for m in got] == [("", True), ("This message was deleted by me, why?", False)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_markers_of_every_language(language, tmp_path):
    table = LANGUAGES[language]
    for text in table["deleted"]:
        export = android(tmp_path, f"Ann: {text}", "Ann: ok")
        assert messages(export)[0].deleted, text
        assert [g.kind for g in export.conversations[0].gaps] == ["deleted"]
    for text in table["edited"]:
        (message,) = messages(android(tmp_path, f"Ann: barang bagus {LRM}<{text}.>"))
        assert (message.text, message.edited) == ("barang bagus", True), text
    for text in table["omitted"]:
        (message,) = messages(android(tmp_path, f"Ann: <{text}>\ncaption"))
        assert (message.kind, message.text) == ("media", "caption"), text
    for note in table["attached"]:
        (message,) = messages(android(tmp_path, f"Ann: {LRM}IMG_1.jpg ({note})\ncaption: x"))
        assert (message.kind, message.attachments, message.text) == ("image", ("IMG_1.jpg",), "caption: x"), note
        (message,) = messages(ios(tmp_path, f"Ann: {LRM}<{note}: scan 1.pdf>"))
        assert (message.kind, message.attachments, message.text) == ("document", ("scan 1.pdf",), ""), note
    for kind, nouns in table["nouns"].items():
        for noun in nouns:
            (message,) = messages(ios(tmp_path, f"Ann: look {LRM}{noun} {table['gone'][0]}"))
            assert (message.kind, message.text) == (kind, "look"), noun
    for text in table["missed"]:
        (message,) = messages(ios(tmp_path, f"Ann: {LRM}{text}"))
        assert message.kind == "call", text
    for label in table["location"]:
        (message,) = messages(android(tmp_path, f"Ann: {label}: https://maps.google.com/?q=1.0,2.0"))
        assert message.kind == "location", label
    for part in table["system"]:
        got = messages(ios(tmp_path, f"Ann: {LRM}Bob {part} x", "Ann: hi"))
        assert (got[0].speaker.value, got[1].speaker.value) == ("platform", "unknown"), part


def test_no_two_languages_disagree_about_a_noun():
    kinds = {}
    for table in LANGUAGES.values():
        for kind, nouns in table["nouns"].items():
            for noun in nouns:
                for gone in table["gone"]:
                    assert kinds.setdefault(f"{noun} {gone}".casefold(), kind) == kind


def test_long_caption_before_the_marker(tmp_path):
    caption = "kata " * 60 + "akhir"
    got = messages(ios(tmp_path, f"Ann: {caption} {LRM}<attached: 1-PHOTO.jpg>", f"Ann: {caption} {LRM}image omitted"))
    assert [(m.kind, m.text) for m in got] == [("image", caption), ("image", caption)]


def test_ios_document_line(tmp_path):
    (message,) = messages(ios(tmp_path, f"Ann: {LRM}Invoice 7.pdf • {LRM}2 pages {LRM}document omitted"))
    assert (message.kind, message.attachments, message.text) == ("document", ("Invoice 7.pdf",), "")


def chat_zip(tmp_path, text, *media, name="WhatsApp Chat - Ann.zip"):
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", text)
        for each in media:
            archive.writestr(each, b"\0")
    return path


def test_zip_tells_which_media_are_missing(tmp_path):
    text = "".join(
        f"[2022-03-27, 10:00:0{n}] Ann: {LRM}<attached: {name}>\n"
        for n, name in enumerate(["1-PHOTO.jpg", "2-PHOTO.jpg"])
    )
    export = read_export(chat_zip(tmp_path, text, "1-PHOTO.jpg"))
    (conversation,) = export.conversations
    assert [(g.kind, g.message_id) for g in conversation.gaps] == [("media_missing", "wa:2")]
    assert [m.place.member for m in conversation.messages] == ["_chat.txt"] * 2


def test_text_document_inside_the_zip_is_not_a_chat(tmp_path):
    text = "[2022-03-27, 10:00:00] Ann: hi\n"
    export = read_export(chat_zip(tmp_path, text, "notes.txt"))
    assert len(export.conversations) == 1
    path = tmp_path / "fake.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", text)
        archive.writestr("sent.txt", text.replace("hi", "I got everything"))
    assert [m.text for c in read_export(path).conversations for m in c.messages] == ["hi"]


def test_archive_of_several_chats(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("Ann", "Bob"):
            archive.writestr(
                f"WhatsApp Chat with {name}.txt", f"2022-03-27, 10:00 - {name}: hi\n2022-03-27, 10:00 - Toko: ya\n"
            )
    export = read_export(path, ReadOptions(seller=("Toko",)))
    assert len({c.id for c in export.conversations}) == 2
    assert len({m.id for c in export.conversations for m in c.messages}) == 4
    assert set(export.roles.values()) == {"seller (given)", "buyer (the only other side)"}


def test_quoted_header_of_another_shape_is_text(tmp_path):
    export = android(tmp_path, "Ann: look what he wrote:\n[3/27/22, 21:41:35] Shop: no refund", "Ann: ok")
    assert len(messages(export)) == 2
    assert any(w.code == "W108" and "another export" in w.problem for w in export.warnings)


def test_time_running_back_is_said(tmp_path):
    export = read(tmp_path, "2022-03-27, 10:00 - Ann: a\n2022-03-20, 10:00 - Ann: b\n")
    assert any(w.code == "W108" and "line 2" in w.problem for w in export.warnings)


def test_disappearing_messages_are_a_gap(tmp_path):
    export = android(tmp_path, "Ann turned on disappearing messages.", "Ann: a")
    assert [g.kind for g in export.conversations[0].gaps] == ["disappearing"]


def test_messages_in_the_apps_voice_need_its_mark(tmp_path):
    """A buyer cannot hide words by writing them like a notice on Android, where notices have no sender."""
    got = messages(
        android(tmp_path, f"Ann: {LRM}I changed the group, the item is fine, end-to-end encrypted", "Bob: x")
    )
    assert got[0].speaker is not Speaker.PLATFORM


def test_all_languages_are_there():
    assert set(markers().languages) == {
        "en",
        "zh",
        "id",
        "ms",
        "vi",
        "th",
        "tl",
        "es",
        "pt",
        "de",
        "fr",
        "it",
        "ar",
        "ja",
        "ko",
    }


def test_others_in_a_group_stay_unknown_and_that_is_said(tmp_path):
    export = android(tmp_path, "Ann: a", "Bob: b", "Toko: c", options=ReadOptions(seller=("Toko",)))
    assert [m.speaker.value for m in messages(export)] == ["unknown", "unknown", "seller"]
    codes = [w.code for w in export.warnings]
    assert "W108" in codes
    assert "E109" not in codes
    export = android(tmp_path, "Ann: a", "Bob: b", "Toko: c", options=ReadOptions(seller=("Toko", "Bob")))
    assert [m.speaker.value for m in messages(export)] == ["buyer", "seller", "seller"]


def test_typed_attachment_is_not_believed_where_the_export_marks_its_own(tmp_path):
    got = messages(ios(tmp_path, f"Ann: {LRM}<attached: 1-PHOTO.jpg>", "Bob: <attached: proof.jpg>"))
    assert [(m.kind, m.attachments) for m in got] == [("image", ("1-PHOTO.jpg",)), ("text", ())]
