"""Which order each message of a conversation speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.records import Message

__all__ = ["orders_of"]

_TAIL: Final = 4
"""People name an order by its last digits; fewer would be sizes and prices."""


def orders_of(messages: Sequence[Message]) -> list[str | None]:
    """The order of each message: the one it carries, the one its text names, else the last one spoken of.

    With a single known order everything is about that one.
    """
    known = list(dict.fromkeys(message.order_id for message in messages if message.order_id))
    if len(known) == 1:
        return [known[0]] * len(messages)
    current: str | None = None
    found: list[str | None] = []
    for message in messages:
        named = message.order_id or _named(message.text, known)
        current = named or current
        found.append(current)
    return found


def _named(text: str, known: Sequence[str]) -> str | None:
    """The one known order that a text names, whole or by its last digits."""
    named = [order for order in known if order in text]
    if not named:
        named = [order for order in known if len(order) > _TAIL and order[-_TAIL:] in text]
    return named[0] if len(named) == 1 else None
