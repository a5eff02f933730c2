"""LINE chat exports (``.txt``) in English, Japanese, Chinese, Thai and Korean.

Two forms: columns divided by tabs (older, and still on phones) and by single spaces (newer, on computers). In
the second nothing tells where a name with spaces ends; the names are learnt from the title and from what all
lines have in common, and that is said.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from screener.errors import InputError, Warned
from screener.readers.base import GapIn, Survey, broken
from screener.readers.dates import AM_PM, DateFields, OrderVote, day, hour24
from screener.readers.textchat import Paragraph, Times, conversation_id
from screener.readers.whatsapp_header import plain, unmark
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.readers.base import DateOrder, Head, Item, ReadOptions
    from screener.readers.source import Source

__all__ = ["READER", "Line"]

_WORDS: Final = "|".join(re.escape(word) for word in sorted(AM_PM, key=len, reverse=True))
_TIME: Final = re.compile(
    rf"(?:(?P<before>{_WORDS})[ ]?)?(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?:[ ]?(?P<after>{_WORDS})(?!\w))?(?P<tab>\t|[ ])",
    re.IGNORECASE,
)
_WEEKDAYS: Final = (
    r"(?:[^\W\d_]{1,12}day|Mon|Tue|Wed|Thu|Fri|Sat|Sun|[月火水木金土日](?:曜日?)?|(?:星期|週|周)[一二三四五六日天]"
    r"|[一二三四五六日]|[월화수목금토일](?:요일)?|(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)"
    r"|(?:จ|อ|พ|พฤ|ศ|ส|อา)\.)"
)
_DATE: Final = re.compile(
    rf"(?:{_WEEKDAYS}[,.]?[ ]?)?(?P<a>\d{{1,4}})(?P<sep>[./-]|年[ ]?|년[ ]?)(?P<b>\d{{1,2}})(?:[./-]|月[ ]?|월[ ]?)"
    rf"(?P<c>\d{{1,4}})(?:日|일)?[ ]?(?:[(（]?{_WEEKDAYS}[)）]?)?[ ]?",
    re.IGNORECASE,
)
_TITLES: Final = tuple(
    re.compile(text)
    for text in (
        r"\[LINE\] ?Chat history (?:with|in) \"?(.{1,100}?)\"?$",
        r"\[LINE\] ?(.{1,100}?)(?:と)?のトーク(?:履歴)?$",
        r"\[LINE\] ?[與与和]?(.{1,100}?)的(?:聊天[記记][錄录]|對話|对话)$",
        r"\[LINE\] ?ประวัติการ(?:แชท|สนทนา)(?:กับ|ใน)? ?(.{1,100})$",
        r"\[LINE\] ?(.{1,100}?)님?과?의? ?(?:대화|채팅).{0,12}$",
    )
)
_SAVED: Final = re.compile(
    r"(?:Saved on|Saved time|保存日時|儲存日期|儲存時間|保存日期|保存时间|วันที่บันทึก|บันทึกเมื่อ"
    r"|저장한 날짜|저장 일시|저장일시) ?[:：]"
)
_KINDS: Final = {
    "sticker": "sticker|stickers|スタンプ|貼圖|贴图|สติกเกอร์|스티커",
    "image": "photo|photos|image|写真|画像|照片|圖片|图片|相片|รูป|รูปภาพ|ภาพถ่าย|사진",
    "video": "video|videos|動画|ビデオ|影片|视频|วิดีโอ|วีดีโอ|동영상",
    "audio": "voice message|audio|ボイスメッセージ|語音訊息|语音消息|ข้อความเสียง|음성 메시지|음성메시지",
    "document": "file|ファイル|檔案|文件|ไฟล์|파일",
    "location": "location|位置情報|位置資訊|位置訊息|位置信息|ตำแหน่ง|ตำแหน่งที่ตั้ง|위치|위치정보",
    "contact": "contact|contacts|連絡先|聯絡資訊|聯絡人|联系人|รายชื่อ|ผู้ติดต่อ|연락처",
    "note": "note|notes|album|albums|ノート|アルバム|記事本|相簿|โน้ต|อัลบั้ม|노트|앨범",
}
_BRACKETED: Final = {f"[{word}]": kind for kind, words in _KINDS.items() for word in words.split("|")}
_UNSENT: Final = re.compile(
    r"unsent a message\.?$|メッセージの?送信を取り消しました。?$|(?:已)?收回(?:了)?(?:一則)?(?:訊息|讯息|消息)。?$"
    r"|ยกเลิกข้อความ(?:แล้ว)?$|메시지(?:를| 전송을) ?(?:삭제|취소)했습니다\.?$"
)
_CALL: Final = re.compile(r"☎")
_MAX_NAME_WORDS: Final = 6


class _Stamp(NamedTuple):
    hour: int
    minute: int
    tab: bool
    end: int


def _date(text: str) -> DateFields | None:
    if len(text) > 60 or not text.strip():
        return None
    found = _DATE.fullmatch(unmark(plain(text)).strip())
    if found is None:
        return None
    separator = found["sep"].strip()
    return DateFields(found["a"], found["b"], found["c"], separator if separator in "./-" else "年")


def _stamp(text: str) -> _Stamp | None:
    found = _TIME.match(plain(text[:40].replace("\t", "\x00")).replace("\x00", "\t"))
    if found is None:
        return None
    hour, minute = hour24(int(found["h"]), found["before"] or found["after"]), int(found["m"])
    return _Stamp(hour, minute, found["tab"] == "\t", found.end()) if hour < 24 and minute < 60 else None


def _title(text: str) -> str | None:
    line = unmark(text).strip()
    for pattern in _TITLES:
        found = pattern.match(line)
        if found is not None:
            return found[1].strip()
    return "" if line.startswith("[LINE]") else None


@dataclass(slots=True)
class _Facts:
    chat: str
    order: DateOrder
    tab: bool
    names: tuple[str, ...] = ()
    """Longest first: a name may begin with another."""
    guessed: bool = False


@dataclass(slots=True)
class _Prefixes:
    """The words with which all lines of the space form begin that are not those of a known name."""

    words: list[str] | None = None
    count: int = 0
    first_words: dict[str, int] = field(default_factory=dict)

    def add(self, rest: str) -> None:
        words = rest.split(" ")[:_MAX_NAME_WORDS]
        self.count += 1
        if words[0] in self.first_words or len(self.first_words) < 1000:
            self.first_words[words[0]] = self.first_words.get(words[0], 0) + 1
        if self.words is None:
            # The last word is text: a line that is all name has none.
            self.words = words[: max(1, len(words) - 1)]
            return
        same = 0
        for one, other in zip(self.words, words, strict=False):
            if one != other:
                break
            same += 1
        self.words = self.words[:same]


class Line:
    """Reads the text export of LINE."""

    name = "line"

    def sniff(self, head: Head) -> float:
        """See ``Reader.sniff``."""
        if head.is_archive or not head.text:
            return 0.0
        lines = [line for line in head.text.split("\n")[:200] if line.strip()]
        if not lines:
            return 0.0
        if _title(lines[0]) is not None:
            return 0.98
        if _date(lines[0]) is None:
            return 0.0
        stamps = sum(_stamp(line) is not None for line in lines)
        return min(0.9, 0.4 + stamps * 0.2) if stamps else 0.0

    def survey(self, source: Source, options: ReadOptions) -> Survey:
        """Who speaks, the form and the order of dates.

        Raises:
            InputError: E103 without any message line, E104 when the order of the date fields is open.

        """
        vote, prefixes = OrderVote(), _Prefixes()
        known = [*options.seller, *options.buyer]
        senders: dict[str, int] = {}
        tabs = spaces = 0
        for number, text in source.lines():
            if number <= 5 and (title := _title(text)):
                known.append(title)
            fields = _date(text)
            if fields is not None:
                vote.add(fields, number)
                continue
            stamp = _stamp(text)
            if stamp is None:
                continue
            rest = text[stamp.end :]
            if stamp.tab:
                tabs += 1
                name, column, _ = rest.partition("\t")
                if column and name.strip() and (name in senders or len(senders) < 10_000):
                    senders[unmark(name).strip()] = senders.get(unmark(name).strip(), 0) + 1
            else:
                spaces += 1
                name = next((name for name in known if rest == name or rest.startswith(name + " ")), "")
                if name:
                    senders[name] = senders.get(name, 0) + 1
                elif not _UNSENT.search(rest) and not _CALL.search(rest[:40]):
                    prefixes.add(rest)
        if not tabs + spaces or not vote.count:
            reason = "it has no line with a time under a line with a date"
            raise InputError("E103", path=source.name, format="a LINE chat", reason=reason)
        tab = tabs >= spaces
        guessed = not tab and bool(prefixes.count)
        if guessed:
            common = " ".join(prefixes.words or ())
            found = {common: prefixes.count} if common else prefixes.first_words
            for name, count in found.items():
                senders[name] = senders.get(name, 0) + count
        chat = conversation_id("line", source.name)
        order = options.date_order or vote.decide(source.name)
        names = tuple(sorted({*senders, *known}, key=lambda name: (-len(name), name)))
        source.cache["line"] = _Facts(chat, order, tab, names, guessed)
        return Survey(senders={chat: dict(list(senders.items())[:200])})

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """See ``Reader.read``."""
        if "line" not in source.cache:
            self.survey(source, options)
        facts: _Facts = source.cache["line"]
        times = Times(options, source.place())
        yield from times.before()
        if facts.guessed:
            reason = (
                "this form does not mark where a name ends; names were taken from the words that lines have in common"
            )
            yield Warned.of("W108", source.place(), reason=reason)
        lines = source.lines()
        paragraph = Paragraph(options.max_line_chars)
        date: dt.date | None = None
        current: tuple[int, dt.datetime] | None = None
        lost = False

        def flush() -> Iterator[Item]:
            if current is not None:
                number, moment = current
                sent_at, local_time = times.take(moment, number, seconds=False)
                yield from _message(paragraph.text(), facts, source, options, number, sent_at, local_time)

        for number, text in lines:
            fields = _date(text)
            stamp = None if fields is not None else _stamp(text)
            if stamp is not None and stamp.tab is not facts.tab:
                stamp = None
            if fields is not None:
                yield from flush()
                current = None
                date = day(fields, facts.order)
                lost = True
                if date is None:
                    reason = f"there is no such day in the order {facts.order}"
                    yield broken(source.place(line=number), reason, options)
            elif stamp is None:
                if current is not None:
                    paragraph.add(text)
                elif text.strip() and not lost and number > 5 and _SAVED.match(unmark(text)) is None:
                    lost = True
                    yield broken(source.place(line=number), "text that belongs to no message", options)
            else:
                yield from flush()
                current = None
                lost = True
                if date is None:
                    yield broken(source.place(line=number), "a time without a date before it", options)
                    continue
                current = (number, dt.datetime.combine(date, dt.time(stamp.hour, stamp.minute)))
                paragraph.start(text[stamp.end :])
        yield from flush()
        yield from lines.warnings()
        if paragraph.cut:
            yield Warned.of("W105", source.place(), count=paragraph.cut, limit=options.max_line_chars)
        yield from times.after()


def _split(rest: str, facts: _Facts) -> tuple[str | None, str]:
    first, newline, more = rest.partition("\n")
    if facts.tab:
        name, tab, text = first.partition("\t")
        if not tab:
            return None, rest
        return unmark(name).strip() or None, text + newline + more
    for name in facts.names:
        if first == name or first.startswith(name + " "):
            return name, first[len(name) + 1 :] + newline + more
    return None, rest


def _unquote(text: str) -> str:
    """Text of several lines stands in double quotes; a quote inside is doubled."""
    if "\n" in text and text.startswith('"') and text.endswith('"'):
        return text[1:-1].replace('""', '"')
    return text


def _message(
    rest: str,
    facts: _Facts,
    source: Source,
    options: ReadOptions,
    number: int,
    sent_at: dt.datetime | None,
    local_time: str,
) -> Iterator[Item]:
    sender, text = _split(rest, facts)
    deleted = "\n" not in text and len(text) < 200 and _UNSENT.search(text.strip()) is not None
    # Somebody may type such a sentence: the app's own line of this kind has no column for a sender.
    deleted = deleted and (sender is None or not facts.tab)
    kind = "system" if sender is None else _BRACKETED.get(text.strip().lower(), "text")
    if _CALL.match(text.lstrip()) and "\n" not in text:
        kind = "call"
    marker = kind not in ("text", "system", "call")
    message = Message(
        id=f"line:{number}",
        text="" if deleted or marker else _unquote(text),
        speaker=Speaker.PLATFORM if sender is None else Speaker.UNKNOWN,
        channel=options.channel or Channel.LINE,
        sent_at=sent_at,
        local_time=local_time,
        conversation_id=facts.chat,
        sender=sender,
        kind=kind,
        deleted=deleted,
        place=source.place(line=number),
    )
    yield message
    if deleted:
        detail = "a message was unsent; the export does not keep its text"
        yield GapIn(facts.chat, Gap("deleted", detail, message.id, message.place))
    elif marker:
        detail = f"the text export leaves media out ({kind})"
        yield GapIn(facts.chat, Gap("media_omitted", detail, message.id, message.place))


READER: Final = Line()
