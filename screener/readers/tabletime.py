"""Times in tables: numbers, ISO 8601, cells that are times already, and dates as people write them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

from screener.readers.base import Clock
from screener.readers.dates import DateFields, OrderVote, day, hour24
from screener.readers.jsonfields import epoch, iso, string

if TYPE_CHECKING:
    from screener.readers.base import DateOrder, ReadOptions

__all__ = ["TimeColumn", "local_fields"]

_LOCAL: Final = re.compile(
    r"(\d{1,4})([./-]\s?|年\s?|년\s?)(\d{1,2})([./-]\s?|月\s?|월\s?)(\d{1,4})\s?[日일.]?[,،]?\s{0,3}"
    r"(?:([^\d\s:.]{1,8}\s?[^\d\s:]{0,3})\s?)?"
    r"(?:(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,6})?)?\s?([^\d:]{1,10})?"
)


def local_fields(text: str) -> tuple[DateFields, dt.time] | None:
    """The numbers of a written date and its time of day; ``None`` when the text is no such date."""
    match = _LOCAL.fullmatch(text.strip()) if len(text) < 60 else None
    if match is None:
        return None
    separator = match[2] if match[2][0] in "./-" else "/"
    word = (match[6] or match[10] or "").strip() or None
    try:
        clock = dt.time(hour24(int(match[7] or 0), word), int(match[8] or 0), int(match[9] or 0))
    except ValueError:
        return None
    return DateFields(match[1], match[3], match[5], separator), clock


class TimeColumn:
    """Reads the cells of one column; the order of written dates is decided for the whole file beforehand."""

    def __init__(self, options: ReadOptions) -> None:
        self._options = options
        self._zone = options.zone()
        self._vote = OrderVote()
        self._order: DateOrder | None = options.date_order
        self._clocks: dict[str, Clock] = {}
        self.local = False
        """True once a cell had no zone."""
        self.unread = 0
        """Cells that are no time."""

    def survey(self, value: Any, line: int) -> None:
        """Take one cell of the first pass."""
        text = string(value)
        if text is None or isinstance(value, dt.datetime) or iso(text) is not None or epoch(text) is not None:
            return
        found = local_fields(text)
        if found is not None:
            self._vote.add(found[0], line)

    def decide(self, path: object) -> None:
        """End the first pass.

        Raises:
            InputError: E103 or E104 when the dates cannot be read in one way only.

        """
        if self._order is None and self._vote.count:
            self._order = self._vote.decide(path)

    def read(self, value: Any, conversation: str) -> tuple[dt.datetime | None, str | None]:
        """``(UTC or None, the time as written or None)``."""
        if isinstance(value, dt.datetime):
            written, moment = value.isoformat(), value
        elif isinstance(value, dt.date):
            written, moment = value.isoformat(), dt.datetime.combine(value, dt.time())
        else:
            text = string(value)
            if text is None or not text.strip():
                return None, None
            written = text.strip()
            number = epoch(written)
            if number is not None:
                return number, written
            known = iso(written) or self._written(written)
            if known is None:
                self.unread += 1
                return None, written[:60]
            moment = known
        if moment.tzinfo is not None:
            return moment.astimezone(dt.UTC), written
        self.local = True
        if len(self._clocks) > 10_000:
            self._clocks.clear()
        clock = self._clocks.setdefault(conversation, Clock(self._zone))
        return clock.utc(moment), written

    def _written(self, text: str) -> dt.datetime | None:
        found = local_fields(text)
        if found is None or self._order is None:
            return None
        date = day(found[0], self._order)
        return dt.datetime.combine(date, found[1]) if date is not None else None
