"""What routes share: the service of a request and the form of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.api.schemas import ProblemOut
from screener.writers.plain import checked_dict

if TYPE_CHECKING:
    from fastapi import Request

    from screener.api.engine import Engine
    from screener.api.schemas import CheckIn, ConversationIn, Offsets
    from screener.api.service import Service
    from screener.pipeline import Checked, Screener

__all__ = ["PROBLEMS", "fallback_of", "findings_of", "place_of", "screener_for", "service_of"]

_UNITS: Final = {"code_points": ("start_utf16", "end_utf16"), "utf16": ("start", "end"), "both": ()}


def _documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    what = {
        400: "The body cannot be read.",
        401: "A key is needed.",
        403: "The key lacks the scope.",
        404: "There is no such thing.",
        408: "The body came too slowly.",
        413: "The body is too large.",
        415: "The body is not of the expected type.",
        421: "The service is not called by this name.",
        422: "A field is wrong.",
        429: "Too many requests.",
        500: "Something unforeseen.",
        503: "Busy, or not ready.",
    }
    media = {"application/problem+json": {"schema": ProblemOut.model_json_schema()}}
    return {status: {"description": what[status], "content": media} for status in statuses}


PROBLEMS: Final = _documented(400, 401, 403, 404, 408, 413, 415, 421, 422, 429, 500, 503)
"""Problems that every route may answer with."""


def service_of(request: Request) -> Service:
    """The service behind the application."""
    service: Service = request.app.state.service
    return service


def screener_for(engine: Engine, body: CheckIn | ConversationIn) -> Screener:
    """The screener for the place that a body names."""
    return engine.screener(
        body.region, body.marketplace, body.locale, as_of=body.as_of, languages=tuple(body.languages)
    )


def fallback_of(screener: Screener) -> str:
    """What to tell when the place has no rules of its own; empty when it has."""
    fallback = screener.pack.fallback
    return "" if fallback is None else fallback.localised(screener.locale)


def place_of(screener: Screener) -> dict[str, str]:
    """Which rules answered."""
    return {
        "marketplace": screener.marketplace,
        "region": screener.region,
        "pack": screener.pack.id,
        "fallback": fallback_of(screener),
        "as_of": screener.as_of.isoformat(),
    }


def findings_of(checked: Checked, text: str, offsets: Offsets = "both") -> dict[str, Any]:
    """Verdict and findings, with offsets in the units asked for."""
    answer = checked_dict(checked, text)
    answer.pop("message", None)
    for finding in answer["findings"]:
        for name in _UNITS[offsets]:
            del finding[name]
    return answer
