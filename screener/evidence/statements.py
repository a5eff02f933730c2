"""A buyer's statements followed through their conversation: which stand, which fell, and what taints them.

Pure functions of what was found in each message (``pipeline.Screened``). Only the buyer can take back, contradict or
overtake the buyer's statements; what the shop says can taint them. ``docs/evidence.md`` states the rules.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING, Final

from screener.evidence.cues import Cue, cue_reader
from screener.evidence.orders import orders_of
from screener.records import Admissibility, Label, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screener.evidence.cues import CueHit
    from screener.pipeline import Checked, Judged, Screened
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


@dataclass(frozen=True, slots=True)
class Unasserted:
    """Words of a statement that were never standing.

    ``manner`` tells how the buyer spoke instead of asserting; without one, ``finding`` is a statement of which the
    classifier is not sure.
    """

    message: Message
    manner: Manner | None
    finding: Finding | None = None


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
    """A message with all that is known of it; ``labels`` is what is surely asserted in it."""

    message: Message
    judged: tuple[Judged, ...]
    cues: tuple[CueHit, ...]
    order: str | None
    labels: frozenset[Label]

    @property
    def buyer(self) -> bool:
        return self.message.speaker is Speaker.BUYER

    @property
    def seller(self) -> bool:
        return self.message.speaker is Speaker.SELLER

    @property
    def retracts_surely(self) -> bool:
        """True when a retraction is seen that would hold without the opposite being said."""
        found = [j.finding for j in self.judged if j.finding.label is Label.RETRACTION]
        return any(f.probability is None or f.probability >= _BARE_RETRACTION for f in found)

    def has(self, cue: Cue) -> bool:
        return any(hit.cue is cue for hit in self.cues)


class _Talk:
    """The turns of a conversation, and where in it something is said: numbers of turns, rising."""

    def __init__(self, turns: Sequence[_Turn]) -> None:
        self.turns = turns
        self.said: dict[Label, list[int]] = {}
        """Where the buyer asserts a label."""
        for number, turn in enumerate(turns):
            for label in turn.labels if turn.buyer else ():
                self.said.setdefault(label, []).append(number)

    def _where(self, test: Callable[[_Turn], bool]) -> list[int]:
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


def follow(
    screened: Screened, languages: Sequence[str] = (), cues: Sequence[tuple[CueHit, ...]] | None = None
) -> tuple[Statement, ...]:
    """All statements of the buyer in a conversation, in order, with state, taints and worth.

    ``cues`` are those of each message, if they are known already.
    Liability is the shop's own statement: it is listed too, stands, and has neither taint nor worth.
    """
    talk = _Talk(_turns(screened.checked, languages, cues))
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


def _turns(
    checked: Sequence[Checked], languages: Sequence[str], cues: Sequence[tuple[CueHit, ...]] | None
) -> list[_Turn]:
    messages = [one.message for one in checked if one.message is not None]
    if cues is None:
        reader = cue_reader()
        cues = [reader.read(message.text, languages) if message.text else () for message in messages]
    return [
        _Turn(message, one.judged, hits, order, frozenset(j.finding.label for j in one.judged if not j.finding.unsure))
        for one, message, hits, order in zip(checked, messages, cues, orders_of(messages), strict=True)
    ]


def _related(one: _Turn, other: _Turn) -> bool:
    return one.order is None or other.order is None or one.order == other.order


def _statement(talk: _Talk, number: int, judged: Judged) -> Statement:
    turn, finding = talk.turns[number], judged.finding
    state, fell_by = _state(talk, number, finding.label)
    made = Statement(turn.message, finding, state, turn.order, (), judged.admissibility, fell_by)
    return replace(made, taints=tuple(_taints(talk, number, finding)))


def _state(talk: _Talk, number: int, label: Label) -> tuple[State, str | None]:
    """What later messages make of a statement with ``label`` in message ``number``."""
    turns, turn = talk.turns, talk.turns[number]
    if turn.message.deleted:
        return State.RETRACTED, turn.message.id
    opposites = _OPPOSITES.get(label, frozenset())
    for later in talk.later(number, opposites | {Label.RETRACTION}):
        other = turns[later]
        if not _related(turn, other):
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


def _last_before(turns: Sequence[_Turn], later: int, number: int) -> bool:
    """True when message ``number`` holds the newest statements that the buyer made before ``later``."""
    for between in range(later - 1, number, -1):
        other = turns[between]
        made = other.labels - {Label.RETRACTION, Label.LIABILITY}
        if other.buyer and _related(turns[later], other) and any(j.finding.is_statement for j in other.judged) and made:
            return False
    return True


def _mended(talk: _Talk, start: int, end: int) -> bool:
    """True when something between two messages tells that goods were repaired, replaced or delivered since."""
    turn = talk.turns[start]
    own = next(iter(turn.labels & _COMPLAINTS), None)
    if own is Label.NOT_RECEIVED:
        return True  # what arrives later overtakes that it had not arrived
    where = talk.replaced
    between = where[bisect_right(where, start) : bisect_right(where, end)]
    return any(_related(turn, talk.turns[number]) for number in between)


def _taints(talk: _Talk, number: int, finding: Finding) -> list[Taint]:
    turn = talk.turns[number]
    found: list[Taint] = []

    def add(kind: TaintKind, cause: _Turn) -> None:
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


def _pressed(talk: _Talk, number: int, label: Label) -> list[tuple[_Turn, TaintKind]]:
    """Requests and offers of the shop before a statement that bear on it.

    Nothing taints what the buyer had already said unasked.
    """
    turns = talk.turns
    said = talk.said.get(label, [])
    said_before = any(_related(turns[at], turns[number]) for at in said[: bisect_left(said, number)])
    pressed: list[tuple[_Turn, TaintKind]] = []
    for earlier in range(max(0, number - _REACH), number):
        turn = turns[earlier]
        if not turn.seller or not _related(turn, turns[number]):
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


def _too_early(talk: _Talk, number: int) -> _Turn | None:
    """The message that shows that goods had not come or not been opened when they were spoken of."""
    turn = talk.turns[number]
    if turn.has(Cue.NOT_YET):
        return turn

    def related(where: list[int]) -> Iterator[_Turn]:
        return (talk.turns[at] for at in where if _related(turn, talk.turns[at]))

    now = bisect_right(talk.arrived, number)
    if any(True for _ in related(talk.arrived[:now])):
        return None
    before = talk.awaited[: bisect_left(talk.awaited, number)]
    return next(related(talk.arrived[now:]), None) or next(related(before[::-1]), None)
