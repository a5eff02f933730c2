"""Numeric dates of chat exports: calendars, half-day words, and which field is the day.

No export says in which order it writes dates. The order is decided for a whole file: an order in which some
date does not exist is out, and of the rest the only one in which time never runs backwards is taken. Where
that leaves two, the user has to say (E104): a wrong guess moves a message by months.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from screener.errors import InputError

if TYPE_CHECKING:
    from screener.readers.base import DateOrder

__all__ = ["AM_PM", "DateFields", "OrderVote", "day", "gregorian_year", "hour24"]

_FIRST_YEAR: Final = 2009
"""No exported chat is older than the messengers themselves."""
_LAST_YEAR: Final = 2099
_BUDDHIST: Final = 543
_ERAS: Final = {
    "R": 2018,
    "令和": 2018,
    "H": 1988,
    "平成": 1988,
    "S": 1925,
    "昭和": 1925,
    "民國": 1911,
    "民国": 1911,
}
"""Year zero of the eras: Reiwa 1 is 2019, Heisei 1 is 1989, Showa 1 is 1926, Minguo 1 is 1912."""
_LUNAR: Final = range(1300, 1600)
"""Years of the Hijri and Persian calendars: their days cannot be converted without the phone's own tables."""
_ORDERS: Final[tuple[DateOrder, ...]] = ("dmy", "mdy", "ymd")

_HALVES: Final[dict[str, str]] = {
    "am": "am a.m. a.m a. m. 上午 午前 早上 清晨 早晨 오전 ص صباحًا صباحا sa pg pagi sáng ก่อนเที่ยง vorm.",
    "pm": "pm p.m. p.m p. m. 下午 午後 午后 傍晚 오후 م مساءً مساء ch ptg petang chiều หลังเที่ยง nachm.",
    "night": "凌晨 半夜",
    "noon": "中午 tgh ظهرًا",
    "evening": "晚上 夜晚 mlm tối",
}


def _words() -> dict[str, str]:
    table: dict[str, str] = {}
    for half, words in _HALVES.items():
        for word in words.replace("a. m.", "a.\tm.").replace("p. m.", "p.\tm.").split(" "):
            table[word.replace("\t", " ")] = half
    return table


AM_PM: Final[dict[str, str]] = _words()
"""Half-day words in lower case -> ``am``, ``pm``, ``night`` (0 to 5), ``noon`` (11 to 14) or ``evening``."""


class DateFields(NamedTuple):
    """The three numbers of a date as they are written; ``era`` as written before them, with ``-`` if after."""

    first: str
    second: str
    third: str
    separator: str = "/"
    era: str = ""


def hour24(hour: int, word: str | None) -> int:
    """Hour 0 to 23 from an hour and a half-day word; an hour above 12 is taken as it stands."""
    half = AM_PM.get(word.strip().lower()) if word else None
    if half is None or hour > 12:
        return hour
    if half in ("am", "night"):
        return hour % 12
    if half == "noon":
        return hour if hour in (10, 11, 12) else hour + 12
    if half == "evening" and hour == 12:
        return 0
    return hour % 12 + 12


def gregorian_year(text: str, era: str = "") -> int | None:
    """The Gregorian year of a written year, or ``None`` when it is in no calendar that can be converted.

    Two digits from 52 up are Buddhist (2552 is 2009, the first year of any chat); lower ones are 20xx.
    """
    year = int(text)
    if era.lstrip("-") in _ERAS:
        return _ERAS[era.lstrip("-")] + year
    if era == "AH":
        return None
    if len(text) <= 2:
        return year + 2500 - _BUDDHIST if year >= 52 else 2000 + year
    if len(text) == 3:
        return year + _ERAS["民國"]
    if year in _LUNAR:
        return None
    return year - _BUDDHIST if year >= 2400 else year


