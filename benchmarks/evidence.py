"""Sealing and verifying one very long conversation: ``python -m benchmarks.evidence``.

100,000 messages of the mix of ``benchmarks/mix.py`` between one buyer and one shop are sealed into a zip file by the
command line, by rules alone and with the classifier, and verified; prints seconds and peak memory and writes
``benchmarks/results/evidence.json``.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.mix import messages
from benchmarks.process import run

RESULT = Path(__file__).parent / "results" / "evidence.json"
SCREENER = [sys.executable, "-c", "from screener.cli.main import main; main()"]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def write(count: int, path: Path) -> None:
    """One conversation as a table in JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number, (_, text) in enumerate(messages(count)):
            row = {
                "id": f"m{number}",
                "conversation_id": "c1",
                "speaker": "seller" if number % 3 == 0 else "buyer",
                "sent_at": (BEGIN + timedelta(seconds=120 * number)).isoformat(),
                "text": text,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    """Seal, verify, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    count = parser.parse_args().count
    rows = {}
    with tempfile.TemporaryDirectory(prefix="screener-bench-") as folder:
        source = Path(folder) / "chat.jsonl"
        write(count, source)
        for name, options in (("rules", ["--no-classifier"]), ("full", [])):
            pack = Path(folder) / f"{name}.zip"
            seal = ["evidence", str(source), "--region", "ID", "--as-of", "2026-11-01", "-o", str(pack), *options]
            rows[f"seal, {name}"] = run([*SCREENER, *seal])
            rows[f"verify, {name}"] = run([*SCREENER, "verify", str(pack)])
            rows[f"seal, {name}"]["pack_mb"] = pack.stat().st_size / 2**20
    print(f"{count:,} messages{'':8}{'seconds':>9}{'peak MB':>9}{'pack MB':>9}")
    for name, row in rows.items():
        print(f"{name:24}{row['seconds']:>9.1f}{row['peak_mb']:>9.0f}{row.get('pack_mb', 0):>9.1f}")
    RESULT.parent.mkdir(exist_ok=True)
    result = {"messages": count, "python": platform.python_version(), "rows": rows}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if any(row["exit"] for row in rows.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
