"""Errors as RFC 9457 problem details. They name the field and the fix and never repeat what was sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import Response

from screener.errors import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from screener.errors import ScreenerError

__all__ = ["Json", "Problem", "problem", "problem_of"]

_MEDIA: Final = "application/problem+json"
_STATUS: Final = {"E101": 500, "E305": 503, "E501": 501, "E901": 500, "E403": 500, "E303": 404}
"""HTTP status of errors that are not simply a wrong request (422)."""


class Json(Response):
    """JSON in UTF-8; a lone surrogate, which UTF-8 cannot carry, is written as an escape."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Serialise ``content``."""
        try:
            return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(content, separators=(",", ":")).encode()


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Stops a request with this answer."""

    def __init__(self, status: int, title: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(title)
        self.status, self.title, self.detail, self.headers = status, title, detail, headers

    def response(self) -> Response:
        """The answer."""
        return problem(self.status, self.title, self.detail, headers=self.headers)


def problem(
    status: int,
    title: str,
    detail: str = "",
    *,
    code: str | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem; ``errors`` are ``{"pointer", "detail"}`` with a JSON pointer into the body."""
    kind = "about:blank" if code is None else f"urn:screener:problem:{code}"
    content: dict[str, Any] = {"type": kind, "title": title, "status": status}
    if detail:
        content["detail"] = detail
    if code is not None:
        content["code"] = code
    if errors:
        content["errors"] = list(errors)
    return Response(json.dumps(content).encode(), status, dict(headers or {}), _MEDIA)


def problem_of(error: ScreenerError) -> Response:
    """The problem that an error of ours is; values that came with the request are left out of its words."""
    status = _STATUS.get(error.code, 422)
    entry = CATALOGUE[error.code]
    own = {"path": "the input", **{k: v for k, v in error.params.items() if k in ("what", "choices", "feature")}}
    title = entry.problem.format_map(_Hidden(own))
    return problem(status, title, entry.fix.format_map(_Hidden(own)), code=error.code)


class _Hidden(dict[str, object]):
    """Parameters that are not told; any form (``{x!r}``) of them reads ``…``."""

    def __missing__(self, key: str) -> object:
        return _Dots()


class _Dots:
    def __str__(self) -> str:
        return "…"

    __repr__ = __str__
