"""What makes a statement worth less than its words: requests, offers, leading questions, and how and when it was said.

``docs/evidence.md`` states the rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from screener.evidence.cues import Cue
from screener.evidence.turns import related
from screener.records import Label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screener.evidence.turns import Talk, Turn
    from screener.records import Finding

__all__ = ["WEAKENING", "Taint", "TaintKind", "taints_of"]


class TaintKind(StrEnum):
    """Why a statement may be worth less than its words."""

    COACHED = "coached"
    INCENTIVE = "incentive"
    LEADING_YES = "leading_yes"
    BEFORE_DELIVERY = "before_delivery"
    RELAYED = "relayed"
    EDITED = "edited"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Taint:
    """One reason for doubt, with the message that causes it."""

    kind: TaintKind
    message_id: str


WEAKENING: Final = frozenset({TaintKind.COACHED, TaintKind.INCENTIVE})
"""Taints with which a statement needs support."""
_FAVOURABLE: Final = frozenset({Label.NO_DEFECT, Label.CHANGE_OF_MIND, Label.USED, Label.RECEIVED})
_ABOUT_GOODS: Final = frozenset({Label.NO_DEFECT, Label.USED, Label.DEFECT})
_REACH: Final = 8
"""How many messages back a request or an offer still bears on what is said."""
_BARE: Final = 4
"""A yes with at most so many words is a bare yes."""


def taints_of(talk: Talk, number: int, finding: Finding) -> list[Taint]:
    """The taints of the statement ``finding`` in message ``number``, each with the message that causes it."""
    turn = talk.turns[number]
    found: list[Taint] = []

    def add(kind: TaintKind, cause: Turn) -> None:
        if all(taint.kind is not kind for taint in found):
            found.append(Taint(kind, cause.message.id))

    if finding.label in _FAVOURABLE:
        for cause, kind in _pressed(talk, number, finding.label):
            add(kind, cause)
        if (question := _led(talk.turns, number)) is not None:
            add(TaintKind.LEADING_YES, question)
    if turn.has(Cue.INCENTIVE):
        add(TaintKind.INCENTIVE, turn)
    if finding.label in _ABOUT_GOODS and (early := _too_early(talk, number)) is not None:
        add(TaintKind.BEFORE_DELIVERY, early)
    if turn.message.automated or turn.has(Cue.RELAYED):
        add(TaintKind.RELAYED, turn)
    if turn.message.edited:
        add(TaintKind.EDITED, turn)
    if turn.has(Cue.HEDGED):
        add(TaintKind.UNSURE, turn)
    return found


def _pressed(talk: Talk, number: int, label: Label) -> list[tuple[Turn, TaintKind]]:
    """Requests and offers of the shop before a statement that bear on it.

    Nothing taints what the buyer had already said unasked.
    """
    turns = talk.turns
    said = talk.said.get(label, [])
    said_before = any(related(turns[at], turns[number]) for at in said[: bisect_left(said, number)])
    pressed: list[tuple[Turn, TaintKind]] = []
    for earlier in range(max(0, number - _REACH), number):
        turn = turns[earlier]
        if not turn.seller or not related(turn, turns[number]):
            continue
        if said_before and said[0] < earlier:
            continue
        coached = turn.has(Cue.COACHING) or Label.DISPUTE_PRESSURE in turn.labels
        paid = turn.has(Cue.INCENTIVE) or bool(turn.labels & {Label.REVIEW_MANIPULATION, Label.OFF_PLATFORM_PAYMENT})
        if coached:
            pressed.append((turn, TaintKind.COACHED))
        # An offer alone is service; with a request, or right before the words, it buys them.
        if paid and (
            coached or any(t.has(Cue.COACHING) for t in turns[max(0, number - _REACH) : number] if not t.buyer)
        ):
            pressed.append((turn, TaintKind.INCENTIVE))
    return pressed


def _led(turns: Sequence[Turn], number: int) -> Turn | None:
    """The leading question that a bare yes answers, if the message is one."""
    turn = turns[number]
    if not turn.has(Cue.YES) or len(turn.message.text.split()) > _BARE or len(turn.message.text) > 24:
        return None
    for earlier in range(number - 1, max(-1, number - 3), -1):
        before = turns[earlier]
        if before.buyer:
            continue
        return before if before.has(Cue.LEADING) else None
    return None


def _too_early(talk: Talk, number: int) -> Turn | None:
    """The message that shows that goods had not come or not been opened when they were spoken of."""
    turn = talk.turns[number]
    if turn.has(Cue.NOT_YET):
        return turn

    def of_order(where: list[int]) -> Iterator[Turn]:
        return (talk.turns[at] for at in where if related(turn, talk.turns[at]))

    now = bisect_right(talk.arrived, number)
    if any(True for _ in of_order(talk.arrived[:now])):
        return None
    before = talk.awaited[: bisect_left(talk.awaited, number)]
    return next(of_order(talk.arrived[now:]), None) or next(of_order(before[::-1]), None)
