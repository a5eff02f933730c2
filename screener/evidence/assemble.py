"""From a screened conversation to the contents of a pack."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from screener import __version__
from screener.evidence.chain import GENESIS, canonical
from screener.evidence.completeness import holes, limits
from screener.evidence.pack import Contents, chain_lines, secret_of
from screener.evidence.redact import redact
from screener.evidence.screening import screen
from screener.evidence.statements import follow, unasserted
from screener.evidence.view import render
from screener.records import Conversation, Effect, Label, Span, Speaker
from screener.text.offsets import Utf16Map
from screener.writers.plain import judged_dict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from screener.evidence.redact import Profile, Redacted
    from screener.evidence.statements import Statement, Unasserted
    from screener.pipeline import Screened, Screener
    from screener.records import Finding, Message

__all__ = ["Case", "build_case", "contents_of", "of_order", "statement_dict", "unasserted_dict"]

_AGAINST = frozenset({Label.DEFECT, Label.WRONG_ITEM, Label.NOT_RECEIVED, Label.LIABILITY, Label.RETRACTION})


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation with everything that was found in it."""

    screened: Screened
    statements: tuple[Statement, ...]
    settings: dict[str, Any]
    versions: dict[str, Any]

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages, in order."""
        return self.screened.conversation.messages


def of_order(conversations: Iterable[Conversation], order: str | None) -> Conversation | None:
    """The conversations that speak of ``order`` as one, in order of the source; all of them without an order."""
    chosen = [c for c in conversations if order is None or _speaks_of(c, order)]
    if not chosen:
        return None
    if len(chosen) == 1:
        return chosen[0]
    messages = tuple(message for one in chosen for message in one.messages)
    gaps = tuple(gap for one in chosen for gap in one.gaps)
    return Conversation(chosen[0].id, messages, chosen[0].channel, chosen[0].marketplace, chosen[0].order_ids, gaps)


def _speaks_of(conversation: Conversation, order: str) -> bool:
    return order in conversation.order_ids or any(
        message.order_id == order or order in message.text for message in conversation.messages
    )


def build_case(conversation: Conversation, screener: Screener, *, order: str | None = None, workers: int = 1) -> Case:
    """Screen a conversation and follow its statements; several ``workers`` (processes) share a very long one."""
    screened, cues = screen(conversation, screener, workers=workers)
    settings = {
        "marketplace": screener.marketplace,
        "region": screener.region,
        "as_of": screener.as_of.isoformat(),
        "pack": screener.pack.id,
        "order": order,
    }
    return Case(screened, follow(screened, screener.languages, cues), settings, screener.versions())


def statement_dict(statement: Statement, number: int | None = None) -> dict[str, Any]:
    """One statement as plain data."""
    span = statement.finding.span
    ruling = statement.ruling
    return {
        "message_id": statement.message.id,
        "number": number,
        "label": statement.finding.label.value,
        "state": statement.state.value,
        "fell_by": statement.fell_by,
        "taints": sorted({taint.kind.value for taint in statement.taints}),
        "taint_causes": {taint.kind.value: taint.message_id for taint in statement.taints},
        "order_id": statement.order_id,
        "counts": statement.worth.value,
        "rule": ruling.rule_id if ruling is not None else "none",
        "confidence": ruling.confidence.value if ruling is not None else None,
        "source": asdict(ruling.source) if ruling is not None else None,
        "reason": ruling.reason if ruling is not None else "",
        "helps_with": ruling.helps_with if ruling is not None else "",
        "does_not_help_with": ruling.does_not_help_with if ruling is not None else "",
        "note": ruling.note if ruling is not None else "",
        "span": [span.start, span.end],
        "quote": statement.message.text[span.start : span.end],
        "probability": statement.finding.probability,
    }


def unasserted_dict(one: Unasserted, number: int | None = None) -> dict[str, Any]:
    """Words of a statement that were never standing, as plain data; the reason ``unsure`` is the classifier's."""
    finding = one.finding
    return {
        "message_id": one.message.id,
        "number": number,
        "reason": one.manner.value if one.manner is not None else "unsure",
        "label": finding.label.value if finding is not None else None,
        "span": [finding.span.start, finding.span.end] if finding is not None else [0, len(one.message.text)],
        "probability": finding.probability if finding is not None else None,
    }


def contents_of(case: Case, source: Path, *, locale: str = "en", profiles: Collection[Profile] = ()) -> Contents:
    """The pack of a case: source, messages, statements, findings, and a page for people.

    With ``profiles`` it is a shareable copy: without the source, with private things replaced everywhere, and with
    the same chain as the full pack.
    """
    original = case.messages
    redacted = redact(original, profiles) if profiles else None
    if redacted is not None:
        case = _redacted_case(case, redacted)
    number_of = {id(message): number for number, message in enumerate(case.messages)}
    statements = [statement_dict(s, number_of[id(s.message)]) for s in case.statements]
    never = [unasserted_dict(one, number_of[id(one.message)]) for one in unasserted(case.screened)]
    findings = []
    for checked in case.screened.checked:
        if checked.message is None:
            continue
        for judged in checked.judged:
            if judged.finding.is_statement and judged.finding.label not in _AGAINST:
                continue
            against = judged.finding.label in _AGAINST or (
                checked.message.speaker is Speaker.SELLER and judged.verdict.effect is not Effect.ALLOW
            )
            findings.append(
                {**judged_dict(judged, checked.message.text), "message_id": checked.message.id,
                 "number": number_of[id(checked.message)], "speaks_against_the_shop": against}
            )  # fmt: skip
    found_holes = [asdict(hole) for hole in holes(case.screened.conversation)]
    cannot = limits([message.channel for message in case.messages])
    chain = tuple(chain_lines(original, secret_of(source), redacted))
    head = chain[-1][1] if chain else GENESIS
    page = render(
        case, statements, never, findings, found_holes, cannot, head=head.hex(), locale=locale, version=__version__
    )
    files: dict[str, bytes | Path] = {
        "statements.json": canonical(statements) + b"\n",
        "not_asserted.json": canonical(never) + b"\n",
        "findings.json": canonical(findings) + b"\n",
        "view.html": page.encode("utf-8", "replace"),
    }
    if redacted is None:
        files[f"source/{source.name}"] = source
    gaps: Sequence[dict[str, Any]] = [
        *found_holes,
        *({"kind": "cannot_prove", "detail": one, "message_id": None} for one in cannot),
    ]
    names = tuple(profile.value for profile in profiles)
    return Contents(chain, files, case.settings, case.versions, gaps, redacted, names)


def _redacted_case(case: Case, redacted: Sequence[Redacted]) -> Case:
    """The case with redacted messages; spans move with the text."""
    by_id = {id(message): one for message, one in zip(case.messages, redacted, strict=True)}

    def moved(finding: Finding, message: Message) -> Finding:
        one = by_id[id(message)]
        start, end = one.span(finding.span.start, finding.span.end)
        offsets = Utf16Map(one.message.text)
        return replace(finding, span=Span(start, end, offsets.unit(start), offsets.unit(end)))

    checked = tuple(
        replace(
            c,
            message=by_id[id(c.message)].message,
            judged=tuple(replace(j, finding=moved(j.finding, c.message)) for j in c.judged),
        )
        for c in case.screened.checked
        if c.message is not None
    )
    statements = tuple(
        replace(s, message=by_id[id(s.message)].message, finding=moved(s.finding, s.message)) for s in case.statements
    )
    conversation = replace(case.screened.conversation, messages=tuple(one.message for one in redacted))
    screened = replace(case.screened, conversation=conversation, checked=checked)
    return Case(screened, statements, case.settings, case.versions)
