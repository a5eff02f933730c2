"""A buyer's statements followed through their conversation: which stand, which fell, and what taints them.

Pure functions of what was found in each message (``pipeline.Screened``). Only the buyer can take back, contradict or
overtake the buyer's statements; what the shop says can taint them. ``docs/evidence.md`` states the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from screener.evidence.cues import Cue, cue_reader
from screener.evidence.orders import orders_of
from screener.records import Admissibility, Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from screener.evidence.cues import CueHit
    from screener.pipeline import Checked, Judged, Screened
    from screener.records import AdmissibilityRuling, Finding, Message

__all__ = ["State", "Statement", "Taint", "TaintKind", "follow"]


class State(StrEnum):
    """What became of a statement by the end of the conversation."""

    STANDING = "standing"
    RETRACTED = "retracted"
    """The buyer took it back in so many words."""
    CONTRADICTED = "contradicted"
    """The buyer later said the opposite."""
    SUPERSEDED = "superseded"
    """The goods were repaired or replaced, or what was missing came: true then, no longer so."""


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
        weakens = any(taint.kind in _WEAKENING for taint in self.taints)
        return Admissibility.NEEDS_SUPPORT if weakens and value is Admissibility.COUNTS else value


_WEAKENING: Final = frozenset({TaintKind.COACHED, TaintKind.INCENTIVE})
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
_FAVOURABLE: Final = frozenset({Label.NO_DEFECT, Label.CHANGE_OF_MIND, Label.USED, Label.RECEIVED})
_ABOUT_GOODS: Final = frozenset({Label.NO_DEFECT, Label.USED, Label.DEFECT})
_REACH: Final = 8
"""How many messages back a request or an offer still bears on what is said."""
_BARE_RETRACTION: Final = 0.9
"""A retraction that does not say what holds instead ends statements only from this probability on."""
_BARE: Final = 4
"""A yes with at most so many words is a bare yes."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A message with all that is known of it."""

    message: Message
    judged: tuple[Judged, ...]
    cues: tuple[CueHit, ...]
    order: str | None

    @property
    def buyer(self) -> bool:
        return self.message.speaker is Speaker.BUYER

    @property
    def labels(self) -> frozenset[Label]:
        """What is surely asserted here."""
        return frozenset(j.finding.label for j in self.judged if not j.finding.unsure)

    @property
    def retracts_surely(self) -> bool:
        """True when a retraction is seen that would hold without the opposite being said."""
        found = [j.finding for j in self.judged if j.finding.label is Label.RETRACTION]
        return any(f.probability is None or f.probability >= _BARE_RETRACTION for f in found)

    def has(self, cue: Cue) -> bool:
        return any(hit.cue is cue for hit in self.cues)


def follow(screened: Screened, languages: Sequence[str] = ()) -> tuple[Statement, ...]:
    """All statements of the buyer in a conversation, in order, with state, taints and worth.

    Liability is the shop's own statement: it is listed too, stands, and has neither taint nor worth.
    """
    turns = _turns(screened.checked, languages)
    statements: list[Statement] = []
    for number, turn in enumerate(turns):
        for judged in _one_a_label(turn.judged):
            finding = judged.finding
            if not finding.is_statement or finding.label is Label.RETRACTION or finding.unsure:
                continue
            if turn.buyer:
                statements.append(_statement(turns, number, judged))
            elif finding.label is Label.LIABILITY and turn.message.speaker is Speaker.SELLER:
                statements.append(
                    Statement(turn.message, finding, State.STANDING, turn.order, (), judged.admissibility)
                )
    return tuple(statements)


def _one_a_label(judged: Sequence[Judged]) -> list[Judged]:
    """Of several findings of one label in a message the first; a label said twice is one statement."""
    first: dict[Label, Judged] = {}
    for one in judged:
        first.setdefault(one.finding.label, one)
    return list(first.values())


def _turns(checked: Sequence[Checked], languages: Sequence[str]) -> list[_Turn]:
    messages = [one.message for one in checked if one.message is not None]
    orders = orders_of(messages)
    reader = cue_reader()
    return [
        _Turn(message, one.judged, reader.read(message.text, languages) if message.text else (), order)
        for one, message, order in zip(checked, messages, orders, strict=True)
    ]


def _related(one: _Turn, other: _Turn) -> bool:
    return one.order is None or other.order is None or one.order == other.order


