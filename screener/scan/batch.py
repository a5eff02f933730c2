"""The pure function at the heart of every batch engine: messages in, findings out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screener.scan.tables import FINDINGS, message_of, row_batch, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from screener.pipeline import Judged, Screener

__all__ = ["screen_batch"]


def screen_batch(batch: pa.RecordBatch, screener: Screener) -> pa.RecordBatch:
    """Screen a batch of messages (schema ``MESSAGES``); returns one row a finding (schema ``FINDINGS``).

    Rows keep the order of the messages; within a message that of the text. The result depends on the
    batch and the screener's settings alone.
    """
    return row_batch(_findings(batch, screener), FINDINGS)


def _findings(batch: pa.RecordBatch, screener: Screener) -> Iterator[dict[str, Any]]:
    for row in rows(batch):
        checked = screener.check_message(message_of(row), row.pop("context"))
        for judged in checked.judged:
            yield {**row, **finding_row(judged, row)}


def finding_row(judged: Judged, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a finding adds to its message's row."""
    finding, verdict, ruling = judged.finding, judged.verdict, judged.admissibility
    span = finding.span
    added: dict[str, Any] = {
        "rule": finding.rule_id,
        "label": finding.label.value,
        "kind": "statement" if finding.is_statement else "risk",
        "quote": row["text"][span.start : span.end],
        "start": span.start,
        "end": span.end,
        "start_utf16": span.start_utf16,
        "end_utf16": span.end_utf16,
        "language": finding.language,
        "probability": finding.probability,
        "unsure": finding.unsure,
        "status": finding.status,
        "explanation": finding.explanation,
        "suggestions": list(finding.suggestions),
        "effect": verdict.effect.value,
        "verdict_rule": verdict.rule_id,
        "pack": verdict.pack,
        "confidence": verdict.confidence.value,
        "source_title": verdict.source.title,
        "source_address": verdict.source.address,
        "source_seen": verdict.source.seen,
        "reason": verdict.reason,
        "note": verdict.note,
        "overridable": verdict.overridable,
    }
    if ruling is not None:
        added |= {
            "counts": ruling.admissibility.value,
            "counts_rule": ruling.rule_id,
            "counts_confidence": ruling.confidence.value,
            "counts_reason": ruling.reason,
            "counts_note": ruling.note,
            "helps_with": ruling.helps_with,
            "does_not_help_with": ruling.does_not_help_with,
        }
    return added
