"""The findings of a scan as a list for the terminal, and its summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from screener.writers.text import COLOURS, excerpt, paint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from screener.scan.summary import Summary

__all__ = ["listing", "summary_lines"]


def _place(row: Mapping[str, Any]) -> str:
    where = str(row["file"]) if not row["member"] else f"{row['file']}!{row['member']}"
    if row["line"] is not None:
        return f"{where}:{row['line']}"
    return where if row["index"] is None else f"{where}[{row['index']}]"


def listing(lines: Iterable[str], *, colour: bool) -> Iterator[str]:
    """Lines for the eye from the lines of a ``findings.jsonl``: place, who, what, why, what to say instead."""
    told: set[str] = set()  # notes on evidence are long and the same for many statements
    for line in lines:
        row = json.loads(line)
        effect = row["effect"]
        head = paint(f"{effect.upper():<5}", COLOURS[effect], on=colour)
        what = paint(row["label"], "bold", on=colour) + (" (unsure)" if row["unsure"] else "")
        when = row["sent_at"] or row["local_time"] or "no time"
        yield f"{head}  {what}  {row['speaker']}, {when}  {_place(row)}"
        text, mark = excerpt(row["text"], row["start"], row["end"])
        yield f"       {text}"
        yield f"       {paint(mark, COLOURS[effect], on=colour)}"
        yield f"       {row['explanation']}"
        if row["suggestions"] and row["speaker"] != "buyer":
            yield f"       instead: {paint(row['suggestions'][0], 'green', on=colour)}"
        if row["counts"]:
            worth = row["counts"].replace("_", " ")
            worth = paint(worth, "bold", on=colour)
            yield f"       as evidence here: {worth} ({row['counts_confidence']}) - {row['counts_reason']}"
            if row["counts_note"] and row["counts_note"] not in told:
                told.add(row["counts_note"])
                yield f"       note: {row['counts_note']}"
        yield f"       rule {row['verdict_rule']} of {row['pack']} ({row['confidence']})"
        yield ""


def _table(counts: Mapping[str, int], limit: int = 6) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ", ".join(f"{name} {count:,}" for name, count in ranked[:limit])
    return shown + (f", {len(ranked) - limit} more" if len(ranked) > limit else "")


def summary_lines(summary: Summary) -> Iterator[str]:
    """The closing lines of a scan."""
    yield (
        f"{summary.messages:,} messages in {summary.conversations:,} conversation(s), "
        f"{summary.findings:,} finding(s)" + (f", {summary.broken:,} broken record(s)" if summary.broken else "")
    )
    for title, counts in (
        ("verdicts", summary.by_effect),
        ("labels", summary.by_label),
        ("languages", summary.by_language),
        ("speakers", summary.by_speaker),
        ("as evidence", summary.by_counts),
    ):
        if counts:
            yield f"  {title + ':':<12} {_table(counts)}"
