r"""Messenger and Instagram: ``message_1.json``, ``message_2.json``, … of a data download.

Both write the bytes of UTF-8 as ``\\u00xx``; the repair is made per string and only where it succeeds. Messages come
newest first, the thread's own path after them. The end-to-end encrypted form has other field names and no such bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.errors import InputError, Warned
from screener.readers.base import Survey
from screener.readers.jsonfields import BrokenRecordError, epoch, first, items, mapping, string, truth
from screener.readers.jsonreader import JsonReader, Session, gap, native_id
from screener.readers.jsonstream import End, Record, walk
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import Path
    from screener.readers.source import Source

__all__ = ["READER", "parse_message", "repair"]

_PATHS: Final[frozenset[Path]] = frozenset({("messages", "*")})
_MEDIA: Final = {
    "photos": "image",
    "videos": "video",
    "audio_files": "voice",
    "gifs": "image",
    "files": "document",
    "sticker": "sticker",
    "media": "image",
}


def repair(text: str) -> str:
    """Text whose UTF-8 bytes were written as one character each; anything else comes back unchanged."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _sender(fields: dict[str, Any]) -> str | None:
    name = first(fields, "sender_name")
    return repair(name) if name is not None else first(fields, "senderName")


def parse_message(record: Any, place: Place, conversation_id: str, channel: Channel) -> Message:
    """One message.

    Raises:
        BrokenRecordError: when it has no sender or no time.

    """
    fields = mapping(record)
    sender = _sender(fields)
    stamp = fields.get("timestamp_ms", fields.get("timestamp"))
    if sender is None or stamp is None:
        raise BrokenRecordError("a message without sender or time")
    content = string(fields.get("content"))
    text = repair(content) if content is not None else string(fields.get("text")) or ""
    kind = "text"
    attachments: list[str] = []
    for name, media in _MEDIA.items():
        found = fields.get(name)
        for one in items(found) or [found]:
            uri = first(mapping(one), "uri", "mp4_url")
            if uri is not None:
                kind = media
                attachments.append(repair(uri))
    link = first(mapping(fields.get("share")), "link")
    if link is not None:
        # A shared link is part of what the sender says, and often the only part.
        text = f"{text}\n{link}" if text and link not in text else text or link
    if "call_duration" in fields or first(fields, "type") == "Call":
        kind = "call"
    return Message(
        id=native_id(first(fields, "message_id", "id"), place),
        text=text,
        speaker=Speaker.UNKNOWN,
        channel=channel,
        sent_at=epoch(stamp),
        conversation_id=conversation_id,
        sender=sender,
        kind=kind,
        deleted=truth(fields.get("is_unsent")) or truth(fields.get("isUnsent")),
        attachments=tuple(attachments),
        place=place,
    )


class _Session(Session):
    form = "messenger"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._threads: dict[str | None, str] = {}
        self._said = False

    def conversation(self) -> str:
        """The thread that the current file belongs to; parts of one thread share it."""
        if self.member not in self._threads:
            self._threads[self.member] = self._thread()
        return self._threads[self.member]

    def _thread(self) -> str:
        try:
            for event in walk(self.source, self.member, (), self.options, form=self.form):
                if isinstance(event, End) and not event.path:
                    found = first(event.values, "thread_path", "threadName", "title")
                    if found is not None:
                        return repair(found)
        except InputError:
            # Damaged files lose their tail, where the path stands; the reading itself tells of the damage.
            pass
        if self.member is not None and "/" in self.member:
            return self.member.rpartition("/")[0]
        return self.default_conversation()

    def channel(self) -> Channel:
        """Messenger or Instagram, as far as the names of folders tell."""
        if self.options.channel is not None:
            return self.options.channel
        path = f"{self.source.name}/{self.member or ''}".lower().replace("\\", "/").rstrip("/")
        where = path.rpartition("/")[0]
        if "instagram" in where:
            return Channel.INSTAGRAM
        return Channel.MESSENGER if "facebook" in where or "messenger" in where else Channel.UNKNOWN

    def record(self, record: Record) -> Iterator[Item]:
        channel = self.channel()
        if channel is Channel.UNKNOWN and not self._said:
            self._said = True
            reason = "Messenger and Instagram write the same files; the channel stays unknown unless you give it"
            yield Warned.of("W108", self.source.place(self.member), reason=reason)
        message = parse_message(record.value, record.place, self.conversation(), channel)
        yield message
        if message.deleted:
            yield gap(message, "deleted", "the sender took this message back")


class _Messenger(JsonReader):
    name = "messenger"
    wanted = _PATHS
    member_hint = "inbox/*/message_*.json"

    def score(self, document: Any) -> float:
        for message in items(mapping(document).get("messages"))[:5]:
            found = mapping(message)
            if "sender_name" in found and "timestamp_ms" in found:
                return 0.95
            if "senderName" in found and "timestamp" in found:
                return 0.9
        return 0.0

    def session(self, source: Source, options: ReadOptions) -> _Session:
        return _Session(source, options)

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:
        survey = Survey()
        session = self.session(source, options)
        for record in self.records(session, source, options):
            sender = _sender(mapping(record.value))
            if sender is not None:
                survey.count(session.conversation(), sender)
        return survey


READER: Final = _Messenger()
