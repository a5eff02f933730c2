"""Conversations as plain data (JSON lines, HTTP bodies) to records."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec

from screener.errors import InputError
from screener.records import Channel, Conversation, Message, Speaker

__all__ = ["ConversationForm", "read_conversation", "read_line"]


class _Message(msgspec.Struct):
    id: str | int
    text: str | None = ""
    speaker: str = "unknown"
    channel: str = "in_app"
    sent_at: str | None = None
    order_id: str | int | None = None
    edited: bool = False
    deleted: bool = False
    bot: bool = False


class ConversationForm(msgspec.Struct):
    """A conversation as it is given; ``as_of`` is an ISO date."""

    id: str | int
    messages: list[_Message]
    marketplace: str | None = None
    region: str | None = None
    as_of: str | None = None

    @property
    def day(self) -> dt.date | None:
        """The date whose rules apply."""
        return None if self.as_of is None else dt.date.fromisoformat(self.as_of[:10])


def _time(value: str | None) -> dt.datetime | None:
    if value is None:
        return None
    moment = dt.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("a time outside the calendar") from None


def _message(form: _Message, conversation: str) -> Message:
    return Message(
        id=str(form.id),
        text=form.text or "",
        speaker=Speaker(form.speaker),
        channel=Channel(form.channel),
        sent_at=_time(form.sent_at),
        local_time=form.sent_at,
        conversation_id=conversation,
        order_id=None if form.order_id is None else str(form.order_id),
        edited=form.edited,
        deleted=form.deleted,
        automated=form.bot,
    )


def read_conversation(data: Any) -> tuple[ConversationForm, Conversation]:
    """A conversation from decoded JSON; fields that it does not know are left out.

    Raises:
        ValueError: when it has not the expected form (``msgspec.ValidationError`` names the field).

    """
    form = msgspec.convert(data, ConversationForm)
    _ = form.day
    return form, Conversation(str(form.id), tuple(_message(one, str(form.id)) for one in form.messages))


def read_line(line: str, path: str, number: int) -> tuple[ConversationForm, Conversation]:
    """A conversation from one line of JSON.

    Raises:
        InputError: E107 with the line's number.

    """
    try:
        return read_conversation(json.loads(line))
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not a conversation of the expected form"
        raise InputError("E107", path=path, place=f"line {number}", reason=reason) from None
