"""Zalo official accounts: webhook events, one a line or in an array.

``user_send_*`` is the buyer, ``oa_send_*`` the shop. One user is one conversation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.jsonfields import BrokenRecordError, epoch, first, items, mapping, urls
from screener.readers.jsonreader import JsonReader, Session, native_id
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_event"]

_BUYER: Final = ("user_send_", "anonymous_send_")
_SELLER: Final = ("oa_send_",)
_KINDS: Final = {
    "text": "text",
    "image": "image",
    "gif": "image",
    "sticker": "sticker",
    "audio": "voice",
    "video": "video",
    "file": "document",
    "location": "location",
    "link": "text",
    "business_card": "contact",
}


def _speaker(event: str) -> Speaker | None:
    if event.startswith(_BUYER):
        return Speaker.BUYER
    return Speaker.SELLER if event.startswith(_SELLER) else None


def parse_event(record: Any, place: Place, fallback: str, channel: Channel = Channel.ZALO) -> Message | None:
    """The message of one event; ``None`` for an event that is no message (seen, follow, …).

    Raises:
        BrokenRecordError: when the event has no name, or a message event no message.

    """
    fields = mapping(record)
    event = first(fields, "event_name")
    if event is None:
        raise BrokenRecordError("an event without event_name")
    speaker = _speaker(event)
    if speaker is None:
        return None
    body = fields.get("message")
    if not isinstance(body, dict):
        raise BrokenRecordError("a message event without message")
    sender = first(mapping(fields.get("sender")), "id")
    receiver = first(mapping(fields.get("recipient")), "id")
    user = sender if speaker is Speaker.BUYER else receiver
    kind = event.rpartition("send_")[2].removeprefix("anonymous_").removeprefix("group_")
    payloads = [mapping(mapping(a).get("payload")) for a in items(body.get("attachments"))]
    text = first(body, "text") or ""
    if kind == "link" and not text:
        text = "\n".join(urls(*(p.get("url") for p in payloads)))
    return Message(
        id=native_id(first(body, "msg_id", "message_id"), place),
        text=text,
        speaker=speaker,
        channel=channel,
        sent_at=epoch(fields.get("timestamp")),
        conversation_id=first(body, "group_id") or user or fallback,
        sender=sender,
        kind=_KINDS.get(kind, "unknown"),
        reply_to=first(body, "quote_msg_id"),
        attachments=urls(*(p.get(name) for p in payloads for name in ("url", "thumbnail"))),
        place=place,
    )


class _Session(Session):
    form = "zalo"
    _others = 0

    def record(self, record: Record) -> Iterator[Item]:
        channel = self.options.channel or Channel.ZALO
        message = parse_event(record.value, record.place, self.default_conversation(), channel)
        if message is None:
            self._others += 1
        else:
            yield message

    def finish(self) -> Iterator[Item]:
        if self._others:
            reason = f"{self._others} event(s) that are no message were passed over"
            yield Warned.of("W108", self.source.place(), reason=reason)


class _Zalo(JsonReader):
    name = "zalo"

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        event = first(fields, "event_name")
        if event is None:
            return 0.0
        known = event.startswith((*_BUYER, *_SELLER, "user_", "oa_", "follow", "unfollow"))
        return 0.95 if known and ("sender" in fields or "app_id" in fields) else 0.0

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options)


READER: Final = _Zalo()
