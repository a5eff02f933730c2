"""``/v1/screen``, the stream of it, and ``/v1/evidence``."""

from __future__ import annotations

import json

CONVERSATION = {
    "id": "c1",
    "region": "ID",
    "messages": [
        {"id": "1", "speaker": "seller", "text": "Is anything broken or damaged?"},
        {"id": "2", "speaker": "buyer", "text": "No, it works perfectly, I just don't like the colour."},
        {"id": "3", "speaker": "buyer", "text": "", "deleted": True},
    ],
}


def test_a_conversation_with_a_statement(client):
    body = client.post("/v1/screen", json=CONVERSATION).json()
    assert [m["id"] for m in body["messages"]] == ["1", "2", "3"]
    statement = next(s for s in body["statements"] if s["label"] == "no_defect")
    assert (statement["message_id"], statement["state"], statement["counts"]) == ("2", "standing", "counts")
    assert body["gaps"] == ["deleted:3"]


def test_channel_decides_what_counts(client):
    given = json.loads(json.dumps(CONVERSATION))
    given["region"] = "US"
    for message in given["messages"]:
        message["channel"] = "whatsapp"
    statement = client.post("/v1/screen", json=given).json()["statements"][0]
    assert statement["counts"] == "does_not_count"


def test_a_stream_answers_line_by_line_and_survives_bad_ones(client):
    lines = [
        json.dumps(CONVERSATION),
        "{broken",
        json.dumps({"id": "x", "messages": [{"text": "no id"}]}),
        "",
        json.dumps({**CONVERSATION, "id": "c2", "region": "Nowhere"}),
        "x" * (5 << 20),
        json.dumps({**CONVERSATION, "id": "c3"}),
    ]
    answer = client.post("/v1/screen/stream", content="\n".join(lines).encode())
    assert answer.status_code == 200
    got = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["line"] for one in got] == [1, 2, 3, 5, 6, 7]
    assert [one.get("id") for one in got] == ["c1", None, None, None, None, "c3"]
    assert "messages.0.id" in got[2]["problem"]["title"]
    assert got[3]["problem"]["code"] == "E304"


def test_evidence_is_a_pack_that_verifies(client, tmp_path):
    from screener.evidence.verify import verify_pack

    answer = client.post("/v1/evidence", json=CONVERSATION)
    assert answer.headers["content-type"] == "application/zip"
    pack = tmp_path / "pack.zip"
    pack.write_bytes(answer.content)
    assert verify_pack(pack).ok
    assert client.post("/v1/evidence", json=CONVERSATION).content == answer.content
    changed = bytearray(answer.content)
    changed[len(changed) // 2] ^= 1
    pack.write_bytes(changed)
    assert not verify_pack(pack).ok


def test_evidence_of_an_order_that_nobody_names(client):
    answer = client.post("/v1/evidence", json={**CONVERSATION, "order": "987"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/order"


def test_times_outside_the_calendar(client):
    given = json.loads(json.dumps(CONVERSATION))
    given["messages"][0]["sent_at"] = "0001-01-01T00:00:00+14:00"
    assert client.post("/v1/screen", json=given).status_code in {200, 422}
