# ruff: noqa: DTZ001, E501
"""LINE and KakaoTalk: one conversation in every form, then what is special to each."""

import datetime as dt

import pytest

from screener.errors import InputError
from screener.readers import ReadOptions, read_export

ME, OTHER = "Toko Melati", "Dewi Anjani"
SCRIPT = [
    (OTHER, "Halo kak: ready?", dt.datetime(2024, 1, 2, 0, 5)),
    (ME, "Ready", dt.datetime(2024, 1, 2, 9, 41)),
    (ME, "baris satu\nbaris dua\n\nbaris empat", dt.datetime(2024, 1, 2, 12, 30)),
    (OTHER, "10:30 ok", dt.datetime(2024, 1, 13, 23, 59)),
    (OTHER, "ok", dt.datetime(2024, 1, 13, 23, 59)),
]


def words12(t, am, pm, form):
    return form.format(word=am if t.hour < 12 else pm, h=t.hour % 12 or 12, m=t.minute)


LINE_FORMS = {
    "en": ("[LINE] Chat history with {other}", "Saved on: 2024/01/20 10:00", lambda t: t.strftime("%Y.%m.%d %A"), lambda t: t.strftime("%H:%M")),
    "en pm": ("[LINE] Chat history with {other}", "Saved on: 01/20/2024 10:00", lambda t: t.strftime("%a, %m/%d/%Y"), lambda t: t.strftime("%I:%M%p").lower()),
    "ja": ("[LINE] {other}とのトーク履歴", "保存日時：2024/01/20 10:00", lambda t: f"{t.year}/{t.month}/{t.day}({'月火水木金土日'[t.weekday()]})", lambda t: t.strftime("%H:%M")),
    "ja 12": ("[LINE] {other}とのトーク履歴", "保存日時：2024/01/20 10:00", lambda t: t.strftime("%Y.%m.%d ") + "月火水木金土日"[t.weekday()] + "曜日", lambda t: words12(t, "午前", "午後", "{word}{h:02}:{m:02}")),
    "zh-Hant": ("[LINE] 與{other}的聊天記錄", "儲存日期：2024/01/20 10:00", lambda t: t.strftime("%Y/%m/%d") + f"（{'一二三四五六日'[t.weekday()]}）", lambda t: words12(t, "上午", "下午", "{word}{h:02}:{m:02}")),
    "zh-Hant new": ("[LINE]與{other}的聊天記錄", "儲存日期：2024/01/20 10:00", lambda t: t.strftime("%Y.%m.%d") + f" 星期{'一二三四五六日'[t.weekday()]}", lambda t: t.strftime("%H:%M")),
    "th": ("[LINE] ประวัติการแชทกับ {other}", "วันที่บันทึก: 2024/01/20 10:00", lambda t: t.strftime("%Y.%m.%d ") + "วัน" + ["จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"][t.weekday()], lambda t: t.strftime("%H:%M")),
    "th be": ("[LINE] ประวัติการแชทกับ {other}", "วันที่บันทึก: 2567/01/20 10:00", lambda t: f"{t.day:02}/{t.month:02}/{t.year + 543}", lambda t: t.strftime("%H:%M")),
    "ko": ("[LINE] {other}님과의 대화", "저장한 날짜: 2024/01/20 10:00", lambda t: f"{t.year}년 {t.month}월 {t.day}일 {'월화수목금토일'[t.weekday()]}요일", lambda t: words12(t, "오전", "오후", "{word} {h}:{m:02}")),
}  # fmt: skip


def line_export(form, column):
    title, saved, date, time = LINE_FORMS[form]
    out, last = [title.format(other=OTHER), saved, ""], None
    for who, text, t in SCRIPT:
        if t.date() != last:
            out += ["", date(t)] if last else [date(t)]
            last = t.date()
        shown = '"' + text.replace('"', '""') + '"' if "\n" in text else text
        out.append(f"{time(t)}{column}{who}{column}{shown}")
    return "\n".join(out) + "\n"


def read(tmp_path, text, options=None, name="chat.txt", **kinds):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_export(path, options, **kinds)


def triples(export):
    (conversation,) = export.conversations
    return [(m.sender, m.text, m.local_time) for m in conversation.messages]


EXPECTED = [(who, text, t.isoformat(timespec="minutes")) for who, text, t in SCRIPT]


@pytest.mark.parametrize("column", ["\t", " "], ids=["tabs", "spaces"])
@pytest.mark.parametrize("form", LINE_FORMS)
def test_line_forms_read_the_same(form, column, tmp_path):
    export = read(tmp_path, line_export(form, column))
    assert export.format == "line"
    assert triples(export) == EXPECTED
    assert not export.broken


def test_line_space_form_says_that_names_are_guessed(tmp_path):
    export = read(tmp_path, line_export("en", " "))
    assert any(w.code == "W108" and "name" in w.problem for w in export.warnings)
    assert "W108" not in [w.code for w in read(tmp_path, line_export("en", "\t")).warnings]
    both = ReadOptions(seller=(ME,), buyer=(OTHER,))
    export = read(tmp_path, line_export("en", " "), both)
    assert "W108" not in [w.code for w in export.warnings]
    assert set(export.roles.values()) == {"seller (given)", "buyer (given)"}


def test_line_special_lines(tmp_path):
    body = (
        "[LINE] Chat history with Ann\nSaved on: 2024/01/20 10:00\n\n2024.01.13 Saturday\n"
        "10:00\tAnn\t[Sticker]\n10:01\tAnn\t[スタンプ]\n10:02\tAnn\t[Photo]\n10:03\t\tAnn unsent a message.\n"
        "10:04\t\tAnn joined the group.\n10:05\tAnn\tI unsent a message.\n10:06\tAnn\t☎ Missed call\n"
    )
    export = read(tmp_path, body)
    got = [(m.kind, m.speaker.value, m.deleted, bool(m.text)) for m in export.conversations[0].messages]
    assert got == [
        ("sticker", "unknown", False, False), ("sticker", "unknown", False, False), ("image", "unknown", False, False),
        ("system", "platform", True, False), ("system", "platform", False, True), ("text", "unknown", False, True),
        ("call", "unknown", False, True),
    ]  # fmt: skip
    assert [g.kind for g in export.conversations[0].gaps].count("deleted") == 1


