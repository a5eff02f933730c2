"""Intercom: conversations with their parts. Only parts that the customer saw are read.

``comment`` and ``quick_reply`` are replies. An ``open`` or ``close`` with words is read when the customer wrote it;
from a colleague it may be a remark, so it is left out and counted like ``note``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from screener.readers.jsonfields import first, items, mapping, truth, urls, utc
from screener.readers.jsonreader import native_id
from screener.readers.tickets import TicketReader, body, channel_of
from screener.records import Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import ReadOptions

__all__ = ["READER", "parse_conversation", "parse_part"]

_AUTHORS: Final[dict[str, tuple[Speaker, bool]]] = {
    "user": (Speaker.BUYER, False),
    "lead": (Speaker.BUYER, False),
    "contact": (Speaker.BUYER, False),
    "admin": (Speaker.SELLER, False),
    "team": (Speaker.SELLER, False),
    "bot": (Speaker.SELLER, True),
}
_PUBLIC: Final = frozenset({"comment", "quick_reply"})
_PUBLIC_BY_CUSTOMER: Final = frozenset({"open", "close"})


def parse_part(
    fields: dict[str, Any], place: Place, conversation_id: str, channel: str | None, options: ReadOptions
) -> Message:
    """One part that the customer saw."""
    author = mapping(fields.get("author"))
    speaker, automated = _AUTHORS.get((first(author, "type") or "").lower(), (Speaker.UNKNOWN, False))
    files = [mapping(each).get("url") for each in items(fields.get("attachments"))]
    ai = any(truth(where.get(name)) for where in (fields, author) for name in ("from_ai_agent", "is_ai_answer"))
    return Message(
        id=native_id(first(fields, "id"), place),
        text=body(fields.get("body")),
        speaker=speaker,
        channel=channel_of(channel, options),
        sent_at=utc(fields.get("created_at")),
        conversation_id=conversation_id,
        sender=first(author, "name", "email", "id"),
        deleted=truth(fields.get("redacted")),
        automated=automated or ai,
        attachments=urls(*files),
        place=place,
    )


def _shown(fields: dict[str, Any]) -> bool:
    kind = (first(fields, "part_type") or "").lower()
    author = (first(mapping(fields.get("author")), "type") or "").lower()
    return kind in _PUBLIC or (kind in _PUBLIC_BY_CUSTOMER and author in ("user", "lead", "contact"))


def parse_conversation(record: Any, place: Place, fallback: str, options: ReadOptions) -> Iterator[Message | None]:
    """The first message and the parts of a conversation."""
    fields = mapping(record)
    conversation = first(fields, "id") or fallback
    outer = f"{place.pointer or ''}[{place.index}]." if place.index is not None else ""
    start = mapping(fields.get("source"))
    channel = first(start, "type")
    if start:
        where = dataclasses.replace(place, pointer=f"{outer}source", index=None)
        opening = {"created_at": fields.get("created_at"), **start}
        if body(start.get("body")) or items(start.get("attachments")):
            yield parse_part(opening, where, conversation, channel, options)
    holder = fields.get("conversation_parts")
    parts = items(holder) or items(mapping(holder).get("conversation_parts")) or items(mapping(holder).get("parts"))
    for index, part in enumerate(parts):
        one = mapping(part)
        where = dataclasses.replace(place, pointer=f"{outer}conversation_parts", index=index)
        if _shown(one):
            yield parse_part(one, where, conversation, channel, options)
        elif first(one, "body") is not None:
            yield None


def _score(fields: dict[str, Any]) -> float:
    holder = fields.get("conversation_parts")
    if isinstance(holder, (dict, list)):
        return 0.95
    author = mapping(mapping(fields.get("source")).get("author"))
    return 0.8 if fields.get("type") == "conversation" and "type" in author else 0.0


READER: Final = TicketReader("intercom", ("conversations",), _score, parse_conversation)
