"""Lazada instant messaging: pages of ``/im/message/list``, newest first, and single messages one a line.

Scalars come as strings or as numbers. ``status`` 1 is a recalled message; a message with ``process_msg`` was blocked
by the marketplace, so that only its sender sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.readers.jsonfields import BrokenRecordError, epoch, first, items, mapping, string, text_of, truth, urls
from screener.readers.jsonreader import WHOLE, JsonReader, Pages, Session, gap, native_id
from screener.readers.jsonstream import loads
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import End, Path, Peek, Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_message"]

_KINDS: Final = {
    "1": "text",
    "3": "image",
    "4": "sticker",
    "6": "video",
    "10006": "product",
    "10007": "order",
    "10008": "coupon",
    "10010": "follow",
}
_ACCOUNTS: Final = {"1": Speaker.BUYER, "2": Speaker.SELLER}
_MARKS: Final = ("session_id", "from_account_type", "template_id", "send_time")

_PATHS: Final[frozenset[Path]] = frozenset({
    ("data", "message_list", "*"), ("*", "data", "message_list", "*"), ("message_list", "*"),
    ("*", "message_list", "*"), ("result", "data", "message_list", "*"),
})  # fmt: skip


def parse_message(record: Any, place: Place, conversation_id: str, channel: Channel = Channel.IN_APP) -> Message:
    """One message.

    Raises:
        BrokenRecordError: when it has neither a message id nor content.

    """
    fields = mapping(record)
    if "message_id" not in fields and "content" not in fields:
        raise BrokenRecordError("a message without id and content")
    content = fields.get("content")
    found: dict[str, Any] = mapping(content)
    plain = ""
    if isinstance(content, str):
        plain = content
        if content.lstrip().startswith("{"):
            try:
                found = mapping(loads(content))
            except ValueError:
                found = {}
            plain = "" if found else content
    system = string(fields.get("type")) == "2"
    template = string(fields.get("template_id")) or ""
    kind = _KINDS.get(template, "text" if not template else "unknown")
    sender_type = string(fields.get("from_account_type")) or ""
    return Message(
        id=native_id(first(fields, "message_id"), place),
        text=text_of(found.get("txt")) or text_of(found.get("text")) or plain,
        speaker=Speaker.PLATFORM if system else _ACCOUNTS.get(sender_type, Speaker.UNKNOWN),
        channel=channel,
        sent_at=epoch(fields.get("send_time")),
        conversation_id=string(fields.get("session_id")) or conversation_id,
        sender=string(fields.get("from_account_id")),
        kind="system" if system else kind,
        order_id=first(found, "orderId", "order_id", "orderID"),
        deleted=string(fields.get("status")) == "1",
        automated=system or truth(fields.get("auto_reply")),
        visible=not string(fields.get("process_msg")),
        attachments=urls(found.get("imgUrl"), found.get("img_url"), found.get("videoUrl"), found.get("smallImgUrl")),
        place=place,
    )


class _Session(Session):
    form = "lazada"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._pages = Pages()

    def record(self, record: Record) -> Iterator[Item]:
        fields = mapping(record.value)
        if not fields:
            raise BrokenRecordError("not an object")
        if "message_list" not in record.path and isinstance(fields.get("data"), dict):
            fields = fields["data"]
        channel = self.options.channel or Channel.IN_APP
        message = parse_message(fields, record.place, self.default_conversation(), channel)
        yield message
        if message.deleted:
            yield gap(message, "deleted", "the sender recalled this message")
        if not message.visible:
            yield gap(message, "blocked", "the marketplace blocked this message; only its sender saw it")

    def end(self, end: End) -> Iterator[Item]:
        if "has_more" in end.values:
            more = truth(end.values["has_more"])
            self._pages.note(self.current_conversation(), end.place, more=more)
        return iter(())

    def finish(self) -> Iterator[Item]:
        yield from self._pages.gaps()


class _Lazada(JsonReader):
    name = "lazada"

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        data = mapping(fields.get("data"))
        messages = items(data.get("message_list")) or items(fields.get("message_list"))
        candidates = [mapping(m) for m in messages[:5]] or [fields, data]
        known = max(sum(mark in candidate for mark in _MARKS) for candidate in candidates)
        return 0.95 if known >= 3 else 0.6 if known == 2 and messages else 0.0

    def paths(self, head: Peek) -> Collection[Path]:
        pages = any(
            "message_list" in mapping(page) or "message_list" in mapping(mapping(page).get("data"))
            for document in head.documents
            for page in (document[:5] if isinstance(document, list) else [document])
        )
        return _PATHS if pages else WHOLE

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options)


READER: Final = _Lazada()
