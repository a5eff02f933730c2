"""Mercado Libre after-sale messages: pages with ``messages`` and ``conversation_status``.

``message_resources`` names the seller, so roles follow. A message that moderation rejected was never delivered. Since
February 2026 answers may come from the marketplace's own assistant, which the record does not tell apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.readers.base import GapIn
from screener.readers.jsonfields import BrokenRecordError, first, items, mapping, string, text_of, urls, utc
from screener.readers.jsonreader import JsonReader, Session, gap, native_id
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import End, Path, Record
    from screener.readers.source import Source

__all__ = ["READER", "parse_message"]

_PATHS: Final[frozenset[Path]] = frozenset({("messages", "*"), ("*", "messages", "*")})


def _resources(fields: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in items(fields.get("message_resources")):
        name, ident = first(mapping(each), "name"), first(mapping(each), "id")
        if name is not None and ident is not None:
            found[name] = ident
    return found


def _moderation(fields: dict[str, Any]) -> str:
    return (
        first(mapping(fields.get("message_moderation")), "status") or first(fields, "moderation_status", "status") or ""
    ).lower()


def parse_message(record: Any, place: Place, fallback: str, channel: Channel = Channel.IN_APP) -> Message:
    """One message.

    Raises:
        BrokenRecordError: when it has neither an id nor a text.

    """
    fields = mapping(record)
    ident = first(fields, "id", "message_id")
    if ident is None and "text" not in fields:
        raise BrokenRecordError("a message without id and text")
    sender = first(mapping(fields.get("from")), "user_id")
    resources = _resources(fields)
    seller = resources.get("sellers")
    speaker = Speaker.UNKNOWN
    if seller is not None and sender is not None:
        speaker = Speaker.SELLER if sender == seller else Speaker.BUYER
    dates = mapping(fields.get("message_date"))
    rejected = "rejected" in (_moderation(fields), (first(fields, "status") or "").lower())
    text = fields.get("text")
    files = [mapping(each).get("filename") for each in items(fields.get("message_attachments"))]
    return Message(
        id=native_id(ident, place),
        text=first(text, "plain") or "" if isinstance(text, dict) else text_of(text),
        speaker=speaker,
        channel=channel,
        sent_at=utc(dates.get("created")) or utc(fields.get("date_created")) or utc(dates.get("received")),
        conversation_id=resources.get("packs") or resources.get("orders") or fallback,
        sender=sender,
        order_id=resources.get("orders") or resources.get("packs"),
        visible=not rejected,
        attachments=urls(*files),
        place=place,
    )


class _Session(Session):
    form = "mercadolibre"
    _status = ""

    def record(self, record: Record) -> Iterator[Item]:
        channel = self.options.channel or Channel.IN_APP
        message = parse_message(record.value, record.place, self.default_conversation(), channel)
        yield message
        if not message.visible:
            yield gap(message, "blocked", "moderation rejected this message; the other side did not get it")

    def end(self, end: End) -> Iterator[Item]:
        if end.path and end.path[-1] == "conversation_status":
            self._status = (string(end.values.get("substatus")) or "")[:60]
        elif end.path in ((), ("*",)) and self._status.startswith("blocked"):
            detail = f"the conversation is closed for messages ({self._status})"
            self._status = ""
            yield GapIn(self.current_conversation(), Gap("closed", detail, None, end.place))


class _MercadoLibre(JsonReader):
    name = "mercadolibre"
    wanted = _PATHS

    def score(self, document: Any) -> float:
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        for message in items(fields.get("messages"))[:5]:
            found = mapping(message)
            known = "message_resources" in found or "message_moderation" in found or "moderation_status" in found
            if known and isinstance(found.get("from"), dict):
                return 0.95
        return 0.0

    def session(self, source: Source, options: ReadOptions) -> Session:
        return _Session(source, options)


READER: Final = _MercadoLibre()
