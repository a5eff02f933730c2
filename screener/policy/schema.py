"""The strict form of rule packs; ``docs/rule-packs.md`` explains each field.

Only what a file may say stands here. Rules that need more than one field to check (an id that fits its pack,
a source that exists) are in ``loader``.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - msgspec reads the annotations at run time
from typing import Annotated, Any, Literal

import msgspec

from screener.records import Admissibility, Channel, Confidence, Effect, Label, Speaker

__all__ = [
    "PHASES",
    "STEPS",
    "AdmissibilityExample",
    "AdmissibilityForm",
    "AmountForm",
    "AppliesTo",
    "DeadlineForm",
    "Defaults",
    "Effective",
    "JudgeExample",
    "JudgeForm",
    "MarketplaceForm",
    "NoteForm",
    "PackForm",
    "PaperForm",
    "Phase",
    "ReasonForm",
    "RegionForm",
    "RegionsForm",
    "RuleForm",
    "SourceForm",
    "Step",
    "Text",
    "WorthForm",
]

Phase = Literal["pre_sale", "after_sale", "dispute"]
"""Where the order stands when the message is sent, if the caller knows it."""

PHASES: tuple[Phase, ...] = ("pre_sale", "after_sale", "dispute")

_Filled = Annotated[str, msgspec.Meta(min_length=1)]
_RuleId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+(\.[a-z0-9_]+)+$")]
_PackId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]
_Labels = Annotated[list[Label], msgspec.Meta(min_length=1)]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Base of all forms: an unknown key is an error, not a silent nothing."""


class Text(_Strict, frozen=True):
    """One or two plain sentences for a clerk, in both languages."""

    en: _Filled
    zh: _Filled

    def localised(self, locale: str) -> str:
        """The text in ``zh``, or in English for any other locale."""
        return self.zh if locale == "zh" else self.en


class SourceForm(_Strict, frozen=True):
    """Where a rule comes from. ``excerpt``: only an archived excerpt of the page was read."""

    title: _Filled
    seen: dt.date
    address: str = ""
    excerpt: bool = False


class Effective(_Strict, frozen=True, rename={"start": "from", "end": "to"}):
    """First and last day on which a rule holds, both included; without ``to`` it has no end."""

    start: dt.date
    end: dt.date | None = None

    def covers(self, day: dt.date) -> bool:
        """True when the rule holds on ``day``."""
        return self.start <= day and (self.end is None or day <= self.end)


class Defaults(_Strict, frozen=True):
    """What every rule of a file has unless it says otherwise."""

    source: str | None = None
    confidence: Confidence | None = None
    effective: Effective | None = None


class AppliesTo(_Strict, frozen=True):
    """What a rule is about; everything but ``labels`` may be left out and then means "any".

    ``finding`` narrows to findings whose rule id fits one of the patterns (``*.carrier_link``).
    """

    labels: _Labels
    speaker: list[Speaker] = []
    channel: list[Channel] = []
    phase: list[Phase] = []
    finding: list[_Filled] = []


class JudgeExample(_Strict, frozen=True):
    """A finding and the effect that the whole pack must give it."""

    label: Label
    effect: Effect
    speaker: Speaker = Speaker.SELLER
    channel: Channel = Channel.IN_APP
    phase: Phase | None = None
    finding: str = "example.rule"
    as_of: dt.date | None = None


class AdmissibilityExample(_Strict, frozen=True):
    """A statement on a channel and what the whole pack must make of it."""

    channel: Channel
    value: Admissibility
    label: Label = Label.NO_DEFECT
    as_of: dt.date | None = None


class RuleForm(_Strict, kw_only=True, frozen=True):
    """What all kinds of rules say about themselves."""

    id: _RuleId
    effective: Effective | None = None
    source: str | SourceForm | None = None
    confidence: Confidence | None = None
    note: Text | None = None


