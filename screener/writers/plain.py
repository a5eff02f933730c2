"""Results as plain dictionaries: the one shape behind JSON, JSON lines and the HTTP answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screener.pipeline import Checked, Judged
    from screener.records import AdmissibilityRuling, Message, Source, Verdict

__all__ = ["checked_dict", "judged_dict", "message_dict"]


def _source(source: Source) -> dict[str, str]:
    return {"title": source.title, "address": source.address, "seen": source.seen}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "effect": verdict.effect.value,
        "rule": verdict.rule_id,
        "pack": verdict.pack,
        "confidence": verdict.confidence.value,
        "source": _source(verdict.source),
        "reason": verdict.reason,
        "overridable": verdict.overridable,
        "note": verdict.note,
    }


def _ruling(ruling: AdmissibilityRuling) -> dict[str, Any]:
    return {
        "counts": ruling.admissibility.value,
        "rule": ruling.rule_id,
        "pack": ruling.pack,
        "confidence": ruling.confidence.value,
        "source": _source(ruling.source),
        "reason": ruling.reason,
        "helps_with": ruling.helps_with,
        "does_not_help_with": ruling.does_not_help_with,
        "note": ruling.note,
    }


def judged_dict(judged: Judged, text: str) -> dict[str, Any]:
    """One finding; ``quote`` is the exact original text of its span."""
    finding = judged.finding
    return {
        "rule": finding.rule_id,
        "label": finding.label.value,
        "kind": "statement" if finding.is_statement else "risk",
        "start": finding.span.start,
        "end": finding.span.end,
        "start_utf16": finding.span.start_utf16,
        "end_utf16": finding.span.end_utf16,
        "quote": text[finding.span.start : finding.span.end],
        "language": finding.language,
        "probability": finding.probability,
        "unsure": finding.unsure,
        "status": finding.status,
        "explanation": finding.explanation,
        "suggestions": list(finding.suggestions),
        "trace": [{"stage": step.stage, "detail": step.detail} for step in finding.trace],
        "verdict": _verdict(judged.verdict),
        "admissibility": None if judged.admissibility is None else _ruling(judged.admissibility),
    }


def message_dict(message: Message) -> dict[str, Any]:
    """A message with its place in the source; ``sent_at`` is UTC, ISO 8601."""
    place = message.place
    return {
        "id": message.id,
        "conversation": message.conversation_id,
        "speaker": message.speaker.value,
        "sender": message.sender,
        "channel": message.channel.value,
        "sent_at": message.sent_at.isoformat().replace("+00:00", "Z") if message.sent_at else None,
        "local_time": message.local_time,
        "kind": message.kind,
        "order_id": message.order_id,
        "reply_to": message.reply_to,
        "edited": message.edited,
        "deleted": message.deleted,
        "automated": message.automated,
        "visible": message.visible,
        "attachments": list(message.attachments),
        "text": message.text,
        "translation": message.translation,
        "place": None
        if place is None
        else {
            "file": place.file,
            "member": place.member,
            "line": place.line,
            "index": place.index,
            "pointer": place.pointer,
        },
    }


def checked_dict(checked: Checked, text: str | None = None) -> dict[str, Any]:
    """The answer for one message; its own text is taken from the message when there is one."""
    if text is None:
        text = checked.message.text if checked.message is not None else ""
    answer: dict[str, Any] = {
        "verdict": checked.effect.value,
        "findings": [judged_dict(item, text) for item in checked.judged],
    }
    if checked.message is not None:
        answer["message"] = message_dict(checked.message)
    return answer