def _statement(turns: Sequence[_Turn], number: int, judged: Judged) -> Statement:
    turn, finding = turns[number], judged.finding
    state, fell_by = _state(turns, number, finding.label)
    made = Statement(turn.message, finding, state, turn.order, (), judged.admissibility, fell_by)
    return replace(made, taints=tuple(_taints(turns, number, finding)))


def _state(turns: Sequence[_Turn], number: int, label: Label) -> tuple[State, str | None]:
    """What later messages make of a statement with ``label`` in message ``number``."""
    turn = turns[number]
    if turn.message.deleted:
        return State.RETRACTED, turn.message.id
    for later in range(number + 1, len(turns)):
        other = turns[later]
        if not other.buyer or not _related(turn, other):
            continue
        against = other.labels & _OPPOSITES.get(label, frozenset())
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
            if label in _COMPLAINTS and _mended(turns, number, later):
                return State.SUPERSEDED, other.message.id
            return State.CONTRADICTED, other.message.id
    return State.STANDING, None


def _last_before(turns: Sequence[_Turn], later: int, number: int) -> bool:
    """True when message ``number`` holds the newest statements that the buyer made before ``later``."""
    for between in range(later - 1, number, -1):
        other = turns[between]
        made = other.labels - {Label.RETRACTION, Label.LIABILITY}
        if other.buyer and _related(turns[later], other) and any(j.finding.is_statement for j in other.judged) and made:
            return False
    return True


def _mended(turns: Sequence[_Turn], start: int, end: int) -> bool:
    """True when something between two messages tells that goods were repaired, replaced or delivered since."""
    own = next(iter(turns[start].labels & _COMPLAINTS), None)
    if own is Label.NOT_RECEIVED:
        return True  # what arrives later overtakes that it had not arrived
    return any(
        turn.has(Cue.REPLACED)
        for turn in turns[start + 1 : end + 1]
        if _related(turns[start], turn) and turn.message.speaker is not Speaker.PLATFORM
    )


def _taints(turns: Sequence[_Turn], number: int, finding: Finding) -> list[Taint]:
    turn = turns[number]
    found: list[Taint] = []

    def add(kind: TaintKind, cause: _Turn) -> None:
        if all(taint.kind is not kind for taint in found):
            found.append(Taint(kind, cause.message.id))

    if finding.label in _FAVOURABLE:
        for cause, kind in _pressed(turns, number, finding.label):
            add(kind, cause)
        if (question := _led(turns, number)) is not None:
            add(TaintKind.LEADING_YES, question)
    if turn.has(Cue.INCENTIVE):
        add(TaintKind.INCENTIVE, turn)
    if finding.label in _ABOUT_GOODS and (early := _too_early(turns, number)) is not None:
        add(TaintKind.BEFORE_DELIVERY, early)
    if turn.message.automated or turn.has(Cue.RELAYED):
        add(TaintKind.RELAYED, turn)
    if turn.message.edited:
        add(TaintKind.EDITED, turn)
    if turn.has(Cue.HEDGED):
        add(TaintKind.UNSURE, turn)
    return found


def _pressed(turns: Sequence[_Turn], number: int, label: Label) -> list[tuple[_Turn, TaintKind]]:
    """Requests and offers of the shop before a statement that bear on it.

    Nothing taints what the buyer had already said unasked.
    """
    said_before = any(turn.buyer and label in turn.labels and _related(turn, turns[number]) for turn in turns[:number])
    pressed: list[tuple[_Turn, TaintKind]] = []
    for earlier in range(max(0, number - _REACH), number):
        turn = turns[earlier]
        if turn.message.speaker is not Speaker.SELLER or not _related(turn, turns[number]):
            continue
        if said_before and any(t.buyer and label in t.labels for t in turns[:earlier]):
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


def _led(turns: Sequence[_Turn], number: int) -> _Turn | None:
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


def _too_early(turns: Sequence[_Turn], number: int) -> _Turn | None:
    """The message that shows that goods had not come or not been opened when they were spoken of."""
    turn = turns[number]
    if turn.has(Cue.NOT_YET):
        return turn
    arrived: _Turn | None = None
    missing: _Turn | None = None
    for at, other in enumerate(turns):
        if not _related(turn, other) or other.message.speaker is Speaker.SELLER:
            continue
        if other.has(Cue.NOT_YET) or Label.NOT_RECEIVED in other.labels:
            missing = other if at < number else missing
        if other.has(Cue.DELIVERED) or Label.RECEIVED in other.labels:
            if at <= number:
                return None
            arrived = arrived or other
    return arrived or missing
