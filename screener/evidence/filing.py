"""Help with filing a refusal: which of the marketplace's reasons the buyer's words support, papers, deadlines, a note.

Everything that depends on a marketplace is read from its rule pack. Nothing here decides anything or is legal advice:
the note is made of the buyer's own words, and what is unknown says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from screener.errors import ScreenerError
from screener.records import Admissibility, Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from screener.evidence.statements import Statement
    from screener.policy.loader import Held
    from screener.policy.pack import Index, RulePack
    from screener.policy.schema import AmountForm, DeadlineForm, NoteForm, PaperForm, ReasonForm, RuleForm, Step

__all__ = ["Amount", "Deadline", "Filing", "Note", "Paper", "Reason", "deadline_of", "file_help", "filing_dict"]

_AGAINST: Final = frozenset({Label.DEFECT, Label.WRONG_ITEM, Label.NOT_RECEIVED, Label.LIABILITY})
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money; ``currency`` is an ISO 4217 code."""

    value: float
    currency: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a reason asks for."""

    held: Held[PaperForm]

    @property
    def second(self) -> bool:
        """Whether it is for a second appeal."""
        return self.held.form.appeal


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that the marketplace lists, with the statements that support it, the strongest first."""

    held: Held[ReasonForm]
    statements: tuple[Statement, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline; ``due`` (UTC) is known when the moment it starts from is."""

    held: Held[DeadlineForm]
    due: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """A draft of the note, in the buyer's own words; ``left_out`` counts statements that found no room."""

    held: Held[NoteForm] | None
    text: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Filing:
    """All help for one case. ``against`` are standing statements that speak against the shop."""

    step: Step
    reasons: tuple[Reason, ...]
    deadlines: tuple[Deadline, ...]
    note: Note
    against: tuple[Statement, ...]


_WORTH: Final = (Admissibility.COUNTS, Admissibility.NEEDS_SUPPORT, Admissibility.UNKNOWN)
_USABLE: Final = frozenset(_WORTH)
_TELLING: Final = (Label.NO_DEFECT, Label.CHANGE_OF_MIND, Label.USED, Label.RETRACTION, Label.RECEIVED)


def _worth(statement: Statement) -> tuple[int, int, str]:
    """Strongest first: by what it counts, then by what it says."""
    label = statement.finding.label
    telling = _TELLING.index(label) if label in _TELLING else len(_TELLING)
    return _WORTH.index(statement.worth), telling, statement.message.id


def file_help(
    statements: Iterable[Statement],
    pack: RulePack,
    *,
    as_of: dt.date,
    step: Step = "request",
    asked_at: dt.datetime | None = None,
    decided_at: dt.datetime | None = None,
    amount: Amount | None = None,
    zone: dt.tzinfo = dt.UTC,
) -> Filing:
    """What the pack offers for refusing at ``step`` on the day ``as_of``.

    ``asked_at`` is when the buyer's request (or the marketplace's question) came, ``decided_at`` when it was decided;
    ``amount`` is what the order cost. Reasons that statements support come first. Dates in the note are those of
    ``zone``.

    Raises:
        ScreenerError: E501 when a deadline in working days needs the package ``holidays`` and it is missing.

    """
    known = list(statements)
    index = pack.at(as_of)
    usable = sorted((s for s in known if s.worth in _USABLE), key=_worth)
    reasons = [_reason(held, usable, index) for held in index.reasons if held.form.step == step]
    reasons.sort(key=lambda reason: (not reason.statements, min(map(_worth, reason.statements), default=(9, 9, ""))))
    best = list(dict.fromkeys(id(s) for reason in reasons for s in reason.statements))
    quoted = sorted((s for s in usable if id(s) in best), key=_worth)
    against = tuple(s for s in usable if s.finding.label in _AGAINST)
    starts = {"review": asked_at, "papers": asked_at, "appeal": decided_at}
    deadlines = tuple(
        Deadline(held, None if (start := starts[held.form.task]) is None else deadline_of(held.form, start))
        for held in _that_hold(index.deadlines, amount)
    )
    return Filing(step, tuple(reasons), deadlines, _note(index.note, quoted, zone), against)


def _reason(held: Held[ReasonForm], usable: Sequence[Statement], index: Index) -> Reason:
    support = tuple(s for s in usable if s.finding.label in held.form.supported_by)
    papers = tuple(Paper(paper) for paper in index.papers if held.id.rpartition(".")[2] in paper.form.reasons)
    return Reason(held, support, papers)


def _that_hold(deadlines: Sequence[Held[DeadlineForm]], amount: Amount | None) -> list[Held[DeadlineForm]]:
    """The deadlines for an order of ``amount``: one for larger orders takes the place of the plain one.

    Without an amount the plain, shorter ones hold, and those for larger orders are shown beside them.
    """
    if amount is None:
        return list(deadlines)
    reached = [held for held in deadlines if held.form.over is not None and _exceeds(amount, held.form.over)]
    taken = {held.form.task for held in reached}
    return reached + [held for held in deadlines if held.form.over is None and held.form.task not in taken]


def _exceeds(amount: Amount, over: AmountForm) -> bool:
    return amount.currency == over.currency and amount.value > over.value


def deadline_of(form: DeadlineForm, start: dt.datetime) -> dt.datetime:
    """The last moment (UTC). Working days leave out weekends and public holidays of the deadline's country.

    Raises:
        ScreenerError: E501 without the package ``holidays``.

    """
    if form.unit == "hours":
        return (start + dt.timedelta(hours=form.count)).astimezone(dt.UTC)
    local = start.astimezone(ZoneInfo(form.zone))
    if form.unit == "days":
        return (local + dt.timedelta(days=form.count)).astimezone(dt.UTC)
    try:
        import holidays
    except ImportError:
        raise ScreenerError("E501", feature="deadlines", package="holidays", extra="cases") from None
    calendar = holidays.country_holidays(form.country)
    left = form.count
    while left:
        local += dt.timedelta(days=1)
        left -= calendar.is_working_day(local.date())
    return local.astimezone(dt.UTC)


def _note(held: Held[NoteForm] | None, quoted: Sequence[Statement], zone: dt.tzinfo) -> Note:
    """As many quotes as fit, the strongest first; the first one is cut at its end if it must be."""
    if held is None:
        return Note(None, "", len(quoted))
    text = ""
    used = 0
    seen: set[str] = set()
    for statement in quoted:
        quote = " ".join(statement.message.text[statement.finding.span.start : statement.finding.span.end].split())
        if quote in seen:
            used += 1
            continue
        date = statement.message.sent_at.astimezone(zone).date().isoformat() if statement.message.sent_at else "-"
        piece = held.form.wording.replace("{date}", date).replace("{quote}", quote)
        longer = f"{text} {piece}".strip()
        if len(longer) > held.form.limit and not text:
            room = held.form.limit - (len(piece) - len(quote)) - len(_ELLIPSIS)
            if room <= 0:
                break
            longer = held.form.wording.replace("{date}", date).replace("{quote}", quote[:room] + _ELLIPSIS)
        if len(longer) > held.form.limit:
            break
        text = longer
        used += 1
        seen.add(quote)
    return Note(held, text, len(quoted) - used)


def _rule(held: Held[Any] | Held[RuleForm], locale: str) -> dict[str, Any]:
    note = held.form.note.localised(locale) if held.form.note is not None else ""
    return {
        "rule": held.id,
        "confidence": held.confidence.value,
        "source": {"title": held.source.title, "address": held.source.address, "seen": held.source.seen},
        "note": note,
    }


def filing_dict(filing: Filing, locale: str = "en") -> dict[str, Any]:
    """A filing as plain data; times are UTC, ISO 8601."""
    return {
        "step": filing.step,
        "reasons": [
            {
                "code": reason.held.form.code,
                "name": reason.held.form.name.localised(locale),
                "supported_by": [
                    {"message_id": s.message.id, "label": s.finding.label.value, "counts": s.worth.value}
                    for s in reason.statements
                ],
                "papers": [
                    {
                        "name": paper.held.form.name.localised(locale),
                        "second_appeal": paper.second,
                        **_rule(paper.held, locale),
                    }
                    for paper in reason.papers
                ],
                **_rule(reason.held, locale),
            }
            for reason in filing.reasons
        ],
        "deadlines": [
            {
                "task": one.held.form.task,
                "length": f"{one.held.form.count} {one.held.form.unit.replace('_', ' ')}",
                "starts": one.held.form.starts.localised(locale),
                "over": None
                if (over := one.held.form.over) is None
                else {"value": over.value, "currency": over.currency},
                "due": None if one.due is None else one.due.isoformat().replace("+00:00", "Z"),
                "silence": "" if one.held.form.silence is None else one.held.form.silence.localised(locale),
                **_rule(one.held, locale),
            }
            for one in filing.deadlines
        ],
        "note": {
            "text": filing.note.text,
            "limit": filing.note.held.form.limit if filing.note.held is not None else None,
            "language": filing.note.held.form.language if filing.note.held is not None else None,
            "left_out": filing.note.left_out,
            **(_rule(filing.note.held, locale) if filing.note.held is not None else {}),
        },
        "against": [
            {"message_id": s.message.id, "label": s.finding.label.value, "counts": s.worth.value}
            for s in filing.against
        ],
    }
