"""Reading fields of foreign JSON: nothing may be of the type that the documentation promises.

Each helper takes any value and gives a plain one or nothing; none raises.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BrokenRecordError",
    "epoch",
    "first",
    "iso",
    "items",
    "mapping",
    "string",
    "text_of",
    "truth",
    "urls",
    "utc",
]

_MAX_DIGITS: Final = 40
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FIRST: Final = 631_152_000
"""1990: nothing earlier is the time of a chat message."""
_LAST: Final = 4_102_444_800
"""2100."""
_SCALES: Final = (
    (Decimal(10) ** 17, Decimal("0.001")),
    (Decimal(10) ** 14, Decimal(1)),
    (Decimal(10) ** 11, Decimal(1000)),
    (Decimal(0), Decimal(1_000_000)),
)
"""Least number -> microseconds in one unit: ns, µs, ms, s. The spans of 1990 to 2100 do not overlap."""
_TRUE: Final = frozenset({"true", "1", "yes"})


class BrokenRecordError(ValueError):
    """A record that is no message; the reason never holds its text."""


def mapping(value: Any) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """An array, or an empty one."""
    return value if isinstance(value, list) else []


def string(value: Any) -> str | None:
    """A plain value as text, exactly as the source writes it, so that ids beyond 2**53 stay whole.

    ``None`` for nothing, an empty string, a truth value, an object or an array.
    """
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value) if value.bit_length() < _MAX_DIGITS * 4 else None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, Decimal):
        return str(value)[: _MAX_DIGITS * 2]
    return None


def text_of(value: Any) -> str:
    """Text, or the text of a number; empty for anything else."""
    return value if isinstance(value, str) else string(value) or ""


def first(record: Mapping[str, Any], *names: str) -> str | None:
    """The first of these fields that holds a plain value, as text."""
    for name in names:
        found = string(record.get(name))
        if found is not None:
            return found
    return None


def truth(value: Any, default: bool = False) -> bool:
    """A truth value, also written as ``"false"``, ``"1"`` or ``0``."""
    if isinstance(value, bool):
        return value
    if value is None or isinstance(value, (dict, list)):
        return default
    return text_of(value).strip().lower() in _TRUE if text_of(value).strip() else default


def epoch(value: Any) -> dt.datetime | None:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size, as UTC.

    ``None`` for anything that is no time between 1990 and 2100. A number of seconds has ten digits in that span.
    """
    if isinstance(value, str):
        text = value.strip()
        if not text or len(text) > _MAX_DIGITS or not text.isascii():
            return None
        try:
            number = Decimal(text)
        except ArithmeticError:
            return None
    elif isinstance(value, bool) or value is None:
        return None
    elif isinstance(value, (int, Decimal)):
        number = Decimal(value)
    elif isinstance(value, float) and math.isfinite(value):
        number = Decimal(repr(value))
    else:
        return None
    if not number.is_finite() or not 0 < number < Decimal(10) ** 20:
        return None
    scale = next(scale for threshold, scale in _SCALES if number >= threshold)
    micros = int(number * scale)
    if not _FIRST * 1_000_000 <= micros < _LAST * 1_000_000:
        return None
    return _EPOCH + dt.timedelta(microseconds=micros)


def iso(value: Any) -> dt.datetime | None:
    """A time in ISO 8601, with its zone if it has one; ``None`` when it is none or outside 1990 to 2100."""
    if not isinstance(value, str) or not 8 <= len(value.strip()) <= _MAX_DIGITS:
        return None
    try:
        moment = dt.datetime.fromisoformat(value.strip())
        if moment.tzinfo is not None:
            moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1990 <= moment.year < 2100 else None


def utc(value: Any) -> dt.datetime | None:
    """A moment given as ISO 8601 with zone, or as a number since 1970."""
    moment = iso(value)
    if moment is not None:
        return moment if moment.tzinfo is not None else None
    return epoch(value)


def urls(*values: Any) -> tuple[str, ...]:
    """The values that are text, in order, each once: addresses of attachments."""
    return tuple(dict.fromkeys(v for v in values if isinstance(v, str) and v))
