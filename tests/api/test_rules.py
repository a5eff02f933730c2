"""Rule pages, regions, health and metrics."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "rule",
    [
        "acts.no_defect",
        "common.external_link.any_link",
        "tiktok_shop.id.off_platform",
        "zh.absolute_claim.best_product",
    ],
)
def test_a_rule_page(client, rule):
    answer = client.get(f"/v1/rules/{rule}")
    assert answer.status_code == 200
    assert answer.json()["id"] == rule
    page = client.get(f"/v1/rules/{rule}", headers={"Accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    assert rule in page.text


def test_an_unknown_rule(client):
    answer = client.get("/v1/rules/none.such.rule")
    assert answer.status_code == 404
    assert answer.json()["code"] == "E303"


def test_a_rule_id_cannot_leave_its_folder(client):
    for name in ("..%2F..%2Fetc%2Fpasswd", "..", "en....", "_common.external_link.any_link"):
        assert client.get(f"/v1/rules/{name}").status_code in {404, 422}


def test_regions(client):
    everywhere = client.get("/v1/regions").json()
    assert {"US", "ID"} <= {one["region"] for one in everywhere if one["marketplace"] == "tiktok_shop"}
    only = client.get("/v1/regions", params={"marketplace": "shopee"}).json()
    assert {one["marketplace"] for one in only} == {"shopee"}
    assert client.get("/v1/regions", params={"marketplace": "nowhere"}).status_code == 422


def test_health_and_metrics(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["rules"]["classifier"]
    client.post("/v1/check", json={"text": "add me on whatsapp 081234567890"})
    text = client.get("/metrics").text
    assert 'screener_requests_total{method="POST",route="/v1/check",status="200"}' in text
    assert 'label="off_platform_contact"' in text


def test_unknown_paths_and_methods_are_problems(client):
    assert client.get("/nowhere").json()["status"] == 404
    wrong = client.get("/v1/check")
    assert wrong.status_code == 405
    assert wrong.headers["content-type"] == "application/problem+json"
