"""The command line as a person or a hook meets it: real processes, exit codes, no stack traces."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-c", "from screener.cli.main import main; main()"]


@pytest.fixture
def screener(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}

    def run(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*COMMAND, *args], input=stdin, capture_output=True, cwd=tmp_path, env=environment, timeout=120, check=False
        )

    return run


def test_check_text_and_exit_code(screener):
    found = screener("check", "--region", "ID", "kak wa aja ya 0812-3456-7890")
    out = found.stdout.decode()
    assert found.returncode == 1
    assert "BLOCK" in out
    assert "off_platform_contact" in out
    assert "\x1b" not in out
    assert screener("check", "terima kasih kak").returncode == 0


def test_check_json_offsets_hold_in_both_units(screener):
    text = "😀 add me on whatsapp +62 812 3456 7890"
    found = screener("check", "--region", "ID", "--format", "json", stdin=text.encode())
    answer = json.loads(found.stdout)
    assert answer["verdict"] == "block"
    assert (answer["marketplace"], answer["as_of"][:2]) == ("tiktok_shop", "20")
    units = text.encode("utf-16-le")
    assert answer["findings"]
    for finding in answer["findings"]:
        assert text[finding["start"] : finding["end"]] == finding["quote"]
        piece = units[finding["start_utf16"] * 2 : finding["end_utf16"] * 2]
        assert piece.decode("utf-16-le") == finding["quote"]
        assert finding["verdict"]["source"]["title"]
        assert finding["verdict"]["confidence"] in ("official", "reported", "unverified")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "--region", "NOWHERE", "x"), "E304"),
        (("check", "--marketplace", "nowhere", "x"), "E304"),
        (("scan", "missing.txt"), "E101"),
        (("rules", "show", "no.such.rule"), "E303"),
        (("label", "missing.jsonl"), "E101"),
    ],
)
def test_errors_are_one_line_with_code_and_fix(screener, arguments, code):
    found = screener(*arguments)
    assert found.returncode == 2
    error = found.stderr.decode().strip()
    assert code in error
    assert "\n" not in error
    assert "Traceback" not in error


def test_wrong_usage(screener):
    assert screener("check", "--speaker", "nobody", "x").returncode == 2
    assert screener("check", "--as-of", "yesterday", "x").returncode == 2
    assert screener("nonsense").returncode == 2


def test_check_refuses_what_is_not_utf8(screener):
    found = screener("check", stdin=b"\xff\xfe\x00")
    assert found.returncode == 2
    assert "Traceback" not in found.stderr.decode()


def test_label_lines(screener, tmp_path):
    rows = [
        {
            "id": 1,
            "speaker": "seller",
            "context": [{"speaker": "buyer", "text": "hi"}],
            "text": "kak wa aja ya",
            "lang": "id",
        },
        {"id": "b", "speaker": "buyer", "text": "\ud83d ok", "lang": "zh-Hant"},
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n", encoding="utf-8")
    assert screener("label", "in.jsonl", "-o", "classified.jsonl").returncode == 0
    classified = [json.loads(line) for line in (tmp_path / "classified.jsonl").open(encoding="utf-8")]
    assert [row["id"] for row in classified] == [1, "b"]
    assert all(0 <= value <= 1 for row in classified for value in row["labels"].values())
    assert len(classified[0]["labels"]) == 22
    assert screener("label", "in.jsonl", "-o", "out.jsonl", "--no-classifier").returncode == 0
    first, second = [json.loads(line) for line in (tmp_path / "out.jsonl").open(encoding="utf-8")]
    assert first["id"] == 1
    assert first["decided"] == ["off_platform_contact"]
    ((start, end),) = first["spans"]["off_platform_contact"]
    assert "wa aja" in rows[0]["text"][start:end]
    assert first["labels"]["off_platform_contact"] == 1.0
    assert first["labels"]["abuse"] == 0.0
    assert (second["id"], second["decided"]) == ("b", [])


def test_label_reports_bad_lines_and_keeps_the_good(screener, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "text": "ok"}\nnot json SECRET\n{"id": 2}\n{"id": 3, "text": "ok"}\n')
    found = screener("label", "in.jsonl", "-o", "out.jsonl")
    assert found.returncode == 2
    error = found.stderr.decode()
    assert "line 2" in error
    assert "line 3" in error
    assert "SECRET" not in error
    ids = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").open(encoding="utf-8")]
    assert ids == [1, 3]
    strict = screener("label", "in.jsonl", "-o", "strict.jsonl", "--strict")
    assert strict.returncode == 2
    assert not (tmp_path / "strict.jsonl").exists()


def test_rules_and_regions(screener):
    listed = screener("rules", "list", "--language", "id", "--label", "off_platform_contact").stdout.decode()
    first = listed.split()[0]
    shown = screener("rules", "show", first).stdout.decode()
    assert "why:" in shown
    assert "source:" in shown
    page = json.loads(screener("rules", "show", first, "--format", "json", "--locale", "zh").stdout)
    assert page["id"] == first
    regions = json.loads(screener("regions", "--marketplace", "tiktok_shop", "--format", "json").stdout)
    assert {"us", "id", "de"} <= {item["region"].lower() for item in regions}
    for rule in {channel["rule"] for item in regions for channel in item["channels"]}:
        assert screener("rules", "show", rule).returncode == 0
        break


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("whatsapp-id.txt", ("--region", "ID", "--seller", "Toko Melati", "--timezone", "Asia/Jakarta")),
        ("tiktok-us.json", ("--region", "US")),
        ("line-th.txt", ("--region", "TH", "--seller", "ร้านบ้านเสื้อ", "--timezone", "Asia/Bangkok")),
        ("table-zh-es.csv", ("--region", "MX")),
    ],
)
def test_samples(screener, tmp_path, name, options):
    found = screener("scan", str(ROOT / "samples" / name), *options, "-o", "out", "--quiet")
    assert found.returncode == 1, found.stderr.decode()
    summary = json.loads((tmp_path / "out/summary.json").read_text(encoding="utf-8"))
    assert summary["broken_records"] == 0
    assert summary["by_effect"]["block"] >= 2
    assert set(summary["by_speaker"]) <= {"buyer", "seller", "platform"}
    assert (tmp_path / "out/report.html").exists()


def test_import_is_cheap():
    code = "import time; t = time.perf_counter(); import screener; print(time.perf_counter() - t)"
    taken = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True).stdout)
        for _ in range(3)
    ]
    assert min(taken) < 0.15


def test_column_profile_is_saved_and_used(screener, tmp_path):
    table = "Wer;Text der Nachricht;Wann\nKunde;hallo;2026-10-01T10:00:00Z\n"
    table += "Laden;Bitte schreib mir auf WhatsApp +49 151 23456789;2026-10-01T10:01:00Z\n"
    (tmp_path / "chat.csv").write_text(table, encoding="utf-8")
    columns = ("--column", "text=Text der Nachricht", "--column", "sender=Wer")
    first = screener(
        "scan", "chat.csv", "--region", "DE", "--seller", "Laden", *columns, "--save-profile", "p.yaml", "-o", "a"
    )
    second = screener("scan", "chat.csv", "--region", "DE", "--seller", "Laden", "--profile", "p.yaml", "-o", "b")
    assert (first.returncode, second.returncode) == (1, 1), (first.stderr, second.stderr)
    assert (tmp_path / "a/findings.jsonl").read_bytes() == (tmp_path / "b/findings.jsonl").read_bytes()


def test_statements_follow_conversations(screener, tmp_path):
    turns = [
        ("seller", "please just say that it is fine and I'll refund you $10"),
        ("buyer", "the item works fine, no defects"),
    ]
    messages = [
        {"id": f"m{n}", "speaker": who, "channel": "in_app", "sent_at": f"2026-10-01T08:0{n}:00Z", "text": text}
        for n, (who, text) in enumerate(turns)
    ]
    lines = [
        {"id": "c", "marketplace": "tiktok_shop", "region": "US", "as_of": "2026-11-01", "messages": messages},
        {"id": "d", "region": "US", "messages": [{"id": "x", "speaker": "buyer", "text": "SECRET", "deleted": True}]},
        {"id": "e", "messages": "SECRET"},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = screener("statements", "in.jsonl", "-o", "out.jsonl", "--no-classifier")
    assert found.returncode == 2
    assert "line 3" in found.stderr.decode()
    assert "SECRET" not in found.stderr.decode()
    first, second = [json.loads(line) for line in (tmp_path / "out.jsonl").open(encoding="utf-8")]
    (statement,) = [s for s in first["statements"] if s["label"] == "no_defect"]
    assert (statement["message_id"], statement["state"]) == ("m1", "standing")
    assert statement["taints"] == ["coached", "incentive"]
    assert statement["counts"] == "needs_support"
    assert second["gaps"] == ["deleted:x"]


def test_a_classifier_finding_has_a_page(screener):
    page = json.loads(screener("rules", "show", "acts.no_defect", "--format", "json").stdout)
    assert page["label"] == "no_defect"
    assert 0 < page["unsure from"] < page["sure from"] < 1
