"""The LanguageTool protocol, version 2: editors, mail and office clients that speak it need no other plug-in.

``/v2/…`` answers for the service's own marketplace and region, ``/at/<marketplace>/<region>/v2/…`` for others, since
such clients know nothing of marketplaces but let their user name a server's address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from typing import Annotated as Typed
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Request

from screener import __version__
from screener.api.guard import authorize, given_key
from screener.api.keys import Scope
from screener.api.problems import Json, Problem
from screener.api.routes.annotation import Annotated, plain, read_annotation
from screener.api.routes.common import PROBLEMS, service_of
from screener.api.settings import MAX_BODY, MAX_TEXT
from screener.records import Effect
from screener.text.language import detect
from screener.text.offsets import Utf16Map

if TYPE_CHECKING:
    from screener.api.engine import Engine
    from screener.api.service import Service
    from screener.pipeline import Judged

__all__ = ["router"]

router = APIRouter(tags=["LanguageTool protocol"], responses=PROBLEMS, max_body_size=MAX_BODY)

LANGUAGES: Final = (
    ("Arabic", "ar", "ar"),
    ("Chinese (simplified)", "zh", "zh-CN"),
    ("Chinese (traditional)", "zh", "zh-TW"),
    ("English", "en", "en"),
    ("English (US)", "en", "en-US"),
    ("English (GB)", "en", "en-GB"),
    ("French", "fr", "fr"),
    ("German", "de", "de-DE"),
    ("Indonesian", "id", "id-ID"),
    ("Italian", "it", "it"),
    ("Japanese", "ja", "ja-JP"),
    ("Korean", "ko", "ko-KR"),
    ("Malay", "ms", "ms-MY"),
    ("Portuguese", "pt", "pt-BR"),
    ("Spanish", "es", "es"),
    ("Tagalog", "tl", "tl-PH"),
    ("Thai", "th", "th-TH"),
    ("Vietnamese", "vi", "vi-VN"),
)
"""Name, short and long code, as ``/v2/languages`` gives them."""
# ITS 2.0 localisation quality types, which the protocol uses.
_ISSUE: Final = {Effect.BLOCK: "non-conformance", Effect.WARN: "style", Effect.NOTE: "uncategorized"}
_AROUND: Final = 40
_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = {
    "text": {"type": "string", "description": "The text; either this or data."},
    "data": {"type": "string", "description": 'JSON: {"annotation": [{"text"} or {"markup", "interpretAs"?}]}.'},
    "language": {"type": "string", "description": "A code of /v2/languages, or auto."},
    **{
        name: {"type": "string"}
        for name in (
            "motherTongue", "preferredVariants", "enabledRules", "disabledRules", "enabledCategories",
            "disabledCategories", "username", "apiKey",
        )
    },
    "enabledOnly": {"type": "string", "enum": ["true", "false"]},
    "level": {"type": "string", "enum": ["default", "picky"], "description": "picky shows notes too."},
}  # fmt: skip
_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": {"type": "object", "properties": _FIELDS, "required": ["language"]}}},
    }
}
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "Matches."}
}
_Place = Typed[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


@router.get("/v2/languages", summary="Languages")
@router.get("/at/{marketplace}/{region}/v2/languages", summary="Languages", include_in_schema=False)
async def languages() -> Json:
    """Languages of the lexicons."""
    return Json([{"name": name, "code": code, "longCode": long} for name, code, long in LANGUAGES])


@router.post("/v2/check", summary="Check a text", openapi_extra=_BODY, responses=_ANSWER)
async def check(request: Request) -> Json:
    """Matches in the service's own marketplace and region; offsets are UTF-16 units over text and markup."""
    return await _check(request, None, None)


