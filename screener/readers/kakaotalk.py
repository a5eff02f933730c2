"""KakaoTalk chat exports in Korean and English.

Computer: ``[name] [time] text`` under date lines; phone: date and time before each message; Mac: CSV with
``Date,User,Message``.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from screener.errors import InputError, Place, Warned
from screener.readers.base import GapIn, Survey, broken
from screener.readers.dates import hour24
from screener.readers.textchat import Paragraph, Times, conversation_id
from screener.readers.whatsapp_header import plain
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.readers.base import Head, Item, ReadOptions
    from screener.readers.source import Lines, Source

__all__ = ["READER", "KakaoTalk"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KO_DATE: Final = r"(?P<y>\d{4})(?:년|\.) ?(?P<mo>\d{1,2})(?:월|\.) ?(?P<d>\d{1,2})(?:일|\.)"
_EN_DATE: Final = r"(?P<month>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2}), (?P<y>\d{4})"
_RULE_KO: Final = re.compile(rf"-{{5,40}} {_KO_DATE}(?: [월화수목금토일]요일)? -{{5,40}}\s?$")
_RULE_EN: Final = re.compile(rf"-{{5,40}} (?:[A-Z][a-z]{{2,9}}, )?{_EN_DATE} -{{5,40}}\s?$")
_DAY_KO: Final = re.compile(rf"{_KO_DATE} (?:[월화수목금토일]요일|(?P<ap>오전|오후) \d{{1,2}}:\d{{2}})\s?$")
_DAY_EN: Final = re.compile(rf"(?:[A-Z][a-z]{{2,9}}, )?{_EN_DATE}(?: (?:at )?\d{{1,2}}:\d{{2}} ?[AP]M)?\s?$")
_PC: Final = re.compile(
    r"\[(?P<name>[^\n]{1,100}?)\] \[(?:(?P<ap>오전|오후|AM|PM) )?(?P<h>\d{1,2}):(?P<m>\d{2})"
    r"(?: (?P<ap2>AM|PM|오전|오후))?\] ?"
)
_PHONE_KO: Final = re.compile(rf"{_KO_DATE} (?:(?P<ap>오전|오후) )?(?P<h>\d{{1,2}}):(?P<m>\d{{2}}), ?")
_PHONE_EN: Final = re.compile(
    rf"{_EN_DATE}(?: at|,)? (?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?: (?P<ap>AM|PM))?, ?", re.IGNORECASE
)
_TITLE: Final = re.compile(r".{0,100}(?:카카오톡 대화|KakaoTalk Chats?)", re.IGNORECASE)
_SAVED: Final = re.compile(r"(?:저장한 날짜|Date Saved|Saved on) ?:")
_CSV_HEAD: Final = re.compile(r"\ufeff?\"?Date\"?,\"?User\"?,\"?Message\"?\s?$", re.IGNORECASE)
_WHOLE: Final = {
    **dict.fromkeys(("사진", "photo"), "image"),
    **dict.fromkeys(("동영상", "video"), "video"),
    **dict.fromkeys(("음성메시지", "voice message", "voice note"), "audio"),
    **dict.fromkeys(("이모티콘", "emoticon", "emoticons", "sticker"), "sticker"),
    **dict.fromkeys(("연락처", "contact"), "contact"),
    **dict.fromkeys(("지도", "map"), "location"),
    **dict.fromkeys(
        ("보이스톡 해요", "페이스톡 해요", "보이스톡 부재중", "페이스톡 부재중", "보이스톡 취소", "페이스톡 취소",
         "보이스톡 응답없음", "페이스톡 응답없음",
         "voice call", "video call", "missed voice call", "missed video call"),
        "call",
    ),
}  # fmt: skip
_PHOTOS: Final = re.compile(r"사진 \d{1,2}장$|\d{1,2} photos$", re.IGNORECASE)
_FILE: Final = re.compile(r"(?:파일|File) ?: ?([^\n/\\]{1,200}\.[A-Za-z0-9]{1,5})\s?$")
_DELETED: Final = frozenset(
    {
        "삭제된 메시지입니다",
        "메시지가 삭제되었습니다",
        "this message was deleted",
        "this message has been deleted",
    }
)


class _Line(NamedTuple):
    moment: dt.datetime
    sender: str | None
    text: str


def _date(found: re.Match[str]) -> dt.date | None:
    groups = found.groupdict()
    month = groups.get("mo")
    if month is None:
        name = groups["month"][:3].lower()
        if name not in _MONTHS:
            return None
        month = str(_MONTHS.index(name) + 1)
    try:
        return dt.date(int(groups["y"]), int(month), int(groups["d"]))
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> dt.time | None:
    groups = found.groupdict()
    hour, minute = hour24(int(groups["h"]), groups.get("ap") or groups.get("ap2")), int(groups["m"])
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def _form(text: str) -> str | None:
    """``pc``, ``phone`` or ``csv``: which of the three forms the first lines have."""
    lines = text.split("\n", 60)[:60]
    first = next((line for line in lines if line.strip()), "")
    if _CSV_HEAD.match(first):
        return "csv"
    for line in map(plain, lines):
        if _RULE_KO.match(line) or _RULE_EN.match(line):
            return "pc"
        for pattern in (_PHONE_KO, _PHONE_EN):
            found = pattern.match(line)
            if found is not None and " : " in line[found.end() :]:
                return "phone"
    return None


class KakaoTalk:
    """Reads the exports of KakaoTalk."""

    name = "kakaotalk"

    def sniff(self, head: Head) -> float:
        """See ``Reader.sniff``."""
        form = None if head.is_archive else _form(head.text)
        if form is None:
            return 0.0
        if form == "csv":
            # A table of these three columns may come from elsewhere too.
            return 0.85 if "kakao" in head.name.lower() else 0.75
        return 0.97 if _TITLE.match(head.text.lstrip()) else 0.9

    def survey(self, source: Source, options: ReadOptions) -> Survey:
        """See ``Reader.survey``."""
        chat = conversation_id("kakaotalk", source.name)
        survey = Survey(senders={chat: {}})
        for item in _lines(source, options, None):
            if isinstance(item, tuple) and item[1].sender is not None:
                survey.count(chat, item[1].sender)
        return survey

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """See ``Reader.read``."""
        chat = conversation_id("kakaotalk", source.name)
        times = Times(options, source.place())
        yield from times.before()
        paragraph = Paragraph(options.max_line_chars)
        for item in _lines(source, options, paragraph):
            if isinstance(item, Warned):
                yield item
                continue
            number, line = item
            sent_at, local_time = times.take(line.moment, number, seconds=line.moment.second > 0)
            yield from _message(line, chat, source.place(line=number), options, sent_at, local_time)
        if paragraph.cut:
            yield Warned.of("W105", source.place(), count=paragraph.cut, limit=options.max_line_chars)
        yield from times.after()


def _lines(source: Source, options: ReadOptions, paragraph: Paragraph | None) -> Iterator[tuple[int, _Line] | Warned]:
    """The messages of the file with the number of their first line; without ``paragraph`` only first lines."""
    form = _form(source.head().text)
    if form is None:
        reason = "no line begins as KakaoTalk writes its messages"
        raise InputError("E103", path=source.name, format="a KakaoTalk chat", reason=reason)
    lines = source.lines()
    if form == "csv":
        yield from _csv_lines(lines, source, options)
    else:
        yield from _text_lines(lines, source, options, paragraph, pc=form == "pc")
    yield from lines.warnings()


def _pc_line(text: str, date: dt.date | None) -> _Line | None:
    found = _PC.match(plain(text[:160])) if text.startswith("[") else None
    clock = _clock(found) if found is not None else None
    if found is None or clock is None:
        return None
    moment = dt.datetime.combine(date or dt.date.min, clock)
    return _Line(moment, text[found.start("name") : found.end("name")].strip(), text[found.end() :])


def _phone_line(text: str) -> _Line | None:
    window = plain(text[:80])
    found = _PHONE_KO.match(window) or _PHONE_EN.match(window)
    if found is None:
        return None
    date, clock = _date(found), _clock(found)
    if date is None or clock is None:
        return None
    rest = text[found.end() :]
    name, colon, body = rest.partition(" : ")
    if not colon and rest.endswith(" :"):
        name, colon, body = rest[:-2], ":", ""
    sender = name.strip() if colon and len(name) <= 100 else None
    return _Line(dt.datetime.combine(date, clock), sender, body if sender is not None else rest)


def _is_day(text: str, *, pc: bool) -> re.Match[str] | None:
    if len(text) > 80:
        return None
    line = plain(text)
    return (_RULE_KO.match(line) or _RULE_EN.match(line)) if pc else (_DAY_KO.match(line) or _DAY_EN.match(line))


def _text_lines(
    lines: Lines, source: Source, options: ReadOptions, paragraph: Paragraph | None, *, pc: bool
) -> Iterator[tuple[int, _Line] | Warned]:
    date: dt.date | None = None
    current: tuple[int, _Line] | None = None

    def flush() -> Iterator[tuple[int, _Line]]:
        if current is not None:
            number, line = current
            yield (number, line if paragraph is None else line._replace(text=paragraph.text()))

    for number, text in lines:
        ruled = _is_day(text, pc=pc)
        if ruled is not None:
            yield from flush()
            current = None
            date = _date(ruled)
            if date is None:
                yield broken(source.place(line=number), "there is no such day", options)
            continue
        line = _pc_line(text, date) if pc else _phone_line(text)
        if line is None:
            if current is not None and paragraph is not None:
                paragraph.add(text)
            continue
        yield from flush()
        current = None
        if pc and date is None:
            yield broken(source.place(line=number), "a time without a date before it", options)
            continue
        current = (number, line)
        if paragraph is not None:
            paragraph.start(line.text)
    yield from flush()


def _csv_lines(lines: Lines, source: Source, options: ReadOptions) -> Iterator[tuple[int, _Line] | Warned]:
    rows = csv.reader(text + "\n" for _, text in lines)
    start = 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield broken(source.place(line=start), "a field is not closed or too long", options)
            start = rows.line_num + 1
            continue
        number, start = start, rows.line_num + 1
        if number == 1 or not any(row):
            continue
        try:
            moment = dt.datetime.fromisoformat(row[0].strip())
            name, text = row[1].strip(), row[2]
        except (ValueError, IndexError):
            reason = "it is not a date, a user and a message"
            yield broken(source.place(line=number), reason, options)
            continue
        if moment.tzinfo is not None:
            moment = moment.replace(tzinfo=None)
        yield number, _Line(moment, name or None, text.rstrip("\n"))


def _message(
    line: _Line,
    chat: str,
    place: Place,
    options: ReadOptions,
    sent_at: dt.datetime | None,
    local_time: str,
) -> Iterator[Item]:
    bare = line.text.strip().rstrip(".").lower()
    deleted = bare in _DELETED
    kind = "system" if line.sender is None else "image" if _PHOTOS.match(bare) else _WHOLE.get(bare, "text")
    named = _FILE.match(line.text) if line.sender is not None else None
    message = Message(
        id=f"kakao:{place.line}",
        # Markers are words that people type too (사진 is "photo"): they stay, only a tombstone goes.
        text="" if deleted else line.text,
        speaker=Speaker.PLATFORM if line.sender is None else Speaker.UNKNOWN,
        channel=options.channel or Channel.KAKAOTALK,
        sent_at=sent_at,
        local_time=local_time,
        conversation_id=chat,
        sender=line.sender,
        kind="document" if named is not None else kind,
        deleted=deleted,
        attachments=(named[1],) if named is not None else (),
        place=place,
    )
    yield message
    if deleted:
        detail = "a message was deleted; the export does not keep its text"
        yield GapIn(chat, Gap("deleted", detail, message.id, place))
    elif message.kind not in ("text", "system", "call"):
        detail = f"the text export leaves media out ({message.kind})"
        yield GapIn(chat, Gap("media_omitted", detail, message.id, place))


READER: Final = KakaoTalk()
