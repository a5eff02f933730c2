"""Bodies of requests and answers, as the OpenAPI document shows them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from screener.api.settings import MAX_TEXT
from screener.records import Channel, Effect, Label, Manner, Speaker

__all__ = [
    "Answer",
    "CheckIn",
    "CheckOut",
    "ConversationIn",
    "EvidenceIn",
    "Health",
    "MessageIn",
    "Offsets",
    "ProblemOut",
    "Ready",
    "RegionOut",
    "RulePage",
    "ScreenOut",
    "Turn",
]

Offsets = Literal["both", "code_points", "utf16"]
_MAX_MESSAGES = 20_000


def _text(value: Any) -> str:
    """Any string, lone surrogates included: a browser sends half an emoji when a field cuts it."""
    if not isinstance(value, str):
        raise ValueError("a string is expected")
    if len(value) > MAX_TEXT:
        raise ValueError(f"longer than {MAX_TEXT} characters")
    return value


Text = Annotated[str, PlainValidator(_text), WithJsonSchema({"type": "string", "maxLength": MAX_TEXT})]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Place = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9 _-]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Turn(_Strict):
    """A message before the one in question."""

    speaker: Speaker
    text: Text


class _Where(_Strict):
    """Which rules apply; what is left out is the service's default."""

    marketplace: Place | None = Field(None, examples=["tiktok_shop"])
    region: Place | None = Field(None, examples=["US"])
    as_of: dt.date | None = Field(None, description="Rules of this date; today by default.")
    locale: Literal["en", "zh"] | None = Field(None, description="Language of explanations.")
    languages: Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=16)] = Field(
        default=[], description="Languages to assume for texts too short to tell."
    )


class CheckIn(_Where):
    """One message or draft."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "add me on w h a t s a p p", "region": "US", "speaker": "seller"}]},
    )

    text: Text
    speaker: Speaker = Speaker.SELLER
    channel: Channel = Channel.IN_APP
    context: Annotated[list[Turn], Field(max_length=20)] = Field(
        default=[], description="Messages before it, oldest first; the last three count."
    )
    offsets: Offsets = "both"


class MessageIn(_Strict):
    """One message of a conversation."""

    id: Name
    text: Text = ""
    speaker: Speaker = Speaker.UNKNOWN
    channel: Channel = Channel.IN_APP
    sent_at: dt.datetime | None = Field(None, description="With its offset from UTC; without one the time is unknown.")
    order_id: Name | None = None
    edited: bool = False
    deleted: bool = False
    bot: bool = False


class ConversationIn(_Where):
    """A conversation of one buyer and one shop, in order."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "case-1",
                    "region": "ID",
                    "messages": [
                        {"id": "1", "speaker": "seller", "text": "Is anything broken?"},
                        {"id": "2", "speaker": "buyer", "text": "No, it works, I just don't like the colour."},
                    ],
                }
            ]
        },
    )

    id: Name = "conversation"
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=_MAX_MESSAGES)]


class EvidenceIn(ConversationIn):
    """A conversation to seal."""

    order: Name | None = Field(None, description="The order that the pack is about.")
    redact: list[Literal["phone", "email", "link", "account", "address", "names"]] = Field(
        default=[], description="Make a shareable copy without these."
    )


class SourceOut(BaseModel):
    """Where a rule comes from."""

    title: str
    address: str
    seen: str


class VerdictOut(BaseModel):
    """What the rules of the place make of a finding."""

    effect: Effect
    rule: str
    pack: str
    confidence: Literal["official", "reported", "unverified"]
    source: SourceOut
    reason: str
    overridable: bool
    note: str


class AdmissibilityOut(BaseModel):
    """What a buyer's statement is worth as evidence."""

    counts: Literal["counts", "needs_support", "does_not_count", "unknown"]
    rule: str
    pack: str
    confidence: Literal["official", "reported", "unverified"]
    source: SourceOut
    reason: str
    helps_with: str
    does_not_help_with: str
    note: str


class TraceOut(BaseModel):
    """Which part of the screener spoke."""

    stage: str
    detail: str


class FindingOut(BaseModel):
    """One finding; offsets are half-open, in code points and in UTF-16 units (as far as asked for)."""

    rule: str
    label: Label
    kind: Literal["risk", "statement"]
    start: int | None = None
    end: int | None = None
    start_utf16: int | None = None
    end_utf16: int | None = None
    quote: str
    language: str
    probability: float | None
    unsure: bool
    status: str
    explanation: str
    suggestions: list[str]
    trace: list[TraceOut]
    verdict: VerdictOut
    admissibility: AdmissibilityOut | None


class Answer(BaseModel):
    """What was found in one message."""

    verdict: Effect
    findings: list[FindingOut]


class CheckOut(Answer):
    """The answer to a draft."""

    marketplace: str
    region: str
    pack: str
    fallback: str = Field(description="Says so when the place has no rules of its own.")
    as_of: dt.date


class MessageOut(Answer):
    """The answer for one message of a conversation."""

    id: str


class StatementOut(BaseModel):
    """A buyer's statement, followed through the conversation."""

    model_config = ConfigDict(extra="allow")

    message_id: str
    label: Label
    state: Literal["standing", "retracted", "contradicted", "superseded"]
    taints: list[str]
    order_id: str | None
    counts: Literal["counts", "needs_support", "does_not_count", "unknown"]
    rule: str


class UnassertedOut(BaseModel):
    """Words of a statement that were never standing."""

    model_config = ConfigDict(extra="allow")

    message_id: str
    reason: Manner | Literal["unsure"]
    label: Label | None


class ScreenOut(BaseModel):
    """The answer to a conversation."""

    id: str
    verdict: Effect
    marketplace: str
    region: str
    pack: str
    fallback: str
    as_of: dt.date
    messages: list[MessageOut]
    statements: list[StatementOut]
    not_asserted: list[UnassertedOut]
    gaps: list[str]


class RulePage(BaseModel):
    """Why a rule exists; which fields there are depends on whether it is of a lexicon, a pack or the classifier."""

    model_config = ConfigDict(extra="allow")

    id: str


class ChannelOut(BaseModel):
    """What statements on a channel are worth."""

    channel: Channel
    value: str
    confidence: str
    rule: str


class RegionOut(BaseModel):
    """A marketplace and region that has rules."""

    marketplace: str
    region: str
    name: str
    pack: str
    title: str
    about: str
    layers: list[str]
    rules: int
    channels: list[ChannelOut]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """Whether requests can be answered, and by what."""

    status: Literal["ready"]
    version: str
    generation: int = Field(description="Rises with each reload of rules.")
    rules: dict[str, str | None]
    refused: str | None = Field(description="Why the last change of rules was not taken over.")


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    pointer: str
    detail: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details; they never repeat what was sent."""

    type: str
    title: str
    status: int
    detail: str | None = None
    code: str | None = None
    errors: list[FieldProblem] | None = None
