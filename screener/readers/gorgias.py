"""Gorgias: tickets with their messages, and pages of messages. ``public: false`` and ``internal-note`` stay out."""

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

__all__ = ["READER", "parse_message", "parse_ticket"]

_AUTOMATIC: Final = frozenset({"rule", "self_service", "ai-agent", "ai_agent", "internal-rule", "automate"})
_INTERNAL: Final = "internal-note"


def parse_message(fields: dict[str, Any], place: Place, conversation_id: str, options: ReadOptions) -> Message | None:
    """One message; ``None`` unless it is marked as public and is no internal note."""
    channel = first(fields, "channel")
    source = first(mapping(fields.get("source")), "type")
    if fields.get("public") is not True or _INTERNAL in (channel, source):
        return None
    sender = mapping(fields.get("sender"))
    agent = fields.get("from_agent")
    speaker = Speaker.UNKNOWN if agent is None else Speaker.SELLER if truth(agent) else Speaker.BUYER
    files = [mapping(each).get("url") for each in items(fields.get("attachments"))]
    return Message(
        id=native_id(first(fields, "id", "message_id"), place),
        # ``stripped_*`` is the message without the mails that it answers.
        text=body(
            fields.get("stripped_html") or fields.get("body_html"), fields.get("stripped_text"), fields.get("body_text")
        ),
        speaker=speaker,
        channel=channel_of(channel, options),
        sent_at=utc(fields.get("sent_datetime")) or utc(fields.get("created_datetime")) or _naive(fields),
        local_time=first(fields, "sent_datetime", "created_datetime"),
        conversation_id=first(fields, "ticket_id") or conversation_id,
        sender=first(sender, "name", "email", "id"),
        automated=(first(fields, "via") or "").lower() in _AUTOMATIC or first(fields, "rule_id") is not None,
        attachments=urls(*files),
        place=place,
    )


def _naive(fields: dict[str, Any]) -> Any:
    """Gorgias writes UTC without saying so in some answers."""
    for name in ("sent_datetime", "created_datetime"):
        value = first(fields, name)
        if value is not None and (moment := utc(value + "+00:00")) is not None:
            return moment
    return None


def parse_ticket(record: Any, place: Place, fallback: str, options: ReadOptions) -> Iterator[Message | None]:
    """Messages of a ticket, or a lone message."""
    fields = mapping(record)
    if "messages" not in fields:
        yield parse_message(fields, place, fallback, options)
        return
    conversation = first(fields, "id") or fallback
    outer = f"{place.pointer or ''}[{place.index}]." if place.index is not None else ""
    for index, message in enumerate(items(fields.get("messages"))):
        if isinstance(message, dict):
            where = dataclasses.replace(place, pointer=f"{outer}messages", index=index)
            yield parse_message(message, where, conversation, options)


def _score(fields: dict[str, Any]) -> float:
    found = [mapping(message) for message in (items(fields.get("messages"))[:5] or [fields])]
    return 0.95 if any("from_agent" in m and ("public" in m or "body_text" in m) for m in found) else 0.0


READER: Final = TicketReader("gorgias", ("data", "tickets"), _score, parse_ticket)
