"""``/v1/check``: answers, offsets, errors, and that text never comes back in an error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SECRET = "zebra-4711-secret"


def test_a_draft_with_a_disguised_contact_is_blocked(client):
    answer = client.post("/v1/check", json={"text": "👋 add me on w h a t s a p p 081234567890", "region": "ID"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["verdict"] == "block"
    assert body["pack"] == "tiktok_shop/id"
    found = next(f for f in body["findings"] if f["label"] == "off_platform_contact")
    text = "👋 add me on w h a t s a p p 081234567890"
    assert found["quote"] == text[found["start"] : found["end"]]
    assert found["quote"] == text.encode("utf-16-le")[2 * found["start_utf16"] : 2 * found["end_utf16"]].decode(
        "utf-16-le"
    )
    assert found["suggestions"]
    assert found["verdict"]["source"]["title"]


@pytest.mark.parametrize(("offsets", "gone"), [("code_points", "start_utf16"), ("utf16", "start"), ("both", None)])
def test_offsets_in_the_units_asked_for(client, offsets, gone):
    answer = client.post("/v1/check", json={"text": "add me on whatsapp 081234567890", "offsets": offsets}).json()
    assert all(gone not in finding for finding in answer["findings"])
    assert answer["findings"]


def test_context_gives_a_bare_answer_its_meaning(client):
    alone = client.post("/v1/check", json={"text": "No", "speaker": "buyer"}).json()
    asked = client.post(
        "/v1/check",
        json={
            "text": "No",
            "speaker": "buyer",
            "context": [{"speaker": "seller", "text": "Is anything broken or not working?"}],
        },
    ).json()
    assert "no_defect" not in {f["label"] for f in alone["findings"] if not f["unsure"]}
    assert "no_defect" in {f["label"] for f in asked["findings"] if not f["unsure"]}


def test_chinese_explanations(client):
    answer = client.post("/v1/check", json={"text": "加我微信 abc12345", "locale": "zh", "region": "US"}).json()
    assert any("\u4e00" <= c <= "\u9fff" for c in answer["findings"][0]["explanation"])


@pytest.mark.parametrize("text", ["", " ", "\x00", "a\ud83d", "\udc00\ud800", "😀" * 50_000, "\u202e" * 100])
def test_any_text_is_screened(client, text):
    answer = client.post("/v1/check", content=json.dumps({"text": text}), headers={"Content-Type": "application/json"})
    assert answer.status_code == 200


def test_lone_surrogates_come_back_as_escapes(rules_only):
    client = rules_only()
    text = "whatsapp me \ud83d 081234567890"
    answer = client.post("/v1/check", content=json.dumps({"text": text}), headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    for finding in json.loads(answer.content)["findings"]:
        assert finding["quote"] == text[finding["start"] : finding["end"]]


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"text": SECRET, "region": "US", "speaker": SECRET}, 422, "/speaker"),
        ({"text": [SECRET]}, 422, "/text"),
        ({"text": "a" * 100_001}, 422, "/text"),
        ({"text": "a", "context": [{"speaker": "buyer"}]}, 422, "/context/0/text"),
        ({"text": "a", "as_of": SECRET}, 422, "/as_of"),
        ({"text": "a", "unknown": SECRET}, 422, "/unknown"),
        ({"text": "a", "region": "Atlantis"}, 422, None),
        ({}, 422, "/text"),
    ],
)
def test_problems_name_the_field_and_never_the_text(client, body, status, pointer):
    answer = client.post("/v1/check", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    if pointer is not None:
        assert pointer in [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize(
    ("content", "kind", "statuses"),
    [
        (b"{" + SECRET.encode(), "application/json", {400}),
        (b"[" * 100_000, "application/json", {400, 422}),
        (b"\xff\xfe", "application/json", {400}),
        (b'{"text": 1e999}', "application/json", {422}),
        (b'{"text": ' + b"9" * 5000 + b"}", "application/json", {400, 422}),
        (b"text=" + SECRET.encode(), "application/x-www-form-urlencoded", {415, 422}),
        (b'{"text":"' + b"x" * 3_000_000 + b'"}', "application/json", {413}),
    ],
    ids=["no-json", "deep", "no-utf8", "number", "long-number", "form", "large"],
)
def test_broken_bodies_get_a_4xx(client, content, kind, statuses):
    answer = client.post("/v1/check", content=content, headers={"Content-Type": kind})
    assert answer.status_code in statuses
    assert SECRET not in answer.text


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["text", "region", "marketplace", "speaker", "channel", "context", "locale", "as_of", "languages"]
        ),
        _JSON,
    )
)
def test_wrong_types_never_break_the_service(rules_client, body):
    answer = rules_client.post("/v1/check", content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert answer.status_code in {200, 400, 422}


@pytest.fixture(scope="module")
def rules_client(rules_only):
    return rules_only()


def test_an_unforeseen_error_shows_and_logs_no_text(rules_only, monkeypatch, caplog):
    from screener.pipeline import Screener

    client = rules_only()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Screener, "check", broken)
    answer = client.post("/v1/check", json={"text": SECRET})
    assert answer.status_code == 500
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_service_is_not_called_by_foreign_names(client):
    # What a page sends whose name was made to point to this machine.
    answer = client.post("/v1/check", json={"text": "a"}, headers={"Host": "evil.example"})
    assert answer.status_code == 421
