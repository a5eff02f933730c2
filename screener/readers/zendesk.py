"""Zendesk: tickets with their comments, and pages of comments. ``public: false`` is an internal note."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from screener.readers.jsonfields import first, items, mapping, string, urls, utc
from screener.readers.jsonreader import native_id
from screener.readers.tickets import TicketReader, body, channel_of
from screener.records import Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import ReadOptions

__all__ = ["READER", "parse_comment", "parse_ticket"]

_ROLES: Final = {"end-user": Speaker.BUYER, "agent": Speaker.SELLER, "admin": Speaker.SELLER}
_AUTOMATIC: Final = frozenset({"rule", "system", "automation", "bot", "answer_bot", "answer_bot_for_web_widget"})


def parse_comment(
    fields: dict[str, Any], place: Place, conversation_id: str, roles: dict[str, Speaker], options: ReadOptions
) -> Message | None:
    """One comment; ``None`` unless it is marked as public. ``roles`` tells who an author id is."""
    if fields.get("public") is not True:
        return None
    author = string(fields.get("author_id"))
    via = mapping(fields.get("via"))
    channel = first(via, "channel")
    automated = (channel or "").lower() in _AUTOMATIC
    files = [mapping(each).get("content_url") for each in items(fields.get("attachments"))]
    return Message(
        id=native_id(first(fields, "id"), place),
        text=body(fields.get("html_body"), fields.get("plain_body"), fields.get("body")),
        speaker=roles.get(author or "", Speaker.SELLER if automated else Speaker.UNKNOWN),
        channel=channel_of(channel, options),
        sent_at=utc(fields.get("created_at")),
        conversation_id=conversation_id,
        sender=author,
        automated=automated,
        attachments=urls(*files),
        place=place,
    )


def _roles(record: dict[str, Any], ticket: dict[str, Any]) -> dict[str, Speaker]:
    roles: dict[str, Speaker] = {}
    for user in [*items(record.get("users")), *items(ticket.get("users")), mapping(ticket.get("requester"))]:
        ident = first(mapping(user), "id")
        role = _ROLES.get(first(mapping(user), "role") or "")
        if ident is not None and role is not None:
            roles[ident] = role
    requester = first(ticket, "requester_id") or first(mapping(ticket.get("requester")), "id")
    if requester is not None:
        roles.setdefault(requester, Speaker.BUYER)
    assignee = first(ticket, "assignee_id")
    if assignee is not None:
        roles.setdefault(assignee, Speaker.SELLER)
    return roles


def parse_ticket(record: Any, place: Place, fallback: str, options: ReadOptions) -> Iterator[Message | None]:
    """Messages of a ticket, of a page of comments, or of a lone comment."""
    fields = mapping(record)
    ticket = mapping(fields.get("ticket")) or fields
    comments = items(fields.get("comments")) or items(ticket.get("comments"))
    pointer = f"{place.pointer}[{place.index}].comments" if place.index is not None else "comments"
    if not comments and "author_id" in fields and "public" in fields:
        ident = first(fields, "ticket_id")
        yield parse_comment(fields, place, ident or fallback, {}, options)
        return
    conversation = first(ticket, "id") if ticket is not fields or "comments" in ticket else None
    conversation = conversation or first(fields, "ticket_id") or fallback
    roles = _roles(fields, ticket)
    for index, comment in enumerate(comments):
        if isinstance(comment, dict):
            where = dataclasses.replace(place, pointer=pointer.removeprefix("None"), index=index)
            yield parse_comment(comment, where, conversation, roles, options)


def _score(fields: dict[str, Any]) -> float:
    ticket = mapping(fields.get("ticket")) or fields
    comments = items(fields.get("comments")) or items(ticket.get("comments")) or [fields]
    found = [mapping(comment) for comment in comments[:5]]
    if any("author_id" in c and "public" in c and ("body" in c or "html_body" in c) for c in found):
        return 0.95
    return 0.0


READER: Final = TicketReader("zendesk", ("tickets",), _score, parse_ticket)
