"""Scans from files to outputs: the same bytes however many workers, however often interrupted."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from screener.errors import ScreenerError
from screener.readers.base import ReadOptions
from screener.scan import run as scan_run
from screener.scan.engine import Settings
from screener.scan.run import Scan, find_inputs

RISKY = "pls add me on whatsapp +62 812-3456-7890"


@pytest.fixture
def chat(tmp_path) -> Path:
    path = tmp_path / "chat.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(600):
            text = RISKY if n % 50 == 0 else f"ok thanks, order {n}"
            row = {
                "id": f"m{n}", "conversation_id": f"c{n // 10}", "speaker": "seller" if n % 2 == 0 else "buyer",
                "sent_at": f"2026-10-{1 + n % 28:02d}T08:00:00Z", "text": text,
            }  # fmt: skip
            file.write(json.dumps(row) + "\n")
    return path


@pytest.fixture
def settings() -> Settings:
    import datetime as dt

    # Rules alone: what is tested here is the scan, and what rules find is known exactly.
    return Settings(region="ID", marketplace="generic", as_of=dt.date(2026, 11, 1), classifier=False)


def scan(chat, output, settings, **kwargs) -> Scan:
    kwargs.setdefault("formats", ("jsonl", "csv", "parquet", "sarif", "html"))
    kwargs.setdefault("workers", 1)
    return Scan(inputs=[chat], output=output, settings=settings, options=ReadOptions(), **kwargs)


def test_outputs_agree_with_each_other(chat, tmp_path, settings):
    result = scan(chat, tmp_path / "out", settings).run()
    assert result.summary.messages == 600
    assert result.summary.conversations == 60
    assert result.summary.findings == 12
    found = [json.loads(line) for line in (tmp_path / "out/findings.jsonl").open(encoding="utf-8")]
    assert [row["id"] for row in found] == [f"m{n}" for n in range(0, 600, 50)]
    assert {row["label"] for row in found} == {"off_platform_contact"}
    for row in found:
        assert row["text"][row["start"] : row["end"]] == row["quote"]
        assert row["line"] == int(row["id"][1:]) + 1
    with (tmp_path / "out/findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [row["id"] for row in found]
    assert pq.read_table(tmp_path / "out/findings.parquet").column("id").to_pylist() == [r["id"] for r in found]
    sarif = json.loads((tmp_path / "out/findings.sarif").read_text(encoding="utf-8"))
    assert [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in sarif["runs"][0]["results"]] == [
        row["line"] for row in found
    ]
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert page.count("<article") == 12
    assert not list((tmp_path / "out").glob(".screener*"))


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file()}


def test_one_and_two_workers_give_the_same_bytes(chat, tmp_path, settings, monkeypatch):
    monkeypatch.setattr(scan_run, "BATCH", 50)
    scan(chat, tmp_path / "one", settings, formats=("jsonl", "html")).run()
    scan(chat, tmp_path / "two", settings, formats=("jsonl", "html"), workers=2).run()
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_context_reaches_the_classifier_across_batches_and_workers(tmp_path, settings, monkeypatch):
    import dataclasses

    chat = tmp_path / "chat.jsonl"
    turns = [("seller", "Is anything wrong with the lamp, is it broken?"), ("buyer", "no")]
    with chat.open("w", encoding="utf-8") as file:
        for n in range(14):
            who, text = turns[n % 2]
            file.write(
                json.dumps({"id": f"m{n}", "conversation_id": f"c{n // 2}", "speaker": who, "text": text}) + "\n"
            )
    monkeypatch.setattr(scan_run, "BATCH", 3)  # so that question and answer fall into different batches
    with_classifier = dataclasses.replace(settings, classifier=True)
    scan(chat, tmp_path / "one", with_classifier, formats=("jsonl",)).run()
    scan(chat, tmp_path / "two", with_classifier, formats=("jsonl",), workers=2).run()
    assert files(tmp_path / "one") == files(tmp_path / "two")
    found = [json.loads(line) for line in (tmp_path / "one/findings.jsonl").open(encoding="utf-8")]
    answers = [row for row in found if row["label"] == "no_defect"]
    assert {row["id"] for row in answers} == {f"m{n}" for n in range(1, 14, 2)}
    assert all(0 < row["probability"] <= 1 for row in answers)


def test_interrupted_run_resumes_to_the_same_bytes(chat, tmp_path, settings, monkeypatch):
    monkeypatch.setattr(scan_run, "BATCH", 50)
    scan(chat, tmp_path / "whole", settings, formats=("jsonl",)).run()
    calls = 0

    def stop(*_):
        nonlocal calls
        calls += 1
        if calls > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(chat, tmp_path / "out", settings, formats=("jsonl",), progress=stop).run()
    assert not (tmp_path / "out/findings.jsonl").exists()
    done = list((tmp_path / "out/.screener").glob("*.arrow"))
    assert 0 < len(done) < 12
    scan(chat, tmp_path / "out", settings, formats=("jsonl",)).run(resume=True)
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_killed_process_resumes_to_the_same_bytes(chat, tmp_path):
    command = [
        sys.executable, "-c", "from screener.cli.main import main; main()", "scan", str(chat), "--region", "ID",
        "--marketplace", "generic", "--as-of", "2026-11-01", "--format", "jsonl", "--workers", "2", "--quiet",
    ]  # fmt: skip
    slow = "import screener.scan.run as r; r.BATCH = 20; from screener.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command[2] = slow
    whole = subprocess.run([*command, "-o", str(tmp_path / "whole")], env=environment, check=False)
    assert whole.returncode == 1
    process = subprocess.Popen([*command, "-o", str(tmp_path / "out")], env=environment)
    parts = tmp_path / "out/.screener"
    deadline = time.monotonic() + 60
    while len(list(parts.glob("*.arrow"))) < 2 and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "out/findings.jsonl").exists()
    resumed = subprocess.run([*command, "-o", str(tmp_path / "out"), "--resume"], env=environment, check=False)
    assert resumed.returncode == 1
    names = ("findings.jsonl", "summary.json")
    assert all((tmp_path / "out" / n).read_bytes() == (tmp_path / "whole" / n).read_bytes() for n in names)


def test_existing_results_are_not_overwritten(chat, tmp_path, settings):
    scan(chat, tmp_path / "out", settings, formats=("jsonl",)).run()
    with pytest.raises(ScreenerError, match="E401"):
        scan(chat, tmp_path / "out", settings, formats=("jsonl",)).run()
    again = scan(chat, tmp_path / "out", settings, formats=("jsonl",)).run(resume=True)
    assert again.summary.findings == 12


def test_resume_refuses_other_settings(chat, tmp_path, settings, monkeypatch):
    import dataclasses

    monkeypatch.setattr(scan_run, "BATCH", 50)

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(chat, tmp_path / "out", settings, formats=("jsonl",), progress=stop).run()
    other = dataclasses.replace(settings, region="US")
    with pytest.raises(ScreenerError, match="E402"):
        scan(chat, tmp_path / "out", other, formats=("jsonl",)).run(resume=True)


def test_text_is_escaped_everywhere(tmp_path, settings):
    chat = tmp_path / "chat.jsonl"
    nasty = '<script>alert(1)</script> add me on whatsapp +62 812-3456-7890 "><img src=x onerror=alert(1)>'
    rows = [
        {"id": "=1+1", "conversation_id": "<b>c", "speaker": "seller", "text": nasty},
        {"id": "2", "conversation_id": "c", "speaker": "seller", "text": "\ud83d add me on whatsapp +62 812-3456-7890"},
    ]
    chat.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    scan(chat, tmp_path / "out", settings).run()
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>c" not in page
    with (tmp_path / "out/findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["id"] == "'=1+1"
    found = [json.loads(line) for line in (tmp_path / "out/findings.jsonl").open(encoding="utf-8")]
    assert found[1]["quote"] == found[1]["text"][found[1]["start"] : found[1]["end"]]


def test_inputs_from_files_folders_and_globs(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("a/1.txt", "a/2.txt", "a/.hidden", "b.txt"):
        (tmp_path / name).write_text("x")
    found = find_inputs([str(tmp_path / "a"), str(tmp_path / "*.txt"), str(tmp_path / "a/1.txt")])
    assert [p.name for p in found] == ["1.txt", "2.txt", "b.txt"]
    with pytest.raises(ScreenerError, match="E101"):
        find_inputs([str(tmp_path / "nothing*")])
