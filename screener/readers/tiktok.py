"""TikTok Shop: pages of the customer-service API, and its webhooks.

Pages hold ``data.messages`` with the newest first; webhooks of type 14 (new message), 33 (creator message), 13
(new conversation) and 12 (return status), and their forerunners 8 and 9, hold one event each. ``content`` is JSON
inside a string. The API marks neither recalls nor edits, so nothing here proves that a conversation is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import GapIn
from screener.readers.jsonfields import (
    BrokenRecordError,
    epoch,
    first,
    items,
    mapping,
    string,
    text_of,
    truth,
    urls,
)  # fmt: skip
from screener.readers.jsonreader import WHOLE, JsonReader, Pages, Session, gap, native_id
from screener.readers.jsonstream import loads
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import End, Path, Peek, Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_content", "parse_message"]

_ROLES: Final[dict[str, tuple[Speaker, bool]]] = {
    "BUYER": (Speaker.BUYER, False),
    "SHOP": (Speaker.SELLER, False),
    "CUSTOMER_SERVICE": (Speaker.SELLER, False),
    "SYSTEM": (Speaker.PLATFORM, True),
    "ROBOT": (Speaker.SELLER, True),
    # Numbers of the forerunner API; 4 was withdrawn.
    "1": (Speaker.BUYER, False),
    "2": (Speaker.SELLER, False),
    "3": (Speaker.SELLER, False),
    "5": (Speaker.PLATFORM, True),
    "6": (Speaker.SELLER, True),
    # Creator messages (webhook 33).
    "CREATOR": (Speaker.UNKNOWN, False),
}
_LEGACY_KINDS: Final = {
    "FILE_IMAGE": "IMAGE",
    "GOODS_CARD": "PRODUCT_CARD",
    "USER_ENTER_FROM_GOODS": "BUYER_ENTER_FROM_PRODUCT",
    "USER_ENTER_FROM_ORDER": "BUYER_ENTER_FROM_ORDER",
    "USER_ENTER_FROM_TRANSFER": "BUYER_ENTER_FROM_TRANSFER",
    "USE_ENTER_FROM_TRANSFER": "BUYER_ENTER_FROM_TRANSFER",
}
_KINDS: Final = {
    "TEXT": "text",
    "IMAGE": "image",
    "VIDEO": "video",
    "EMOTICONS": "sticker",
    "PRODUCT_CARD": "product",
    "ORDER_CARD": "order",
    "RETURN_REFUND_CARD": "return",
    "LOGISTICS_CARD": "logistics",
    "COUPON_CARD": "coupon",
    "ALLOCATED_SERVICE": "system",
    "NOTIFICATION": "system",
    "BUYER_ENTER_FROM_TRANSFER": "system",
    "BUYER_ENTER_FROM_PRODUCT": "product",
    "BUYER_ENTER_FROM_ORDER": "order",
    "OTHER": "unknown",
}
_ORDER_KINDS: Final = frozenset({"ORDER_CARD", "BUYER_ENTER_FROM_ORDER", "RETURN_REFUND_CARD", "LOGISTICS_CARD"})
_SYSTEM_KINDS: Final = frozenset({"ALLOCATED_SERVICE", "NOTIFICATION", "BUYER_ENTER_FROM_TRANSFER"})
_MESSAGE_EVENTS: Final = frozenset({"8", "9", "14", "33"})
_EVENTS: Final = _MESSAGE_EVENTS | {"12", "13"}
_MAX_INDEXES: Final = 200_000

_PAGE_PATHS: Final[frozenset[Path]] = frozenset({
    ("data", "messages", "*"), ("*", "data", "messages", "*"), ("messages", "*"), ("*", "messages", "*"),
    ("pages", "*", "data", "messages", "*"),
})  # fmt: skip


def parse_content(kind: str, content: Any) -> dict[str, Any]:
    """The fields of ``content``: JSON in a string, an object, or (creator messages) plain text."""
    if isinstance(content, dict):
        return content
    if isinstance(content, str) and content.lstrip().startswith("{"):
        try:
            found = loads(content)
        except ValueError:
            found = None
        if isinstance(found, dict):
            return found
    return {"content": content} if isinstance(content, str) and kind in ("TEXT", "", *_SYSTEM_KINDS) else {}


def parse_message(record: Any, place: Place, conversation_id: str, channel: Channel = Channel.IN_APP) -> Message:
    """One message of a page or of a webhook's ``data``.

    Raises:
        BrokenRecordError: when it has neither a kind nor content.

    """
    fields = mapping(record)
    written = first(fields, "type", "msg_type", "message_type") or ""
    if not written and "content" not in fields:
        raise BrokenRecordError("a message without type and content")
    kind = written.upper()
    kind = _LEGACY_KINDS.get(kind, kind)
    content = parse_content(kind, fields.get("content"))
    sender = mapping(fields.get("sender"))
    role = first(sender, "role") or first(fields, "sender_role_v2", "sender_role", "role", "from_user_role") or ""
    speaker, automated = _ROLES.get(role.upper(), (Speaker.UNKNOWN, False))
    if kind in _SYSTEM_KINDS:
        speaker, automated = Speaker.PLATFORM, True
    elif kind.startswith("BUYER_ENTER_FROM"):
        automated = True
    order = first(content, "order_id", "orderId") if kind in _ORDER_KINDS else None
    text = text_of(content.get("content")) or text_of(content.get("text"))
    return Message(
        id=native_id(first(fields, "id", "message_id", "msg_id"), place),
        text=text,
        speaker=speaker,
        channel=channel,
        sent_at=epoch(fields.get("create_time")),
        conversation_id=string(fields.get("conversation_id")) or string(fields.get("conv_short_id")) or conversation_id,
        sender=first(sender, "nickname", "im_user_id") or first(fields, "sender_nick", "sender_id", "from_user_id"),
        kind=_KINDS.get(kind, "unknown"),
        order_id=order,
        automated=automated,
        visible=truth(fields.get("is_visible"), default=True),
        attachments=urls(content.get("url"), content.get("imageUrl"), content.get("cover")),
        place=place,
    )


class _Numbers:
    """The numbers that a source gives the messages of a conversation. Holes tell something only if most are there."""

    def __init__(self) -> None:
        self._seen: dict[str, set[int]] = {}
        self._count = 0

    def add(self, conversation: str, index: str | None) -> None:
        if index is not None and index.isascii() and index.isdigit() and len(index) < 10 and self._count < _MAX_INDEXES:
            self._seen.setdefault(conversation, set()).add(int(index))
            self._count += 1

    def holes(self, place: Place) -> Iterator[GapIn]:
        for conversation, seen in self._seen.items():
            low, high = min(seen), max(seen)
            missing = high - low + 1 - len(seen)
            if 0 < missing < len(seen):
                detail = (
                    f"{missing} number(s) between {low} and {high} are missing; this alone does not prove a removal"
                )
                yield GapIn(conversation, Gap("index_hole", detail, None, place))


class _Session(Session):
    form = "tiktok"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._channel = options.channel or Channel.IN_APP
        self._numbers = _Numbers()
        self._pages = Pages()
        self._returns = 0
        self._others = 0

    def record(self, record: Record) -> Iterator[Item]:
        fields = mapping(record.value)
        if not fields:
            raise BrokenRecordError("not an object")
        if "messages" in record.path:
            fallback = string(record.scoped("conversation_id", "conv_short_id")) or self.default_conversation()
            yield from self._message(fields, record.place, fallback)
        else:
            yield from self._event(fields, record.place)

    def _message(self, fields: dict[str, Any], place: Place, conversation: str) -> Iterator[Item]:
        message = parse_message(fields, place, conversation, self._channel)
        self._numbers.add(message.conversation_id, first(fields, "index", "msg_index"))
        yield message
        if not message.visible:
            yield gap(message, "hidden", "the marketplace does not show this message to customer service")
        if message.kind in ("image", "video") and not message.attachments:
            yield gap(message, "media_missing", f"the {message.kind} has no address")

    def _event(self, fields: dict[str, Any], place: Place) -> Iterator[Item]:
        kind = first(fields, "type", "event_type") or ""
        data = fields.get("data")
        if isinstance(data, str):
            data = parse_content("", data)
        if kind not in _EVENTS:
            self._others += 1
        elif not isinstance(data, dict):
            raise BrokenRecordError("an event without data")
        elif kind == "12":
            self._returns += 1
        elif kind in _MESSAGE_EVENTS and ("content" in data or "msg_type" in data):
            yield from self._message(data, place, self.default_conversation())

    def end(self, end: End) -> Iterator[Item]:
        if "next_page_token" in end.values:
            more = string(end.values["next_page_token"]) is not None
            self._pages.note(self.current_conversation(), end.place, more=more)
        code = string(end.values.get("code"))
        if code not in (None, "0") and "request_id" in end.values:
            reason = f"a page holds an error (code {code[:20] if code else ''}) instead of messages"
            yield Warned.of("W106", end.place, reason=reason)

    def finish(self) -> Iterator[Item]:
        yield from self._pages.gaps()
        yield from self._numbers.holes(self.source.place())
        if self._returns:
            reason = f"{self._returns} return-status event(s) hold no message"
            yield Warned.of("W108", self.source.place(), reason=reason)
        if self._others:
            yield Warned.of(
                "W108", self.source.place(), reason=f"{self._others} event(s) of other kinds were passed over"
            )


class _TikTok(JsonReader):
    name = "tiktok"

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        data = mapping(fields.get("data"))
        if "tts_notification_id" in fields:
            return 0.95
        if string(fields.get("type")) in _EVENTS and "shop_id" in fields and data:
            return 0.9
        pages = items(fields.get("pages"))
        if pages:
            return self.score(pages[:5])
        messages = items(data.get("messages")) or items(fields.get("messages"))
        found = [m for m in messages[:5] if isinstance(m, dict)]
        if any(self._is_message(m) for m in found):
            return 0.95
        return 0.6 if "unsupported_msg_tips" in data else 0.0

    @staticmethod
    def _is_message(fields: dict[str, Any]) -> bool:
        sender = mapping(fields.get("sender"))
        return (
            "content" in fields
            and "create_time" in fields
            and (
                "im_user_id" in sender
                or "is_visible" in fields
                or "sender_role" in fields
                or "sender_role_v2" in fields
            )
        )

    def paths(self, head: Peek) -> Collection[Path]:
        pages = any(
            "messages" in mapping(mapping(page).get("data")) or "messages" in mapping(page) or "pages" in mapping(page)
            for document in head.documents
            for page in (document[:5] if isinstance(document, list) else [document])
        )
        return _PAGE_PATHS if pages else WHOLE

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options)


READER: Final = _TikTok()
