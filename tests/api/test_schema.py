"""Schemathesis over the whole OpenAPI document: every answer is documented, well-formed, and never a 5xx."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from screener.api.app import create_app
from screener.api.settings import Settings

schemathesis = pytest.importorskip("schemathesis")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")
pytestmark = pytest.mark.xdist_group("schema")


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else bytes(value)


@pytest.fixture(scope="module")
def document():
    app = create_app(Settings(watch=False, classifier=False, hosts=("testserver",)))
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_the_service_keeps_to_its_document(document):
    operations = [result.ok() for result in document.get_all_operations()]
    assert len(operations) >= 12
    wrong = {}
    for operation in operations:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def holds(case):
            # A region or an order may have the right form and not exist: no schema can say which do.
            case.call_and_validate(excluded_checks=[checks.positive_data_acceptance])

        try:
            holds()
        except Exception as error:
            wrong[operation.label] = error
    assert not wrong, "\n\n".join(f"{label}: {error}" for label, error in wrong.items())