def test_line_time_without_date_is_broken(tmp_path):
    export = read(
        tmp_path, "[LINE] Chat history with Ann\nSaved on: x\n\n10:00\tAnn\ta\n2024.01.13 Saturday\n10:01\tAnn\tb\n"
    )
    assert [b.place.line for b in export.broken] == [4]
    assert [m.text for m in export.conversations[0].messages] == ["b"]


def pc(t):
    return f"--------------- {t.year}년 {t.month}월 {t.day}일 {'월화수목금토일'[t.weekday()]}요일 ---------------"


def kakao(form):
    out, last = [], None
    if form.startswith("pc"):
        english = form == "pc en"
        out = (
            [f"KakaoTalk Chats with {OTHER}", "Date Saved : 2024-01-20 10:00:00", ""]
            if english
            else [f"{OTHER} 님과 카카오톡 대화", "저장한 날짜 : 2024-01-20 10:00:00", ""]
        )
        for who, text, t in SCRIPT:
            if t.date() != last:
                out.append(f"--------------- {t:%A}, {t:%B} {t.day}, {t.year} ---------------" if english else pc(t))
                last = t.date()
            clock = (
                words12(t, "AM", "PM", "{h}:{m:02} {word}")
                if english
                else words12(t, "오전", "오후", "{word} {h}:{m:02}")
            )
            out.append(f"[{who}] [{clock}] {text}")
    elif form == "csv":
        out.append("Date,User,Message")
        out += [t.strftime("%Y-%m-%d %H:%M:%S") + f',"{who}","{text}"' for who, text, t in SCRIPT]
    else:
        heads = {
            "phone": lambda t: f"{t.year}년 {t.month}월 {t.day}일 " + words12(t, "오전", "오후", "{word} {h}:{m:02}"),
            "phone 24": lambda t: f"{t.year}년 {t.month}월 {t.day}일 {t.hour:02}:{t.minute:02}",
            "ios": lambda t: f"{t.year}. {t.month}. {t.day}. " + words12(t, "오전", "오후", "{word} {h}:{m:02}"),
            "phone en": lambda t: f"{t:%B} {t.day}, {t.year} at " + words12(t, "AM", "PM", "{h}:{m:02} {word}"),
            "phone en short": lambda t: f"{t:%b} {t.day}, {t.year} " + words12(t, "AM", "PM", "{h}:{m:02}\u202f{word}"),
        }
        out = [f"{OTHER} 님과 카카오톡 대화", "저장한 날짜 : 2024년 1월 20일 오전 10:00", ""]
        for who, text, t in SCRIPT:
            if t.date() != last:
                out.append(f"{t.year}년 {t.month}월 {t.day}일 {'월화수목금토일'[t.weekday()]}요일")
                last = t.date()
            out.append(f"{heads[form](t)}, {who} : {text}")
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("form", ["pc", "pc en", "phone", "phone 24", "ios", "phone en", "phone en short", "csv"])
def test_kakaotalk_forms_read_the_same(form, tmp_path):
    export = read(tmp_path, kakao(form), name="KakaoTalk.csv" if form == "csv" else "KakaoTalkChats.txt")
    assert export.format == "kakaotalk"
    assert triples(export) == EXPECTED
    assert not export.broken


def test_kakaotalk_special_lines(tmp_path):
    text = pc(dt.date(2024, 1, 2)) + (
        "\n[Ann] [오후 2:30] 사진\n[Ann] [오후 2:31] 파일: 영수증.pdf\n[Ann] [오후 2:32] 삭제된 메시지입니다.\n"
        "[Ann] [오후 2:33] 사진 3장\n[Ann] [오후 2:34] 사진 보내 주세요\n"
    )
    export = read(tmp_path, text)
    got = [(m.kind, m.attachments, m.deleted) for m in export.conversations[0].messages]
    assert got == [
        ("image", (), False), ("document", ("영수증.pdf",), False), ("text", (), True), ("image", (), False), ("text", (), False),
    ]  # fmt: skip


def test_kakaotalk_phone_system_line(tmp_path):
    text = "2024년 1월 10일 오후 2:30, Ann : hi\n2024년 1월 10일 오후 2:31, Ann님이 나갔습니다.\n"
    got = read(tmp_path, text).conversations[0].messages
    assert [(m.kind, m.sender, m.speaker.value) for m in got] == [
        ("text", "Ann", "unknown"),
        ("system", None, "platform"),
    ]


def test_kakaotalk_csv_broken_rows(tmp_path):
    text = 'Date,User,Message\n2024-01-10 14:30:00,"A","x"\nnonsense\n2024-01-10 14:31:00,"A","y\nz"\n2024-01-10 14:32:00,"A","w"\n'
    export = read(tmp_path, text, name="kakao.csv")
    assert [b.place.line for b in export.broken] == [3]
    assert [(m.text, m.place.line) for m in export.conversations[0].messages] == [("x", 2), ("y\nz", 4), ("w", 6)]


@pytest.mark.parametrize("form", ["line", "kakaotalk", "whatsapp"])
def test_a_format_that_does_not_fit_is_refused(form, tmp_path):
    with pytest.raises(InputError) as error:
        read(tmp_path, "nothing of that kind\n", form=form)
    assert error.value.code == "E103"
