"""WhatsApp chat exports: ``.txt``, or ``.zip`` with the text and the media.

Two passes over the text. The first learns the shape of the headers, the order of the date fields and who speaks,
all of which only the whole file tells; the second yields messages. Neither holds more than one message.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from screener.errors import InputError, Warned
from screener.readers.base import GapIn, Survey, broken
from screener.readers.dates import OrderVote, day
from screener.readers.textchat import Paragraph, Times, conversation_id
from screener.readers.whatsapp_header import Header, Shape, parse, unmark
from screener.readers.whatsapp_markers import markers
from screener.records import Channel, Gap, Message, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screener.readers.base import DateOrder, Head, Item, ReadOptions
    from screener.readers.source import Source

__all__ = ["READER", "WhatsApp"]

_SNIFF_LINES: Final = 300
_MAX_NAME: Final = 120
_MAX_TIGHT: Final = 2000
_NO_NAME: Final = re.compile(r"https?$|^\d{1,2}$")
_IOS_NAME: Final = re.compile(r"(?:^|/)_chat(?:[ _(][^/]{0,8})?\.txt$", re.IGNORECASE)
_CHAT_NAME: Final = re.compile(r"(?:^|/)[^/]{0,40}whatsapp[^/]{0,120}\.txt$", re.IGNORECASE)
_MAX_TEXTS: Final = 1000
_SURE: Final = 0.5


@dataclass(slots=True)
class _Facts:
    """What the first pass learns about one text."""

    member: str | None
    chat: str
    shape: Shape
    order: DateOrder
    known: set[str] = field(default_factory=set)
    automatic: set[str] = field(default_factory=set)
    marked: bool = False
    """The export marks its own texts with U+200E."""
    buddhist: bool = False
    other_shapes: int = 0
    other_line: int | None = None


def _first_header(text: str) -> tuple[int, int]:
    """``(how many of the first lines are headers of the same shape, lines before the first header)``."""
    shape: Shape | None = None
    count = before = 0
    for line in text.split("\n")[:_SNIFF_LINES]:
        header = parse(line, shape)
        if header is not None:
            shape = header.shape
            count += 1
        elif shape is None and line.strip():
            before += 1
    return count, before


def _looks_like(text: str) -> float:
    count, before = _first_header(text)
    if not count:
        return 0.0
    if before:
        return 0.5 if count > 2 * before else 0.2
    return 0.9 if count > 1 else 0.7


@lru_cache(maxsize=4096)
def _clean(name: str) -> str:
    return " ".join(unmark(name).replace("~\u202f", "~").removeprefix("~").split())


def _split(rest: str, known: set[str] | None, given: tuple[str, ...]) -> tuple[str | None, str]:
    """Sender and body of the rest of a header line; ``(None, text)`` for a line of the app itself.

    The first ``": "`` ends the name. A colon without a space does so only after a name that is known from
    elsewhere in the file, because titles of groups and links hold colons too.
    """
    for name in given:
        if rest.startswith(name + ":"):
            return name, rest[len(name) + 1 :].removeprefix(" ")
    head, colon, body = rest.partition(": ")
    if colon and len(head) <= _MAX_NAME:
        return _clean(head), body
    if rest.rstrip(" ").endswith(":") and len(rest) <= _MAX_NAME:
        return _clean(rest.rstrip(" ")[:-1]), ""
    head, colon, body = rest.partition(":")
    if colon and known is not None and _clean(head) in known:
        return _clean(head), body
    return None, rest


class _Learner:
    """The first pass over one text."""

    def __init__(self, options: ReadOptions) -> None:
        self.vote = OrderVote()
        self.shape: Shape | None = None
        self.senders: dict[str, int] = {}
        self.plain_senders: set[str] = set()
        self.system_senders: set[str] = set()
        self.tight: dict[str, int] = {}
        self.business: set[str] = set()
        self.marked = False
        self.other_shapes = 0
        self.other_line: int | None = None
        self._given = tuple(name for name in (*options.seller, *options.buyer) if ":" in name)
        self._markers = markers()

    def line(self, text: str, number: int) -> None:
        header = parse(text, self.shape)
        if header is None:
            if self.shape is not None and text[:1] in "0123456789[" and parse(text) is not None:
                self.other_shapes += 1
                self.other_line = self.other_line or number
            return
        self.shape = header.shape
        self.vote.add(header.date, number)
        self._rest(text[header.end :], header.shape.bracket)

    def _rest(self, rest: str, bracket: bool) -> None:
        sender, body = _split(rest, None, self._given)
        if sender is None:
            head, colon, _ = rest.partition(":")
            name = _clean(head)
            usable = colon and len(name) <= 60 and _NO_NAME.search(name) is None
            if usable and not self._markers.is_notice_name(name) and len(self.tight) < _MAX_TIGHT:
                self.tight[name] = self.tight.get(name, 0) + 1
            return
        if not bracket and self._markers.is_notice_name(sender):
            return
        if sender in self.senders or len(self.senders) < 10_000:
            self.senders[sender] = self.senders.get(sender, 0) + 1
        if bracket and body[:1] == "\u200e":
            parsed = self._markers.parse(body, marked=True, notices=True)
            if parsed.system or parsed.omitted or parsed.deleted or parsed.attachments:
                self.marked = True
            if parsed.system:
                self.system_senders.add(sender)
                if self._markers.is_business(body):
                    self.business.add(sender)
                return
        self.plain_senders.add(sender)

    def known(self) -> set[str]:
        """Names of people, with those that are never followed by a space where they occur often enough."""
        known = set(self.senders)
        for name, count in self.tight.items():
            if count > 1 or not known:
                known.add(name)
        return known


class WhatsApp:
    """Reads the export of WhatsApp and WhatsApp Business on Android and iOS, in all its locales."""

    name = "whatsapp"

    def sniff(self, head: Head) -> float:
        """See ``Reader.sniff``."""
        best = max((_looks_like(text) for text in head.texts), default=0.0)
        named = "whatsapp" in head.name.lower() or any(
            _IOS_NAME.search(name) or _CHAT_NAME.search(name) for name in head.members
        )
        return min(1.0, best + 0.08) if best and named else best

    def survey(self, source: Source, options: ReadOptions) -> Survey:
        """Who speaks, and everything else that only the whole file tells.

        Raises:
            InputError: E103 without any header line or in a calendar that cannot be converted, E104 when the
                order of the date fields is open, E106 for an unsafe archive.

        """
        survey = Survey()
        facts = []
        for member in _chats(source):
            learnt = self._learn(source, member, options, survey)
            if learnt is not None:
                facts.append(learnt)
        if not facts:
            reason = "no line begins with a date and a time as WhatsApp writes them"
            raise InputError("E103", path=source.name, format="a WhatsApp chat", reason=reason)
        source.cache["whatsapp"] = facts
        return survey

    def _learn(self, source: Source, member: str | None, options: ReadOptions, survey: Survey) -> _Facts | None:
        learner = _Learner(options)
        for number, text in source.lines(member):
            learner.line(text, number)
        if learner.shape is None:
            return None
        order = options.date_order or learner.vote.decide(source.place(member))
        chat = conversation_id("whatsapp", source.name, member)
        known = learner.known()
        automatic = learner.system_senders - learner.plain_senders if len(known) > 2 else set()
        survey.senders[chat] = {
            name: learner.senders.get(name, 0) + learner.tight.get(name, 0)
            for name in sorted(known, key=lambda name: (-learner.senders.get(name, 0), name))
            if name in learner.plain_senders or name in learner.tight or name in automatic or len(known) <= 2
        }
        survey.automatic |= automatic
        survey.business |= learner.business
        return _Facts(
            member, chat, learner.shape, order, known, automatic, learner.marked,
            learner.vote.buddhist, learner.other_shapes, learner.other_line,
        )  # fmt: skip

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """See ``Reader.read``."""
        if "whatsapp" not in source.cache:
            self.survey(source, options)
        facts: list[_Facts] = source.cache["whatsapp"]
        for number, each in enumerate(facts):
            yield from _Reading(source, options, each, number if len(facts) > 1 else None).items()


def _chats(source: Source) -> list[str | None]:
    """The texts to read: the file itself, or the chats of an archive.

    A document that was sent in the chat lies in the same archive and may be made to look like a chat. So the
    name that the app gives (``_chat.txt``, or that of the archive) comes first, then names that say WhatsApp,
    and looks count only where no name does.
    """
    if not source.head().is_archive:
        return [None]
    texts = [m.name for m in source.text_members() if m.name.lower().endswith(".txt")]
    own = source.name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".zip") + ".txt"
    for fits in (
        lambda name: _IOS_NAME.search(name) is not None,
        lambda name: name.lower().rpartition("/")[2] == own,
        lambda name: _CHAT_NAME.search(name) is not None,
        lambda name: _looks_like(source.head_text(name)) >= _SURE,
    ):
        found = [name for name in texts[:_MAX_TEXTS] if fits(name)]
        if found:
            return [*found]
    return []


class _Reading:
    """The second pass over one text."""

    def __init__(self, source: Source, options: ReadOptions, facts: _Facts, number: int | None) -> None:
        self.source = source
        self.options = options
        self.facts = facts
        self.prefix = "wa:" if number is None else f"wa:{number}:"
        self.channel = options.channel or Channel.WHATSAPP
        self.given = tuple(name for name in (*options.seller, *options.buyer) if ":" in name)
        self.markers = markers()
        self.paragraph = Paragraph(options.max_line_chars)
        self.times = Times(options, source.place(facts.member))
        self.media: frozenset[str] | None = None
        if facts.member is not None:
            self.media = frozenset(m.name.rpartition("/")[2] for m in source.members())

    def items(self) -> Iterator[Item]:
        facts, source, shape = self.facts, self.source, self.facts.shape
        yield from self.times.before()
        if facts.buddhist:
            reason = "years are Buddhist (2565 is 2022) and were converted"
            yield Warned.of("W108", source.place(facts.member), reason=reason)
        lines = source.lines(facts.member)
        current: tuple[Header, dt.datetime, int] | None = None
        lost = False
        for number, text in lines:
            header = parse(text, shape)
            if header is None:
                if current is not None:
                    self.paragraph.add(text)
                elif text.strip() and not lost:
                    lost = True
                    place = source.place(facts.member, number)
                    yield broken(place, "text that belongs to no message", self.options)
                continue
            if current is not None:
                yield from self._message(*current)
            lost = True
            moment = self._moment(header)
            if moment is None:
                current = None
                place = source.place(facts.member, number)
                yield broken(place, f"there is no such day in the order {facts.order}", self.options)
                continue
            current = (header, moment, number)
            self.paragraph.start(text[header.end :])
        if current is not None:
            yield from self._message(*current)
        yield from lines.warnings()
        yield from self._after()

    def _after(self) -> Iterator[Warned]:
        place = self.source.place(self.facts.member)
        if self.paragraph.cut:
            yield Warned.of("W105", place, count=self.paragraph.cut, limit=self.options.max_line_chars)
        if self.facts.other_shapes:
            reason = (
                f"{self.facts.other_shapes} line(s), first line {self.facts.other_line}, look like headers of "
                "another export; they were read as text of the message before them"
            )
            yield Warned.of("W108", place, reason=reason)
        yield from self.times.after()

    def _moment(self, header: Header) -> dt.datetime | None:
        date = day(header.date, self.facts.order)
        if date is None:
            return None
        return dt.datetime.combine(date, dt.time(header.hour, header.minute, header.second))

    def _message(self, header: Header, moment: dt.datetime, number: int) -> Iterator[Item]:
        sent_at, local_time = self.times.take(moment, number, seconds=header.shape.seconds)
        sender, text = _split_body(self.paragraph.text(), self.facts, self.given)
        body = self.markers.parse(text, marked=self.facts.marked, notices=header.shape.bracket)
        if not header.shape.bracket and sender is not None and self.markers.is_notice_name(sender):
            sender, text = None, self.paragraph.text()
        if sender is None:
            body = type(body)(unmark(text), kind="system", system=True)
            if self.markers.parse(text, marked=False).kind == "call":
                body.kind = "call"
        place = self.source.place(self.facts.member, number)
        message = Message(
            id=f"{self.prefix}{number}",
            text=body.text,
            speaker=Speaker.PLATFORM if body.system else Speaker.UNKNOWN,
            channel=self.channel,
            sent_at=sent_at,
            local_time=local_time,
            conversation_id=self.facts.chat,
            sender=None if body.system else sender,
            kind=body.kind,
            edited=body.edited,
            deleted=body.deleted,
            attachments=body.attachments,
            place=place,
        )
        yield message
        yield from (GapIn(self.facts.chat, gap) for gap in self._gaps(message, body.omitted))

    def _gaps(self, message: Message, omitted: bool) -> Iterator[Gap]:
        def gap(kind: str, detail: str) -> Gap:
            return Gap(kind, detail, message.id, message.place)

        if message.deleted:
            yield gap("deleted", "a message was deleted; the export does not keep its text")
        if message.edited:
            yield gap("edited", "a message was edited; the export keeps only its last version")
        if omitted:
            yield gap("media_omitted", f"the chat was exported without its media ({message.kind})")
        if self.media is not None:
            for name in message.attachments:
                if not omitted and name not in self.media:
                    yield gap("media_missing", "the text names a file that is not in the archive")
        if message.kind == "system" and self.markers.is_disappearing(message.text):
            yield gap("disappearing", "messages of this chat delete themselves; earlier ones may be gone")


def _split_body(text: str, facts: _Facts, given: tuple[str, ...]) -> tuple[str | None, str]:
    """Sender and body of a whole message: only its first line can hold the name."""
    first, newline, rest = text.partition("\n")
    sender, body = _split(first, facts.known, given)
    return sender, body + newline + rest


READER: Final = WhatsApp()
