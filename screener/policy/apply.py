"""What a pack makes of findings and statements: pure functions of their arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from screener.records import Admissibility, AdmissibilityRuling, Confidence, Effect, Source, Verdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from screener.policy.loader import Held
    from screener.policy.pack import RulePack
    from screener.policy.schema import Phase
    from screener.records import Channel, Finding, Label, Speaker

__all__ = ["NO_RULE", "admissibility", "judge", "overall"]

NO_RULE: Final = "none"
"""The rule id of an answer that no rule gave."""

_EXCERPT: Final = {
    "en": "The page was read as an archived excerpt; read the live page before relying on it.",
    "zh": "该页面仅查阅了存档节选，使用前请查看现行页面。",
}
_UNVERIFIED: Final = {
    "en": "Nobody confirmed this rule; check it with the marketplace.",
    "zh": "该规则未经证实，请向平台核实。",
}
_WORTH: Final = {
    "en": "On what it helps with: {title} ({confidence}). This is no legal advice.",
    "zh": "关于其作用：{title}（{confidence}）。不构成法律意见。",
}
_CONFIDENCE: Final = {
    "en": {c: c.value for c in Confidence},
    "zh": {Confidence.OFFICIAL: "官方", Confidence.REPORTED: "转述", Confidence.UNVERIFIED: "未证实"},
}
_NO_RULE: Final = {
    "en": "No rule of this pack is about this on this date.",
    "zh": "该规则包在此日期没有相关规则。",
}


def _locale(locale: str) -> str:
    return "zh" if locale == "zh" else "en"


def _notes(held: Held[Any], locale: str) -> list[str]:
    notes = []
    if held.form.note is not None:
        notes.append(held.form.note.localised(locale))
    elif held.confidence is Confidence.UNVERIFIED:
        notes.append(_UNVERIFIED[locale])
    if held.excerpt:
        notes.append(_EXCERPT[locale])
    return notes


def judge(
    finding: Finding,
    *,
    pack: RulePack,
    speaker: Speaker,
    channel: Channel,
    as_of: dt.date,
    locale: str = "en",
    phase: Phase | None = None,
) -> Verdict:
    """What ``pack`` makes of ``finding`` on the day ``as_of``.

    The most specific rule wins, then the one nearest to the region, then the latest (see ``Index``). Rules
    for a phase of the order apply only when ``phase`` is given. A finding that no rule is about is a note:
    it was seen, and nothing says that it is allowed. A finding that is unsure is never more than a note.
    """
    locale = _locale(locale)
    held = pack.at(as_of).rule(finding, speaker, channel, phase)
    if held is None:
        return Verdict(Effect.NOTE, NO_RULE, pack.id, Confidence.UNVERIFIED, Source(""), _NO_RULE[locale])
    effect = held.form.effect
    return Verdict(
        effect=Effect.NOTE if finding.unsure and effect.rank > Effect.NOTE.rank else effect,
        rule_id=held.id,
        pack=held.pack,
        confidence=held.confidence,
        source=held.source,
        reason=held.form.reason.localised(locale),
        overridable=held.form.overridable,
        note=" ".join(_notes(held, locale)),
    )


def admissibility(
    label: Label, *, pack: RulePack, channel: Channel, as_of: dt.date, locale: str = "en"
) -> AdmissibilityRuling:
    """What ``pack`` makes of a statement that was made on ``channel``, on the day ``as_of``.

    Confidence and source are those of the channel rule; where what the statement helps with comes from
    another source, the note names that one.
    """
    locale = _locale(locale)
    index = pack.at(as_of)
    held = index.channel_rule(label, channel)
    worth = index.worth.get(label)
    helps = hinders = ""
    notes = _notes(held, locale) if held is not None else []
    if worth is not None:
        helps = worth.form.helps_with.localised(locale)
        hinders = worth.form.does_not_help_with.localised(locale)
        confidence = _CONFIDENCE[locale][worth.confidence]
        notes.append(_WORTH[locale].format(title=worth.source.title, confidence=confidence))
        notes += _notes(worth, locale)
    note = " ".join(dict.fromkeys(notes))
    if held is None:
        return AdmissibilityRuling(
            Admissibility.UNKNOWN, NO_RULE, pack.id, Confidence.UNVERIFIED, Source(""), _NO_RULE[locale],
            helps, hinders, note,
        )  # fmt: skip
    return AdmissibilityRuling(
        admissibility=held.form.value,
        rule_id=held.id,
        pack=held.pack,
        confidence=held.confidence,
        source=held.source,
        reason=held.form.reason.localised(locale),
        helps_with=helps,
        does_not_help_with=hinders,
        note=note,
    )


def overall(verdicts: Iterable[Verdict]) -> Effect:
    """The strongest effect; ``allow`` when there is none."""
    return max((verdict.effect for verdict in verdicts), key=lambda effect: effect.rank, default=Effect.ALLOW)
