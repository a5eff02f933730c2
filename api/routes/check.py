"""``/v1/check``: one draft, one verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request

from screener.api.problems import Json
from screener.api.routes.common import PROBLEMS, findings_of, place_of, screener_for, service_of
from screener.api.schemas import CheckIn, CheckOut
from screener.api.settings import MAX_BODY

if TYPE_CHECKING:
    from screener.api.engine import Engine
    from screener.pipeline import Checked

router = APIRouter(tags=["screening"], responses=PROBLEMS, max_body_size=MAX_BODY)


@router.post("/v1/check", response_model=CheckOut, summary="Screen a draft or message")
async def check(request: Request, body: CheckIn) -> Json:
    """Verdict and findings, with explanation, place, source and a better wording of each."""
    service = service_of(request)

    def work(engine: Engine) -> tuple[Checked, dict[str, Any]]:
        screener = screener_for(engine, body)
        context = [(turn.speaker.value, turn.text) for turn in body.context]
        checked = screener.check(body.text, speaker=body.speaker, channel=body.channel, context=context)
        return checked, {**place_of(screener), **findings_of(checked, body.text, body.offsets)}

    checked, answer = await service.run(work)
    service.metrics.found(checked.judged)
    return Json(answer)
