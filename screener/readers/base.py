"""What every reader shares: its options, its interface and the small rules of time and breakage.

A reader is one object with a name. ``sniff`` says how sure it is that a file is its own, ``survey`` (one cheap
pass, only for formats that do not tell roles) says who speaks, ``read`` yields messages one after another, so
that a file of any size is read in bounded memory. Grouping, ordering and roles happen once, in
``screener.readers.detect``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from screener.errors import CATALOGUE, InputError, Place, ScreenerError, Warned
from screener.records import Channel, Gap, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from screener.readers.source import Source

__all__ = [
    "HEAD_BYTES",
    "Clock",
    "DateOrder",
    "GapIn",
    "Head",
    "Item",
    "ReadOptions",
    "Reader",
    "RoleNote",
    "Survey",
    "broken",
]

DateOrder: TypeAlias = Literal["dmy", "mdy", "ymd"]

HEAD_BYTES: Final = 65_536
"""How much of a file a reader may look at to tell its format."""

_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user said about the input. Everything that is ``None`` or empty is told by the file or stays unknown.

    Raises:
        ScreenerError: E201 for an unknown zone or date order, E202 for a limit that is not positive.

    """

    seller: tuple[str, ...] = ()
    """Names or ids under which the shop writes."""
    buyer: tuple[str, ...] = ()
    timezone: str | None = None
    """IANA name of the zone of times that carry none; ``None``: such times stay unknown."""
    date_order: DateOrder | None = None
    encoding: str | None = None
    channel: Channel | None = None
    """Overrides the channel that the format implies."""
    marketplace: str | None = None
    strict: bool = False
    """Stop at the first broken record instead of leaving it out."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """For tables: field of ``Message`` -> header of the column."""
    sheet: str | None = None
    max_line_chars: int = 1_000_000
    """Longer lines are cut (W105), in code points."""
    max_member_bytes: int = 4096 * _MIB
    """Unpacked size of one file in an archive."""
    max_total_bytes: int = 16_384 * _MIB
    """Unpacked size of all files in an archive."""
    max_ratio: int = 200
    """Unpacked size over packed size; more is a bomb, not a chat."""
    max_members: int = 100_000
    max_document_bytes: int = 512 * _MIB
    """Largest document that a reader may hold in memory at once (formats that cannot be streamed)."""

    def __post_init__(self) -> None:
        if self.date_order not in (None, "dmy", "mdy", "ymd"):
            raise ScreenerError("E201", what="date order", value=self.date_order, choices="dmy, mdy, ymd")
        for name in ("max_line_chars", "max_member_bytes", "max_total_bytes", "max_ratio", "max_members"):
            if getattr(self, name) < 1:
                raise ScreenerError("E202", option=name, reason="it must be at least 1")
        self.zone()

    def zone(self) -> ZoneInfo | None:
        """The zone of times that carry none."""
        if self.timezone is None:
            return None
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ScreenerError(
                "E201",
                what="time zone",
                value=self.timezone,
                choices="IANA names such as Asia/Jakarta or UTC",
            ) from None


@dataclass(frozen=True, slots=True)
class Head:
    """What a reader may look at to tell a format: never more than ``HEAD_BYTES`` of each file."""

    name: str
    """File name without folders."""
    data: bytes
    text: str
    """``data`` decoded as well as possible, without BOM; empty for archives and other binary files."""
    members: tuple[str, ...] = ()
    """Names inside an archive; empty for a plain file."""
    member_texts: Mapping[str, str] = field(default_factory=dict)
    """First text of the first few text members of an archive."""

    @property
    def is_archive(self) -> bool:
        """True for a zip file."""
        return self.data[:4] in (b"PK\x03\x04", b"PK\x05\x06")

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of the file, or of each text member that was sampled."""
        return tuple(self.member_texts.values()) if self.is_archive else (self.text,)


@dataclass(frozen=True, slots=True)
class GapIn:
    """A gap with the conversation that it belongs to."""

    conversation_id: str
    gap: Gap


@dataclass(frozen=True, slots=True)
class RoleNote:
    """How a sender came to a role, when the format itself tells it: ``RoleNote("u-17", "buyer (sender.role)")``."""

    sender: str
    how: str


Item: TypeAlias = Message | GapIn | Warned | RoleNote
"""What ``Reader.read`` yields. A broken record is a ``Warned`` with code E107, made with ``broken``."""


@dataclass(slots=True)
class Survey:
    """Who speaks in a file whose format tells no roles: conversation id -> sender -> number of messages."""

    senders: dict[str, dict[str, int]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    """Conversation id -> the name under which the exporting device knows the chat (the other side's name)."""
    automatic: set[str] = field(default_factory=set)
    """Senders that are the format's own voice, e.g. the group name on iOS."""
    business: set[str] = field(default_factory=set)
    """Senders that the source itself marks as a business account."""

    def count(self, conversation_id: str, sender: str) -> None:
        """Count one message. At most 10,000 conversations of 200 senders are held: roles need no more."""
        people = self.senders.get(conversation_id)
        if people is None:
            if len(self.senders) >= 10_000:
                return
            people = self.senders[conversation_id] = {}
        if sender in people or len(people) < 200:
            people[sender] = people.get(sender, 0) + 1


class Reader(Protocol):
    """One format."""

    name: str

    def sniff(self, head: Head) -> float:
        """How sure the reader is that the file is its own: 0 (no) to 1 (certain). Never raises."""
        ...

    def survey(self, source: Source, options: ReadOptions) -> Survey | None:
        """Who speaks; ``None`` where each message tells its speaker."""
        ...

    def read(self, source: Source, options: ReadOptions) -> Iterator[Item]:
        """Messages in the order of the file, in bounded memory, ``speaker`` unknown unless the format tells it.

        Raises:
            InputError: when nothing of the file can be used, or at the first broken record with ``options.strict``.

        """
        ...


def broken(place: Place, reason: str, options: ReadOptions) -> Warned:
    """A broken record that is left out.

    Raises:
        InputError: E107 instead, with ``options.strict``.

    """
    if options.strict:
        raise InputError("E107", path=place.file, place=place, reason=reason)
    entry = CATALOGUE["E107"]
    problem = entry.problem.format(path=place.file, place=place, reason=reason)
    return Warned("E107", problem, entry.fix, place)


class Clock:
    """Local times of one conversation into UTC.

    A local time that occurs twice (the clocks went back) takes the reading that keeps the order of the file;
    one that never occurred (the clocks went forward) is read with the offset from before the change (PEP 495).
    """

    def __init__(self, zone: dt.tzinfo | None) -> None:
        self._zone = zone
        self._last: dt.datetime | None = None

    def utc(self, local: dt.datetime) -> dt.datetime | None:
        """``local`` in UTC; ``None`` without a zone."""
        if self._zone is None:
            return None
        try:
            moment = local.replace(tzinfo=self._zone, fold=0).astimezone(dt.UTC)
            later = local.replace(tzinfo=self._zone, fold=1).astimezone(dt.UTC)
        except OverflowError:
            return None
        # In the skipped hour ``fold=1`` is the earlier moment, so only a real repetition passes this test.
        if later > moment and self._last is not None and moment < self._last <= later:
            moment = later
        self._last = moment
        return moment
