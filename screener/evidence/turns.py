"""The messages of a conversation with everything that bears on the statements in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING, Final

from screener.evidence.cues import Cue, cue_reader
from screener.evidence.orders import orders_of
from screener.records import Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screener.evidence.cues import CueHit
    from screener.pipeline import Checked, Judged
    from screener.records import Message

__all__ = ["Talk", "Turn", "related", "turns_of"]

_BARE_RETRACTION: Final = 0.9
"""A retraction that does not say what holds instead ends statements only from this probability on."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message with all that is known of it; ``labels`` is what is surely asserted in it."""

    message: Message
    judged: tuple[Judged, ...]
    cues: tuple[CueHit, ...]
    order: str | None
    labels: frozenset[Label]

    @property
    def buyer(self) -> bool:
        """The buyer speaks."""
        return self.message.speaker is Speaker.BUYER

    @property
    def seller(self) -> bool:
        """The shop speaks."""
        return self.message.speaker is Speaker.SELLER

    @property
    def retracts_surely(self) -> bool:
        """True when a retraction is seen that would hold without the opposite being said."""
        found = [j.finding for j in self.judged if j.finding.label is Label.RETRACTION]
        return any(f.probability is None or f.probability >= _BARE_RETRACTION for f in found)

    def has(self, cue: Cue) -> bool:
        """The message holds such wording."""
        return any(hit.cue is cue for hit in self.cues)


class Talk:
    """The turns of a conversation, and where in it something is said: numbers of turns, rising."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = turns
        self.said: dict[Label, list[int]] = {}
        """Where the buyer asserts a label."""
        for number, turn in enumerate(turns):
            for label in turn.labels if turn.buyer else ():
                self.said.setdefault(label, []).append(number)

    def _where(self, test: Callable[[Turn], bool]) -> list[int]:
        return [number for number, turn in enumerate(self.turns) if test(turn)]

    @cached_property
    def replaced(self) -> list[int]:
        """Where buyer or shop tell of a repair or a replacement."""
        return self._where(lambda turn: turn.has(Cue.REPLACED) and turn.message.speaker is not Speaker.PLATFORM)

    @cached_property
    def arrived(self) -> list[int]:
        """Where buyer or platform tell that goods came."""
        return self._where(lambda t: not t.seller and (Label.RECEIVED in t.labels or t.has(Cue.DELIVERED)))

    @cached_property
    def awaited(self) -> list[int]:
        """Where buyer or platform tell that goods have not come or are not opened."""
        return self._where(lambda t: not t.seller and (Label.NOT_RECEIVED in t.labels or t.has(Cue.NOT_YET)))

    def later(self, number: int, labels: frozenset[Label]) -> Iterator[int]:
        """The turns after ``number`` in which the buyer asserts any of ``labels``."""
        where = [self.said.get(label, []) for label in labels]
        last = number
        for found in merge(*(one[bisect_right(one, number) :] for one in where)):
            if found != last:
                last = found
                yield found


def turns_of(
    checked: Sequence[Checked], languages: Sequence[str], cues: Sequence[tuple[CueHit, ...]] | None
) -> list[Turn]:
    """The turns of screened messages; ``cues`` are those of each message, if they are known already."""
    messages = [one.message for one in checked if one.message is not None]
    if cues is None:
        reader = cue_reader()
        cues = [reader.read(message.text, languages) if message.text else () for message in messages]
    return [
        Turn(message, one.judged, hits, order, frozenset(j.finding.label for j in one.judged if not j.finding.unsure))
        for one, message, hits, order in zip(checked, messages, cues, orders_of(messages), strict=True)
    ]


def related(one: Turn, other: Turn) -> bool:
    """False when both are known to speak of different orders."""
    return one.order is None or other.order is None or one.order == other.order
