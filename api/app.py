"""The application: routes, error answers, and the guard around them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from screener import __version__
from screener.api.guard import Guard
from screener.api.problems import Problem, problem, problem_of
from screener.api.routes import check, conversation, evidence, health, languagetool, rules
from screener.api.service import Service
from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi.responses import Response
    from starlette.types import ASGIApp

    from screener.api.settings import Settings

__all__ = ["create_app"]

_ABOUT = """Screens seller-buyer chat of online marketplaces: risky wording, the buyer's statements, and what they are
worth where. Offsets are half-open, in Unicode code points and in UTF-16 units. Errors are RFC 9457 problem details that
never repeat what was sent."""
_TITLES = {
    400: "the body cannot be read",
    404: "there is nothing here",
    405: "this method is not offered here",
    408: "the request body did not arrive in time",
    413: "the body is too large",
    415: "the body is not of the expected type",
}
_SHOWN = 10


async def _wrong_fields(_: Request, error: Exception) -> Response:
    """Which fields are wrong, without their content."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(one["type"] == "json_invalid" for one in found):
        return problem(400, "the body is not JSON")
    errors = [
        {"pointer": "/" + "/".join(str(step)[:80] for step in one["loc"][1:]), "detail": _words(one)}
        for one in found[:_SHOWN]
    ]
    return problem(422, "field(s) are wrong", errors=errors)


def _words(one: dict[str, Any]) -> str:
    # Pydantic's own words name the expected values and never the given one, but for errors that we raise ourselves.
    return "not allowed here" if one["type"] == "extra_forbidden" else str(one["msg"])[:300]


async def _http(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    return problem(status, _TITLES.get(status, "the request failed"), headers=headers)


async def _ours(_: Request, error: Exception) -> Response:
    return problem_of(error) if isinstance(error, ScreenerError) else problem(500, "the request failed")


async def _stopped(_: Request, error: Exception) -> Response:
    return error.response() if isinstance(error, Problem) else problem(500, "the request failed")


def create_app(settings: Settings) -> ASGIApp:
    """The service as an ASGI application, ready to answer; rules and classifier are loaded here.

    Raises:
        ScreenerError: E301 to E305 when rules or classifier cannot be used.

    """
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.start()
        yield
        await service.stop()

    app = FastAPI(
        title="Screener",
        version=__version__,
        description=_ABOUT,
        lifespan=lifespan,
        # The pages of these load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        exception_handlers={
            RequestValidationError: _wrong_fields,
            HTTPException: _http,
            ScreenerError: _ours,
            Problem: _stopped,
        },
    )
    app.state.service = service
    for module in (check, evidence, rules, health, languagetool):
        app.include_router(module.router)
    app.include_router(conversation.router)
    app.include_router(conversation.stream_router)
    if settings.keys is not None:
        _document_keys(app)
    guarded: ASGIApp = Guard(app, service)
    if settings.origins:
        guarded = CORSMiddleware(
            guarded,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
            allow_private_network=True,
            max_age=600,
        )
    return guarded


def _document_keys(app: FastAPI) -> None:
    """Say in the OpenAPI document how a key is sent."""
    plain = app.openapi

    def with_keys() -> dict[str, Any]:
        document = plain()
        schemes = {"key": {"type": "http", "scheme": "bearer"}}
        document.setdefault("components", {})["securitySchemes"] = schemes
        document["security"] = [{"key": []}]
        return document

    app.openapi = with_keys  # type: ignore[method-assign]