@lru_cache(maxsize=1024)
def day(fields: DateFields, order: DateOrder) -> dt.date | None:
    """The date in a given order of fields; ``None`` when there is no such day."""
    if order == "dmy":
        d, m, y = fields.first, fields.second, fields.third
    elif order == "mdy":
        m, d, y = fields.first, fields.second, fields.third
    else:
        y, m, d = fields.first, fields.second, fields.third
    if len(m) > 2 or len(d) > 2:
        return None
    year = gregorian_year(y, fields.era)
    if year is None or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return dt.date(year, int(m), int(d))
    except ValueError:
        return None


def _possible(fields: DateFields) -> tuple[DateOrder, ...]:
    """Orders that the look of a date leaves open (CLDR short dates: no locale writes m.d.y)."""
    if len(fields.first) > 2 or fields.era in _ERAS:
        return ("ymd",)
    if fields.era.startswith("-"):
        return ("dmy", "mdy")
    if ". " in fields.separator:
        return ("dmy",) if len(fields.third) > 2 else ("ymd", "dmy")
    if len(fields.third) > 2:
        return ("dmy",) if fields.separator == "." else ("dmy", "mdy")
    if fields.separator == ".":
        return ("dmy",)
    return ("dmy", "mdy") if fields.separator == "/" else _ORDERS


class OrderVote:
    """Collects the dates of one file, in memory that does not grow, and decides their order."""

    def __init__(self) -> None:
        self._open: set[DateOrder] = set(_ORDERS)
        self._backwards: dict[DateOrder, int] = dict.fromkeys(_ORDERS, 0)
        self._last: dict[DateOrder, dt.date] = {}
        self._seen: DateFields | None = None
        self._differ = False
        self.count = 0
        self.impossible = 0
        self.lunar: int | None = None
        self.buddhist = False
        self.conflict: int | None = None
        """First line at which no order was left."""

    def add(self, fields: DateFields, line: int) -> None:
        """Take the date of one header line."""
        self.count += 1
        if fields == self._seen:
            return
        self._seen = fields
        for text in (fields.first, fields.third):
            if (fields.era == "AH" or (len(text) == 4 and int(text) in _LUNAR)) and self.lunar is None:
                self.lunar = line
            if len(text) == 4 and int(text) >= 2400:
                self.buddhist = True
        days = {order: day(fields, order) for order in _possible(fields)}
        valid = {order: value for order, value in days.items() if value is not None}
        if not valid:
            # A day that no calendar has is one broken record, not a contradiction.
            self.impossible += 1
            return
        self._open &= valid.keys()
        if not self._open and self.conflict is None:
            self.conflict = line
        self._differ |= len({valid[order] for order in self._open}) > 1
        for order, value in valid.items():
            last = self._last.get(order)
            # Messages that were sent without a connection arrive up to a day late; more is no reading.
            if last is not None and (last - value).days > 1:
                self._backwards[order] += 1
            self._last[order] = value

    def decide(self, path: object) -> DateOrder:
        """The order of the file.

        Raises:
            InputError: E103 for a calendar that cannot be converted, E104 when the dates contradict each other
                or leave two orders open.

        """
        if self.lunar is not None:
            reason = (
                f"the dates (line {self.lunar}) are in a Hijri or Persian calendar, whose days cannot be "
                "converted with certainty; set the phone to the Gregorian calendar first"
            )
            raise InputError("E103", path=path, format="a chat with Gregorian dates", reason=reason)
        if not self._last:
            reason = "no day that it names exists"
            raise InputError("E103", path=path, format="a chat with Gregorian dates", reason=reason)
        if not self._open:
            raise InputError("E104", path=path, reason=f"line {self.conflict} contradicts the lines before it")
        left = [order for order in _ORDERS if order in self._open]
        if len(left) == 1 or not self._differ:
            return left[0]
        forward = [order for order in left if not self._backwards[order]]
        if len(forward) == 1:
            return forward[0]
        raise InputError("E104", path=path, reason=f"all {self.count} date(s) fit {' and '.join(left)}")
