"""A real server process: protocol clients, shutdown, reload, floods, slow senders, and a log without text."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import socket
import threading
import time

import httpx
import pytest
from server import Server

from screener.resources import resource_dir

pytestmark = pytest.mark.xdist_group("server")
SECRET = "zebra-4711-secret"
# uvicorn raises the signal again when it is done.
ENDED = (0, -signal.SIGTERM)


@pytest.fixture(scope="module")
def server():
    running = Server("--no-classifier", "--no-watch", "--region", "ID", "--timeout", "3")
    yield running
    assert running.stop() in ENDED
    assert SECRET not in running.log
    assert "Traceback" not in running.log


def test_a_languagetool_client(server):
    language_tool_python = pytest.importorskip("language_tool_python")
    with language_tool_python.LanguageTool("en-US", remote_server=server.address) as tool:
        text = "👋👋 hello,\r\nplease add me on whatsapp 081234567890 😀\r\nthanks"
        matches = tool.check(text)
        found = next(m for m in matches if m.category == "off_platform_contact")
        quote = text[found.offset : found.offset + found.error_length]
        assert "whatsapp" in quote or "081234567890" in quote
        assert found.replacements
        assert found.rule_issue_type == "non-conformance"
        assert tool.check("The parcel leaves our house tomorrow.") == []
        tool.disabled_categories = {"off_platform_contact"}
        assert not [m for m in tool.check(text) if m.category == "off_platform_contact"]


def check(server, **form):
    return httpx.post(f"{server.address}/v2/check", data={"language": "auto", **form})


def test_markup_is_skipped_and_counted(server):
    annotation = [
        {"markup": "<p>"},
        {"text": "add me on what"},
        {"markup": "<b>"},
        {"text": "sapp"},
        {"markup": "</b>"},
        {"markup": "&nbsp;", "interpretAs": " "},
        {"text": "081234567890 😀"},
        {"markup": "</p>"},
    ]
    sent = "".join(piece.get("text", piece.get("markup", "")) for piece in annotation)
    matches = check(server, data=json.dumps({"annotation": annotation})).json()["matches"]
    assert matches
    places = [(m["offset"], m["offset"] + m["length"]) for m in matches]
    assert any("what<b>sapp" in sent[start:end] for start, end in places)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"text": "a", "data": "{}"},
        {"data": "{"},
        {"data": '{"annotation": [{"text": "a", "markup": "b"}]}'},
        {"data": '{"annotation": 3}'},
        {"text": "a", "language": "tlh"},
        {"text": "a", "language": ""},
    ],
)
def test_wrong_languagetool_requests_are_400(server, form):
    assert check(server, **form).status_code == 400


def test_the_address_can_name_the_region(server):
    text = "add me on whatsapp 081234567890"
    asked = httpx.post(f"{server.address}/at/tiktok_shop/US/v2/check", data={"language": "en", "text": text})
    assert asked.json()["matches"]
    unknown = httpx.post(f"{server.address}/at/tiktok_shop/QQ/v2/check", data={"language": "en", "text": text})
    assert unknown.status_code == 422


def test_ten_megabytes_and_slow_senders_do_not_hold_the_service(server):
    large = httpx.post(f"{server.address}/v1/check", content=b'{"text":"' + b"x" * 10_000_000 + b'"}',
                       headers={"Content-Type": "application/json"})  # fmt: skip
    assert large.status_code == 413
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"POST /v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                     b"Content-Length: 1000\r\n\r\n{")  # fmt: skip
        assert httpx.get(f"{server.address}/healthz").status_code == 200
        slow.settimeout(10)
        assert b" 408 " in slow.recv(4096)


def test_a_flood_is_turned_away_and_passes(server):
    async def one(client: httpx.AsyncClient) -> int:
        answer = await client.post("/v1/check", json={"text": SECRET + " hello " * 4000})
        return answer.status_code

    async def flood() -> list[int]:
        limits = httpx.Limits(max_connections=500)
        async with httpx.AsyncClient(base_url=server.address, limits=limits, timeout=60) as client:
            return await asyncio.gather(*(one(client) for _ in range(500)))

    statuses = asyncio.run(flood())
    assert set(statuses) == {200, 503}
    assert httpx.post(f"{server.address}/v1/check", json={"text": "hello"}).status_code == 200


def test_a_stream_is_answered_while_it_is_sent(server):
    line = json.dumps({"id": "c", "messages": [{"id": "1", "speaker": "seller", "text": "hello"}]}) + "\n"
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.settimeout(10)
        raw.sendall(b"POST /v1/screen/stream HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
                    b"Connection: close\r\n\r\n")  # fmt: skip
        raw.sendall(f"{len(line):x}\r\n{line}\r\n".encode())
        got = b""
        while b'"line":1' not in got:
            got += raw.recv(65536)
        raw.sendall(f"{len(line):x}\r\n{line}\r\n0\r\n\r\n".encode())
        while block := raw.recv(65536):
            got += block
    assert b'"line":2' in got


def test_what_was_accepted_is_finished_before_the_end():
    running = Server("--no-classifier", "--no-watch")
    messages = [{"id": str(n), "speaker": "buyer", "text": f"hello {n}, where is my parcel?"} for n in range(3000)]
    got = []

    def ask():
        got.append(httpx.post(f"{running.address}/v1/screen", json={"messages": messages}, timeout=60).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.4)
    assert running.stop() in ENDED
    thread.join(30)
    assert got == [200]


def test_rules_are_reloaded_and_broken_ones_refused(tmp_path):
    lexicons, policies = tmp_path / "lexicons", tmp_path / "policies"
    shutil.copytree(resource_dir("lexicons"), lexicons)
    shutil.copytree(resource_dir("policies"), policies)
    running = Server("--no-classifier", "--lexicons", str(lexicons), "--policies", str(policies))
    try:
        text = "psst, meet me at the blue flamingo"
        draft = {"text": text}

        def verdict() -> str:
            return httpx.post(f"{running.address}/v1/check", json=draft).json()["verdict"]

        assert verdict() == "allow"
        path = lexicons / "en" / "off_platform_contact.yaml"
        before = path.read_text(encoding="utf-8")
        rule = (
            "  - id: en.off_platform_contact.blue_flamingo\n"
            "    terms: [blue flamingo]\n"
            "    explanation: {en: A meeting place., zh: 会面地点。}\n"
            "    source: test\n"
            "    examples:\n"
            "      bad: ['at the [[blue flamingo]]', '[[blue flamingo]] now']\n"
            "      good: ['blue sky', 'pink flamingo']\n"
        )
        path.write_text(before.replace("entries:\n", "entries:\n" + rule, 1), encoding="utf-8")
        running.wait_for("generation 2", 60)
        assert verdict() != "allow"
        path.write_text("language: en\nlabel: [", encoding="utf-8")
        running.wait_for("not reloaded", 60)
        assert verdict() != "allow"
        refused = httpx.get(f"{running.address}/readyz").json()["refused"]
        assert "off_platform_contact.yaml" in refused
        path.write_text(before, encoding="utf-8")
        running.wait_for("generation [45]", 60)
        assert verdict() == "allow"
        assert httpx.get(f"{running.address}/readyz").json()["refused"] is None
    finally:
        running.stop()


def test_a_port_in_use_is_told(server):
    with pytest.raises(AssertionError, match="E207"):
        Server("--no-classifier", "--port", str(server.port))
