"""Damaged, hostile and large JSON: what is good is kept, what is broken is told, nothing crashes."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screener.errors import InputError, ScreenerError
from screener.readers import ReadOptions, iter_messages, read_export
from screener.readers.jsonfields import epoch, string
from screener.readers.jsonstream import _Feed, peek
from screener.records import Message

DATA = Path(__file__).parent / "data" / "json"


def telegram(count):
    messages = [
        {"id": i, "type": "message", "date": "2024-03-05T10:00:00", "date_unixtime": str(1709632800 + i),
         "from": "Ana", "from_id": "user1", "text": f"message {i} [{{"}
        for i in range(count)
    ]  # fmt: skip
    return {"name": "Ana", "type": "personal_chat", "id": 1, "messages": messages}


def as_file(data, name="x.json"):
    file = io.BytesIO(data)
    file.name = name
    return file


def test_truncated_document_keeps_what_came_before():
    data = json.dumps(telegram(50)).encode()
    cut = data[: data.index(b"message 30")]
    export = read_export(as_file(cut))
    assert [m.text for m in export.conversations[0].messages] == [f"message {i} [{{" for i in range(30)]
    assert len(export.broken) == 1
    assert export.broken[0].place.index == 30
    assert "ends in the middle" in export.broken[0].problem
    with pytest.raises(InputError) as error:
        read_export(as_file(cut), ReadOptions(strict=True))
    assert error.value.code == "E107"


def test_errors_never_quote_the_text():
    data = json.dumps(telegram(5)).encode().replace(b'"message 3', b'secret words "message 3')
    export = read_export(as_file(data))
    assert len(export.conversations[0].messages) == 3
    assert "secret" not in repr(export.broken) + repr(export.warnings)


@pytest.mark.parametrize("open_", ["[", '{"a":', '[{"a":', '{"messages":['])
def test_deep_nesting_is_an_error_with_a_code(open_):
    data = (open_ * 100_000).encode()
    for form in (None, "telegram", "tiktok", "table", "zendesk"):
        with pytest.raises(ScreenerError) as error:
            read_export(as_file(data), form=form)
        assert error.value.code in {"E102", "E103", "E108", "E110"}


def test_deep_nesting_inside_one_record_costs_that_record_only():
    document = telegram(3)
    data = json.dumps(document).replace('"text": "message 1 [{"', '"text": ' + "[" * 5000 + "]" * 5000)
    export = read_export(as_file(data.encode()))
    assert [m.id for m in export.conversations[0].messages] == ["0", "2"]
    assert [w.place.index for w in export.broken] == [1]


def test_nan_and_huge_numbers():
    data = json.dumps(telegram(4)).replace('"id": 1,', '"id": NaN, "x": -Infinity, "y": "NaN stays",', 1)
    data = data.replace('"id": 2,', f'"id": {"9" * 60},', 1).replace('"id": 3,', '"id": 1e999999999,', 1)
    export = read_export(as_file(data.encode()))
    assert len(export.conversations[0].messages) >= 3
    assert not export.broken


PIECES = ['"', "\\", "NaN", "Infinity", "-Infinity", "a", '\\"', "\\\\", "N", "é", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.integers(1, 7))
@settings(max_examples=100, deadline=None)
def test_feed_changes_no_string(parts, size):
    text = json.dumps("".join(parts), ensure_ascii=False)
    document = f"[{text}, NaN, {text}, -Infinity]"

    class Slow(io.BytesIO):
        def read(self, _=-1):
            return super().read(size)

    feed = _Feed(Slow(document.encode()), "utf-8", 10_000)
    out = b""
    while piece := feed.read(100):
        out += piece
    assert json.loads(out) == ["".join(parts), None, "".join(parts), None]


def test_broken_lines_cost_only_themselves():
    lines = (DATA / "zalo.jsonl").read_text(encoding="utf-8").splitlines()
    text = "\n".join([lines[0], "{broken", "[" * 100_000, "", lines[1], "17", lines[2]])
    export = read_export(as_file(text.encode(), "x.jsonl"))
    assert [m.place.line for m in export.conversations[0].messages] == [1, 5, 7]
    assert [w.place.line for w in export.broken] == [2, 3, 6]


def test_first_line_broken():
    lines = (DATA / "zalo.jsonl").read_text(encoding="utf-8").splitlines()
    export = read_export(as_file("\n".join(['{"event_name": "user', *lines]).encode(), "x.jsonl"))
    assert (export.format, len(export.conversations[0].messages), len(export.broken)) == ("zalo", 3, 1)


def test_over_long_line_is_left_out():
    lines = (DATA / "zalo.jsonl").read_text(encoding="utf-8").splitlines()
    long = lines[0].replace("Em nh", "x" * 5000)
    export = read_export(as_file("\n".join([lines[1], long, lines[2]]).encode()), ReadOptions(max_line_chars=2000))
    assert [m.place.line for m in export.conversations[0].messages] == [1, 3]
    assert [w.place.line for w in export.broken] == [2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(encoding):
    text = (DATA / "tiktok_pages.json").read_text(encoding="utf-8")
    export = read_export(as_file(text.encode(encoding)))
    assert (export.format, len(export.conversations[0].messages)) == ("tiktok", 6)


def test_lone_surrogate_can_be_written():
    line = (DATA / "zalo.jsonl").read_text(encoding="utf-8").splitlines()[0].replace("Em nh", "\\ud83d Em nh")
    for data in (line, f"[{line}]"):
        for message in read_export(as_file(data.encode())).conversations[0].messages:
            message.text.encode()


def test_archive_of_parts():
    part = json.loads((DATA / "messenger_1.json").read_text(encoding="utf-8"))
    second = {**part, "messages": [{**m, "timestamp_ms": m["timestamp_ms"] - 10**9} for m in part["messages"]]}
    file = as_file(b"", "download.zip")
    with zipfile.ZipFile(file, "w") as archive:
        folder = "your_instagram_activity/messages/inbox/nguyenthao_123"
        archive.writestr(f"{folder}/message_1.json", json.dumps(part))
        archive.writestr(f"{folder}/message_2.json", json.dumps(second))
        archive.writestr("personal_information/profile.json", json.dumps({"name": "x", "messages": 3}))
    file.seek(0)
    export = read_export(file)
    assert export.format == "messenger"
    assert [len(c.messages) for c in export.conversations] == [6]
    assert export.conversations[0].channel.value == "instagram"


def test_memory_does_not_grow_with_the_file(tmp_path):
    def peak(count):
        path = tmp_path / f"{count}.json"
        path.write_text(json.dumps(telegram(count)), encoding="utf-8")
        tracemalloc.start()
        seen = sum(isinstance(item, Message) for item in iter_messages(path))
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen == count
        return used

    peak(10)
    # Held whole, the longer file alone would take more than ten times this.
    assert peak(6000) < peak(1500) * 2


def test_numbers_and_times():
    assert string(9007199254740993) == "9007199254740993"
    assert string(True) is None
    seconds = epoch(1700000000)
    assert seconds is not None
    assert epoch("1700000000000") == epoch(1700000000000000) == epoch("1700000000000000000") == seconds
    for bad in (float("nan"), float("inf"), 10**4000, "1e999999999", -5, True, None, [], "now", 0):
        assert epoch(bad) is None


FIXTURES = sorted(p for p in DATA.iterdir() if p.suffix in (".json", ".jsonl"))
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.just("9" * 5000),
    st.builds(lambda: {"a": [{}]}),
)  # fmt: skip


def positions(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from positions(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from positions(value[index], (*path, index))


def mutate(value, path, junk, drop):
    target = value
    for step in path[:-1]:
        target = target[step]
    if drop:
        del target[path[-1]]
    else:
        target[path[-1]] = junk


@pytest.mark.parametrize("path", FIXTURES, ids=lambda p: p.name)
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_mutated_records_never_crash(path, data):
    lines = path.suffix == ".jsonl"
    text = path.read_text(encoding="utf-8")
    documents = [json.loads(line) for line in text.splitlines()] if lines else [json.loads(text)]
    for _ in range(data.draw(st.integers(1, 3))):
        all_positions = [(n, p) for n, doc in enumerate(documents) for p in positions(doc) if p]
        if not all_positions:
            break
        number, where = data.draw(st.sampled_from(all_positions))
        mutate(documents[number], where, data.draw(JUNK), data.draw(st.booleans()))
    joined = "\n".join(json.dumps(document) for document in documents)
    form = path.name.split(".")[0].rpartition("_")[0] or path.name.split(".")[0]
    form = {"whatsapp": "whatsapp_cloud", "whatsapp_cloud": "whatsapp_cloud"}.get(form, form)
    for chosen in (None, form):
        try:
            export = read_export(as_file(joined.encode(), path.name), form=chosen)
        except ScreenerError as error:
            assert error.code in {"E102", "E103", "E104", "E108", "E110"}
            continue
        for conversation in export.conversations:
            for message in conversation.messages:
                assert isinstance(message.text, str)
                assert isinstance(message.id, str)
                assert isinstance(message.conversation_id, str)
                assert "INTERN" not in message.text


@pytest.mark.parametrize("name", ["zalo.jsonl", "telegram_single.json", "messenger_1.json", "tiktok_page.json"])
@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_good_records_beside_a_broken_one_are_kept(name, data):
    text = (DATA / name).read_text(encoding="utf-8")
    lines = name.endswith(".jsonl")
    document = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text)
    records = document if lines else document["data"]["messages"] if "data" in document else document["messages"]
    before = [m.text for c in read_export(DATA / name).conversations for m in c.messages]
    junk = data.draw(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([1])))
    records.insert(data.draw(st.integers(1, len(records))), junk)
    joined = "\n".join(json.dumps(d) for d in records) if lines else json.dumps(document)
    export = read_export(as_file(joined.encode()))
    assert sorted(m.text for c in export.conversations for m in c.messages) == sorted(before)
    assert len(export.broken) == 1


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_peek_takes_any_text(text):
    peek(text)
    peek("{" + text)
    peek("[" + text)
