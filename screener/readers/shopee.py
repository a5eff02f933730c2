"""Shopee seller chat: pages of ``get_message``, newest first, and chat webhooks (code 10).

A message names two accounts and no role. The shop is known where the webhook or the page names it (``shop_id``),
where a sub-account wrote (only a shop has those), or where the user does; otherwise roles stay open.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import Survey
from screener.readers.jsonfields import BrokenRecordError, epoch, first, items, mapping, string, text_of, truth, urls
from screener.readers.jsonreader import WHOLE, JsonReader, Pages, Session, gap, native_id
from screener.readers.roles import same_name
from screener.records import Channel, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import End, Path, Peek, Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_message"]

_KINDS: Final = {
    "text": "text",
    "image": "image",
    "image_with_text": "image",
    "video": "video",
    "sticker": "sticker",
    "item": "product",
    "item_list": "product",
    "order": "order",
    "voucher": "coupon",
    "bundle_message": "bundle",
    "notification": "system",
    "faq_liveagent": "system",
}
_MARKS: Final = ("message_id", "from_id", "to_id", "conversation_id", "message_type", "created_timestamp")
_MAX_SHOPS: Final = 10_000

_PATHS: Final[frozenset[Path]] = frozenset({
    ("response", "messages", "*"), ("*", "response", "messages", "*"), ("messages", "*"), ("*", "messages", "*"),
})  # fmt: skip


def _own(fields: dict[str, Any], shops: frozenset[str]) -> Speaker:
    """Who wrote, as far as the accounts tell."""
    if (string(fields.get("sub_account_id")) or "0") != "0":
        return Speaker.SELLER
    sender = {string(fields.get("from_shop_id")), string(fields.get("from_id"))} - {None, "0"}
    receiver = {string(fields.get("to_shop_id")), string(fields.get("to_id"))} - {None, "0"}
    if sender & shops:
        return Speaker.SELLER
    return Speaker.BUYER if receiver & shops else Speaker.UNKNOWN


def parse_message(
    record: Any, place: Place, conversation_id: str, shops: frozenset[str], channel: Channel = Channel.IN_APP
) -> Message:
    """One message; ``shops`` are ids (of shops or users) that are known to be the shop's own.

    Raises:
        BrokenRecordError: when it has neither a message id nor content.

    """
    fields = mapping(record)
    if "message_id" not in fields and "content" not in fields:
        raise BrokenRecordError("a message without id and content")
    content = mapping(fields.get("content"))
    written = (first(fields, "message_type") or "").lower()
    kind = _KINDS.get(written, "unknown" if written else "text")
    speaker = Speaker.PLATFORM if kind == "system" else _own(fields, shops)
    source_content = mapping(fields.get("source_content"))
    return Message(
        id=native_id(first(fields, "message_id"), place),
        text=text_of(content.get("text")) or text_of(fields.get("content")),
        speaker=speaker,
        channel=channel,
        sent_at=epoch(fields.get("created_timestamp")),
        conversation_id=string(fields.get("conversation_id")) or conversation_id,
        sender=first(fields, "from_user_name", "from_id"),
        kind=kind,
        order_id=first(content, "order_sn") or first(source_content, "order_sn"),
        reply_to=first(mapping(fields.get("quoted_msg")), "message_id"),
        deleted=(first(fields, "status") or "").lower() in ("deleted", "recalled"),
        automated=truth(fields.get("is_in_chatbot_session")) and speaker is not Speaker.BUYER,
        attachments=urls(
            content.get("url"), content.get("image_url"), content.get("video_url"), content.get("thumb_url")
        ),
        place=place,
    )


def _inner(record: Record) -> dict[str, Any] | None:
    """The message of a record; ``None`` for an event that is no message."""
    fields = mapping(record.value)
    if not fields:
        raise BrokenRecordError("not an object")
    if "messages" in record.path or "message_id" in fields:
        return fields
    wrapped = mapping(fields.get("data")) or fields
    if (string(wrapped.get("type")) or "message") != "message":
        return None
    inner = mapping(wrapped.get("content"))
    if not inner:
        raise BrokenRecordError("an event without content")
    return inner


def _shop_ids(fields: dict[str, Any], record: Record) -> Iterator[str]:
    """Ids that a record proves to be the shop's."""
    outer = mapping(record.value)
    found = string(outer.get("shop_id")) if fields is not outer else string(record.scoped("shop_id"))
    if found:
        yield found
    if (string(fields.get("sub_account_id")) or "0") != "0":
        for name in ("from_shop_id", "from_id"):
            value = string(fields.get(name))
            if value and value != "0":
                yield value


