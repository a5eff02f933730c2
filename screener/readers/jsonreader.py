"""What the readers of JSON formats share: which files to read, broken records, and how ids are made."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from screener.errors import Warned
from screener.readers.base import GapIn, broken
from screener.readers.jsonfields import BrokenRecordError
from screener.readers.jsonstream import Record, member_head, peek, walk
from screener.readers.textchat import conversation_id
from screener.records import Gap, Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from screener.errors import Place
    from screener.readers.base import Head, Item, ReadOptions, Survey
    from screener.readers.jsonstream import End, Path, Peek
    from screener.readers.source import Source

__all__ = ["WHOLE", "JsonReader", "Pages", "Session", "gap", "native_id"]

_SURE: Final = 0.3
WHOLE: Final[frozenset[Path]] = frozenset({(), ("*",)})
"""Records that are whole documents, or elements of one array."""
_MAX_CONVERSATIONS: Final = 100_000


def native_id(found: str | None, place: Place) -> str:
    """The id that the source gives, or one made of the place, so that every message can be named."""
    if found is not None:
        return found
    where = f"line {place.line}" if place.line is not None else ""
    inner = f"{place.pointer or ''}[{place.index}]" if place.index is not None else place.pointer or ""
    member = f"{place.member}!" if place.member is not None else ""
    return f"{member}{' '.join(filter(None, (where, inner))) or 'document'}"


def gap(message: Message, kind: str, detail: str) -> GapIn:
    """A gap at a message that is kept."""
    return GapIn(message.conversation_id, Gap(kind, detail, message.id, message.place))


class Pages:
    """Whether the last page of each conversation was there. Pages come in any order; only the last has no next."""

    def __init__(self) -> None:
        self._open: dict[str, Place | None] = {}

    def note(self, conversation: str, place: Place, *, more: bool) -> None:
        """Take what one page says about a next one."""
        if not more:
            self._open[conversation] = None
        elif conversation in self._open or len(self._open) < _MAX_CONVERSATIONS:
            self._open.setdefault(conversation, place)

    def gaps(self) -> Iterator[GapIn]:
        """A gap for each conversation whose pages all name a next one."""
        for conversation, place in self._open.items():
            if place is not None:
                detail = "every page of this conversation names a next one, so messages are missing"
                yield GapIn(conversation, Gap("page_missing", detail, None, place))


class Session:
    """One reading of one export. ``record`` turns a record into items, ``end`` and ``finish`` add what shows later."""

    form = "json"

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self.source = source
        self.options = options
        self.member: str | None = None
        self.last_conversation: str | None = None

    def default_conversation(self) -> str:
        """The id of a conversation that the format does not name: the name of its file."""
        return conversation_id(self.form, self.source.name, self.member)

    def record(self, record: Record) -> Iterable[Item]:
        """Items of one record.

        Raises:
            BrokenRecordError: when it is no record of the format.

        """
        raise NotImplementedError

    def current_conversation(self) -> str:
        """The conversation of the last message: what a page says about itself belongs to it."""
        return self.last_conversation or self.default_conversation()

    def end(self, end: End) -> Iterable[Item]:  # noqa: ARG002 - most formats have nothing to say here
        """Items known at the end of an enclosing object."""
        return ()

    def finish(self) -> Iterable[Item]:
        """Items known at the end of the export."""
        return ()


class JsonReader:
    """A reader of one JSON format: subclasses say how sure they are and where records stand."""

    name = "json"
    wanted: Collection[Path] = WHOLE
    """Where records stand; by default each document is one."""
    member_hint: str | None = None
    """Glob of files that only this format has, for archives with many other files."""

    def score(self, document: Any) -> float:
        """How sure the format is of a document, of which only the beginning may be there."""
        raise NotImplementedError

    def paths(self, head: Peek) -> Collection[Path]:  # noqa: ARG002 - for formats with one shape only
        """Where records stand in a file that begins like this."""
        return self.wanted

    def session(self, source: Source, options: ReadOptions) -> Session:
        """A new reading."""
        raise NotImplementedError

    def sniff(self, head: Head) -> float:
        """See :class:`screener.readers.base.Reader`."""
        hint = self.member_hint
        if hint is not None and any(PurePosixPath(name).match(hint) for name in head.members):
            return 0.95
        return max((self._sniff_text(text) for text in head.texts), default=0.0)

    def _sniff_text(self, text: str) -> float:
        found = peek(text)
        if found is None:
            return 0.0
        return max((self.score(document) for document in found.documents[:20]), default=0.0)

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:  # noqa: ARG002 - roles are told
        """See :class:`screener.readers.base.Reader`."""
        return None

    def files(self, source: Source) -> Iterator[tuple[str | None, Peek]]:
        """The file, or the files of the archive that hold this format, with how they begin."""
        if not source.head_is_archive():
            found = peek(member_head(source, None))
            yield None, found or _EMPTY
            return
        for member in source.text_members():
            if PurePosixPath(member.name).suffix.lower() not in (".json", ".jsonl", ".ndjson", ".txt"):
                continue
            text = member_head(source, member.name)
            found = peek(text)
            if found is not None and self._sniff_text(text) >= _SURE:
                yield member.name, found

    def events(self, source: Source, options: ReadOptions) -> Iterator[tuple[str | None, Record | End | Warned]]:
        """Records and ends of all files."""
        for member, found in self.files(source):
            paths = self.paths(found)
            for event in walk(source, member, paths, options, form=self.name, lines=found.lines):
                yield member, event

    def records(self, session: Session, source: Source, options: ReadOptions) -> Iterator[Record]:
        """Records alone, for a survey; ``session`` knows the file of each."""
        for session.member, event in self.events(source, options):
            if isinstance(event, Record):
                yield event

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """See :class:`screener.readers.base.Reader`."""
        session = self.session(source, options)
        for member, event in self.events(source, options):
            session.member = member
            if isinstance(event, Warned):
                yield event
                continue
            if not isinstance(event, Record):
                yield from session.end(event)
                continue
            try:
                # A record counts as a whole: what comes of it only goes out when all of it could be read.
                made = list(session.record(event))
            except BrokenRecordError as error:
                yield broken(event.place, str(error), options)
            else:
                for item in made:
                    if isinstance(item, Message):
                        session.last_conversation = item.conversation_id
                    yield item
        yield from session.finish()


def _empty() -> Peek:
    from screener.readers.jsonstream import Peek

    return Peek((), lines=False)


_EMPTY: Final = _empty()
