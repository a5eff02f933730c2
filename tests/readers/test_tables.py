"""Tables: columns and roles in several languages, kinds of file, times, damage."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.errors import InputError, ScreenerError
from screener.readers import ReadOptions, read_export
from screener.readers.columns import guess, role_word
from screener.readers.table import guess_columns, load_profile, save_profile
from screener.records import Channel, Speaker

DATA = Path(__file__).parent / "data" / "json"


def as_file(text, name="x.csv", encoding="utf-8"):
    file = io.BytesIO(text.encode(encoding))
    file.name = name
    return file


def messages(export):
    return [m for c in export.conversations for m in c.messages]


def test_chinese_csv():
    export = read_export(DATA / "table_zh.csv", ReadOptions(timezone="Asia/Shanghai"))
    first, thanks, formula = messages(export)
    assert (first.speaker, first.order_id, first.id) == (Speaker.BUYER, "2001", "m1")
    assert first.sent_at == dt.datetime(2024, 3, 5, 2, 0, tzinfo=dt.UTC)
    assert (thanks.text, thanks.speaker) == ("谢谢\n亲", Speaker.SELLER)
    assert (formula.text, formula.place.line) == ("=1+1", 5)
    assert "W107" in {w.code for w in export.warnings}


def test_indonesian_csv_decides_the_order_of_dates():
    export = read_export(DATA / "table_id.csv", ReadOptions(timezone="Asia/Jakarta", buyer=("Dewi L",)))
    sent, arrived = messages(export)
    assert sent.sent_at == dt.datetime(2024, 3, 25, 7, 30, tzinfo=dt.UTC)
    assert (sent.speaker, arrived.speaker) == (Speaker.SELLER, Speaker.BUYER)


def test_ambiguous_dates_are_refused_unless_said():
    text = "sender,message,date\nAna,hi,03/04/2024 10:00\nShop,yes,05/04/2024 10:00\n"
    with pytest.raises(InputError) as error:
        read_export(as_file(text))
    assert error.value.code == "E104"
    export = read_export(as_file(text), ReadOptions(date_order="mdy", timezone="UTC"))
    assert messages(export)[0].sent_at == dt.datetime(2024, 3, 4, 10, 0, tzinfo=dt.UTC)


def test_epoch_seconds_and_milliseconds_in_thai_tsv():
    first, second = messages(read_export(DATA / "table_th.tsv"))
    assert (second.sent_at - first.sent_at).total_seconds() == 100
    assert [first.speaker, second.speaker] == [Speaker.BUYER, Speaker.SELLER]


def test_flat_json_keeps_long_ids():
    first, _ = messages(read_export(DATA / "table_flat.json"))
    assert first.order_id == "12345678901234567890"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        (["Rolle", "Nachricht", "Zeit"], "Nachricht"),
        (["Expéditeur", "Message", "Heure"], "Message"),
        (["Mittente", "Testo", "Ora"], "Testo"),
        (["Remitente", "Mensaje", "Fecha"], "Mensaje"),
        (["Remetente", "Mensagem", "Data"], "Mensagem"),
        (["Người gửi", "Tin nhắn", "Thời gian"], "Tin nhắn"),
        (["Nagpadala", "Mensahe", "Oras"], "Mensahe"),
        (["Penghantar", "Mesej", "Tarikh"], "Mesej"),
        (["المرسل", "الرسالة", "التاريخ"], "الرسالة"),
        (["送信者", "メッセージ", "日時"], "メッセージ"),
        (["보낸 사람", "메시지", "시간"], "메시지"),
        (["發送者", "訊息", "時間"], "訊息"),
        (["sender_name", "message_text", "created_at"], "message_text"),
    ],
)
def test_headers_in_many_languages(headers, text):
    found = guess(headers)
    assert found["text"] == text
    assert len(found) == 3


@pytest.mark.parametrize(
    ("word", "role"),
    [("买家", "buyer"), ("PEMBELI", "buyer"), ("khách hàng", "buyer"), ("Käufer", "buyer"), ("購入者", "buyer"),
     ("مشتري", "buyer"), ("客服", "seller"), ("ร้านค้า", "seller"), ("판매자", "seller"), ("venditore", "seller"),
     ("System", "platform")],
)  # fmt: skip
def test_role_words(word, role):
    assert role_word(word) == (Speaker(role), False)
    assert role_word("chatbot") == (Speaker.SELLER, True)
    assert role_word("Ana Lopez") is None


def test_given_columns_win_and_missing_ones_are_told():
    text = "a;b;message\nbuyer;hello;wrong\nseller;bye;wrong\n"
    export = read_export(as_file(text), ReadOptions(columns={"text": "B", "role": "a"}), form="table")
    assert [(m.text, m.speaker.value) for m in messages(export)] == [("hello", "buyer"), ("bye", "seller")]
    assert "W107" not in {w.code for w in export.warnings}
    for columns in ({"text": "nope"}, {"text": "b", "order": "nope"}):
        with pytest.raises(InputError) as error:
            read_export(as_file(text), ReadOptions(columns=columns), form="table")
        assert error.value.code == "E108"
        assert "a, b, message" in str(error.value)
    with pytest.raises(ScreenerError) as error:
        read_export(as_file(text), ReadOptions(columns={"colour": "a"}), form="table")
    assert error.value.code == "E202"


def test_no_text_column():
    with pytest.raises(InputError) as error:
        read_export(as_file("a,b\n1,2\n"), form="table")
    assert error.value.code == "E108"


def test_profile_round_trip(tmp_path):
    path = tmp_path / "p.yaml"
    columns = guess_columns(DATA / "table_zh.csv")
    assert columns["text"] == "内容"
    save_profile(path, columns)
    assert load_profile(path) == columns
    path.write_text("columns: [1]\n", encoding="utf-8")
    with pytest.raises(ScreenerError) as error:
        load_profile(path)
    assert error.value.code == "E202"
    with pytest.raises(ScreenerError) as error:
        load_profile(tmp_path / "absent.yaml")
    assert error.value.code == "E101"


def test_xlsx(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Role", "Message", "Time", "Channel", "Order ID"])
    sheet.append(["buyer", "Works well", dt.datetime(2024, 3, 5, 10, 0), "WhatsApp", 576461413038785752])  # noqa: DTZ001
    sheet.append([None, None, None, None, None])
    sheet.append(["seller", 12345, dt.datetime(2024, 3, 5, 10, 5), "in-app", None])  # noqa: DTZ001
    path = tmp_path / "chat.xlsx"
    book.save(path)
    export = read_export(path, ReadOptions(timezone="UTC"))
    first, second = messages(export)
    assert export.format == "table"
    assert (first.channel, first.place.line, second.text, second.place.line) == (Channel.WHATSAPP, 2, "12345", 4)
    assert first.sent_at == dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC)
    with pytest.raises(InputError) as error:
        read_export(path, ReadOptions(sheet="Other"))
    assert error.value.code == "E103"
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(InputError) as error:
        read_export(path)
    assert error.value.code in {"E101", "E103"}


def test_parquet(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = {
        "sender": ["Toko A", "Dewi"], "text": ["Halo", None], "conversation_id": ["c", "c"],
        "sent_at": pa.array([1700000000000, 1700000001000], pa.timestamp("ms", tz="UTC")),
    }  # fmt: skip
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table(rows), path)
    export = read_export(path, ReadOptions(seller=("Toko A",)))
    first, second = messages(export)
    assert first.sent_at == dt.datetime(2023, 11, 14, 22, 13, 20, tzinfo=dt.UTC)
    assert (first.speaker, second.speaker, second.text) == (Speaker.SELLER, Speaker.BUYER, "")
    path.write_bytes(path.read_bytes()[:-20] + b"x" * 20)
    with pytest.raises(InputError):
        read_export(path)


def test_rows_that_do_not_fit_are_told_and_the_rest_is_kept():
    text = "role,message\nbuyer,one\nbuyer,a,b,c\nseller,two\n"
    export = read_export(as_file(text))
    assert [m.text for m in messages(export)] == ["one", "two"]
    assert [w.place.line for w in export.broken] == [3]
    with pytest.raises(InputError) as error:
        read_export(as_file(text), ReadOptions(strict=True))
    assert error.value.code == "E107"


def test_quote_that_never_ends_is_bounded():
    text = 'role,message\nbuyer,one\nbuyer,"open\n' + "x" * 50 + "\n" * 3 + ("y" * 90 + "\n") * 40 + "seller,two\n"
    export = read_export(as_file(text), ReadOptions(max_line_chars=1000))
    assert messages(export)[0].text == "one"
    assert export.broken


@given(st.lists(st.tuples(st.sampled_from(["buyer", "seller"]), st.text(max_size=30)), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_any_text_survives_csv(rows):
    # CR and LF inside a cell come back as LF; a lone surrogate cannot be in a file.
    rows = [(role, "".join(c for c in text if not 0xD800 <= ord(c) < 0xE000)) for role, text in rows]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["role", "message", "id"])
    writer.writerows((role, text, f"m{n}") for n, (role, text) in enumerate(rows))
    export = read_export(as_file(out.getvalue()), form="table")
    expected = [text.replace("\r\n", "\n").replace("\r", "\n") for _, text in rows]
    assert [m.text for m in messages(export)] == expected


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_give_a_table_or_a_coded_error(data):
    for prefix in (b"", b"role,message\n", b"PAR1", b'[{"message":"a"},'):
        file = io.BytesIO(prefix + data)
        try:
            read_export(file, form="table")
        except ScreenerError as error:
            assert error.code.startswith("E1")
