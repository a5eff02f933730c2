"""From a path to messages: which reader, which roles, which order."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
from typing import TYPE_CHECKING, Final

from screener.errors import InputError, ScreenerError, Warned
from screener.readers.base import GapIn, ReadOptions, RoleNote
from screener.readers.roles import assign
from screener.readers.source import Source, open_source
from screener.records import Channel, Conversation, Export, Gap, Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from screener.readers.base import Item, Reader

__all__ = ["FORMATS", "detect", "iter_items", "iter_messages", "open_source", "read_export", "reader"]

FORMATS: Final[dict[str, str]] = {
    "whatsapp": "screener.readers.whatsapp",
    "line": "screener.readers.line",
    "kakaotalk": "screener.readers.kakaotalk",
    "tiktok": "screener.readers.tiktok",
    "lazada": "screener.readers.lazada",
    "shopee": "screener.readers.shopee",
    "whatsapp_cloud": "screener.readers.whatsapp_cloud",
    "telegram": "screener.readers.telegram",
    "messenger": "screener.readers.messenger",
    "zalo": "screener.readers.zalo",
    "mercadolibre": "screener.readers.mercadolibre",
    "zendesk": "screener.readers.zendesk",
    "gorgias": "screener.readers.gorgias",
    "intercom": "screener.readers.intercom",
    "table": "screener.readers.table",
}
"""Format -> module with a ``READER`` (or ``READERS``) object; only the modules that are needed are imported."""

_SURE: Final = 0.3
"""Below this no reader may claim a file."""


def _installed() -> Iterator[Reader]:
    for module in dict.fromkeys(FORMATS.values()):
        if importlib.util.find_spec(module) is None:
            continue
        loaded = importlib.import_module(module)
        yield from getattr(loaded, "READERS", None) or (loaded.READER,)


def formats() -> tuple[str, ...]:
    """The names that ``--format`` takes."""
    return tuple(sorted(each.name for each in _installed()))


def reader(name: str) -> Reader:
    """The reader of a format.

    Raises:
        ScreenerError: E201 for an unknown format.

    """
    for each in _installed():
        if each.name == name:
            return each
    raise ScreenerError("E201", what="format", value=name, choices=", ".join(formats()))


def detect(source: Source) -> Reader:
    """The reader that is surest of this file, by its content; ties go to the earlier format.

    Raises:
        InputError: E102 when none is.

    """
    head = source.head()
    best: tuple[float, Reader] | None = None
    for each in _installed():
        score = each.sniff(head)
        if score >= _SURE and (best is None or score > best[0]):
            best = (score, each)
            if score >= 1:
                break
    if best is None:
        if not head.data:
            raise InputError("E110", path=source.name)
        raise InputError("E102", path=source.name)
    return best[1]


def iter_items(source: Source, options: ReadOptions, form: str | None = None) -> Iterator[Item]:
    """Everything that the file tells, one after another: messages with roles, gaps, warnings, role notes.

    Raises:
        InputError: when the file cannot be used (E101 to E110).

    """
    chosen = reader(form) if form is not None else detect(source)
    survey = chosen.survey(source, options)
    count = 0
    for item in assign(chosen.read(source, options), survey, source, options):
        count += isinstance(item, Message)
        yield item
    if not count:
        raise InputError("E110", path=source.name)


def iter_messages(
    path: Path | str | BinaryIO, options: ReadOptions | None = None, form: str | None = None
) -> Iterator[Message | Warned]:
    """Messages and warnings of a file of any size, in the order of the file and in bounded memory.

    Gaps and role notes are left out; :func:`iter_items` yields them as well.

    Raises:
        InputError: when the file cannot be used (E101 to E110).

    """
    options = options or ReadOptions()
    with open_source(path, options) as source:
        for item in iter_items(source, options, form):
            if isinstance(item, (Message, Warned)):
                yield item


class _Collected:
    def __init__(self) -> None:
        self.messages: dict[str, list[Message]] = {}
        self.gaps: dict[str, list[Gap]] = {}
        self.warnings: list[Warned] = []
        self.broken: list[Warned] = []
        self.roles: dict[str, str] = {}

    def add(self, item: Item) -> None:
        if isinstance(item, Message):
            self.messages.setdefault(item.conversation_id, []).append(item)
        elif isinstance(item, GapIn):
            self.gaps.setdefault(item.conversation_id, []).append(item.gap)
        elif isinstance(item, RoleNote):
            self.roles.setdefault(item.sender, item.how)
        elif item.code == "E107":
            self.broken.append(item)
        else:
            self.warnings.append(item)


def _ordered(messages: list[Message]) -> tuple[Message, ...]:
    """In order of time where every message has one; otherwise the order of the file is all there is."""
    timed = [(m.sent_at, m) for m in messages if m.sent_at is not None]
    if len(timed) < len(messages):
        return tuple(messages)
    steps = [later[0] >= earlier[0] for earlier, later in itertools.pairwise(timed) if later[0] != earlier[0]]
    if steps.count(False) > steps.count(True):
        # Newest first: reversed, so that messages of the same second keep their order.
        timed.reverse()
    return tuple(m for _, m in sorted(timed, key=lambda pair: pair[0]))


def _conversation(key: str, messages: list[Message], gaps: list[Gap], options: ReadOptions) -> Conversation:
    channels = {m.channel for m in messages}
    return Conversation(
        id=key,
        messages=_ordered(messages),
        channel=channels.pop() if len(channels) == 1 else Channel.UNKNOWN,
        marketplace=options.marketplace,
        order_ids=tuple(dict.fromkeys(m.order_id for m in messages if m.order_id is not None)),
        gaps=tuple(gaps),
    )


def read_export(path: Path | str | BinaryIO, options: ReadOptions | None = None, form: str | None = None) -> Export:
    """A whole file as conversations, in memory, with everything that had to be left out or guessed.

    Raises:
        InputError: when the file cannot be used (E101 to E110).

    """
    options = options or ReadOptions()
    collected = _Collected()
    with open_source(path, options) as source:
        chosen = reader(form) if form is not None else detect(source)
        for item in iter_items(source, options, chosen.name):
            collected.add(item)
    if collected.broken:
        collected.warnings.insert(0, Warned.of("W101", count=len(collected.broken)))
    return Export(
        format=chosen.name,
        conversations=tuple(
            _conversation(key, messages, collected.gaps.get(key, []), options)
            for key, messages in collected.messages.items()
        ),
        warnings=tuple(collected.warnings),
        broken=tuple(collected.broken),
        roles=collected.roles,
    )
