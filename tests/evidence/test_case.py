"""From an export to a pack: order, holes, redaction, command line."""

import datetime as dt
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.cli.evidence import command, verify
from screener.evidence.assemble import build_case, contents_of, of_order
from screener.evidence.completeness import holes, limits
from screener.evidence.pack import write_pack
from screener.evidence.redact import Profile, redact
from screener.evidence.verify import verify_pack
from screener.pipeline import Screener
from screener.readers.detect import read_export
from screener.records import Channel, Conversation, Message, Speaker

ROOT = Path(__file__).parents[2]
SCREENER = Screener("US", as_of=dt.date(2026, 11, 1), classifier=False)
AT = dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)


def message(number, text, speaker="buyer", **fields):
    return Message(
        id=f"m{number}", text=text, speaker=Speaker(speaker), channel=Channel.IN_APP,
        sent_at=fields.pop("sent_at", AT + dt.timedelta(minutes=number)), **fields,
    )  # fmt: skip


TALK = Conversation(
    "c1",
    (
        message(0, "Hi Bob Lee, nothing wrong with the lamp, call me on +1 415 555 2671", sender="Ann Roe"),
        message(1, "Thanks Ann Roe, send it to 12 Main Street, Springfield", "seller", sender="Bob Lee"),
        message(2, "ok, I just ordered the wrong size", sender="Ann Roe"),
    ),
    Channel.IN_APP,
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "export.json"
    path.write_text("{}", encoding="utf-8")
    return path


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_case_holds_statements_with_their_place(source):
    contents = contents_of(build_case(TALK, SCREENER), source)
    (first, *_) = json.loads(contents.files["statements.json"])
    assert (first["message_id"], first["label"], first["counts"]) == ("m0", "no_defect", "counts")
    assert first["quote"] in TALK.messages[0].text
    page = contents.files["view.html"].decode()
    assert "nothing wrong" in page
    assert 'id="m0"' in page


def test_a_redacted_copy_has_the_same_chain_and_no_private_thing(tmp_path, source):
    case = build_case(TALK, SCREENER)
    full, copy = tmp_path / "full.zip", tmp_path / "copy.zip"
    write_pack(contents_of(case, source), full)
    write_pack(contents_of(case, source, profiles=list(Profile)), copy)
    assert verify_pack(full).ok
    verified = verify_pack(copy)
    assert verified.ok
    assert verified.redacted
    inside, shared = members(full), members(copy)
    assert json.loads(inside["manifest.json"])["chain"] == json.loads(shared["manifest.json"])["chain"]
    everything = b"".join(shared.values())
    for private in (b"415 555", b"4155552671", b"Ann Roe", b"Bob Lee", b"Main Street", b"Springfield"):
        assert private not in everything
    assert b"nothing wrong" in everything
    assert not any(name.startswith("source/") for name in shared)
    told = json.loads(shared["manifest.json"])["redaction"]["fields"]
    assert told == {"0": ["sender", "text"], "1": ["sender", "text"], "2": ["sender"]}


def test_a_changed_redacted_copy_is_caught(tmp_path, source):
    folder = tmp_path / "copy"
    write_pack(contents_of(build_case(TALK, SCREENER), source, profiles=[Profile.PHONE]), folder)
    path = folder / "messages.jsonl"
    path.write_bytes(path.read_bytes().replace(b"wrong size", b"right size"))
    assert not verify_pack(folder).ok


@settings(deadline=None)
@given(st.text("ab 0123456789@.+-\nstreet", max_size=80), st.data())
def test_spans_move_with_redaction(text, data):
    (one,) = redact([message(0, text, sender="ab")], list(Profile))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new_start, new_end = one.span(start, end)
    assert 0 <= new_start <= new_end <= len(one.message.text)
    if not one.cuts:
        assert one.message.text[new_start:new_end] == text[start:end]


def test_order_chooses_conversations():
    first = Conversation("a", (message(0, "about 5771"),))
    second = Conversation("b", (message(1, "hello", order_id="5772"),))
    assert of_order([first, second], "5771").id == "a"
    assert of_order([first, second], "5772").id == "b"
    assert of_order([first, second], "9") is None
    assert len(of_order([first, second], None).messages) == 2


def test_holes_are_told():
    conversation = Conversation(
        "c",
        (
            message(0, "hi", edited=True),
            message(1, "", deleted=True),
            message(2, "", kind="image"),
            message(3, "answer", reply_to="gone"),
            message(4, "late", sent_at=AT + dt.timedelta(days=30)),
            message(5, "early", sent_at=AT),
            message(6, "unknown", sent_at=None, local_time="1/2/26"),
            message(7, "and now?", sent_at=None),
        ),
    )
    kinds = {(hole.kind, hole.message_id) for hole in holes(conversation)}
    assert kinds == {
        ("edited", "m0"), ("deleted", "m1"), ("media_missing", "m2"), ("reply_to_missing", "m3"), ("silence", "m4"),
        ("clock", "m5"), ("time_zone", "m6"), ("no_time", "m7"), ("ends_inside", "m7"), ("one_sided", "m0"),
    }  # fmt: skip


def test_what_a_source_cannot_prove_is_told_once():
    assert len(limits([Channel.WHATSAPP, Channel.WHATSAPP, Channel.IN_APP])) == 2


def test_command_line_seals_and_verifies(tmp_path):
    target = tmp_path / "case.zip"
    arguments = ["samples/whatsapp-id.txt", "--region", "ID", "--seller", "Toko Melati", "--timezone", "Asia/Jakarta"]
    made = CliRunner().invoke(command, [*arguments, "--no-classifier", "-o", str(target)])
    assert made.exit_code == 0, made.output
    assert "12 messages sealed" in made.output
    assert CliRunner().invoke(verify, [str(target)]).exit_code == 0
    target.write_bytes(target.read_bytes()[:-1])
    changed = CliRunner().invoke(verify, [str(target)])
    assert changed.exit_code == 1
    assert "CHANGED" in changed.output


def test_an_unknown_order_is_one_clear_error(tmp_path):
    arguments = ["samples/whatsapp-id.txt", "--region", "ID", "--seller", "Toko Melati", "--timezone", "Asia/Jakarta"]
    result = CliRunner().invoke(
        command, [*arguments, "--no-classifier", "--order", "nowhere", "-o", str(tmp_path / "x.zip")]
    )
    assert result.exception.code == "E204"
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize("profiles", [(), ("phone", "names")])
def test_files_keep_to_the_published_schema(tmp_path, profiles):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    schema = json.loads((ROOT / "docs/evidence.schema.json").read_text(encoding="utf-8"))
    screener = Screener("US", classifier=False)
    source = ROOT / "samples/tiktok-us.json"
    case = build_case(of_order(read_export(source).conversations, None), screener)
    pack = tmp_path / "pack"
    write_pack(contents_of(case, source, profiles=[Profile(name) for name in profiles]), pack)

    def holds(data, name):
        validator = jsonschema_rs.validator_for({**schema, "$ref": f"#/$defs/{name}"})
        assert [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(data)] == []

    holds(json.loads((pack / "manifest.json").read_text()), "manifest")
    for line in (pack / "messages.jsonl").read_text(encoding="utf-8").splitlines():
        holds(json.loads(line), "line")
    for name in ("statements", "findings"):
        data = json.loads((pack / f"{name}.json").read_text(encoding="utf-8"))
        assert data
        holds(data, name)
