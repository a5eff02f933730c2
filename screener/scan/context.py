"""The messages before each message, while a stream of many conversations goes by."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from screener.detect.acts.encoding import CONTEXT_CHARACTERS, CONTEXT_MESSAGES

if TYPE_CHECKING:
    from screener.records import Message

__all__ = ["Before"]

_CONVERSATIONS: Final = 10_000
"""How many conversations may be open at once; of more the one silent for longest is forgotten."""

Turn = tuple[str, str]


class Before:
    """Remembers the last messages of each conversation, in bounded memory and by order of the stream alone."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()

    def __call__(self, message: Message) -> tuple[Turn, ...]:
        """(speaker, end of the text) of the messages before ``message``, oldest first; then remembers it."""
        before = self._last.pop(message.conversation_id, ())
        after = before
        if message.text:
            turn = (message.speaker.value, message.text[-CONTEXT_CHARACTERS:])
            after = (*before, turn)[-CONTEXT_MESSAGES:]
        self._last[message.conversation_id] = after
        if len(self._last) > _CONVERSATIONS:
            self._last.popitem(last=False)
        return before
