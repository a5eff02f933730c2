"""``/v1/evidence``: a sealed pack of a conversation."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import Response

from screener.api.problems import problem
from screener.api.routes.common import PROBLEMS, screener_for, service_of
from screener.api.routes.conversation import conversation_of
from screener.api.schemas import EvidenceIn
from screener.api.settings import MAX_EVIDENCE_BODY
from screener.evidence.assemble import build_case, contents_of, of_order
from screener.evidence.pack import write_pack
from screener.evidence.redact import Profile

if TYPE_CHECKING:
    from screener.api.engine import Engine

__all__ = ["router"]

router = APIRouter(tags=["evidence"], responses=PROBLEMS, max_body_size=MAX_EVIDENCE_BODY)
_ZIP = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}, "description": "The pack."}


@router.post("/v1/evidence", summary="Seal a conversation", response_class=Response, responses={200: _ZIP})
async def evidence(request: Request, body: EvidenceIn) -> Response:
    """A pack as `screener evidence` writes it: `screener verify` checks it offline.

    Its source is the conversation as it was sent here: whoever sends it vouches for where it comes from.
    """
    service = service_of(request)

    def work(engine: Engine) -> bytes | None:
        found = of_order([conversation_of(body)], body.order)
        if found is None:
            return None
        screener = screener_for(engine, body)
        case = build_case(found, screener, order=body.order)
        with tempfile.TemporaryDirectory(prefix="screener-pack-") as name:
            source = Path(name) / "conversation.json"
            # The fields alone that make the conversation: the same conversation gives the same pack.
            sent = body.model_dump(mode="json", include={"id", "messages"})
            source.write_text(json.dumps(sent, sort_keys=True), encoding="utf-8")
            profiles = [Profile(profile) for profile in body.redact]
            pack = Path(name) / "pack.zip"
            write_pack(contents_of(case, source, locale=screener.locale, profiles=profiles), pack)
            return pack.read_bytes()

    pack = await service.run(work, timeout=service.settings.timeout + 0.1 * len(body.messages))
    if pack is None:
        return problem(422, "no message speaks of this order", errors=[{"pointer": "/order", "detail": "not found"}])
    return Response(
        pack, media_type="application/zip", headers={"Content-Disposition": 'attachment; filename="pack.zip"'}
    )
