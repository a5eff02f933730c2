"""What the readers of text chats share: bodies of several lines, and local times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screener.errors import Warned
from screener.readers.base import Clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from screener.errors import Place
    from screener.readers.base import ReadOptions

__all__ = ["Paragraph", "Times", "conversation_id"]


def conversation_id(form: str, source_name: str, member: str | None = None) -> str:
    """The id of the chat of one file: its name without folders, so that it is the same on every machine."""
    name = source_name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return f"{form}:{name}" if member is None else f"{form}:{name}!{member}"


class Paragraph:
    """Lines of one message, joined by LF, never more than ``limit`` code points of them."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[str] = []
        self._size = 0
        self.cut = 0
        """How many messages had to be cut."""
        self._was_cut = False

    def start(self, text: str) -> None:
        """Begin a message."""
        self._parts = [text]
        self._size = len(text)
        self._was_cut = False

    def add(self, line: str) -> None:
        """One more line of the message."""
        if self._size + len(line) + 1 > self._limit:
            self.cut += not self._was_cut
            self._was_cut = True
            return
        self._parts.append(line)
        self._size += len(line) + 1

    def text(self) -> str:
        """The message; empty lines at its end belong to the file, not to it."""
        return "\n".join(self._parts).rstrip("\n")


class Times:
    """Local times of one file: UTC where the zone is known, and what is odd about their order."""

    def __init__(self, options: ReadOptions, place: Place) -> None:
        self._zone = options.zone()
        self._clock = Clock(self._zone)
        self._place = place
        self._last: dt.datetime | None = None
        self._back: int | None = None
        self.backwards = 0

    def take(self, local: dt.datetime, line: int, *, seconds: bool) -> tuple[dt.datetime | None, str]:
        """``(UTC or None, local time as ISO 8601 in the precision of the source)``."""
        if self._last is not None and (self._last - local).total_seconds() > 86_400:
            self.backwards += 1
            self._back = self._back or line
        self._last = local
        return self._clock.utc(local), local.isoformat(timespec="seconds" if seconds else "minutes")

    def before(self) -> Iterator[Warned]:
        """What is certain before the first message."""
        if self._zone is None:
            yield Warned.of("W103", self._place)

    def after(self) -> Iterator[Warned]:
        """What is known after the last message."""
        if self.backwards:
            reason = (
                f"time runs back by more than a day at {self.backwards} place(s), first at line {self._back}; "
                "an export does not do that by itself"
            )
            yield Warned.of("W108", self._place, reason=reason)
