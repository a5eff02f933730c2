"""``/v1/screen`` and ``/v1/screen/stream``: whole conversations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from screener.api.problems import Json, Problem, problem_of
from screener.api.routes.common import PROBLEMS, findings_of, place_of, screener_for, service_of
from screener.api.schemas import ConversationIn, ScreenOut
from screener.api.settings import MAX_EVIDENCE_BODY
from screener.errors import ScreenerError
from screener.evidence.assemble import statement_dict, unasserted_dict
from screener.evidence.intake import read_conversation
from screener.evidence.statements import follow, unasserted
from screener.policy.apply import overall

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive, Scope, Send

    from screener.api.engine import Engine
    from screener.api.service import Service
    from screener.pipeline import Screened
    from screener.records import Conversation

__all__ = ["conversation_of", "router", "stream_router"]

_MAX_LINE: Final = 4 << 20
_SECONDS_A_MESSAGE: Final = 0.1
_NDJSON: Final = "application/x-ndjson"

router = APIRouter(tags=["screening"], responses=PROBLEMS, max_body_size=MAX_EVIDENCE_BODY)
stream_router = APIRouter(tags=["screening"], responses=PROBLEMS)


def conversation_of(body: ConversationIn) -> Conversation:
    """The records of a body.

    Raises:
        Problem: 422 for a time outside the calendar, all that the schema lets through.

    """
    try:
        return read_conversation(body.model_dump(mode="json", include={"id", "messages"}))[1]
    except ValueError:
        raise Problem(422, "a time of sent_at is outside the calendar") from None


def _screen(engine: Engine, body: ConversationIn) -> tuple[Screened, dict[str, Any]]:
    screener = screener_for(engine, body)
    screened = screener.screen(conversation_of(body))
    effect = overall(one.verdict for checked in screened.checked for one in checked.judged)
    answer = {
        "id": body.id,
        "verdict": effect.value,
        **place_of(screener),
        "messages": [
            {"id": given.id, **findings_of(checked, given.text)}
            for given, checked in zip(body.messages, screened.checked, strict=True)
        ],
        "statements": [statement_dict(statement) for statement in follow(screened, screener.languages)],
        "not_asserted": [unasserted_dict(one) for one in unasserted(screened)],
        "gaps": [f"deleted:{message.id}" for message in body.messages if message.deleted],
    }
    return screened, answer


async def _answer(service: Service, body: ConversationIn) -> dict[str, Any]:
    timeout = service.settings.timeout + _SECONDS_A_MESSAGE * len(body.messages)
    screened, answer = await service.run(lambda engine: _screen(engine, body), timeout=timeout)
    for checked in screened.checked:
        service.metrics.found(checked.judged)
    return answer


@router.post("/v1/screen", response_model=ScreenOut, summary="Screen a conversation")
async def screen(request: Request, body: ConversationIn) -> Json:
    """Findings of every message, and the buyer's statements with state, taints and worth."""
    return Json(await _answer(service_of(request), body))


class _Lines(Response):
    """Sends lines as they come.

    Starlette's own streaming response may read the request, to notice a client that left, and so would swallow what
    the lines are made of; here sending fails when nobody is there.
    """

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        super().__init__(media_type=_NDJSON)
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for line in self._lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@stream_router.post(
    "/v1/screen/stream",
    summary="Screen many conversations",
    response_class=Response,
    responses={200: {"content": {_NDJSON: {"schema": {"type": "string"}}}, "description": "One answer a line."}},
    openapi_extra={
        "requestBody": {"required": True, "content": {_NDJSON: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def stream(request: Request) -> Response:
    """JSON lines in, each a body of `/v1/screen`; JSON lines out, in the same order.

    A line that is wrong gives a line `{"line": n, "problem": {…}}`, and the others go on. The next line is read when
    the answer to the last one has been taken.
    """
    service = service_of(request)

    async def answers() -> AsyncIterator[bytes]:
        number = 0
        async for line in _lines(request.stream()):
            number += 1
            if line is not None and not line.strip():
                continue
            yield bytes(Json(await _stream_answer(service, line, number)).body) + b"\n"

    return _Lines(answers())


async def _stream_answer(service: Service, line: bytes | None, number: int) -> dict[str, Any]:
    if line is None:
        return _failed(number, f"the line is longer than {_MAX_LINE} bytes")
    try:
        body = ConversationIn.model_validate(json.loads(line))
        return {"line": number, **await _answer(service, body)}
    except ValidationError as error:
        places = [".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_url=False)]
        return _failed(number, "wrong field(s): " + ", ".join(places[:5])[:300])
    except (ValueError, RecursionError):
        return _failed(number, "the line is not JSON in UTF-8")
    except ScreenerError as error:
        return {"line": number, "problem": json.loads(bytes(problem_of(error).body))}
    except Problem as stop:
        return {"line": number, "problem": json.loads(bytes(stop.response().body))}


def _failed(number: int, title: str) -> dict[str, Any]:
    return {"line": number, "problem": {"type": "about:blank", "title": title, "status": 422}}


async def _lines(blocks: AsyncIterator[bytes]) -> AsyncIterator[bytes | None]:
    """Lines of a stream; ``None`` for one that is too long, of which nothing is kept."""
    rest = bytearray()
    skipping = False
    async for block in blocks:
        rest += block
        while (end := rest.find(b"\n")) >= 0:
            line = bytes(rest[:end])
            del rest[: end + 1]
            yield None if skipping or len(line) > _MAX_LINE else line
            skipping = False
        if len(rest) > _MAX_LINE:
            rest.clear()
            skipping = True
    if skipping or rest:
        yield None if skipping else bytes(rest)
