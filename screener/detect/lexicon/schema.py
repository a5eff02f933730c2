"""The strict form of lexicon files: an unknown key is an error; ``docs/lexicons.md`` explains each field."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["COMMON", "CUES", "Condition", "Defaults", "Entry", "Example", "Examples", "LexiconFile", "SetsFile"]

COMMON = "_common"
"""The pseudo-language of rules and sets that hold everywhere."""
CUES = "cues"
"""The folder of the cues (``screener/evidence/cues.py``), which are no rules."""

Scope = Literal["clause", "sentence", "message"]
Side = Literal["before", "after", "either"]
Boundary = Literal["auto", "word", "prefix", "suffix", "part"]
Refusal = Literal["exempt", "ignore"]
SpeakerName = Literal["buyer", "seller", "platform", "unknown"]


class Condition(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Something that must (``needs``) or must not (``unless``) stand near a match."""

    any: list[str]
    side: Side = "either"
    within: int | None = None
    scope: Scope = "sentence"


class Example(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A message for testing a rule; ``[[ ]]`` marks the span that the rule must report."""

    text: str
    speaker: SpeakerName | None = None
    also: list[str] = []
    region: str | None = None


class Examples(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the rule must find, and what it must leave alone."""

    bad: list[str | Example]
    good: list[str | Example]


class Defaults(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Values for all entries of a file; lists are added to the entry's own."""

    unless: list[Condition] = []
    needs: list[Condition] = []
    speaker: list[SpeakerName] | None = None
    status: Literal["preview", "stable"] | None = None
    source: str | None = None
    refusal: Refusal | None = None
    boundary: Boundary | None = None
    accents: Literal["strict", "loose"] | None = None


class Entry(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One rule."""

    id: str
    explanation: dict[str, str]
    examples: Examples
    terms: list[str] = []
    patterns: list[str] = []
    unless: list[Condition] = []
    needs: list[Condition] = []
    allow: list[str] = []
    speaker: list[SpeakerName] | None = None
    replacement: str | list[str] = []
    source: str | None = None
    status: Literal["preview", "stable"] | None = None
    refusal: Refusal | None = None
    boundary: Boundary | None = None
    accents: Literal["strict", "loose"] | None = None
    language_only: bool = False
    disguised: bool = False
    """Holds only where the message hides one of the rule's words (spaced out, masked, look-alike letters)."""

    @property
    def replacements(self) -> list[str]:
        """The safer wordings, best first."""
        return [self.replacement] if isinstance(self.replacement, str) else self.replacement


class LexiconFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``lexicons/<language>/<label>.yaml``."""

    language: str
    label: str
    entries: list[Entry]
    source: str = ""
    defaults: Defaults = Defaults()


class SetsFile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """``lexicons/<language>/sets.yaml``."""

    language: str
    sets: dict[str, list[str]]
    source: str = ""
