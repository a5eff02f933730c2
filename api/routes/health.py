"""Health, readiness and metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from screener import __version__
from screener.api.problems import Json
from screener.api.routes.common import PROBLEMS, service_of
from screener.api.schemas import Health, Ready

__all__ = ["router"]

router = APIRouter(tags=["operation"], responses=PROBLEMS)
_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus' text format."}


@router.get("/healthz", response_model=Health, summary="The process answers")
async def healthz() -> Json:
    """Needs no key."""
    return Json({"status": "ok"})


@router.get("/readyz", response_model=Ready, summary="Requests can be answered")
async def readyz(request: Request) -> Json:
    """Which rules and classifier answer, and why the last change of rules was refused. Needs no key."""
    service = service_of(request)
    engine = service.engine
    return Json(
        {
            "status": "ready",
            "version": __version__,
            "generation": engine.number,
            "rules": engine.versions,
            "refused": service.refused,
        }
    )


@router.get("/metrics", response_class=Response, responses={200: _TEXT}, summary="Metrics for Prometheus")
async def metrics(request: Request) -> Response:
    """Counts and times; never text."""
    return Response(service_of(request).metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
