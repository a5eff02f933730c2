"""Packs, regions and rules as plain data that a command line or a web page can print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from screener.policy.loader import read_pack
from screener.policy.registry import BASE, get_pack, list_packs, pack_folder, regions
from screener.policy.schema import (
    AdmissibilityForm,
    DeadlineForm,
    JudgeForm,
    PaperForm,
    ReasonForm,
    RuleForm,
    WorthForm,
)
from screener.records import Channel, Label

if TYPE_CHECKING:
    from pathlib import Path

    from screener.policy.loader import Held

__all__ = ["ChannelDescription", "RegionDescription", "RuleDescription", "describe_regions", "describe_rule"]


@dataclass(frozen=True, slots=True)
class ChannelDescription:
    """What a statement on one channel is worth, as words for output."""

    channel: str
    value: str
    confidence: str
    rule: str


@dataclass(frozen=True, slots=True)
class RegionDescription:
    """One marketplace and region; ``layers`` are the files it is made of, base first."""

    marketplace: str
    region: str
    name: str
    pack: str
    title: str
    about: str
    layers: tuple[str, ...]
    rules: int
    channels: tuple[ChannelDescription, ...]


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """One rule of a pack as its file states it.

    ``kind`` is ``finding``, ``channel``, ``worth``, ``reason``, ``paper``, ``deadline`` or ``note``.
    """

    id: str
    kind: str
    pack: str
    file: str
    line: int
    labels: tuple[str, ...]
    speaker: tuple[str, ...]
    channel: tuple[str, ...]
    phase: tuple[str, ...]
    finding: tuple[str, ...]
    effect: str
    overridable: bool | None
    effective_from: str
    effective_to: str
    confidence: str
    source_title: str
    source_address: str
    source_seen: str
    source_is_excerpt: bool
    reason: str
    helps_with: str
    does_not_help_with: str
    note: str
    examples: tuple[str, ...]


def describe_regions(
    locale: str = "en", *, marketplace: str | None = None, as_of: dt.date | None = None, folder: Path | None = None
) -> tuple[RegionDescription, ...]:
    """Every marketplace and region that has a pack, with the channel rules of the day ``as_of`` (today).

    Raises:
        RuleError: E304 for an unknown marketplace, E301 for a wrong file.

    """
    day = as_of or dt.datetime.now(dt.UTC).date()
    known = regions(folder)
    only = None if marketplace is None else get_pack(marketplace, BASE, folder=folder).marketplace
    found = []
    for pack_id in list_packs(folder):
        shop, _, code = pack_id.partition("/")
        if only not in (None, shop):
            continue
        pack = get_pack(shop, code, day, folder=folder)
        index = pack.at(day)
        channels = []
        for channel in Channel:
            held = index.channel_rule(Label.NO_DEFECT, channel)
            if held is not None:
                value, confidence = held.form.value.value, held.confidence.value
                channels.append(ChannelDescription(channel.value, value, confidence, held.id))
        region = known.regions.get(pack.region)
        found.append(
            RegionDescription(
                marketplace=pack.marketplace,
                region=pack.region,
                name=region.name.localised(locale) if region is not None else pack.region,
                pack=pack.id,
                title=pack.title.localised(locale),
                about=pack.about.localised(locale) if pack.about is not None else "",
                layers=pack.layers,
                rules=len(pack.rules),
                channels=tuple(channels),
            )
        )
    return tuple(found)


def _joined(fields: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in fields.items() if value is not None)


def _reason(form: RuleForm, locale: str) -> str:
    if isinstance(form, JudgeForm | AdmissibilityForm):
        return form.reason.localised(locale)
    if isinstance(form, ReasonForm | PaperForm):
        return form.name.localised(locale)
    if isinstance(form, DeadlineForm):
        over = "" if form.over is None else f" (> {form.over.value:g} {form.over.currency})"
        return f"{form.task}: {form.count} {form.unit.replace('_', ' ')}{over}, {form.starts.localised(locale)}"
    return ""


def _description(held: Held[Any], path: Path, locale: str) -> RuleDescription:
    form = held.form
    labels, speaker, channel, phase, finding = [], [], [], [], []
    effect, overridable, kind = "", None, "worth"
    examples: tuple[str, ...] = ()
    if isinstance(form, JudgeForm):
        about = form.applies_to
        kind, effect, overridable = "finding", form.effect.value, form.overridable
        labels, speaker, channel = about.labels, about.speaker, about.channel
        phase, finding = list(about.phase), list(about.finding)
        examples = tuple(
            f"{e.label.value} by {e.speaker.value} on {e.channel.value}: {e.effect.value}" for e in form.examples
        )
    elif isinstance(form, AdmissibilityForm):
        kind, effect = "channel", form.value.value
        labels, channel = form.labels, form.channel
        examples = tuple(f"{e.label.value} on {e.channel.value}: {e.value.value}" for e in form.examples)
    elif isinstance(form, WorthForm):
        labels = form.labels
    else:
        kind = type(form).__name__.removesuffix("Form").lower()
        labels = getattr(form, "supported_by", [])
    return RuleDescription(
        id=held.id,
        kind=kind,
        pack=held.pack,
        file=f"policies/{path.parent.name}/{path.name}",
        line=held.line,
        labels=tuple(labels),
        speaker=tuple(speaker),
        channel=tuple(channel),
        phase=tuple(phase),
        finding=tuple(finding),
        effect=effect,
        overridable=overridable,
        effective_from=held.effective.start.isoformat(),
        effective_to=held.effective.end.isoformat() if held.effective.end is not None else "",
        confidence=held.confidence.value,
        source_title=held.source.title,
        source_address=held.source.address,
        source_seen=held.source.seen,
        source_is_excerpt=held.excerpt,
        reason=_reason(form, locale),
        helps_with=form.helps_with.localised(locale) if kind == "worth" else "",
        does_not_help_with=form.does_not_help_with.localised(locale) if kind == "worth" else "",
        note=form.note.localised(locale) if form.note is not None else "",
        examples=examples,
    )


def describe_rule(rule_id: str, locale: str = "en", *, folder: Path | None = None) -> RuleDescription | None:
    """One rule by its id, or ``None`` when no pack has it. The id names the file, so one file is read.

    Raises:
        RuleError: E301 when the file is wrong.

    """
    shop, _, rest = rule_id.partition(".")
    pack_id = f"{shop}/{rest.partition('.')[0]}"
    if pack_id not in list_packs(folder):
        return None
    path = pack_folder(folder) / f"{pack_id}.yaml"
    pack = read_pack(path, pack_id)
    held = next((rule for rule in pack.all_rules() if rule.id == rule_id), None)
    return _description(held, path, locale) if held is not None else None
