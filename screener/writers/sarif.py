"""SARIF 2.1.0: findings as code-scanning tools read them (OASIS standard, 2020-03-27)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from screener.scan.tables import rows
from screener.writers.atomic import whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyarrow as pa

__all__ = ["SARIF_LEVELS", "SARIF_SCHEMA", "sarif_result", "sarif_rule", "write_sarif"]

SARIF_LEVELS: Final = {"block": "error", "warn": "warning", "note": "note", "allow": "none"}
SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_rule(row: Mapping[str, Any]) -> dict[str, Any]:
    """The description of the rule behind a finding row."""
    return {
        "id": row["rule"],
        "name": row["label"],
        "shortDescription": {"text": row["explanation"]},
        "properties": {"label": row["label"], "status": row["status"]},
    }


def sarif_result(row: Mapping[str, Any]) -> dict[str, Any]:
    """One result. The region's columns are offsets in the message: a chat export has no source lines of its own."""
    region: dict[str, Any] = {
        "charOffset": row["start_utf16"],
        "charLength": row["end_utf16"] - row["start_utf16"],
    }
    if row["line"] is not None:
        region = {"startLine": row["line"]}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": str(row["file"]).replace("\\", "/")},
            "region": region,
        }
    }
    place = row["conversation"] if row["index"] is None else f"{row['conversation']}[{row['index']}]"
    location["logicalLocations"] = [{"fullyQualifiedName": place, "kind": "message"}]
    return {
        "ruleId": row["rule"],
        "level": SARIF_LEVELS[row["effect"]],
        "message": {"text": f"{row['explanation']} {row['reason']}".strip()},
        "locations": [location],
        "partialFingerprints": {"message/v1": f"{row['conversation']}/{row['id']}/{row['start']}-{row['end']}"},
        "properties": {
            "label": row["label"],
            "effect": row["effect"],
            "pack": row["pack"],
            "confidence": row["confidence"],
            "suggestions": row["suggestions"],
        },
    }


def write_sarif(batches: Iterable[pa.RecordBatch], path: Path, *, version: str) -> None:
    """All findings as one SARIF log, written as it is produced."""
    rules: dict[str, dict[str, Any]] = {}
    with whole_text(path) as file:
        file.write(f'{{"$schema": {json.dumps(SARIF_SCHEMA)}, "version": "2.1.0", "runs": [')
        file.write('{"columnKind": "utf16CodeUnits", "results": [')
        first = True
        for batch in batches:
            for row in rows(batch):
                rules.setdefault(row["rule"], sarif_rule(row))
                file.write(("\n" if first else ",\n") + json.dumps(sarif_result(row)))
                first = False
        tool = {
            "driver": {
                "name": "screener",
                "version": version,
                "rules": [rules[name] for name in sorted(rules)],
            }
        }
        file.write(f'\n], "tool": {json.dumps(tool)}}}]}}\n')
