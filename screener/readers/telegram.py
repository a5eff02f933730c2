"""Telegram ``result.json``: one chat, or all chats of an account.

``text`` is a string or a list of strings and objects. Newer exports give ``date_unixtime``; older ones only a local
time without zone. Senders have a name and an id (``user123``, formerly a number).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import Clock, Survey
from screener.readers.jsonfields import BrokenRecordError, epoch, first, iso, items, mapping, string, urls
from screener.readers.jsonreader import JsonReader, Session, gap, native_id
from screener.readers.roles import same_name
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import Path, Record
    from screener.readers.source import Source

__all__ = ["READER", "flat_text", "parse_message"]

_PATHS: Final[frozenset[Path]] = frozenset({
    ("messages", "*"),
    ("chats", "list", "*", "messages", "*"),
    ("left_chats", "list", "*", "messages", "*"),
})  # fmt: skip
_MEDIA: Final = {
    "voice_message": "voice",
    "video_message": "video",
    "video_file": "video",
    "animation": "video",
    "sticker": "sticker",
    "audio_file": "audio",
}
_MARKS: Final = ("date_unixtime", "text_entities", "from_id", "actor_id")
_NOT_INCLUDED: Final = "(File not included"


def flat_text(text: Any) -> str:
    """The text of a message: a string, or the parts of a formatted text one behind the other."""
    if isinstance(text, str):
        return text
    parts = []
    for part in items(text):
        piece = part if isinstance(part, str) else mapping(part).get("text")
        if isinstance(piece, str):
            parts.append(piece)
    return "".join(parts)


def _label(name: str | None, ident: str | None, options: ReadOptions) -> str | None:
    """The name of a sender, or the id where the user named the id."""
    given = (*options.seller, *options.buyer)
    if ident is not None and any(same_name(ident, each) for each in given):
        return ident
    return name or ident


def _sender(fields: dict[str, Any], options: ReadOptions) -> str | None:
    return _label(first(fields, "from", "actor"), first(fields, "from_id", "actor_id"), options)


def parse_message(
    record: Any, place: Place, conversation_id: str, options: ReadOptions, clock: Clock | None = None
) -> Message:
    """One message or service line.

    Raises:
        BrokenRecordError: when it has no date or no type.

    """
    fields = mapping(record)
    kind = first(fields, "type")
    date = first(fields, "date")
    if kind is None or (date is None and "date_unixtime" not in fields):
        raise BrokenRecordError("a message without type or date")
    sent = epoch(fields.get("date_unixtime"))
    local = iso(date)
    if sent is None and local is not None:
        sent = local if local.tzinfo is not None else clock.utc(local) if clock is not None else None
    service = kind == "service"
    text = flat_text(fields.get("text"))
    media = _MEDIA.get(first(fields, "media_type") or "")
    if media is None:
        media = "image" if "photo" in fields else "document" if "file" in fields else None
    if media is None:
        media = next((k for k in ("poll", "contact_information", "location_information") if k in fields), "text")
    return Message(
        id=native_id(first(fields, "id"), place),
        text=text,
        speaker=Speaker.PLATFORM if service else Speaker.UNKNOWN,
        channel=options.channel or Channel.TELEGRAM,
        sent_at=sent,
        local_time=date,
        conversation_id=conversation_id,
        sender=None if service else _sender(fields, options),
        kind="system" if service else media.removesuffix("_information"),
        reply_to=first(fields, "reply_to_message_id"),
        edited="edited" in fields or "edited_unixtime" in fields,
        automated=service or "via_bot" in fields,
        attachments=tuple(u for u in urls(fields.get("photo"), fields.get("file")) if not u.startswith(_NOT_INCLUDED)),
        place=place,
    )


class _Session(Session):
    form = "telegram"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._clocks: dict[str, Clock] = {}
        self._zoneless = False

    def conversation(self, record: Record) -> str:
        """The id of the chat that a record stands in."""
        chat = record.scope[-1] if record.scope else {}
        return string(chat.get("id")) or string(chat.get("name")) or self.default_conversation()

    def record(self, record: Record) -> Iterator[Item]:
        chat = self.conversation(record)
        if len(self._clocks) > 10_000:
            self._clocks.clear()
        clock = self._clocks.setdefault(chat, Clock(self.options.zone()))
        message = parse_message(record.value, record.place, chat, self.options, clock)
        if message.sent_at is None and message.local_time is not None and not self._zoneless:
            self._zoneless = True
            if self.options.timezone is None:
                yield Warned.of("W103", self.source.place(self.member))
        yield message
        fields = mapping(record.value)
        if any(name in fields for name in ("forwarded_from", "forwarded_from_id")):
            yield gap(message, "forwarded", "forwarded: the words are those of somebody outside this chat")
        wanted = [fields[name] for name in ("photo", "file") if name in fields]
        if any(not isinstance(v, str) or v.startswith(_NOT_INCLUDED) for v in wanted):
            yield gap(message, "media_omitted", "the export was made without this file")


class _Telegram(JsonReader):
    name = "telegram"
    wanted = _PATHS
    member_hint = "ChatExport*/result.json"

    def score(self, document: Any) -> float:
        fields = mapping(document)
        chats = mapping(fields.get("chats")) or mapping(fields.get("left_chats"))
        lists = [mapping(chat) for chat in items(chats.get("list"))[:3]]
        for chat in [fields, *lists]:
            for message in items(chat.get("messages"))[:5]:
                found = mapping(message)
                if found.get("type") not in ("message", "service"):
                    continue
                if any(mark in found for mark in _MARKS):
                    return 0.95
                if "date" in found and ("text" in found or "action" in found):
                    return 0.8
        if lists and any("type" in chat and "id" in chat for chat in lists):
            return 0.7
        return 0.0

    def session(self, source: Source, options: ReadOptions) -> _Session:
        return _Session(source, options)

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:
        survey = Survey()
        session = self.session(source, options)
        for record in self.records(session, source, options):
            fields = mapping(record.value)
            if fields.get("type") != "message":
                continue
            chat = session.conversation(record)
            sender = _sender(fields, options)
            if sender is not None:
                survey.count(chat, sender)
            title = string(record.scope[-1].get("name")) if record.scope else None
            if title is not None:
                survey.titles.setdefault(chat, title)
        return survey


READER: Final = _Telegram()
