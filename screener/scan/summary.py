"""What a run found, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from screener.scan.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from screener.records import Message

__all__ = ["Summary"]

_TOP_CONVERSATIONS = 1000


@dataclass(slots=True)
class Summary:
    """Counts over one run. Distinct conversations are counted by 64-bit hash (8 bytes each, not their names)."""

    messages: int = 0
    conversations: int = 0
    findings: int = 0
    broken: int = 0
    by_speaker: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_effect: Counter[str] = field(default_factory=Counter)
    by_label: Counter[str] = field(default_factory=Counter)
    by_language: Counter[str] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    by_counts: Counter[str] = field(default_factory=Counter)
    top_conversations: Counter[str] = field(default_factory=Counter)
    _seen: set[int] = field(default_factory=set)

    def add_message(self, message: Message) -> None:
        """Count a message that was read."""
        self.messages += 1
        self.by_speaker[message.speaker.value] += 1
        self.by_channel[message.channel.value] += 1
        place = message.place.file if message.place else ""
        self._seen.add(hash((place, message.conversation_id)))
        self.conversations = len(self._seen)

    def add_findings(self, batches: Iterable[pa.RecordBatch]) -> None:
        """Count findings."""
        for batch in batches:
            for row in rows(batch):
                self.findings += 1
                self.by_effect[row["effect"]] += 1
                self.by_label[row["label"]] += 1
                self.by_language[row["language"]] += 1
                day = row["sent_at"].date().isoformat() if row["sent_at"] else (row["local_time"] or "")[:10]
                self.by_day[day or "unknown"] += 1
                if row["counts"]:
                    self.by_counts[row["counts"]] += 1
                if row["conversation"] in self.top_conversations or len(self.top_conversations) < _TOP_CONVERSATIONS:
                    self.top_conversations[row["conversation"]] += 1

    def plain(self) -> dict[str, Any]:
        """The counts as JSON-ready data, each table largest first."""
        tables = {
            name: dict(sorted(getattr(self, name).items(), key=lambda item: (-item[1], item[0])))
            for name in ("by_effect", "by_label", "by_language", "by_speaker", "by_channel", "by_counts")
        }
        return {
            "messages": self.messages,
            "conversations": self.conversations,
            "findings": self.findings,
            "broken_records": self.broken,
            **tables,
            "by_day": dict(sorted(self.by_day.items())),
        }
