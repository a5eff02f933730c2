"""Files of drafts: true places in every format, reports, baseline and allow comments."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from xml.etree import ElementTree as ET

import polib
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.drafts.check import Lines, check_file
from screener.drafts.segments import format_of, segments
from screener.errors import ScreenerError
from screener.pipeline import Screener

CONTACT = "whatsapp 081234567890"
TEXTS = [
    f"please add me on {CONTACT} now",
    f'he said "hi", {CONTACT}, 😀 ok',
    f"größe one\nline two {CONTACT}\n\nlast",
    f"it's 5:00 - # {CONTACT} \\ tab\t{{name}}",
    f"加我 {CONTACT} 谢谢",
]


@pytest.fixture(scope="module")
def screener():
    return Screener("ID", classifier=False)


def as_json(texts):
    return json.dumps({"a": texts, "n": 3, "whatsapp 081234567890": None})


def as_csv(texts):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([["id", "text"], *enumerate(texts)])
    return out.getvalue()


def as_po(texts):
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(msgid=f"m{n}", msgstr=text) for n, text in enumerate(texts))
    return str(catalogue)


WRITERS = {
    "json": as_json,
    "jsonl": lambda texts: "".join(json.dumps({"t": text}) + "\n" for text in texts),
    "yaml": lambda texts: yaml.safe_dump({"a": texts}),
    "csv": as_csv,
    "po": as_po,
}


@pytest.mark.parametrize("form", WRITERS)
def test_every_finding_stands_where_the_file_has_it(form, screener):
    source = WRITERS[form](TEXTS)
    found = list(check_file(source, "x", screener, form=form))
    assert len(found) >= len(TEXTS)
    lines = Lines(source)
    for one in found:
        words = source[one.start : one.end]
        assert words.endswith("081234567890")
        assert words[0] in (one.quote[0], "\\")
        assert lines.place(one.start) == (one.line, one.column)
        assert source.splitlines()[one.line - 1][one.column - 1] == words[0]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(["json", "jsonl", "yaml", "csv"]), st.lists(st.text(min_size=1), min_size=1, max_size=4))
def test_what_a_library_wrote_is_read_back(form, texts):
    texts = [text.replace("\0", "").replace("\r", "") for text in texts]
    read = list(segments(WRITERS[form](texts), form))
    wanted = [text for text in texts if any(c.isalpha() for c in text)]
    if form in ("json", "jsonl"):
        assert [segment.text for segment in read] == wanted
    for segment in read:
        assert len(segment.places) == len(segment.text) + 1
        assert list(segment.places) == sorted(segment.places)


def test_markdown_leaves_code_and_comments_out(screener):
    source = (
        f"# Macros\n\nHello\n{CONTACT}\n\n`{CONTACT}`\n\n```\n{CONTACT}\n```\n\n"
        f"<!-- {CONTACT} -->\n\n| a | b |\n|---|---|\n| x | {CONTACT} |\n"
    )
    assert [one.line for one in check_file(source, "x.md", screener)] == [4, 16]


def test_comments_allow(screener):
    source = f"{CONTACT}\n\n# screener: allow off_platform_contact\n{CONTACT}\n\n{CONTACT} # screener: allow\n"
    source += f"\n# screener: allow threat\n{CONTACT}\n"
    assert [one.line for one in check_file(source, "x.txt", screener)] == [1, 9]


def test_lines_and_columns_with_any_line_ending():
    lines = Lines("a\r\nb😀c\rd\n")
    assert [lines.place(n) for n in (0, 3, 5, 7, 9)] == [(1, 1), (2, 1), (2, 3), (3, 1), (4, 1)]
    assert lines.byte_column(5) == 6
    assert lines.line(2) == "b😀c"


@pytest.mark.parametrize(
    ("form", "source"),
    [("json", '{"a": '), ("yaml", "a: [1"), ("yaml", "a: &x *x"), ("po", 'msgid "a\nmsgstr'), ("jsonl", "{}\n{")],
)
def test_broken_files_are_named_and_not_quoted(form, source):
    with pytest.raises(ScreenerError, match="E103"):
        list(segments(source, form, path="file.x"))


def run(*args, cwd):
    command = [
        sys.executable,
        "-c",
        "from screener.cli.main import main; main()",
        "check",
        "--no-classifier",
        "--files",
    ]
    return subprocess.run([*command, "--region", "ID", *args], capture_output=True, text=True, cwd=cwd)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bad.md").write_text(f"hello\n\nadd me on {CONTACT}\n", encoding="utf-8")
    (tmp_path / "good.yaml").write_text("reply: We settle it here in the chat.\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("form", ["json", "sarif", "github", "rdjson", "gitlab", "junit", "text"])
def test_reports(folder, form):
    done = run("--format", form, "bad.md", "good.yaml", cwd=folder)
    assert done.returncode == 1, done.stderr
    out = done.stdout
    if form == "json":
        found = json.loads(out)["findings"]
        assert [(f["path"], f["line"]) for f in found] == [("bad.md", 3)]
    elif form == "sarif":
        region = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] == 3
    elif form == "github":
        assert out.startswith("::error file=bad.md,line=3,")
    elif form == "rdjson":
        diagnostic = json.loads(out)["diagnostics"][0]
        assert diagnostic["location"]["range"]["start"]["line"] == 3
        assert diagnostic["suggestions"]
    elif form == "gitlab":
        assert json.loads(out)[0]["location"] == {"path": "bad.md", "lines": {"begin": 3, "end": 3}}
    elif form == "junit":
        suite = ET.fromstring(out)
        assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    else:
        assert out.startswith("bad.md:3:")


def test_a_baseline_lets_old_findings_be(folder):
    assert run("--baseline", "base.json", "--write-baseline", ".", cwd=folder).returncode == 0
    assert CONTACT not in (folder / "base.json").read_text()
    assert run("--baseline", "base.json", ".", cwd=folder).returncode == 0
    text = (folder / "bad.md").read_text(encoding="utf-8")
    (folder / "bad.md").write_text(f"{text}\nnew: write me on telegram @seller_shop_99\n", encoding="utf-8")
    done = run("--baseline", "base.json", "bad.md", cwd=folder)
    assert done.returncode == 1
    assert done.stdout.startswith("bad.md:5:")


def test_a_missing_file_is_an_input_error(folder):
    done = run("none.md", cwd=folder)
    assert done.returncode == 2
    assert "E101" in done.stderr


def test_only_named_fields(folder):
    (folder / "t.csv").write_text(f"note,reply\n{CONTACT},hello\nok,{CONTACT}\n", encoding="utf-8")
    done = run("--field", "reply", "t.csv", cwd=folder)
    assert [line.split(":")[1] for line in done.stdout.splitlines() if line.startswith("t.csv")] == ["3"]


def test_formats_by_name():
    assert [format_of(n) for n in ("a.MD", "b.yml", "c.ndjson", "d.tsv", "e.pot", "f")] == [
        "markdown", "yaml", "jsonl", "csv", "po", "text",
    ]  # fmt: skip
