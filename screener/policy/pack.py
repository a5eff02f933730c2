"""A rule pack as rules are looked up in it: layers put together, in order of precedence, by date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from screener.policy.schema import (
    STEPS,
    AdmissibilityForm,
    DeadlineForm,
    JudgeForm,
    NoteForm,
    PaperForm,
    ReasonForm,
    WorthForm,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from screener.policy.loader import Held
    from screener.policy.schema import Phase, Text
    from screener.records import Channel, Finding, Label, Speaker

__all__ = ["Index", "RulePack"]

_MAX_DATES = 512


def _judge_key(held: Held[JudgeForm]) -> tuple[int, int, dt.date, str]:
    about = held.form.applies_to
    narrowed = sum(map(bool, (about.finding, about.phase, about.channel, about.speaker)))
    return narrowed, held.depth, held.effective.start, held.id


def _admissibility_key(held: Held[AdmissibilityForm]) -> tuple[int, int, dt.date, str]:
    narrowed = bool(held.form.channel) + bool(held.form.labels)
    return narrowed, held.depth, held.effective.start, held.id


def _worth_key(held: Held[WorthForm]) -> tuple[int, int, dt.date, str]:
    return 0, held.depth, held.effective.start, held.id


@dataclass(frozen=True, slots=True)
class Index:
    """The rules in force on one day; of several that fit, the first in its list wins.

    Precedence: more conditions, then the layer nearer to the pack asked for, then the later first day,
    then the id, so that the answer never depends on the order of files.
    """

    rules: dict[Label, tuple[Held[JudgeForm], ...]]
    channels: tuple[Held[AdmissibilityForm], ...]
    worth: dict[Label, Held[WorthForm]]
    reasons: tuple[Held[ReasonForm], ...] = ()
    """In order of their step and id; so are the other three."""
    papers: tuple[Held[PaperForm], ...] = ()
    deadlines: tuple[Held[DeadlineForm], ...] = ()
    note: Held[NoteForm] | None = None
    """The note of the layer nearest to the pack asked for."""

    def rule(self, finding: Finding, speaker: Speaker, channel: Channel, phase: Phase | None) -> Held[JudgeForm] | None:
        """The rule for a finding, or ``None`` when no rule is about it."""
        for held in self.rules.get(finding.label, ()):
            about = held.form.applies_to
            if about.speaker and speaker not in about.speaker:
                continue
            if about.channel and channel not in about.channel:
                continue
            if about.phase and phase not in about.phase:
                continue
            if about.finding and not any(fnmatchcase(finding.rule_id, p) for p in about.finding):
                continue
            return held
        return None

    def channel_rule(self, label: Label, channel: Channel) -> Held[AdmissibilityForm] | None:
        """The rule for statements on a channel, or ``None`` when no rule is about it."""
        for held in self.channels:
            form = held.form
            if (not form.channel or channel in form.channel) and (not form.labels or label in form.labels):
                return held
        return None


def _index(rules: Iterable[Held[Any]], day: dt.date) -> Index:
    by_label: dict[Label, list[Held[JudgeForm]]] = defaultdict(list)
    channels: list[Held[AdmissibilityForm]] = []
    worth: list[Held[WorthForm]] = []
    filing: dict[type, list[Held[Any]]] = defaultdict(list)
    for held in rules:
        if not held.holds(day):
            continue
        if isinstance(held.form, JudgeForm):
            for label in set(held.form.applies_to.labels):
                by_label[label].append(held)
        elif isinstance(held.form, AdmissibilityForm):
            channels.append(held)
        elif isinstance(held.form, WorthForm):
            worth.append(held)
        else:
            filing[type(held.form)].append(held)
    channels.sort(key=_admissibility_key, reverse=True)
    worth.sort(key=_worth_key)
    return Index(
        rules={label: tuple(sorted(held, key=_judge_key, reverse=True)) for label, held in by_label.items()},
        channels=tuple(channels),
        worth={label: held for held in worth for label in held.form.labels},
        reasons=tuple(sorted(filing[ReasonForm], key=lambda held: (STEPS.index(held.form.step), held.id))),
        papers=tuple(sorted(filing[PaperForm], key=lambda held: (held.form.appeal, held.id))),
        deadlines=tuple(
            sorted(filing[DeadlineForm], key=lambda held: (held.form.task, held.form.over is None, held.id))
        ),
        note=max(filing[NoteForm], key=lambda held: (held.depth, held.effective.start, held.id), default=None),
    )


@dataclass(frozen=True, slots=True)
class RulePack:
    """The rules for one marketplace and region, of all dates.

    ``layers`` are the ids of the files it is made of, base first; ``fallback`` says in words when the
    region asked for has no file of its own, and is ``None`` when it has.
    """

    id: str
    marketplace: str
    region: str
    title: Text
    layers: tuple[str, ...]
    rules: tuple[Held[Any], ...]
    fallback: Text | None = None
    about: Text | None = None
    _days: dict[dt.date, Index] = field(default_factory=dict, repr=False, compare=False)

    def at(self, day: dt.date) -> Index:
        """The rules in force on ``day``. Built once for each day asked for."""
        index = self._days.get(day)
        if index is None:
            if len(self._days) >= _MAX_DATES:
                self._days.clear()
            index = self._days[day] = _index(self.rules, day)
        return index
