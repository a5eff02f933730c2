"""A scan of many messages: rate, peak memory of all processes together, and equal output however it was run.

``python -m benchmarks.scan --count 1000000`` scans the generated mix with two workers, with one, and with two
after a kill in the middle; it prints a table, writes
``benchmarks/results/scan.json`` and fails when the outputs differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.process import run

RESULTS = Path(__file__).parent / "results"
OUTPUTS = ("findings.jsonl", "summary.json")


def _command(source: Path, output: Path, workers: int, *more: str) -> list[str]:
    return [
        sys.executable, "-c", "from screener.cli.main import main; main()", "scan", str(source), "-o", str(output),
        "--format", "jsonl", "--workers", str(workers), "--region", "ID", "--as-of", "2026-11-01", "--quiet",
        "--no-classifier", *more,
    ]  # fmt: skip


def _run(command: list[str], kill_when: Path | None = None) -> dict[str, float]:
    def interrupt() -> bool:
        return kill_when is not None and len(list(kill_when.glob("*.arrow"))) > 20

    return run(command, interrupt)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in OUTPUTS:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Run the three scans and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--resume-only", action="store_true", help="leave out the run with one worker")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="screener-bench-"))
    try:
        source = folder / "mix.jsonl"
        subprocess.run([sys.executable, "-m", "benchmarks.mix", str(given.count), "-o", str(source)], check=True)
        rows: dict[str, dict[str, Any]] = {}
        runs = {"two workers": 2} if given.resume_only else {"two workers": 2, "one worker": 1}
        for name, workers in runs.items():
            rows[name] = _run(_command(source, folder / name, workers))
            rows[name]["digest"] = _digest(folder / name)
        target = folder / "killed"
        _run(_command(source, target, 2), kill_when=target / ".screener")
        rows["two workers, killed, resumed"] = _run(_command(source, target, 2, "--resume"))
        rows["two workers, killed, resumed"]["digest"] = _digest(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{given.count:,} messages{'':16}{'seconds':>9}{'per second':>12}{'peak MB':>9}")
    for name, row in rows.items():
        row["per_second"] = given.count / row["seconds"]
        print(f"{name:32}{row['seconds']:>9.1f}{row['per_second']:>12,.0f}{row['peak_mb']:>9.0f}")
    same = len({row["digest"] for row in rows.values()}) == 1
    print("outputs are identical" if same else "OUTPUTS DIFFER")
    RESULTS.mkdir(exist_ok=True)
    result = {"messages": given.count, "python": platform.python_version(), "identical": same, "rows": rows}
    (RESULTS / "scan.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
