"""One conversation in every shape of header: all must read the same."""

import codecs
import datetime as dt

import pytest
from chat_script import BUYER, SCRIPT, SHAPES, SHOP, expected, whatsapp

from screener.errors import InputError
from screener.readers import ReadOptions, iter_messages, read_export
from screener.records import Message


def got(export):
    (conversation,) = export.conversations
    return [(m.sender, m.text, m.local_time[:16]) for m in conversation.messages]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_reads_the_same(shape, tmp_path):
    path = tmp_path / "WhatsApp Chat with Dewi.txt"
    path.write_text(whatsapp(shape), encoding="utf-8")
    export = read_export(path)
    assert export.format == "whatsapp"
    assert got(export) == expected()
    assert not export.broken
    seconds = any(m.local_time.count(":") == 2 for m in export.conversations[0].messages)
    assert all((m.local_time.count(":") == 2) == seconds for m in export.conversations[0].messages)


@pytest.mark.parametrize("shape", SHAPES)
def test_places_are_lines(shape, tmp_path):
    path = tmp_path / "chat.txt"
    path.write_text(whatsapp(shape), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").split("\n")
    for message in iter_messages(path):
        if isinstance(message, Message):
            assert message.id == f"wa:{message.place.line}"
            assert message.text.split("\n")[0] in lines[message.place.line - 1]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_and_line_ends(newline, encoding, tmp_path):
    path = tmp_path / "chat.txt"
    path.write_bytes(whatsapp("ios ar", newline).encode(encoding))
    export = read_export(path)
    assert got(export) == expected()
    guessed = [w for w in export.warnings if w.code == "W104"]
    assert bool(guessed) == (encoding in ("utf-16-le", "utf-16-be"))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "您好，这件衣服什么时候可以发货？我昨天已经付款了，请尽快安排发货，谢谢。"),
        ("cp932", "こんにちは。昨日注文した商品はいつ発送されますか。よろしくお願いします。"),
        ("euc_jp", "こんにちは。昨日注文した商品はいつ発送されますか。よろしくお願いします。"),
        ("big5", "您好，這件衣服什麼時候可以出貨？我昨天已經付款了，請盡快安排，謝謝。"),
        ("cp949", "안녕하세요. 어제 주문한 상품은 언제 배송되나요? 빠른 답변 부탁드립니다."),
        ("cp874", "สวัสดีค่ะ สินค้าที่สั่งเมื่อวานจะส่งเมื่อไหร่คะ ขอบคุณค่ะ"),
        ("cp1252", "¿Cuándo llegará el paquete? Compré el teléfono ayer y aún no está aquí, señor."),
    ],
)
def test_legacy_encodings_are_guessed_and_said(encoding, text, tmp_path):
    script = [(BUYER, text, t) for _, _, t in SCRIPT]
    path = tmp_path / "chat.txt"
    path.write_bytes(whatsapp("android iso", script=script).encode(encoding))
    export = read_export(path)
    assert [w.code for w in export.warnings].count("W104") == 1
    assert got(export) == expected(script)
    assert got(read_export(path, ReadOptions(encoding=encoding))) == expected(script)


