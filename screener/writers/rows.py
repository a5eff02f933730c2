"""Writers of finding rows: each takes Arrow batches of findings and writes one file, streaming."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from screener.scan.tables import FINDINGS, rows
from screener.writers.atomic import whole_bytes, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["plain_row", "safe_cell", "write_csv", "write_jsonl", "write_parquet"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TEXT_COLUMNS: Final = frozenset(field.name for field in FINDINGS if field.type == pa.binary())


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A finding row with times as ISO 8601 UTC, ready for JSON."""
    plain = dict(row)
    sent_at = plain["sent_at"]
    plain["sent_at"] = None if sent_at is None else sent_at.isoformat().replace("+00:00", "Z")
    return plain


def json_line(row: Mapping[str, Any]) -> str:
    """A row as one line of JSON; text with lone surrogates is escaped, because UTF-8 cannot carry them."""
    line = json.dumps(row, ensure_ascii=False)
    if any("\ud800" <= char <= "\udfff" for char in line):
        return json.dumps(row)
    return line


def write_jsonl(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """One JSON object a finding."""
    with whole_text(path) as file:
        for batch in batches:
            for row in rows(batch):
                file.write(json_line(plain_row(row)) + "\n")


def safe_cell(value: Any) -> Any:
    """Spreadsheets run cells that begin with ``= + - @``: an apostrophe keeps them text."""
    if isinstance(value, list):
        value = " | ".join(value)
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode("utf-8")
        if value.startswith(_FORMULA):
            return "'" + value
    return value


def write_csv(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """One line a finding, with a byte-order mark so that spreadsheets read it as UTF-8."""
    with whole_text(path) as file:
        text = file
        text.write("\ufeff")
        writer = csv.DictWriter(text, FINDINGS.names)
        writer.writeheader()
        for batch in batches:
            for row in rows(batch):
                writer.writerow({name: safe_cell(value) for name, value in plain_row(row).items()})


def _readable(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = []
    fields = []
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if field.name in _TEXT_COLUMNS:
            values = [None if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
            columns.append(pa.array(values, type=pa.string()))
            fields.append(pa.field(field.name, pa.string()))
        else:
            columns.append(column)
            fields.append(field)
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def write_parquet(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """One row a finding; lone surrogates become U+FFFD, because Parquet strings are UTF-8."""
    import pyarrow.parquet as pq

    empty = _readable(pa.RecordBatch.from_pylist([], schema=FINDINGS))
    with whole_bytes(path) as file, pq.ParquetWriter(file, empty.schema) as writer:
        for batch in batches:
            if batch.num_rows:
                writer.write_batch(_readable(batch))