class _Session(Session):
    form = "shopee"

    def __init__(self, source: Source, options: ReadOptions, shops: frozenset[str]) -> None:
        super().__init__(source, options)
        self._shops = shops
        self._others = 0
        self._pages = Pages()
        self._next: bool | None = None

    def record(self, record: Record) -> Iterator[Item]:
        fields = _inner(record)
        if fields is None:
            self._others += 1
            return
        shops = self._shops
        outer = string(mapping(record.value).get("shop_id")) if fields is not record.value else None
        if outer:
            shops = shops | {outer}
        channel = self.options.channel or Channel.IN_APP
        message = parse_message(fields, record.place, self.default_conversation(), shops, channel)
        if fields is not record.value and message.speaker is Speaker.UNKNOWN and outer:
            # The webhook's own shop is named; ``content.shop_id`` is the shop of whoever wrote.
            wrote = string(fields.get("shop_id"))
            if wrote:
                speaker = Speaker.SELLER if wrote == outer else Speaker.BUYER
                message = dataclasses.replace(message, speaker=speaker)
        yield message
        if message.deleted:
            yield gap(message, "deleted", "the source marks this message as deleted")

    def end(self, end: End) -> Iterator[Item]:
        # ``page_result`` may stand before the messages of its page, so the page's own end decides.
        if end.path and end.path[-1] == "page_result":
            self._next = string(end.values.get("next_offset")) is not None
        elif end.path and end.path[-1] == "response" and self._next is not None:
            self._pages.note(self.current_conversation(), end.place, more=self._next)
            self._next = None
        return iter(())

    def finish(self) -> Iterator[Item]:
        yield from self._pages.gaps()
        if self._others:
            reason = f"{self._others} event(s) that are no message were passed over"
            yield Warned.of("W108", self.source.place(), reason=reason)


class _Shopee(JsonReader):
    name = "shopee"

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        wrapped = mapping(fields.get("data")) or fields
        if isinstance(wrapped.get("content"), dict) and "shop_id" in fields:
            inner = mapping(wrapped.get("content"))
            if string(fields.get("code")) == "10" or sum(mark in inner for mark in _MARKS) >= 4:
                return 0.95
        messages = items(mapping(fields.get("response")).get("messages")) or items(fields.get("messages"))
        candidates = [mapping(m) for m in messages[:5]] or [fields]
        known = max(sum(mark in candidate for mark in _MARKS) for candidate in candidates)
        return 0.95 if known >= 5 else 0.7 if known == 4 else 0.0

    def paths(self, head: Peek) -> Collection[Path]:
        pages = any(
            "messages" in mapping(page) or "messages" in mapping(mapping(page).get("response"))
            for document in head.documents
            for page in (document[:5] if isinstance(document, list) else [document])
        )
        return _PATHS if pages else WHOLE

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options, self._shops(source, options))

    def _survey(self, source: Source, options: ReadOptions) -> tuple[frozenset[str], Survey]:
        """One pass: which ids are the shop's, and who wrote how often."""
        shops = set(options.seller)
        survey = Survey()
        session = Session(source, options)
        session.form = "shopee"
        for record in self.records(session, source, options):
            try:
                fields = _inner(record)
            except BrokenRecordError:
                continue
            if fields is None:
                continue
            for shop in _shop_ids(fields, record):
                if len(shops) < _MAX_SHOPS:
                    shops.add(shop)
            sender = first(fields, "from_user_name", "from_id")
            if sender is not None:
                survey.count(string(fields.get("conversation_id")) or session.default_conversation(), sender)
        return frozenset(shops), survey

    def _shops(self, source: Source, options: ReadOptions) -> frozenset[str]:
        return self._survey(source, options)[0]

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:
        shops, survey = self._survey(source, options)
        known = any(not any(same_name(shop, name) for name in options.seller) for shop in shops)
        return None if known else survey


READER: Final = _Shopee()