class JudgeForm(RuleForm, kw_only=True, frozen=True):
    """A rule that gives a finding its effect."""

    applies_to: AppliesTo
    effect: Effect
    overridable: bool
    reason: Text
    examples: Annotated[list[JudgeExample], msgspec.Meta(min_length=1)]


class AdmissibilityForm(RuleForm, kw_only=True, frozen=True):
    """A rule that says what a statement on a channel is worth; no channel or label means any."""

    channel: list[Channel] = []
    labels: list[Label] = []
    value: Admissibility
    reason: Text
    examples: Annotated[list[AdmissibilityExample], msgspec.Meta(min_length=1)]


class WorthForm(RuleForm, kw_only=True, frozen=True):
    """What a statement helps with in a region, and what it does not help with."""

    labels: _Labels
    helps_with: Text
    does_not_help_with: Text


Step = Literal["request", "parcel"]
"""Where a refusal is filed: at the buyer's request, or when the parcel has come back."""

STEPS: tuple[Step, ...] = ("request", "parcel")


class ReasonForm(RuleForm, kw_only=True, frozen=True):
    """A reason for which the marketplace lets a shop refuse a return.

    ``code`` is the marketplace's own, empty where none is known; ``name`` is in its words (``zh``: ours).
    """

    step: Step
    code: str = ""
    name: Text
    supported_by: list[Label] = []


class PaperForm(RuleForm, kw_only=True, frozen=True):
    """A paper that a refusal asks for; ``appeal``: for a second try.

    ``reasons`` are last parts of ids of reasons, so that a market's own form of a reason asks for it too.
    """

    name: Text
    reasons: Annotated[list[_Filled], msgspec.Meta(min_length=1)]
    appeal: bool = False


class AmountForm(_Strict, frozen=True):
    """A sum of money; ``currency`` is an ISO 4217 code."""

    value: float
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]


class DeadlineForm(RuleForm, kw_only=True, frozen=True):
    """How long a shop has, from the moment that ``starts`` tells; ``over``: only for orders above this sum.

    Working days are those of ``country`` (ISO 3166), reckoned in ``zone`` (IANA).
    """

    task: Literal["review", "papers", "appeal"]
    count: Annotated[int, msgspec.Meta(gt=0)]
    unit: Literal["working_days", "days", "hours"]
    country: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
    zone: _Filled
    starts: Text
    over: AmountForm | None = None
    silence: Text | None = None


class NoteForm(RuleForm, kw_only=True, frozen=True):
    """The note that goes with a refusal: its greatest length in code points, its language, and how a quote is put.

    ``wording`` has the fields ``{date}`` and ``{quote}``.
    """

    limit: Annotated[int, msgspec.Meta(gt=0)]
    language: _Filled
    wording: _Filled


class PackForm(_Strict, frozen=True):
    """One file. The lists of rules are validated item by item, so that each wrong item is told."""

    pack: _PackId
    title: Text
    inherits: _PackId | None = None
    about: Text | None = None
    disables: list[_RuleId] = []
    sources: dict[str, SourceForm] = {}
    defaults: Defaults = Defaults()
    rules: list[Any] = []
    admissibility: list[Any] = []
    worth: list[Any] = []
    reasons: list[Any] = []
    papers: list[Any] = []
    deadlines: list[Any] = []
    notes: list[Any] = []


class RegionForm(_Strict, frozen=True):
    """A region; ``members`` are codes without rules of their own, separated by spaces."""

    name: Text
    parent: str | None = None
    members: str = ""


class MarketplaceForm(_Strict, frozen=True):
    """A marketplace and other ways to write its name."""

    name: Text
    aliases: list[str] = []


class RegionsForm(_Strict, frozen=True):
    """``policies/regions.yaml``: the tree of regions, the marketplaces, the known country codes."""

    regions: dict[str, RegionForm]
    marketplaces: dict[str, MarketplaceForm]
    aliases: dict[str, str] = {}
    countries: str = ""
