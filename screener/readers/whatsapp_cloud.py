"""WhatsApp Cloud API webhooks: ``entry[].changes[].value``.

Only what the customer writes arrives here; what the shop sends is not echoed, except from numbers that are also used
in the business app (``message_echoes``). A conversation from webhooks is therefore one-sided, and says so.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import GapIn
from screener.readers.jsonfields import BrokenRecordError, epoch, first, items, mapping, truth, urls
from screener.readers.jsonreader import JsonReader, Session, gap, native_id
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import Path, Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_message"]

_PATHS: Final[frozenset[Path]] = frozenset({
    ("entry", "*", "changes", "*", "value"), ("*", "entry", "*", "changes", "*", "value"),
})  # fmt: skip
_KINDS: Final = {
    "text": "text",
    "button": "text",
    "interactive": "text",
    "image": "image",
    "video": "video",
    "audio": "voice",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "reaction": "reaction",
    "order": "order",
    "system": "system",
    "referral": "text",
}
_MAX_CONVERSATIONS: Final = 100_000


def _text(kind: str, fields: dict[str, Any]) -> str:
    part = mapping(fields.get(kind))
    if kind == "interactive":
        part = mapping(part.get("button_reply")) or mapping(part.get("list_reply"))
        return first(part, "title") or ""
    return first(part, "body", "caption", "text", "emoji") or ""


def parse_message(
    record: Any, place: Place, names: dict[str, str], *, echo: bool = False, channel: Channel = Channel.WHATSAPP
) -> Message:
    """One message of ``messages`` (from the customer) or, with ``echo``, of ``message_echoes`` (from the shop).

    Raises:
        BrokenRecordError: when it has no sender or no type.

    """
    fields = mapping(record)
    sender = first(fields, "from")
    kind = first(fields, "type")
    if sender is None or kind is None:
        raise BrokenRecordError("a message without from or type")
    other = first(fields, "to") if echo else sender
    media = mapping(fields.get(kind))
    context = mapping(fields.get("context"))
    system = kind == "system"
    return Message(
        id=native_id(first(fields, "id"), place),
        text=_text(kind, fields),
        speaker=Speaker.PLATFORM if system else Speaker.SELLER if echo else Speaker.BUYER,
        channel=channel,
        sent_at=epoch(fields.get("timestamp")),
        conversation_id=other or sender,
        sender=names.get(sender, sender),
        kind=_KINDS.get(kind, "unknown"),
        reply_to=first(context, "id") or first(media, "message_id"),
        attachments=urls(media.get("link"), media.get("url"), media.get("filename"), media.get("id")),
        automated=system,
        place=place,
    )


class _Session(Session):
    form = "whatsapp_cloud"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        super().__init__(source, options)
        self._statuses = 0
        self._one_sided: dict[str, bool] = {}

    def record(self, record: Record) -> Iterator[Item]:
        value = mapping(record.value)
        if not value:
            raise BrokenRecordError("a change without value")
        self._statuses += len(items(value.get("statuses")))
        names: dict[str, str] = {}
        for contact in items(value.get("contacts")):
            ident = first(mapping(contact), "wa_id")
            name = first(mapping(mapping(contact).get("profile")), "name")
            if ident is not None and name is not None:
                names[ident] = name
        for field, echo in (("messages", False), ("message_echoes", True)):
            for index, one in enumerate(items(value.get(field))):
                place = dataclasses.replace(record.place, pointer=f"{record.place.pointer}.{field}", index=index)
                yield from self._message(one, place, names, echo=echo)

    def _message(self, one: Any, place: Place, names: dict[str, str], *, echo: bool) -> Iterator[Item]:
        channel = self.options.channel or Channel.WHATSAPP
        message = parse_message(one, place, names, echo=echo, channel=channel)
        if len(self._one_sided) < _MAX_CONVERSATIONS:
            self._one_sided[message.conversation_id] = not echo and self._one_sided.get(message.conversation_id, True)
        yield message
        fields = mapping(one)
        if truth(mapping(fields.get("context")).get("forwarded")):
            yield gap(message, "forwarded", "forwarded: the words are those of somebody outside this chat")
        if message.kind == "unknown":
            yield gap(message, "unsupported", "the interface does not deliver this kind of message (edit, poll, …)")

    def finish(self) -> Iterator[Item]:
        for conversation, alone in self._one_sided.items():
            if alone:
                detail = "webhooks hold only what the customer wrote, not the shop's side"
                yield GapIn(conversation, Gap("one_sided", detail, None, self.source.place()))
        if self._statuses:
            reason = f"{self._statuses} delivery status(es) that are no message were passed over"
            yield Warned.of("W108", self.source.place(), reason=reason)


class _Cloud(JsonReader):
    name = "whatsapp_cloud"
    wanted = _PATHS

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        if not isinstance(fields.get("entry"), list):
            return 0.0
        if fields.get("object") == "whatsapp_business_account":
            return 1.0
        for entry in items(fields.get("entry"))[:3]:
            for change in items(mapping(entry).get("changes"))[:3]:
                if mapping(mapping(change).get("value")).get("messaging_product") == "whatsapp":
                    return 1.0
        return 0.0

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options)


READER: Final = _Cloud()
