"""What the helpdesk readers share: internal notes stay out, and are counted.

A note says what colleagues think of a customer; it was never sent. The rule is closed: what a record does not mark
as public is left out, and only the number of such records is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.htmltext import html_to_text
from screener.readers.jsonfields import BrokenRecordError, items, mapping, string
from screener.readers.jsonreader import JsonReader, Session
from screener.records import Channel, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from screener.errors import Place
    from screener.readers.base import Item, ReadOptions
    from screener.readers.jsonstream import Path, Peek, Record
    from screener.readers.source import Source

__all__ = ["TicketReader", "TicketSession", "body", "channel_of"]

_CHANNELS: Final = {
    "email": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "sms": Channel.SMS,
    "phone": Channel.PHONE,
    "voice": Channel.PHONE,
    "aircall": Channel.PHONE,
    "whatsapp": Channel.WHATSAPP,
    "telegram": Channel.TELEGRAM,
    "line": Channel.LINE,
    "facebook": Channel.MESSENGER,
    "facebook-messenger": Channel.MESSENGER,
    "messenger": Channel.MESSENGER,
    "instagram": Channel.INSTAGRAM,
    "instagram-direct-message": Channel.INSTAGRAM,
    "instagram_dm": Channel.INSTAGRAM,
    "wechat": Channel.WECHAT,
    "kakao": Channel.KAKAOTALK,
}


def channel_of(name: str | None, options: ReadOptions) -> Channel:
    """The channel that a helpdesk's word names; ``helpdesk`` for its own chat and for words not known."""
    return options.channel or _CHANNELS.get((name or "").lower(), Channel.HELPDESK)


def body(html: Any, *plain: Any) -> str:
    """The words of a message: from its HTML, otherwise the first plain field that has any."""
    written = string(html)
    if written is not None and (text := html_to_text(written)):
        return text
    return next((found for value in plain if (found := string(value)) is not None), "")


class TicketSession(Session):
    """A reading that counts what it leaves out. ``parse`` gives messages and, as ``None``, internal notes."""

    def __init__(
        self,
        source: Source,
        options: ReadOptions,
        form: str,
        parse: Callable[[Any, Place, str, ReadOptions], Iterator[Message | None]],
    ) -> None:
        super().__init__(source, options)
        self.form = form
        self._parse = parse
        self._notes = 0

    def record(self, record: Record) -> Iterator[Item]:
        """See :class:`Session`."""
        if not isinstance(record.value, dict):
            raise BrokenRecordError("not an object")
        for message in self._parse(record.value, record.place, self.default_conversation(), self.options):
            if message is None:
                self._notes += 1
            else:
                yield message

    def finish(self) -> Iterator[Item]:
        """See :class:`Session`."""
        if self._notes:
            reason = f"{self._notes} internal note(s) or part(s) not marked as public were left out"
            yield Warned.of("W108", self.source.place(), reason=reason)


class TicketReader(JsonReader):
    """A helpdesk whose tickets are small enough to be records as a whole."""

    lists: tuple[str, ...] = ()
    """Keys under which several tickets may stand."""

    def __init__(
        self,
        name: str,
        lists: tuple[str, ...],
        score: Callable[[dict[str, Any]], float],
        parse: Callable[[Any, Place, str, ReadOptions], Iterator[Message | None]],
    ) -> None:
        self.name = name
        self.lists = lists
        self._score = score
        self._parse = parse

    def score(self, document: Any) -> float:
        """See :class:`JsonReader`."""
        if isinstance(document, list):
            return max((self.score(item) for item in document[:5] if isinstance(item, dict)), default=0.0)
        fields = mapping(document)
        inner = [mapping(one) for key in self.lists for one in items(fields.get(key))[:5]]
        return max((self._score(one) for one in (fields, *inner)), default=0.0)

    def paths(self, head: Peek) -> Collection[Path]:
        """See :class:`JsonReader`."""
        for document in head.documents:
            page = document[0] if isinstance(document, list) and document else document
            for key in self.lists:
                if isinstance(mapping(page).get(key), list):
                    return frozenset({(key, "*"), ("*", key, "*")})
        return frozenset({(), ("*",)})

    def session(self, source: Source, options: ReadOptions) -> Session:
        """See :class:`JsonReader`."""
        return TicketSession(source, options, self.name, self._parse)
