"""What stands before every route: Host, keys, rates, slow senders, measurement, and the last net for errors.

One ASGI middleware, outermost, so that nothing that goes wrong inside reaches a log or a client with text in it.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette.exceptions import HTTPException

from screener.api.keys import Scope
from screener.api.problems import Problem, problem
from screener.api.service import LOG
from screener.api.settings import LOOPBACK_HOSTS
from screener.errors import ScreenerError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Send
    from starlette.types import Scope as AsgiScope

    from screener.api.service import Service

__all__ = ["Guard", "authorize", "given_key"]

_OPEN: Final = ("/healthz", "/readyz")
_SCOPES: Final = (
    ("/v1/screen", Scope.SCREEN),
    ("/v1/evidence", Scope.EVIDENCE),
    ("/metrics", Scope.METRICS),
)
_STREAMS: Final = "/v1/screen/stream"


def _scope_of(path: str) -> Scope:
    return next((scope for prefix, scope in _SCOPES if path.startswith(prefix)), Scope.CHECK)


class Guard:
    """The middleware; the service is found in the application's state."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        settings = service.settings
        self._hosts = frozenset(h.lower() for h in (*LOOPBACK_HOSTS, *settings.hosts))
        self._any_host = settings.keys is not None and not settings.hosts
        self._limit = RateLimitItemPerMinute(settings.rate) if settings.rate else None
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        status = 500
        started = False

        async def watched(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                message["headers"] = [*message.get("headers", ()), *_SAFE]
            await send(message)

        try:
            self._admit(scope)
            await self._app(scope, self._patient(scope, receive), watched)
        except Problem as stop:
            if not started:
                await stop.response()(scope, receive, watched)
        except Exception as error:
            # Places alone: the words of the error may quote what was sent.
            places = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)][-3:]
            LOG.error("unforeseen %s at %s", type(error).__name__, " < ".join(reversed(places)))
            if not started:
                own = ScreenerError("E901", kind=type(error).__name__)
                await problem(500, own.problem, code=own.code)(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._service.metrics.answered(route, _known(scope["method"]), status, time.perf_counter() - begin)

    def _admit(self, scope: AsgiScope) -> None:
        """Stop what has the wrong Host, too high a rate or no right."""
        host = _headers(scope).get(b"host", "").lower()
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        # A page that makes its own name point to 127.0.0.1 must not reach a service without keys.
        if not self._any_host and name not in self._hosts:
            raise Problem(421, "this service is not called by that name", "name it with --allow-host")
        path = scope["path"]
        if path in _OPEN or scope["method"] == "OPTIONS":
            return
        given = given_key(scope)
        client = scope.get("client")
        address = client[0] if client else "-"
        self._slow_down(given.split("_")[1] if given.count("_") > 1 else address)
        if self._service.keys is None or _asks_in_body(path):
            return
        authorize(self._service, given, _scope_of(path))

    def _slow_down(self, who: str) -> None:
        if self._limit is None:
            return
        if not self._limiter.hit(self._limit, who[:64]):
            until = self._limiter.get_window_stats(self._limit, who[:64]).reset_time
            wait = str(max(1, round(until - time.time())))
            raise Problem(429, "too many requests", "wait, then go on more slowly", {"Retry-After": wait})

    def _patient(self, scope: AsgiScope, receive: Receive) -> Receive:
        """``receive`` that waits only so long for a body."""
        settings = self._service.settings
        whole = scope["path"] != _STREAMS
        end = time.monotonic() + settings.timeout
        done = False

        async def timed() -> Message:
            nonlocal done
            if done:
                return await receive()
            left = end - time.monotonic() if whole else settings.timeout
            try:
                message = await asyncio.wait_for(receive(), max(0.001, left))
            except TimeoutError:
                # Not a Problem: FastAPI takes any other error while it reads a body for a broken body.
                raise HTTPException(408) from None
            done = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        return timed


_SAFE: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _known(method: str) -> str:
    """A method for a metric: any word can be sent as one."""
    return method if method in _METHODS else "other"


def _headers(scope: AsgiScope) -> dict[bytes, str]:
    return {name: value.decode("latin-1") for name, value in scope["headers"]}


def given_key(scope: AsgiScope) -> str:
    """The key in the headers of a request; empty when there is none."""
    headers = _headers(scope)
    scheme, _, rest = headers.get(b"authorization", "").partition(" ")
    return rest.strip() if scheme.lower() == "bearer" else headers.get(b"x-api-key", "").strip()


def _asks_in_body(path: str) -> bool:
    """LanguageTool clients send their key as a form field: the route asks for it."""
    return path.endswith("/v2/check")


def authorize(service: Service, given: str, wanted: Scope) -> None:
    """Let ``given`` pass if it is a key with this scope, or if the service has no keys.

    Raises:
        Problem: 401 without a valid key, 403 when it lacks the scope.

    """
    if service.keys is None:
        return
    key = service.keys.find(given)
    if key is None:
        raise Problem(
            401, "a valid API key is needed", "send it as `Authorization: Bearer KEY`", {"WWW-Authenticate": "Bearer"}
        )
    if wanted not in key.scopes:
        raise Problem(403, f"the key lacks the scope {wanted.value}", "make one with `screener key create --scope`")
