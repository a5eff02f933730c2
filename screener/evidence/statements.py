"""A buyer's statements followed through their conversation: which stand, and which fell by what.

Pure functions of what was found in each message (``pipeline.Screened``). Only the buyer can take back, contradict or
overtake the buyer's statements; what the shop says can taint them. ``docs/evidence.md`` states the rules.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from screener.evidence.taints import WEAKENING, Taint, TaintKind, taints_of
from screener.evidence.turns import Talk, Turn, related, turns_of
from screener.records import Admissibility, Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.evidence.cues import CueHit
    from screener.pipeline import Judged, Screened
    from screener.records import AdmissibilityRuling, Finding, Manner, Message

__all__ = ["State", "Statement", "Taint", "TaintKind", "Unasserted", "follow", "unasserted"]


class State(StrEnum):
    """What became of a statement by the end of the conversation."""

    STANDING = "standing"
    RETRACTED = "retracted"
    """The buyer took it back in so many words."""
    CONTRADICTED = "contradicted"
    """The buyer later said the opposite."""
    SUPERSEDED = "superseded"
    """The goods were repaired or replaced, or what was missing came: true then, no longer so."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its state, its taints and its worth; ``fell_by`` is the message that ended its standing."""

    message: Message
    finding: Finding
    state: State
    order_id: str | None
    taints: tuple[Taint, ...]
    ruling: AdmissibilityRuling | None
    fell_by: str | None = None

    @property
    def worth(self) -> Admissibility:
        """What the statement counts for here, its state and taints considered."""
        if self.state is not State.STANDING:
            return Admissibility.DOES_NOT_COUNT
        value = self.ruling.admissibility if self.ruling is not None else Admissibility.UNKNOWN
        weakens = any(taint.kind in WEAKENING for taint in self.taints)
        return Admissibility.NEEDS_SUPPORT if weakens and value is Admissibility.COUNTS else value


@dataclass(frozen=True, slots=True)
class Unasserted:
    """Words of a statement that were never standing.

    ``manner`` tells how the buyer spoke instead of asserting; without one, ``finding`` is a statement of which the
    classifier is not sure.
    """

    message: Message
    manner: Manner | None
    finding: Finding | None = None


_OPPOSITES: Final[dict[Label, frozenset[Label]]] = {
    Label.NO_DEFECT: frozenset({Label.DEFECT, Label.WRONG_ITEM}),
    Label.DEFECT: frozenset({Label.NO_DEFECT}),
    Label.WRONG_ITEM: frozenset({Label.NO_DEFECT}),
    Label.RECEIVED: frozenset({Label.NOT_RECEIVED}),
    Label.NOT_RECEIVED: frozenset({Label.RECEIVED}),
}
# A change of mind falls when the buyer names a fault as the true reason, but only together with a retraction.
_OPPOSITES_IF_RETRACTED: Final[dict[Label, frozenset[Label]]] = {
    Label.CHANGE_OF_MIND: frozenset({Label.DEFECT, Label.WRONG_ITEM, Label.NOT_RECEIVED}),
    Label.DEFECT: frozenset({Label.CHANGE_OF_MIND}),
    Label.WRONG_ITEM: frozenset({Label.CHANGE_OF_MIND}),
}
_COMPLAINTS: Final = frozenset({Label.DEFECT, Label.WRONG_ITEM, Label.NOT_RECEIVED})


def follow(
    screened: Screened, languages: Sequence[str] = (), cues: Sequence[tuple[CueHit, ...]] | None = None
) -> tuple[Statement, ...]:
    """All statements of the buyer in a conversation, in order, with state, taints and worth.

    ``cues`` are those of each message, if they are known already.
    Liability is the shop's own statement: it is listed too, stands, and has neither taint nor worth.
    """
    talk = Talk(turns_of(screened.checked, languages, cues))
    statements: list[Statement] = []
    for number, turn in enumerate(talk.turns):
        for judged in _one_a_label(turn.judged):
            finding = judged.finding
            if not finding.is_statement or finding.label is Label.RETRACTION or finding.unsure:
                continue
            if turn.buyer:
                statements.append(_statement(talk, number, judged))
            elif finding.label is Label.LIABILITY and turn.seller:
                statements.append(
                    Statement(turn.message, finding, State.STANDING, turn.order, (), judged.admissibility)
                )
    return tuple(statements)


def unasserted(screened: Screened) -> tuple[Unasserted, ...]:
    """What buyers said in the words of a statement without making one, in order."""
    found: list[Unasserted] = []
    for checked in screened.checked:
        message = checked.message
        if message is None or message.speaker is not Speaker.BUYER:
            continue
        if checked.manner is not None:
            found.append(Unasserted(message, checked.manner))
        found += [
            Unasserted(message, None, judged.finding)
            for judged in _one_a_label(checked.judged)
            if judged.finding.is_statement and judged.finding.unsure
        ]
    return tuple(found)


def _one_a_label(judged: Sequence[Judged]) -> list[Judged]:
    """Of several findings of one label in a message the first; a label said twice is one statement."""
    first: dict[Label, Judged] = {}
    for one in judged:
        first.setdefault(one.finding.label, one)
    return list(first.values())


def _statement(talk: Talk, number: int, judged: Judged) -> Statement:
    turn, finding = talk.turns[number], judged.finding
    state, fell_by = _state(talk, number, finding.label)
    made = Statement(turn.message, finding, state, turn.order, (), judged.admissibility, fell_by)
    return replace(made, taints=tuple(taints_of(talk, number, finding)))


def _state(talk: Talk, number: int, label: Label) -> tuple[State, str | None]:
    """What later messages make of a statement with ``label`` in message ``number``."""
    turns, turn = talk.turns, talk.turns[number]
    if turn.message.deleted:
        return State.RETRACTED, turn.message.id
    opposites = _OPPOSITES.get(label, frozenset())
    for later in talk.later(number, opposites | {Label.RETRACTION}):
        other = turns[later]
        if not related(turn, other):
            continue
        against = other.labels & opposites
        taken_back = Label.RETRACTION in other.labels
        if taken_back and (
            against
            or other.labels & _OPPOSITES_IF_RETRACTED.get(label, frozenset())
            or (
                other.retracts_surely
                and not other.labels - {Label.RETRACTION} - {label}
                and _last_before(turns, later, number)
            )
        ):
            return State.RETRACTED, other.message.id
        if against:
            if label in _COMPLAINTS and _mended(talk, number, later):
                return State.SUPERSEDED, other.message.id
            return State.CONTRADICTED, other.message.id
    return State.STANDING, None


def _last_before(turns: Sequence[Turn], later: int, number: int) -> bool:
    """True when message ``number`` holds the newest statements that the buyer made before ``later``."""
    for between in range(later - 1, number, -1):
        other = turns[between]
        made = other.labels - {Label.RETRACTION, Label.LIABILITY}
        if other.buyer and related(turns[later], other) and any(j.finding.is_statement for j in other.judged) and made:
            return False
    return True


def _mended(talk: Talk, start: int, end: int) -> bool:
    """True when something between two messages tells that goods were repaired, replaced or delivered since."""
    turn = talk.turns[start]
    own = next(iter(turn.labels & _COMPLAINTS), None)
    if own is Label.NOT_RECEIVED:
        return True  # what arrives later overtakes that it had not arrived
    where = talk.replaced
    between = where[bisect_right(where, start) : bisect_right(where, end)]
    return any(related(turn, talk.turns[number]) for number in between)
