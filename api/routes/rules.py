"""``/v1/rules/{id}`` and ``/v1/regions``: what the rules are and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader

from screener.api.problems import Json
from screener.api.routes.common import PROBLEMS, service_of
from screener.api.schemas import Place, RegionOut, RulePage
from screener.policy.packs import describe_regions
from screener.rulepage import rule_page

if TYPE_CHECKING:
    from screener.api.engine import Engine

__all__ = ["router"]

router = APIRouter(tags=["rules"], responses=PROBLEMS)
_TEMPLATES = Environment(loader=PackageLoader("screener.api"), autoescape=True)
_Locale = Annotated[Literal["en", "zh"], Query(description="Language of the answer.")]
_HTML: dict[int | str, dict[str, Any]] = {200: {"content": {"text/html": {"schema": {"type": "string"}}}}}


@router.get("/v1/rules/{rule_id}", response_model=RulePage, responses=_HTML, summary="The page of a rule")
async def rule(
    request: Request,
    rule_id: Annotated[str, Path(max_length=120, pattern=r"^[A-Za-z0-9_.-]+$", examples=["acts.no_defect"])],
    locale: _Locale = "en",
) -> Response:
    """Why a rule exists, what it finds and leaves alone, and its source; for browsers as a page."""

    def work(engine: Engine) -> dict[str, Any]:
        return rule_page(rule_id, lexicons=engine.lexicons, policies=engine.policies, locale=locale)

    page = await service_of(request).run(work)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(_TEMPLATES.get_template("rule.html").render(page=page, locale=locale))
    return Json(json.loads(json.dumps(page, default=str)))


@router.get("/v1/regions", response_model=list[RegionOut], summary="Marketplaces and regions")
async def regions(request: Request, marketplace: Place | None = None, locale: _Locale = "en") -> Json:
    """Every marketplace and region that has rules, and on which channels statements count there."""

    def work(engine: Engine) -> list[dict[str, Any]]:
        described = describe_regions(locale, marketplace=marketplace, folder=engine.policies)
        return [asdict(one) for one in described]

    return Json(await service_of(request).run(work))