def test_given_bom_beats_given_encoding(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_bytes(codecs.BOM_UTF8 + whatsapp("ios de").encode())
    assert got(read_export(path, ReadOptions(encoding="cp1252"))) == expected()


def test_zone_given_and_not_given(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_text(whatsapp("android de"), encoding="utf-8")
    export = read_export(path)
    assert [w.code for w in export.warnings].count("W103") == 1
    assert all(m.sent_at is None for m in export.conversations[0].messages)
    export = read_export(path, ReadOptions(timezone="Asia/Jakarta"))
    assert "W103" not in [w.code for w in export.warnings]
    first = export.conversations[0].messages[0]
    assert first.sent_at == dt.datetime(2022, 3, 26, 17, 5, tzinfo=dt.UTC)
    assert first.local_time == "2022-03-27T00:05"


def test_repeated_hour_keeps_the_order_of_the_file(tmp_path):
    lines = ["02:30 - A: one", "02:50 - A: two", "02:10 - A: three", "03:05 - A: four"]
    path = tmp_path / "chat.txt"
    path.write_text("\n".join(f"30.10.2022, {line}" for line in lines), encoding="utf-8")
    messages = read_export(path, ReadOptions(timezone="Europe/Berlin")).conversations[0].messages
    assert [m.text for m in messages] == ["one", "two", "three", "four"]
    assert [m.sent_at.strftime("%H:%M") for m in messages] == ["00:30", "00:50", "01:10", "02:05"]


def dates(tmp_path, *written, options=None):
    path = tmp_path / "chat.txt"
    path.write_text("".join(f"{date}, 10:{n:02} - A: x\n" for n, date in enumerate(written)), encoding="utf-8")
    return [m.local_time[:10] for m in read_export(path, options).conversations[0].messages]


def test_order_from_impossible_month(tmp_path):
    assert dates(tmp_path, "01/02/22", "13/02/22") == ["2022-02-01", "2022-02-13"]
    assert dates(tmp_path, "01/02/22", "02/13/22") == ["2022-01-02", "2022-02-13"]


def test_order_from_time_running_forward(tmp_path):
    assert dates(tmp_path, "10/02/22", "01/03/22") == ["2022-02-10", "2022-03-01"]
    assert dates(tmp_path, "02/10/22", "03/01/22") == ["2022-02-10", "2022-03-01"]


def test_undecidable_order_is_refused_with_the_fix(tmp_path):
    with pytest.raises(InputError) as error:
        dates(tmp_path, "01/02/22", "02/03/22")
    assert error.value.code == "E104"
    assert "--date-order" in str(error.value)
    assert dates(tmp_path, "01/02/22", "02/03/22", options=ReadOptions(date_order="mdy")) == [
        "2022-01-02",
        "2022-02-03",
    ]


def test_mixed_order_is_refused(tmp_path):
    with pytest.raises(InputError) as error:
        dates(tmp_path, "13/02/22", "02/14/22")
    assert error.value.code == "E104"
    assert "line 2" in str(error.value)


def test_same_day_and_month_needs_no_decision(tmp_path):
    assert dates(tmp_path, "05/05/22", "06/06/22") == ["2022-05-05", "2022-06-06"]


def test_wrong_given_order_breaks_records_instead_of_moving_them(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_text("13/02/22, 10:00 - A: x\nmore\n01/02/22, 10:01 - A: y\n", encoding="utf-8")
    export = read_export(path, ReadOptions(date_order="mdy"))
    assert [m.text for m in export.conversations[0].messages] == ["y"]
    assert [(b.code, b.place.line) for b in export.broken] == [("E107", 1)]
    assert export.warnings[0].code == "W101"
    with pytest.raises(InputError) as error:
        read_export(path, ReadOptions(date_order="mdy", strict=True))
    assert error.value.code == "E107"


def test_a_day_that_does_not_exist_is_one_broken_record(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_text("13/02/22, 10:00 - A: x\n31/02/22, 10:01 - A: y\n14/02/22, 10:02 - A: z\n", encoding="utf-8")
    export = read_export(path)
    assert [m.text for m in export.conversations[0].messages] == ["x", "z"]
    assert [b.place.line for b in export.broken] == [2]
    with pytest.raises(InputError) as error:
        dates(tmp_path, "31/02/22", "30/02/22")
    assert error.value.code == "E103"


def test_hijri_and_persian_years_are_refused(tmp_path):
    for date in ("24/08/1443", "07/01/1401"):
        with pytest.raises(InputError) as error:
            dates(tmp_path, date)
        assert error.value.code == "E103"


def test_roles(tmp_path):
    path = tmp_path / "chat.txt"
    path.write_text(whatsapp("ios lrm"), encoding="utf-8")
    export = read_export(path, ReadOptions(seller=(SHOP.upper(),)))
    assert export.roles == {SHOP: "seller (given)", BUYER: "buyer (the only other side)"}
    assert {(m.sender, m.speaker.value) for m in export.conversations[0].messages} == {
        (SHOP, "seller"),
        (BUYER, "buyer"),
    }
    inferred = read_export(path)
    assert "inferred" in inferred.roles[SHOP]
    assert "W102" in [w.code for w in inferred.warnings]
    path.write_text(whatsapp("ios lrm").replace(SHOP, "Sari"), encoding="utf-8")
    slip = read_export(path, ReadOptions(seller=("Toko Melatti",)))
    assert all(how.startswith("unknown") for how in slip.roles.values())
    unknown = read_export(path)
    assert all(how.startswith("unknown") for how in unknown.roles.values())
    assert "E109" in [w.code for w in unknown.warnings]
    assert {m.speaker.value for m in unknown.conversations[0].messages} == {"unknown"}