@router.post(
    "/at/{marketplace}/{region}/v2/check", summary="Check a text for a region", openapi_extra=_BODY, responses=_ANSWER
)
async def check_at(request: Request, marketplace: _Place, region: _Place) -> Json:
    """Matches in this marketplace and region."""
    return await _check(request, marketplace, region)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a request asks for."""

    given: Annotated
    language: str
    mother_tongue: str
    enabled: frozenset[str]
    disabled: frozenset[str]
    only: bool
    picky: bool

    def shows(self, judged: Judged) -> bool:
        """Whether a finding is wanted."""
        names = {judged.finding.rule_id, judged.finding.label.value}
        if self.only:
            return bool(names & self.enabled)
        if names & self.disabled:
            return False
        weakest = Effect.NOTE if self.picky else Effect.WARN
        return judged.verdict.effect.rank >= weakest.rank or bool(names & self.enabled)


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Problem(415, "the body is not a form", f"send it as {_FORM}")
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, errors="strict", max_num_fields=50)
    except ValueError:
        raise Problem(400, "the body is not a form in UTF-8") from None
    return dict(pairs)


def _wanted(form: dict[str, str]) -> _Wanted:
    language = form.get("language", "")
    if not language:
        raise Problem(400, "the field language is missing", "name a code of /v2/languages, or auto")
    known = {code.lower() for _, short, long in LANGUAGES for code in (short, long)}
    if language != "auto" and language.lower().partition("-")[0] not in {c.partition("-")[0] for c in known}:
        raise Problem(400, "the language is not known", "GET /v2/languages lists them; auto finds out")
    if ("text" in form) == ("data" in form):
        raise Problem(400, "send exactly one of text and data")
    try:
        given = plain(form["text"]) if "text" in form else read_annotation(json.loads(form["data"]))
    except (ValueError, RecursionError):
        raise Problem(400, "data has not the expected form", "see docs/languagetool.md") from None
    if len(given.sent) > MAX_TEXT:
        raise Problem(413, f"the text is longer than {MAX_TEXT} characters", "check it in parts")

    def names(*fields: str) -> frozenset[str]:
        return frozenset(n.strip() for field in fields for n in form.get(field, "").split(",") if n.strip())

    return _Wanted(
        given,
        language,
        form.get("motherTongue", ""),
        names("enabledRules", "enabledCategories"),
        names("disabledRules", "disabledCategories"),
        form.get("enabledOnly") == "true",
        form.get("level") == "picky",
    )


async def _check(request: Request, marketplace: str | None, region: str | None) -> Json:
    service = service_of(request)
    form = await _form(request)
    authorize(service, given_key(request.scope) or form.get("apiKey", ""), Scope.CHECK)
    wanted = _wanted(form)
    judged, answer = await service.run(lambda engine: _answer(service, engine, wanted, marketplace, region))
    service.metrics.found(judged)
    return Json(answer)


def _answer(
    service: Service, engine: Engine, wanted: _Wanted, marketplace: str | None, region: str | None
) -> tuple[tuple[Judged, ...], dict[str, Any]]:
    text = wanted.given.text
    asked = wanted.language.lower().partition("-")[0]
    hints = () if asked == "auto" else (asked,)
    locale = "zh" if (wanted.mother_tongue or wanted.language).lower().startswith("zh") else service.settings.locale
    screener = engine.screener(region, marketplace, locale, languages=hints)
    judged = screener.check(text).judged
    told = detect(text, hints=hints).codes
    detected = _language(told[0] if told else "en")
    offsets = Utf16Map(wanted.given.sent)
    matches = [_match(one, wanted.given, offsets) for one in judged if wanted.shows(one)]
    return judged, {
        "software": {
            "name": "Screener",
            "version": __version__,
            "buildDate": engine.rules_of,
            "apiVersion": 1,
            "premium": False,
            "status": "",
        },
        "warnings": {"incompleteResults": False},
        "language": {
            **(detected if asked == "auto" else _language(wanted.language)),
            "detectedLanguage": {**detected, "confidence": 1.0},
        },
        "matches": matches,
    }


def _language(code: str) -> dict[str, str]:
    exact = [row for row in LANGUAGES if code.lower() in (row[1].lower(), row[2].lower())]
    name, _, long = (exact or [row for row in LANGUAGES if row[1] == code.lower().partition("-")[0]])[0]
    return {"name": name, "code": long}


def _match(judged: Judged, given: Annotated, offsets: Utf16Map) -> dict[str, Any]:
    finding, verdict = judged.finding, judged.verdict
    start, end = given.original(finding.span.start, finding.span.end)
    sent = given.sent
    left, right = max(0, start - _AROUND), min(len(sent), end + _AROUND)
    first, last = offsets.unit(start), offsets.unit(end)
    begin = offsets.unit(left)
    source = verdict.source.address
    return {
        "message": " ".join(part for part in (finding.explanation, verdict.reason) if part),
        "shortMessage": finding.explanation,
        "offset": first,
        "length": last - first,
        "replacements": [{"value": suggestion} for suggestion in finding.suggestions],
        "context": {"text": sent[left:right], "offset": first - begin, "length": last - first},
        "sentence": sent[left:right],
        "type": {"typeName": "Other"},
        "rule": {
            "id": finding.rule_id,
            "description": finding.explanation,
            "issueType": _ISSUE.get(verdict.effect, "uncategorized"),
            "category": {"id": finding.label.value, "name": finding.label.value.replace("_", " ")},
            **({"urls": [{"value": source}]} if source else {}),
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }
