"""Keys, scopes, rates and what is open to whom."""

from __future__ import annotations

import json
import stat

import pytest

from screener.api.keys import KeyFile, Scope
from screener.api.settings import Settings, is_loopback
from screener.errors import ScreenerError


@pytest.fixture
def keys(tmp_path):
    return KeyFile(tmp_path / "folder" / "keys.json")


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_is_needed_found_and_revoked(keys, rules_only):
    key = keys.create("shop", (Scope.CHECK,), "2026-01-01")
    client = rules_only(keys=keys.path)
    wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
    body = {"text": "hello"}
    assert client.post("/v1/check", json=body).status_code == 401
    assert client.post("/v1/check", json=body, headers=bearer(wrong)).status_code == 401
    assert client.post("/v1/check", json=body, headers=bearer("scr_x_y")).status_code == 401
    assert client.post("/v1/check", json=body, headers=bearer(key)).status_code == 200
    assert client.post("/v1/check", json=body, headers={"X-API-Key": key}).status_code == 200
    assert client.post("/v1/screen", json={"messages": [{"id": "1"}]}, headers=bearer(key)).status_code == 403
    assert client.get("/metrics", headers=bearer(key)).status_code == 403
    assert client.get("/healthz").status_code == 200
    assert client.post("/v2/check", data={"language": "en", "text": "a"}).status_code == 401
    assert client.post("/v2/check", data={"language": "en", "text": "a", "apiKey": key}).status_code == 200
    assert keys.revoke(key.split("_")[1])
    assert client.post("/v1/check", json=body, headers=bearer(key)).status_code == 401


def test_the_file_holds_no_key_and_is_its_owners(keys):
    key = keys.create("shop", (Scope.CHECK,), "2026-01-01")
    assert key.split("_", 2)[2] not in keys.path.read_text()
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    assert list(keys.path.parent.iterdir()) == [keys.path]
    other = keys.create("second", (Scope.SCREEN,), "2026-01-02")
    assert {k.name for k in KeyFile(keys.path).keys().values()} == {"shop", "second"}
    assert KeyFile(keys.path).find(other).scopes == (Scope.SCREEN,)
    assert not keys.revoke("none")


def test_a_broken_key_file_opens_nothing(keys, rules_only):
    keys.create("shop", (Scope.CHECK,), "2026-01-01")
    client = rules_only(keys=keys.path)
    keys.path.write_text("{}")
    answer = client.post("/v1/check", json={"text": "a"}, headers=bearer("scr_1_2"))
    assert answer.status_code >= 400
    assert "keys.json" not in answer.text


def test_no_keys_no_network():
    with pytest.raises(ScreenerError, match="E205"):
        Settings(host="0.0.0.0")
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("192.168.1.4")
    assert not is_loopback("example.com")


def test_rates_are_limited_for_each_key(keys, rules_only):
    one = keys.create("one", (Scope.CHECK,), "2026-01-01")
    two = keys.create("two", (Scope.CHECK,), "2026-01-01")
    client = rules_only(keys=keys.path, rate=3)
    body = {"text": "hi"}
    assert [client.post("/v1/check", json=body, headers=bearer(one)).status_code for _ in range(4)] == [200] * 3 + [429]
    slow = client.post("/v1/check", json=body, headers=bearer(one))
    assert 1 <= int(slow.headers["retry-after"]) <= 61
    assert client.post("/v1/check", json=body, headers=bearer(two)).status_code == 200
    # Guessing keys is slowed down as well: whatever is sent counts for its sender.
    assert [client.post("/v1/check", json=body).status_code for _ in range(4)] == [401] * 3 + [429]


def test_other_origins_are_let_in_only_when_named(rules_only):
    preflight = {
        "Origin": "https://seller.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    closed = rules_only().send("OPTIONS", "/v1/check", headers=preflight)
    assert "access-control-allow-origin" not in closed.headers
    opened = rules_only(origins=("https://seller.example",)).send("OPTIONS", "/v1/check", headers=preflight)
    assert opened.headers["access-control-allow-origin"] == "https://seller.example"


def test_openapi_says_how_a_key_is_sent(keys, rules_only):
    keys.create("shop", (Scope.CHECK,), "2026-01-01")
    key = keys.create("s", (Scope.CHECK,), "2026-01-01")
    document = json.loads(rules_only(keys=keys.path).get("/openapi.json", headers=bearer(key)).text)
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
