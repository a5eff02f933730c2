"""Messages and findings as Arrow batches: what travels between processes and to the writers.

Text travels as bytes (UTF-8, lone surrogates passed through), because Arrow strings refuse lone
surrogates and a chat export may hold them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from screener.records import Channel, Message, Place, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["FINDINGS", "MESSAGES", "decode", "encode", "message_rows", "messages_batch"]

Turn = tuple[Message, Sequence[tuple[str, str]]]

_TEXT: Final = pa.binary()

MESSAGES: Final = pa.schema([
    ("id", _TEXT), ("conversation", _TEXT), ("speaker", pa.string()), ("sender", _TEXT), ("channel", pa.string()),
    ("sent_at", pa.timestamp("us", tz="UTC")), ("local_time", _TEXT), ("order_id", _TEXT), ("text", _TEXT),
    ("automated", pa.bool_()), ("file", _TEXT), ("member", _TEXT), ("line", pa.int64()), ("index", pa.int64()),
    ("context", pa.list_(pa.struct([("speaker", pa.string()), ("text", _TEXT)]))),
])  # fmt: skip
"""One row a message; ``line`` counts from 1, ``index`` from 0; ``context`` are the messages before, oldest first."""

FINDINGS: Final = pa.schema([
    *(field for field in MESSAGES if field.name != "context"),
    ("rule", pa.string()), ("label", pa.string()), ("kind", pa.string()), ("quote", _TEXT),
    ("start", pa.int64()), ("end", pa.int64()), ("start_utf16", pa.int64()), ("end_utf16", pa.int64()),
    ("language", pa.string()), ("probability", pa.float64()), ("unsure", pa.bool_()),
    ("status", pa.string()), ("explanation", pa.string()),
    ("suggestions", pa.list_(pa.string())), ("effect", pa.string()), ("verdict_rule", pa.string()),
    ("pack", pa.string()),
    ("confidence", pa.string()), ("source_title", pa.string()), ("source_address", pa.string()),
    ("source_seen", pa.string()), ("reason", pa.string()), ("note", pa.string()), ("overridable", pa.bool_()),
    ("counts", pa.string()), ("counts_rule", pa.string()), ("counts_confidence", pa.string()),
    ("counts_reason", pa.string()), ("counts_note", pa.string()), ("helps_with", pa.string()),
    ("does_not_help_with", pa.string()),
])  # fmt: skip
"""One row a finding, with its message."""

_BYTES: Final = frozenset(field.name for field in FINDINGS if field.type == _TEXT)


def encode(text: str | None) -> bytes | None:
    """Text as Arrow holds it."""
    return None if text is None else text.encode("utf-8", "surrogatepass")


def decode(raw: bytes | None) -> str | None:
    """The inverse of :func:`encode`."""
    return None if raw is None else raw.decode("utf-8", "surrogatepass")


def row_batch(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """A record batch from rows; text fields are encoded."""
    listed = list(rows)
    columns = []
    for field in schema:
        values = [row.get(field.name) for row in listed]
        if field.name in _BYTES:
            values = [encode(value) for value in values]
        columns.append(pa.array(values, type=field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Rows of a batch as dictionaries; text fields are decoded."""
    for row in batch.to_pylist():
        for name in _BYTES & row.keys():
            row[name] = decode(row[name])
        if "context" in row:
            row["context"] = tuple((turn["speaker"], decode(turn["text"]) or "") for turn in row["context"] or ())
        yield row


def message_rows(turns: Iterable[Turn]) -> Iterator[dict[str, Any]]:
    """Messages with their context as rows of :data:`MESSAGES`."""
    for message, context in turns:
        place = message.place
        yield {
            "id": message.id,
            "conversation": message.conversation_id,
            "speaker": message.speaker.value,
            "sender": message.sender,
            "channel": message.channel.value,
            "sent_at": message.sent_at,
            "local_time": message.local_time,
            "order_id": message.order_id,
            "text": message.text,
            "automated": message.automated,
            "file": place.file if place else None,
            "member": place.member if place else None,
            "line": place.line if place else None,
            "index": place.index if place else None,
            "context": [{"speaker": speaker, "text": encode(text)} for speaker, text in context],
        }


def messages_batch(turns: Iterable[Turn]) -> pa.RecordBatch:
    """Messages, each with (speaker, text) of those before it, as one record batch of schema :data:`MESSAGES`."""
    return row_batch(message_rows(turns), MESSAGES)


def message_of(row: Mapping[str, Any]) -> Message:
    """The message that a row of :data:`MESSAGES` stands for."""
    place = None
    if row["file"] is not None:
        place = Place(row["file"], row["line"], row["index"], row["member"])
    return Message(
        id=row["id"],
        text=row["text"],
        speaker=Speaker(row["speaker"]),
        channel=Channel(row["channel"]),
        sent_at=row["sent_at"],
        local_time=row["local_time"],
        conversation_id=row["conversation"],
        sender=row["sender"],
        order_id=row["order_id"],
        automated=row["automated"],
        place=place,
    )
