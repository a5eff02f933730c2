"""A service inside the test process; what needs a real server process has its own fixture in test_server.py."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from screener.api.app import create_app
from screener.api.settings import Settings


class Client:
    """A blocking client of one application."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def send(self, method: str, path: str, **given: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.request(method, path, **given)

        return asyncio.run(go())

    def get(self, path: str, **given: Any) -> httpx.Response:
        return self.send("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx.Response:
        return self.send("POST", path, **given)


@pytest.fixture(scope="session")
def client() -> Client:
    return Client(create_app(Settings(watch=False)))


@pytest.fixture(scope="session")
def rules_only() -> Callable[..., Client]:
    """A client of a service without classifier, with other settings."""
    return lambda **given: Client(create_app(Settings(**{"watch": False, "classifier": False, **given})))


Run = Callable[[Coroutine[Any, Any, Any]], Any]
