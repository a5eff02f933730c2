"""The vocabulary of the project as immutable records.

All offsets are given twice: in Unicode code points (Python indices) and in UTF-16 code units
(JavaScript, LSP, LanguageTool). Times are timezone-aware and in UTC; a time whose zone the source
does not tell is ``None``, and ``Message.local_time`` keeps what the source says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from screener.errors import Place, Warned

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "LANGUAGES",
    "RISKS",
    "STATEMENTS",
    "Admissibility",
    "AdmissibilityRuling",
    "Channel",
    "Confidence",
    "Conversation",
    "Effect",
    "Export",
    "Finding",
    "Gap",
    "Label",
    "Message",
    "Place",
    "Source",
    "Span",
    "Speaker",
    "Trace",
    "Verdict",
    "Warned",
]

LANGUAGES: Final = (
    "zh", "en", "id", "ms", "vi", "th", "tl", "es", "pt", "de", "fr", "it", "ar", "ja", "ko",
)  # fmt: skip
"""The languages screened, as ISO 639-1 codes; ``zh`` stands for both scripts."""


class Speaker(StrEnum):
    """Who speaks. A bot of the shop is ``seller`` with ``Message.automated`` set."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """The way a message travelled. ``in_app`` is the marketplace's own chat."""

    IN_APP = "in_app"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    LINE = "line"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"
    KAKAOTALK = "kakaotalk"
    ZALO = "zalo"
    WECHAT = "wechat"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    HELPDESK = "helpdesk"
    UNKNOWN = "unknown"


class Label(StrEnum):
    """What a finding says; ``docs/labels.md`` defines each."""

    # statements
    NO_DEFECT = "no_defect"
    CHANGE_OF_MIND = "change_of_mind"
    USED = "used"
    RECEIVED = "received"
    DEFECT = "defect"
    WRONG_ITEM = "wrong_item"
    NOT_RECEIVED = "not_received"
    RETRACTION = "retraction"
    LIABILITY = "liability"
    # risks
    OFF_PLATFORM_CONTACT = "off_platform_contact"
    OFF_PLATFORM_PAYMENT = "off_platform_payment"
    EXTERNAL_LINK = "external_link"
    REVIEW_MANIPULATION = "review_manipulation"
    DISPUTE_PRESSURE = "dispute_pressure"
    THREAT = "threat"
    ABUSE = "abuse"
    ABSOLUTE_CLAIM = "absolute_claim"
    REGULATED_CLAIM = "regulated_claim"
    COUNTERFEIT = "counterfeit"
    PERSONAL_DATA = "personal_data"
    AMBIGUOUS = "ambiguous"
    CULTURE = "culture"


STATEMENTS: Final = frozenset({
    Label.NO_DEFECT, Label.CHANGE_OF_MIND, Label.USED, Label.RECEIVED, Label.DEFECT,
    Label.WRONG_ITEM, Label.NOT_RECEIVED, Label.RETRACTION, Label.LIABILITY,
})  # fmt: skip
RISKS: Final = frozenset(Label) - STATEMENTS


class Manner(StrEnum):
    """How somebody speaks of the goods without asserting anything of them; ``docs/labels.md``, Statements."""

    NEGATION = "negation"
    QUESTION = "question"
    CONDITION = "condition"
    WISH = "wish"
    QUOTATION = "quotation"
    SARCASM = "sarcasm"
    OTHER_ITEM = "other_item"
    PACKAGE_ONLY = "package_only"
    SHOP_CLAIM = "shop_claim"
    GUESS = "guess"
    WORKED_THEN_FAILED = "worked_then_failed"


class Effect(StrEnum):
    """What a pack makes of a finding, weakest first."""

    ALLOW = "allow"
    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for ``allow`` up to 3 for ``block``."""
        return ("allow", "note", "warn", "block").index(self.value)


class Confidence(StrEnum):
    """How sure a rule is: the marketplace's own page, somebody's report, or a claim nobody confirmed."""

    OFFICIAL = "official"
    REPORTED = "reported"
    UNVERIFIED = "unverified"


class Admissibility(StrEnum):
    """What a pack makes of a statement as evidence."""

    COUNTS = "counts"
    NEEDS_SUPPORT = "needs_support"
    DOES_NOT_COUNT = "does_not_count"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of the original text, in code points and in UTF-16 units."""

    start: int
    end: int
    start_utf16: int
    end_utf16: int


@dataclass(frozen=True, slots=True)
class Trace:
    """One step of why a finding was made: which stage spoke and what it said (never chat text)."""

    stage: str
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing seen in one message.

    ``probability`` is calibrated (``models/CARD.md``), and ``None`` when only rules were asked: a rule has none.
    ``unsure`` marks a finding that the classifier cannot decide: it is to be shown as a question, never as a fact.
    ``explanation`` and ``suggestions`` are already in the language asked for.
    """

    rule_id: str
    label: Label
    span: Span
    language: str
    explanation: str
    suggestions: tuple[str, ...] = ()
    probability: float | None = None
    status: str = "stable"
    trace: tuple[Trace, ...] = ()
    message_id: str | None = None
    unsure: bool = False

    @property
    def is_statement(self) -> bool:
        """True when the finding asserts a fact (labels.md, first table)."""
        return self.label in STATEMENTS


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from; ``seen`` is an ISO date."""

    title: str
    address: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule pack makes of one finding for one region, channel and date."""

    effect: Effect
    rule_id: str
    pack: str
    confidence: Confidence
    source: Source
    reason: str
    overridable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class AdmissibilityRuling:
    """What a rule pack makes of a statement on one channel, and what that is worth there."""

    admissibility: Admissibility
    rule_id: str
    pack: str
    confidence: Confidence
    source: Source
    reason: str
    helps_with: str = ""
    does_not_help_with: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance, with its place in the source so that anyone can look it up."""

    id: str
    text: str
    speaker: Speaker = Speaker.UNKNOWN
    channel: Channel = Channel.UNKNOWN
    sent_at: datetime | None = None
    local_time: str | None = None
    conversation_id: str = ""
    sender: str | None = None
    kind: str = "text"
    order_id: str | None = None
    reply_to: str | None = None
    edited: bool = False
    deleted: bool = False
    automated: bool = False
    visible: bool = True
    attachments: tuple[str, ...] = ()
    translation: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the source admits is missing, e.g. ``deleted``, ``media_missing``, ``page_missing``."""

    kind: str
    detail: str
    message_id: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages of one buyer and one shop, in order of time, ties in order of the source."""

    id: str
    messages: tuple[Message, ...]
    channel: Channel = Channel.UNKNOWN
    marketplace: str | None = None
    order_ids: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """What a reader makes of one file: conversations, and everything that it had to leave out or guess."""

    format: str
    conversations: tuple[Conversation, ...]
    warnings: tuple[Warned, ...] = ()
    broken: tuple[Warned, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    """How each sender came to a role, e.g. ``{"Toko Maju": "seller (given)"}``: shown to the user."""
