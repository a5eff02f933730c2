"""What a conversation lacks, and what its source cannot show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from screener.records import Channel, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screener.records import Conversation, Message

__all__ = ["Hole", "holes", "limits"]

_SILENCE: Final = dt.timedelta(days=7)
"""A pause longer than this inside an exchange is told: something may lie in it."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Something missing or doubtful; ``kind`` is stable, ``detail`` for people (English, no chat text)."""

    kind: str
    detail: str
    message_id: str | None = None


def holes(conversation: Conversation) -> tuple[Hole, ...]:
    """Everything that is missing or doubtful in a conversation, in order of the messages."""
    messages = conversation.messages
    found = [Hole(gap.kind, gap.detail, gap.message_id) for gap in conversation.gaps]
    told = {(hole.kind, hole.message_id) for hole in found}
    found += [hole for hole in _of_messages(messages) if (hole.kind, hole.message_id) not in told]
    found += _of_order(messages)
    return tuple(found)


def _of_messages(messages: Sequence[Message]) -> Iterator[Hole]:
    for message in messages:
        if message.deleted:
            yield Hole("deleted", "the message was deleted or recalled", message.id)
        if message.edited:
            yield Hole("edited", "the message was edited; what it said before is not in the export", message.id)
        if not message.visible:
            yield Hole("invisible", "the message was not shown to both sides", message.id)
        if message.kind not in ("text", "system") and not message.attachments:
            yield Hole("media_missing", f"a {message.kind} without its file", message.id)
        if message.sent_at is None and message.local_time is not None:
            yield Hole("time_zone", "the time has no zone", message.id)
        elif message.sent_at is None:
            yield Hole("no_time", "the message has no time", message.id)


def _of_order(messages: Sequence[Message]) -> Iterator[Hole]:
    for before, after in pairwise(messages):
        if before.sent_at is None or after.sent_at is None:
            continue
        if after.sent_at < before.sent_at:
            yield Hole("clock", "the message is dated before the one that it follows", after.id)
        elif after.sent_at - before.sent_at > _SILENCE:
            days = (after.sent_at - before.sent_at).days
            yield Hole("silence", f"{days} days without a message before this one", after.id)
    known = {message.id for message in messages}
    for message in messages:
        if message.reply_to is not None and message.reply_to not in known:
            yield Hole("reply_to_missing", "it answers a message that is not in the export", message.id)
    talk = [m for m in messages if m.speaker in (Speaker.BUYER, Speaker.SELLER)]
    if talk and _asks(talk[-1].text):
        yield Hole("ends_inside", "the export ends with a question that nobody answers", talk[-1].id)
    if talk and len({message.speaker for message in talk}) == 1:
        yield Hole("one_sided", f"only the {talk[0].speaker.value} speaks", talk[0].id)


def _asks(text: str) -> bool:
    return text.rstrip(" \n🙏😊🙂").endswith(("?", "？", "؟"))


_CANNOT: Final[dict[Channel, str]] = {
    Channel.WHATSAPP: "a WhatsApp export is a text file that anyone can type; only the phone itself shows that"
    " it is genuine",
    Channel.TELEGRAM: "a Telegram export holds neither deleted messages nor what was there before an edit",
    Channel.LINE: "a LINE export is a text file that anyone can type; recalled messages leave no content",
    Channel.KAKAOTALK: "a KakaoTalk export is a text file that anyone can type",
    Channel.EMAIL: "sender and time of an e-mail can be forged; headers of the receiving server support them",
    Channel.SMS: "an export of text messages can be edited; the operator's record supports it",
    Channel.IN_APP: "the marketplace's own record decides; an export shows it but does not replace it, and some"
    " interfaces do not tell of recalled messages",
}


def limits(channels: Sequence[Channel]) -> tuple[str, ...]:
    """What the sources of these channels cannot prove, one sentence each."""
    return tuple(dict.fromkeys(_CANNOT[channel] for channel in channels if channel in _CANNOT))
